"""A whole meeting as it is played: this week's export in, the agenda gone through, decisions typed, closed; next week they return."""

import pytest

from kam import demo, imports
from kam.minutes import Minutes
from kam.workspace import Workspace

THIS_WEEK, NEXT_WEEK = "Обещания 2026-11-13.xlsx", "Обещания 2026-11-20.xlsx"
SECONDS = "getComputedStyle(document.querySelector('.kam-timer'), '::after').getPropertyValue('--kam-seconds')"


@pytest.fixture(scope="module")
def samples():
    return {path.name: path for path in demo.sample_files()}


@pytest.fixture(scope="module")
def office(serve, tmp_path_factory, samples):
    """The demo's company as real data, before this week's export of promises."""
    path = tmp_path_factory.mktemp("office")
    ws = Workspace(path)
    uploads = [imports.Upload(name, file) for name, file in samples.items() if name not in (THIS_WEEK, NEXT_WEEK)]
    assert [report.error for report in imports.load(ws, uploads)] == [None] * len(uploads)
    ws.close()
    return serve(path)


def load(reader, office, file):
    reader.open(office, "upload", lang="en")
    reader.tab.locator('input[type="file"]').set_input_files(str(file))
    reader.tab.wait_for_timeout(500)
    reader.settle()
    reader.tab.get_by_role("button", name="Load", exact=True).click()
    reader.tab.get_by_text("sheet is loaded").wait_for(timeout=60_000)
    reader.settle()


def press(reader, name, place=0):
    reader.tab.get_by_role("button", name=name, exact=True).nth(place).click()
    reader.tab.wait_for_timeout(300)
    reader.settle()


def heading(reader):
    return reader.tab.locator(".st-key-meeting_bar h3").inner_text()


def decide(reader, what, who=None):
    """Types a decision at the first line of the section, waits as people do, and keeps it with the Enter key."""
    press(reader, "Decision")
    field = reader.tab.get_by_label("What is to be done")
    field.fill(what)
    if who:
        reader.tab.get_by_label("Who", exact=True).fill(who)
        reader.tab.keyboard.press("Enter")
    before = reader.tab.evaluate(SECONDS)
    reader.tab.wait_for_function(f"() => {SECONDS} !== '{before}'", timeout=5_000)
    assert field.input_value() == what  # the timer went on, and what was typed is still there
    field.press("Enter")
    reader.tab.wait_for_timeout(400)
    reader.settle()
    assert what in reader.words()


def test_meeting_is_played_closed_and_comes_back_next_week(office, reader, samples):
    load(reader, office, samples[THIS_WEEK])
    reader.open(office, "review", lang="en", as_of="2026-11-13")
    press(reader, "Meeting mode")
    assert heading(reader) == "Figures of the week"
    assert not reader.tab.locator('[data-testid="stSidebar"]').is_visible()
    decided = []
    while len(decided) < 3:
        reader.tab.keyboard.press("PageDown")
        reader.tab.wait_for_timeout(400)
        reader.settle()
        decided.append(f"Decision about {heading(reader)}")
        decide(reader, decided[-1], "Новый Человек" if len(decided) == 3 else None)
    reader.shot("meeting")
    while heading(reader) != "Decisions and closing":
        reader.tab.keyboard.press("PageDown")
        reader.tab.wait_for_timeout(400)
        reader.settle()
    assert all(what in reader.words() for what in decided)
    press(reader, "Close the review")
    press(reader, "Yes, close it")
    closed = reader.tab.locator('[data-testid="stMain"]').inner_text()
    address = reader.tab.url
    assert "closed — on data as of 13 Nov 2026" in closed
    reader.shot("meeting-closed")

    load(reader, office, samples[NEXT_WEEK])
    reader.open(office, "review", lang="en")
    assert "1. Last week's decisions" in reader.words()
    assert all(what in reader.words() for what in decided)
    assert "beside the review of" in reader.words()
    reader.shot("meeting-next-week")
    press(reader, "Done")
    reader.tab.get_by_label("What came of it").fill("agreed")
    press(reader, "Save")
    assert "done" in reader.words() and "agreed" in reader.words()

    reader.tab.goto(address)
    reader.settle()
    assert reader.tab.locator('[data-testid="stMain"]').inner_text() == closed
    reader.sound()
    journal = Workspace(office.workspace).journal
    assert sorted(one.status for one in Minutes(journal).decisions()) == ["done", "open", "open"]
    assert Minutes(journal).decisions()[2].who == "Новый Человек"  # a person that no sheet names can be typed
    journal.close()
