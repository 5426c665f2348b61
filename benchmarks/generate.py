"""A big made-up company with a fixed seed: orders, 0.8 touches and 0.08 promises per order, a client for every 25 orders.

Gives tables of text cells under the canonical column names, as the reader would hand them over, and books of bytes.
Nothing here is measured and nothing is random between runs.
"""

from __future__ import annotations

import io
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

SEED = 20261120
LAST_DAY = date(2026, 11, 20)
DAYS = 1095
EXPORT_DAYS = tuple(LAST_DAY - timedelta(days=back) for back in (21, 14, 7, 0))
MANAGERS = 60
SEGMENTS = 12
REGIONS = 8
HEADERS = ("Номер", "Код клиента", "Дата", "Сумма", "Номенклатура", "Количество", "Вид документа")
PHRASES = Path(__file__).resolve().parent.parent / "data" / "demo.toml"


@dataclass(frozen=True)
class Company:
    """Text cells by accepted table; promises are one table for each export day."""

    clients: pa.Table
    orders: pa.Table
    touches: pa.Table
    promises: tuple[tuple[date, pa.Table], ...]


def company(orders: int, seed: int = SEED) -> Company:
    """A company with so many order lines."""
    rng = np.random.default_rng(seed)
    client_count = max(orders // 25, 20)
    order_table = _orders(rng, orders, client_count)
    return Company(
        clients=_clients(rng, client_count),
        orders=order_table,
        touches=_touches(rng, int(orders * 0.8), client_count),
        promises=_promises(rng, int(orders * 0.08), client_count),
    )


def _ids(prefix: str, numbers: np.ndarray) -> pa.Array:
    return pc.binary_join_element_wise(prefix, pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 7, "0"), "")


def _days(back: np.ndarray) -> pa.Array:
    """Days before the last one → ISO text; negative numbers are no day."""
    epoch = np.datetime64(LAST_DAY, "D") - np.maximum(back, 0).astype("timedelta64[D]")
    text = np.datetime_as_string(epoch, unit="D")
    return pc.if_else(pa.array(back >= 0), pa.array(text), pa.scalar(None, pa.string()))


def _orders(rng: np.random.Generator, count: int, client_count: int) -> pa.Table:
    """Each client orders at a cycle of its own, some stopped; amounts follow a long tail."""
    weights = rng.lognormal(0.0, 0.7, client_count)
    client = np.sort(rng.choice(client_count, size=count, p=weights / weights.sum()))
    starts = np.r_[0, np.flatnonzero(np.diff(client)) + 1]
    sizes = np.diff(np.r_[starts, count])
    span = rng.uniform(300, DAYS - 20, client_count)
    silent = np.where(rng.random(client_count) < 0.25, rng.uniform(30, 500, client_count), rng.uniform(0, 30, client_count))
    gap = rng.lognormal(0.0, 0.4, count) * np.repeat(np.minimum(span, DAYS - silent)[client[starts]] / sizes, sizes)
    total = np.cumsum(gap)
    offset = total - np.repeat(total[starts] - gap[starts], sizes)
    back = np.clip(np.round(silent[client] + offset - np.repeat(gap[starts], sizes)), 0, DAYS - 1).astype(int)
    level = rng.lognormal(10.0, 1.2, client_count)
    amount = np.round(level[client] * rng.lognormal(0.0, 0.3, count), 2)
    amount = np.where(rng.random(count) < 0.02, -amount, amount)
    order = rng.permutation(count)
    return pa.table({
        "order_id": _ids("O", np.arange(count)),
        "client_id": _ids("C", client[order]),
        "date": _days(back[order]),
        "amount": pa.array(np.char.mod("%.2f", amount[order])),
        "product": _ids("P", rng.integers(0, 500, count)),
        "quantity": pa.array(rng.integers(1, 40, count)).cast(pa.string()),
        "document_type": pa.array(np.where(amount[order] < 0, "Возврат", "Реализация")),
    })  # fmt: skip


def _clients(rng: np.random.Generator, count: int) -> pa.Table:
    numbers = np.arange(count)
    potential = np.round(rng.lognormal(13.0, 1.3, count), -3).astype(np.int64)
    is_known = rng.random(count) < 0.7
    kinds = np.array(["transactional", "project", ""])[rng.choice(3, count, p=[0.45, 0.1, 0.45])]
    return pa.table({
        "client_id": _ids("C", numbers),
        "client_name": _ids("Клиент ", numbers),
        "manager": _named("Менеджер ", rng.integers(0, MANAGERS, count)),
        "segment": _named("Сегмент ", rng.integers(0, SEGMENTS, count)),
        "region": _named("Регион ", rng.integers(0, REGIONS, count)),
        "sales_type": pc.if_else(pa.array(kinds != ""), pa.array(kinds), pa.scalar(None, pa.string())),
        "potential": pc.if_else(pa.array(is_known), pa.array(potential).cast(pa.string()), pa.scalar(None, pa.string())),
        "key_client": pa.array(np.where(rng.random(count) < 0.01, "да", "нет")),
    })  # fmt: skip


def _named(prefix: str, numbers: np.ndarray) -> pa.Array:
    return pc.binary_join_element_wise(prefix, pa.array(numbers + 1).cast(pa.string()), "")


def _touches(rng: np.random.Generator, count: int, client_count: int) -> pa.Table:
    """What managers wrote in the demo, half of it with a number behind, so that most wordings are their own."""
    phrases = tomllib.loads(PHRASES.read_text(encoding="utf-8"))["phrases"]
    texts = np.array([text for kind in phrases.values() for text in kind])
    chosen = pa.array(texts[rng.integers(0, len(texts), count)])
    tail = pc.if_else(pa.array(rng.random(count) < 0.5), _named(" / ", np.arange(count)), pa.scalar(""))
    types = np.array(["Звонок (исходящий)", "Встреча", "Письмо (отправленное)", "Сообщение"])
    client = rng.integers(0, client_count, count)
    return pa.table({
        "touch_id": _ids("T", np.arange(count)),
        "client_id": _ids("C", client),
        "held_on": _days(rng.integers(0, 730, count)),
        "type": pa.array(types[rng.integers(0, 4, count)]),
        "status": pa.array(np.where(rng.random(count) < 0.06, "Не состоялась", "Завершена")),
        "text": pc.binary_join_element_wise(chosen, tail, ""),
        "manager": _named("Менеджер ", rng.integers(0, MANAGERS - 2, count)),
    })  # fmt: skip


def _promises(rng: np.random.Generator, count: int, client_count: int) -> tuple[tuple[date, pa.Table], ...]:
    """Every export shows every promise made by then; some dues move between exports, some of them with a record."""
    made = rng.integers(22, 400, count)
    due = made - rng.integers(5, 30, count)
    done = np.where(rng.random(count) < 0.75, np.maximum(due - rng.integers(-20, 12, count), 0), -1)
    moves = np.where(rng.random(count) < 0.15, rng.integers(0, len(EXPORT_DAYS), count), 99)
    is_recorded = rng.random(count) < 0.5
    client, manager = rng.integers(0, client_count, count), rng.integers(0, MANAGERS, count)
    tables = []
    for place, day in enumerate(EXPORT_DAYS):
        back = (LAST_DAY - day).days
        is_moved = moves <= place
        shown = is_moved & is_recorded
        tables.append((day, pa.table({
            "promise_id": _ids("Z", np.arange(count)),
            "client_id": _ids("C", client),
            "owner": _named("Менеджер ", manager),
            "made_on": _days(made),
            "due_on": _days(np.maximum(np.where(is_moved, due - 12, due), 0)),
            "done_on": _days(np.where(done >= back, done, -1)),
            "moved_on": _days(np.where(shown, np.minimum(due + 1, made), -1)),
            "explanation": pa.array(np.where(shown, "Нет сырья", None)),
            "new_due_on": _days(np.where(shown, np.maximum(due - 12, 0), -1)),
        })))  # fmt: skip
    return tuple(tables)


def book(rows: int, seed: int = SEED) -> bytes:
    """An xlsx book of so many order lines, seven columns with Russian headers: text, dates as dates, numbers as numbers."""
    table = company(rows, seed).orders.to_pydict()
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True, "in_memory": True}) as workbook:
        sheet, day = workbook.add_worksheet(), workbook.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, HEADERS)
        for row, (number, client, on, amount, product, quantity, kind) in enumerate(zip(*table.values(), strict=True), 1):
            sheet.write_string(row, 0, number)
            sheet.write_string(row, 1, client)
            sheet.write_datetime(row, 2, date.fromisoformat(on), day)
            sheet.write_number(row, 3, float(amount))
            sheet.write_string(row, 4, product)
            sheet.write_number(row, 5, int(quantity))
            sheet.write_string(row, 6, kind)
    return buffer.getvalue()


def csv(rows: int, seed: int = SEED) -> str:
    """The same columns as semicolon-separated text, dates dd.mm.yyyy, amounts with a decimal comma."""
    table = company(rows, seed).orders.to_pydict()
    lines = [f"{';'.join(HEADERS)}\n"]
    for number, client, on, amount, product, quantity, kind in zip(*table.values(), strict=True):
        year, month, day = on.split("-")
        lines.append(f"{number};{client};{day}.{month}.{year};{amount.replace('.', ',')};{product};{quantity};{kind}\n")
    return "".join(lines)
