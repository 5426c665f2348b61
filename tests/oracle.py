"""A second reading of the method's sections 0–5 and of what 6 and 8 say of the agenda, in plain Python, to hold the SQL against.

It owns nothing of the product and must not import it: no SQL, no frames, no macros, only dates and exact fractions.
Slow and plain on purpose: every rule is written as the text says it, lists are searched from the start each time.
Amounts, cycles and norms are `Fraction`, so a border is a border; floats appear only in the rows handed out.
Where the text leaves room the reading chosen is said beside the line.
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

import holidays

Row = dict[str, Any]

MONTH = Fraction(487, 16)  # 30.4375 days
NONE = Fraction(0)
CONTACT_KINDS = ("mandatory", "need", "standard", "standard+need")
ANTI_REASONS = ("x1", "x2", "x3", "x4")
NO_WORDS = ("", "-", "—", "нет", "no", "0", "false")


# What comes in ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Client:
    id: str
    manager: str | None = None
    sales_type: str | None = None  # transactional, project; None: derived
    segment: str | None = None
    potential: Decimal | None = None
    mandatory_touches: Decimal | None = None
    client_since: date | None = None
    is_marked_lost: bool = False
    is_key: bool = False


@dataclass(frozen=True)
class Order:
    """One line that is not cancelled; a return has a negative amount."""

    client: str
    on: date
    amount: Decimal
    manager: str | None = None


@dataclass(frozen=True)
class Touch:
    client: str
    on: date
    kind: str
    reason: str | None = None
    manager: str | None = None
    channel: str | None = None


@dataclass(frozen=True)
class PromiseRow:
    promise_id: str
    client: str
    owner: str | None = None
    made_on: date | None = None
    original_due_on: date | None = None
    due_on: date | None = None
    done_on: date | None = None
    status: str | None = None  # done, cancelled, open or nothing
    moved_on: date | None = None
    explanation: str | None = None
    apology: str | None = None
    new_due_on: date | None = None


@dataclass(frozen=True)
class Load:
    captured_on: date
    rows: tuple[PromiseRow, ...]


@dataclass(frozen=True)
class World:
    """`clients` are those named by a clients sheet; others come to be by their orders and touches."""

    clients: tuple[Client, ...] = ()
    orders: tuple[Order, ...] = ()
    touches: tuple[Touch, ...] = ()
    loads: tuple[Load, ...] = ()  # in the order they were loaded


@dataclass(frozen=True)
class Norms:
    history_months: int = 24
    project_border_days: Fraction = Fraction(487, 8)  # 60.875
    peer_transactional_days: Fraction = Fraction(30)
    peer_project_days: Fraction = Fraction(365)
    shrink: int = 2
    project_cycle_days: Fraction | None = None
    mandatory_transactional: Fraction = Fraction(2)
    mandatory_project: Fraction = Fraction(3)
    shortest_window_months: Fraction = Fraction(1, 2)
    near: Fraction = Fraction(4, 5)
    over: Fraction = Fraction(3, 2)
    window_days: Fraction = Fraction(3)
    window_share: Fraction = Fraction(1, 5)
    basis_share: Fraction = Fraction(1, 2)
    high_potential: Fraction = Fraction(4, 5)
    high_share: Fraction = Fraction(1, 2)
    top_revenue: Fraction = Fraction(1, 2)
    gap_share: Fraction = Fraction(7, 10)
    forced_basis: str | None = None
    lost_days: int = 180
    risk_default: Fraction = Fraction(3, 2)
    sleep_default: Fraction = Fraction(2)
    risk_floor: Fraction = Fraction(13, 10)
    sleep_floor: Fraction = Fraction(2)
    decline: Fraction = Fraction(1, 5)


DEFAULTS = Norms()


# Small arithmetic -------------------------------------------------------------------------------------------------


def months_before(day: date, months: int) -> date:
    """The same day so many calendar months earlier; the month's last day where that day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def quantile(values: Iterable[Fraction | int], share: Fraction) -> Fraction:
    """Continuous quantile: a straight line between the two neighbours."""
    ordered = sorted(Fraction(value) for value in values)
    place = (len(ordered) - 1) * share
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def median(values: Iterable[Fraction | int]) -> Fraction:
    return quantile(values, Fraction(1, 2))


def number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


# 0. What is known at D --------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Known:
    """The world as it was known on day `day`: clients, orders and touches dated by then."""

    world: World
    day: date
    norms: Norms
    clients: tuple[Client, ...] = field(init=False)
    orders: tuple[Order, ...] = field(init=False)
    touches: tuple[Touch, ...] = field(init=False)

    def __post_init__(self) -> None:
        orders = tuple(order for order in self.world.orders if order.on <= self.day)
        touches = tuple(touch for touch in self.world.touches if touch.on <= self.day)
        listed = {client.id: client for client in self.world.clients}
        ids = {c.id for c in self.world.clients if c.client_since is None or c.client_since <= self.day}
        ids |= {order.client for order in orders} | {touch.client for touch in touches}
        object.__setattr__(self, "orders", orders)
        object.__setattr__(self, "touches", touches)
        object.__setattr__(self, "clients", tuple(listed.get(name, Client(name)) for name in sorted(ids)))


@cache
def amount(known: Known, client: str, after: date, until: date) -> Fraction:
    """Money of the lines dated in (after, until]."""
    lines = [order.amount for order in known.orders if order.client == client and after < order.on <= until]
    return sum((Fraction(line) for line in lines), NONE)


@cache
def occasions(known: Known, client: str) -> list[date]:
    """Days on which the client's lines sum to more than nothing."""
    days = sorted({order.on for order in known.orders if order.client == client})
    return [day for day in days if amount(known, client, day - timedelta(1), day) > 0]


def revenue_of(known: Known, client: str) -> Fraction:
    return amount(known, client, months_before(known.day, 12), known.day)


@cache
def manager_of(known: Known, client: str) -> str | None:
    """As the sheet says; else that of the latest order, else of the latest touch, of the whole data.

    Of one day the last row that names somebody.
    """
    for listed in known.world.clients:
        if listed.id == client and listed.manager:
            return listed.manager
    for rows in (known.world.orders, known.world.touches):
        named = [row for row in rows if row.client == client and row.manager]
        if named:
            return max(reversed(named), key=lambda row: row.on).manager
    return None


# 1. Order cycle ---------------------------------------------------------------------------------------------------


@cache
def intervals(known: Known, client: str) -> list[int]:
    """Days between consecutive occasions, of the intervals that begin within the last 24 months."""
    days = occasions(known, client)
    start = months_before(known.day, known.norms.history_months)
    return [(later - earlier).days for earlier, later in pairwise(days) if earlier >= start]


def sales_type(known: Known, client: Client) -> str:
    if client.sales_type:
        return client.sales_type
    found = intervals(known, client.id)
    is_project = len(found) >= 2 and median(found) > known.norms.project_border_days
    return "project" if is_project else "transactional"


@cache
def peer_cycle(known: Known, kind: str) -> Fraction:
    """Median of the medians of the clients of that type that have an interval."""
    peers = [c.id for c in known.clients if sales_type(known, c) == kind and intervals(known, c.id)]
    if peers:
        return median(median(intervals(known, peer)) for peer in peers)
    return known.norms.peer_project_days if kind == "project" else known.norms.peer_transactional_days


@cache
def cycle(known: Known, client: Client) -> Fraction:
    kind = sales_type(known, client)
    peer = peer_cycle(known, kind)
    if kind == "project":
        return known.norms.project_cycle_days or peer
    found = intervals(known, client.id)
    if not found or median(found) == peer:
        return peer
    k, n = known.norms.shrink, len(found)
    shrunk = math.exp((k * math.log(peer) + n * math.log(median(found))) / (k + n))
    return Fraction(str(round(shrunk, 9)))


def expected_on(known: Known, client: Client) -> date | None:
    """Half a day rounds up."""
    days = occasions(known, client.id)
    return days[-1] + timedelta(math.floor(cycle(known, client) + Fraction(1, 2))) if days else None


def window_opens_on(known: Known, client: Client) -> date | None:
    expected = expected_on(known, client)
    length = max(known.norms.window_days, known.norms.window_share * cycle(known, client))
    return expected - timedelta(math.floor(length)) if expected else None


def client_cycles(world: World, day: date, norms: Norms = DEFAULTS) -> list[Row]:
    known = Known(world, day, norms)
    return [cycle_row(known, client) for client in known.clients]


def cycle_row(known: Known, client: Client) -> Row:
    found = intervals(known, client.id)
    days = occasions(known, client.id)
    return {
        "client_id": client.id,
        "sales_type": sales_type(known, client),
        "interval_count": len(found),
        "median_interval_days": number(median(found)) if found else None,
        "cycle_days": number(cycle(known, client)),
        "cycle_basis": "own" if len(found) >= 4 else "mixed" if found else "peer",
        "order_count": len(days),
        "first_order_on": days[0] if days else None,
        "last_order_on": days[-1] if days else None,
        "expected_order_on": expected_on(known, client),
        "window_opens_on": window_opens_on(known, client),
    }


# 2. Touches -------------------------------------------------------------------------------------------------------


def window_months(known: Known, client: Client) -> Fraction:
    full = min(max(cycle(known, client) / MONTH, Fraction(1)), Fraction(12))
    since = client.client_since or occasions(known, client.id)[0]
    months = Fraction((known.day - since).days) / MONTH
    return min(full, max(months, known.norms.shortest_window_months))


def mandatory_per_order(known: Known, client: Client) -> Fraction:
    """The client's own figure or that of its type; read so that it is never under 1, whoever set it."""
    if client.mandatory_touches is not None:
        return max(Fraction(client.mandatory_touches), Fraction(1))
    is_project = sales_type(known, client) == "project"
    return known.norms.mandatory_project if is_project else known.norms.mandatory_transactional


def touch_norm(known: Known, client: Client) -> dict[str, Fraction]:
    window = window_months(known, client)
    orders = [day for day in occasions(known, client.id) if (known.day - day).days < window * MONTH]
    return {
        "mandatory": mandatory_per_order(known, client) * len(orders),
        "standard": window,
        "need": 2 * window / max(cycle(known, client) / MONTH, Fraction(1)),
    }


def touches_done(contacts: list[Touch]) -> dict[str, int]:
    """Slots filled: standard+need fills one of each, an anti-reason none of the standard ones."""
    return {
        "mandatory": sum(row.kind == "mandatory" for row in contacts),
        "standard": sum("standard" in row.kind and row.reason not in ANTI_REASONS for row in contacts),
        "need": sum("need" in row.kind for row in contacts),
    }


def is_anything_logged(known: Known, client: Client, rows: list[Touch]) -> bool:
    """Whether the client's manager logged anything with anybody; without a manager, whether anybody did.

    A touch that nobody signed is taken to be its client's manager's.
    """
    manager = manager_of(known, client.id)
    if manager is None:
        return bool(rows)
    return any((row.manager or manager_of(known, row.client)) == manager for row in rows)


def touch_status(norms: Norms, compliance: Fraction, contacts: int, norm: Fraction) -> str:
    if compliance < norms.near:
        return "below"
    if contacts > norms.over * norm:
        return "over"
    return "met" if compliance >= 1 else "near"


def next_touch_on(known: Known, client: Client, step_days: Fraction) -> date:
    contacts = [t.on for t in known.touches if t.client == client.id and t.kind in CONTACT_KINDS]
    opens = window_opens_on(known, client)
    assert opens is not None
    if not contacts:
        return min(known.day, opens)
    last = max(contacts)
    due = last + timedelta(math.floor(step_days))
    return opens if last < opens < due else due


def touch_compliance(world: World, day: date, norms: Norms = DEFAULTS) -> list[Row]:
    known = Known(world, day, norms)
    return [compliance_row(known, client) for client in known.clients if occasions(known, client.id)]


def compliance_row(known: Known, client: Client) -> Row:
    window = window_months(known, client)
    norm = touch_norm(known, client)
    in_window = [t for t in known.touches if (known.day - t.on).days < window * MONTH]
    contacts = [t for t in in_window if t.client == client.id and t.kind in CONTACT_KINDS]
    done = touches_done(contacts)
    norm_sum = sum(norm.values(), NONE)
    compliance = sum((min(Fraction(done[kind]), norm[kind]) for kind in norm), NONE) / norm_sum
    status = touch_status(known.norms, compliance, len(contacts), norm_sum)
    return {
        "client_id": client.id,
        "window_months": number(window),
        **{f"norm_{kind}": number(norm[kind]) for kind in norm},
        **{f"done_{kind}": done[kind] for kind in done},
        "compliance": number(compliance),
        "status": status if is_anything_logged(known, client, in_window) else "no_data",
        **{f"owed_{kind}": max(0, math.ceil(norm[kind] - done[kind])) for kind in norm},
        "mix": (done["standard"] + done["need"]) / done["mandatory"] if done["mandatory"] else None,
        "contact_count": len(contacts),
        "next_touch_on": next_touch_on(known, client, window * MONTH / norm_sum),
    }


# 3. ABCD ----------------------------------------------------------------------------------------------------------


def before(values: dict[str, Fraction], client: str) -> Fraction:
    """The cumulation before the client, biggest first; equals share it and a negative counts as nothing."""
    return sum((value for value in values.values() if value > max(values[client], NONE)), NONE)


def positive_sum(values: dict[str, Fraction]) -> Fraction:
    return sum((max(value, NONE) for value in values.values()), NONE)


def share_of(revenue: Fraction, potential: Fraction | None) -> Fraction | None:
    """Between 0 and 1: a client that gave back more than it bought has no share of ours."""
    return min(max(revenue, NONE) / potential, Fraction(1)) if potential else None


def given_potential(known: Known) -> dict[str, Fraction]:
    """Potential of the clients that have one; what a client spends with us is the least that it can spend."""
    given = {c.id: Fraction(c.potential) for c in known.clients if c.potential is not None}
    return {client: max(potential, revenue_of(known, client)) for client, potential in given.items()}


def class_basis(known: Known, revenue: dict[str, Fraction], given: dict[str, Fraction]) -> str:
    if known.norms.forced_basis:
        return known.norms.forced_basis
    held = positive_sum({client: revenue[client] for client in given})
    is_held = held >= known.norms.basis_share * positive_sum(revenue)
    return "potential" if given and is_held else "turnover"


def median_share(known: Known, client: Client, given: dict[str, Fraction]) -> Fraction | None:
    """Median share of the clients with a potential in the client's segment; of all where these are under five."""
    alike = [c.id for c in known.clients if c.segment == client.segment and c.id in given]
    has_enough = client.segment is not None and len(alike) >= 5
    chosen = [share_of(revenue_of(known, name), given[name]) for name in (alike if has_enough else given)]
    shares = [share for share in chosen if share is not None]
    return median(shares) if shares else None


def turnover_class(revenue: dict[str, Fraction], client: str) -> str:
    if revenue[client] <= 0:
        return "D"
    share = before(revenue, client) / positive_sum(revenue)
    for border, letter in ((50, "A+"), (80, "A"), (95, "B"), (99, "C")):
        if share < Fraction(border, 100):
            return letter
    return "D"


def potential_class(norms: Norms, spend: dict[str, Fraction], revenue: dict[str, Fraction], client: Client) -> str:
    share = share_of(revenue[client.id], spend[client.id])
    is_high = before(spend, client.id) < norms.high_potential * positive_sum(spend)
    is_ours = share is not None and share >= norms.high_share
    if not (is_high and is_ours):
        return "B" if is_high else "C" if is_ours else "D"
    is_top = before(revenue, client.id) < norms.top_revenue * positive_sum(revenue)
    return "A+" if is_top or client.is_key else "A"


def estimated_potential(known: Known, client: Client, given: dict[str, Fraction]) -> Fraction | None:
    share = median_share(known, client, given)
    return max(revenue_of(known, client.id), NONE) / share if share is not None and share > 0 else None


def client_classes(world: World, day: date, norms: Norms = DEFAULTS) -> list[Row]:
    known = Known(world, day, norms)
    revenue = {client.id: revenue_of(known, client.id) for client in known.clients}
    given = given_potential(known)
    basis = class_basis(known, revenue, given)
    guesses = {c.id: estimated_potential(known, c, given) for c in known.clients if basis == "potential"}
    potential = {name: given.get(name, guesses.get(name)) for name in revenue}
    # A potential that cannot even be estimated is taken, for the class alone, to be what the client spends with us.
    spend = {name: max(revenue[name], NONE) if value is None else value for name, value in potential.items()}
    rows = []
    for client in known.clients:
        name, own = client.id, potential[client.id]
        by_potential = basis == "potential"
        rows.append(
            {
                "client_id": name,
                "revenue": number(revenue[name]),
                "potential": number(own),
                "potential_origin": "given" if name in given else "none" if own is None else "estimated",
                "share": number(share_of(revenue[name], own)),
                "class": potential_class(norms, spend, revenue, client)
                if by_potential
                else turnover_class(revenue, name),
                "basis": basis,
                "gap": None if own is None else number(max(NONE, norms.gap_share * own - revenue[name])),
            }
        )
    return rows


# 4. Life cycle ----------------------------------------------------------------------------------------------------


@cache
def overdue_ratios(known: Known, kind: str) -> tuple[Fraction, Fraction]:
    """(k_risk, k_sleep) of a type of sales, from the intervals of the clients that have at least four."""
    ratios: list[Fraction] = []
    for client in known.clients:
        found = intervals(known, client.id)
        if sales_type(known, client) == kind and len(found) >= 4:
            ratios += [interval / median(found) for interval in found]
    if len(ratios) < 50:
        return known.norms.risk_default, known.norms.sleep_default
    risk = min(max(known.norms.risk_floor, quantile(ratios, Fraction(80, 100))), Fraction(3))
    sleep = min(max(known.norms.sleep_floor, quantile(ratios, Fraction(95, 100))), Fraction(9, 2))
    return risk, sleep


def is_loyal(known: Known, client: Client, days: list[date], length: Fraction) -> bool:
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    start = client.client_since or days[0]
    year, two_years = months_before(known.day, 12), months_before(known.day, 24)
    return (
        len(days) >= 6
        and start <= year
        and all(gap <= Fraction(3, 2) * length for gap in gaps[-3:])
        and revenue_of(known, client.id) >= (1 - known.norms.decline) * amount(known, client.id, two_years, year)
    )


def life_status(known: Known, client: Client) -> str:
    days = occasions(known, client.id)
    if not days:
        return "prospect"
    length = cycle(known, client)
    risk, sleep = overdue_ratios(known, sales_type(known, client))
    since = (known.day - days[-1]).days
    ratio = since / length
    if len(days) == 1 and ratio > Fraction(3, 2):
        return "one_time"
    if (ratio > 2 * sleep and since > known.norms.lost_days) or client.is_marked_lost:
        return "lost"
    if ratio > sleep and since >= 30:
        return "asleep"
    if len(days) > 1 and (days[-1] - days[-2]).days >= sleep * length and since <= length:
        return "returned"
    if ratio > risk:
        return "drowsing"
    if len(days) == 1 or (len(days) == 2 and (known.day - days[0]).days <= max(2 * length, Fraction(90))):
        return "new"
    return "loyal" if is_loyal(known, client, days, length) else "regular"


def clm_stage(known: Known, client: Client, status: str) -> str:
    if status == "prospect":
        mine = [touch.kind for touch in known.touches if touch.client == client.id]
        return "acquisition" if any(kind not in ("internal", "attempt") for kind in mine) else "reach"
    if status in ("new", "one_time"):
        return "conversion"
    if status in ("asleep", "lost"):
        return "win_back"
    return "loyalty" if status == "loyal" else "retention"


def client_stages(world: World, day: date, norms: Norms = DEFAULTS) -> list[Row]:
    known = Known(world, day, norms)
    return [stage_row(known, client) for client in known.clients]


def stage_row(known: Known, client: Client) -> Row:
    days = occasions(known, client.id)
    since = (known.day - days[-1]).days if days else None
    risk, sleep = overdue_ratios(known, sales_type(known, client))
    status = life_status(known, client)
    return {
        "client_id": client.id,
        "order_count": len(days),
        "days_since_order": since,
        "cycle_ratio": None if since is None else number(since / cycle(known, client)),
        "risk_ratio": number(risk),
        "sleep_ratio": number(sleep),
        "status": status,
        "clm_stage": clm_stage(known, client, status),
    }


# 5. Promises ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sighting:
    """A promise as one load shows it."""

    captured_on: date
    row: PromiseRow


@dataclass(frozen=True)
class Record:
    """A postponement that somebody wrote down; what one load said of it stays said."""

    on: date
    to: date | None
    is_dated: bool
    is_explained: bool
    is_apologised: bool
    has_new_date: bool


@dataclass(frozen=True)
class Change:
    """A due day that differs from the one seen before; silent where no record leads to it."""

    on: date
    to: date
    is_silent: bool


def all_sightings(world: World, promise: str) -> list[Sighting]:
    """Every row of the promise, in the order of the days the loads tell of; within a day in the order of loading."""
    loads = sorted(world.loads, key=lambda load: load.captured_on)
    return [Sighting(load.captured_on, row) for load in loads for row in load.rows if row.promise_id == promise]


def last_of_each_day(sightings: list[Sighting]) -> list[Sighting]:
    return list({sighting.captured_on: sighting for sighting in sightings}.values())


def first_known(values: Iterable[date | None]) -> date | None:
    return next((value for value in values if value is not None), None)


def is_said(text: str | None) -> bool:
    return text is not None and text.strip().lower() not in NO_WORDS


def recorded_moves(sightings: list[Sighting]) -> list[Record]:
    """Postponements written down, each once however many loads repeat it.

    Without a day of its own a record is dated by the first load that shows it; without a new due day it leads to
    the due day of the first row that shows both.
    """
    rows = [seen for seen in sightings if seen.row.moved_on or seen.row.new_due_on]
    found = []
    for moved_on, new_due_on in dict.fromkeys((seen.row.moved_on, seen.row.new_due_on) for seen in rows):
        same = [seen for seen in rows if (seen.row.moved_on, seen.row.new_due_on) == (moved_on, new_due_on)]
        found.append(
            Record(
                on=moved_on or same[0].captured_on,
                to=new_due_on or first_known(seen.row.due_on for seen in same),
                is_dated=moved_on is not None,
                is_explained=any(is_said(seen.row.explanation) for seen in same),
                is_apologised=any(is_said(seen.row.apology) for seen in same),
                has_new_date=new_due_on is not None,
            )
        )
    return found


def seen_moves(visible: list[Sighting], column: date | None, day: date, told: set[date | None]) -> list[Change]:
    """Changes of the due day between loads, or from the original; silent where no record leads to that day."""
    found: list[Change] = []
    due = column
    for seen in visible:
        new = seen.row.due_on
        if new is not None and due is not None and new != due and seen.captured_on <= day:
            found.append(Change(seen.captured_on, new, is_silent=new not in told))
        due = new or due
    return found


def score(record: Record, due_before: date | None) -> int:
    """Told in time, explained, apologised for, with a new day: a point each."""
    in_time = record.is_dated and due_before is not None and record.on <= due_before
    return in_time + record.is_explained + record.is_apologised + record.has_new_date


@dataclass(frozen=True)
class Promise:
    """One promise as it stood on day `day`."""

    day: date
    current: PromiseRow
    original: date | None
    due: date | None
    agreed: date | None  # the last due day that was properly agreed
    is_done: bool
    done: date | None
    shown_done_on: date | None  # captured day of the first load that calls it done
    move_count: int
    silent_count: int
    score: int | None


def promise_at(every: list[Sighting], day: date) -> Promise:
    sightings = last_of_each_day(every)
    visible = [seen for seen in sightings if seen.captured_on <= day] or sightings[:1]
    column = first_known(seen.row.original_due_on for seen in visible)
    original = column or first_known(seen.row.due_on for seen in visible)
    recorded = [move for move in recorded_moves(every) if move.on <= day]
    observed = seen_moves(visible, column, day, {move.to for move in recorded})
    silent = sum(move.is_silent for move in observed)
    # Of one day: what somebody wrote before what a load shows.
    moves: list[Record | Change] = sorted([*recorded, *observed], key=lambda move: move.on)
    due, agreed = original, None
    scores: list[int] = []
    for move in moves:
        if isinstance(move, Record):
            scores.append(score(move, due))
            agreed = move.to if scores[-1] == 4 else agreed
        due = move.to or due
    # With no due day in any column the first that somebody wrote down is the original.
    original = original or first_known(move.to for move in moves)
    is_done, done = done_at(sightings, visible[-1], day)
    shown = first_known(seen.captured_on for seen in sightings if seen.row.status == "done")
    last_score = scores[-1] if scores else None
    count = len(recorded) + silent
    return Promise(day, visible[-1].row, original, due, agreed, is_done, done, shown, count, silent, last_score)


def done_at(sightings: list[Sighting], current: Sighting, day: date) -> tuple[bool, date | None]:
    """(is it done, on what day if anybody said): the newest load tells the day, done later is still open."""
    done = sightings[-1].row.done_on
    if done is not None:
        return (True, done) if done <= day else (False, None)
    return current.row.status == "done" and current.captured_on <= day, None


def promise_state(promise: Promise) -> str:
    original, done = promise.original, promise.done
    if promise.due is None:
        return "undated"
    if not promise.is_done:
        return "overdue" if promise.due < promise.day else "open"
    if done is None:
        shown = promise.shown_done_on
        is_in_time = original is not None and shown is not None and shown <= original
        return "kept_on_time" if is_in_time else "undated"
    if original is not None and done <= original:
        return "kept_on_time"
    return "kept_as_agreed" if promise.agreed is not None and done <= promise.agreed else "kept_late"


def days_late(promise: Promise, state: str) -> list[date]:
    """The days after the due day, up to and with the day it was done or is asked about."""
    start, end = promise.day, promise.day
    if state == "overdue" and promise.due is not None:
        start = promise.due
    if state == "kept_late" and promise.original is not None and promise.done is not None:
        start, end = promise.original, promise.done
    return [start + timedelta(step) for step in range(1, (end - start).days + 1)]


def is_known(sightings: list[Sighting], day: date) -> bool:
    made = first_known(seen.row.made_on for seen in sightings)
    return (made or sightings[0].captured_on) <= day


def promise_states(world: World, day: date) -> list[Row]:
    names = sorted({row.promise_id for load in world.loads for row in load.rows})
    known = [every for name in names if is_known(every := all_sightings(world, name), day)]
    promises = [promise_at(every, day) for every in known]
    return [promise_row(promise) for promise in promises if promise.current.status != "cancelled"]


def promise_row(promise: Promise) -> Row:
    state = promise_state(promise)
    late = days_late(promise, state)
    calendar = holidays.country_holidays("RU")
    return {
        "promise_id": promise.current.promise_id,
        "client_id": promise.current.client,
        "owner": promise.current.owner,
        "original_due_on": promise.original,
        "due_on": promise.due,
        "done_on": promise.done,
        "state": state,
        "days_overdue": len(late),
        "working_days_overdue": sum(calendar.is_working_day(day) for day in late),
        "move_count": promise.move_count,
        "silent_move_count": promise.silent_count,
        "postponement_score": promise.score,
    }


# 6 and 8. Key clients and the agenda ------------------------------------------------------------------------------

INTERVAL = timedelta(7)  # a report interval
PERSONAL = ("call",)  # the channels of these worlds that are personal


def last_event_on(known: Known, client: str) -> date | None:
    """Orders, returns, activities but internal ones, promises made, kept, or postponed on a day that is on record."""
    days: list[date | None] = [order.on for order in known.orders if order.client == client]
    days += [touch.on for touch in known.touches if touch.client == client and touch.kind != "internal"]
    for name in {row.promise_id for load in known.world.loads for row in load.rows}:
        shown = last_of_each_day(all_sightings(known.world, name))
        if shown[-1].row.client == client:
            days += [first_known(seen.row.made_on for seen in shown), shown[-1].row.done_on]
            days += [record.on for record in recorded_moves(all_sightings(known.world, name)) if record.is_dated]
    return max((day for day in days if day is not None and day <= known.day), default=None)


def order_stake(known: Known, client: Client) -> Fraction:
    """The median order times the whole cycles since the last, at least one."""
    days = occasions(known, client.id)
    missed = max(1, math.floor((known.day - days[-1]).days / cycle(known, client)))
    return median(amount(known, client.id, day - timedelta(1), day) for day in days) * missed


def is_drowsing_news(now: str, before: str | None) -> bool:
    if now == "drowsing":
        return before not in ("drowsing", "asleep", "lost")
    return now == "asleep" and before not in ("asleep", "lost")


def is_expected_untouched(known: Known, client: Client) -> bool:
    expected, opens = expected_on(known, client), window_opens_on(known, client)
    if client.is_marked_lost or expected is None or opens is None or not known.day < expected <= known.day + INTERVAL:
        return False
    mine = [touch for touch in known.touches if touch.client == client.id and touch.kind in CONTACT_KINDS]
    return not any(touch.on >= opens and touch.channel in PERSONAL for touch in mine)


def is_hollow(known: Known, client: Client) -> bool:
    """Rule 12 without contacts: whether they were confirmed is not known."""
    span = max(cycle(known, client), 6 * MONTH)
    recent = [touch for touch in known.touches if (known.day - touch.on).days < span]
    mine = [touch for touch in recent if touch.client == client.id and touch.kind not in ("internal", "attempt")]
    useful = [t for t in mine if t.kind in ("need", "standard+need") or (t.kind == "standard" and t.reason not in ANTI_REASONS)]
    is_untouched = not any(touch.channel in PERSONAL for touch in useful)
    problems = sum(touch.kind == "problem" for touch in mine)
    return (is_untouched and is_anything_logged(known, client, recent)) or (
        bool(mine) and Fraction(problems, len(mine)) >= Fraction(7, 10)
    )


def weekly_agenda(world: World, day: date, norms: Norms = DEFAULTS) -> list[Row]:
    """The lines of the sections that these worlds have something to say of, with the money at stake."""
    known, before = Known(world, day, norms), Known(world, day - INTERVAL, norms)
    then = {client.id: life_status(before, client) for client in before.clients}
    owed = {row["client_id"]: row for row in touch_compliance(world, day, norms) if row["status"] != "no_data"}
    found: list[tuple[str, str, Fraction | None]] = []
    for client in known.clients:
        revenue, status = revenue_of(known, client.id), life_status(known, client)
        last = last_event_on(known, client.id)
        if client.is_key and (last is None or last <= day - INTERVAL):
            found.append(("forgotten", client.id, revenue))
        if is_drowsing_news(status, then.get(client.id)):
            found.append(("drowsing", client.id, order_stake(known, client)))
        if is_expected_untouched(known, client):
            found.append(("expected_orders", client.id, order_stake(known, client)))
        if status not in ("asleep", "lost") and any(owed.get(client.id, {}).get(f"owed_{kind}") for kind in ("mandatory", "standard", "need")):
            found.append(("touches_owed", client.id, revenue))
        if revenue > 0 and is_hollow(known, client):
            found.append(("hollow_contracts", client.id, revenue))
    ids = {client.id for client in known.clients}
    for row in promise_states(world, day):
        if row["state"] == "overdue":
            client_id = row["client_id"]
            found.append(("overdue", row["promise_id"], revenue_of(known, client_id) if client_id in ids else None))
    return [{"item_id": f"{section}:{item}", "section": section, "money": number(money)} for section, item, money in found]
