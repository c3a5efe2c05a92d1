"""The reset before two witnesses, as the socket asks for it: both passwords first, off the writing thread."""

import asyncio

from agentconsole.domain.errors import Refused
from agentconsole.domain.roles import Action, permit
from agentconsole.domain.terms import Role
from agentconsole.domain.untrusted import Untrusted
from agentconsole.security.passwords import verify_password
from agentconsole.server.desk import OpenDesk
from agentconsole.services import signin, users, witnesses
from agentconsole.services.signin import Failed
from agentconsole.services.witnesses import Witness
from agentconsole.storage.transaction import Actor
from agentconsole.wire.commands import Proof, ResetByTwo
from agentconsole.wire.frames import Done

LONGEST_FIELD = 256


class Witnesses:
    """Carry out what takes two people."""

    def __init__(self, desk: OpenDesk) -> None:
        self._desk = desk

    async def reset(self, actor: Actor, role: Role, ask: ResetByTwo) -> Done:
        """Reset a second factor before two others; the one-time password is answered once, for them to hand on."""
        permit(role, Action.RESET_BY_TWO, own=False)
        names = [proof.user.strip().lower()[:LONGEST_FIELD] for proof in (ask.first, ask.second)]
        if len({ask.login, *names}) < 3:
            raise Refused(f"Two other people reset it, each with a name of their own: neither is {ask.login[:40]}.")
        two = [
            await self._witness(actor, name, proof) for name, proof in zip(names, (ask.first, ask.second), strict=True)
        ]
        password, hashed = await asyncio.to_thread(users.one_time_password)
        work = self._desk.writer.submit(
            actor, lambda tx: witnesses.reset_by_two(tx, self._desk.context, ask.login, two, hashed)
        )
        failed = await asyncio.wrap_future(work)
        if failed is not None:
            raise failed.refusal
        said = f"{ask.login} sets up a new authenticator at the next sign-in; {names[0]} and {names[1]} stand for it."
        return Done(Untrusted(said), secret=password)

    async def _witness(self, actor: Actor, name: str, proof: Proof) -> Witness:
        """Check one password, counted as at the sign-in, whoever it belongs to."""
        candidate = await asyncio.wrap_future(
            self._desk.writer.submit(actor, lambda tx: signin.reserve_attempt(tx, self._desk.context, name))
        )
        if isinstance(candidate, Failed):
            raise candidate.refusal
        right = await asyncio.to_thread(verify_password, proof.password[:LONGEST_FIELD], candidate.hashed)
        return Witness(name, right, proof.code[:LONGEST_FIELD])
