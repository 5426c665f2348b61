"""The weekly review as one html file that prints on A4 in black and white, with boxes to write decisions by hand.

The file is whole: no script, nothing fetched, and a policy in its head that forbids both. Every text is escaped; controls and
marks that turn the direction of writing are taken out, and what is longer than paper bears is cut with an ellipsis.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from html import escape
from itertools import chain
from pathlib import Path

from kam.agenda_questions import AgendaQuestion
from kam.columns import asked_label, kind_shown, worded, writer_of
from kam.exports import wording
from kam.exports.bars import Bar, bars
from kam.headline import Figure
from kam.i18n import Translator
from kam.minutes import Decision
from kam.review import QUESTIONS, Line, Review, Section

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
SECTION_LINES = 60  # on paper; the others are counted, and stand in the book
LONGEST_TEXT, LONGEST_FOOT = 500, 60
BLANK_DECISIONS = 6
QUESTION_ROWS, QUESTION_COLUMNS = 20, 7
CHART_OWNERS = 8
FOOT = '"foot"'  # stands in the style sheet where the foot of the page comes
# Where a bucket of METHOD 5 ends, and its code; as the macro ageing_bucket.
AGEING: Sequence[tuple[float, str]] = ((0, "0"), (3, "1-3"), (7, "4-7"), (14, "8-14"), (30, "15-30"), (float("inf"), "31+"))
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")


def review_sheet(review: Review, t: Translator, filters: Mapping[str, str] | None = None) -> bytes:
    """The review as html. filters: what it was narrowed by beside the manager. → bytes in UTF-8."""
    title = wording.title(review, t)
    body = "".join(_body(review, t, filters or {}, title))
    css = Path(__file__).with_name("review_sheet.css").read_text(encoding="utf-8")
    foot = _in_css(" · ".join([title, *([clean(review.manager, LONGEST_FOOT)] if review.manager else [])]))
    return (
        f'<!DOCTYPE html>\n<html lang="{t.language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">'
        f"<title>{_text(wording.file_name(review, t))}</title>"
        f"<style>{css.replace(FOOT, foot)}</style></head><body>{body}</body></html>\n"
    ).encode("utf-8", "replace")


def clean(text: object, longest: int = LONGEST_TEXT) -> str:
    """A text of the data as paper takes it: no controls, no marks of direction, not too long."""
    flat = _UNSEEN.sub(" ", str(text))
    return flat if len(flat) <= longest else flat[:longest].rstrip() + "…"


def _text(text: object) -> str:
    return escape(_UNSEEN.sub(" ", str(text)))


def _data(text: object) -> str:
    """A text of the data, apart from its surroundings in the direction of writing."""
    return f"<bdi>{escape(clean(text))}</bdi>"


def _in_css(text: str) -> str:
    """A text as a string of CSS: everything that is no letter, digit or blank as its code."""
    return '"' + "".join(char if char.isalnum() or char == " " else f"\\{ord(char):x} " for char in clean(text)) + '"'


def ageing(days: float) -> str:
    """The ageing bucket of so many days overdue (METHOD 5)."""
    return next(code for end, code in AGEING if days <= end)


def _body(review: Review, t: Translator, filters: Mapping[str, str], title: str) -> Iterable[str]:
    yield f"<h1>{_text(title)}</h1>"
    yield from (f"<p>{_text(line)}</p>" for line in wording.standing(review, t, filters, clean))
    yield _figures(review, t)
    yield f'<div class="charts">{"".join(_charts(review, t))}</div>'
    yield _contents(review, t)
    for section in review.sections:
        if section.lines:
            yield _section(review, section, t)
    yield from _questions(review, t)
    yield _asides(review, t)
    yield _decisions(review, t)
    yield _signatures(t)


def _signatures(t: Translator) -> str:
    places = (_text(t(f"paper.sign.{one}")) for one in ("led", "wrote", "day"))
    return f'<div class="signatures">{"".join(f"<div>{place}</div>" for place in places)}</div>'


def _heading(text: str, beside: str = "", anchor: str = "") -> str:
    mark = f' id="{anchor}"' if anchor else ""
    return f"<h2{mark}>{_text(text)}" + (f"<span>{_text(beside)}</span>" if beside else "") + "</h2>"


def _table(name: str, heads: Sequence[str], rows: Iterable[str], foot: str = "") -> str:
    head = "".join(f"<th>{_text(one)}</th>" for one in heads)
    end = f"<tfoot>{foot}</tfoot>" if foot else ""
    return f'<table class="{name}"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody>{end}</table>'


def _row(*cells: str) -> str:
    return f"<tr>{''.join(cells)}</tr>"


def _cell(html: str = "", style: str = "") -> str:
    return f'<td class="{style}">{html}</td>' if style else f"<td>{html}</td>"


# The first page


def _figures(review: Review, t: Translator) -> str:
    names = ("figure", "now", "before", "difference", "made_by") if review.previous else ("figure", "now", "note")
    rows = (_figure(review, one, t) for one in review.figures)
    name = "figures compared" if review.previous else "figures"
    return _heading(t("review.slides.figures")) + _table(name, [t(f"paper.{one}") for one in names], rows)


def _figure(review: Review, one: Figure, t: Translator) -> str:
    values = [wording.written(one.kind, one.value, t)]
    if review.previous:
        values += [wording.written(one.kind, one.before, t), wording.difference(one.kind, one.difference, t)]
    numbers = [_cell(_text(value), "figure") for value in values]
    return _row(_cell(_text(t(f"review.figures.{one.name}"))), *numbers, _cell(_text(wording.behind(review, one, t, clean)), "small"))


def _contents(review: Review, t: Translator) -> str:
    heads = [t(f"paper.{name}") for name in ("section", "lines", "money", "note")]
    rows: Iterable[str] = (_content(review, section, t) for section in review.sections)
    if review.raised:
        link = f'<a href="#{QUESTIONS}">{_text(wording.section_title(QUESTIONS, t))}</a>'
        asked = t("review.question_count", count=len(review.raised))
        rows = chain(rows, [_row(_cell(link), _cell(), _cell(), _cell(_text(asked), "small"))])
    totals = (t.number(review.line_count, 0), t.money(review.money))
    foot = _row(_cell(_text(t("paper.total"))), *(_cell(_text(one), "figure") for one in totals), _cell())
    return _heading(t("paper.agenda")) + _table("contents", heads, rows, foot)


def _content(review: Review, section: Section, t: Translator) -> str:
    title = _text(wording.section_title(section.name, t))
    if not section.lines:
        nothing = _cell(_text(wording.empty(review, section.name, t)), "small")
        return _row(_cell(title), _cell("0", "figure"), _cell("", "figure"), nothing)
    numbers = (t.number(len(section.lines), 0), t.money(section.money))
    link = f'<a href="#{section.name}">{title}</a>'
    return _row(_cell(link), *(_cell(_text(one), "figure") for one in numbers), _cell())


def _owners(section: Section, t: Translator) -> str:
    parts = (
        t("review.by_owner", owner=clean(owner or t("review.nobody")), count=count, money=t.money_short(money))
        for owner, count, money in section.by_owner()
    )
    return "; ".join(f"<bdi>{_text(part)}</bdi>" for part in parts)


# Charts: from the same lines that are listed below


def _charts(review: Review, t: Translator) -> Iterable[str]:
    by_section = [(t(f"paper.short.{one.name}"), one.money) for one in review.sections if one.lines]
    yield from _money_chart("sections", by_section, t)
    if not review.manager:
        everything = Section("", tuple(line for section in review.sections for line in section.lines))
        owners = [(clean(owner or t("review.nobody")), money) for owner, _, money in everything.by_owner()]
        yield from _money_chart("owners", owners[:CHART_OWNERS], t)
    yield from _ageing_chart(review, t)


def _money_chart(name: str, rows: Sequence[tuple[str, Decimal]], t: Translator) -> Iterable[str]:
    """Money at stake by what the rows name; nothing to draw where there is none."""
    if not any(money for _, money in rows):
        return
    most, money = max(rows, key=lambda row: row[1])
    title = t(f"paper.charts.{name}", most=most, money=t.money_short(money))
    yield bars(title, [Bar(label, float(money), t.money_short(money)) for label, money in rows])


def _ageing_chart(review: Review, t: Translator) -> Iterable[str]:
    reasons = (reason for section in review.sections for line in section.lines for reason in line.reasons)
    days = [float(reason.facts["count"]) for reason in reasons if reason.section == "overdue" and "count" in reason.facts]
    if not days:
        return
    counts = Counter(ageing(day) for day in days)
    codes = [code for _, code in AGEING if code != "0" or counts["0"]]
    title = t("paper.charts.ageing", count=len(days), longest=t.days(max(days)))
    yield bars(title, [Bar(t("paper.days", span=t.value("ageing", code)), counts[code], str(counts[code])) for code in codes])


# Sections


def _section(review: Review, section: Section, t: Translator) -> str:
    heads = [t(key) for key in ("paper.number", "paper.client_and_why", "columns.decision", "review.who", "paper.by")]
    rows = (_line(review, line, number, t) for number, line in enumerate(section.lines[:SECTION_LINES], 1))
    left = Section(section.name, section.lines[SECTION_LINES:])
    title = _heading(wording.section_title(section.name, t), wording.totals(section, t), section.name)
    more = t("paper.more_lines", count=len(left.lines), money=t.money(left.money), limit=SECTION_LINES)
    owners = f"<p>{_owners(section, t)}</p>" if section.name == "touches_owed" else ""
    return title + owners + _table("agenda", heads, rows) + (f'<p class="note">{_text(more)}</p>' if left.lines else "")


def _line(review: Review, line: Line, number: int, t: Translator) -> str:
    return _row(_cell(str(number), "figure"), _cell("".join(_why(review, line, t))), *_boxes(line, t))


def _why(review: Review, line: Line, t: Translator) -> Iterable[str]:
    marks = [line.class_, t("review.key") if line.is_key else None, line.owner]
    beside = " · ".join(_data(mark) for mark in marks if mark)
    who = f'<span><b>{_data(wording.client(line, t))}</b> {beside}</span>'
    yield f'<p class="client">{who}<span class="money">{_text(t.money(line.money))}</span></p>'
    for one in line.asked:
        yield f"<p>{_text(wording.decided(one, t, clean))} — {_text(wording.outcome(one, review.as_of, t, clean))}</p>"
        if not one.is_settled and not review.held:
            yield f'<p class="small">{_choices(t)}</p>'
    own, other = wording.reasons(line, t, clean)
    yield from (f"<p>{_text(why)}</p>" for why in own)
    if other:
        yield f'<p class="also">{_text(" ".join(other))}</p>'


def _choices(t: Translator) -> str:
    words = (_text(t(f"review.steps.{one}")) for one in ("done", "not_done", "moved"))
    return "".join(f'<span class="box"></span>{word}' for word in words)


def _boxes(line: Line, t: Translator) -> tuple[str, str, str]:
    """The decision, who and by when: as they were made, else room to write them."""
    columns: Sequence[Callable[[Decision], str]] = (
        lambda one: _data(one.what), lambda one: _data(one.who), lambda one: _text(t.day(one.due_on)),
    )  # fmt: skip
    what, who, by = (_cell("".join(f"<p>{write(one)}</p>" for one in line.made)) for write in columns)
    return what, who, by


# Questions: the first rows of each, with room for a decision where they are of clients


def _questions(review: Review, t: Translator) -> Iterable[str]:
    if review.raised:
        yield _heading(wording.section_title(QUESTIONS, t), t("review.question_count", count=len(review.raised)), QUESTIONS)
    for question in review.raised:
        count = f" · {wording.question_count(question, t)}" if question.rows.count else ""
        yield f'<p class="question"><b>{_data(question.name)}</b>{_text(count)}</p>'
        note = wording.question_note(question, t, clean)
        yield f'<p class="note">{_text(note)}</p>' if note else ""
        if question.rows.count:
            yield _answer(review, question, t)


def _answer(review: Review, question: AgendaQuestion, t: Translator) -> str:
    """The first rows and columns that paper bears; the others are counted, and stand in the book."""
    table = question.rows.table().slice(0, QUESTION_ROWS)
    told_of = [name for name in table.column_names if name != "client_id" or "client_name" not in table.column_names]
    names = told_of[:QUESTION_COLUMNS]
    is_of_clients = "client_id" in table.column_names
    heads = [clean(asked_label(name, t), LONGEST_FOOT) for name in names] + ([t("columns.decision")] if is_of_clients else [])
    writers = {name: writer_of(kind_shown(name, table.column(name)), t) for name in names}
    kinds = {name: "" if writers[name] is None else "figure" for name in names}
    rows = []
    for row, told in zip(table.to_pylist(), worded(table, t).to_pylist(), strict=True):
        cells = [_cell("" if told[name] is None else _data((writers[name] or str)(told[name])), kinds[name]) for name in names]
        made = [one for one in review.decided_at(question) if is_of_clients and one.client_id == str(row["client_id"])]
        decided = "".join(f"<p>{_text(wording.decided(one, t, clean))}</p>" for one in made)
        rows.append(_row(*cells, *([_cell(decided)] if is_of_clients else [])))
    left = {"rows": question.rows.count - table.num_rows, "columns": len(told_of) - len(names)}
    more = [t(f"paper.more_{what}", count=count) for what, count in left.items() if count]
    return _table("question", heads, rows) + (f'<p class="note">{_text(" ".join(more))}</p>' if more else "")


# The end


def _asides(review: Review, t: Translator) -> str:
    if not review.set_aside:
        return ""
    heads = [t(key) for key in ("columns.client_name", "review.aside_until", "review.aside_reason")]
    rows = (
        _row(_cell(_data(wording.client(line, t))), _cell(_text(t.day(line.aside.until))), _cell(_data(line.aside.reason)))
        for line in review.set_aside
        if line.aside
    )
    return _heading(t("paper.asides")) + _table("asides", heads, rows)


def _decisions(review: Review, t: Translator) -> str:
    """The decisions of this review, and while it is open rows for more."""
    heads = [t(key) for key in ("columns.client_name", "columns.decision", "review.who", "paper.by")]
    made = [
        _row(_cell(_data(one.client_name or t("review.no_client"))), _cell(_data(one.what)), _cell(_data(one.who)),
             _cell(_text(t.day(one.due_on))))
        for one in review.decisions
    ]  # fmt: skip
    blank = [] if review.held else [_row(*[_cell()] * len(heads))] * BLANK_DECISIONS
    if not made and not blank:
        return _heading(t("review.decisions")) + f"<p>{_text(t('paper.nothing'))}</p>"
    return _heading(t("review.decisions")) + _table("decisions", heads, [*made, *blank])
