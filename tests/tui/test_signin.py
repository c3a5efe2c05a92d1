"""Nobody sees the desk before all three are right; the way in, the lock and the way back."""

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.tui.demo_hooks import DemoHooks
from agentconsole.wire import commands as c
from agentconsole.wire.frames import Ended, Locked
from tests.tui.driving import Driver, drive
from tests.tui.fake_desk import CODE, NOW, PASSWORD, FakeDesk


async def fill(driver: Driver, user: str, password: str, code: str) -> None:
    """Type all three, and Enter."""
    await driver.sees("Username")
    await driver.type(user)
    await driver.keys("tab")
    await driver.type(password)
    await driver.keys("tab")
    await driver.type(code)
    await driver.keys("enter")


def test_all_three_open_the_queue() -> None:
    async def script(driver: Driver) -> None:
        await fill(driver, "ana", PASSWORD, CODE)
        await driver.sees("Rosa Prado")

    assert drive(script).of(c.SignIn) == [c.SignIn("ana", PASSWORD, CODE)]


def test_a_wrong_one_gets_the_desk_s_sentence_and_only_the_code_is_typed_again() -> None:
    async def script(driver: Driver) -> None:
        await fill(driver, "ana", "wrong", CODE)
        await driver.sees("Sign-in failed. Check all three")

        assert "[ana " in driver.text
        assert "wrong" not in driver.text
        assert driver.console.modes["signin"].form["code"] == ""

    drive(script)


def test_no_verb_and_no_palette_works_before_the_sign_in() -> None:
    async def script(driver: Driver) -> None:
        await driver.sees("Username")
        await driver.keys("ctrl+p", "g", "t", "question_mark", "f9", "L")

        assert driver.console.mode.name == "signin"
        assert driver.console.modes["signin"].form["user"] == "gt?L"

    drive(script)


def test_enter_goes_to_the_first_empty_field() -> None:
    async def script(driver: Driver) -> None:
        await driver.sees("Username")
        await driver.type("ana")
        await driver.keys("enter")

        assert driver.console.modes["signin"].form.now.name == "password"
        assert driver.desk.of(c.SignIn) == []

    drive(script)


def test_a_recovery_code_may_stand_in_for_the_authenticator() -> None:
    async def script(driver: Driver) -> None:
        await fill(driver, "ana", PASSWORD, "1")
        await driver.keys("f2")
        await driver.type("aaaa-bbbb")
        await driver.keys("enter")

    assert drive(script).of(c.SignIn)[-1] == c.SignIn("ana", PASSWORD, "aaaa-bbbb", recovery=True)


def test_enter_before_the_desk_answers_signs_in_as_soon_as_it_does() -> None:
    desk = FakeDesk()
    reachable = []
    connect = desk.connect

    async def late():
        if not reachable:
            raise OSError("nobody listens yet")
        return await connect()

    desk.connect = late

    async def script(driver: Driver) -> None:
        await fill(driver, "ana", PASSWORD, CODE)
        await driver.sees("Reaching the desk")
        reachable.append(True)
        await driver.sees("Rosa Prado")

    drive(script, desk)


def test_the_first_sign_in_enrols_shows_the_codes_once_and_asks_that_they_are_kept() -> None:
    async def script(driver: Driver) -> None:
        await fill(driver, "ana", PASSWORD, "")
        await driver.sees("Set up two-factor sign-in")
        assert "JBSW Y3DP EHPK 3PXP" in driver.text
        assert "█" * 39 in driver.text

        await driver.type("111111")
        await driver.keys("enter")
        await driver.sees("That code is not right")
        await driver.type(CODE)  # the wrong one is out of its way
        await driver.keys("enter")
        await driver.sees("AAAA-BBBB-CCC9")
        assert "That code is not right" not in driver.text

        await driver.keys("enter")
        await driver.sees("Type the word kept")
        await driver.type("kept")
        await driver.keys("enter")
        await driver.sees("Rosa Prado")

    drive(script, FakeDesk(first_time=True))


def test_the_square_may_be_left_out_for_the_key_alone() -> None:
    async def script(driver: Driver) -> None:
        await fill(driver, "ana", PASSWORD, "")
        await driver.sees("Set up two-factor")
        await driver.keys("f7")

        assert "█" not in driver.text
        assert "Type this key" in driver.text

    drive(script, FakeDesk(first_time=True))


def test_a_password_that_someone_else_gave_is_changed_before_the_first_case() -> None:
    async def script(driver: Driver) -> None:
        await fill(driver, "ana", PASSWORD, CODE)
        await driver.sees("a password of your own")
        assert "Rosa" not in driver.text
        for text in ("a new one here", "another one"):
            await driver.type(text)
            await driver.keys("tab")
        await driver.keys("enter")
        await driver.sees("not alike")
        await driver.type("a new one here")
        await driver.keys("enter")
        await driver.sees("Rosa Prado")

    desk = drive(script, FakeDesk(must_change=True))

    assert desk.of(c.ChangePassword) == [c.ChangePassword("", "a new one here")]


def test_the_lock_hides_everything_and_comes_back_to_the_same_place() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("j", "enter")
        await driver.sees("I still have no answer")
        await driver.keys("L")
        await driver.sees("You locked this screen")
        assert "Rosa" not in driver.text

        await driver.type("wrong")
        await driver.keys("enter")
        await driver.sees("That is not the password")
        await driver.type(PASSWORD)
        await driver.keys("enter")
        await driver.sees("I still have no answer")

    desk = drive(script)

    assert len(desk.of(c.Lock)) == 1
    assert [unlock.password for unlock in desk.of(c.Unlock)] == ["wrong", PASSWORD]


def test_the_desk_s_own_lock_asks_for_a_code_where_it_wants_one() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        driver.desk.told(Locked(NOW, "15 minutes without a key.", code_needed=True))
        await driver.sees("15 minutes without a key.")
        await driver.type(PASSWORD)
        await driver.keys("tab")
        await driver.type(CODE)
        await driver.keys("enter")
        await driver.sees("Rosa Prado")

    assert drive(script).of(c.Unlock) == [c.Unlock(PASSWORD, CODE)]


@pytest.mark.parametrize("code_needed", [False, True])
def test_the_lock_names_a_next_field_only_where_there_is_one(code_needed: bool) -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        driver.desk.told(Locked(NOW, "15 minutes without a key.", code_needed=code_needed))
        await driver.sees("15 minutes without a key.")

        assert ("Tab next field" in driver.rows[-1]) is code_needed
        assert "Enter unlock" in driver.rows[-1]

    drive(script)


def test_a_session_that_ended_says_why_and_asks_to_sign_in() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        driver.desk.told(Ended("12 hours are over."))
        await driver.sees("12 hours are over.")
        await driver.keys("escape")
        await driver.sees("Username")

        assert driver.console.mode.name == "signin"
        assert "Rosa" not in driver.text

    drive(script)


def test_a_lost_link_keeps_the_place_and_the_text_for_the_same_person() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("j", "r")
        await driver.type("half")
        await driver.sees("half")
        driver.desk.hang_up()
        await driver.sees("Press Esc, then sign in.")
        assert "half" not in driver.text

        await driver.sees("The desk is back")
        await driver.keys("escape")
        form = driver.console.modes["signin"].form
        assert form["user"] == "ana"
        form.set("password", PASSWORD)
        form.set("code", CODE)
        await driver.keys("enter")
        await driver.sees("half")

    drive(script)


@pytest.mark.parametrize(("keys", "begun"), [(("j", "r"), "half"), (("j",), "")], ids=["writing", "typing ahead"])
def test_no_key_that_was_meant_for_a_draft_reaches_the_sign_in(keys: tuple[str, ...], begun: str) -> None:
    """Letters, Enter, Tab and what is pasted; only Esc, which ends a draft, goes on to the form."""

    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys(*keys)
        await driver.type(begun)
        driver.desk.hang_up()
        await driver.keys("r", "a", "enter", "tab", "b", "ctrl+d", "y", "f2", "ctrl+c", "ctrl+g")
        driver.console.router.paste("pasted")
        await driver.sees("Press Esc, then sign in.")
        form = driver.console.modes["signin"].form
        assert (form["user"], form["password"], form["code"]) == ("ana", "", "")

        await driver.keys("escape", "x")
        await driver.sees("Username")
        assert form["password"] == "x"

    assert len(drive(script).of(c.SignIn)) == 1


def test_a_link_lost_behind_the_lock_leads_to_the_form_at_once() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("L")
        await driver.sees("You locked this screen")
        driver.desk.hang_up()
        await driver.sees("Username")

    drive(script)


def test_what_is_typed_at_the_door_outlives_a_link_that_is_closed_there() -> None:
    async def script(driver: Driver) -> None:
        await driver.sees("Username")
        await driver.type("an")
        driver.desk.hang_up()
        await driver.type("a")
        await driver.keys("tab")
        await driver.type(PASSWORD)
        for _ in range(200):
            if driver.console.desk.is_linked:
                break
            await driver.pilot.pause(0.01)
        await driver.keys("tab")
        await driver.type(CODE)
        await driver.keys("enter")
        await driver.sees("STATE")

        assert driver.message == ""

    drive(script)


def test_another_person_finds_nothing_of_the_last_one() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("j", "r")
        await driver.type("half")
        await driver.sees("half")
        driver.desk.hang_up()
        await driver.sees("The desk is back")
        await driver.keys("escape")
        await driver.sign_in("chen")
        await driver.sees("CHEN agent")

        assert driver.console.places.tabs == []
        assert driver.console.places.here.mode == "queue"
        assert not [save for save in driver.console.saves() if isinstance(save, c.SaveDraft)]

    drive(script)


def test_the_demo_is_one_enter_away_and_f9_becomes_someone_else() -> None:
    sam = DemoHooks(lambda: CODE, "sam", PASSWORD)
    ana = DemoHooks(lambda: CODE, "ana", PASSWORD, (sam,))

    async def script(driver: Driver) -> None:
        await driver.sees(f"the code now is {CODE}")
        await driver.keys("enter")
        await driver.sees("Rosa Prado")
        await driver.keys("f9")
        await driver.sees("SAM agent")

    assert [asked.user for asked in drive(script, demo=ana).of(c.SignIn)] == ["ana", "sam"]


@pytest.mark.parametrize("typed", ["", "x"], ids=["filled in", "typed over and refused once"])
def test_the_demo_s_lock_is_one_enter_away_too(typed: str) -> None:
    async def script(driver: Driver) -> None:
        await driver.sees(f"the code now is {CODE}")
        await driver.keys("enter")
        await driver.sees("Rosa Prado")
        await driver.keys("L")
        await driver.sees("Demo: the password is filled in. Press Enter.")
        if typed:
            await driver.type(typed)
            await driver.keys("enter")
            await driver.sees("That is not the password")
        await driver.keys("enter")
        await driver.sees("Rosa Prado")

    drive(script, demo=DemoHooks(lambda: CODE, "ana", PASSWORD))


def test_f9_waits_for_the_next_code_where_this_one_was_used() -> None:
    phone = [CODE]
    sam = DemoHooks(lambda: CODE, "sam", PASSWORD)
    ana = DemoHooks(lambda: phone[0], "ana", PASSWORD, (sam,))

    async def script(driver: Driver) -> None:
        await driver.sees(f"the code now is {CODE}")
        await driver.keys("enter")
        await driver.sees("ANA agent")
        await driver.keys("f9")
        await driver.sees("SAM agent")
        await driver.keys("f9")
        await driver.sees("ana's was used: the next one signs in by itself")
        phone[0] = "654321"
        await driver.sees("Check all three")  # this desk takes one code only: it counts that it was asked

    asked = drive(script, demo=ana).of(c.SignIn)
    assert [(one.user, one.code) for one in asked] == [("ana", CODE), ("sam", CODE), ("ana", "654321")]


def test_waiting_after_too_many_tries_is_said_in_the_desk_s_words() -> None:
    desk = FakeDesk()
    desk.forced[c.SignIn] = Refused("Too many failed sign-ins for this name. Try again in 30 s.", code="wait")

    async def script(driver: Driver) -> None:
        await fill(driver, "ana", PASSWORD, CODE)
        await driver.sees("Try again in 30 s.")

    drive(script, desk)


def test_a_lock_before_the_password_is_changed_does_not_open_the_desk() -> None:
    async def script(driver: Driver) -> None:
        await fill(driver, "ana", PASSWORD, CODE)
        await driver.sees("a password of your own")
        driver.desk.told(Locked(NOW, "15 minutes without a key."))
        await driver.sees("15 minutes without a key.")
        await driver.type(PASSWORD)
        await driver.keys("enter")
        await driver.sees("a password of your own")

        assert "Rosa" not in driver.text

    drive(script, FakeDesk(must_change=True))
