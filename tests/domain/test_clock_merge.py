"""Clocks of merged tickets: the earliest unmet start and the strictest target are kept, nothing is promised anew."""

from datetime import timedelta

import pytest

from agentconsole.domain.clocks import due_effects
from agentconsole.domain.events import FactKind
from agentconsole.domain.policy import Applies, Elapsed
from agentconsole.domain.terms import Author, Channel, ClockKind, ContactKind, Priority, Status
from tests.domain.desk import Ticket, applied, at, pack, standard

HOUR = timedelta(hours=1)
FIRST, NEXT = ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE
RULES = applied(
    pack(
        standard(Elapsed(24 * HOUR), FIRST, id="mail", applies=Applies(channels=(Channel.EMAIL,))),
        standard(Elapsed(24 * HOUR), NEXT, id="mail-next", applies=Applies(channels=(Channel.EMAIL,))),
        standard(Elapsed(4 * HOUR), FIRST, id="social", applies=Applies(channels=(Channel.SOCIAL,))),
        standard(Elapsed(2 * HOUR), FIRST, id="urgent", applies=Applies(priorities=(Priority.URGENT,))),
    )
)
NOON = at("Mon 12:00")


def other(channel: Channel = Channel.EMAIL) -> Ticket:
    return Ticket(RULES, channel=channel, first_seq=100)


def merged(story: Ticket, source: Ticket, when: str = "Mon 11:00") -> Ticket:
    """Merge `source` into `story`; facts of both are in the order of the event log."""
    story.first_seq += 1000
    return story.add(at(when), FactKind.MERGED, merged=tuple(source.facts))


def test_merging_keeps_the_earliest_unmet_start() -> None:
    story = merged(Ticket(RULES).asked(at("Mon 10:00")), other().asked(at("Mon 09:00")))

    clock = story.clock(NOON)

    assert (clock.started_at, clock.due_at) == (at("Mon 09:00"), at("Tue 09:00"))


def test_merging_keeps_the_strictest_due_instant_and_never_one_that_nobody_promised() -> None:
    story = merged(Ticket(RULES).asked(at("Mon 09:00")), other(Channel.SOCIAL).asked(at("Mon 10:30")))

    clock = story.clock(NOON)

    assert (clock.standard, clock.started_at, clock.due_at) == ("social", at("Mon 10:30"), at("Mon 14:30"))
    assert [loser.due_at for loser in clock.losers] == [at("Tue 09:00")]


def test_the_priority_of_the_merged_ticket_still_counts_for_its_own_contact() -> None:
    source = other().opened(at("Mon 10:30"), priority=Priority.URGENT).wrote(at("Mon 10:30"))

    story = merged(Ticket(RULES).asked(at("Mon 09:00")), source)

    assert story.clock(NOON).due_at == at("Mon 12:30")


def test_what_the_merged_ticket_had_answered_stays_answered() -> None:
    source = other().asked(at("Mon 08:46")).replied(at("Mon 09:30"))

    story = merged(Ticket(RULES).asked(at("Mon 10:00")), source)

    assert [clock.started_at for clock in story.clocks(NOON)] == [at("Mon 10:00")]


def test_a_next_response_owed_to_the_older_contact_is_kept_as_such() -> None:
    source = other().asked(at("Mon 08:46")).replied(at("Mon 09:00")).wrote(at("Mon 09:30"))

    story = merged(Ticket(RULES).asked(at("Mon 10:00")), source)

    assert story.clock(NOON).kind is NEXT
    assert story.clock(NOON).started_at == at("Mon 09:30")


def test_one_answer_after_the_merge_answers_both() -> None:
    story = merged(Ticket(RULES).asked(at("Mon 10:00")), other().asked(at("Mon 09:00")))

    story.replied(at("Mon 11:30"))

    assert story.clock(NOON).met_at == at("Mon 11:30")


def test_that_the_merge_closes_the_other_ticket_settles_nothing() -> None:
    source = other().asked(at("Mon 09:00")).turned(at("Mon 11:00"), Status.CLOSED, "merged")

    story = merged(Ticket(RULES).asked(at("Mon 10:00")), source)

    assert story.clock(NOON).started_at == at("Mon 09:00")


def test_a_resolved_ticket_hands_nothing_over() -> None:
    source = other().asked(at("Mon 09:00")).turned(at("Mon 09:30"), Status.RESOLVED)

    story = merged(Ticket(RULES).asked(at("Mon 10:00")), source)

    assert [clock.started_at for clock in story.clocks(NOON)] == [at("Mon 10:00")]


def test_the_opening_of_a_resolved_ticket_is_not_taken_over() -> None:
    rules = applied(pack(standard(Elapsed(48 * HOUR), ClockKind.RESOLUTION)))
    source = Ticket(rules, first_seq=100).opened(at("Mon 09:00")).turned(at("Mon 09:30"), Status.RESOLVED)

    assert merged(Ticket(rules).opened(at("Mon 10:00")), source).clock(NOON).started_at == at("Mon 10:00")


def test_pauses_of_the_merged_ticket_are_kept() -> None:
    rules = applied(pack(standard(Elapsed(24 * HOUR), FIRST, pauses=(Status.WAITING,))))
    source = Ticket(rules, first_seq=100).asked(at("Mon 09:00")).turned(at("Mon 09:10"), Status.WAITING, "photos")

    story = merged(Ticket(rules).asked(at("Mon 10:00")), source)

    clock = story.clock(NOON)
    oldest = max(clock.losers, key=lambda loser: loser.due_at or NOON)
    assert clock.due_at == at("Tue 10:00")
    assert oldest.due_at == at("Tue 10:50")


def test_open_promises_and_the_older_opening_come_over() -> None:
    rules = applied(pack(standard(Elapsed(48 * HOUR), ClockKind.RESOLUTION)))
    source = Ticket(rules, first_seq=100).opened(at("Mon 09:00"))
    source.add(at("Mon 09:05"), FactKind.PROMISED, due=at("Tue 12:00"), value="call back")

    story = merged(Ticket(rules).opened(at("Mon 10:00")), source)

    due = {clock.kind: clock.due_at for clock in story.clocks(NOON)}
    assert due == {ClockKind.RESOLUTION: at("Wed 09:00"), ClockKind.PROMISE: at("Tue 12:00")}


def test_a_breach_recorded_on_the_merged_ticket_is_not_recorded_again() -> None:
    source = other(Channel.SOCIAL).asked(at("Mon 06:00"))
    (breach,) = due_effects(source.clocks(NOON), source.facts, NOON)
    source.facts.append(breach.fact(110, at("Mon 10:00")))

    story = merged(Ticket(RULES, channel=Channel.EMAIL).asked(at("Mon 10:00")), source)

    assert story.clock(NOON).breached_at == at("Mon 10:00")
    assert due_effects(story.clocks(NOON), story.facts, NOON) == ()


def test_a_merge_that_moves_the_due_instant_is_listed() -> None:
    story = merged(Ticket(RULES).asked(at("Mon 10:00")), other().asked(at("Mon 09:00")))

    (move,) = story.clock(NOON).moved

    assert (move.at, move.before, move.after) == (at("Mon 11:00"), at("Tue 10:00"), at("Tue 09:00"))


def test_a_merge_of_a_merge_keeps_the_oldest_contact_and_its_kind() -> None:
    oldest = Ticket(RULES, first_seq=200).asked(at("Mon 09:00"))
    older = merged(other().asked(at("Mon 09:50")).replied(at("Mon 09:55")).wrote(at("Mon 10:00")), oldest, "Mon 10:10")

    story = merged(Ticket(RULES).asked(at("Mon 09:30")), older)

    clock = story.clock(NOON)
    assert (clock.kind, clock.started_at) == (FIRST, at("Mon 09:00"))


@pytest.mark.parametrize(
    ("own", "others", "due"),
    [(None, "Mon 10:30", "Wed 10:30"), ("Mon 10:40", "Mon 10:30", "Wed 10:40"), ("Mon 10:40", None, "Wed 10:40")],
)
def test_an_escalation_comes_over_unless_the_ticket_has_its_own(own: str | None, others: str | None, due: str) -> None:
    rules = applied(pack(standard(Elapsed(48 * HOUR), ClockKind.RESOLUTION, applies=Applies(escalated=True))))
    story, source = Ticket(rules, escalated=True).opened(at("Mon 10:00")), Ticket(rules, first_seq=100)
    source.opened(at("Mon 09:00"))
    if own:
        story.escalate(at(own))
    if others:
        source.escalate(at(others))

    assert merged(story, source).clock(NOON).due_at == at(due)


@pytest.mark.parametrize("is_late_bounce", [True, False])
def test_a_bounce_after_the_merge_takes_back_the_reply_before_it(is_late_bounce: bool) -> None:
    source = other().asked(at("Mon 09:00")).replied(at("Mon 09:30"))
    story = merged(Ticket(RULES).opened(at("Mon 10:00")), source)

    if is_late_bounce:
        story.contact(at("Mon 11:30"), Author.BOUNCE, ContactKind.BOUNCE, ref=source.facts[2].seq)

    assert [clock.started_at for clock in story.clocks(NOON)] == ([at("Mon 09:00")] if is_late_bounce else [])
