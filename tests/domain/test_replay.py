"""A replay under the policy that bound a ticket finds the very breaches on record; under another one, others."""

from datetime import timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agentconsole.domain.clocks import EffectKind
from agentconsole.domain.events import FactKind
from agentconsole.domain.policy import Applies, Elapsed
from agentconsole.domain.replay import Outcome, Result, on_record, relived
from agentconsole.domain.terms import Priority
from tests.domain.desk import Ticket, applied, at, pack, standard
from tests.domain.minute_desk import DAY, Terms
from tests.domain.test_clock_model import START, STORIES, TERMS, Story, do, the_ticket, timed

NOON, EVENING = at("Mon 12:00"), at("Mon 18:00")
TWO_HOURS = applied(pack(standard(Elapsed(timedelta(hours=2)))))
FOUR_HOURS = applied(pack(standard(Elapsed(timedelta(hours=4)))))


def lived(terms: Terms, story: Story, now: int) -> Ticket:
    """Live through a story as a desk does: what broke is recorded before the next thing happens."""
    ticket = the_ticket(terms)
    for number, deed in [*story, (now, "")]:
        moment = START + timedelta(minutes=number)
        ticket.record(moment, *(effect for effect in ticket.effects(moment) if effect.kind is EffectKind.BREACH))
        if deed:
            do(ticket, deed, moment)
    return ticket


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TERMS, STORIES, st.integers(1, 3 * DAY))
@example(Terms(120, False, False, False), [(10, "urgent"), (100, "normal"), (5, "replied")], 5)
@example(Terms(1440, True, True, True), [(61, "urgent"), (10, "resolve"), (5, "undo"), (5, "normal")], 60)
def test_a_replay_under_the_policy_in_force_gives_exactly_the_breaches_on_record(
    terms: Terms, gaps: Story, rest: int
) -> None:
    story = timed(gaps)
    now = (story[-1][0] if story else 0) + rest
    ticket, moment = lived(terms, story, now), START + timedelta(minutes=now)
    recorded = {
        (fact.clock, fact.value, fact.started, fact.due) for fact in ticket.facts if fact.kind is FactKind.BREACHED
    }

    replayed = relived(ticket.facts, ticket.packs, ticket.situation, moment)
    record = on_record(ticket.facts, ticket.packs, ticket.situation, moment)

    assert broken(replayed) == broken(record) == recorded
    assert [one.result for one in replayed] == [one.result for one in record]


def broken(outcomes: tuple[Outcome, ...]) -> set[tuple[object, ...]]:
    return {(one.kind, one.standard, one.started, one.due) for one in outcomes if one.result is Result.BROKEN}


def test_another_policy_keeps_what_was_broken_and_breaks_what_was_kept() -> None:
    ticket = Ticket(TWO_HOURS).asked()
    ticket.record(NOON, *ticket.effects(NOON)).replied(NOON)

    (was,) = on_record(ticket.facts, TWO_HOURS, ticket.situation, EVENING)
    (longer,) = relived(ticket.facts, FOUR_HOURS, ticket.situation, EVENING)
    (shorter,) = relived(Ticket(FOUR_HOURS).asked().replied(NOON).facts, TWO_HOURS, ticket.situation, EVENING)

    assert [one.result for one in (was, longer, shorter)] == [Result.BROKEN, Result.KEPT, Result.BROKEN]


def test_a_promise_past_its_time_without_a_breach_on_record_is_said_apart() -> None:
    ticket = Ticket(TWO_HOURS).asked()

    (record,) = on_record(ticket.facts, TWO_HOURS, ticket.situation, EVENING)
    (replayed,) = relived(ticket.facts, TWO_HOURS, ticket.situation, EVENING)

    assert (record.result, replayed.result) == (Result.OVERDUE, Result.BROKEN)


def test_what_still_runs_is_neither_kept_nor_broken() -> None:
    ticket = Ticket(FOUR_HOURS).asked()

    (replayed,) = relived(ticket.facts, FOUR_HOURS, ticket.situation, NOON)

    assert replayed.result is Result.RUNNING


def test_a_breach_under_an_urgency_that_was_taken_back_stays_one() -> None:
    urgent = standard(Elapsed(timedelta(hours=1)), id="urgent", applies=Applies(priorities=(Priority.URGENT,)))
    packs = applied(pack(standard(Elapsed(timedelta(hours=8))), urgent))
    ticket = Ticket(packs).asked().prioritised(at("Mon 09:00"), Priority.URGENT)
    ticket.prioritised(at("Mon 11:00"), Priority.NORMAL).replied(NOON)

    (replayed,) = relived(ticket.facts, packs, ticket.situation, EVENING)

    assert (replayed.standard, replayed.due, replayed.result) == ("urgent", at("Mon 09:46"), Result.BROKEN)
