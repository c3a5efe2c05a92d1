"""Sessions: their beginning, lock and end; the server owns the idle and the absolute limit."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import col, select

from agentconsole.domain.errors import Refused
from agentconsole.storage.tables.server import DeskServer
from agentconsole.storage.tables.session import Session
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Tx


@dataclass(frozen=True, slots=True)
class Limits:
    """Say when a session locks for want of a key, when it ends for good, and when unlocking asks for the code again."""

    idle: timedelta = timedelta(minutes=15)
    absolute: timedelta = timedelta(hours=12)
    code_after: timedelta = timedelta(minutes=60)


def begin_session(tx: Tx, user: User, server: str) -> Session:
    """Begin a session of a user whose three proofs were right; it lives in this server and dies with it."""
    session = Session(
        id=secrets.token_hex(16),
        user_id=user.id or 0,
        began_at=tx.wall,
        seen_at=tx.wall,
        code_at=tx.wall,
        peer=tx.actor.peer if tx.actor.peer is not None else -1,
        address=tx.actor.address,
        server_id=server,
    )
    tx.session.add(session)
    user.last_sign_in = tx.wall
    user.asked_since = user.asked_since or tx.now
    tx.record("session.began", subject=user.login, body={"session": session.id[:16]})
    return session


def refuse_ended(tx: Tx) -> None:
    """Refuse what a session asked just before it ended: an account that was closed does nothing any more."""
    session = tx.get(Session, tx.actor.session) if tx.actor.session else None
    if session is not None and session.ended_at is not None:
        raise Refused("Sign in first.", code="sign-in")


def lock_session(tx: Tx, session_id: str, reason: str) -> None:
    """Lock a session; locking a locked one changes nothing."""
    session = tx.session.get_one(Session, session_id)
    if session.locked_at is None and session.ended_at is None:
        session.locked_at = tx.wall
        tx.record("session.locked", subject=session_id[:16], body={"reason": reason})


def unlock_session(tx: Tx, session_id: str, *, with_code: bool) -> None:
    """Unlock a session after its proofs were checked."""
    session = tx.session.get_one(Session, session_id)
    session.locked_at = None
    session.seen_at = tx.wall
    if with_code:
        session.code_at = tx.wall
    tx.record("session.unlocked", subject=session_id[:16])


def end_session(tx: Tx, session_id: str, reason: str) -> None:
    """End a session for good; ending an ended one changes nothing."""
    session = tx.session.get(Session, session_id)
    if session is not None and session.ended_at is None:
        session.ended_at = tx.wall
        session.end_reason = reason
        tx.record("session.ended", subject=session_id[:16], body={"reason": reason})


def end_left_sessions(tx: Tx, reason: str, *, but: Collection[str] = ()) -> None:
    """End what is still open of servers that are gone; `but` are sessions that live all the same."""
    left_open = select(Session).where(
        col(Session.ended_at).is_(None),
        col(Session.id).not_in(but),
        col(Session.server_id).not_in(select(DeskServer.id)),
    )
    for session in tx.session.exec(left_open).all():
        session.ended_at = tx.wall
        session.end_reason = reason
        tx.ended_sessions[session.id] = reason
