"""Connections: greet, read one question after the other, answer each, and clean up when the other end is gone."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from agentconsole import __version__
from agentconsole.config.clock import seconds_passed
from agentconsole.domain.errors import Refused, Stale
from agentconsole.domain.roles import Action, permit
from agentconsole.domain.terms import Role
from agentconsole.domain.untrusted import Untrusted
from agentconsole.security.login_address import address_of, spoken
from agentconsole.security.peer import peer_of
from agentconsole.server.administration import Administration
from agentconsole.server.answering import Answering
from agentconsole.server.backups import Backups
from agentconsole.server.desk import OpenDesk
from agentconsole.server.dispatch import carry_out
from agentconsole.server.policy_reading import PolicyReading
from agentconsole.server.sessions import Live, Sessions
from agentconsole.server.signing import Signing
from agentconsole.server.strangers import CROWDED, FULL, surplus
from agentconsole.server.sudo import Sudo
from agentconsole.server.troubles import is_for_a_failing_disk, is_for_want_of_space
from agentconsole.server.witnesses import Witnesses
from agentconsole.storage.transaction import Actor
from agentconsole.wire import (
    addresses,
    anchors,
    brands,
    commands,
    duties,
    histories,
    policies,
    policy_reading,
    queries,
    windows,
)
from agentconsole.wire.frames import (
    LARGEST_FRAME,
    LARGEST_OF_STRANGER,
    PROTOCOL,
    Answer,
    AnyAnswer,
    Ask,
    BadFrame,
    Done,
    Ended,
    No,
    Reaching,
    Welcome,
    read_ask,
    read_body,
)
from agentconsole.wire.query import Query

log = logging.getLogger(__name__)
_OPEN_TO_ALL = (commands.SignIn, commands.ConfirmEnrolment)
# What the command line may ask for without signing in: none of it shows what a customer wrote.
_OPEN_TO_HOST = (
    commands.AddUser,
    commands.DisableUser,
    commands.SetRole,
    commands.TieUser,
    commands.ResetTotp,
    commands.ResetByTwo,
    commands.ImportMail,
    commands.AnswerBlank,
    commands.SetMailbox,
    addresses.AllowAddress,
    addresses.RemoveAddress,
    addresses.OpenAddresses,
    addresses.CloseAddresses,
    anchors.MailAnchors,
    brands.AddBrand,
    brands.SetDesk,
    policies.KeepDraft,
    policies.ActivateDraft,
    policies.ReadPolicies,
    policies.ReadPolicyText,
    histories.ReadHistories,
    commands.AcceptClock,
    commands.BeginBackup,
    commands.EndBackup,
    commands.ExportKey,
    commands.Shutdown,
    queries.ExplainClock,
    queries.ReadUsers,
    queries.ReadAddresses,
    queries.ReadStatus,
    queries.ReadBlanks,
    queries.ReadBrands,
    queries.VerifyAudit,
    policy_reading.ReadMyPolicies,
    policy_reading.ReadClauses,
    policy_reading.ReadAcceptances,
    policy_reading.ReadSuggestions,
    policy_reading.SettleSuggestion,
    duties.SignOffDuty,
    duties.ReadDuties,
    duties.ExplainDuty,
    windows.ReadWindow,
)
_COUNTED = range(-(1 << 63), 1 << 63)
_OPEN_WHEN_LOCKED = (commands.Unlock, commands.SignOut)


class Connections:
    """Serve every connection of the socket. `host_uids` are the accounts that administer from the command line."""

    def __init__(
        self,
        desk: OpenDesk,
        sessions: Sessions,
        signing: Signing,
        answering: Answering,
        administration: Administration,
        *,
        host_uids: frozenset[int],
        demo: bool = False,
    ) -> None:
        self._desk = desk
        self._sessions = sessions
        self._signing = signing
        self._answering = answering
        self._sudo = Sudo(desk)
        self._of_session: dict[type, Callable[[Live, Any], Awaitable[AnyAnswer]]] = {
            commands.Look: self._look,
            commands.Lock: signing.lock,
            commands.Unlock: signing.unlock,
            commands.SignOut: signing.sign_out,
            commands.ChangePassword: signing.change_password,
            commands.ProveAgain: self._sudo.prove,
            commands.RenewCodes: self._sudo.renew_codes,
            policy_reading.AcceptPolicy: PolicyReading(desk).accept,
        }
        backups = Backups(desk)
        self._of_host: dict[type, Callable[[Actor, Role, Any], Awaitable[AnyAnswer]]] = {
            commands.AddUser: administration.add_user,
            commands.ResetTotp: administration.reset_totp,
            commands.ResetByTwo: Witnesses(desk).reset,
            commands.ImportMail: administration.import_mail,
            commands.AcceptClock: administration.accept_clock,
            commands.BeginBackup: backups.begin,
            commands.EndBackup: backups.end,
            commands.ExportKey: backups.export_key,
            commands.Shutdown: administration.shutdown,
        }
        self._host_uids = host_uids
        self._demo = demo

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until it ends; its session ends with it."""
        peer = peer_of(writer.get_extra_info("socket"))
        live = Live(writer, peer, of_host=peer.uid in self._host_uids)
        if not self._make_room(live):
            return
        live.address = address_of(peer)
        self._sessions.join(live)
        live.tell(self._welcome(live))
        if self._sessions.is_reaching:
            live.tell(Reaching())
        try:
            while (body := await read_body(reader, self._longest(live))) is not None:
                await self._answer(live, read_ask(body))
                await writer.drain()
        except (BadFrame, ConnectionError) as error:
            log.info("connection of uid %s ended: %s", live.peer.uid, error)
        finally:
            writer.close()
            try:
                await self._signing.end(live, "the connection ended")
            finally:
                self._sessions.leave(live)

    def _make_room(self, live: Live) -> bool:
        """Close whichever connection is one too many before a sign-in; tell whether the new one may stay."""
        gone = surplus(live, self._sessions.live)
        if gone is not None:
            log.warning("too many connections wait for a sign-in: closing one of uid %s", gone.peer.uid)
            gone.tell(Ended(FULL if gone is live else CROWDED))
            gone.writer.close()
        return gone is not live

    def _longest(self, live: Live) -> int:
        """Return how long a frame may be: what is no mail of the host and nobody's text is short."""
        known = live.signed_in or live.peer.uid in self._host_uids
        return LARGEST_FRAME if known else LARGEST_OF_STRANGER

    def _welcome(self, live: Live) -> Welcome:
        return Welcome(
            desk=Untrusted(self._desk.context.name),
            version=__version__,
            protocol=PROTOCOL,
            now=self._desk.clock.now(),
            speed=self._desk.clock.speed,
            zone=self._desk.context.zone,
            peer=f"uid {live.peer.uid}, {spoken(live.address)}",
            demo=self._demo,
        )

    async def _answer(self, live: Live, ask: Ask) -> None:
        try:
            answer = await self._do(live, ask)
        except Stale as stale:
            answer = No(Untrusted(stale.sentence), code="stale", changes=tuple(map(Untrusted, stale.changes)))
        except Refused as refused:
            gaps = tuple((gap.field, Untrusted(gap.what)) for gap in refused.gaps)
            answer = No(Untrusted(refused.sentence), code=refused.code, gaps=gaps)
        except Exception as error:  # the edge of the server: one question must not take the others down
            answer = _failed(type(ask.body).__name__, error)
        live.tell(Answer(ask.number, answer))

    async def _do(self, live: Live, ask: Ask) -> AnyAnswer:
        body = ask.body
        if isinstance(body, _OPEN_TO_ALL):
            return await (
                self._signing.sign_in(live, body)
                if isinstance(body, commands.SignIn)
                else self._signing.confirm(live, body)
            )
        if live.locked and not isinstance(body, _OPEN_WHEN_LOCKED):
            raise Refused("This session is locked: give the password to go on.", code="locked")
        role = self._role(live, body)
        self._sudo.check(live, body)
        _refuse_huge(body)
        if isinstance(body, Query):
            return await self._answering.answer(live.actor(), role, body)
        return await self._command(live, role, body, ask.request)

    async def _look(self, live: Live, ask: commands.Look) -> Done:
        """Note which ticket a session has on its screen."""
        if live.role is not None:
            permit(live.role, Action.LOOK, own=True)
        self._sessions.presence.look(live, ask.ticket, self._desk.clock.now(), writing=ask.writing)
        return Done()

    def _role(self, live: Live, body: object) -> Role:
        if live.role is not None:
            return live.role
        if live.peer.uid in self._host_uids and isinstance(body, _OPEN_TO_HOST):
            return Role.ADMIN
        raise Refused("Sign in first.", code="sign-in")

    async def _command(self, live: Live, role: Role, body: commands.AnyCommand, request: str) -> AnyAnswer:
        if isinstance(body, commands.StillHere):
            live.last_key = seconds_passed()
            return Done()
        if type(body) in self._of_session:
            return await self._of_session[type(body)](live, body)
        if type(body) in self._of_host:
            return await self._of_host[type(body)](live.actor(), role, body)
        return await carry_out(self._desk, live.actor(), role, body, request)


def _refuse_huge(body: msgspec.Struct) -> None:
    """Refuse a number that no database counts to: the wire carries one bit more than they do."""
    if any(isinstance(value, int) and value not in _COUNTED for value in msgspec.structs.astuple(body)):
        raise Refused("There is no such number at this desk.")


def _failed(question: str, error: Exception) -> No:
    """Answer a question that failed; a full disk is nothing to look for in the log, which may be on it."""
    if is_for_want_of_space(error):
        return No(Untrusted("The desk's disk is full; nothing was changed. Make room, then do it again."), "full")
    if is_for_a_failing_disk(error):
        said = "The desk's disk fails, or a limit on the size of files is reached: this was not done. Tell who runs it."
        log.error("question %s: %s", question, said)
        return No(Untrusted(said), "disk")
    reference = secrets.token_hex(4)
    log.error("question %s failed, reference %s", question, reference, exc_info=error)
    said = f"Something went wrong here; nothing was changed. Reference {reference} is in the log."
    return No(Untrusted(said), "fault")
