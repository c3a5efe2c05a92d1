"""The message line: what was said stays a while, and goes with the place it was about."""

import pytest

from agentconsole.tui import messages
from agentconsole.tui.messages import STAYS_SECONDS, Messages


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the time that the messages go by, to be moved."""
    now = [100.0]
    monkeypatch.setattr(messages, "monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize(
    ("after", "left"),
    [
        pytest.param(0.5, " Case 1-3 is yours.", id="what was just said goes along"),
        pytest.param(STAYS_SECONDS, "", id="what is old stays behind"),
    ],
)
def test_what_was_said_goes_with_its_place(seconds: list[float], after: float, left: str) -> None:
    line = Messages()
    line.say("Case 1-3 is yours.", "done")

    seconds[0] += after
    line.fade()

    assert line.line(80).text == left


def test_news_wait_behind_what_was_just_said(seconds: list[float]) -> None:
    line = Messages()
    line.say("Case 1-3 is yours.", "done")

    line.say("1 new case arrived.", "news")
    before = line.line(80).text
    seconds[0] += STAYS_SECONDS
    line.say("1 new case arrived.", "news")

    assert (before, line.line(80).text) == (" Case 1-3 is yours.", " 1 new case arrived.")
