"""From a contact to a due instant: the clocks of the shipped packs, in local times a person can check on paper."""

from datetime import UTC, datetime, timedelta

import pytest

from agentconsole.config.packs import load_pack
from agentconsole.domain.clocks import Applied, Clock, Situation, compute
from agentconsole.domain.events import Fact, FactKind
from agentconsole.domain.terms import Author, Channel, ClockKind, ContactKind, Priority, Status

EVER = datetime(1970, 1, 1, tzinfo=UTC)
FIRST = ClockKind.FIRST_RESPONSE


def clocks_of(
    packs: tuple[str, ...], channel: str, at: str, *, queue: str = "", escalated: bool = False
) -> list[Clock]:
    """Return the clocks of a ticket that one contact of a customer opened under shipped packs, an hour later."""
    received = datetime.fromisoformat(at).astimezone(UTC)
    by = Channel(channel)
    kind = {"phone": ContactKind.CALL, "walkin": ContactKind.VISIT}.get(channel, ContactKind.MESSAGE)
    facts = [
        Fact(1, received, FactKind.OPENED, channel=by),
        Fact(2, received, FactKind.CONTACT, author=Author.CUSTOMER, contact_kind=kind, channel=by),
    ]
    if escalated:
        facts.append(Fact(3, received + timedelta(minutes=30), FactKind.ESCALATED))
    situation = Situation(by, queue, Priority.NORMAL, "", "", Status.NEW, escalated)
    applied = [Applied(load_pack(pack), EVER) for pack in packs]
    return list(compute(facts, applied, situation, received + timedelta(hours=1)))


@pytest.mark.parametrize(
    ("pack", "channel", "received", "kind", "due"),
    [
        ("ecolab", "email", "2026-11-20T16:30-05:00", FIRST, "2026-11-21T16:30-05:00"),  # 2.5, elapsed
        ("ecolab", "chat", "2026-11-20T23:58-05:00", FIRST, "2026-11-21T00:03-05:00"),  # 2.7
        ("ecolab", "phone", "2026-11-20T16:30-05:00", ClockKind.RING, "2026-11-20T16:30:36-05:00"),  # 2.1
        ("ecolab", "walkin", "2026-11-20T16:30-05:00", ClockKind.GREET, "2026-11-20T16:30:10-05:00"),  # 2.9
        ("ecomstore", "email", "2026-11-20T16:30-05:00", FIRST, "2026-11-23T10:30-05:00"),  # 3.resp.2, over a weekend
        ("ecomstore", "email", "2026-11-20T15:00-05:00", FIRST, "2026-11-20T17:00-05:00"),  # 3.resp.2, at closing time
        ("ecomstore", "chat", "2026-11-22T03:00-05:00", FIRST, "2026-11-22T03:00:30-05:00"),  # 3.resp.1, 24/7
        ("ecomstore", "phone", "2026-11-20T16:30-05:00", ClockKind.RING, "2026-11-20T16:30:18-05:00"),  # 3.resp.3
        ("ecomstore", "social", "2026-11-20T16:30-05:00", FIRST, "2026-11-20T20:30-05:00"),  # 3.resp.4
        ("ist-desk", "chat", "2026-11-21T17:45+05:30", FIRST, "2026-11-23T09:45+05:30"),  # Policy.3, Sunday between
        ("ist-desk", "chat", "2026-11-21T20:00+05:30", ClockKind.CALLBACK, "2026-11-23T18:00+05:30"),  # Policy.3c
        ("ist-desk", "email", "2026-11-20T10:00+05:30", FIRST, None),  # Policy.2a, never green
        ("ist-desk", "phone", "2026-11-20T10:00+05:30", ClockKind.RING, None),  # Policy.1, measured
    ],
)
def test_a_contact_is_due_when_the_document_says(
    pack: str, channel: str, received: str, kind: ClockKind, due: str | None
) -> None:
    clocks = clocks_of((pack,), channel, received)

    found = [clock.due_at for clock in clocks if clock.kind is kind]

    assert found == [datetime.fromisoformat(due) if due else None]


@pytest.mark.parametrize(
    ("pack", "channel", "received", "kind"),
    [
        ("ecomstore", "phone", "2026-11-21T12:00-05:00", ClockKind.RING),
        ("ist-desk", "phone", "2026-11-22T12:00+05:30", ClockKind.RING),
        ("ist-desk", "chat", "2026-11-20T10:00+05:30", ClockKind.CALLBACK),
        ("ecolab", "social", "2026-11-20T10:00-05:00", FIRST),
    ],
)
def test_where_the_document_promises_nothing_no_instant_is_due(
    pack: str, channel: str, received: str, kind: ClockKind
) -> None:
    clocks = clocks_of((pack,), channel, received)

    assert [clock.due_at for clock in clocks if clock.kind is kind and clock.due_at] == []


@pytest.mark.parametrize(
    ("received", "winner", "loser"),
    [
        ("2026-11-19T10:00-05:00", ("ecomstore", "3.resp.2"), ("ecolab", "2.5")),
        ("2026-11-20T16:30-05:00", ("ecolab", "2.5"), ("ecomstore", "3.resp.2")),
    ],
)
def test_of_two_packs_the_strictest_instant_wins_and_the_loser_is_listed(
    received: str, winner: tuple[str, str], loser: tuple[str, str]
) -> None:
    clocks = clocks_of(("ecolab", "ecomstore"), "email", received)

    clock = next(one for one in clocks if one.kind is FIRST)

    assert (clock.pack, clock.clause) == winner
    assert [(one.pack, one.clause) for one in clock.losers] == [loser]


def test_a_wholesale_inquiry_is_bound_by_both_of_its_clauses() -> None:
    clocks = clocks_of(("ecolab",), "email", "2026-11-20T10:00-05:00", queue="wholesale")

    clock = next(one for one in clocks if one.kind is FIRST)

    assert {clock.clause, *(one.clause for one in clock.losers)} == {"2.5", "9.1"}


@pytest.mark.parametrize(("escalated", "due"), [(False, []), (True, ["2026-11-22T10:30-05:00"])])
def test_the_48_hours_run_from_the_escalation(escalated: bool, due: list[str]) -> None:
    clocks = clocks_of(("ecolab",), "email", "2026-11-20T10:00-05:00", escalated=escalated)

    found = [clock.due_at for clock in clocks if clock.kind is ClockKind.RESOLUTION]

    assert found == [datetime.fromisoformat(one) for one in due]
