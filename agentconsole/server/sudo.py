"""Asking for the code once more before what is dangerous, for each connection apart, whatever console is behind it."""

import asyncio
from collections.abc import Mapping

from agentconsole.config.clock import seconds_passed
from agentconsole.domain.errors import Refused
from agentconsole.domain.roles import Action, scope
from agentconsole.domain.sudo import Moment, asks_code, still_holds
from agentconsole.domain.untrusted import Untrusted
from agentconsole.server.answering import ACTIONS as READING
from agentconsole.server.desk import OpenDesk
from agentconsole.server.dispatch import HANDLERS
from agentconsole.server.sessions import Live
from agentconsole.services import signin
from agentconsole.services.signin import Failed
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Tx
from agentconsole.wire import commands
from agentconsole.wire.frames import Codes, Done
from agentconsole.wire.policy_reading import AcceptPolicy

ACTIONS: Mapping[type, Action] = {
    **{command: handler.action for command, handler in HANDLERS.items()},
    **READING,
    commands.Look: Action.LOOK,
    commands.Lock: Action.LOCK,
    commands.Unlock: Action.UNLOCK,
    commands.SignOut: Action.SIGN_OUT,
    commands.StillHere: Action.STILL_HERE,
    commands.ChangePassword: Action.CHANGE_OWN_PASSWORD,
    commands.ProveAgain: Action.PROVE_AGAIN,
    commands.RenewCodes: Action.RENEW_CODES,
    AcceptPolicy: Action.ACCEPT_POLICY,
    commands.AddUser: Action.MANAGE_USERS,
    commands.ResetTotp: Action.RESET_TOTP,
    commands.ResetByTwo: Action.RESET_BY_TWO,
    commands.ImportMail: Action.IMPORT_MAIL,
    commands.AcceptClock: Action.ACCEPT_CLOCK,
    commands.BeginBackup: Action.BACK_UP,
    commands.EndBackup: Action.BACK_UP,
    commands.ExportKey: Action.EXPORT_KEY,
    commands.Shutdown: Action.SHUTDOWN,
}
"""What each command and query is, for the table of roles and for the list of what asks for a code."""

LONGEST_CODE = 64


class Sudo:
    """Hold the door before what is dangerous; what opens it is kept with the connection and nowhere else."""

    def __init__(self, desk: OpenDesk) -> None:
        self._desk = desk

    def check(self, live: Live, body: object) -> None:
        """Refuse what asks for a code that was not given here within five minutes; what a role may not do asks none.

        The host's own account is nobody's session: it proves itself by being the one that owns the desk's files.
        """
        action = ACTIONS[type(body)]
        if live.role is None or not asks_code(action) or scope(live.role, action) is None:
            return
        if not still_holds(live.proved, self._now()):
            raise Refused("This asks for your code once more; it is then good for 5 minutes.", code="sudo")

    async def prove(self, live: Live, ask: commands.ProveAgain) -> Done:
        """Take a code, counted and spent like one at the sign-in."""
        user_id, code = live.user_id, ask.code[:LONGEST_CODE]

        def work(tx: Tx) -> Failed | None:
            failed = signin.check_code(tx, self._desk.context, tx.session.get_one(User, user_id), code)
            tx.record("session.proof_failed" if failed else "session.proved", subject=live.session_id[:16])
            return failed

        failed = await asyncio.wrap_future(self._desk.writer.submit(live.actor(), work))
        if failed is not None and failed.refusal.code == "sign-in":
            raise Refused("That is not your code now; each works once. Wait for the next and give that.", code="code")
        if failed is not None:
            raise failed.refusal
        live.proved = self._now()
        return Done(Untrusted("Thank you: you are not asked again for 5 minutes."))

    async def renew_codes(self, live: Live, _ask: commands.RenewCodes) -> Codes:
        """Make new recovery codes for whoever asks; the old ones are void."""
        user_id = live.user_id
        work = self._desk.writer.submit(
            live.actor(), lambda tx: signin.renew_codes(tx, self._desk.context, tx.session.get_one(User, user_id))
        )
        return Codes(await asyncio.wrap_future(work))

    def _now(self) -> Moment:
        return Moment(self._desk.wall.now(), seconds_passed())
