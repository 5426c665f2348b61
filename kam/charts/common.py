"""What every chart shares: the layout, axes in the reader's language, and labels that cannot act. Knows no mart.

Backgrounds are transparent, so that the theme of the page shows through; lines and words take the palette's colours.
"""

from __future__ import annotations

import html
import math
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import pyarrow as pa

from kam.formats import Number
from kam.i18n import Translator
from kam.palette import Palette

# "Share chart" would post the data to a cloud.
CONFIG = {"showSendToCloud": False, "displaylogo": False, "displayModeBar": False}
SEPARATORS = {"ru": ",\u00a0", "en": ".,"}
FONT = '"Source Sans", sans-serif'  # the typeface of the page
CLEAR = "rgba(0,0,0,0)"
HALF, FULL = 66, 130  # characters of a title's line in half and in the whole width of a page
TITLE_LINE, TITLE_SIZE, NOTE_SIZE, LEGEND_LINE = 20, 15, 12, 20


# Marks without a width that turn the direction of what follows: in a label they would turn our own words and numbers too.
_TURNS = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


def label(text: object, limit: int = 32) -> str:
    """A name of the data as Plotly may show it: markup shown to the letter, long ones cut with an ellipsis."""
    flat = " ".join(_TURNS.sub("", str(text if text is not None else "—")).split())
    cut = flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"
    return html.escape(cut, quote=False)


def wrapped(text: str, width: int) -> list[str]:
    """Our own words in lines of at most `width` characters; facts in them must have gone through `label`."""
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]


def figure(
    t: Translator,
    palette: Palette,
    *,
    title: str,
    note: str = "",
    height: int = 340,
    width: int = HALF,
    legend: bool = False,
    legend_rows: int = 0,
    head: int = 0,
) -> go.Figure:
    """An empty figure in the product's look.

    title: the finding, a sentence already in the reader's language; note: a grey line under it (basis, unit, what was
    left out); width: HALF or FULL, where the title breaks; legend: a row of it under the plot; legend_rows: room for so
    many rows at the very bottom instead, under the axis and its title; head: pixels kept free for words above the plot.
    """
    lines = wrapped(title, width)
    notes = wrapped(note, round(width * 1.3)) if note else []
    top = 12 + TITLE_LINE * len(lines) + 17 * len(notes) + 12 + head
    below = 12 + LEGEND_LINE * legend_rows if legend_rows else 44 if legend else 8
    # Given at once: update_layout takes five times as long over it.
    layout = go.Layout(
        title=_title(lines, notes, palette),
        height=height,
        margin={"l": 8, "r": 14, "t": top, "b": below},
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        separators=SEPARATORS[t.language],
        font={"family": FONT, "color": palette.text, "size": NOTE_SIZE},
        hoverlabel={"bgcolor": palette.surface, "bordercolor": palette.grid, "font": {"color": palette.text}},
        showlegend=legend or legend_rows > 0,
        legend={
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": -0.12,
            "yanchor": "top",
            "title": {"text": ""},
            "itemsizing": "constant",
        }
        | ({"yref": "container", "y": 0, "yanchor": "bottom"} if legend_rows else {}),
        bargap=0.32,
        dragmode=False,
    )
    return go.Figure(layout=layout)


def _title(lines: Sequence[str], notes: Sequence[str], palette: Palette) -> dict[str, Any]:
    grey = "".join(
        f'<br><span style="font-size:{NOTE_SIZE}px;font-weight:400;color:{palette.muted}">{line}</span>' for line in notes
    )
    font = {"size": TITLE_SIZE, "color": palette.text, "weight": 600}
    text = "<br>".join(lines) + grey
    # Plotly puts the top of a single line at the pad, but the foot of the first of several.
    pad = {"t": 20 if "<br>" in text else 9, "l": 2}
    place = {"x": 0, "xref": "container", "xanchor": "left", "y": 1, "yanchor": "top", "pad": pad}
    return {"text": text, "font": font, **place}


def axis(palette: Palette, title: str | None = None, *, grid: bool = True, **more: Any) -> dict[str, Any]:
    """A quiet axis; `title` carries the unit. Give it to update_xaxes/update_yaxes."""
    return {
        "title": {"text": title or "", "font": {"size": NOTE_SIZE, "color": palette.muted}},
        "showgrid": grid,
        "gridcolor": palette.grid,
        "zeroline": False,
        "linecolor": palette.grid,
        "tickfont": {"color": palette.muted, "size": NOTE_SIZE},
        "automargin": True,
        "fixedrange": True,
        **more,
    }


def percent_axis(palette: Palette, t: Translator, title: str | None = None, **more: Any) -> dict[str, Any]:
    """An axis of shares 0–1 with a mark every fifth."""
    marks = [step / 5 for step in range(6)]
    return axis(palette, title, tickvals=marks, ticktext=[t.percent(mark) for mark in marks], **more)


def money_axis(palette: Palette, t: Translator, top: Number, title: str | None = None, **more: Any) -> dict[str, Any]:
    """A linear axis of money from zero to `top`, its marks written as the language writes money."""
    marks = steps(float(top))
    return axis(palette, title, tickvals=marks, ticktext=[t.money_short(mark) for mark in marks], **more)


def log_money_axis(
    palette: Palette, t: Translator, values: Iterable[Number], title: str | None = None, **more: Any
) -> dict[str, Any]:
    """A logarithmic axis of money with a mark at each power of ten among the values (those above zero), or at 1 2 5."""
    above = [float(value) for value in values if value and value > 0] or [1.0]
    low, high = math.floor(math.log10(min(above))), math.ceil(math.log10(max(above)))
    steps_within = (1, 2, 5) if high - low <= 2 else (1,)
    marks = [step * 10.0**power for power in range(low, high + 1) for step in steps_within]
    words = [t.money_short(mark) for mark in marks]
    return axis(palette, title, type="log", tickvals=marks, ticktext=words, **more)


def steps(top: float, count: int = 4) -> list[float]:
    """Round marks from 0 to about `top`: 1, 2, 2.5 or 5 times a power of ten apart."""
    if not top > 0 or not math.isfinite(top):
        return [0.0]
    rough = top / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough * 0.999)
    return [step * number for number in range(math.floor(top / step) + 1)]


def mark_line(
    made: go.Figure, palette: Palette, text: str, *, x: Any = None, y: Any = None, is_log: bool = False, side: str = "right"
) -> None:
    """A threshold drawn across the plot and named: vertical at `x`, its name above the plot, or horizontal at `y`.

    side: where the name of a horizontal one stands. is_log: the axis it stands on is logarithmic (a shape takes the value,
    its name the logarithm).
    """
    line: dict[str, Any] = {"line": {"color": palette.muted, "width": 1.2, "dash": "dash"}, "layer": "below"}
    words = {"text": text, "showarrow": False, "font": {"color": palette.muted, "size": 11}, "bgcolor": CLEAR}
    if x is not None:
        made.add_shape(type="line", x0=x, x1=x, y0=0, y1=1, yref="paper", **line)
        place = {"x": math.log10(x) if is_log else x, "y": 1, "yref": "paper", "yanchor": "bottom"}
    else:
        made.add_shape(type="line", y0=y, y1=y, x0=0, x1=1, xref="paper", **line)
        place = {
            "x": float(side == "right"),
            "xref": "paper",
            "xanchor": side,
            "y": math.log10(y) if is_log else y,
            "yanchor": "bottom",
        }
    made.add_annotation(**words, **place)


def nothing(t: Translator, palette: Palette, title: str, text: str, height: int = 220, width: int = HALF) -> go.Figure:
    """A figure that says why there is nothing to draw."""
    made = figure(t, palette, title=title, height=height, width=width)
    made.update_xaxes(visible=False)
    made.update_yaxes(visible=False)
    made.add_annotation(text=text, showarrow=False, x=0.5, y=0.5, xref="paper", yref="paper", font={"color": palette.muted})
    return made


def floats(table: pa.Table, name: str) -> list[float | None]:
    """A column of numbers as Plotly takes them; money only leaves exactness here, where it becomes a length."""
    return [None if value is None else float(value) for value in table.column(name).to_pylist()]


def twin_bars(
    table: pa.Table, column: str, t: Translator, palette: Palette, *, title: str, note: str = "", height: int = 340
) -> go.Figure:
    """Clients on the left, revenue on the right, a bar per code of `column` in the table's order from above.

    The table needs client_count, client_share, revenue, revenue_share. A bar's customdata[0] is its code.
    """
    codes = table.column(column).to_pylist()
    words = [t.value(column, code) for code in codes]
    colours = [palette.of(column, code) or palette.muted for code in codes]
    made = figure(t, palette, title=title, note=note, height=height, head=30)
    sides = (
        ("x", "client_count", "client_share", lambda value: t.number(value, 0)),
        ("x2", "revenue", "revenue_share", t.money_short),
    )
    for axis_name, measure, share, write in sides:
        shares = table.column(share).to_pylist()
        values = table.column(measure).to_pylist()
        texts = [f"{write(value)} · {t.percent(part)}" for value, part in zip(values, shares, strict=True)]
        made.add_bar(
            x=floats(table, measure), y=words, xaxis=axis_name, orientation="h", text=texts, textposition="outside",
            marker={"color": colours}, unselected={"textfont": {"color": palette.text}}, customdata=[[code] for code in codes],
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>", textfont={"color": palette.text},
        )  # fmt: skip
    heads = (t("charts.clients"), t("charts.revenue"))
    for place, (name, domain) in enumerate((("xaxis", (0.0, 0.47)), ("xaxis2", (0.56, 1.0)))):
        measure = sides[place][1]
        top = max([value or 0.0 for value in floats(table, measure)], default=0.0) or 1.0
        made.update_layout(
            {
                name: axis(
                    palette,
                    heads[place],
                    grid=False,
                    domain=domain,
                    range=[0, top * 1.75],
                    showticklabels=False,
                    side="top",
                    showline=False,
                )
            }
        )
    made.update_yaxes(**axis(palette, grid=False, autorange="reversed", tickfont={"color": palette.text, "size": 13}))
    return made


@dataclass(frozen=True)
class Moves:
    """What a matrix of moves is made of: the columns from and to, the codes in their order from best to worst."""

    before: str
    now: str
    codes: tuple[str, ...]


def matrix(
    table: pa.Table, moves: Moves, measure: str, t: Translator, palette: Palette, *, title: str, note: str, width: int
) -> go.Figure:
    """From where (rows) to where (columns) clients moved: a square with the number, larger where there is more.

    The table has a row per cell: the two codes, client_count, revenue, direction (up, down, same). Customdata: the codes.
    measure: client_count or revenue; width: HALF, where the columns' words are short, or FULL.
    """
    rows = table.to_pylist()
    shades = {"up": palette.verdicts["good"], "down": palette.verdicts["bad"]}
    sizes = [max(float(row[measure]), 0.0) for row in rows]
    most = max(sizes, default=0.0) or 1.0
    made = figure(t, palette, title=title, note=note, height=124 + 40 * (len(moves.codes) + 1), head=28, width=width)
    made.add_scatter(
        x=[t.value(moves.now, row[moves.now]) for row in rows],
        y=[t.value(moves.before, row[moves.before]) for row in rows],
        mode="markers+text",
        text=[t.number(row[measure], 0) if measure == "client_count" else t.money_short(row[measure]) for row in rows],
        marker={
            "symbol": "square",
            "size": [20 + 18 * (size / most) ** 0.5 for size in sizes],
            "color": [shades.get(row["direction"], palette.muted) for row in rows],
            "opacity": 0.32,
            "line": {"width": 0},
        },
        textfont={"color": palette.text, "size": 12},
        customdata=[[row[moves.before], row[moves.now]] for row in rows],
        hovertext=[t("charts.move_hover", count=row["client_count"], revenue=t.money_short(row["revenue"])) for row in rows],
        hovertemplate="%{y} → %{x}<br>%{hovertext}<extra></extra>",
    )
    across = [t.value(moves.now, code) for code in moves.codes]
    down = [t.value(moves.before, code) for code in (*moves.codes, "absent")]
    ordered: dict[str, Any] = {"categoryorder": "array", "tickfont": {"color": palette.text, "size": NOTE_SIZE}}
    made.update_xaxes(**axis(palette, side="top", categoryarray=across, range=[-0.5, len(across) - 0.5], tickangle=0, **ordered))
    made.update_yaxes(**axis(palette, categoryarray=down, range=[len(down) - 0.5, -0.5], **ordered))
    return made
