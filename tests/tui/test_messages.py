"""The message line: what was said stays a while, and goes with the place it was about."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from agentconsole.domain.untrusted import Untrusted
from agentconsole.tui import messages
from agentconsole.tui.console import STALE_SECONDS
from agentconsole.tui.messages import KEPT, STAYS_SECONDS, Messages
from agentconsole.wire.frames import Changed
from tests.rows import built
from tests.tui.driving import Driver, drive
from tests.tui.fake_rows import NOW


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
    line = Messages(lambda: NOW)
    line.say("Case 1-3 is yours.", "done")

    seconds[0] += after
    line.fade()

    assert line.line(80).text == left


def test_what_was_too_new_to_stay_behind_is_cleared_at_the_next_place_but_a_refusal(seconds: list[float]) -> None:
    async def script(it: Driver) -> None:
        later: list[tuple[float, Callable[[], None]]] = []
        await it.sign_in()
        it.console.frame.after = lambda wait, then: later.append((wait, then))  # type: ignore[method-assign]
        for kind, stays in (("done", False), ("refused", True)):
            it.console.say("Case 1-3 is yours.", kind)
            await it.keys("enter")
            seconds[0] += STALE_SECONDS
            for wait, then in later:
                assert wait <= STALE_SECONDS
                then()
            later.clear()
            await it.settle()
            assert ("Case 1-3 is yours." in it.message) is stays
            await it.keys("q")

    drive(script)


def test_a_menu_of_keys_is_gone_with_the_key_that_was_pressed() -> None:
    async def script(it: Driver) -> None:
        await it.sign_in()
        await it.keys("g")
        await it.sees("g then: g top, q my work")
        await it.keys("g")
        assert it.message == ""

    drive(script)


@pytest.mark.parametrize(("key", "said"), [("dollar_sign", "$ does nothing here."), ("q", "This is the outermost")])
def test_what_was_said_of_a_key_is_gone_with_the_next_one(key: str, said: str) -> None:
    async def script(it: Driver) -> None:
        await it.sign_in()
        await it.keys(key)
        await it.sees(said)
        await it.keys("j")
        assert said not in it.text

    drive(script)


def test_news_wait_behind_what_was_just_said(seconds: list[float]) -> None:
    line = Messages(lambda: NOW)
    line.say("Case 1-3 is yours.", "done")

    line.say("1 new case arrived.", "news")
    before = line.line(80).text
    seconds[0] += STAYS_SECONDS
    line.say("1 new case arrived.", "news")

    assert (before, line.line(80).text) == (" Case 1-3 is yours.", " 1 new case arrived.")


def test_what_was_said_and_told_is_kept_newest_first_and_once() -> None:
    kept = Messages(lambda: NOW)

    kept.hear((Untrusted("Rosa wrote on case 4471"), Untrusted("Case 4402 is LATE")))
    kept.say("Case 4402 is LATE", "news")
    kept.say("Case 4471 is yours.", "done")
    kept.say("", "note")

    assert [said.text for said in kept.log] == ["Case 4471 is yours.", "Case 4402 is LATE", "Rosa wrote on case 4471"]


def test_only_the_last_hundred_are_kept() -> None:
    kept = Messages(lambda: NOW + timedelta(seconds=len(kept.log)))

    for number in range(KEPT + 20):
        kept.say(f"message {number}", "note")

    assert len(kept.log) == KEPT
    assert kept.log[0].text == f"message {KEPT + 19}"


def test_g_n_lists_what_was_said_with_its_time_and_whole() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        driver.desk.told(built(Changed, news=("Rosa Prado wrote on case 4471 " + "and more " * 12 + "and last",)))
        await driver.keys("ctrl+o")
        await driver.keys("g")
        await driver.sees("n messages so far")
        await driver.keys("n")
        await driver.sees("-- messages, newest first ---")
        assert " 10:42:00  ctrl+o does nothing here." in driver.rows[2]
        assert " 10:42:00  Rosa Prado wrote on case 4471" in driver.text
        assert "and last" in driver.text
        assert "g then" not in "\n".join(driver.rows[:-2])
        await driver.keys("q")
        await driver.sees("STATE")

    drive(script)


def test_messages_scroll_no_further_than_there_are() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        for number in range(40):
            driver.console.say(f"message number {number}")
        await driver.keys("g", "n")
        await driver.sees("message number 39")
        await driver.keys("j")
        assert "message number 39" not in "\n".join(driver.rows[1:-2])
        await driver.keys("k", "k")
        assert "message number 39" in driver.rows[2]
        await driver.keys("pagedown", "pagedown", "pagedown", "pagedown")
        assert "message number 0" in driver.text
        await driver.keys("home")
        assert "message number 39" in driver.rows[2]

    drive(script)


def test_what_was_said_is_not_to_be_read_on_the_locked_screen() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        driver.console.say("Rosa Prado wrote on case 4471", "warn")
        await driver.keys("L")
        await driver.sees("LOCKED")
        assert "Rosa" not in driver.text

    drive(script)


def test_the_next_person_does_not_read_what_the_last_one_was_told() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        driver.desk.told(built(Changed, news=("Rosa Prado wrote on case 4471",)))
        await driver.keys("L")
        await driver.sees("LOCKED")
        await driver.keys("f3")
        await driver.sign_in("bo")
        await driver.keys("g", "n")
        await driver.sees("-- messages")
        assert "Rosa Prado wrote" not in driver.text

    drive(script, size=(120, 40))


def test_a_refusal_longer_than_a_line_is_read_to_its_end(seconds: list[float]) -> None:
    said = "The clock went back: nothing is written until it is accepted, by an admin: `agentconsole clock accept`."
    line = Messages(lambda: NOW)

    line.say(said, "refused")

    drawn = [*line.above(80), line.line(80)]
    assert " ".join(part.text.strip() for part in drawn) == f"!! {said}"
    assert max(len(part.text) for part in drawn) <= 80


def test_a_refusal_without_end_leaves_room_for_the_desk(seconds: list[float]) -> None:
    line = Messages(lambda: NOW)

    line.say("word " * 100, "refused")

    assert len(line.above(80)) == messages.MOST_LINES - 1
    assert line.line(80).text.endswith("..")


def test_news_however_long_take_one_line(seconds: list[float]) -> None:
    line = Messages(lambda: NOW)

    line.say("word " * 100, "news")

    assert line.above(80) == []
