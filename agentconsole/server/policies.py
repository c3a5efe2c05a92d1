"""Answering what is asked about the desk's policies, and handing out histories for trying one."""

from collections.abc import Callable, Mapping

from agentconsole.domain.roles import Action
from agentconsole.queries.policies import read_policies, read_policy_text
from agentconsole.server.desk import OpenDesk
from agentconsole.services.histories import read_histories
from agentconsole.services.shelf import AT_ONCE
from agentconsole.storage.reading import ReadSession
from agentconsole.storage.transaction import Actor
from agentconsole.wire.histories import Histories, ReadHistories
from agentconsole.wire.policies import Policies, PolicyAnswer, PolicyText, ReadPolicies, ReadPolicyText

ACTIONS: Mapping[type, Action] = {
    ReadPolicies: Action.READ_POLICIES,
    ReadPolicyText: Action.READ_POLICIES,
    ReadHistories: Action.TRY_POLICIES,
}


class KeptPolicies:
    """Answer queries about policies on the reading connections."""

    def __init__(self, desk: OpenDesk) -> None:
        self._desk = desk
        self.readers: Mapping[type, Callable[..., PolicyAnswer]] = {
            ReadPolicies: self._policies,
            ReadPolicyText: self._text,
            ReadHistories: self._histories,
        }

    def _policies(self, session: ReadSession, ask: ReadPolicies, _actor: Actor) -> Policies:
        shelf = self._desk.context.shelf
        parsed = [applied.pack for pack in shelf.packs for applied in shelf.versions(pack.id)]
        return Policies(read_policies(session, parsed, self._desk.clock.now() + AT_ONCE, ask.pack))

    def _text(self, session: ReadSession, ask: ReadPolicyText, _actor: Actor) -> PolicyText:
        return read_policy_text(session, ask.pack, ask.which, self._desk.clock.now() + AT_ONCE)

    def _histories(self, session: ReadSession, ask: ReadHistories, _actor: Actor) -> Histories:
        return read_histories(session, self._desk.context, ask, self._desk.clock.now())
