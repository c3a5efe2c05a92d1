"""Resetting somebody's second factor before two people, who stand at the host and need no session (PROMISES 6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from agentconsole.domain.errors import Refused
from agentconsole.domain.terms import Role
from agentconsole.services import signin, users
from agentconsole.services.context import DeskContext
from agentconsole.services.signin import Failed
from agentconsole.storage.tables.factor import Factor
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Tx

WITNESSES = (Role.ADMIN, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Witness:
    """Carry what one of the two gave; the password was checked before, because that takes long on purpose."""

    login: str
    password_right: bool
    code: str


def needs_two(tx: Tx, login: str) -> bool:
    """Tell whether two people are there to reset somebody: an administrator and another of them or a supervisor."""
    able = (
        select(User.role)
        .join(Factor, col(Factor.user_id) == User.id)
        .where(User.login != login, col(User.disabled).is_(False), col(User.role).in_(WITNESSES))
        .where(col(Factor.enrolled_at).is_not(None), col(Factor.disabled_at).is_(None))
    )
    roles = tx.session.exec(able).all()
    return len(roles) > 1 and Role.ADMIN in roles


def reset_by_two(tx: Tx, desk: DeskContext, login: str, two: Sequence[Witness], hashed: str) -> Failed | None:
    """Reset a factor before two other people with password and code; None when it is done.

    A failure is a result and no exception: counted attempts and spent codes are kept.
    """
    users.find_user(tx, login)
    judged = [_judged(tx, desk, witness) for witness in two]
    failed = next((one for one in judged if isinstance(one, Failed)), None)
    roles = {one.role for one in judged if isinstance(one, User)}
    if failed is None and (Role.ADMIN not in roles or not roles <= set(WITNESSES)):
        failed = Failed(Refused("Not reset: it takes an administrator and a supervisor, or two administrators."))
    by = [witness.login for witness, one in zip(two, judged, strict=True) if isinstance(one, User)]
    tx.record("user.reset_refused" if failed else "user.reset_witnessed", subject=login, body={"by": by})
    if failed is None:
        users.reset_factor(tx, login, hashed)
    return failed


def _judged(tx: Tx, desk: DeskContext, witness: Witness) -> User | Failed:
    user = tx.session.exec(select(User).where(User.login == witness.login)).first()
    wrong = Failed(
        Refused("Not reset: a name, a password or a code of the two is wrong; each code works once.", code="sign-in")
    )
    if not witness.password_right or user is None or user.disabled:
        return wrong
    factor = tx.session.get(Factor, user.id)
    if factor is None or factor.enrolled_at is None:
        return wrong
    failed = signin.check_code(tx, desk, user, witness.code)
    if failed is not None:
        return wrong if failed.refusal.code == "sign-in" else failed
    signin.forgive(tx, user.login)
    return user
