"""People at the desk: adding, closing, passwords and second factors, from the administrator's side."""

import re

from sqlmodel import col, select

from agentconsole.domain.errors import Denied, Gap, Refused
from agentconsole.domain.terms import Role
from agentconsole.security.passwords import check_new_password, hash_password, new_password
from agentconsole.storage.tables.factor import Factor
from agentconsole.storage.tables.password_guard import PasswordGuard
from agentconsole.storage.tables.recovery_code import RecoveryCode
from agentconsole.storage.tables.session import Session
from agentconsole.storage.tables.spent_code import SpentCode
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Tx

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{0,31}")


def find_user(tx: Tx, login: str) -> User:
    """Return the user of that login; refuses an unknown one."""
    user = tx.session.exec(select(User).where(User.login == login)).first()
    if user is None:
        raise Refused(f'There is no user "{login}": `agentconsole user list` shows who there is.')
    return user


def check_login(login: str) -> str:
    """Return a login that can be given; refuses any other."""
    if not _LOGIN.fullmatch(login):
        raise Refused(
            f'"{login}" cannot be a login: take small letters, digits, dot, dash or underscore, at most 32.',
            gaps=(Gap("login", "choose another login"),),
        )
    return login


def check_name(name: str) -> str:
    """Return a name that customers can be shown; refuses any other."""
    if not name.strip() or len(name) > 80 or not name.isprintable():
        raise Refused("Give the name that customers will read, at most 80 letters.", gaps=(Gap("name", "missing"),))
    return name.strip()


def add_user(tx: Tx, login: str, name: str, role: str, password: str, hashed: str) -> User:
    """Add a user. `hashed` is the hash of `password`, made before the transaction because it takes long on purpose."""
    check_login(login)
    _check_role(role)
    check_name(name)
    if tx.session.exec(select(User).where(User.login == login)).first() is not None:
        raise Refused(f'"{login}" is taken; a login is never given to a second person.', gaps=(Gap("login", "taken"),))
    check_new_password(password, login)
    user = User(
        login=login, name=name.strip(), role=Role(role), password_hash=hashed, must_change=True, created_at=tx.now
    )
    tx.session.add(user)
    tx.session.flush()
    tx.record("user.added", subject=login, body={"role": role})
    return user


def _check_role(role: str) -> Role:
    if role not in set(Role):
        raise Refused(f'There is no role "{role}": choose {", ".join(Role)}.', gaps=(Gap("role", "choose a role"),))
    return Role(role)


def set_role(tx: Tx, login: str, role: str) -> None:
    """Give somebody another role, which ends her sessions at once; the last administrator stays one."""
    user, wanted = find_user(tx, login), _check_role(role)
    if user.role is wanted:
        raise Refused(f"{login} is {wanted} already.")
    _refuse_last_admin(tx, user, "taking this role away")
    tx.record("user.role_changed", subject=login, body={"from": user.role.value, "to": wanted.value})
    user.role = wanted
    end_sessions(tx, user, "the role was changed")


def one_time_password() -> tuple[str, str]:
    """Return a fresh password to tell the user once, and its hash."""
    password = new_password()
    return password, hash_password(password)


def disable_user(tx: Tx, login: str, *, disabled: bool) -> None:
    """Close or open an account. Closing ends its sessions at once; the last administrator stays."""
    user = find_user(tx, login)
    if user.disabled == disabled:
        raise Refused(f"{login} is {'closed' if disabled else 'open'} already.")
    if disabled:
        _refuse_last_admin(tx, user, "closing this account")
    user.disabled = disabled
    tx.record("user.closed" if disabled else "user.opened", subject=login)
    if disabled:
        end_sessions(tx, user, "the account was closed")


def _refuse_last_admin(tx: Tx, user: User, before: str) -> None:
    others = select(User).where(User.role == Role.ADMIN, col(User.disabled).is_(False), User.id != user.id)
    if user.role is Role.ADMIN and tx.session.exec(others).first() is None:
        raise Refused(f"{user.login} is the last administrator: add another one before {before}.")


def reset_factor(tx: Tx, login: str, hashed: str) -> None:
    """Throw the second factor away and set a one-time password; the next sign-in binds a new authenticator."""
    user = find_user(tx, login)
    # Whoever resets reads the one-time password, so nobody may reset a role that can do more than her own.
    if tx.actor.role is Role.SUPERVISOR and user.role is not Role.AGENT:
        raise Denied(f"Only an admin may reset the authenticator of {login}.")
    factor = tx.session.get(Factor, user.id)
    if factor is not None:
        tx.session.delete(factor)
    for kept in (RecoveryCode, SpentCode):
        for code in tx.session.exec(select(kept).where(kept.user_id == user.id)).all():
            tx.session.delete(code)
    user.password_hash = hashed
    user.must_change = True
    # Who failed so often that a reset was needed would else wait up to an hour before the new password is looked at.
    for guard in tx.session.exec(select(PasswordGuard).where(PasswordGuard.login == login)).all():
        guard.fails_consecutive = 0
    tx.record("user.factor_reset", subject=login)
    end_sessions(tx, user, "the second factor was reset")


def change_password(tx: Tx, user_id: int, new: str, hashed: str) -> None:
    """Set a user's own new password; the other sessions of that user end."""
    user = tx.session.get_one(User, user_id)
    check_new_password(new, user.login)
    user.password_hash = hashed
    user.must_change = False
    tx.record("user.password_changed", subject=user.login)
    end_sessions(tx, user, "the password was changed", but=tx.actor.session)


def renew_hash(tx: Tx, login: str, before: str, hashed: str) -> None:
    """Keep a right password hashed as hashes are made today, unless it was changed since it was checked."""
    user = tx.session.exec(select(User).where(User.login == login, User.password_hash == before)).first()
    if user is not None:
        user.password_hash = hashed


def end_sessions(tx: Tx, user: User, reason: str, *, but: str = "") -> None:
    """End a user's sessions; the server tells each of them why."""
    running = select(Session).where(Session.user_id == user.id, col(Session.ended_at).is_(None), Session.id != but)
    for session in tx.session.exec(running).all():
        session.ended_at = tx.now
        session.end_reason = reason
        tx.ended_sessions[session.id] = reason
