"""The demo's past lived through again: under the policies in force it has exactly the breaches on record."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from agentconsole.domain.clocks import Applied
from agentconsole.domain.events import FactKind
from agentconsole.domain.replay import Outcome, Result, on_record, relived
from agentconsole.server.desk import OpenDesk
from agentconsole.services.histories import read_histories, read_told, situation_in
from agentconsole.services.history import facts_of
from agentconsole.storage.tables.event import Event
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.wire.histories import Histories, HistoryRow, ReadHistories
from tests.demo.scratch import BASE

SINCE = BASE - timedelta(days=90)


def piece(desk: OpenDesk, ask: ReadHistories) -> Histories:
    return desk.reader.run(lambda session: read_histories(session, desk.context, ask, BASE))


def histories(desk: OpenDesk, pack: str) -> list[HistoryRow]:
    rows: list[HistoryRow] = []
    more = True
    while more:
        answer = piece(desk, ReadHistories(pack, rows[-1].ticket if rows else 0, SINCE))
        rows += answer.rows
        more = answer.more
    return rows


def recorded(session: Session, brands: set[str]) -> int:
    """Count the breaches in the log itself, of the tickets of some brands."""
    breaches = session.exec(select(Event.ticket).where(Event.kind == FactKind.BREACHED.value)).all()
    tickets = {ticket.id for ticket in session.exec(select(Ticket)).all() if ticket.brand_id in brands}
    return sum(ticket in tickets for ticket in breaches)


def broken(outcomes: tuple[Outcome, ...]) -> set[tuple[object, ...]]:
    return {(one.kind, one.standard, one.started, one.due) for one in outcomes if one.result is Result.BROKEN}


@pytest.mark.parametrize("pack", ["ecolab", "ecomstore", "ist-desk"])
def test_replaying_the_policy_in_force_gives_exactly_the_breaches_on_record(day: OpenDesk, pack: str) -> None:
    brands = {brand.id for brand in day.context.shelf.brands if brand.pack_id == pack}
    packs: tuple[Applied, ...] = day.context.shelf.versions(pack)
    found = 0

    for row in histories(day, pack):
        facts, situation = facts_of(read_told(row)), situation_in(row)
        replayed = relived(facts, packs, situation, BASE)
        record = on_record(facts, packs, situation, BASE)
        assert broken(replayed) == broken(record)
        assert [one.result for one in replayed] == [one.result for one in record]
        found += len(broken(replayed))

    assert found == day.reader.run(lambda session: recorded(session, brands))
