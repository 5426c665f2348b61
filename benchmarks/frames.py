"""The same data as the product holds, as pandas frames: what an analyst would have after loading and typing it once."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from benchmarks.by_hand import Frames
from kam.workspace import Workspace

CLIENTS = (
    "client_key client_id client_name manager segment region sales_type potential mandatory_touches client_since "
    "is_marked_lost is_key is_listed first_seen_on"
)
TOUCHES = "client_key held_on manager kind is_contact is_mandatory is_standard is_need"
SNAPSHOTS = "promise_id captured_on client_key client_id owner original_due_on due_on status_state"
MOVES = "promise_id moved_on to_due_on new_due_on is_dated has_explanation has_apology"
PROMISES = "promise_id made_on done_on done_seen_on"
CATEGORIES = ("manager", "segment", "region", "sales_type", "kind", "promise_id", "status_state", "owner")


def frames(workspace: Workspace) -> Frames:
    """Typed frames of everything in the workspace, sorted as the product keeps it."""
    clients = _frame(workspace, CLIENTS, "core.clients", "client_key")
    for column in ("is_marked_lost", "is_key", "is_listed"):
        clients[column] = clients[column].fillna(False).astype(bool)
    clients["manager"] = clients["manager"].astype(object)
    workdays = _frame(workspace, "day working_index", "ref.calendar", "day").set_index("day")["working_index"]
    return Frames(
        clients=clients,
        orders=_frame(workspace, "client_key ordered_on amount", "core.order_lines", "client_key, ordered_on"),
        touches=_frame(workspace, TOUCHES, "ref.touch_kinds", "client_key, held_on"),
        snapshots=_frame(workspace, SNAPSHOTS, "core.promise_snapshots", "promise_id, captured_on"),
        moves=_frame(workspace, MOVES, "core.promise_moves", "promise_id, moved_on"),
        promises=_frame(workspace, PROMISES, "core.promises", "promise_id"),
        workdays=workdays,
    )


def _frame(workspace: Workspace, columns: str, table: str, order: str) -> pd.DataFrame:
    cursor = workspace._opened().connection.cursor()
    cursor.execute("use dataset")
    found = cursor.sql(f"select {', '.join(columns.split())} from {table} order by {order}").to_arrow_table()
    cursor.close()
    return typed(found)


def typed(table: pa.Table) -> pd.DataFrame:
    """Arrow as pandas would hold it for work: days as datetime64, decimals as floats, repeating text as categories."""
    for place, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(pa.float64()))
        if pa.types.is_date(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(pa.timestamp("s")))
    frame = table.to_pandas()
    for column in CATEGORIES:
        if column in frame:
            frame[column] = frame[column].astype("category")
    return frame
