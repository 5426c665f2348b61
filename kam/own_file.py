"""A file with one manager's rows of a dataset: what a manager's typed SQL may read, since a text can name any table of a file.

Tables of core that know their client are in it, cut to the manager's; nothing else is: no raw cells, no staging, no names of
others. It lies beside its dataset, is made when first asked for, and goes with the dataset.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

import duckdb

from kam.blank import CONFIG

PREFIX = "own-"
KEY = "client_key"


def made(dataset: Path, dataset_id: str, manager: str) -> Path:
    """The file of a manager's rows of a dataset; those of other datasets are removed when a new one is made."""
    target = dataset.with_name(f"{PREFIX}{dataset_id}-{hashlib.sha256(manager.encode()).hexdigest()[:16]}.duckdb")
    if not target.exists():
        sweep(dataset.parent, keep=dataset_id)
        draft = target.with_name(f"{target.name}.{os.getpid()}-{secrets.token_hex(3)}")
        try:
            _write(dataset, draft, manager)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    return target


def sweep(folder: Path, keep: str | None = None) -> None:
    """Removes such files, those of one dataset apart."""
    for file in folder.glob(f"{PREFIX}*"):
        if keep is None or not file.name.startswith(f"{PREFIX}{keep}-"):
            with suppress(OSError):  # a question still reads it, on a system that minds: the next sweep takes it
                file.unlink()


def tables(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables of core that know their client, in the dataset that a cursor has attached as `dataset`."""
    return [
        name
        for (name,) in cursor.execute(
            "select table_name from duckdb_columns() where database_name = 'dataset' and schema_name = 'core'"
            " and column_name = $key and table_name in (select table_name from duckdb_tables() where database_name = 'dataset')"
            " order by table_name",
            {"key": KEY},
        ).fetchall()
    ]


def _write(dataset: Path, draft: Path, manager: str) -> None:
    with duckdb.connect(draft, config=CONFIG) as db:
        db.execute(f"attach '{str(dataset).replace(chr(39), chr(39) * 2)}' as dataset (read_only)")
        db.execute("create schema core")
        for name in tables(db):
            db.execute(
                f"create table core.{name} as select * from dataset.core.{name}"
                f" where {KEY} in (select {KEY} from dataset.core.clients where manager = $manager)",
                {"manager": manager},
            )
