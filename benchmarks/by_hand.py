"""The five contract marts as an analyst would write them in pandas, on typed frames that lie in memory.

Vectorised groupby code, whole-number client keys, categories where text repeats: good pandas, no loops, no apply.
Each function begins from the frames and gives the columns of INPUTS, sorted by id. The norms are the shipped defaults.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

MONTH = 30.4375
DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Frames:
    """clients: a row each, client_key its row number + 1. orders: counted lines. touches: with their kinds.

    snapshots and moves: promises as each export showed them, recorded postponements. workdays: working days up to a day.
    """

    clients: pd.DataFrame
    orders: pd.DataFrame
    touches: pd.DataFrame
    snapshots: pd.DataFrame
    moves: pd.DataFrame
    promises: pd.DataFrame
    workdays: pd.Series


def _before(as_of: date, months: int) -> pd.Timestamp:
    return pd.Timestamp(as_of) - pd.DateOffset(months=months)


def _whole(days: pd.Series) -> pd.Series:
    """Half a day and more is a day."""
    return np.floor(days + 0.5)


def _known(frames: Frames, as_of: date) -> pd.DataFrame:
    clients, day = frames.clients, pd.Timestamp(as_of)
    since = clients["client_since"]
    listed = clients["is_listed"] & (since.isna() | (since <= day))
    return clients[listed | (clients["first_seen_on"] <= day)].set_index("client_key")


def _occasions(frames: Frames, as_of: date) -> pd.DataFrame:
    """One row per client and day with a sum above zero, and the gap in days to the one before."""
    orders = frames.orders
    orders = orders[orders["ordered_on"] <= pd.Timestamp(as_of)]
    days = orders.groupby(["client_key", "ordered_on"], sort=True)["amount"].sum()
    days = days[days > 0].reset_index()
    gap = days["ordered_on"].diff() / DAY
    days["gap"] = gap.where(days["client_key"] == days["client_key"].shift())
    return days


def _cycle_frame(frames: Frames, as_of: date, days: pd.DataFrame | None = None) -> pd.DataFrame:
    known = _known(frames, as_of)
    days = _occasions(frames, as_of) if days is None else days
    ordering = days.groupby("client_key")["ordered_on"].agg(order_count="size", first_order_on="min", last_order_on="max")
    begins = days["ordered_on"] - pd.to_timedelta(days["gap"], unit="D")
    recent = days[begins >= _before(as_of, 24)].groupby("client_key")["gap"]
    intervals = pd.DataFrame({"interval_count": recent.count(), "median_interval_days": recent.median()})
    frame = known.join(ordering).join(intervals)
    frame[["order_count", "interval_count"]] = frame[["order_count", "interval_count"]].fillna(0).astype(int)
    is_derived_project = (frame["interval_count"] >= 2) & (frame["median_interval_days"] > 60.875)
    given = frame["sales_type"].astype(object)
    frame["sales_type"] = given.where(given.notna(), np.where(is_derived_project, "project", "transactional"))
    is_project = frame["sales_type"] == "project"
    median = frame["median_interval_days"]
    peer = median[~is_project].median()
    peer = 30.0 if np.isnan(peer) else peer
    project = median[is_project].median()
    project = 365.0 if np.isnan(project) else project
    n = frame["interval_count"]
    own = np.exp((2 * np.log(peer) + n * np.log(median.fillna(1.0))) / (2 + n)).round(9)
    frame["cycle_days"] = np.where(is_project, project, np.where(n == 0, peer, own))
    return frame


def _dressed(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return frame[["client_id", *columns, "client_name", "manager", "segment", "region"]].sort_values("client_id")


def client_cycles(frames: Frames, as_of: date) -> pd.DataFrame:
    frame = _cycle_frame(frames, as_of)
    n = frame["interval_count"]
    frame["cycle_basis"] = np.select([n >= 4, n > 0], ["own", "mixed"], "peer")
    frame["expected_order_on"] = frame["last_order_on"] + pd.to_timedelta(_whole(frame["cycle_days"]), unit="D")
    window = np.floor(np.maximum(3.0, (0.2 * frame["cycle_days"]).round(9)))
    frame["window_opens_on"] = frame["expected_order_on"] - pd.to_timedelta(window, unit="D")
    return _dressed(frame, [
        "sales_type", "interval_count", "median_interval_days", "cycle_days", "cycle_basis", "order_count",
        "first_order_on", "last_order_on", "expected_order_on", "window_opens_on",
    ])  # fmt: skip


def _revenue(frames: Frames, as_of: date, from_months: int, to_months: int) -> pd.Series:
    orders = frames.orders
    inside = (orders["ordered_on"] > _before(as_of, from_months)) & (orders["ordered_on"] <= _before(as_of, to_months))
    return orders[inside].groupby("client_key")["amount"].sum().round(4)


def _before_each(values: pd.Series) -> pd.Series:
    """For every value the sum of the greater ones; ties share it."""
    ordered = values.sort_values(ascending=False)
    sums = ordered.cumsum() - ordered
    first = sums.groupby(ordered.to_numpy()).transform("min")
    return first.reindex(values.index)


def client_classes(frames: Frames, as_of: date) -> pd.DataFrame:
    frame = _known(frames, as_of)
    frame["revenue"] = _revenue(frames, as_of, 12, 0).reindex(frame.index).fillna(0.0)
    positive = frame["revenue"].clip(lower=0)
    given = frame["potential"]
    is_given = given.notna()
    has_basis = is_given.any() and (positive.sum() == 0 or positive[is_given].sum() / positive.sum() >= 0.5)
    basis = "potential" if has_basis else "turnover"
    potential = np.maximum(given, positive).where(is_given)
    share = (positive / potential).where(is_given & (potential > 0))
    by_segment = share[is_given].groupby(frame["segment"], observed=True).agg(["median", "size"])
    usable = by_segment["median"].where(by_segment["size"] >= 5)
    estimate = frame["segment"].map(usable).astype(float).fillna(share.median())
    if basis == "potential":
        potential = potential.where(is_given, (positive / estimate.where(estimate > 0)).round(4))
    frame["potential"] = potential
    frame["potential_origin"] = np.select([is_given, potential.notna()], ["given", "estimated"], "none")
    frame["share"] = (positive / potential).where(potential > 0)
    frame["basis"] = basis
    frame["class"] = _potential_class(frame, positive) if basis == "potential" else _turnover_class(frame, positive)
    frame["gap"] = (0.7 * potential - frame["revenue"]).clip(lower=0)
    return _dressed(frame, ["revenue", "potential", "potential_origin", "share", "class", "basis", "gap"])


def _potential_class(frame: pd.DataFrame, positive: pd.Series) -> np.ndarray:
    ranked = frame["potential"].fillna(positive)
    is_high = _before_each(ranked) / ranked.sum() < 0.8
    has_share = frame["share"].fillna(0.0).round(9) >= 0.5
    is_top = frame["is_key"] | (_before_each(positive) / positive.sum() < 0.5)
    return np.select([is_high & has_share & is_top, is_high & has_share, is_high, has_share], ["A+", "A", "B", "C"], "D")


def _turnover_class(frame: pd.DataFrame, positive: pd.Series) -> np.ndarray:
    before = _before_each(positive) / positive.sum()
    return np.select(
        [frame["revenue"] <= 0, before < 0.5, before < 0.8, before < 0.95, before < 0.99], ["D", "A+", "A", "B", "C"], "D"
    )


def _ratios(frame: pd.DataFrame, days: pd.DataFrame, as_of: date) -> pd.DataFrame:
    begins = days["ordered_on"] - pd.to_timedelta(days["gap"], unit="D")
    recent = days[begins >= _before(as_of, 24)]
    many = frame[frame["interval_count"] >= 4]
    median = recent["client_key"].map(many["median_interval_days"])
    kind = recent["client_key"].map(many["sales_type"])
    ratio = (recent["gap"] / median).groupby(kind)
    result = pd.DataFrame({"count": ratio.size(), "risk": ratio.quantile(0.8), "sleep": ratio.quantile(0.95)})
    result["risk"] = result["risk"].clip(1.3, 3.0).where(result["count"] >= 50, 1.5)
    result["sleep"] = result["sleep"].clip(2.0, 4.5).where(result["count"] >= 50, 2.0)
    return result


def client_stages(frames: Frames, as_of: date) -> pd.DataFrame:
    day = pd.Timestamp(as_of)
    days = _occasions(frames, as_of)
    frame = _cycle_frame(frames, as_of, days)
    ratios = _ratios(frame, days, as_of)
    frame["risk_ratio"] = frame["sales_type"].map(ratios["risk"]).fillna(1.5)
    frame["sleep_ratio"] = frame["sales_type"].map(ratios["sleep"]).fillna(2.0)
    frame["days_since_order"] = (day - frame["last_order_on"]) / DAY
    frame["cycle_ratio"] = frame["days_since_order"] / frame["cycle_days"]
    frame["last_gap"] = days.groupby("client_key")["gap"].last()
    frame["longest"] = days.groupby("client_key").tail(3).groupby("client_key")["gap"].max()
    frame["now"] = _revenue(frames, as_of, 12, 0).reindex(frame.index).fillna(0.0)
    frame["then"] = _revenue(frames, as_of, 24, 12).reindex(frame.index).fillna(0.0)
    frame["status"] = _status(frame, day, as_of)
    touches = frames.touches
    real = touches[(touches["held_on"] <= day) & ~touches["kind"].isin(["internal", "attempt"])]
    frame["is_contacted"] = frame.index.isin(real["client_key"].unique())
    status = frame["status"]
    frame["clm_stage"] = np.select(
        [(status == "prospect") & frame["is_contacted"], status == "prospect", status.isin(["new", "one_time"]),
         status.isin(["regular", "drowsing", "returned"]), status == "loyal"],
        ["acquisition", "reach", "conversion", "retention", "loyalty"], "win_back",
    )  # fmt: skip
    return _dressed(frame, ["order_count", "days_since_order", "cycle_ratio", "risk_ratio", "sleep_ratio", "status", "clm_stage"])


def _status(frame: pd.DataFrame, day: pd.Timestamp, as_of: date) -> np.ndarray:
    n, r, d, t = frame["order_count"], frame["cycle_ratio"], frame["days_since_order"], frame["cycle_days"]
    tenure = frame["client_since"].fillna(frame["first_order_on"])
    age = (day - frame["first_order_on"]) / DAY
    is_loyal = (
        (n >= 6)
        & (tenure <= _before(as_of, 12))
        & (frame["longest"] <= 1.5 * t)
        & (frame["now"] >= (0.8 * frame["then"]).round(6))
    )
    rules = {
        "prospect": n == 0,
        "one_time": (n == 1) & (r > 1.5),
        "lost": ((r > 2 * frame["sleep_ratio"]) & (d > 180)) | frame["is_marked_lost"],
        "asleep": (r > frame["sleep_ratio"]) & (d >= 30),
        "returned": (frame["last_gap"] >= frame["sleep_ratio"] * t) & (d <= t),
        "drowsing": r > frame["risk_ratio"],
        "new": (n == 1) | ((n == 2) & (age <= np.maximum(2 * t, 90))),
        "loyal": is_loyal,
    }
    return np.select(list(rules.values()), list(rules), "regular")


def touch_compliance(frames: Frames, as_of: date) -> pd.DataFrame:
    day = pd.Timestamp(as_of)
    days = _occasions(frames, as_of)
    frame = _cycle_frame(frames, as_of, days)
    frame = frame[frame["order_count"] > 0].copy()
    months = frame["cycle_days"] / MONTH
    default = np.where(frame["sales_type"] == "project", 3.0, 2.0)
    per_order = np.maximum(frame["mandatory_touches"].fillna(pd.Series(default, frame.index)), 1.0)
    age = (day - frame["client_since"].fillna(frame["first_order_on"])) / DAY / MONTH
    frame["window_months"] = np.minimum(np.minimum(np.maximum(months, 1.0), 12.0), np.maximum(age, 0.5))
    window = (frame["window_months"] * MONTH).round(6)
    back = (day - days["ordered_on"]) / DAY
    occasions = days[back < days["client_key"].map(window)].groupby("client_key").size()
    done, last = _done(frames, day, window)
    frame["norm_mandatory"] = per_order * occasions.reindex(frame.index).fillna(0)
    frame["norm_standard"] = frame["window_months"]
    frame["norm_need"] = 2 * frame["window_months"] / np.maximum(months, 1.0)
    frame = frame.join(done)
    counts = ["done_mandatory", "done_standard", "done_need", "contact_count"]
    frame[counts] = frame[counts].fillna(0).astype(int)
    _judged(frame, frames, day, window, last)
    return _dressed(frame, [
        "window_months", "norm_mandatory", "norm_standard", "norm_need", "done_mandatory", "done_standard", "done_need",
        "compliance", "status", "owed_mandatory", "owed_standard", "owed_need", "mix", "contact_count", "next_touch_on",
    ])  # fmt: skip


def _done(frames: Frames, day: pd.Timestamp, window: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    touches = frames.touches
    touches = touches[touches["is_contact"] & (touches["held_on"] <= day)]
    last = touches.groupby("client_key")["held_on"].max()
    inside = touches[(day - touches["held_on"]) / DAY < touches["client_key"].map(window)]
    columns = {
        "is_mandatory": "done_mandatory",
        "is_standard": "done_standard",
        "is_need": "done_need",
        "is_contact": "contact_count",
    }
    return inside.groupby("client_key")[list(columns)].sum().rename(columns=columns), last


def _judged(frame: pd.DataFrame, frames: Frames, day: pd.Timestamp, window: pd.Series, last: pd.Series) -> None:
    kinds = ("mandatory", "standard", "need")
    total = sum(frame[f"norm_{kind}"] for kind in kinds)
    counted = sum(np.minimum(frame[f"done_{kind}"], frame[f"norm_{kind}"]) for kind in kinds)
    frame["compliance"] = counted / total
    for kind in kinds:
        frame[f"owed_{kind}"] = np.ceil((frame[f"norm_{kind}"] - frame[f"done_{kind}"]).round(9)).clip(lower=0).astype(int)
    mandatory = frame["done_mandatory"]
    frame["mix"] = ((frame["done_standard"] + frame["done_need"]) / mandatory).where(mandatory > 0)
    touches = frames.touches[frames.touches["held_on"] <= day]
    logged = touches.groupby("manager", observed=True)["held_on"].max()
    last_logged = pd.to_datetime(frame["manager"].str.lower().map(logged)).where(frame["manager"].notna(), logged.max())
    is_logged = ((day - last_logged) / DAY < window.reindex(frame.index)).fillna(False)
    compliance = frame["compliance"].round(9)
    is_over = (compliance >= 0.8) & (frame["contact_count"] > (1.5 * total).round(9))
    frame["status"] = np.select(
        [~is_logged, is_over, compliance >= 1, compliance >= 0.8], ["no_data", "over", "met", "near"], "below"
    )
    last = last.reindex(frame.index)
    by_norm = (last + pd.to_timedelta(np.floor((window.reindex(frame.index) / total).round(9)), unit="D")).fillna(day)
    t = frame["cycle_days"]
    opens = frame["last_order_on"] + pd.to_timedelta(_whole(t) - np.floor(np.maximum(3.0, (0.2 * t).round(9))), unit="D")
    is_earlier = (opens < by_norm) & (last.isna() | (opens > last))
    frame["next_touch_on"] = opens.where(is_earlier, by_norm)


def promise_states(frames: Frames, as_of: date) -> pd.DataFrame:
    day = pd.Timestamp(as_of)
    frame = _standing(frames, day)
    moves = _moves(frames, frame, day)
    grouped = moves.groupby("promise_id", observed=True)
    silent = (moves["turn"] == 1) & ~moves["is_recorded"]
    is_counted = (moves["turn"] == 0) | silent
    frame["move_count"] = is_counted.groupby(moves["promise_id"], observed=True).sum().reindex(frame.index).fillna(0).astype(int)
    frame["silent_move_count"] = (
        silent.groupby(moves["promise_id"], observed=True).sum().reindex(frame.index).fillna(0).astype(int)
    )
    frame["moved_due_on"] = grouped["to_due_on"].last().reindex(frame.index)
    frame["postponement_score"] = grouped["score"].last().reindex(frame.index)
    agreed = moves[moves["score"] == 4].groupby("promise_id", observed=True)["to_due_on"].last().reindex(frame.index)
    frame["original_due_on"] = frame["stated_due_on"].fillna(frame["moved_due_on"])
    frame["due_on"] = frame["moved_due_on"].fillna(frame["stated_due_on"])
    due, done, original = frame["due_on"], frame["done_on"], frame["original_due_on"]
    frame["state"] = np.select(
        [due.isna(), frame["is_done_undated"] & (frame["done_seen_on"] <= original), frame["is_done_undated"],
         done <= original, done <= agreed, done.notna(), due < day],
        ["undated", "kept_on_time", "undated", "kept_on_time", "kept_as_agreed", "kept_late", "overdue"], "open",
    )  # fmt: skip
    starts = due.where(frame["state"] == "overdue", original.where(frame["state"] == "kept_late"))
    ends = done.where(frame["state"] == "kept_late", day).where(starts.notna())
    frame["days_overdue"] = ((ends - starts) / DAY).fillna(0).astype(int)
    index = frames.workdays
    frame["working_days_overdue"] = (ends.map(index) - starts.map(index)).fillna(0).astype(int)
    columns = ["client_id", "owner", "original_due_on", "due_on", "done_on", "state", "days_overdue",
               "working_days_overdue", "move_count", "silent_move_count", "postponement_score"]  # fmt: skip
    clients = frames.clients.set_index("client_key")[["client_name", "manager", "segment", "region"]]
    return frame[["client_key", *columns]].join(clients, on="client_key").reset_index().sort_values("promise_id")


def _standing(frames: Frames, day: pd.Timestamp) -> pd.DataFrame:
    """Promises known by the day, as their newest export by then shows them. Snapshots lie sorted by promise and day."""
    snapshots = frames.snapshots
    first_seen = snapshots.groupby("promise_id", observed=True)["captured_on"].transform("min")
    visible = snapshots[(snapshots["captured_on"] <= day) | (snapshots["captured_on"] == first_seen)]
    grouped = visible.groupby("promise_id", observed=True)
    first, last, newest = (
        grouped.first(),
        grouped.last(),
        visible.drop_duplicates("promise_id", keep="last").set_index("promise_id"),
    )
    frame = pd.DataFrame({
        "stated_due_on": first["original_due_on"].fillna(first["due_on"]),
        "first_captured_on": first["captured_on"],
        "client_key": last["client_key"], "client_id": last["client_id"], "owner": last["owner"],
        "status_state": newest["status_state"],
    }).join(frames.promises.set_index("promise_id")[["made_on", "done_on", "done_seen_on"]])  # fmt: skip
    frame["is_done_undated"] = (frame["status_state"] == "done") & frame["done_on"].isna()
    frame["done_on"] = frame["done_on"].where(frame["done_on"] <= day)
    is_known = np.where(frame["made_on"].notna(), frame["made_on"] <= day, frame["first_captured_on"] <= day)
    return frame[is_known & (frame["status_state"] != "cancelled")].copy()


def _moves(frames: Frames, known: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Recorded postponements and the due dates that changed between exports, in order, each with the due before it."""
    records = frames.moves[(frames.moves["moved_on"] <= day) & frames.moves["promise_id"].isin(known.index)]
    records = records.assign(turn=0, is_recorded=True)
    seen = frames.snapshots
    seen = seen[(seen["captured_on"] <= day) & seen["due_on"].notna() & seen["promise_id"].isin(known.index)]
    is_same = seen["promise_id"] == seen["promise_id"].shift()
    before = seen["due_on"].shift().where(is_same, seen["promise_id"].map(known["stated_due_on"]).astype(seen["due_on"].dtype))
    changed = seen[seen["due_on"] != before.fillna(seen["due_on"])]
    changes = pd.DataFrame(
        {"promise_id": changed["promise_id"], "moved_on": changed["captured_on"], "to_due_on": changed["due_on"], "turn": 1}
    )
    marked = changes.merge(records[["promise_id", "to_due_on"]].drop_duplicates(), how="left", indicator=True)
    changes["is_recorded"] = (marked["_merge"] == "both").to_numpy()
    moves = pd.concat([records, changes], ignore_index=True).sort_values(["promise_id", "moved_on", "turn"], ignore_index=True)
    filled = moves.groupby("promise_id", observed=True)["to_due_on"].ffill()
    is_later = moves["promise_id"] == moves["promise_id"].shift()
    stated = moves["promise_id"].map(known["stated_due_on"]).astype(moves["to_due_on"].dtype)
    from_due = filled.shift().where(is_later).fillna(stated)
    in_time = moves["is_dated"].eq(True) & (moves["moved_on"] <= from_due)
    parts = [in_time, moves["has_explanation"].eq(True), moves["has_apology"].eq(True), moves["new_due_on"].notna()]
    moves["score"] = sum(part.astype(int) for part in parts)
    moves["score"] = moves["score"].where(moves["turn"] == 0)
    return moves
