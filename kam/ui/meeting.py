"""Meeting mode: large type, one section at a time, the next by a click or the page keys of a presenter, a timer.

The timer is drawn by the browser's own animation (meeting.css): the server is asked nothing while people talk, and nothing
that is being typed is lost. How long a section took is kept while the page is open.
"""

from __future__ import annotations

import time
from pathlib import Path

import streamlit as st

from kam.review import QUESTIONS, Review
from kam.ui import deciding, raising, reviewing
from kam.ui.frame import Screen

FIRST, LAST = "figures", "summary"
CLOCK = "meeting_clock"


def is_on(shown: Review) -> bool:
    """Whether the address asks for the meeting; a closed review is read, not held."""
    return bool(st.query_params.get("meeting")) and shown.held is None


def show(screen: Screen, shown: Review) -> None:
    """The slide that the address names."""
    sections = [section.name for section in shown.sections if section.lines]
    slides = [FIRST, *sections, *([QUESTIONS] if raising.stand(screen) else []), LAST]
    slide = st.query_params.get("meeting", FIRST)
    place = slides.index(slide) if slide in slides else min(st.session_state.get("meeting_place", 0), len(slides) - 1)
    st.session_state["meeting_place"] = place
    reviewing.dress()
    st.html(Path(__file__).with_name("meeting.css"))
    _bar(screen, shown, slides, place)
    with st.container(key="meeting"):
        _slide(screen, shown, slides[place])


def _slide(screen: Screen, shown: Review, slide: str) -> None:
    if slide == FIRST:
        screen.figures(reviewing.figures(screen, shown))
        reviewing.contents(screen, shown)
        raising.contents(screen, shown)
    elif slide == LAST:
        reviewing.decided(screen, shown)
        reviewing.set_aside(screen, shown)
        reviewing.closing(screen, shown)
    elif slide == QUESTIONS:
        raising.slide(screen, shown)
    else:
        section = shown.section(slide)
        st.caption(reviewing.totals(screen, section))
        if slide == "touches_owed":
            st.caption(reviewing.owners(screen, section))
        reviewing.lines(screen, shown, section)


def _bar(screen: Screen, shown: Review, slides: list[str], place: int) -> None:
    """Where we are, how long it takes, back and on. The page keys are those of a presenter's remote."""
    t, slide = screen.t, slides[place]
    with st.container(horizontal=True, vertical_alignment="center", key="meeting_bar"):
        st.subheader(_title(screen, shown, slide), anchor=False, width="stretch")
        st.html(_timers(screen, slide), width="content")
        back = st.button(t("review.back_slide"), key="meeting_back", shortcut="PageUp", disabled=place == 0)
        on = st.button(t("review.next_slide"), key="meeting_next", shortcut="PageDown", type="primary", disabled=slide == LAST)
        leave = st.button(t("review.leave"), key="meeting_leave", icon=":material/close:")
    if back or on:
        _go(slides[place + (1 if on else -1)])
    if leave:
        st.session_state.pop(CLOCK, None)
        del st.query_params["meeting"]
        st.rerun()


def _title(screen: Screen, shown: Review, slide: str) -> str:
    if slide in (FIRST, LAST):
        return screen.t(f"review.slides.{slide}")
    return reviewing.title(screen, shown, slide)


def _go(slide: str) -> None:
    st.session_state[deciding.OPEN] = None
    st.query_params["meeting"] = slide
    st.rerun()


def _timers(screen: Screen, slide: str) -> str:
    """Two running times as HTML: of this section and of the meeting, which turns red when it has taken its minutes."""
    now = time.monotonic()
    clock = st.session_state.setdefault(CLOCK, {"began": now, "slide": slide, "since": now, "spent": {}})
    if clock["slide"] != slide:
        clock["spent"][clock["slide"]] = clock["spent"].get(clock["slide"], 0) + now - clock["since"]
        clock.update(slide=slide, since=now)
    section = now - clock["since"] + clock["spent"].get(slide, 0)
    total, minutes = now - clock["began"], int(screen.norm("review_minutes"))
    t = screen.t
    return (
        f'<span class="kam-clock">{t("review.this_section")} {_timer(section, None)}</span>'
        f'<span class="kam-clock">{t("review.whole")} {_timer(total, minutes * 60 - total)}'
        f" {t('review.of_minutes', count=minutes)}</span>"
    )


def _timer(past: float, left: float | None) -> str:
    over = f" --kam-left: {left:.1f}s;" if left is not None else ""
    return f'<span class="kam-timer" style="--kam-past: -{past:.1f}s;{over}"></span>'
