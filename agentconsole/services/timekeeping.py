"""Accepting that the desk's clock was set back: what has a wrong stamp is put right, and the log says so."""

from collections.abc import Collection
from datetime import datetime, timedelta

from agentconsole.domain.errors import Gap, Refused
from agentconsole.services.history import SET_BACK
from agentconsole.services.sessions import end_left_sessions
from agentconsole.services.shelf import AT_ONCE
from agentconsole.services.tickets import mark
from agentconsole.storage.events import CLOCK_ACCEPTED
from agentconsole.storage.instants import is_behind
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.transaction import Tx
from agentconsole.storage.types import instant, micros

LONGEST_REASON = 200
_STAMPED = (
    ("acceptance", "at"),
    ("acceptance", "read_at"),
    ("contact", "at"),
    ("desk", "addresses_open_until"),
    ("desk", "anchors_at"),
    ("draft", "saved_at"),
    ("duty_round", "done_at"),
    ("factor", "last_attempt_at"),
    ("mailbox", "read_at"),
    ("mailbox", "trouble_at"),
    ("outbox", "not_before"),
    ("outbox", "lease_until"),
    ("pack_draft", "at"),
    ("password_guard", "last_attempt_at"),
    ("request", "at"),
    ("server", "seen_at"),
    ("suggestion", "at"),
    ("suggestion", "settled_at"),
    ("ticket", "opened_at"),
    ("user", "asked_since"),
)
"""The columns by which something is judged or shown: it would wait for the wrong time to come again."""
_TOLD_LATER = (
    "SELECT DISTINCT ticket FROM event WHERE ticket IS NOT NULL AND seq >"
    " coalesce((SELECT seq FROM event WHERE at <= :than ORDER BY seq DESC LIMIT 1), 0) ORDER BY ticket"
)

_HELD_UNTIL = "SELECT max(until) FROM lease WHERE name = :name AND until > :after"


def check_behind(tx: Tx, reason: str) -> None:
    """Refuse to accept a clock that is not behind, or for no reason."""
    if not is_behind(tx.told, tx.head.at):
        raise Refused("Nothing to accept: the clock is not behind the desk's newest entry.")
    if not reason.strip() or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise Refused(
            f"Say in one line of at most {LONGEST_REASON} characters why the clock was set back.",
            gaps=(Gap("reason", "one short line"),),
        )


def accept_clock(tx: Tx, reason: str, *, live: Collection[str]) -> timedelta:
    """Go on from what the clock says now, and return how far back that is; `live` are the sessions that stay.

    Each ticket that was told something later than now is marked, so that its clocks are computed from right instants.
    """
    check_behind(tx, reason)
    after = tx.told
    before = max(tx.now, _last_shown(tx, after))
    step = before - after
    told_later = [int(row[0]) for row in tx.rows(_TOLD_LATER, than=micros(after))]
    tx.now = after
    body = {"before": before.isoformat(), "after": after.isoformat()}
    tx.record(CLOCK_ACCEPTED, body={**body, "reason": reason.strip()})
    _put_right(tx, after, step)
    for number in told_later:
        mark(tx, tx.get_one(Ticket, number), SET_BACK, **body)
    end_left_sessions(tx, "the clock was set back", but=live)
    return step


def _last_shown(tx: Tx, after: datetime) -> datetime:
    """Return what the clock last showed before it went back: a heartbeat says it to seconds, an entry may be old."""
    (seen,) = tx.rows("SELECT max(seen_at) FROM server WHERE seen_at > :after", after=micros(after))[0]
    return after if seen is None else instant(seen)


def _put_right(tx: Tx, after: datetime, step: timedelta) -> None:
    for table, column in _STAMPED:
        tx.rows(
            f'UPDATE "{table}" SET {column} = {column} - :step WHERE {column} > :after',  # noqa: S608 - names of our own
            step=step // timedelta(microseconds=1),
            after=micros(after),
        )
    # A version of a policy that was told to begin later than the wrong time begins when it was told to.
    tx.rows(
        "UPDATE pack_version SET since = since - :step WHERE since > :after AND since <= :before",
        step=step // timedelta(microseconds=1),
        after=micros(after),
        before=micros(after + step + AT_ONCE),
    )
    # Rounds of a duty that only the wrong time saw are asked for when their time comes.
    tx.rows("DELETE FROM duty_round WHERE begins > :after OR (login = '' AND due_at > :after)", after=micros(after))
    # Every live case was placed by the wrong time, also one that was told nothing: the sweep places them anew.
    tx.rows("UPDATE ticket SET until = :after WHERE live = 1", after=micros(after))
