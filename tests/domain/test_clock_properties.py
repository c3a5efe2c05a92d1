"""What holds of every clock, whatever happened on the ticket."""

import sys
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentconsole.domain.calendar import DayEnd, Receipt
from agentconsole.domain.clock_value import TICK
from agentconsole.domain.policy import Applies, Business, Comparator, Elapsed, Immediate, Target, WorkingDays
from agentconsole.domain.terms import Author, ClockKind, ClockState, ContactKind, Priority, Status
from tests.domain.desk import Ticket, applied, at, pack, standard

HOUR = timedelta(hours=1)
START = at("Mon 00:00")
TARGETS: list[Target] = [
    Elapsed(timedelta(minutes=5)),
    Elapsed(24 * HOUR),
    Business(2 * HOUR, "hours"),
    Business(20 * HOUR, "hours"),
    Immediate(30, "hours"),
    WorkingDays(2, "hours", Receipt.SAME_DAY, DayEnd.CLOSE_OF_BUSINESS),
    WorkingDays(1, "hours", Receipt.NEXT_WORKING_DAY, DayEnd.END_OF_DAY),
]
MINUTES = st.integers(min_value=0, max_value=7 * 24 * 60)
WITHIN_A_SECOND = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def rules(target: Target, comparator: Comparator, *, is_pausable: bool) -> Ticket:
    pauses = (Status.WAITING,) if is_pausable else ()
    urgent = Applies(priorities=(Priority.URGENT,))
    kinds = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE, ClockKind.RESOLUTION)
    standards = [standard(target, kind, pauses=pauses, comparator=comparator, id=kind.value) for kind in kinds]
    faster = [standard(Elapsed(HOUR), kind, applies=urgent, id=f"urgent-{kind}") for kind in kinds]
    return Ticket(applied(pack(*standards, *faster)))


DO = {
    "wrote": lambda story, now: story.wrote(now),
    "replied": lambda story, now: story.replied(now),
    "auto": lambda story, now: story.contact(now, Author.DESK, ContactKind.AUTOMATIC),
    "note": lambda story, now: story.contact(now, Author.AGENT, ContactKind.NOTE),
    "wait": lambda story, now: story.turned(now, Status.WAITING, "photos"),
    "open": lambda story, now: story.turned(now, Status.OPEN),
    "resolve": lambda story, now: story.turned(now, Status.RESOLVED),
    "urgent": lambda story, now: story.prioritised(now, Priority.URGENT),
    "escalate": lambda story, now: story.escalate(now),
}


def tell(story: Ticket, deeds: list[tuple[int, str]], *, without: tuple[str, ...] = ()) -> Ticket:
    now = START
    story.asked(now)
    for minutes, deed in deeds:
        now += timedelta(minutes=minutes)
        if deed not in without:
            DO[deed](story, now)
    return story


STORIES = st.lists(st.tuples(st.integers(min_value=0, max_value=900), st.sampled_from(sorted(DO))), max_size=14)
DESKS = st.builds(rules, st.sampled_from(TARGETS), st.sampled_from(Comparator), is_pausable=st.booleans())


@WITHIN_A_SECOND
@given(DESKS, STORIES, MINUTES)
def test_computing_twice_gives_the_same(desk: Ticket, deeds: list[tuple[int, str]], minute: int) -> None:
    story = tell(desk, deeds)
    now = START + timedelta(minutes=minute)

    assert story.clocks(now) == story.clocks(now)


@WITHIN_A_SECOND
@given(DESKS, STORIES, MINUTES, MINUTES)
def test_a_past_breach_does_not_depend_on_when_it_is_asked_for(
    desk: Ticket, deeds: list[tuple[int, str]], one: int, other: int
) -> None:
    story = tell(desk, deeds)
    early, late = sorted((START + timedelta(minutes=one), START + timedelta(minutes=other)))

    for before, after in zip(story.clocks(early), story.clocks(late), strict=True):
        assert before.breached_at is None or before.breached_at == after.breached_at
        assert (before.due_at, before.started_at, before.moved) == (after.due_at, after.started_at, after.moved)


@WITHIN_A_SECOND
@given(DESKS, STORIES)
def test_no_clock_is_due_before_it_starts_and_none_has_used_less_than_nothing(
    desk: Ticket, deeds: list[tuple[int, str]]
) -> None:
    for clock in tell(desk, deeds).clocks(at("Sun 12:00")):
        assert clock.started_at is not None
        assert clock.due_at is None or clock.due_at >= clock.started_at
        used = clock.used(at("Sun 12:00"))
        assert used is not None
        assert used >= timedelta(0)


@WITHIN_A_SECOND
@given(DESKS, STORIES, MINUTES)
def test_the_word_changes_at_the_next_change_and_not_before(
    desk: Ticket, deeds: list[tuple[int, str]], minute: int
) -> None:
    now = START + timedelta(minutes=minute)

    for clock in tell(desk, deeds).clocks(now):
        state, change = clock.state(now), clock.next_change(now)
        horizon = change or now + timedelta(days=40)
        assert horizon > now
        for share in (0.0, 0.3, 0.7, 0.99):
            assert clock.state(now + (horizon - TICK - now) * share) is state
        if change is not None:
            is_starving = (clock.is_starving(change - TICK), clock.is_starving(change))
            assert clock.state(change) is not state or is_starving == (False, True)


@WITHIN_A_SECOND
@given(DESKS, STORIES, MINUTES)
def test_automatic_replies_and_notes_change_nothing(desk: Ticket, deeds: list[tuple[int, str]], minute: int) -> None:
    plain = Ticket(desk.packs)
    now = START + timedelta(minutes=minute)

    told, untold = tell(desk, deeds), tell(plain, deeds, without=("auto", "note"))

    assert told.clocks(now) == untold.clocks(now)


@WITHIN_A_SECOND
@given(st.sampled_from(TARGETS), MINUTES, MINUTES)
def test_pausing_never_moves_a_due_instant_earlier(target: Target, one: int, other: int) -> None:
    desk = rules(target, Comparator.WITHIN, is_pausable=True)
    start, end = sorted((START + timedelta(minutes=one), START + timedelta(minutes=other)))
    unpaused = Ticket(desk.packs).asked(START).clock(START, ClockKind.FIRST_RESPONSE)

    desk.asked(START).turned(start, Status.WAITING, "photos").turned(end, Status.OPEN)

    paused = desk.clock(at("Sun 12:00"), ClockKind.FIRST_RESPONSE)
    assert paused.due_at is not None
    assert unpaused.due_at is not None
    assert paused.due_at >= unpaused.due_at


@WITHIN_A_SECOND
@given(DESKS, STORIES, st.lists(MINUTES, min_size=1, max_size=6))
def test_nothing_fires_twice_whatever_the_sweeps_clock_says(
    desk: Ticket, deeds: list[tuple[int, str]], sweeps: list[int]
) -> None:
    story = tell(desk, deeds)
    fired = []

    for minute in sweeps:
        now = START + timedelta(minutes=minute)
        found = story.effects(now)
        fired.extend((effect.clock, effect.started, effect.key) for effect in found)
        story.record(now, *found)

    assert len(fired) == len(set(fired))


@WITHIN_A_SECOND
@given(DESKS, STORIES, MINUTES)
def test_time_left_runs_down_and_never_up(desk: Ticket, deeds: list[tuple[int, str]], minute: int) -> None:
    story = tell(desk, deeds)
    now = story.facts[-1].at + timedelta(minutes=minute)

    for clock in story.clocks(now):
        assert clock.left(now + HOUR) <= clock.left(now)
        if clock.state(now) in (ClockState.WAIT, ClockState.MET, ClockState.MISSED, ClockState.SHUT):
            assert clock.left(now + TICK) == clock.left(now)


def test_a_thread_of_thousands_of_answers_is_computed_in_a_moment() -> None:
    """Twice the thread may cost little more than twice the time: measured by the steps taken, not by the clock."""
    rules = [
        standard(Elapsed(HOUR), kind, id=kind.value) for kind in (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE)
    ]

    def steps_for(rounds: int) -> int:
        story, now = Ticket(applied(pack(*rules))).asked(START), START
        for _ in range(rounds):
            story.replied(now + HOUR).turned(now + HOUR, Status.RESOLVED).turned(now + HOUR, Status.OPEN)
            now += 2 * HOUR
            story.wrote(now)
        taken = 0

        def count(*_: object) -> None:
            nonlocal taken
            taken += 1

        sys.setprofile(count)
        try:
            story.every_clock(now)
        finally:
            sys.setprofile(None)
        return taken

    assert steps_for(400) < 2.5 * steps_for(200)
