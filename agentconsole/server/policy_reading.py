"""Policies over the wire: reading them, who accepted them, suggestions, and accepting one by a code."""

import asyncio
from collections.abc import Callable, Mapping

from agentconsole.domain.errors import Refused
from agentconsole.domain.roles import Action, Scope, scope
from agentconsole.domain.terms import Role
from agentconsole.domain.untrusted import Untrusted
from agentconsole.queries.policy_texts import (
    read_acceptances,
    read_clauses,
    read_my_policies,
    read_standings,
    read_suggestions,
)
from agentconsole.server.desk import OpenDesk
from agentconsole.server.sessions import Live
from agentconsole.services.acceptance import accept_policy
from agentconsole.services.signin import Failed
from agentconsole.storage.reading import ReadSession
from agentconsole.storage.tables.acceptance import Acceptance
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import Actor, Tx
from agentconsole.wire import policy_reading as wire
from agentconsole.wire.frames import AnyAnswer, Done

ACTIONS: Mapping[type, Action] = {
    wire.ReadMyPolicies: Action.READ_POLICIES,
    wire.ReadClauses: Action.READ_POLICIES,
    wire.ReadAcceptances: Action.READ_ACCEPTANCES,
    wire.ReadSuggestions: Action.READ_SUGGESTIONS,
}
LONGEST_CODE = 64


class PolicyReading:
    """Answer what is asked about policies, and take acceptances."""

    def __init__(self, desk: OpenDesk) -> None:
        self._desk = desk
        self.readers: Mapping[type, Callable[..., AnyAnswer]] = {
            wire.ReadMyPolicies: self._policies,
            wire.ReadClauses: self._policy,
            wire.ReadAcceptances: self._acceptances,
            wire.ReadSuggestions: self._suggestions,
        }

    async def accept(self, live: Live, ask: wire.AcceptPolicy) -> Done:
        """Take the acceptance of a policy; the code is counted and spent like one at the sign-in."""
        code = ask.code[:LONGEST_CODE]

        def work(tx: Tx) -> Acceptance | Failed:
            return accept_policy(tx, self._desk.context, ask.pack, ask.version, code)

        outcome = await asyncio.wrap_future(self._desk.writer.submit(live.actor(), work))
        if isinstance(outcome, Failed) and outcome.refusal.code == "sign-in":
            raise Refused("Not accepted: that is not your code now; each works once. Wait for the next.", code="code")
        if isinstance(outcome, Failed):
            raise outcome.refusal
        again = outcome.at != outcome.read_at
        what = "read again" if again else "accepted"
        return Done(Untrusted(f"Version {outcome.version} of the policy {outcome.pack_id} is {what}."))

    def _policies(self, session: ReadSession, _ask: wire.ReadMyPolicies, actor: Actor) -> wire.MyPolicies:
        shelf, now = self._desk.context.shelf, self._desk.clock.now()
        return wire.MyPolicies(read_my_policies(session, shelf.in_use, self._brands(), actor.user_id, now))

    def _policy(self, session: ReadSession, ask: wire.ReadClauses, actor: Actor) -> wire.Clauses:
        shelf, now = self._desk.context.shelf, self._desk.clock.now()
        return read_clauses(session, shelf.in_use, self._brands(), ask.pack, ask.version, actor.user_id, now)

    def _brands(self) -> dict[str, str]:
        return {brand.id: brand.pack_id for brand in self._desk.context.shelf.brands}

    def _acceptances(self, session: ReadSession, ask: wire.ReadAcceptances, _actor: Actor) -> wire.Acceptances:
        shelf, now = self._desk.context.shelf, self._desk.clock.now()
        return wire.Acceptances(read_acceptances(session, shelf.in_use, ask.pack, now))

    def _suggestions(self, session: ReadSession, _ask: wire.ReadSuggestions, actor: Actor) -> wire.Suggestions:
        is_own = actor.role is not None and scope(actor.role, Action.READ_SUGGESTIONS) is Scope.OWN
        return wire.Suggestions(read_suggestions(session, actor.user_id if is_own else None))


def of_others(session: ReadSession, desk: OpenDesk, user: User) -> tuple[str, ...]:
    """Return what whoever may see it is told at her sign-in about people who are late with a policy."""
    if user.role not in (Role.SUPERVISOR, Role.MANAGER):
        return ()
    rows = read_acceptances(session, desk.context.shelf.in_use, "", desk.clock.now())
    late = dict.fromkeys(row.login for row in rows if (row.late or row.overdue) and row.login != user.login)
    if not late:
        return ()
    first, *more = late
    who = f"{first} and {len(more)} more are" if more else f"{first} is"
    return (f"{who} late with accepting or reading again a policy: g y shows who.",)


def to_read(session: ReadSession, desk: OpenDesk, user: User) -> tuple[str, ...]:
    """Return what somebody is told at her sign-in about policies that she has to accept or to read again."""
    now = desk.clock.now()
    notes = []
    for found in read_standings(session, desk.context.shelf.in_use, user.id, now):
        which = f"version {found.pack.version} of the policy {found.pack.id}"
        if found.until is not None and found.is_late(now):
            notes.append(f"No new work for you before you accept {which}: g y shows it.")
        elif found.until is not None:
            day = found.until.astimezone(desk.zone)
            notes.append(f"Read {which} and accept it by {day:%a} {day.day} {day:%b}: g y shows it.")
        elif found.is_overdue(now):
            notes.append(f"It is time to read {which} again: g y shows it.")
    return tuple(notes)
