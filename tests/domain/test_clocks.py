"""The clocks of a ticket: words and thresholds, pauses, changes of the rules, breaches, and packs that disagree."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from agentconsole.domain.clock_value import TICK
from agentconsole.domain.policy import Applies, Business, Elapsed, Immediate, Target
from agentconsole.domain.terms import Channel, ClockKind, ClockState, Status
from tests.domain.desk import Ticket, applied, at, pack, standard

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FIRST, NEXT, RESOLVE = ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE, ClockKind.RESOLUTION
NOON = at("Mon 12:00")
START = at("Mon 09:00")


def asked(target: Target, **more: object) -> Ticket:
    return Ticket(applied(pack(standard(target, **more)))).asked(START)


@pytest.mark.parametrize(
    ("target", "left", "state"),
    [
        (Elapsed(24 * HOUR), 6 * HOUR + MINUTE, ClockState.OK),
        (Elapsed(24 * HOUR), 6 * HOUR, ClockState.SOON),
        (Elapsed(24 * HOUR), timedelta(hours=2, minutes=24, microseconds=1), ClockState.SOON),
        (Elapsed(24 * HOUR), timedelta(hours=2, minutes=24), ClockState.DUE),
        (Elapsed(24 * HOUR), timedelta(0), ClockState.DUE),
        (Elapsed(24 * HOUR), timedelta(microseconds=-1), ClockState.LATE),
        (Elapsed(HOUR), 15 * MINUTE, ClockState.SOON),
        (Elapsed(HOUR), 10 * MINUTE, ClockState.DUE),
        (Elapsed(40 * MINUTE), 10 * MINUTE + timedelta(microseconds=1), ClockState.OK),
        (Elapsed(40 * MINUTE), 10 * MINUTE, ClockState.DUE),
        (Elapsed(12 * MINUTE), 8 * MINUTE + timedelta(microseconds=1), ClockState.OK),
        (Elapsed(12 * MINUTE), 8 * MINUTE, ClockState.DUE),
        (Business(2 * HOUR, "hours"), 31 * MINUTE, ClockState.OK),
        (Business(2 * HOUR, "hours"), 30 * MINUTE, ClockState.SOON),
        (Business(2 * HOUR, "hours"), 12 * MINUTE, ClockState.DUE),
    ],
)
def test_the_word_follows_the_thresholds_of_ux_9_1(target: Target, left: timedelta, state: ClockState) -> None:
    clock = asked(target).clock()
    assert clock.due_at is not None

    now = clock.due_at - left

    assert clock.state(now) is state
    assert clock.left(now) == left


def test_a_business_clock_is_shut_outside_hours_and_says_when_it_resumes() -> None:
    story = asked(Business(20 * HOUR, "hours"))

    clock = story.clock(at("Mon 20:00"))

    assert clock.state(at("Mon 20:00")) is ClockState.SHUT
    assert clock.resumes_at == at("Tue 08:30")
    assert clock.left(at("Mon 20:00")) == clock.left(at("Tue 08:30")) == 11 * HOUR
    assert story.clock(NOON).resumes_at is None


def test_a_late_business_clock_stays_late_outside_hours_and_its_overdue_time_stands_still() -> None:
    clock = asked(Business(2 * HOUR, "hours")).clock()

    assert clock.state(at("Mon 22:00")) is ClockState.LATE
    assert clock.left(at("Mon 22:00")) == clock.left(at("Tue 08:30")) == -7 * HOUR


def test_a_deadline_on_closing_time_is_late_after_it_though_nothing_is_counted() -> None:
    story = asked(Business(9 * HOUR, "hours"))

    clock = story.replied(at("Mon 19:00")).clock(at("Mon 20:00"))

    assert clock.due_at == at("Mon 18:00")
    assert clock.state(at("Mon 20:00")) is ClockState.MISSED


def test_a_chat_is_live_while_its_desk_is_open() -> None:
    rules = applied(pack(standard(Immediate(60, "hours"))))
    story = Ticket(rules, channel=Channel.CHAT).asked(at("Mon 17:59:30"))

    clock = story.clock()

    assert clock.state(at("Mon 17:59:40")) is ClockState.LIVE
    assert clock.state(at("Mon 18:00")) is ClockState.SHUT
    assert clock.state(at("Tue 09:00")) is ClockState.LIVE


def test_a_chat_around_the_clock_is_never_shut() -> None:
    rules = applied(pack(standard(Immediate(60, "always"))))

    clock = Ticket(rules, channel=Channel.CHAT).asked(at("Sun 03:00")).clock(at("Sun 03:00"))

    assert (clock.business, clock.state(at("Sun 03:00:10"))) == (False, ClockState.LIVE)


def test_clocks_of_different_kinds_run_apart() -> None:
    rules = pack(standard(Elapsed(24 * HOUR)), standard(Elapsed(48 * HOUR), RESOLVE), standard(Elapsed(HOUR), NEXT))
    story = Ticket(applied(rules)).asked(START).replied(at("Mon 10:00")).wrote(at("Mon 11:00"))

    clocks = {clock.kind: (clock.due_at, clock.state(NOON)) for clock in story.clocks(NOON)}

    assert clocks == {
        FIRST: (at("Tue 09:00"), ClockState.MET),
        RESOLVE: (at("Wed 09:00"), ClockState.OK),
        NEXT: (at("Mon 12:00"), ClockState.DUE),
    }


PAUSABLE = {"pauses": (Status.WAITING,)}


def test_a_pause_has_a_state_a_reason_and_who() -> None:
    story = asked(Elapsed(24 * HOUR), **PAUSABLE).turned(at("Mon 10:00"), Status.WAITING, "photos asked for", "bo")

    clock = story.clock(NOON)

    (pause,) = clock.pauses
    assert (pause.start, pause.end, pause.state) == (at("Mon 10:00"), None, Status.WAITING)
    assert (pause.reason, pause.who) == ("photos asked for", "bo")
    assert (clock.state(NOON), clock.paused_since, clock.due_at) == (ClockState.WAIT, at("Mon 10:00"), None)
    assert clock.left(NOON) == 23 * HOUR


@pytest.mark.parametrize(
    ("pauses", "due"),
    [((Status.WAITING,), "Tue 10:30"), ((), "Tue 09:00"), ((Status.RESOLVED,), "Tue 09:00")],
)
def test_a_clock_pauses_only_in_the_states_its_standard_allows(pauses: tuple[Status, ...], due: str) -> None:
    story = asked(Elapsed(24 * HOUR), pauses=pauses)

    story.turned(at("Mon 10:00"), Status.WAITING, "photos").turned(at("Mon 11:30"), Status.OPEN)

    assert story.clock(NOON).due_at == at(due)


@pytest.mark.parametrize(
    ("situation", "start", "end", "due"),
    [
        ("within the day", "Mon 09:30", "Mon 10:30", "Mon 12:00"),
        ("over the night", "Mon 10:00", "Tue 09:30", "Tue 10:30"),
        ("only while the desk is shut", "Mon 20:00", "Tue 06:00", "Mon 11:00"),
        ("after it was due", "Mon 14:00", "Mon 15:00", "Mon 11:00"),
    ],
)
def test_a_pause_moves_a_business_deadline_by_the_open_time_in_it(
    situation: str, start: str, end: str, due: str
) -> None:
    story = asked(Business(2 * HOUR, "hours"), **PAUSABLE)

    story.turned(at(start), Status.WAITING, "photos").turned(at(end), Status.OPEN)

    assert story.clock(at("Wed 09:00")).due_at == at(due), situation


def test_an_answer_during_a_pause_ends_the_pause_for_its_clock() -> None:
    story = asked(Elapsed(24 * HOUR), **PAUSABLE).turned(at("Mon 10:00"), Status.WAITING, "photos")

    clock = story.replied(at("Mon 11:00")).turned(at("Mon 12:00"), Status.OPEN).clock(at("Mon 13:00"))

    assert [(pause.start, pause.end) for pause in clock.pauses] == [(at("Mon 10:00"), at("Mon 11:00"))]
    assert clock.used(at("Mon 13:00")) == HOUR


def test_the_channel_of_the_contact_decides_before_that_of_the_ticket() -> None:
    chat = standard(Elapsed(HOUR), id="chat", applies=Applies(channels=(Channel.CHAT,)))
    mail = standard(Elapsed(24 * HOUR), id="mail", applies=Applies(channels=(Channel.EMAIL,)))
    story = Ticket(applied(pack(chat, mail)), channel=Channel.CHAT).asked(START)

    by_contact = story.clock(NOON)
    story.channel = Channel.EMAIL
    still_by_contact = story.clock(NOON)
    story.facts[1] = replace(story.facts[1], channel=None)
    by_ticket = story.clock(NOON)

    assert (by_contact.standard, by_contact.channel) == ("chat", Channel.CHAT)
    assert (still_by_contact.standard, still_by_contact.channel) == ("chat", Channel.CHAT)
    assert (by_ticket.standard, by_ticket.channel) == ("mail", Channel.EMAIL)


def test_a_wall_clock_set_back_during_a_pause_pauses_nothing() -> None:
    story = asked(Elapsed(24 * HOUR), **PAUSABLE)

    story.turned(at("Mon 10:00"), Status.WAITING, "photos").turned(at("Mon 09:59:50"), Status.OPEN)

    assert (story.clock(NOON).pauses, story.clock(NOON).due_at) == ((), at("Tue 09:00"))


def test_an_answer_dated_before_its_question_by_a_clock_set_back_is_in_time() -> None:
    clock = asked(Elapsed(HOUR)).replied(at("Mon 08:59:50")).clock(NOON)

    assert (clock.state(NOON), clock.used(NOON)) == (ClockState.MET, timedelta(0))


@pytest.mark.parametrize(
    ("now", "changes"),
    [
        ("Mon 09:00", at("Mon 18:00")),
        ("Mon 18:00", at("Tue 08:30")),
        ("Tue 08:30", at("Tue 13:00")),
        ("Tue 13:00", at("Tue 15:42")),
        ("Tue 15:42", at("Tue 17:30") + TICK),
        ("Tue 17:31", at("Thu 16:30") + TICK),
        ("Fri 09:00", None),
    ],
)
def test_the_next_change_is_a_threshold_or_the_desks_opening_or_closing(now: str, changes: datetime | None) -> None:
    clock = asked(Business(18 * HOUR, "hours")).clock()

    assert clock.next_change(at(now)) == changes


def test_the_instants_of_a_clock_are_those_of_its_words() -> None:
    clock = asked(Business(18 * HOUR, "hours")).clock()

    assert (clock.soon_from, clock.due_from) == (at("Tue 13:00"), at("Tue 15:42"))
    assert (clock.late_from, clock.starving_from) == (at("Tue 17:30") + TICK, at("Thu 16:30") + TICK)
    assert (clock.soon_below, clock.due_below) == (4.5 * HOUR, 1.8 * HOUR)
    assert clock.target_span == at("Tue 17:30") - START


def test_a_paused_or_finished_clock_changes_by_itself_no_more() -> None:
    paused = asked(Elapsed(24 * HOUR), **PAUSABLE).turned(at("Mon 10:00"), Status.WAITING, "photos").clock(NOON)
    met = asked(Elapsed(24 * HOUR)).replied(at("Mon 10:00")).clock(NOON)

    for clock in (paused, met):
        assert (clock.next_change(NOON), clock.due_from, clock.starving_from) == (None, None, None)
