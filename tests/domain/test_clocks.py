"""The clocks of a ticket: words and thresholds, pauses, changes of the rules, breaches, and packs that disagree."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from agentconsole.domain.clock_value import TICK
from agentconsole.domain.clocks import Applied
from agentconsole.domain.events import FactKind
from agentconsole.domain.policy import Applies, BestEffort, Business, Comparator, Elapsed, Immediate, Target
from agentconsole.domain.terms import Channel, ClockKind, ClockState, Priority, Status
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


def by_priority(urgent: Target) -> tuple[Applied, ...]:
    """Bind a pack that promises an answer within 24 hours, and to urgent tickets `urgent`."""
    others = Applies(priorities=tuple(one for one in Priority if one is not Priority.URGENT))
    only_urgent = Applies(priorities=(Priority.URGENT,))
    return applied(
        pack(
            standard(Elapsed(24 * HOUR), id="normal", applies=others, **PAUSABLE),
            standard(urgent, id="urgent", applies=only_urgent, **PAUSABLE),
        )
    )


def test_a_change_of_priority_recomputes_from_the_original_start_and_is_listed() -> None:
    story = Ticket(by_priority(Elapsed(4 * HOUR))).asked(START)

    clock = story.prioritised(at("Mon 10:00"), Priority.URGENT).clock(NOON)

    assert (clock.standard, clock.started_at, clock.due_at) == ("urgent", START, at("Mon 13:00"))
    (move,) = clock.moved
    assert (move.at, move.before, move.after) == (at("Mon 10:00"), at("Tue 09:00"), at("Mon 13:00"))
    assert move.because == "priority normal -> urgent"


def test_a_priority_that_nobody_wrote_down_is_found_in_the_facts_before() -> None:
    story = Ticket(by_priority(Elapsed(4 * HOUR)), priority=Priority.HIGH).opened(START, priority=Priority.URGENT)
    story.wrote(START).add(at("Mon 10:00"), FactKind.PRIORITY, priority=Priority.NORMAL)

    story.add(at("Mon 11:00"), FactKind.PRIORITY, priority=Priority.HIGH)

    assert [move.because for move in story.clock(NOON).moved] == ["priority urgent -> normal"]


def test_a_change_of_priority_keeps_the_pauses() -> None:
    story = Ticket(by_priority(Elapsed(4 * HOUR))).asked(START)
    story.turned(at("Mon 09:10"), Status.WAITING, "photos").turned(at("Mon 09:40"), Status.OPEN)

    clock = story.prioritised(at("Mon 10:00"), Priority.URGENT).clock(NOON)

    assert clock.due_at == at("Mon 13:30")


def test_a_change_after_the_answer_moves_nothing() -> None:
    story = Ticket(by_priority(Elapsed(4 * HOUR))).asked(START).replied(at("Mon 15:00"))

    clock = story.prioritised(at("Mon 16:00"), Priority.URGENT).clock(at("Mon 17:00"))

    assert (clock.standard, clock.moved, clock.state(at("Mon 17:00"))) == ("normal", (), ClockState.MET)


def test_a_change_there_and_back_is_listed_twice() -> None:
    story = Ticket(by_priority(Elapsed(4 * HOUR))).asked(START)

    story.prioritised(at("Mon 10:00"), Priority.URGENT).prioritised(at("Mon 10:05"), Priority.LOW)

    assert [move.because for move in story.clock(NOON).moved] == ["priority normal -> urgent", "priority urgent -> low"]
    assert story.clock(NOON).due_at == at("Tue 09:00")


def test_a_change_of_brand_changes_the_pack_and_keeps_the_start() -> None:
    eco, ist = pack(standard(Elapsed(24 * HOUR)), id="eco"), pack(standard(Elapsed(2 * HOUR)), id="ist")
    change = at("Mon 10:00")
    packs = (Applied(eco, START, until=change), Applied(ist, change))

    story = Ticket(packs, brand="ist").asked(START).add(change, FactKind.BRAND, before="eco", value="ist")

    clock = story.clock(NOON)
    assert (clock.pack, clock.started_at, clock.due_at) == ("ist", START, at("Mon 11:00"))
    assert [(move.before, move.because) for move in clock.moved] == [(at("Tue 09:00"), "brand eco -> ist")]


def test_a_ticket_stays_under_the_version_in_force_when_its_clock_began() -> None:
    old, new = pack(standard(Elapsed(24 * HOUR)), version=3), pack(standard(Elapsed(2 * HOUR)), version=4)
    packs = (Applied(old, at("Mon 00:00")), Applied(new, at("Mon 10:00")))

    before = Ticket(packs).asked(START).clock(NOON)
    after = Ticket(packs).asked(at("Mon 10:30")).clock(NOON)

    assert (before.pack_version, before.due_at) == (3, at("Tue 09:00"))
    assert (after.pack_version, after.due_at) == (4, at("Mon 12:30"))


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)])
@pytest.mark.parametrize(
    ("start", "version"),
    [("Mon 08:00", 1), ("Mon 09:00", 1), ("Mon 09:59", 1), ("Mon 10:00", 2), ("Mon 11:00", 3), ("Tue 09:00", 3)],
)
def test_the_version_does_not_depend_on_the_order_of_the_packs(
    order: tuple[int, ...], start: str, version: int
) -> None:
    since = ("Mon 09:00", "Mon 10:00", "Mon 11:00")
    packs = [Applied(pack(standard(Elapsed(HOUR)), version=1 + one), at(since[one])) for one in order]

    assert Ticket(tuple(packs)).asked(at(start)).clock(at("Tue 12:00")).pack_version == version


def test_binding_a_ticket_to_a_new_version_recomputes_it() -> None:
    old, new = pack(standard(Elapsed(24 * HOUR)), version=3), pack(standard(Elapsed(2 * HOUR)), version=4)
    change = at("Mon 10:00")
    packs = (Applied(old, at("Mon 00:00"), until=change), Applied(new, change))

    story = Ticket(packs).asked(START).add(change, FactKind.POLICY, before="ecom v3", value="ecom v4")

    clock = story.clock(NOON)
    assert (clock.pack_version, clock.due_at) == (4, at("Mon 11:00"))
    assert clock.moved[0].because == "policy ecom v3 -> ecom v4"


def test_a_change_of_queue_recomputes() -> None:
    rules = pack(
        standard(Elapsed(48 * HOUR), id="all"),
        standard(Elapsed(24 * HOUR), id="wholesale", applies=Applies(queues=("wholesale",))),
    )
    story = Ticket(applied(rules), queue="wholesale").asked(START)

    clock = story.add(at("Mon 10:00"), FactKind.QUEUE, before="general", value="wholesale").clock(NOON)

    assert clock.due_at == at("Tue 09:00")
    assert clock.moved[0].because == "queue general -> wholesale"


def test_a_breach_stays_a_fact_when_recalculation_would_be_in_time() -> None:
    story = Ticket(by_priority(Elapsed(4 * HOUR)), priority=Priority.URGENT).asked(START)
    story.record(at("Mon 13:01"), *story.effects(at("Mon 13:01")))

    running = story.prioritised(at("Mon 14:00"), Priority.NORMAL).clock(at("Mon 15:00"))
    answered = story.replied(at("Mon 16:00")).clock(at("Mon 17:00"))

    assert (running.due_at, running.breached_at) == (at("Tue 09:00"), at("Mon 13:00"))
    assert running.state(at("Mon 15:00")) is ClockState.OK
    assert (answered.breached_at, answered.state(at("Mon 17:00"))) == (at("Mon 13:00"), ClockState.MISSED)


@pytest.mark.parametrize("priority", list(Priority))
def test_a_promised_date_is_never_moved(priority: Priority) -> None:
    story = Ticket(by_priority(Elapsed(4 * HOUR))).opened(START)
    story.add(START, FactKind.PROMISED, due=at("Wed 12:00"), value="call back")

    story.turned(at("Mon 10:00"), Status.WAITING, "customer").prioritised(at("Mon 11:00"), priority)

    clock = story.clock(NOON, ClockKind.PROMISE)
    assert (clock.due_at, clock.moved, clock.pauses) == (at("Wed 12:00"), (), ())


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
