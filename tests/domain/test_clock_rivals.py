"""Standards that promise the same: which bind a ticket, which is the strictest, and what is said where none binds."""

from datetime import timedelta

import pytest

from agentconsole.domain.policy import Applies, BestEffort, Business, Comparator, Elapsed
from agentconsole.domain.terms import Channel, ClockKind, ClockState, Priority
from tests.domain.desk import Ticket, applied, at, pack, standard

HOUR = timedelta(hours=1)
NOON = at("Mon 12:00")
START = at("Mon 09:00")
RESOLVE = ClockKind.RESOLUTION


def test_the_strictest_instant_wins_and_the_losers_say_why() -> None:
    playbook = pack(standard(Elapsed(24 * HOUR)), id="playbook")
    ist = pack(standard(BestEffort("erlang")), id="ist")
    ecom = pack(standard(Business(2 * HOUR, "hours")), standard(Elapsed(2 * HOUR), id="same"), id="ecom")

    clock = Ticket(applied(playbook, ist, ecom)).asked(START).clock(NOON)

    assert (clock.pack, clock.standard, clock.due_at) == ("ecom", "email", at("Mon 11:00"))
    assert [(loser.pack, loser.due_at, loser.why.partition(":")[0]) for loser in clock.losers] == [
        ("ecom", at("Mon 11:00"), "same instant"),
        ("playbook", at("Tue 09:00"), "not stricter"),
        ("ist", None, "best effort"),
    ]


def test_which_pack_is_stricter_depends_on_the_instant() -> None:
    wall = pack(standard(Elapsed(24 * HOUR)), id="playbook")
    business = pack(standard(Business(2 * HOUR, "hours")), id="ecom")

    friday_evening = Ticket(applied(wall, business)).asked(at("Fri 17:30")).clock(at("Fri 18:30"))

    assert (friday_evening.pack, friday_evening.due_at) == ("playbook", at("Sat 17:30"))


def test_under_is_stricter_than_within_at_the_same_instant() -> None:
    within, under = (
        standard(Elapsed(HOUR), id="within"),
        standard(Elapsed(HOUR), id="under", comparator=Comparator.UNDER),
    )

    assert Ticket(applied(pack(within, under))).asked(START).clock().standard == "under"


@pytest.mark.parametrize(
    ("rule", "start", "binds"),
    [
        (Applies(channels=(Channel.CHAT,)), "Mon 09:00", False),
        (Applies(channels=(Channel.EMAIL,)), "Mon 09:00", True),
        (Applies(queues=("wholesale",)), "Mon 09:00", False),
        (Applies(priorities=(Priority.URGENT,)), "Mon 09:00", False),
        (Applies(kinds=("complaint",)), "Mon 09:00", False),
        (Applies(brands=("ecom",)), "Mon 09:00", True),
        (Applies(brands=("other",)), "Mon 09:00", False),
        (Applies(escalated=True), "Mon 09:00", False),
        (Applies(escalated=False), "Mon 09:00", True),
        (Applies(out_of_hours=True), "Mon 09:00", False),
        (Applies(out_of_hours=True), "Mon 20:00", True),
        (Applies(out_of_hours=False), "Mon 20:00", False),
    ],
)
def test_a_standard_binds_only_the_tickets_it_applies_to(rule: Applies, start: str, binds: bool) -> None:
    clocks = Ticket(applied(pack(standard(Elapsed(HOUR), applies=rule)))).asked(at(start)).clocks(NOON)

    assert len(clocks) == int(binds)


def test_a_customer_who_waits_under_no_standard_is_shown_without_a_clock() -> None:
    rules = applied(pack(standard(Elapsed(HOUR), applies=Applies(channels=(Channel.CHAT,)))))

    (clock,) = Ticket(rules, channel=Channel.SOCIAL).asked(START).every_clock(NOON)

    assert (clock.started_at, clock.due_at, clock.state(NOON)) == (START, None, ClockState.NONE)
    assert clock.no_clock_reason == "no standard for social: Ecom"


def test_no_standard_is_not_said_where_a_callback_is_promised_instead() -> None:
    rules = applied(pack(standard(Elapsed(HOUR), ClockKind.CALLBACK)))

    owed = Ticket(rules).asked(START)
    called = Ticket(rules).asked(START).replied(at("Mon 09:10")).wrote(at("Mon 09:20")).replied(at("Mon 09:25"))

    assert [clock.kind for clock in owed.every_clock(NOON)] == [ClockKind.CALLBACK]
    assert [clock.met_at for clock in called.every_clock(NOON)] == [at("Mon 09:10"), at("Mon 09:25")]


def test_a_clock_that_begins_with_the_escalation_was_not_moved_by_it() -> None:
    rules = applied(pack(standard(Elapsed(HOUR), RESOLVE, applies=Applies(escalated=True))))

    assert Ticket(rules).asked(START).escalate(at("Mon 10:00")).clock(NOON).moved == ()


def test_a_complaint_clock_that_nothing_has_begun_says_so() -> None:
    rule = standard(Elapsed(HOUR), ClockKind.ACKNOWLEDGE, applies=Applies(kinds=("complaint",)))

    plain = Ticket(applied(pack(rule))).asked(START).clocks(NOON)
    clock = Ticket(applied(pack(rule)), kind="complaint").asked(START).clock(NOON)

    assert plain == ()
    assert (clock.started_at, clock.state(NOON)) == (None, ClockState.NONE)
    assert clock.no_clock_reason == "begins with the complaint form"
