"""The exports of the demo as rows of cells: which sheets there are, their columns, and the faults that real files have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kam.demo.company import LAST_DAY, Client, Demo, Order, Promise, Request, Touch
from kam.demo.promises import PROMISE_EXPORTS

Cell = str | int | float | date | datetime | None
Row = list[Cell]


@dataclass(frozen=True)
class DemoFile:
    """A file of the demo: its name, the sheet's title, the rows (header first) and the day the export was taken."""

    name: str
    sheet: str
    rows: list[Row]
    captured_on: date


def files(demo: Demo) -> list[DemoFile]:
    """The exports of the demo, clients first; csv ones are cp1251 with `;` and decimal commas."""
    words = demo.words
    return [
        _file(words, "clients", _client_rows(demo)),
        *_split(words, "orders", _order_rows(demo), 0, 2025),
        *_split(words, "touches", _touch_rows(demo), 1, 2026),
        *(_file(words, "promises", _promise_rows(demo, day), day) for day in PROMISE_EXPORTS),
        _file(words, "requests", _request_rows(demo)),
        _file(words, "contacts", _contact_rows(demo)),
        _file(words, "staff", _staff_rows(words)),
    ]


def _file(words: dict[str, Any], table: str, rows: list[Row], day: date = LAST_DAY, name: str | None = None) -> DemoFile:
    header: list[Row] = [list(words["headers"][table])]
    return DemoFile((name or words["files"][table]).format(day=day), words["sheets"].get(table, table), header + rows, day)


def _split(words: dict[str, Any], table: str, rows: list[Row], column: int, year: int) -> list[DemoFile]:
    """The years before `year` as an archive, the rest as the running book; what has no date goes to the archive."""
    dates = [row[column] for row in rows]
    is_new = [isinstance(day, date) and day.year >= year for day in dates]
    old = [row for row, flag in zip(rows, is_new, strict=True) if not flag]
    new = [row for row, flag in zip(rows, is_new, strict=True) if flag]
    return [_file(words, table, old, name=words["files"][f"{table}_archive"]), _file(words, table, new)]


def _flag(words: dict[str, Any], value: bool) -> str | None:
    return words["words"]["yes"] if value else None


def _manager(words: dict[str, Any], client: Client) -> str | None:
    return None if client.manager is None else words["managers"][client.manager]


def _client_rows(demo: Demo) -> list[Row]:
    words = demo.words
    rows: list[Row] = []
    for client in demo.clients:
        if not client.is_listed:
            continue
        number = int(client.id)
        rows.append([
            client.id, client.name, client.tax_id, _manager(words, client),
            words["words"][client.sales_type] if client.is_type_given else None,
            client.segment, client.region, client.industry, client.potential, client.mandatory, client.since,
            _flag(words, client.is_lost), _flag(words, client.is_key), _flag(words, number % 19 == 0),
            _flag(words, client.region == words["regions"][0] and number % 3 == 0), _flag(words, number % 23 == 0),
            _flag(words, number % 17 == 0), client.employees,
            words["folders"][number % 3], words["weekday_notes"][number % 4],
        ])  # fmt: skip
    return rows


def _order_rows(demo: Demo) -> list[Row]:
    rows = [_order_row(demo.words, order) for order in demo.orders]
    return _spoilt(demo.words, rows)


def _order_row(words: dict[str, Any], order: Order) -> Row:
    kind = words["words"]["return" if order.amount < 0 else "sale"]
    status = words["statuses"]["cancelled" if order.is_cancelled else "posted"]
    sign = -1 if order.amount < 0 else 1
    margin = round(float(order.amount) * (0.18 + int(order.client.id) % 15 / 100), 2)
    return [
        order.on, order.number, kind, order.client.id if order.client.is_listed else None, order.client.name,
        order.product["sku"], order.product["name"], order.product["category"], sign * order.quantity,
        float(order.price), float(order.amount), margin, words["words"]["currency"], status,
        _manager(words, order.client), words["warehouses"][int(order.client.id) % len(words["warehouses"])],
    ]  # fmt: skip


def _spoilt(words: dict[str, Any], rows: list[Row]) -> list[Row]:
    """Real files have rows that nobody can use: a day that does not exist, no client, no figure, foreign money."""
    sample = [list(row) for row in rows[40:400:60]]
    for row, bad in zip(sample, words["words"]["bad_date"], strict=False):
        row[0] = bad
    for row in sample[3:5]:
        row[3] = row[4] = None
    sample[5][10] = words["words"]["bad_amount"]
    foreign = list(rows[500])
    foreign[12] = words["words"]["foreign"]
    return _numbered(words, rows, [*sample, foreign])


def _numbered(words: dict[str, Any], rows: list[Row], extra: list[Row]) -> list[Row]:
    for offset, row in enumerate(extra):
        row[1] = words["words"]["number"].format(number=900_001 + offset)
    return rows[:200] + extra + rows[200:]


def _touch_rows(demo: Demo) -> list[Row]:
    words = demo.words
    rows = [_touch_row(words, touch, number) for number, touch in enumerate(demo.touches, start=1)]
    spoilt = [list(row) for row in rows[50:170:40]]
    spoilt[0][1] = words["words"]["bad_date"][1]
    spoilt[1][6] = spoilt[2][6] = None
    for offset, row in enumerate(spoilt):
        row[0] = 900_001 + offset
    return rows[:100] + spoilt + rows[100:]


def _touch_row(words: dict[str, Any], touch: Touch, number: int) -> Row:
    head, _, reason = touch.kind.partition("/")
    status = words["statuses"]["failed" if head == "attempt" else "held"]
    is_personal = touch.channel in ("call", "incoming", "meeting")
    return [
        number, touch.at, words["channels"][touch.channel], status, touch.subject or words["subjects"][head], touch.text,
        touch.client.name, _manager(words, touch.client), _contact_name(words, touch.client, 0) if is_personal else None,
        (60 if touch.channel == "meeting" else 10) if is_personal and head != "attempt" else None,
        words["kinds"][head] if touch.is_said else None, reason if touch.is_said and reason else None,
        touch.created_at,
    ]  # fmt: skip


def _promise_rows(demo: Demo, day: date) -> list[Row]:
    rows = [_promise_row(demo.words, promise, day) for promise in demo.promises if promise.made_on <= day and day not in promise.skips]
    if day == LAST_DAY:
        orphan = list(rows[0])
        orphan[0], orphan[2] = "90001", None
        rows.append(orphan)
    return rows


def _promise_row(words: dict[str, Any], promise: Promise, day: date) -> Row:
    moves = [move for move in promise.moves if move.on <= day]
    is_done = promise.done_on is not None and promise.done_on <= day
    status = "task_done" if is_done else "task_cancelled" if promise.state == "cancelled" else "task_open"
    number = int(promise.id)
    recorded = [move for move in moves if move.is_recorded]
    last = recorded[-1] if recorded else None
    return [
        promise.id, promise.text, promise.client.name, _manager(words, promise.client), promise.made_on,
        promise.due_on if promise.is_original_given else None, moves[-1].to if moves else promise.due_on,
        promise.done_on if is_done else None, words["statuses"][status],
        last.on if last else None,
        words["words"]["explanation"][number % 4] if last and last.is_explained else None,
        (words["words"]["apology"] if last.is_apologised else words["words"]["no"]) if last else None,
        last.to if last else None, words["words"]["told"][number % 3] if last else None,
    ]  # fmt: skip


def _request_rows(demo: Demo) -> list[Row]:
    rows = [_request_row(demo.words, request, number) for number, request in enumerate(demo.requests, start=1)]
    nobodys = list(rows[3])
    nobodys[0], nobodys[1] = f"{9001:05d}", None
    return [*rows[:10], nobodys, *rows[10:]]


def _request_row(words: dict[str, Any], request: Request, number: int) -> Row:
    return [
        f"{number:05d}", request.client.name, request.received_at, request.answered_at, request.answer_due_on,
        request.subject, words["severities"][request.severity], request.fixed_on,
    ]  # fmt: skip


def _contact_rows(demo: Demo) -> list[Row]:
    rows: list[Row] = []
    for client in demo.clients:
        number = int(client.id)
        if client.is_listed and number % 6:
            rows += [_contact_row(demo.words, client, place, len(rows) + place + 1) for place in range(1 + number % 3)]
    rows[5][1] = None
    return rows


def _contact_name(words: dict[str, Any], client: Client, place: int) -> str:
    number = int(client.id) * 7 + place * 5
    return f"{words['surnames'][number % len(words['surnames'])]} {words['names'][number // 3 % len(words['names'])]}"


def _contact_row(words: dict[str, Any], client: Client, place: int, number: int) -> Row:
    title = (int(client.id) + place * 3) % len(words["titles"])
    seen = LAST_DAY - timedelta(days=number * 17 % 700)
    return [
        number, _contact_name(words, client, place), client.name, words["titles"][title], words["roles"][title],
        f"+7 (000) {number % 1000:03d}-{number * 7 % 100:02d}-{number * 3 % 100:02d}", f"contact{number}@client.example",
        date(1965 + number % 35, 1 + number % 12, 1 + number % 28), words["interests"][number % len(words["interests"])],
        seen, seen + timedelta(days=9) if number % 29 == 0 else None, "CRM",
    ]  # fmt: skip


def _staff_rows(words: dict[str, Any]) -> list[Row]:
    levels, roles = words["words"]["staff_levels"], words["words"]["staff_roles"]
    return [[name, levels[min(place, 1)], roles[min(place // 3, 1)], 1.0 if place else 0.5, 40] for place, name in enumerate(words["managers"])]
