"""Reviews made by hand for the tests of papers: one with everything, and texts that would do harm if they were obeyed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pyarrow as pa

from kam.agenda_questions import NOTHING, AgendaQuestion
from kam.answers import kept
from kam.headline import Change, Figure
from kam.minutes import Decision, Held, SetAside, Step
from kam.review import SECTIONS, Line, Reason, Review, Section

AS_OF, BEFORE, DUE = date(2026, 11, 20), date(2026, 11, 13), date(2026, 11, 27)
HELD = Held(4, BEFORE, BEFORE, None, "2026-11-13T10:00:00+00:00")
HOSTILE = (
    "=1+1", "+7 495", "-1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(\"http://evil.example/\",\"x\")", "<script>alert(1)</script>",
    "<img src=http://evil.example/a.png onerror=alert(1)>", "![x](http://evil.example/a.png)", "http://evil.example/", "'quoted'",
    "&nbsp;&lt;b&gt;", "\u202eнаоборот", "a\x00\x07b", "{count} {0}", "</style></head>", "Ы" * 32_000,
)  # fmt: skip


def reason(section: str, code: str | None = None, item: str = "", **facts: object) -> Reason:
    return Reason(section, item or section, code or section, dict(facts), None, None)


def line(section: str, client: str, name: str, money: str | None, *reasons: Reason, **more: object) -> Line:
    stake = None if money is None else Decimal(money)
    return Line(section, client, name, "Иванов", "Иванов", "A+", True, stake, reasons, **more)  # type: ignore[arg-type]


def overdue(text: str = "Прислать счёт", days: int = 12, item: str = "p1") -> Reason:
    return reason("overdue", item=item, text=text, due_on="2026-11-08", count=days, working_days=9, moves=0)


def forgotten(days: int = 39) -> Reason:
    return reason("forgotten", count=days, last_on="2026-10-12")


def decision(number: int, what: str = "Позвонить", who: str = "Иванов", steps: tuple[Step, ...] = (), client: str = "1") -> Decision:
    return Decision(number, None, None, client, "Ромашка", None, BEFORE, what, who, DUE, steps)


def review(lines: list[Line], **more: object) -> Review:
    sections = tuple(Section(name, tuple(one for one in lines if one.section == name)) for name in SECTIONS)
    known = {"figures": (), "set_aside": (), "decisions": (), **more}
    return Review(as_of=AS_OF, manager=known.pop("manager", None), sections=sections, **known)  # type: ignore[arg-type]


def full() -> Review:
    """Two sections with lines, a client with two promises, a decision asked and one made, one line set aside."""
    moved = decision(1, "Вернуть деньги", steps=(Step("moved", AS_OF, date(2026, 12, 4), "ждём банк"),))
    lines = [
        line("decisions", "3", "Астра", "70.5", asked=(moved,)),
        line("overdue", "1", "Ромашка", "1000.10", overdue(), overdue("Завезти", 35, "p2"), forgotten(), made=(decision(2),)),
        line("overdue", "2", "Лютик", "200.20", overdue(days=3)),
        line("forgotten", "4", "Клевер", None, forgotten(8)),
    ]
    aside = line("overdue", "5", "Мак", "5", overdue(), aside=SetAside("p9", AS_OF, DUE, "ждём юристов"))
    figures = (
        Figure("revenue", "money", 150.0, 120.0, 30.0, (
            Change("1", "Ромашка", Decimal(20), Decimal(90), 70.0), Change("9", "Новый", Decimal(100), Decimal(60), -40.0),
        )),
        Figure("kept", "percent", 0.6, 0.5, 0.1, (Change("2", "Лютик", Decimal("0.5"), Decimal(1), 0.1),)),
        Figure("silent", "count", None, 2.0),
    )  # fmt: skip
    return review(
        lines, figures=figures, set_aside=(aside,), decisions=(decision(2),), previous=HELD, missing=("contacts",)
    )


def asked() -> Review:
    """The same with four questions: of clients, of sums, without rows, failed; decisions about a client of the first."""
    clients = pa.table({
        "client_id": ["1", "7", None], "client_name": ["Ромашка", "Новый", "Без кода"], "revenue": pa.array([Decimal("12.2"), Decimal(3), None]),
        "last_order_on": [BEFORE, None, None], "status": ["lost", None, None], "is_key": [True, False, None],
    })  # fmt: skip
    sums = pa.table({"month_on": [BEFORE] * 25, "n": list(range(25))} | {f"c{number}": [number] * 25 for number in range(8)})
    questions = (
        AgendaQuestion("one", "Кто: <всё>", kept(clients)),
        AgendaQuestion("two", "Кто: <всё>", kept(sums), is_cut=True, unheeded=("manager",)),
        AgendaQuestion("three", "Пусто", kept(sums.slice(0, 0))),
        AgendaQuestion("four", "Сломан", error="errors.sql_wrong_at", facts={"line": 1, "column": 8, "what": "нет <b>такого</b>"}),
    )
    decisions = (decision(2), replace(decision(3, "Спросить", "Петров"), item_id="question:one"))
    return replace(full(), questions=questions, decisions=decisions)


def closed() -> Review:
    return replace(full(), held=Held(5, date(2026, 11, 23), AS_OF, None, "2026-11-23T10:00:00+00:00"))


def hostile() -> Review:
    """Every dangerous text as a client's name, a promise, a decision, an owner, a reason to set aside."""
    lines = [
        replace(
            line("overdue", f"{number}{text}", text, "10", overdue(text, item=f"p{number}"), made=(decision(number, text, text),)),
            owner=text,
        )
        for number, text in enumerate(HOSTILE)
    ]
    asides = tuple(replace(one, aside=SetAside("x", AS_OF, DUE, one.client_name or "")) for one in lines)
    changes = tuple(Change(text, text, Decimal(1), None, -1.0) for text in HOSTILE)
    figures = (Figure("overdue", "count", 1.0, 1.0 + len(HOSTILE), -float(len(HOSTILE)), changes),)
    decisions = tuple(decision(number, text, text) for number, text in enumerate(HOSTILE))
    texts = kept(pa.table({"client_id": HOSTILE, "client_name": HOSTILE, "what": HOSTILE}))
    questions = tuple(AgendaQuestion(str(number), text, texts if number == 3 else NOTHING) for number, text in enumerate(HOSTILE))
    questions += (AgendaQuestion("failed", "x", error="errors.sql_wrong", facts={"what": HOSTILE[7]}),)
    return review(
        lines, figures=figures, set_aside=asides, decisions=decisions, previous=HELD, manager="".join(HOSTILE[:16]), questions=questions
    )
