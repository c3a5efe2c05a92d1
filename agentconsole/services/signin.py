"""Signing in: name, password and code together, each attempt counted before it is checked."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlmodel import select

from agentconsole.domain import lockout
from agentconsole.domain.errors import Refused
from agentconsole.security.enrolment import qr_rows
from agentconsole.security.recovery import new_recovery_codes, recovery_digest
from agentconsole.security.totp import Outcome, match, new_seed, seed_text, step_at, uri
from agentconsole.services import allowlist, unix_accounts
from agentconsole.services.context import DeskContext
from agentconsole.services.sessions import begin_session
from agentconsole.storage.tables.factor import Factor
from agentconsole.storage.tables.password_guard import PasswordGuard
from agentconsole.storage.tables.recovery_code import RecoveryCode
from agentconsole.storage.tables.session import Session
from agentconsole.storage.tables.spent_code import SpentCode
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Tx

UNKNOWN_NAME = "(unknown name)"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Carry what is checked outside the transaction, because it takes long on purpose; no hash: the name is unknown."""

    login: str
    hashed: str | None


@dataclass(frozen=True, slots=True)
class SignedInSession:
    """Report a complete sign-in."""

    session: Session
    user: User


@dataclass(frozen=True, slots=True)
class MustEnrol:
    """Report right name and password of a user who has no authenticator yet."""

    user: User
    seed_text: str
    uri: str
    qr: tuple[str, ...]
    qr_marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """Report a failed sign-in. It is a result and no exception, because the counted attempt has to be kept."""

    refusal: Refused


def no_sign_in(now: datetime) -> Refused:
    """Return the one answer to a wrong name, password or code; the server's time helps a phone whose clock is off."""
    return Refused(
        f"Sign-in failed. Check all three; a code works once (desk time {now:%H:%M:%S} UTC).", code="sign-in"
    )


def reserve_attempt(tx: Tx, desk: DeskContext, login: str) -> Candidate | Failed:
    """Count an attempt at a name, known or not, before its password is looked at.

    Where its owner has signed in from before is counted apart, so that no stranger can keep her waiting there; all
    other places share one count, so that many of them have no more tries than one.
    """
    user = tx.session.exec(select(User).where(User.login == login)).first()
    # What is nobody's name may be a password in the wrong field, so it is counted without being kept.
    name = login if user is not None else hmac.new(desk.guard_pepper, login.encode(), hashlib.sha256).hexdigest()
    source = _own_source(tx, user)
    guard = tx.session.get(PasswordGuard, (name, source))
    if guard is None:
        guard = PasswordGuard(login=name, source=source)
        tx.session.add(guard)
    judged = lockout.attempt(_password_count(guard), tx.wall)
    if judged.wait_until is not None:
        wait = int((judged.wait_until - tx.wall).total_seconds()) + 1
        return Failed(Refused(f"Too many failed sign-ins for this name. Try again in {wait} s.", code="wait"))
    guard.fails_consecutive += 1
    guard.fails_total += 1
    guard.last_attempt_at = tx.wall
    return Candidate(login, None if user is None or user.disabled else user.password_hash)


def begin_attempt(tx: Tx, desk: DeskContext, login: str) -> Candidate | Failed:
    """Count an attempt to sign in, and end it at once where it comes from a place that no role may come from."""
    candidate = reserve_attempt(tx, desk, login)
    if isinstance(candidate, Failed):
        return candidate
    known = tx.session.exec(select(User.id).where(User.login == login)).first()
    refusal = allowlist.nobody_from_here(tx, UNKNOWN_NAME if known is None else login)
    return candidate if refusal is None else Failed(refusal)


def _own_source(tx: Tx, user: User | None) -> str:
    """Name the account at the other end if this user has signed in from it before, else ""."""
    if user is None or tx.actor.peer is None:
        return ""
    here = select(Session.id).where(
        Session.user_id == user.id, Session.peer == tx.actor.peer, Session.address == tx.actor.address
    )
    known = tx.session.exec(here.limit(1)).first() is not None
    return f"uid {tx.actor.peer} {tx.actor.address}".strip() if known else ""


def _password_count(guard: PasswordGuard) -> lockout.Factor:
    # A stranger must not be able to shut a colleague out for good: passwords wait, at most an hour, and never turn off.
    fails = min(guard.fails_consecutive, lockout.OFF_AT - 1)
    return lockout.Factor(fails, guard.fails_total, guard.last_attempt_at)


def complete(
    tx: Tx, desk: DeskContext, login: str, *, password_right: bool, code: str, recovery: bool
) -> SignedInSession | MustEnrol | Failed:
    """Judge the second factor of a right password and begin the session, or bind a first authenticator."""
    user = tx.session.exec(select(User).where(User.login == login)).first()
    if not password_right or user is None or user.disabled:
        tx.record("sign_in.failed", subject=login if user is not None else UNKNOWN_NAME)
        return Failed(no_sign_in(tx.wall))
    factor = tx.session.get(Factor, user.id)
    away = allowlist.kept_away(tx, user)
    if factor is None or factor.enrolled_at is None:
        forgive(tx, login)
        elsewhere = _elsewhere(tx, user, away)
        return _offer_enrolment(tx, desk, user, factor) if elsewhere is None else Failed(elsewhere)
    # Who comes from the wrong place has her code judged and not spent: she needs it where she may sign in.
    judge = _judge_recovery if recovery else partial(_judge_code, factor=factor)
    failed = judge(tx, desk, user, code=code, spend=away is None)
    if failed is not None:
        tx.record("sign_in.failed", subject=login)
        return failed
    forgive(tx, login)
    # Told only to who knows all the rest, so that nobody learns from it which names and passwords are right.
    elsewhere = _elsewhere(tx, user, away)
    if elsewhere is not None:
        return Failed(elsewhere)
    unix_accounts.keep_account(tx, desk, user)
    return SignedInSession(begin_session(tx, user, desk.server), user)


def _elsewhere(tx: Tx, user: User, away: Refused | None) -> Refused | None:
    """Return what to tell somebody who is right in all else and comes from the wrong place, or None."""
    if away is None:
        return unix_accounts.other_account(tx, user)
    tx.record("sign_in.other_address", subject=user.login)
    return away


def forgive(tx: Tx, login: str) -> None:
    """End a name's row of failed passwords after a right one; what strangers tried elsewhere stays counted."""
    user = tx.session.exec(select(User).where(User.login == login)).first()
    guard = tx.session.get(PasswordGuard, (login, _own_source(tx, user)))
    if guard is not None:
        guard.fails_consecutive = 0


def count_of(factor: Factor) -> lockout.Factor:
    """Return a stored factor's counters as the rule's value."""
    return lockout.Factor(
        factor.fails_consecutive, factor.fails_total, factor.last_attempt_at, factor.disabled_at is not None
    )


def _judge_code(
    tx: Tx, desk: DeskContext, user: User, factor: Factor, code: str, *, spend: bool = True
) -> Failed | None:
    """Check a code against replay and guessing; None when it is right, and then it is spent unless it shall not be."""
    try:
        reserved = lockout.reserve(count_of(factor), tx.wall)
    except Refused as refusal:
        return Failed(refusal)
    seed = desk.vault.open(factor.sealed_seed, _place(user))
    found = match(seed, code, tx.wall, _last_step(tx, factor))
    step = found.step or 0
    right = found.outcome is Outcome.ACCEPTED and (_spend(tx, user, step) if spend else not _is_spent(tx, user, step))
    settled = lockout.settle(reserved, right)
    factor.fails_consecutive = settled.fails_consecutive
    factor.fails_total = settled.fails_total
    factor.last_attempt_at = settled.last_attempt_at
    if settled.disabled and factor.disabled_at is None:
        factor.disabled_at = tx.wall
        tx.record("user.factor_off", subject=user.login)
    if right and spend:
        factor.last_step = found.step
    return None if right else Failed(no_sign_in(tx.wall))


def _last_step(tx: Tx, factor: Factor) -> int | None:
    """Return the newest step that counts: one that is still to come was spent under a clock that was set back since."""
    return factor.last_step if factor.last_step is None or factor.last_step <= step_at(tx.wall) + 1 else None


def _spend(tx: Tx, user: User, step: int) -> bool:
    """Spend a step of a user's authenticator; False when it was spent before, whatever the clock said then."""
    if _is_spent(tx, user, step):
        return False
    tx.session.add(SpentCode(user_id=user.id or 0, step=step))
    return True


def _is_spent(tx: Tx, user: User, step: int) -> bool:
    return tx.session.get(SpentCode, (user.id, step)) is not None


def check_code(tx: Tx, desk: DeskContext, user: User, code: str) -> Failed | None:
    """Check a code again in a running session (unlocking); None when it is right."""
    factor = tx.session.get_one(Factor, user.id)
    return _judge_code(tx, desk, user, factor, code)


def _judge_recovery(tx: Tx, desk: DeskContext, user: User, code: str, *, spend: bool) -> Failed | None:
    found = tx.session.get(RecoveryCode, recovery_digest(code, desk.recovery_pepper))
    if found is None or found.user_id != user.id or found.used_at is not None:
        return Failed(no_sign_in(tx.wall))
    if spend:
        found.used_at = tx.wall
        tx.record("user.recovery_used", subject=user.login)
    return None


def _offer_enrolment(tx: Tx, desk: DeskContext, user: User, factor: Factor | None) -> MustEnrol:
    """Seal a fresh key, or show the one that was shown before and not confirmed yet."""
    if factor is None:
        seed = new_seed()
        tx.session.add(Factor(user_id=user.id or 0, sealed_seed=desk.vault.seal(seed, _place(user))))
        tx.record("user.factor_offered", subject=user.login)
    else:
        seed = desk.vault.open(factor.sealed_seed, _place(user))
    address = uri(seed, user.login, "desk")
    return MustEnrol(user, seed_text(seed), address, qr_rows(address), qr_rows(address, style="hash"))


def confirm_enrolment(
    tx: Tx, desk: DeskContext, user_id: int, code: str
) -> tuple[SignedInSession, tuple[str, ...]] | Failed:
    """Bind the authenticator by one of its codes; returns the session and the recovery codes, shown this once."""
    user = tx.session.get_one(User, user_id)
    factor = tx.session.get(Factor, user_id)
    if factor is None or user.disabled:
        return Failed(Refused("The set-up was begun anew meanwhile: sign in again.", code="sign-in"))
    if factor.enrolled_at is not None:
        return Failed(Refused("This account has its authenticator already: sign in with its code.", code="sign-in"))
    away = allowlist.kept_away(tx, user)
    if away is not None:
        tx.record("sign_in.other_address", subject=user.login)
        return Failed(away)
    seed = desk.vault.open(factor.sealed_seed, _place(user))
    found = match(seed, code, tx.wall, factor.last_step)
    if found.outcome is not Outcome.ACCEPTED or not _spend(tx, user, found.step or 0):
        return Failed(
            Refused(f"Not the code of this key now. Is the phone's clock right? Here: {tx.wall:%H:%M:%S} UTC.")
        )
    factor.enrolled_at = tx.wall
    factor.last_step = found.step
    codes = _give_codes(tx, desk, user)
    tx.record("user.factor_bound", subject=user.login)
    unix_accounts.keep_account(tx, desk, user)
    return SignedInSession(begin_session(tx, user, desk.server), user), codes


def renew_codes(tx: Tx, desk: DeskContext, user: User) -> tuple[str, ...]:
    """Make new recovery codes, shown this once; the old ones, used or not, are void."""
    for old in tx.session.exec(select(RecoveryCode).where(RecoveryCode.user_id == user.id)).all():
        tx.session.delete(old)
    tx.record("user.recovery_renewed", subject=user.login)
    return _give_codes(tx, desk, user)


def _give_codes(tx: Tx, desk: DeskContext, user: User) -> tuple[str, ...]:
    codes = new_recovery_codes()
    for code in codes:
        tx.session.add(RecoveryCode(digest=recovery_digest(code, desk.recovery_pepper), user_id=user.id or 0))
    return codes


def _place(user: User) -> str:
    return f"factor.sealed_seed.{user.id}"
