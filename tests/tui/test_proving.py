"""What asks for the code once more is done in place: the code is asked, then what was asked for (PROMISES 19)."""

from agentconsole.domain.errors import Refused
from agentconsole.wire.commands import AcceptClock, ProveAgain, RenewCodes
from agentconsole.wire.frames import Codes, Done, Locked
from tests.rows import built
from tests.tui.driving import Driver, drive
from tests.tui.fake_desk import CODE, NOW, PASSWORD, FakeDesk

ASKS = Refused("This asks for your code once more; it is then good for 5 minutes.", code="sudo")
CODES = Codes(tuple(f"AAAA-BBBB-CCC{number}" for number in range(10)))


def _desk() -> FakeDesk:
    """Return a desk that wants a code before it makes new recovery codes."""
    desk = FakeDesk()
    desk.forced[RenewCodes] = ASKS
    return desk


async def _asks_for_codes(it: Driver) -> None:
    await it.sign_in()
    await it.type(":codes")
    await it.keys("enter")
    await it.sees("asks for your code once more")


async def _shows_codes(it: Driver) -> None:
    await _asks_for_codes(it)
    it.desk.forced[RenewCodes] = CODES
    await it.type(CODE)
    await it.keys("enter")
    await it.sees("AAAA-BBBB-CCC7")


def test_the_code_is_asked_in_place_and_then_it_goes_on() -> None:
    async def script(it: Driver) -> None:
        await _shows_codes(it)
        await it.keys("enter")
        await it.sees("AAAA-BBBB-CCC7")
        await it.type("kept")
        await it.keys("enter")
        await it.sees("STATE")

        assert it.desk.of(ProveAgain) == [ProveAgain(CODE)]
        assert it.message == "The old recovery codes are void; the new ones are yours."
        assert "AAAA" not in it.text

    drive(script, _desk())


def test_keys_typed_ahead_are_the_code_and_no_verbs() -> None:
    async def script(it: Driver) -> None:
        await it.sign_in()
        it.desk.delay = 0.1
        names = {":": "colon"}
        await it.pilot.press(*(names.get(letter, letter) for letter in ":codes"), "enter", *CODE, "enter")
        await it.sees("STATE")
        for _ in range(200):
            if it.desk.of(ProveAgain):
                break
            await it.pilot.pause(0.01)

        assert it.desk.of(ProveAgain) == [ProveAgain(CODE)]

    drive(script, _desk())


def test_a_wrong_code_and_no_code_do_nothing() -> None:
    async def script(it: Driver) -> None:
        await _asks_for_codes(it)
        it.desk.forced[ProveAgain] = Refused("That is not your code now.", code="code")
        await it.type("000000")
        await it.keys("enter")
        await it.sees("That is not your code now.")
        it.desk.forced[RenewCodes] = ASKS
        await it.type(":codes")
        await it.keys("enter")
        await it.sees("asks for your code once more")
        await it.keys("enter")
        await it.sees("Nothing done.")

        assert len(it.desk.of(RenewCodes)) == 2
        assert it.console.gate == ""

    drive(script, _desk())


def test_a_clock_that_was_set_back_is_accepted_with_a_reason_and_a_code() -> None:
    async def script(it: Driver) -> None:
        await it.sign_in()
        await it.type(":clock accept")
        await it.keys("enter")
        await it.sees(":clock accept the battery was empty")
        it.desk.forced[AcceptClock] = built(Done, "The clock is accepted: the desk goes on 1:00:00 h earlier.")
        await it.type(":clock accept the battery was empty")
        await it.keys("enter")
        await it.sees("takes your code")
        await it.type(CODE)
        await it.keys("enter")
        await it.sees("The clock is accepted")

        assert it.desk.of(AcceptClock) == [AcceptClock("the battery was empty", CODE)]

    drive(script)


def test_codes_do_not_stay_on_a_screen_that_is_locked() -> None:
    async def script(it: Driver) -> None:
        await _shows_codes(it)
        it.desk.told(Locked(NOW, "15 minutes without a key"))
        await it.sees("stays on shift")
        assert "AAAA" not in it.text

        it.console.modes["lock"].form.set("password", PASSWORD)
        await it.keys("enter")
        await it.sees("STATE")

    drive(script, _desk())
