"""Commands that need more than a transaction: slow hashes, the intake, the clock, and stopping the server."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from agentconsole.domain.errors import Refused
from agentconsole.domain.roles import Action, permit
from agentconsole.domain.terms import Role
from agentconsole.domain.untrusted import Untrusted
from agentconsole.security.passwords import hash_password
from agentconsole.server.desk import OpenDesk
from agentconsole.server.intake import Intake, import_source
from agentconsole.server.sessions import Sessions
from agentconsole.services import signin, timekeeping, unix_accounts, users, witnesses
from agentconsole.services.sessions import refuse_ended
from agentconsole.services.signin import Failed
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Actor, Tx
from agentconsole.wire.commands import AcceptClock, AddUser, ImportMail, ResetTotp, Shutdown
from agentconsole.wire.frames import Done


class Administration:
    """Carry out what an administrator asks."""

    def __init__(self, desk: OpenDesk, sessions: Sessions, intake: Intake, stop: Callable[[bool], None]) -> None:
        self._desk = desk
        self._sessions = sessions
        self._intake = intake
        self._stop = stop

    async def add_user(self, actor: Actor, role: Role, ask: AddUser) -> Done:
        """Add a user; without a password given, one is made and answered once."""
        permit(role, Action.MANAGE_USERS, own=False)
        password = ask.password
        if password:
            hashed = await asyncio.to_thread(hash_password, password)
        else:
            password, hashed = await asyncio.to_thread(users.one_time_password)

        def work(tx: Tx) -> None:
            users.add_user(tx, ask.login, ask.name, ask.role, password, hashed)
            if ask.unix:
                unix_accounts.tie(tx, ask.login, ask.unix)

        await asyncio.wrap_future(self._desk.writer.submit(actor, work))
        return Done(Untrusted(f"{ask.login} is added as {ask.role}."), secret="" if ask.password else password)

    async def reset_totp(self, actor: Actor, role: Role, ask: ResetTotp) -> Done:
        """Reset a user's second factor; the one-time password is answered once.

        Asked by nobody who is signed in, it is refused where two people are there to do it.
        """
        permit(role, Action.RESET_TOTP, own=False)
        password, hashed = await asyncio.to_thread(users.one_time_password)

        def work(tx: Tx) -> None:
            if actor.user_id is None and witnesses.needs_two(tx, ask.login):
                raise Refused(
                    "This takes two people with password and code: an administrator, and a supervisor or another one.",
                    code="two",
                )
            users.reset_factor(tx, ask.login, hashed)

        await asyncio.wrap_future(self._desk.writer.submit(actor, work))
        return Done(Untrusted(f"{ask.login} sets up a new authenticator at the next sign-in."), secret=password)

    async def import_mail(self, _actor: Actor, role: Role, ask: ImportMail) -> Done:
        """Feed one message through the very intake that the mailbox uses."""
        permit(role, Action.IMPORT_MAIL, own=False)
        brand = self._desk.context.shelf.meant(ask.brand).id
        filed = await asyncio.to_thread(
            self._intake.take_in,
            source=import_source(brand, ask.raw),
            brand=brand,
            raw=ask.raw,
            received_at=self._desk.clock.now(),
            size=ask.size,
        )
        return Done(said=Untrusted(filed.sentence), ticket=filed.ticket, secret=filed.outcome)

    async def accept_clock(self, actor: Actor, role: Role, ask: AcceptClock) -> Done:
        """Go on from what the clock says; who is signed in gives a code again, the host's account need not."""
        permit(role, Action.ACCEPT_CLOCK, own=False)
        live = frozenset(one.session_id for one in self._sessions.live)

        def work(tx: Tx) -> timedelta | Failed:
            refuse_ended(tx)
            timekeeping.check_behind(tx, ask.reason)
            if actor.user_id is not None:
                user = tx.session.get_one(User, actor.user_id)
                failed = signin.check_code(tx, self._desk.context, user, ask.code)
                if failed is not None:
                    return failed
            return timekeeping.accept_clock(tx, ask.reason, live=live)

        outcome = await asyncio.wrap_future(self._desk.writer.submit(actor, work, behind=True))
        if isinstance(outcome, Failed):
            raise outcome.refusal
        for one in self._sessions.live:
            one.proved = None
        await asyncio.to_thread(self._desk.reread_packs)
        whole = timedelta(seconds=round(outcome.total_seconds()))
        said = f"The clock is accepted: the desk goes on {whole} h earlier, and what was stamped later is put right."
        return Done(Untrusted(said))

    async def shutdown(self, _actor: Actor, role: Role, ask: Shutdown) -> Done:
        """Stop the server once this answer has left."""
        permit(role, Action.SHUTDOWN, own=False)
        asyncio.get_running_loop().call_later(0.05, self._stop, ask.again)
        return Done(Untrusted("The desk server stops."))
