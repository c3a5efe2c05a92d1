"""What starts a clock and what satisfies it: the facts of a ticket folded into promises."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from agentconsole.domain.clocks import Clock
from agentconsole.domain.events import FactKind
from agentconsole.domain.policy import Applies, Elapsed, Reopen
from agentconsole.domain.terms import Author, Channel, ClockKind, ClockState, ContactKind, Status
from tests.domain.desk import Ticket, applied, at, pack, standard

HOUR = timedelta(hours=1)
DAY_LONG = Elapsed(24 * HOUR)
FIRST, NEXT = ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE
RESPONSES = applied(pack(standard(DAY_LONG, FIRST), standard(DAY_LONG, NEXT)))
NOON = at("Mon 12:00")


def ticket() -> Ticket:
    return Ticket(RESPONSES)


def told(clocks: tuple[Clock, ...]) -> list[tuple[ClockKind, datetime | None, datetime | None]]:
    return [(clock.kind, clock.started_at, clock.met_at) for clock in clocks]


@pytest.mark.parametrize(
    ("situation", "author", "kind", "satisfies"),
    [
        ("000-24: a person's answer", Author.AGENT, ContactKind.MESSAGE, True),
        ("a person's call", Author.AGENT, ContactKind.CALL, True),
        ("a person's visit", Author.AGENT, ContactKind.VISIT, True),
        ("DESIGN 5: an internal note", Author.AGENT, ContactKind.NOTE, False),
        ("000-25: the automatic acknowledgement", Author.DESK, ContactKind.AUTOMATIC, False),
        ("an agent's out-of-office notice", Author.AGENT, ContactKind.AUTOMATIC, False),
        ("a message of the desk itself", Author.DESK, ContactKind.MESSAGE, False),
        ("a bounce", Author.BOUNCE, ContactKind.BOUNCE, False),
        ("the customer's own reminder", Author.CUSTOMER, ContactKind.MESSAGE, False),
    ],
)
def test_only_a_persons_answer_satisfies_a_response_clock(
    situation: str, author: Author, kind: ContactKind, satisfies: bool
) -> None:
    story = ticket().asked().contact(at("Mon 10:00"), author, kind)

    clock = story.clock(NOON)

    assert (clock.met_at == at("Mon 10:00")) is satisfies, situation
    assert clock.started_at == at("Mon 08:46"), situation


@pytest.mark.parametrize(
    ("author", "kind"),
    [
        (Author.CUSTOMER, ContactKind.AUTOMATIC),
        (Author.CUSTOMER, ContactKind.NOTE),
        (Author.BOUNCE, ContactKind.BOUNCE),
        (Author.AGENT, ContactKind.MESSAGE),
    ],
)
def test_only_a_customers_own_contact_starts_a_response_clock(author: Author, kind: ContactKind) -> None:
    story = ticket().opened().contact(at("Mon 09:00"), author, kind)

    assert story.clocks(NOON) == ()


def test_next_response_runs_from_the_oldest_unanswered_contact() -> None:
    story = ticket().asked(at("Mon 08:46")).replied(at("Mon 09:00"))

    story.wrote(at("Mon 09:30")).wrote(at("Mon 10:00")).wrote(at("Mon 11:00"))

    assert told(story.clocks(NOON)) == [
        (FIRST, at("Mon 08:46"), at("Mon 09:00")),
        (NEXT, at("Mon 09:30"), None),
    ]


def test_messages_before_the_first_answer_belong_to_the_first_response() -> None:
    story = ticket().asked(at("Mon 08:46")).wrote(at("Mon 09:30"))

    assert told(story.clocks(NOON)) == [(FIRST, at("Mon 08:46"), None)]


def test_each_answer_ends_one_clock_and_the_next_contact_begins_another() -> None:
    story = ticket().asked(at("Mon 08:46")).replied(at("Mon 09:00"))

    story.wrote(at("Mon 09:30")).replied(at("Mon 09:45")).replied(at("Mon 09:50")).wrote(at("Mon 10:00"))

    assert told(story.clocks(NOON)) == [
        (FIRST, at("Mon 08:46"), at("Mon 09:00")),
        (NEXT, at("Mon 09:30"), at("Mon 09:45")),
        (NEXT, at("Mon 10:00"), None),
    ]


def test_a_reply_that_bounces_later_withdraws_the_met_clock() -> None:
    story = ticket().asked().replied(at("Mon 09:00"))
    met = story.clock(NOON).state(NOON)

    story.contact(at("Mon 09:05"), Author.BOUNCE, ContactKind.BOUNCE)

    assert met is ClockState.MET
    assert told(story.clocks(NOON)) == [(FIRST, at("Mon 08:46"), None)]


def test_a_later_human_reply_satisfies_what_a_bounced_one_did_not() -> None:
    story = ticket().asked().replied(at("Mon 09:00")).contact(at("Mon 09:05"), Author.BOUNCE, ContactKind.BOUNCE)

    story.replied(at("Mon 11:00"))

    assert told(story.clocks(NOON)) == [(FIRST, at("Mon 08:46"), at("Mon 11:00"))]


def test_a_bounce_names_the_reply_that_came_back() -> None:
    story = ticket().asked().replied(at("Mon 09:00")).replied(at("Mon 10:00"))

    story.contact(at("Mon 10:05"), Author.BOUNCE, ContactKind.BOUNCE, ref=story.facts[2].seq)

    assert told(story.clocks(NOON)) == [(FIRST, at("Mon 08:46"), at("Mon 10:00"))]


def test_a_bounced_automatic_reply_takes_no_human_reply_back() -> None:
    story = ticket().asked().replied(at("Mon 09:00")).contact(at("Mon 09:30"), Author.DESK, ContactKind.AUTOMATIC)

    story.contact(at("Mon 09:31"), Author.BOUNCE, ContactKind.BOUNCE)

    assert story.clock(NOON).met_at == at("Mon 09:00")


def test_resolving_ends_an_unanswered_clock_without_meeting_it() -> None:
    story = ticket().asked().turned(at("Mon 10:00"), Status.RESOLVED)

    clock = story.clock(NOON)

    assert (clock.met_at, clock.ended_at) == (None, at("Mon 10:00"))
    assert clock.state(NOON) is clock.state(at("Fri 12:00")) is ClockState.NONE
    assert clock.no_clock_reason == "case resolved: no longer owed"


def test_reopening_without_a_new_contact_lets_the_clock_run_on_from_its_start() -> None:
    story = ticket().asked().turned(at("Mon 10:00"), Status.RESOLVED).turned(at("Tue 10:00"), Status.OPEN)

    clock = story.clock(at("Tue 11:00"))

    assert (clock.started_at, clock.ended_at, clock.pauses) == (at("Mon 08:46"), None, ())
    assert clock.state(at("Tue 11:00")) is ClockState.LATE


def test_a_last_word_on_a_resolved_ticket_leaves_nothing_owed_when_it_is_reopened() -> None:
    story = ticket().asked().turned(at("Mon 10:00"), Status.RESOLVED).replied(at("Mon 11:00"))

    story.turned(at("Tue 10:00"), Status.OPEN)

    (clock,) = story.clocks(at("Tue 11:00"))
    assert (clock.met_at, clock.ended_at) == (None, at("Mon 10:00"))


def test_a_new_contact_on_a_resolved_ticket_begins_a_clock_of_its_own() -> None:
    story = ticket().asked().replied(at("Mon 09:00")).wrote(at("Mon 09:30"))

    story.turned(at("Mon 10:00"), Status.RESOLVED).wrote(at("Wed 10:00")).turned(at("Wed 10:00"), Status.OPEN)

    first, settled, fresh = story.clocks(at("Wed 11:00"))
    assert first.met_at == at("Mon 09:00")
    assert (settled.started_at, settled.ended_at) == (at("Mon 09:30"), at("Mon 10:00"))
    assert (fresh.started_at, fresh.state(at("Wed 11:00"))) == (at("Wed 10:00"), ClockState.OK)


def resolution(on_reopen: Reopen, **more: object) -> Ticket:
    return Ticket(applied(pack(standard(Elapsed(48 * HOUR), ClockKind.RESOLUTION, on_reopen=on_reopen, **more))))


def reopened(story: Ticket) -> Ticket:
    story.asked(at("Mon 09:00")).replied(at("Mon 10:00")).turned(at("Mon 11:00"), Status.RESOLVED)
    return story.wrote(at("Tue 11:00")).turned(at("Tue 11:00"), Status.OPEN)


def test_resolution_runs_from_opening_until_resolved() -> None:
    story = resolution(Reopen.CONTINUE).asked(at("Mon 09:00")).turned(at("Mon 11:00"), Status.RESOLVED)

    clock = story.clock(NOON)

    assert told((clock,)) == [(ClockKind.RESOLUTION, at("Mon 09:00"), at("Mon 11:00"))]
    assert clock.state(NOON) is ClockState.MET


@pytest.mark.parametrize("rule", [Reopen.CONTINUE, Reopen.NEW_TICKET])
def test_a_reopened_resolution_continues_with_what_was_left(rule: Reopen) -> None:
    clock = reopened(resolution(rule)).clock(at("Tue 12:00"))

    assert clock.started_at == at("Mon 09:00")
    assert clock.left(at("Tue 12:00")) == 45 * HOUR
    assert [(pause.start, pause.end, pause.state) for pause in clock.pauses] == [
        (at("Mon 11:00"), at("Tue 11:00"), Status.RESOLVED)
    ]


def test_a_reopened_resolution_restarts_where_the_pack_says_so() -> None:
    first, second = reopened(resolution(Reopen.RESTART)).clocks(at("Tue 12:00"))

    assert told((first, second)) == [
        (ClockKind.RESOLUTION, at("Mon 09:00"), at("Mon 11:00")),
        (ClockKind.RESOLUTION, at("Tue 11:00"), None),
    ]
    assert second.left(at("Tue 12:00")) == 47 * HOUR


def test_waiting_and_going_on_is_no_reopening() -> None:
    story = resolution(Reopen.RESTART).asked(at("Mon 09:00"))

    story.turned(at("Mon 10:00"), Status.WAITING, "photos").turned(at("Mon 11:00"), Status.OPEN)

    assert told(story.clocks(NOON)) == [(ClockKind.RESOLUTION, at("Mon 09:00"), None)]


@pytest.mark.parametrize(
    ("escalated", "start", "because"),
    [("Mon 10:00", "Tue 11:00", "case reopened"), ("Tue 11:30", "Tue 11:30", "escalated")],
)
def test_the_restarted_resolution_of_an_escalated_ticket_counts_from_what_came_last(
    escalated: str, start: str, because: str
) -> None:
    story = reopened(resolution(Reopen.RESTART, applies=Applies(escalated=True)))
    later = [replace(fact, seq=fact.seq + 1) for fact in story.facts if fact.at > at(escalated)]
    story.facts = [fact for fact in story.facts if fact.at <= at(escalated)]
    story.escalate(at(escalated)).facts.extend(later)

    clock = story.clocks(at("Tue 12:00"))[-1]

    assert (clock.started_at, clock.because) == (at(start), because)


@pytest.mark.parametrize("rule", [Reopen.CONTINUE, Reopen.RESTART])
def test_a_resolution_taken_back_never_was(rule: Reopen) -> None:
    story = resolution(rule).asked(at("Mon 09:00")).turned(at("Mon 11:00"), Status.RESOLVED)

    story.turned(at("Mon 11:01"), Status.OPEN, reason="undo")

    clock = story.clock(NOON)
    assert (clock.started_at, clock.met_at, clock.pauses) == (at("Mon 09:00"), None, ())


def test_the_resolution_of_escalated_issues_runs_from_the_escalation() -> None:
    story = resolution(Reopen.CONTINUE, applies=Applies(escalated=True)).asked(at("Mon 09:00"))
    before = story.clocks(NOON)

    story.escalate(at("Mon 13:00"))

    clock = story.clock(at("Mon 14:00"))
    assert before == ()
    assert (clock.started_at, clock.due_at) == (at("Mon 13:00"), at("Wed 13:00"))


def test_an_escalation_waits_to_be_accepted() -> None:
    story = Ticket(applied(pack(standard(Elapsed(HOUR), ClockKind.ACCEPT_HANDOFF)))).asked()
    story.escalate(at("Mon 10:00"))
    waiting = story.clock(NOON)

    story.add(at("Mon 10:20"), FactKind.ACCEPTED)

    assert (waiting.started_at, waiting.met_at) == (at("Mon 10:00"), None)
    assert story.clock(NOON).met_at == at("Mon 10:20")


def test_an_update_is_owed_from_each_answer_to_the_next() -> None:
    story = Ticket(applied(pack(standard(DAY_LONG, ClockKind.UPDATE)))).asked()

    story.replied(at("Mon 10:00")).replied(at("Tue 09:00"))

    assert told(story.clocks(at("Tue 10:00"))) == [
        (ClockKind.UPDATE, at("Mon 10:00"), at("Tue 09:00")),
        (ClockKind.UPDATE, at("Tue 09:00"), None),
    ]


@pytest.mark.parametrize(
    ("clock", "channel", "contact"),
    [
        (ClockKind.RING, Channel.PHONE, ContactKind.CALL),
        (ClockKind.GREET, Channel.WALKIN, ContactKind.VISIT),
    ],
)
def test_a_person_waiting_is_live_until_an_agent_answers(
    clock: ClockKind, channel: Channel, contact: ContactKind
) -> None:
    story = Ticket(applied(pack(standard(Elapsed(timedelta(seconds=10)), clock))), channel=channel).opened()
    story.contact(at("Mon 08:46"), Author.CUSTOMER, contact)
    waiting = [story.clock(now).state(now) for now in (at("Mon 08:46:05"), at("Mon 08:46:30"))]

    story.contact(at("Mon 08:46:09"), Author.AGENT, contact)

    assert waiting == [ClockState.LIVE, ClockState.LIVE]
    assert story.clock(NOON).state(NOON) is ClockState.MET


def test_a_voicemail_is_returned_by_a_call_within_its_time_from_being_heard() -> None:
    rules = applied(pack(standard(Elapsed(timedelta(minutes=10)), ClockKind.RETURN_CALL)))
    story = Ticket(rules, channel=Channel.VOICEMAIL).asked()
    unheard = story.clock(NOON)
    story.add(at("Mon 10:00"), FactKind.HEARD).replied(at("Mon 10:01"))
    heard = story.clock(NOON)

    story.contact(at("Mon 10:09"), Author.AGENT, ContactKind.CALL)

    assert (unheard.started_at, unheard.no_clock_reason) == (None, "begins when the voicemail has been heard")
    assert (heard.due_at, heard.met_at) == (at("Mon 10:10"), None)
    assert story.clock(NOON).met_at == at("Mon 10:09")


def test_promises_run_one_by_one_and_the_oldest_is_kept_first() -> None:
    story = ticket().opened()
    story.add(at("Mon 09:00"), FactKind.PROMISED, due=at("Tue 12:00"), value="send the price list")
    story.add(at("Mon 10:00"), FactKind.PROMISED, due=at("Wed 12:00"), value="call back")

    story.add(at("Mon 11:00"), FactKind.PROMISE_KEPT)

    kept, owed = story.clocks(NOON)
    assert (kept.text, kept.met_at) == ("send the price list", at("Mon 11:00"))
    assert (owed.text, owed.due_at, owed.met_at) == ("call back", at("Wed 12:00"), None)


def test_the_promise_that_was_kept_can_be_named() -> None:
    story = ticket().opened().add(at("Mon 09:00"), FactKind.PROMISED, due=at("Tue 12:00"), value="first")
    story.add(at("Mon 10:00"), FactKind.PROMISED, due=at("Wed 12:00"), value="second")

    story.add(at("Mon 11:00"), FactKind.PROMISE_KEPT, ref=story.facts[2].seq)

    assert [clock.text for clock in story.clocks(NOON) if clock.met_at] == ["second"]


def test_a_promise_outlives_resolving() -> None:
    story = ticket().opened().add(at("Mon 09:00"), FactKind.PROMISED, due=at("Mon 11:00"), value="call back")

    story.turned(at("Mon 10:00"), Status.RESOLVED)

    assert story.clock(NOON).state(NOON) is ClockState.LATE


def test_a_ticket_without_facts_has_no_clocks() -> None:
    assert ticket().clocks(NOON) == ()
