"""Where each person stands at the desk, kept for her next sign-in, on whichever machine that is."""

import msgspec

from agentconsole.domain.errors import Refused
from agentconsole.services.drafts import KINDS
from agentconsole.services.tickets import asker
from agentconsole.storage.tables.stand import Stand as StandRow
from agentconsole.storage.transaction import Tx
from agentconsole.wire.stands import Stand

MOST = 12
LONGEST_FILTER = 500
VIEWS = ("mine", "team", "unassigned")
_MODES = ("case", "composer")


def keep_stand(tx: Tx, stand: Stand) -> None:
    """Keep where the asker is; refuses what no console can mean. The log, others' business, has none of it."""
    if not _can_be(stand):
        raise Refused("That is no place at this desk; where you were before is kept.")
    me = asker(tx)
    body = msgspec.json.encode(stand).decode()
    row = tx.get(StandRow, me.id)
    if row is None:
        tx.insert(StandRow, user_id=me.id, body=body, saved_at=tx.now)
    else:
        row.body, row.saved_at = body, tx.now


def _can_be(stand: Stand) -> bool:
    filters = all(
        view in VIEWS and len(text) <= LONGEST_FILTER and (text.isprintable() or not text)
        for view, text in stand.filters
    )
    modes = {step.mode for step in stand.steps} | {tab.mode for tab in stand.tabs}
    kinds = all(step.kind in ("", *KINDS) for step in stand.steps)
    few = all(len(part) <= MOST for part in (stand.filters, stand.steps, stand.tabs))
    return stand.view in VIEWS and filters and modes <= set(_MODES) and kinds and few
