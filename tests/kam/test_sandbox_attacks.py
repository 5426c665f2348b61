"""What somebody could type to read a file, write one, connect somewhere or change the settings: none of it does."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kam import sandbox
from kam.errors import KamError
from tests.conftest import World
from tests.kam.sandboxed import answers

SECRET = "canary-5d81f0"  # stands in the file beside the dataset; in no answer

# {canary}: a file with the secret; {dataset}: the dataset's file; {folder}: where it lies; {port}: where somebody listens.
ATTACKS = {
    # Reading files
    "read_text": "select content from read_text('{canary}')",
    "read_blob": "select * from read_blob('{canary}')",
    "read_csv": "select * from read_csv('{canary}')",
    "read_csv_auto": "select * from read_csv_auto('{canary}', header = false)",
    "read_csv_all_text": "select * from read_csv('{canary}', columns = {{'a': 'varchar'}}, auto_detect = false)",
    "read_csv_list": "select * from read_csv(['{canary}', '{canary}'])",
    "read_json": "select * from read_json('{canary}')",
    "read_json_objects": "select * from read_json_objects('{canary}')",
    "read_ndjson": "select * from read_ndjson('{canary}')",
    "read_parquet": "select * from read_parquet('{canary}')",
    "parquet_scan": "select * from parquet_scan('{canary}')",
    "parquet_metadata": "select * from parquet_metadata('{canary}')",
    "parquet_schema": "select * from parquet_schema('{canary}')",
    "parquet_file_metadata": "select * from parquet_file_metadata('{canary}')",
    "parquet_kv_metadata": "select * from parquet_kv_metadata('{canary}')",
    "parquet_bloom_probe": "select * from parquet_bloom_probe('{canary}', 'a', 1)",
    "read_duckdb": "select * from read_duckdb('{dataset}', table_name = 'core.clients')",
    "sniff_csv": "select * from sniff_csv('{canary}')",
    "glob": "select * from glob('{folder}/*')",
    "glob_up": "select * from glob('{folder}/../../**')",
    "glob_etc": "select * from glob('/etc/*')",
    "file_by_name": "select * from '{canary}'",
    "file_by_name_csv": "select * from '{canary}.csv'",
    "file_by_quoted_name": 'select * from "{canary}"',
    "file_by_name_parquet": "select * from '{folder}/*.parquet'",
    "file_of_process": "select * from read_text('/proc/self/environ')",
    "file_of_descriptors": "select * from glob('/proc/self/fd/*')",
    "file_descriptor": "select * from read_blob('/dev/fd/3')",
    "stdin": "select * from read_text('/dev/stdin')",
    "passwd": "select * from read_csv('/etc/passwd', sep = ':')",
    "file_url": "select * from read_text('file://{canary}')",
    "file_relative": "select * from read_text('..{canary}')",
    "read_in_subquery": "select (select content from read_text('{canary}')) as a",
    "read_in_lateral": "select * from core.clients, lateral (select * from read_text('{canary}'))",
    "read_in_cte": "with a as (select * from read_text('{canary}')) select * from a",
    "read_in_union": "select 'a' as content union all select content from read_text('{canary}')",
    "read_in_exists": "select exists (select * from read_text('{canary}') where content like 'canary%')",
    "read_in_macro_call": "select * from query('select content from read_text(''{canary}'')')",
    "read_by_query_table": "select * from query_table('{canary}')",
    "read_by_serialized_sql": "select * from json_execute_serialized_sql(json_serialize_sql("
                              "'select * from read_text(''{canary}'')'))",
    "read_by_from_first": "from read_text('{canary}')",
    "read_by_from_file": "from '{canary}'",
    "read_by_describe": "describe select * from read_csv('{canary}')",
    "read_by_describe_file": "describe '{canary}'",
    "read_by_summarize": "summarize '{canary}'",
    "read_by_pivot": "from (pivot read_text('{canary}') on filename in ('a') using count(*))",
    "read_by_values": "values ((select content from read_text('{canary}')))",
    "read_by_table": "table '{canary}'",
    "dataset_as_file": "select * from read_blob('{dataset}')",
    "wal_as_file": "select * from read_blob('{dataset}.wal')",
    # Writing files
    "copy_to": "copy (select 1) to '{folder}/new.csv'",
    "copy_to_wal": "copy (select 1) to '{dataset}.wal'",
    "copy_to_dataset": "copy (select 1) to '{dataset}'",
    "copy_to_parquet": "copy core.clients to '{folder}/new.parquet' (format parquet)",
    "copy_to_stdout": "copy (select 1) to '/dev/stdout'",
    "copy_from": "copy core.clients from '{canary}'",
    "copy_database": "copy from database dataset to memory",
    "copy_in_parentheses": "select * from (copy (select 1) to '{folder}/new.csv')",
    "copy_in_cte": "with a as (copy (select 1) to '{folder}/new.csv') select * from a",
    "copy_after_comment": "/* select */ copy (select 1) to '{folder}/new.csv' -- select",
    "export_database": "export database '{folder}/all'",
    "import_database": "import database '{folder}/all'",
    "checkpoint": "checkpoint dataset",
    "force_checkpoint": "force checkpoint",
    "vacuum": "vacuum",
    "profiling_output": "pragma profiling_output = '{folder}/new.json'",
    "log_to_file": "call enable_logging(storage = 'file', storage_path = '{folder}/new')",
    "log_storage": "select * from enable_logging('FileSystem', storage_path = '{folder}/new')",
    # Writing tables
    "insert": "insert into core.clients select * from core.clients",
    "update": "update dataset.core.clients set client_name = 'x'",
    "delete": "delete from dataset.core.clients",
    "truncate": "truncate dataset.core.clients",
    "merge_into": "merge into dataset.core.clients using (select 1) on true when matched then delete",
    "drop": "drop table dataset.core.clients",
    "drop_schema": "drop schema dataset.core cascade",
    "create_table": "create table x as select 1",
    "create_in_dataset": "create table dataset.core.x as select 1",
    "create_view": "create view x as select 1",
    "create_macro": "create macro x() as 1",
    "create_temporary": "create temp table x as select 1",
    "create_sequence": "create sequence x",
    "create_type": "create type x as enum ('a')",
    "create_index": "create index x on dataset.core.clients (client_id)",
    "alter": "alter table dataset.core.clients add column x integer",
    "comment_on": "comment on table dataset.core.clients is 'x'",
    "delete_in_cte": "with a as (delete from dataset.core.clients returning *) select * from a",
    "insert_in_cte": "with a as (insert into dataset.core.clients select * from core.clients returning *) select * from a",
    "update_in_cte": "with a as (update dataset.core.clients set client_name = 'x' returning *) select * from a",
    "merge_in_cte": "with a as (merge into dataset.core.clients using (select 1) on true when matched then delete returning *) "
                    "select * from a",
    "delete_in_inner_cte": "select * from (with a as (delete from dataset.core.clients returning *) select * from a)",
    "delete_by_query": "select * from query('with a as (delete from dataset.core.clients returning *) select * from a')",
    "delete_by_serialized_sql": "select * from json_execute_serialized_sql(json_serialize_sql("
                                "'with a as (delete from dataset.core.clients returning *) select * from a'))",
    "explain_analyze_delete": "explain analyze delete from dataset.core.clients",
    "explain_analyze_copy": "explain analyze copy (select 1) to '{folder}/new.csv'",
    "explain": "explain select * from read_text('{canary}')",
    "nextval": "select nextval('x')",
    # Other databases, extensions, the network
    "attach": "attach '{folder}/new.duckdb' as other",
    "attach_writable": "attach '{dataset}' as other",
    "attach_memory": "attach ':memory:' as other",
    "attach_sqlite": "attach '{folder}/../journal.sqlite' as other (type sqlite)",
    "attach_url": "attach 'http://127.0.0.1:{port}/x.duckdb' as other",
    "detach": "detach dataset",
    "use": "use dataset",
    "install": "install httpfs",
    "install_from_file": "install '{folder}/x.duckdb_extension'",
    "install_from_url": "install x from 'http://127.0.0.1:{port}'",
    "force_install": "force install httpfs from community",
    "load": "load httpfs",
    "load_file": "load '{folder}/x.duckdb_extension'",
    "load_by_function": "select load_extension('{folder}/x')",
    "update_extensions": "update extensions",
    "http": "select * from read_text('http://127.0.0.1:{port}/x')",
    "http_csv": "select * from read_csv('http://127.0.0.1:{port}/x.csv')",
    "http_by_name": "select * from 'http://127.0.0.1:{port}/x.csv'",
    "http_parquet": "select * from read_parquet('http://127.0.0.1:{port}/x.parquet')",
    "https": "select * from read_csv('https://localhost:{port}/x.csv')",
    "s3": "select * from read_csv('s3://bucket/x.csv')",
    "hugging_face": "select * from 'hf://datasets/a/b.csv'",
    "http_get": "select http_get('http://127.0.0.1:{port}/x')",
    "postgres": "select * from postgres_scan('host=127.0.0.1 port={port}', 'public', 'x')",
    "mysql": "select * from mysql_query('host=127.0.0.1 port={port}', 'select 1')",
    "sqlite_scan": "select * from sqlite_scan('{folder}/../journal.sqlite', 'entries')",
    "read_xlsx": "select * from read_xlsx('{canary}')",
    "st_read": "select * from st_read('{canary}')",
    "iceberg": "select * from iceberg_scan('{folder}')",
    "delta": "select * from delta_scan('{folder}')",
    "extensions": "select * from duckdb_extensions()",
    "ui": "call start_ui()",
    "shell": "select * from shellfs('ls')",
    "pipe_name": "select * from read_csv('ls |')",
    # Settings, secrets, surroundings
    "set": "set memory_limit = '100GB'",
    "set_global": "set global enable_external_access = true",
    "set_session": "set session threads = 64",
    "set_filesystems": "set disabled_filesystems = ''",
    "set_lock": "set lock_configuration = false",
    "set_time": "set max_execution_time = 0",
    "set_variable": "set variable x = 1",
    "set_in_cte": "with a as (set threads = 64) select 1",
    "reset": "reset memory_limit",
    "pragma": "pragma memory_limit = '100GB'",
    "pragma_statement": "pragma database_list",
    "pragma_external": "pragma enable_external_access",
    "set_by_function": "select set_config('memory_limit', '100GB')",
    "create_secret": "create secret x (type s3)",
    "create_persistent_secret": "create persistent secret x in local_file (type s3)",
    "drop_secret": "drop secret x",
    "getenv": "select getenv('PATH')",
    "getvariable_home": "select getenv('HOME') || getvariable('x')",
    "python_variable": "select * from order",
    "python_object": "select * from tables",
    "python_frame": "select * from db",
    "python_table": "select * from incoming",
    "python_scan": "select * from python_map_function('x')",
    "pandas_scan": "select * from pandas_scan(1)",
    "arrow_scan": "select * from arrow_scan(1, 2, 3)",
    "arrow_pointer": "select * from arrow_scan_dumb(94000000000000, 94000000000000, 94000000000000)",
    # Several statements, and statements in disguise
    "two": "select 1; select 2",
    "two_with_copy": "select 1; copy (select 1) to '{folder}/new.csv'",
    "copy_after_break": "select 1;\n\n-- nothing\ncopy (select 1) to '{folder}/new.csv'",
    "closes_the_wrapper": "select 1) limit 1; copy (select 1) to '{folder}/new.csv'; select * from (select 1",
    "closes_and_goes_on": "select 1) as a, read_text('{canary}') as b, (select 2",
    "swallows_the_wrapper": "select 1 /*",
    "comment_to_the_end": "select content from read_text('{canary}') --",
    "dollar_quotes": "select $$a$$; copy (select 1) to '{folder}/new.csv'",
    "zero_byte": "select 1\x00; copy (select 1) to '{folder}/new.csv'",
    "prepare": "prepare x as copy (select 1) to '{folder}/new.csv'",
    "execute": "execute x",
    "deallocate": "deallocate x",
    "call": "call pragma_table_info('core.clients')",
    "begin": "begin transaction",
    "commit": "commit",
    "show": "show all tables; select 1",
    "question_mark": "select ?",
    "numbered": "select $1",
    "nothing": "  ",
    "only_a_comment": "-- select 1",
    "only_a_semicolon": ";",
    "too_long": "select " + "1 + " * 5000 + "1",
}  # fmt: skip

# What may be answered: it tells nothing that is not in the dataset.
HARMLESS = {
    "secrets": "select * from duckdb_secrets()",
    "which_secret": "select * from which_secret('s3://x', 's3')",
    "copy_within_a_comment": "/* /* */ copy (select 1) to '{folder}/new.csv' /* */ */ select 1",
    "log": "select * from duckdb_logs()",
    "write_log": "select write_log('x')",
    "memory": "select count(*) from duckdb_memory()",
    "temporary_files": "select * from duckdb_temporary_files()",
    "user": "select current_user, session_user",
    "a_name_like_a_file": "select '{canary}' as name",
    "sql_in_text": "select 'copy x to y; delete from z' as a, '{{\"type\":\"DELETE_QUERY_NODE\"}}' as b",
}


@dataclass(frozen=True)
class Ground:
    """Where the attacks are made: the workspace, a file with the secret, what became of each text, who connected."""

    world: World
    canary: Path
    said: dict[str, Any]
    own: dict[str, Any]
    before: dict[str, str]
    listener: socket.socket
    places: dict[str, object]


def state(folder: Path) -> dict[str, str]:
    """Every file below a folder with a digest of its bytes."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "journal" not in path.name
    }


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("attacked")
    world = World(folder / "workspace")
    world.given("clients", "client_id | client_name\n1 | Ромашка")
    world.given("orders", "client_id | date | amount\n1 | 2026-01-10 | 100")
    world.build()
    file, _ = world.workspace.beside()
    canary = file.parent.parent / "canary.txt"
    canary.write_text(SECRET, encoding="utf-8")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)
        places = {"canary": canary, "dataset": file, "folder": file.parent, "port": listener.getsockname()[1]}
        texts = [text.format_map(places) for text in (*ATTACKS.values(), *HARMLESS.values())]
        before = state(folder)
        makes = ["create view core.clients as select * from dataset.core.clients"]
        said, own = answers(file, canary, texts, makes)
        names = [*ATTACKS, *(f"harmless_{name}" for name in HARMLESS)]
        yield Ground(world, canary, dict(zip(names, said, strict=True)), own, before, listener, places)
    world.workspace.close()


def test_there_are_a_hundred_attacks_and_more() -> None:
    assert len(ATTACKS) >= 100
    assert len(set(ATTACKS.values())) == len(ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_attack_is_refused(ground: Ground, attack: str) -> None:
    said, rows = ground.said[attack]
    assert rows is None
    assert said["error"] in ("sql", "no_select", "several", "changes", "blank", "unnamed_parameter", "too_long")
    assert SECRET not in str(said)
    assert str(ground.places["dataset"]) not in str(said).replace(ATTACKS[attack].format_map(ground.places), "")


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_answered_tells_nothing(ground: Ground, text: str) -> None:
    said, rows = ground.said[f"harmless_{text}"]
    assert said == {"is_cut": False}
    assert SECRET not in rows


def test_no_secret_stands_in_any_answer(ground: Ground) -> None:
    assert [name for name, answer in ground.said.items() if SECRET in str(answer)] == []


def test_no_file_is_changed_or_made(ground: Ground) -> None:
    assert state(ground.world.workspace.path.parent) == ground.before
    assert ground.world.workspace.manifest is not None  # no stray .wal: the dataset still opens


def test_nobody_connected(ground: Ground) -> None:
    with pytest.raises(BlockingIOError):
        ground.listener.accept()


def test_the_process_itself_can_open_nothing_and_knows_nothing(ground: Ground) -> None:
    assert ground.own == {"reads": "OSError", "writes": "OSError", "connects": "OSError", "environment": []}


def test_without_the_sandbox_the_same_texts_read_write_and_connect(ground: Ground, tmp_path: Path) -> None:
    """The list would notice: what is refused above is possible in DuckDB as it comes."""
    with duckdb.connect(":memory:") as db:
        assert SECRET in str(db.execute(ATTACKS["read_text"].format_map(ground.places)).fetchall())
        assert SECRET in str(db.execute(ATTACKS["read_in_macro_call"].format_map(ground.places)).fetchall())
        db.execute(ATTACKS["copy_to"].format_map({**ground.places, "folder": tmp_path}))
        assert (tmp_path / "new.csv").exists()


REFUSED = {
    "read_text": "errors.sql_wrong_at",
    "file_by_name": "errors.sql_wrong_at",
    "copy_to_wal": "errors.sql_no_select",
    "delete_in_cte": "errors.sql_changes",
    "two_with_copy": "errors.sql_several",
    "question_mark": "errors.sql_unnamed_parameter",
    "nothing": "errors.sql_blank",
    "too_long": "errors.sql_too_long",
}


@pytest.mark.parametrize("attack", REFUSED)
def test_the_refusal_is_a_sentence(ground: Ground, attack: str) -> None:
    with pytest.raises(KamError) as caught:
        sandbox.ask(ground.world.workspace, ATTACKS[attack].format_map(ground.places))
    assert caught.value.key == REFUSED[attack]
    assert state(ground.world.workspace.path.parent) == ground.before
