"""The rules of the house, each held by a function that names its breaches, and shown to bite on a tree that breaks it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kam import queries

ROOT = Path(__file__).resolve().parent.parent

# Rule 1: a package is imported only in its home.
HOMES = {
    "duckdb": ("kam/workspace.py", "kam/build.py", "kam/raw_rows.py", "kam/blank.py", "kam/own_file.py", "kam/sandbox_child.py"),
    "sqlite3": ("kam/journal.py",),
    "plotly": ("kam/charts/",),
    "streamlit": ("kam/ui/", "app.py", "pages/"),
    "fastexcel": ("kam/readers_books.py",),
    "openpyxl": ("kam/readers_books.py",),
    "msoffcrypto": ("kam/readers_child.py",),
    "charset_normalizer": ("kam/readers_encoding.py",),
    "xlsxwriter": ("kam/exports/books.py",),
    "icalendar": ("kam/exports/ics.py",),
    "holidays": ("kam/workdays.py",),
    "psutil": ("kam/sandbox.py", "kam/scratch.py"),
    "yaml": ("kam/headers.py",),
    "rapidfuzz": ("kam/headers.py", "kam/recognise.py"),
}
# Rule 2: which layers a layer of SQL may read.
READS = {
    "macros": (),
    "staging": ("raw",),
    "core": ("staging", "core"),
    "ref": ("core", "ref"),
    "metrics": ("core", "ref", "metrics"),
    "checks": ("raw", "staging", "core", "ref", "metrics", "checks"),
    "marts": ("core", "ref", "metrics", "checks"),
}
PAGE_LINES = 80
BANNED_IN_PAGES = re.compile(r"\.(groupby|merge|pivot|pivot_table|agg|sum)\(")


def python_files(root: Path, *parts: str) -> Iterator[tuple[str, ast.Module, str]]:
    """(path, tree, text) of every Python file under the parts."""
    for part in parts:
        paths = [root / part] if part.endswith(".py") else sorted((root / part).rglob("*.py"))
        for path in paths:
            if path.exists():
                text = path.read_text(encoding="utf-8")
                yield path.relative_to(root).as_posix(), ast.parse(text), text


def product_files(root: Path) -> Iterator[tuple[str, ast.Module, str]]:
    return python_files(root, "app.py", "pages", "kam")


def imported(tree: ast.Module) -> set[str]:
    """Dotted names of everything that a module imports, inside functions too."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def sql_files(root: Path) -> dict[str, queries.Query]:
    return queries.all_queries(root / "queries")


def locale(root: Path, language: str) -> dict[str, str]:
    """Flat keys of a locale: plural tables (with `other`) are one key."""

    def walk(tree: dict[str, object], prefix: str) -> Iterator[tuple[str, str]]:
        for name, value in tree.items():
            if isinstance(value, dict) and "other" not in value:
                yield from walk(value, f"{prefix}{name}.")
            else:
                yield f"{prefix}{name}", str(value["other"] if isinstance(value, dict) else value)

    text = (root / f"kam/locales/{language}.toml").read_text(encoding="utf-8")
    return dict(walk(tomllib.loads(text), ""))


# The rules


def stray_imports(root: Path) -> list[str]:
    """Rule 1: a package outside its home, kam.ui imported from kam outside it, a page imported by anybody."""
    found = []
    for path, tree, _ in product_files(root):
        names = imported(tree)
        for package, homes in HOMES.items():
            uses = any(name == package or name.startswith(package + ".") for name in names)
            if uses and not path.startswith(homes):
                found.append(f"{path} imports {package}")
        if path.startswith("kam/") and not path.startswith("kam/ui/") and any(n.startswith("kam.ui") for n in names):
            found.append(f"{path} imports kam.ui")
        if any(name == "pages" or name.startswith("pages.") for name in names):
            found.append(f"{path} imports a page")
    return found


def upward_reads(root: Path) -> list[str]:
    """Rule 2: a layer that reads one it must not."""
    return [
        f"{name} reads {table}"
        for name, query in sql_files(root).items()
        for table in sorted(query.tables)
        if table.split(".")[0] not in READS[query.layer]
    ]


def unknown_tables(root: Path) -> list[str]:
    """Rule 2: a table named in SQL that no file makes; ref tables made in Python are given by data/*.csv and the journal."""
    in_python = {"ref.calendar", "ref.distinct_pairs", "ref.distinct_people"}
    made = set(sql_files(root)) | in_python | {f"ref.{path.stem}" for path in (root / "data").glob("*.csv")}
    return [
        f"{name} reads {table}, which nothing makes"
        for name, query in sql_files(root).items()
        for table in sorted(query.tables)
        if not table.startswith("raw.") and table not in made
    ]


def bad_headers(root: Path) -> list[str]:
    """Rule 3: a file opens with a sentence and its grain, and declares the parameters that it and its metrics use."""
    found = []
    files = sql_files(root)
    for name, query in files.items():
        taken = set(queries.used_params(query)).union(
            *(files[table].params for table in query.tables if queries.is_inlined(table) and table in files)
        )
        if not query.summary.endswith((".", ":", "…")) and len(query.header) < 2:
            found.append(f"{name} does not open with a sentence")
        if query.layer != "macros" and not any(line.startswith("grain:") for line in query.header):
            found.append(f"{name} has no grain")
        if set(query.params) != taken and query.layer != "macros":
            found.append(f"{name} declares {sorted(query.params)} and uses {sorted(taken)}")
    return found


def misplaced_parameters(root: Path) -> list[str]:
    """Rule 4: parameters and norms outside metrics, checks and marts; the clock anywhere."""
    found = []
    for name, query in sql_files(root).items():
        if query.layer not in ("metrics", "checks", "marts") and (query.norms or queries.used_params(query)):
            found.append(f"{name} takes parameters or norms")
        if re.search(r"\b(current_date|current_timestamp|now\(|today\()", query.text):
            found.append(f"{name} asks the clock")
    return found


def page_breaches(root: Path) -> list[str]:
    """Rule 5: a page longer than it may be, with SQL, visible words or arithmetic on data."""
    found = []
    for path, tree, text in python_files(root, "app.py", "pages"):
        if len(text.splitlines()) > PAGE_LINES:
            found.append(f"{path} has more than {PAGE_LINES} lines")
        found += [f"{path}: {words!r}" for words in visible_words(tree)]
    for path, _, text in python_files(root, "app.py", "pages", "kam/charts"):
        found += [f"{path} works on data: {match.group(0)}" for match in BANNED_IN_PAGES.finditer(text)]
    return found


def visible_words(tree: ast.Module) -> list[str]:
    """String constants, docstrings apart, that a reader could see: Cyrillic, a phrase, or SQL."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    words = (
        n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in docstrings
    )
    return [word for word in words if re.search(r"[а-яё]|[A-Za-z]{2,} [A-Za-z]{2,}|\bselect\b", word, re.IGNORECASE)]


def locale_breaches(root: Path) -> list[str]:
    """Rule 6: languages that differ in keys or placeholders, and literal keys used that do not exist."""
    ru, en = locale(root, "ru"), locale(root, "en")
    found = [f"{key} is not in both languages" for key in sorted(set(ru) ^ set(en))]
    for key in sorted(set(ru) & set(en)):
        holes = [set(re.findall(r"{(\w+)", words[key])) for words in (ru, en)]
        if holes[0] != holes[1]:
            found.append(f"{key} has other placeholders in the other language")
    for path, tree, _ in product_files(root):
        for key in literal_keys(tree):
            if key not in ru and not any(known.startswith(key + ".") for known in ru):
                found.append(f"{path} uses {key}, which does not exist")
    return found


def literal_keys(tree: ast.Module) -> set[str]:
    """Keys written out in calls t("…"), screen.t("…") and KamError("…")."""
    keys = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            value = node.args[0].value
            if name in ("t", "KamError") and isinstance(value, str) and re.fullmatch(r"[a-z_]+(\.[a-z0-9_]+)+", value):
                keys.add(value)
    return keys


def norm_breaches(root: Path) -> list[str]:
    """Rule 6: norms used that do not exist, and norms that nothing uses."""
    lines = (root / "data/norms.csv").read_text(encoding="utf-8").splitlines()[1:]
    declared = {line.split(",")[0] for line in lines}
    used = {norm for query in sql_files(root).values() for norm in query.norms}
    python = "".join(text for _, _, text in product_files(root))
    found = [f"norm {norm} does not exist" for norm in sorted(used - declared)]
    return found + [f"norm {norm} is used by nothing" for norm in sorted(declared - used) if f'"{norm}"' not in python]


def unused_marts(root: Path) -> list[str]:
    """Rule 6: marts that no page, export or command asks for (those of the contract apart), metrics and checks that nothing reads."""
    python = "".join(text for _, _, text in product_files(root))
    files = sql_files(root)
    read = {table for query in files.values() for table in query.tables}
    named = {mart for query in files.values() for mart in re.findall(r"'(marts\.\w+)'", query.text)}  # evidence of a line
    found = []
    for name, query in files.items():
        if query.layer == "marts" and name not in python and name not in named and query.stem not in CONTRACT:
            found.append(f"{name} is used by nothing")
        if query.layer in ("metrics", "checks", "core", "staging") and name not in read and f"{name}" not in python:
            found.append(f"{name} is read by nothing")
    return found


CONTRACT = ("client_cycles", "client_classes", "client_stages", "touch_compliance", "promise_states", "weekly_agenda")


def pages_without_menu(root: Path) -> list[str]:
    """Rule 6: a page that the menu does not lead to."""
    menu = (root / "kam/ui/menu.py").read_text(encoding="utf-8")
    return [path.name for path in sorted((root / "pages").glob("*.py")) if path.stem not in re.findall(r"[a-z_]+", menu)]


CALLBACKS = ("on_click", "on_change", "on_select", "on_dismiss")
THROUGH = ("show", "table")  # our own functions that hand a callback on, and guard it


def unguarded_callbacks(root: Path) -> list[str]:
    """Rule 7: a widget's callback that nothing catches, and a dialog or fragment outside the one place that catches its own."""
    found = []
    for path, tree, _ in python_files(root, "app.py", "pages", "kam/ui"):
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            given = [word for word in node.keywords if word.arg in CALLBACKS and called not in THROUGH]
            found += [f"{path}: {word.arg} of {called} is not guarded" for word in given if not is_guarded(word.value)]
            if called in ("dialog", "fragment") and path != "kam/ui/evidence.py":
                found.append(f"{path} opens a {called}")
    return found


def is_guarded(value: ast.expr) -> bool:
    """Whether what is given as a callback is a word ("ignore"), or wrapped by failures.guarded."""
    if isinstance(value, ast.IfExp):
        return is_guarded(value.body) and is_guarded(value.orelse)
    if isinstance(value, ast.Call):
        return (value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")) == "guarded"
    return isinstance(value, ast.Constant)


RULES: dict[str, Callable[[Path], list[str]]] = {
    rule.__name__: rule
    for rule in (
        stray_imports, upward_reads, unknown_tables, bad_headers, misplaced_parameters, page_breaches, locale_breaches,
        norm_breaches, unused_marts, pages_without_menu, unguarded_callbacks,
    )
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_the_house_keeps_the_rule(rule: str) -> None:
    assert RULES[rule](ROOT) == []


# Each rule bites

GOOD_SQL = "-- One.\n-- grain: one row\nselect 1 as one\n"
BREACHES = {
    "stray_imports": [
        ("kam/formats.py", "import duckdb\n", "kam/formats.py imports duckdb"),
        ("kam/imports.py", "def f():\n    from kam.ui import page\n", "kam/imports.py imports kam.ui"),
        ("app.py", "import pages.abcd\n", "app.py imports a page"),
    ],
    "upward_reads": [("queries/core/x.sql", GOOD_SQL + "from marts.y", "core.x reads marts.y")],
    "unknown_tables": [("queries/marts/x.sql", GOOD_SQL + "from core.nobody", "marts.x reads core.nobody, which nothing makes")],
    "bad_headers": [
        ("queries/marts/x.sql", "select 1", "marts.x does not open with a sentence"),
        ("queries/marts/x.sql", "-- One.\nselect 1", "marts.x has no grain"),
        ("queries/marts/x.sql", "-- One.\n-- grain: row\nselect $as_of", "marts.x declares [] and uses ['as_of']"),
    ],
    "misplaced_parameters": [
        ("queries/core/x.sql", GOOD_SQL + "where norm('k_sleep') > 1", "core.x takes parameters or norms"),
        ("queries/marts/x.sql", GOOD_SQL + "where d < current_date", "marts.x asks the clock"),
    ],
    "page_breaches": [
        ("pages/x.py", "st.write('Все клиенты')\n", "pages/x.py: 'Все клиенты'"),
        ("pages/x.py", "st.write('All clients')\n", "pages/x.py: 'All clients'"),
        ("pages/x.py", "sql = 'select * from t'\n", "pages/x.py: 'select * from t'"),
        ("pages/x.py", "x = 1\n" * 81, "pages/x.py has more than 80 lines"),
        ("kam/charts/x.py", "frame.groupby('a')\n", "kam/charts/x.py works on data: .groupby("),
    ],
    "locale_breaches": [
        ("kam/locales/en.toml", "[a]\nb = 'x {n}'\nc = 'y'\n", "a.c is not in both languages"),
        ("kam/locales/en.toml", "[a]\nb = 'x'\n", "a.b has other placeholders in the other language"),
        ("pages/x.py", "screen.t('a.nothing')\n", "pages/x.py uses a.nothing, which does not exist"),
    ],
    "norm_breaches": [
        ("queries/marts/x.sql", GOOD_SQL + "where norm('nothing') > 1", "norm nothing does not exist"),
        ("data/norms.csv", "key,value\nidle,1\n", "norm idle is used by nothing"),
    ],
    "unused_marts": [
        ("queries/marts/x.sql", GOOD_SQL, "marts.x is used by nothing"),
        ("queries/metrics/x.sql", GOOD_SQL, "metrics.x is read by nothing"),
        ("queries/checks/x.sql", GOOD_SQL, "checks.x is read by nothing"),
    ],
    "unguarded_callbacks": [
        ("kam/ui/x.py", "st.button('x', on_click=go)\n", "kam/ui/x.py: on_click of button is not guarded"),
        ("pages/x.py", "a.table('x', on_select=None if y else go)\nb.chart(on_select=None if y else go)\n",
         "pages/x.py: on_select of chart is not guarded"),
        ("kam/ui/x.py", "@st.fragment(run_every=1)\ndef f(): ...\n", "kam/ui/x.py opens a fragment"),
    ],
    "pages_without_menu": [("pages/forgotten.py", "", "forgotten.py")],
}  # fmt: skip


def small_tree(root: Path) -> None:
    """A tree that keeps every rule."""
    for path, text in {
        "app.py": "", "kam/__init__.py": "", "pages/home.py": "", "kam/ui/menu.py": "PAGES = ['home']",
        "kam/locales/ru.toml": "[a]\nb = 'х {n}'\n", "kam/locales/en.toml": "[a]\nb = 'x {n}'\n",
        "data/norms.csv": "key,value\n",
    }.items():  # fmt: skip
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (root / "queries").mkdir()


def test_every_rule_has_a_breach() -> None:
    assert set(BREACHES) == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_a_small_tree_keeps_the_rule(rule: str, tmp_path: Path) -> None:
    small_tree(tmp_path)
    assert RULES[rule](tmp_path) == []


@pytest.mark.parametrize(("rule", "path", "text", "breach"), [(r, *b) for r, breaches in BREACHES.items() for b in breaches])
def test_the_rule_bites(rule: str, path: str, text: str, breach: str, tmp_path: Path) -> None:
    small_tree(tmp_path)
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    assert breach in RULES[rule](tmp_path)
