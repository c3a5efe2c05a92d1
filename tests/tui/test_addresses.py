"""`:allow`: an administrator reads and sets from where people sign in, and who is at the wrong place sends it again."""

from agentconsole.domain.errors import Refused
from agentconsole.wire.addresses import AllowAddress, RemoveAddress
from agentconsole.wire.commands import ProveAgain, SignIn
from agentconsole.wire.frames import Addresses, Done, Ended
from agentconsole.wire.queries import ReadAddresses
from agentconsole.wire.rows import AddressRow
from tests.rows import built
from tests.tui.driving import Driver, drive
from tests.tui.fake_desk import CODE, NOW, PASSWORD, FakeDesk

ASKS = Refused("This asks for your code once more; it is then good for 5 minutes.", code="sudo")
RULES = (AddressRow("agent", "10.20.0.0/16", "desk-lan", 2), AddressRow("admin", "local"))


async def _says(it: Driver, typed: str, *sentences: str) -> None:
    await it.type(f":allow {typed}".rstrip())
    await it.keys("enter")
    for sentence in sentences:
        await it.sees(sentence)


def test_the_rules_are_said() -> None:
    async def script(it: Driver) -> None:
        await it.sign_in()
        it.desk.forced[ReadAddresses] = Addresses(RULES, NOW, "local")
        await _says(it, "", "10.20.0.0/16 (desk-lan); admin local.", "SET ASIDE until")
        it.desk.forced[ReadAddresses] = Addresses((), None, "10.20.4.17")
        await _says(it, "", "Everybody may sign in from anywhere.", ":allow remove agent 192.0.2.0/24")

    drive(script)


def test_a_rule_is_set_after_the_code_was_given_once_more() -> None:
    async def script(it: Driver) -> None:
        await it.sign_in()
        it.desk.forced[AllowAddress] = ASKS
        await _says(it, "agent 10.20.0.0/16 desk-lan", "asks for your code once more")
        it.desk.forced[ProveAgain] = built(Done, "")
        it.desk.forced[AllowAddress] = built(Done, "Agents may sign in from 10.20.0.0/16.")
        await it.type(CODE)
        await it.keys("enter")
        await it.sees("Agents may sign in from 10.20.0.0/16.")

        assert it.desk.of(AllowAddress) == [AllowAddress("agent", "10.20.0.0/16", "desk-lan")] * 2

    drive(script)


def test_a_rule_is_taken_away_and_what_is_half_typed_changes_nothing() -> None:
    async def script(it: Driver) -> None:
        await it.sign_in()
        it.desk.forced[RemoveAddress] = built(Done, "The rule 10.20.0.0/16 is gone for agents.")
        await _says(it, "remove agent 10.20.0.0/16", "is gone for agents.")
        for half in ("agent", "remove", "remove agent", "agent 10.0.0.0/8 a b"):
            await _says(it, half, "As in :allow agent 192.0.2.0/24")
            await it.keys("escape")

        assert it.desk.of(RemoveAddress) == [RemoveAddress("agent", "10.20.0.0/16")]
        assert it.desk.of(AllowAddress) == []

    drive(script)


def test_who_is_at_the_wrong_place_keeps_what_she_typed_and_enter_sends_it_again() -> None:
    desk = FakeDesk()
    desk.forced[SignIn] = Refused("ana may not sign in from 203.0.113.9: ask an administrator.", code="address")

    async def script(it: Driver) -> None:
        await it.sees("Username")
        await it.type("ana")
        await it.keys("tab")
        await it.type(PASSWORD)
        await it.keys("tab")
        await it.type(CODE)
        await it.keys("enter")
        await it.sees("may not sign in from 203.0.113.9")
        await it.keys("enter")
        await it.sees("STATE")

        assert [ask.code for ask in it.desk.of(SignIn)] == [CODE, CODE]

    drive(script, desk)


def test_a_session_that_a_rule_ended_says_why_at_the_sign_in() -> None:
    async def script(it: Driver) -> None:
        await it.sign_in()
        it.desk.told(
            Ended("Signing in from 203.0.113.9 is no longer allowed: this session is over, your drafts are kept.")
        )
        await it.sees("no longer allowed")
        await it.sees("Press Esc, then sign in.")

    drive(script)
