"""People: who is at the desk with what on hand, and the list an administrator reads."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from agentconsole.domain.queue import Tier
from agentconsole.domain.terms import Role
from agentconsole.domain.ticket import case_number
from agentconsole.domain.untrusted import Untrusted
from agentconsole.storage.tables.draft import Draft
from agentconsole.storage.tables.factor import Factor
from agentconsole.storage.tables.session import Session as DeskSession
from agentconsole.storage.tables.user import User
from agentconsole.wire.rows import PersonRow, UserRow


def read_people(session: Session) -> tuple[PersonRow, ...]:
    """Return everybody who works tickets, by login, with what they carry."""
    carried: dict[int, dict[int, int]] = {}
    for owner, tier, number in session.execute(sa.text("SELECT owner_id, tier, number FROM counter")):
        carried.setdefault(owner, {})[tier] = number
    online = set(session.exec(select(DeskSession.user_id).where(col(DeskSession.ended_at).is_(None))).all())
    working = select(User).where(col(User.disabled).is_(False), User.role != Role.ADMIN).order_by("login")
    return tuple(
        PersonRow(
            login=user.login,
            name=Untrusted(user.name),
            role=user.role.value,
            open=sum(carried.get(user.id or 0, {}).values()),
            late=carried.get(user.id or 0, {}).get(Tier.LATE.rank, 0),
            due=carried.get(user.id or 0, {}).get(Tier.DUE.rank, 0),
            online=user.id in online,
        )
        for user in session.exec(working).all()
    )


def read_users(session: Session) -> tuple[UserRow, ...]:
    """Return all users, by login, with the state of their second factor: enrolled, waiting or off."""
    factors = {factor.user_id: factor for factor in session.exec(select(Factor)).all()}
    return tuple(
        UserRow(
            user.login,
            Untrusted(user.name),
            user.role.value,
            _factor(factors.get(user.id or 0)),
            user.disabled,
            user.last_sign_in,
            "any" if user.unix_any else str(user.unix_uid if user.unix_uid is not None else ""),
        )
        for user in session.exec(select(User).order_by("login")).all()
    )


def draft_numbers(session: Session, me: int) -> tuple[str, ...]:
    """Return the numbers of the cases on which somebody has a draft, the latest first."""
    mine = select(Draft).where(Draft.user_id == me).order_by(col(Draft.saved_at).desc())
    return tuple(dict.fromkeys(case_number(draft.ticket_id) for draft in session.exec(mine).all()))


def _factor(factor: Factor | None) -> str:
    if factor is None or factor.enrolled_at is None:
        return "waiting"
    return "off" if factor.disabled_at is not None else "enrolled"
