"""Every screen of the daily loop at five sizes: in 256 and 16 colours, on dark and light, without any colour (U5)."""

import re
from datetime import timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from agentconsole.domain.terms import ClockState, Status
from agentconsole.tui.case_side import side
from agentconsole.tui.queue_rows import Columns, row_line
from tests.rows import changed
from tests.tui.fake_rows import NOW, clock, row
from tests.tui.rosa import rosa
from tests.tui.screens import FOLDER, LOOKS, SCENES, SIZES, looks_text, played, text_of

ZONE = ZoneInfo("Asia/Kolkata")
COLUMNS = Columns.of(80, 4, owners=False)
MET_AT = NOW - timedelta(minutes=5)
CLOCKS = {
    ClockState.LIVE: clock(41, target=60, live=True),
    ClockState.DUE: clock(252),
    ClockState.LATE: clock(-1300),
    ClockState.SOON: clock(2300, target=14400),
    ClockState.OK: clock(6000),
    ClockState.WAIT: clock(11400, frozen="WAIT"),
    ClockState.SHUT: clock(4500, frozen="SHUT"),
    ClockState.MET: clock(600, met_at=MET_AT),
    ClockState.MISSED: clock(600, met_at=MET_AT, breached_at=MET_AT),
    ClockState.NONE: None,
}


def listed(held, **shown: object) -> str:
    """Return a row of the queue as text alone."""
    return row_line(held, COLUMNS, NOW, **{"here": False, "chosen": False, "arrived": False, **shown}).text


@pytest.mark.parametrize("name", SCENES)
def test_a_screen_is_what_is_kept_of_it_at_every_size_and_in_all_colours(name: str) -> None:
    seen = played(name)
    kept = LOOKS.read_text("utf-8").splitlines()

    assert text_of(seen) == (FOLDER / f"{name}.txt").read_text("utf-8")
    assert [line for line in looks_text(seen.looks).splitlines() if line not in kept] == []


def test_nothing_is_kept_that_no_screen_shows() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {*SCENES, LOOKS.stem}


@pytest.mark.parametrize("name", SCENES)
def test_no_screen_is_wider_or_higher_than_its_terminal_and_each_says_where_one_is(name: str) -> None:
    pictures = re.split(r"^== (\d+)x(\d+)$\n", (FOLDER / f"{name}.txt").read_text("utf-8"), flags=re.MULTILINE)[1:]
    sizes = [(int(wide), int(high)) for wide, high in zip(pictures[::3], pictures[1::3], strict=True)]

    assert sizes == list(SIZES)
    for (wide, high), picture in zip(sizes, pictures[2::3], strict=True):
        rows, _, roles = picture.partition("\ncursor ")
        assert rows.count("\n") == high
        assert rows.split("\n")[0].strip()
        assert max(int(end) for end in re.findall(r"-(\d+)\b", roles)) <= wide


def test_every_clock_has_its_word_in_the_list_without_any_style() -> None:
    texts = {state: listed(row(4471, "Rosa", "Refund", held)) for state, held in CLOCKS.items()}

    assert set(texts) == set(ClockState)
    assert [state for state, text in texts.items() if f" {state.value} " not in text] == []
    assert all(one != other for one, other in combinations(texts.values(), 2))


def test_every_clock_has_its_word_in_the_case_without_any_style() -> None:
    shown = {
        state: "\n".join(line.text for line in side(changed(rosa(), clocks=(held,)), 31, ZONE, NOW))
        for state, held in CLOCKS.items()
        if held is not None
    }

    assert [state for state, text in shown.items() if f" {state.value} " not in text] == []
    assert "no clock runs here" in "\n".join(line.text for line in side(changed(rosa(), clocks=()), 31, ZONE, NOW))


@pytest.mark.parametrize("status", Status)
def test_every_stage_of_a_case_has_its_word_without_any_style(status: Status) -> None:
    lines = side(changed(rosa(), status=status.value), 31, ZONE, NOW)

    assert f"  {status.value}, " in lines[0].text


@pytest.mark.parametrize(
    ("shown", "mark"),
    [
        ({"here": True}, ">"),
        ({"chosen": True}, "*"),
        ({"here": True, "chosen": True}, ">*"),
        ({"arrived": True}, "+"),
        ({"present": "<bo"}, "<bo Rosa"),
        ({"present": "*bo"}, "*bo Rosa"),
    ],
    ids=str,
)
def test_every_state_of_a_row_has_its_sign_without_any_style(shown: dict, mark: str) -> None:
    plain, text = (listed(row(4471, "Rosa", "Refund", clock(252)), **more) for more in ({}, shown))

    assert text.startswith(mark) or f" {mark}" in text
    assert text != plain


@pytest.mark.parametrize(
    ("values", "sign"),
    [({"flags": "C"}, " C "), ({"flags": "E"}, " E "), ({"fresh": True}, " * "), ({"starving": True}, " ! ")],
)
def test_every_flag_of_a_case_is_a_letter_without_any_style(values: dict, sign: str) -> None:
    assert sign in listed(row(4471, "Rosa", "Refund", clock(252), **values))
    assert sign not in listed(row(4471, "Rosa", "Refund", clock(252)))
