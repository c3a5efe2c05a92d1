"""Signing in and out over a connection: what the wire asks, in the order the rules want it."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from agentconsole.config.clock import seconds_passed
from agentconsole.domain.errors import Gap, Refused
from agentconsole.domain.roles import Action, scope
from agentconsole.domain.terms import Role
from agentconsole.domain.untrusted import Untrusted
from agentconsole.queries.allowlist import open_until
from agentconsole.queries.people import draft_numbers
from agentconsole.queries.stands import read_stand
from agentconsole.security.passwords import check_new_password, hash_password, needs_rehash, verify_password
from agentconsole.server.desk import OpenDesk
from agentconsole.server.policy_reading import of_others, to_read
from agentconsole.server.sessions import Live, Sessions
from agentconsole.services import sessions as session_rows
from agentconsole.services import signin, users
from agentconsole.services.sessions import Limits
from agentconsole.services.signin import Candidate, Failed, MustEnrol, SignedInSession
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Tx
from agentconsole.wire.brands import NO_BRAND
from agentconsole.wire.commands import ChangePassword, ConfirmEnrolment, Lock, SignIn, SignOut, Unlock
from agentconsole.wire.frames import Done, Enrolled, Enrolling, Locked, SignedIn

Result = TypeVar("Result")

_LONGEST_FIELD = 256


class Signing:
    """Carry out sign-in, enrolment, lock and unlock. Slow hashes run in threads, never on the writing one."""

    def __init__(self, desk: OpenDesk, sessions: Sessions, limits: Limits) -> None:
        self._desk = desk
        self._sessions = sessions
        self._limits = limits

    async def sign_in(self, live: Live, ask: SignIn) -> SignedIn | Enrolling:
        """Judge all three proofs; refuses with the same sentence, after the same work, whichever was wrong."""
        if live.signed_in:
            raise Refused("Somebody is signed in here already: sign out first.")
        live.last_key = seconds_passed()
        login = ask.user.strip().lower()[:_LONGEST_FIELD]
        candidate = await self._write(live, lambda tx: signin.begin_attempt(tx, self._desk.context, login))
        if isinstance(candidate, Failed):
            raise candidate.refusal
        right = await self._password_right(ask.password, candidate)
        code = ask.code[:_LONGEST_FIELD]
        outcome = await self._write(
            live,
            lambda tx: signin.complete(
                tx, self._desk.context, login, password_right=right, code=code, recovery=ask.recovery
            ),
        )
        if isinstance(outcome, Failed):
            raise outcome.refusal
        if isinstance(outcome, MustEnrol):
            live.enrolling = outcome.user.id
            return Enrolling(outcome.user.login, outcome.seed_text, outcome.uri, outcome.qr, outcome.qr_marks)
        await self._renew_hash(live, candidate, ask.password)
        return await self._begin(live, outcome)

    async def _password_right(self, password: str, candidate: Candidate) -> bool:
        return await asyncio.to_thread(verify_password, password[:_LONGEST_FIELD], candidate.hashed)

    async def _renew_hash(self, live: Live, candidate: Candidate, password: str) -> None:
        """Hash a password anew that was hashed by weaker parameters; after a whole sign-in, so it tells nothing."""
        before = candidate.hashed
        if before is not None and needs_rehash(before):
            hashed = await asyncio.to_thread(hash_password, password)
            await self._write(live, lambda tx: users.renew_hash(tx, candidate.login, before, hashed))

    async def confirm(self, live: Live, ask: ConfirmEnrolment) -> Enrolled:
        """Bind the authenticator whose key this connection was shown."""
        if live.enrolling is None or live.signed_in:
            raise Refused("There is no two-factor set-up going on here: sign in first.")
        user_id, live.last_key = live.enrolling, seconds_passed()
        outcome = await self._write(
            live, lambda tx: signin.confirm_enrolment(tx, self._desk.context, user_id, ask.code[:_LONGEST_FIELD])
        )
        if isinstance(outcome, Failed):
            raise outcome.refusal
        session, codes = outcome
        return Enrolled(codes, await self._begin(live, session))

    async def _begin(self, live: Live, outcome: SignedInSession) -> SignedIn:
        user = outcome.user
        user_id = user.id or 0
        live.session_id, live.user_id = outcome.session.id, user.id
        live.login, live.name, live.role = user.login, user.name, user.role
        live.locked, live.enrolling, live.owes_password = False, None, user.must_change
        live.began = live.last_key = live.code_at = seconds_passed()
        self._sessions.presence.tell_all_to(live)
        reading, others = await asyncio.wrap_future(
            self._desk.reader.submit(
                lambda session: (to_read(session, self._desk, user), of_others(session, self._desk, user))
            )
        )
        return SignedIn(
            login=user.login,
            name=Untrusted(user.name),
            role=user.role.value,
            brands=tuple((brand.id, Untrusted(brand.name)) for brand in self._desk.context.shelf.brands),
            drafts=await asyncio.wrap_future(self._desk.reader.submit(lambda session: draft_numbers(session, user_id))),
            idle_seconds=int(self._limits.idle.total_seconds()),
            notes=(*reading, *others, *self._notes(user), *await self._opening(user)),
            permits=tuple(action.value for action in Action if scope(user.role, action) is not None),
            must_change=user.must_change,
            stand=await asyncio.wrap_future(self._desk.reader.submit(lambda session: read_stand(session, user_id))),
            to_read=len(reading),
        )

    def _notes(self, user: User) -> tuple[str, ...]:
        if not self._desk.context.shelf.brands:
            return (NO_BRAND,)
        if user.role not in (Role.SUPERVISOR, Role.MANAGER, Role.ADMIN):
            return ()
        drafts = [pack.id for pack in self._desk.context.shelf.packs if pack.open_blanks]
        way = "; :blanks fills them in" if scope(user.role, Action.ANSWER_BLANK) else ""
        return (f"Draft policies, blanks open: {', '.join(drafts)}{way}",) if drafts else ()

    async def _opening(self, user: User) -> tuple[str, ...]:
        """Tell an administrator that the allow-list is set aside."""
        until = await asyncio.wrap_future(self._desk.reader.submit(open_until)) if user.role is Role.ADMIN else None
        if until is None or until <= self._desk.wall.now():
            return ()
        return (f"Until {until:%H:%M} UTC everybody may sign in from anywhere: the host set the allow-list aside.",)

    async def lock(self, live: Live, _ask: Lock) -> Done:
        """Lock at the agent's wish."""
        if not live.signed_in:
            raise Refused("Sign in first.", code="sign-in")
        await self.lock_for(live, "locked by you")
        return Done()

    async def lock_for(self, live: Live, reason: str) -> None:
        """Lock a session and tell it why; it is locked also where the disk is too full to note it."""
        session_id = live.session_id
        self._sessions.lock(live, Locked(self._desk.clock.now(), reason, self._code_needed(live)))
        await self._write(live, lambda tx: session_rows.lock_session(tx, session_id, reason))

    def _code_needed(self, live: Live) -> bool:
        return seconds_passed() - live.code_at >= self._limits.code_after.total_seconds()

    async def unlock(self, live: Live, ask: Unlock) -> Done:
        """Open a locked session by the password, and by the code an hour after it was last given."""
        if not live.locked:
            return Done()
        login = live.login
        candidate = await self._write(live, lambda tx: signin.reserve_attempt(tx, self._desk.context, login))
        if isinstance(candidate, Failed):
            raise candidate.refusal
        right = await self._password_right(ask.password, candidate)
        needed = self._code_needed(live)
        failed = await self._write(live, lambda tx: self._judge_unlock(tx, live, ask, right=right, needed=needed))
        if failed is not None:
            raise failed.refusal
        live.locked = False
        live.last_key = seconds_passed()
        if needed:
            live.code_at = seconds_passed()
        self._sessions.presence.tell_all_to(live)
        return Done()

    def _judge_unlock(self, tx: Tx, live: Live, ask: Unlock, *, right: bool, needed: bool) -> Failed | None:
        user = tx.session.get_one(User, live.user_id)
        if not right or user.disabled:
            return Failed(Refused("Still locked: the password is wrong.", code="sign-in"))
        if needed:
            failed = signin.check_code(tx, self._desk.context, user, ask.code)
            if failed is not None:
                return failed
        signin.forgive(tx, user.login)
        session_rows.unlock_session(tx, live.session_id, with_code=needed)
        return None

    async def sign_out(self, live: Live, _ask: SignOut) -> Done:
        """End the session at the agent's wish."""
        await self.end(live, "signed out")
        return Done(Untrusted("Signed out."))

    async def end(self, live: Live, reason: str) -> None:
        """End a connection's session, if it has one."""
        if live.session_id:
            session_id = live.session_id
            actor = live.actor()
            live.forget_user()
            self._sessions.presence.changed()
            await asyncio.wrap_future(
                self._desk.writer.submit(
                    actor, lambda tx: session_rows.end_session(tx, session_id, reason), behind=True
                )
            )

    async def change_password(self, live: Live, ask: ChangePassword) -> Done:
        """Set one's own new password, after the old one."""
        if live.user_id is None:
            raise Refused("Sign in first.")
        login, user_id = live.login, live.user_id
        # Before the old one is counted as tried: a new password that is too short is no guess at it.
        check_new_password(ask.new, login)
        if ask.new == ask.old:
            raise _the_same()
        await self._check_old(live, ask, login)
        hashed = await asyncio.to_thread(hash_password, ask.new)

        def work(tx: Tx) -> None:
            signin.forgive(tx, login)
            users.change_password(tx, user_id, ask.new, hashed)

        await self._write(live, work)
        live.owes_password = False
        return Done(Untrusted("Password changed."))

    async def _check_old(self, live: Live, ask: ChangePassword, login: str) -> None:
        """Refuse a wrong old password; it is not asked again of who signed in, or unlocked, with it for this only."""
        if live.owes_password and not ask.old:
            user_id = live.user_id
            hashed: str = await self._write(live, lambda tx: tx.get_one(User, user_id).password_hash)
            if await asyncio.to_thread(verify_password, ask.new, hashed):
                raise _the_same()
            return
        candidate = await self._write(live, lambda tx: signin.reserve_attempt(tx, self._desk.context, login))
        if isinstance(candidate, Failed):
            raise candidate.refusal
        if not await self._password_right(ask.old, candidate):
            raise Refused("Not changed: the old password is wrong.", code="sign-in")

    async def _write(self, live: Live, work: Callable[[Tx], Result]) -> Result:
        return await asyncio.wrap_future(self._desk.writer.submit(live.actor(), work))


def _the_same() -> Refused:
    return Refused("Not changed: the new password is the old one.", gaps=(Gap("new", "the same"),))
