"""What a desk that comes back from a backup must not do again: take a code that was spent, or send a mail that left."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import col, select

from agentconsole.queries.backups import RESTORED
from agentconsole.security.totp import STEP, step_at
from agentconsole.services.outbox_doubt import set_unknown
from agentconsole.services.sessions import end_left_sessions
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.transaction import Tx
from agentconsole.storage.types import micros
from agentconsole.wire.backups import Manifest

BURNED_BACK = timedelta(hours=1)
"""How far back single steps are noted as spent too, for a clock that is set back after the restore."""

_BURN = "UPDATE factor SET last_step = :step WHERE enrolled_at IS NOT NULL AND (last_step IS NULL OR last_step < :step)"
_SPEND = "INSERT INTO spent_code (user_id, step) VALUES (:user, :step) ON CONFLICT DO NOTHING"
_USE_UP = "UPDATE recovery_code SET used_at = :at WHERE used_at IS NULL"
_MAY_HAVE_LEFT = "the desk was restored from a backup, and this mail may have left since that was made"


@dataclass(frozen=True, slots=True)
class Settled:
    """Count what a restore put in doubt or burned: mails that may have left, recovery codes."""

    mails: int
    recovery_codes: int


def settle_restored(tx: Tx, backup: Manifest) -> Settled:
    """Begin life after a restore, in its first transaction: nobody knows what happened after the backup was made.

    Codes of up to now are spent (RFC 6238 5.2), recovery codes too; mail that waited is looked for and never sent by
    itself (PROMISES 6); sessions and leases are over.
    """
    tx.record(RESTORED, body={"events": backup.events, "head": backup.head})
    codes = _burn_codes(tx)
    for table in ("lease", "server", "feed"):
        tx.rows(f"DELETE FROM {table}")  # noqa: S608 - names of our own
    end_left_sessions(tx, "the desk was restored from a backup")
    waiting = select(Outbox).where(col(Outbox.state).in_(("held", "queued", "sending"))).order_by("id")
    mails = tx.session.exec(waiting).all()
    for mail in mails:
        set_unknown(tx, mail, _MAY_HAVE_LEFT)
    return Settled(len(mails), codes)


def _burn_codes(tx: Tx) -> int:
    newest = step_at(tx.wall)
    tx.rows(_BURN, step=newest)
    for (user,) in tx.rows("SELECT user_id FROM factor WHERE enrolled_at IS NOT NULL"):
        for step in range(newest - BURNED_BACK // STEP, newest + 1):
            tx.rows(_SPEND, user=user, step=step)
    codes = int(tx.rows("SELECT count(*) FROM recovery_code WHERE used_at IS NULL")[0][0])
    tx.rows(_USE_UP, at=micros(tx.wall))
    return codes
