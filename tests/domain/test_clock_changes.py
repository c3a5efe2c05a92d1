"""Rules that change under a running clock: the start and the pauses stay, the move is listed, a breach is a fact."""

from datetime import timedelta

import pytest

from agentconsole.domain.clocks import Applied
from agentconsole.domain.events import FactKind
from agentconsole.domain.policy import Applies, Elapsed, Target
from agentconsole.domain.terms import ClockKind, ClockState, Priority, Status
from tests.domain.desk import Ticket, applied, at, pack, standard

HOUR = timedelta(hours=1)
NOON = at("Mon 12:00")
START = at("Mon 09:00")
PAUSABLE = {"pauses": (Status.WAITING,)}


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
