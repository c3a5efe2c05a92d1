"""From a query to its rows: may this actor see it, read it, answer."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from agentconsole.config.templates import load_templates
from agentconsole.domain.allowlist import term_of
from agentconsole.domain.clocks import Clock, steps
from agentconsole.domain.errors import Refused
from agentconsole.domain.queue import Placing
from agentconsole.domain.queue_steps import order_steps
from agentconsole.domain.roles import Action, permit
from agentconsole.domain.terms import Role
from agentconsole.domain.ticket import case_number
from agentconsole.domain.untrusted import Untrusted
from agentconsole.queries.allowlist import open_until, read_rules
from agentconsole.queries.blanks import blank_rows
from agentconsole.queries.brands import read_brands
from agentconsole.queries.case import read_case
from agentconsole.queries.find import find_tickets
from agentconsole.queries.people import read_people, read_users
from agentconsole.queries.queue import read_queue
from agentconsole.server.desk import OpenDesk
from agentconsole.server.duties import ACTIONS as DUTY_ACTIONS
from agentconsole.server.duties import DutyReading
from agentconsole.server.health import read_status, verify_audit
from agentconsole.server.policies import ACTIONS as POLICY_ACTIONS
from agentconsole.server.policies import KeptPolicies
from agentconsole.server.policy_reading import ACTIONS as READING_ACTIONS
from agentconsole.server.policy_reading import PolicyReading
from agentconsole.server.sessions import Sessions
from agentconsole.services.projection import clocks_of, place
from agentconsole.storage.reading import ReadSession
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.transaction import Actor
from agentconsole.wire import queries as wire
from agentconsole.wire.frames import (
    Addresses,
    AnyAnswer,
    Audited,
    Blanks,
    Brands,
    Case,
    Explained,
    Found,
    Page,
    People,
    Status,
    Templates,
    Users,
)
from agentconsole.wire.rows import TemplateRow, Why

ACTIONS: dict[type, Action] = {
    wire.ReadQueue: Action.READ_QUEUE,
    wire.ReadCase: Action.READ_TICKET,
    wire.ExplainClock: Action.WHY,
    wire.ReadTemplates: Action.READ_TEMPLATES,
    wire.ReadPeople: Action.READ_PEOPLE,
    wire.Search: Action.SEARCH,
    wire.ReadUsers: Action.READ_USERS,
    wire.ReadAddresses: Action.READ_ADDRESSES,
    wire.ReadStatus: Action.READ_STATUS,
    wire.ReadBrands: Action.READ_STATUS,
    wire.VerifyAudit: Action.VERIFY_AUDIT,
    wire.ReadBlanks: Action.READ_STATUS,
    **POLICY_ACTIONS,
    **READING_ACTIONS,
    **DUTY_ACTIONS,
}


class Answering:
    """Answer queries on the reading connections."""

    def __init__(self, desk: OpenDesk, sessions: Sessions, since: datetime) -> None:
        self._desk = desk
        self._sessions = sessions
        self._since = since
        self._templates = tuple(
            TemplateRow(row.abbr, Untrusted(row.title), Untrusted(row.text), row.brand, row.language)
            for row in load_templates()
        )
        self._readers: dict[type, Callable[..., AnyAnswer]] = {
            wire.ReadQueue: self._queue,
            wire.ReadCase: self._case,
            wire.ExplainClock: self._explain,
            wire.ReadTemplates: lambda *_: Templates(self._templates),
            wire.ReadPeople: lambda session, *_: People(read_people(session)),
            wire.Search: lambda session, ask, _: Found(find_tickets(session, ask.text, ask.limit)),
            wire.ReadUsers: lambda session, *_: Users(read_users(session)),
            wire.ReadAddresses: self._addresses,
            wire.ReadBrands: lambda session, *_: Brands(read_brands(session)),
            wire.ReadStatus: self._status,
            wire.VerifyAudit: lambda session, ask, _: Audited(verify_audit(session, self._desk, ask.anchors)),
            wire.ReadBlanks: lambda *_: Blanks(blank_rows(self._desk.context.shelf.packs)),
            **KeptPolicies(desk).readers,
            **PolicyReading(desk).readers,
            **DutyReading(desk).readers,
        }

    async def answer(self, actor: Actor, role: Role, ask: wire.AnyQuery) -> AnyAnswer:
        """Answer one query; refuses what the role may not see."""
        permit(role, ACTIONS[type(ask)], own=True)
        if isinstance(ask, wire.ReadQueue) and ask.view != "mine":
            permit(role, Action.READ_TEAM_QUEUE, own=False)
        read = self._readers[type(ask)]
        return await asyncio.wrap_future(self._desk.reader.submit(lambda session: read(session, ask, actor)))

    def _queue(self, session: ReadSession, ask: wire.ReadQueue, actor: Actor) -> Page:
        return Page(
            read_queue(
                session,
                view=ask.view,
                text=ask.filter,
                me=actor.user_id or 0,
                login=actor.login,
                now=self._desk.clock.now(),
                zone=self._desk.zone,
                after=ask.after,
                limit=ask.limit,
            )
        )

    def _clocks(self, session: ReadSession, number: int, now: datetime) -> tuple[Ticket, tuple[Clock, ...], Placing]:
        ticket = session.get(Ticket, number)
        if ticket is None:
            raise Refused(f"There is no case {number}.")
        clocks = clocks_of(session, self._desk.context, ticket, now)
        return ticket, clocks, place(self._desk.context, ticket, clocks, now)

    def _case(self, session: ReadSession, ask: wire.ReadCase, actor: Actor) -> Case:
        now = self._desk.clock.now()
        ticket, clocks, placing = self._clocks(session, ask.ticket, now)
        deciding = placing.deciding.standard if placing.deciding else ""
        packs = [applied.pack for applied in self._desk.context.shelf.applied(ticket.brand_id, ticket.opened_at)]
        return Case(read_case(session, ticket, clocks, deciding, packs=packs, me=actor.user_id or 0, now=now))

    def _explain(self, session: ReadSession, ask: wire.ExplainClock, _actor: Actor) -> Explained:
        now, context = self._desk.clock.now(), self._desk.context
        ticket, clocks, placing = self._clocks(session, ask.ticket, now)
        deciding = placing.deciding
        wanted = ask.standard or (deciding.standard if deciding else "")
        title = f"case {case_number(ticket.id or 0)}"
        names = dict.fromkeys(clock.standard for clock in clocks)
        for clock in reversed(clocks):
            if clock.standard == wanted or not wanted:
                lines = steps(clock, context.shelf.pack_at, now)
                if clock is deciding:
                    lines += order_steps(placing, clocks, now, late_first=context.late_first)
                others = tuple(name for name in names if name != clock.standard)
                rule = (clock.pack, clock.pack_version, clock.clause)
                return Explained(Why(title, tuple(map(Untrusted, lines)), *rule, clock.standard, others))
        return Explained(Why(title, (Untrusted(f"No promise runs on {title}."),)))

    def _addresses(self, session: ReadSession, _ask: wire.ReadAddresses, actor: Actor) -> Addresses:
        return Addresses(read_rules(session), open_until(session), term_of(actor.address))

    def _status(self, session: ReadSession, ask: wire.ReadStatus, _actor: Actor) -> Status:
        live = sum(1 for one in self._sessions.live if one.signed_in)
        return Status(read_status(session, self._desk, self._since, live, doctor=ask.doctor))
