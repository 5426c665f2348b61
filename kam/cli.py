"""`python -m kam …`: the same verbs as the screens, for schedules and checks.

One sentence on stderr and exit 2 for what the user can mend, 64 for a call that is not one, 70 for what nobody foresaw.
Numbers are plain, dates ISO.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa

from kam import agenda_questions, audit, backup, cli_merges, cli_users, demo, diary, imports, log, norms, queries, review, sandbox
from kam.cli_output import PRINTERS, plain, print_remarks, print_rows
from kam.errors import KamError
from kam.exports import ics, papers
from kam.i18n import LANGUAGES, translator
from kam.loads import Changes
from kam.rebuild import rebuild
from kam.recognise import Correction
from kam.tables import load_tables
from kam.workspace import Workspace, default_path

USAGE, REFUSED, BROKEN = 64, 2, 70


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    arguments = _parser().parse_args(argv)
    t = translator(arguments.lang)
    try:
        ws = Workspace(arguments.workspace or default_path())
        try:
            return int(arguments.run(ws, arguments, t) or 0)
        finally:
            ws.close()
    except KamError as error:
        print(t.error(error), file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # nobody foresaw it: a number for the log instead of a traceback with data in it
        path = arguments.workspace or default_path()
        reference = log.failure(error, path, f"the command line ({arguments.verb})")
        print(t("cli.unforeseen", reference=reference, file=str(log.path(path))), file=sys.stderr)
        return BROKEN


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m kam", description="Ritm: key-account rhythm from spreadsheet exports.")
    parser.add_argument("--workspace", type=Path, help="folder of the workspace (else KAM_WORKSPACE, else data/workspace)")
    parser.add_argument("--lang", choices=LANGUAGES, default=_language(), help="language of messages (else KAM_LANG, else ru)")
    verbs = parser.add_subparsers(dest="verb", required=True, parser_class=_Parser)
    _add_import(verbs)
    _add_show(verbs)
    _add_sql(verbs)
    _add_report(verbs)
    _add_calendar(verbs)
    _add_audit(verbs)
    _verb(verbs, "list", _list, "the marts, a line each")
    _verb(verbs, "imports", _imports, "the log of imports")
    _verb(verbs, "undo", _undo, "go back to before the last import")
    _verb(verbs, "rebuild", _rebuild, "make the dataset anew from the kept files and the log of imports").add_argument(
        "--password", help="of protected books"
    )
    _verb(verbs, "backup", _backup, "write the whole workspace into one file").add_argument("file", type=Path)
    _verb(verbs, "restore", _restore, "put the workspace of a backup in the place of this one").add_argument("file", type=Path)
    cli_merges.add(partial(_verb, verbs))
    _verb(verbs, "norms", _norms, "show norms, or change them").add_argument("changes", nargs="*", metavar="KEY=VALUE")
    demo = _verb(verbs, "demo", _demo, "load the demo, or write its files")
    demo.add_argument("--rows", type=_count, help="about so many order lines")
    demo.add_argument("--out", type=Path, help="write the files there, load nothing")
    demo.add_argument("--if-empty", action="store_true", help="do nothing where something is loaded already")
    users = _verb(verbs, "user", cli_users.run, "who may sign in, in an office")
    cli_users.add(users)
    users.set_defaults(refuse=users.error)
    return parser


def _language() -> str:
    wanted = os.environ.get("KAM_LANG", "")[:2].lower()
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def _verb(verbs: Any, name: str, run: Any, summary: str) -> Any:
    parser = verbs.add_parser(name, help=summary, description=summary)
    parser.set_defaults(run=run)
    # Given after the verb as well as before it; SUPPRESS keeps what stood before.
    parser.add_argument("--workspace", type=Path, default=argparse.SUPPRESS)
    parser.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS)
    return parser


def _add_import(verbs: Any) -> None:
    for name, run, summary in (("import", _import, "load files"), ("inspect", _inspect, "the same report, nothing loaded")):
        parser = _verb(verbs, name, run, summary)
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--as", dest="table", choices=sorted(load_tables()), help="take every sheet for this table")
        parser.add_argument("--captured", type=_day, help="the day the exports were taken, YYYY-MM-DD")
        parser.add_argument("--map", type=Path, help="toml file: table, [fields] header = column, [styles] header = style")
        parser.add_argument("--mode", choices=("replace-period", "add", "replace-all"), default="replace-period")
        parser.add_argument("--password", help="of protected books")
        parser.add_argument("--json", action="store_true")


def _add_show(verbs: Any) -> None:
    parser = _verb(verbs, "show", _show, "the rows of a mart")
    parser.add_argument("mart")
    parser.add_argument("--as-of", type=_day, help="as known on that day, YYYY-MM-DD (else the latest in the data)")
    parser.add_argument("--param", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")


def _add_sql(verbs: Any) -> None:
    parser = _verb(verbs, "sql", _sql, "ask a SELECT of your own; its $parameters are given as --param")
    parser.add_argument("text", metavar="SELECT")
    parser.add_argument("--as-of", type=_day, help="the value of $as_of and of the marts named, YYYY-MM-DD (else the latest in the data)")
    parser.add_argument("--param", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
    parser.add_argument("--all", action="store_true", help=f"all rows, {sandbox.EXPORTED_ROWS} at most, not the first {sandbox.SHOWN_ROWS}")
    parser.add_argument("--explain", action="store_true", help="the plan instead of the rows")


def _add_report(verbs: Any) -> None:
    parser = _verb(verbs, "report", _report, "the weekly review as a book or as a sheet to print")
    parser.add_argument("--out", type=_paper, required=True, metavar="FILE.xlsx|FILE.html")
    parser.add_argument("--as-of", type=_day, help="as known on that day, YYYY-MM-DD (else the latest in the data)")
    parser.add_argument("--manager", metavar="NAME", help="of one manager")
    parser.add_argument("--review", type=_count, metavar="NUMBER", help="a closed one, as it was")
    parser.set_defaults(refuse=parser.error)


def _add_calendar(verbs: Any) -> None:
    parser = _verb(verbs, "calendar", _calendar, "what is due as a calendar file: promises, decisions, meetings, windows, touches")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.ics")
    parser.add_argument("--as-of", type=_day, help="as known on that day, YYYY-MM-DD (else the latest in the data)")
    parser.add_argument("--manager", metavar="NAME", help="what one person has to do")


def _add_audit(verbs: Any) -> None:
    parser = _verb(verbs, "audit", _audit, "who did what, the newest first")
    parser.add_argument("--since", type=_day, help="from that day on, YYYY-MM-DD")
    parser.add_argument("--till", type=_day, help="up to that day, YYYY-MM-DD")
    parser.add_argument("--who", metavar="NAME", help="of one user; '' is this computer")
    parser.add_argument("--action", choices=audit.ACTIONS)
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")


def _paper(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower().lstrip(".") not in papers.MAKERS:
        raise argparse.ArgumentTypeError(f"{text!r} is neither .xlsx nor .html")
    return path


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date, write YYYY-MM-DD") from None


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above zero")
    return int(text)


# import, inspect, imports, undo, demo


def _import(ws: Workspace, arguments: argparse.Namespace, t: Any) -> int:
    reports = imports.load(ws, _uploads(arguments), arguments.mode, arguments.captured, _corrections(arguments), tables=arguments.table)
    return _print_reports(reports, arguments.json, t)


def _inspect(ws: Workspace, arguments: argparse.Namespace, t: Any) -> int:
    reports = imports.inspect(ws, _uploads(arguments), _corrections(arguments), arguments.captured, tables=arguments.table, mode=arguments.mode)
    return _print_reports(reports, arguments.json, t)


def _uploads(arguments: argparse.Namespace) -> list[imports.Upload]:
    return [imports.Upload(file.name, file, arguments.password) for file in arguments.files]


def _corrections(arguments: argparse.Namespace) -> dict[tuple[str, str], Correction]:
    if arguments.map is None:
        return {}
    try:
        content = tomllib.loads(arguments.map.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KamError("errors.map_unreadable", file=arguments.map.name, why=str(error)) from None
    return {imports.EVERY_SHEET: Correction.from_dict({"table": None, "fields": {}, "styles": {}, **content})}


def _print_reports(reports: Sequence[imports.SheetReport], as_json: bool, t: Any) -> int:
    rows = [_report_row(report, t) for report in reports]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        shown = ("file", "sheet", "table", "rows_read", "rows_loaded", "rows_rejected", "reasons")
        print_rows([{key: row[key] for key in shown} for row in rows], shown)
        print_remarks(reports, t)
    refused = [row["error"] for row in rows if row["error"]]
    for sentence in refused:
        print(sentence, file=sys.stderr)
    return REFUSED if refused else 0


def _report_row(report: imports.SheetReport, t: Any) -> dict[str, Any]:
    return {
        "file": report.file, "sheet": report.sheet, "table": report.table, "rows_read": report.rows_read,
        "rows_loaded": report.rows_loaded, "rows_rejected": report.rows_rejected, "reasons": report.reasons,
        "replaced_rows": report.replaced_rows, "changes": _changes(report.changes),
        "amount_made": report.amount_made, "amount": plain(report.amount),
        "captured_on": plain(report.captured_on), "period": plain(list(report.period)) if report.period else None,
        "total": plain(report.total), "total_difference": plain(report.total_difference),
        "left_out": dict(Counter(row.kind for row in report.left_out)), "continued_rows": report.continued,
        "notes": [t(note.key, **note.facts) for note in (*report.readings, *report.remarks)],
        "error": t.error(report.error) if report.error else None,
    }  # fmt: skip


def _changes(changes: Changes | None) -> dict[str, int] | None:
    return None if changes is None else {kind: getattr(changes, kind) for kind in ("new", "changed", "gone", "same")}


def _imports(ws: Workspace, arguments: argparse.Namespace, t: Any) -> None:
    rows = [
        {"number": item.number, "imported_at": item.imported_at, "undone_at": item.undone_at, "mode": item.mode,
         "file": file["file"], "sheet": file["sheet"], "table": file["table"], "rows_read": file["rows_read"],
         "rows_loaded": file["rows_loaded"], "rows_rejected": file["rows_rejected"]}
        for item in imports.history(ws) for file in item.files
    ]  # fmt: skip
    print_rows(rows, tuple(rows[0]) if rows else ())


def _undo(ws: Workspace, arguments: argparse.Namespace, t: Any) -> None:
    imports.undo(ws)
    print(t("cli.undone"))


def _rebuild(ws: Workspace, arguments: argparse.Namespace, t: Any) -> None:
    print(t("cli.rebuilt", count=rebuild(ws, arguments.password)))


def _backup(ws: Workspace, arguments: argparse.Namespace, t: Any) -> None:
    saved = backup.save(ws, arguments.file)
    print(t("cli.backed_up", datasets=saved.dataset_count, files=saved.file_count, file=str(arguments.file)))


def _restore(ws: Workspace, arguments: argparse.Namespace, t: Any) -> None:
    saved = backup.restore(ws, arguments.file)
    print(t("cli.restored", made=datetime.fromisoformat(saved.made_at), datasets=saved.dataset_count, files=saved.file_count))


def _demo(ws: Workspace, arguments: argparse.Namespace, t: Any) -> int:
    if arguments.out is not None:
        for path in demo.write(arguments.out, arguments.rows):
            print(path)
        return 0
    if arguments.if_empty and ws.dataset_id is not None:
        return 0
    return _print_reports(imports.load_demo(ws, arguments.rows), False, t)


# show, list, norms


def _show(ws: Workspace, arguments: argparse.Namespace, t: Any) -> None:
    name = arguments.mart if "." in arguments.mart else f"marts.{arguments.mart}"
    table = ws.fetch(name, **_params(name, arguments))
    PRINTERS[arguments.format](table)


def _params(name: str, arguments: argparse.Namespace) -> dict[str, Any]:
    declared = queries.compile_query(name).params if name in queries.all_queries() else {}
    params: dict[str, Any] = {"as_of": arguments.as_of} if "as_of" in declared else {}
    for text in arguments.param:
        key, value = _named(text)
        params[key] = _parse_param(key, value, declared.get(key, "varchar"))
    return params


def _parse_param(key: str, value: str, kind: str) -> Any:
    parsers: dict[str, Callable[[str], Any]] = {"date": date.fromisoformat, "integer": int, "double": float}
    parse = parsers.get(kind, str)
    try:
        return parse(value)
    except ValueError:
        raise KamError("errors.param_value", param=key, value=value, kind=kind) from None


def _sql(ws: Workspace, arguments: argparse.Namespace, t: Any) -> None:
    values = dict(_named(text) for text in arguments.param)
    known = {*sandbox.parameters(arguments.text), *sandbox.mart_parameters(arguments.text)}
    for name in sorted(set(values) - known):
        raise KamError("errors.sql_parameter_unknown", param=name, known=", ".join(sorted(known)) or "—")
    if arguments.explain:
        print(sandbox.explain(ws, arguments.text, arguments.as_of, values))
        return
    ask = sandbox.ask_all if arguments.all else sandbox.ask
    answer = ask(ws, arguments.text, arguments.as_of, values)
    ws.journal.told("sql", arguments.text, rows=answer.table.num_rows)
    PRINTERS[arguments.format](answer.table)
    if answer.is_cut:
        print(t("cli.sql_cut", count=answer.table.num_rows), file=sys.stderr)


def _named(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise KamError("errors.param_form", text=text)
    return name, value


def _report(ws: Workspace, arguments: argparse.Namespace, t: Any) -> None:
    if arguments.review and (arguments.as_of or arguments.manager):
        arguments.refuse("--review names a closed review: it takes neither --as-of nor --manager")
    shown = _review(ws, arguments)
    t = translator(t.language, ws.extent()["currency"])
    papers.save(arguments.out, papers.paper(shown, t, arguments.out.suffix.lower().lstrip(".")))
    ws.journal.told("export", arguments.out.name, rows=shown.line_count)
    print(t("cli.reported", count=shown.line_count, day=papers.day_of(shown), money=t.money(shown.money), file=arguments.out))


def _audit(ws: Workspace, arguments: argparse.Namespace, t: Any) -> None:
    found = [
        one for one in audit.entries(ws.path, arguments.since, arguments.till)
        if arguments.who in (None, one.who or "") and arguments.action in (None, one.action)
    ]  # fmt: skip
    columns: dict[str, list[str]] = {
        "at": [one.at.astimezone().isoformat(timespec="seconds") for one in found],
        "who": [one.who or "" for one in found],
        "action": [one.action for one in found],
        "what": [one.what for one in found],
        "facts": [json.dumps(one.facts, ensure_ascii=False) for one in found],
    }
    PRINTERS[arguments.format](pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()}))


def _review(ws: Workspace, arguments: argparse.Namespace) -> review.Review:
    if arguments.review is None:
        shown = review.of_workspace(ws, arguments.as_of, _manager(ws, arguments.manager))
        filters = {"manager": shown.manager} if shown.manager else {}
        return replace(shown, questions=agenda_questions.asked(ws, arguments.lang, shown.as_of, filters))
    minutes = review.minutes_of(ws)
    held = next((one for one in minutes.reviews() if one.number == arguments.review), None)
    if held is None:
        raise KamError("errors.review_unknown", number=arguments.review)
    return review.closed_review(minutes, held)


def _calendar(ws: Workspace, arguments: argparse.Namespace, t: Any) -> None:
    as_of = arguments.as_of or ws.default_as_of()
    if as_of is None:
        raise KamError("errors.review_no_date")
    found = diary.entries(partial(_fetched, ws, as_of), review.minutes_of(ws).decisions(), as_of, _manager(ws, arguments.manager))
    papers.save(arguments.out, ics.calendar(found, t))
    ws.journal.told("export", arguments.out.name, rows=len(found))
    print(t("cli.calendar", count=len(found), day=as_of, file=arguments.out))


def _fetched(ws: Workspace, as_of: date, mart: str, **params: Any) -> pa.Table:
    """A mart with those of the parameters that it takes."""
    taken = queries.compile_query(mart).params
    return ws.fetch(mart, **{name: value for name, value in {**params, "as_of": as_of}.items() if name in taken})


def _manager(ws: Workspace, name: str | None) -> str | None:
    """A manager as the data writes the name, case aside."""
    if name is None:
        return None
    values = ws.fetch("marts.filter_values").to_pylist()
    known = [row["value"] for row in values if row["dimension"] == "manager"]
    found = [one for one in known if one.casefold() == name.strip().casefold()]
    if not found:
        raise KamError("errors.manager_unknown", name=name, known=", ".join(known) or "—")
    return name if name in found else str(found[0])


def _list(ws: Workspace, arguments: argparse.Namespace, t: Any) -> None:
    for query in queries.all_queries().values():
        if query.layer == "marts":
            print(f"{query.stem:28} {query.summary}")


def _norms(ws: Workspace, arguments: argparse.Namespace, t: Any) -> None:
    for change in arguments.changes:
        key, separator, value = change.partition("=")
        if not separator:
            raise KamError("errors.param_form", text=change)
        norm = norms.get(key.strip())
        norm.parse(value)
        ws.journal.set_norm(norm.key, None if value.strip() == norm.default else value.strip())
    in_force = ws.norms()
    rows = [
        {"key": norm.key, "value": plain(in_force[norm.key]), "default": norm.default, "unit": norm.unit, "origin": norm.origin}
        for norm in norms.load_norms().values()
    ]
    print_rows(rows, ("key", "value", "default", "unit", "origin"))
