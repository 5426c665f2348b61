"""`python -m kam user …`: who may sign in. Changes the users' file that KAM_USERS or --users names; needs no data."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kam.access import ROLES, User
from kam.errors import KamError
from kam.gate import Users, passwords
from kam.gate.office import VARIABLE
from kam.gate.sessions import Sessions
from kam.gate.users import Entry
from kam.workspace import Workspace

Run = Callable[[Users, argparse.Namespace, Any], str]


def add(parser: Any) -> None:
    """Puts the verbs under `user`."""
    verbs = parser.add_subparsers(dest="user_verb", required=True)
    adding = _verb(verbs, "add", _add, "add a user; the first one makes the file")
    adding.add_argument("--role", choices=ROLES, required=True)
    adding.add_argument("--manager", metavar="NAME", help="for the role manager: the name under which the data know the person")
    adding.add_argument("--email", help="of the company account, for a sign-in without a password of ours (OIDC)")
    adding.add_argument("--no-password", action="store_true", help="the company account is the only way in")
    changing = _verb(verbs, "password", _password, "give a user another password; earlier sessions end")
    for one in (adding, changing):
        one.add_argument("--password-stdin", action="store_true", help="the password is the first line of the standard input")
    _verb(verbs, "remove", _remove, "remove a user, who is out at once")
    leaving = _verb(verbs, "sign-out", _sign_out, "end every session of a user, or of everybody")
    leaving.add_argument("--everybody", action="store_true", help="give no name then")
    _verb(verbs, "list", _list, "who there is")


def run(ws: Workspace, arguments: argparse.Namespace, t: Any) -> None:
    """Runs one of the verbs and prints what it says."""
    path = arguments.users or os.environ.get(VARIABLE)
    if not path:
        raise KamError("users.nowhere")
    users = Users(Path(path))
    said = arguments.user_run(users, arguments, t)
    if arguments.user_verb != "list":
        ws.journal.told("user", arguments.name or "", kind=arguments.user_verb, role=getattr(arguments, "role", None))
    if said:
        print(said)
    if arguments.user_verb == "add" and arguments.manager:
        _warn_of_manager(ws, arguments.manager, t)


def _verb(verbs: Any, name: str, run: Run, summary: str) -> Any:
    parser = verbs.add_parser(name, help=summary, description=summary)
    parser.set_defaults(user_run=run)
    if name != "list":
        parser.add_argument("name", metavar="NAME", nargs="?" if name == "sign-out" else None)
    parser.add_argument("--users", type=Path, metavar="FILE", help=f"the users' file (else {VARIABLE})")
    return parser


def _add(users: Users, arguments: argparse.Namespace, t: Any) -> str:
    password = None if arguments.no_password else passwords.hashed(_asked(arguments, t))
    users.add(Entry(User(arguments.name.strip(), arguments.role, arguments.manager), password, arguments.email))
    return str(t("users.added", name=arguments.name))


def _password(users: Users, arguments: argparse.Namespace, t: Any) -> str:
    users.change(arguments.name, password=passwords.hashed(_asked(arguments, t)))
    return str(t("users.changed", name=arguments.name))


def _remove(users: Users, arguments: argparse.Namespace, t: Any) -> str:
    users.remove(arguments.name)
    return str(t("users.removed", name=arguments.name))


def _sign_out(users: Users, arguments: argparse.Namespace, t: Any) -> str:
    if arguments.everybody == bool(arguments.name):
        arguments.refuse("give either a NAME or --everybody")
    if arguments.everybody:
        users.entries()
        Sessions(users).end_all()
        return str(t("users.all_signed_out"))
    users.change(arguments.name)
    return str(t("users.signed_out", name=arguments.name))


def _list(users: Users, arguments: argparse.Namespace, t: Any) -> str:
    rows = [
        (one.user.name, one.user.role, one.user.manager or "", one.email or "", "password" if one.password else "company account")
        for one in users.entries().values()
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(5)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)


def _asked(arguments: argparse.Namespace, t: Any) -> str:
    if arguments.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass(t("users.password_ask"))
    if getpass.getpass(t("users.password_again")) != password:
        raise KamError("users.password_differs")
    return password


def _warn_of_manager(ws: Workspace, name: str, t: Any) -> None:
    """A manager whom the data do not know sees nobody: said at once, as it is mostly a slip of the pen."""
    if ws.dataset_id is None:
        return
    if ws.fetch("marts.person_of", person_name=name).num_rows != 1:
        rows = ws.fetch("marts.filter_values").to_pylist()
        known = [row["value"] for row in rows if row["dimension"] == "manager"]
        print(t("users.manager_unseen", name=name, known=", ".join(known) or "—"), file=sys.stderr)
