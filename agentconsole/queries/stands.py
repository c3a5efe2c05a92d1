"""Where somebody stood at the desk when she was here last."""

import msgspec
from sqlmodel import Session, col, select

from agentconsole.storage.tables.stand import Stand as StandRow
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.wire.stands import Stand

_stands: msgspec.json.Decoder[Stand] = msgspec.json.Decoder(Stand)


def read_stand(session: Session, me: int) -> Stand | None:
    """Return where somebody stood, without tickets that are no more; None when she was never here."""
    row = session.get(StandRow, me)
    if row is None:
        return None
    try:
        stand = _stands.decode(row.body)
    except msgspec.MsgspecError:
        return None
    named = {step.ticket for step in stand.steps} | {tab.ticket for tab in stand.tabs}
    there = set(session.exec(select(Ticket.id).where(col(Ticket.id).in_(named))).all())
    return msgspec.structs.replace(
        stand,
        steps=tuple(step for step in stand.steps if step.ticket in there),
        tabs=tuple(tab for tab in stand.tabs if tab.ticket in there),
    )
