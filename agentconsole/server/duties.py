"""The duties and open hours of the policies in force, as queries ask for them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from agentconsole.domain.duty_round import named
from agentconsole.domain.duty_words import explained
from agentconsole.domain.errors import Refused
from agentconsole.domain.meeting_window import answer
from agentconsole.domain.roles import Action
from agentconsole.domain.terms import Role
from agentconsole.domain.untrusted import Untrusted
from agentconsole.queries.duties import read_duties, read_record
from agentconsole.server.desk import OpenDesk
from agentconsole.services.duties import in_force
from agentconsole.storage.reading import ReadSession
from agentconsole.storage.transaction import Actor
from agentconsole.wire.duties import Duties, ExplainDuty, ReadDuties
from agentconsole.wire.frames import AnyAnswer, Explained
from agentconsole.wire.rows import Why
from agentconsole.wire.windows import ReadWindow

ACTIONS: Mapping[type, Action] = MappingProxyType(
    {ReadDuties: Action.READ_DUTIES, ExplainDuty: Action.READ_DUTIES, ReadWindow: Action.READ_DUTIES}
)


class DutyReading:
    """Answer what is asked about duties and hours, as of the desk's clock."""

    def __init__(self, desk: OpenDesk) -> None:
        self._desk = desk
        self.readers: Mapping[type, Callable[..., AnyAnswer]] = {
            ReadDuties: self._duties,
            ExplainDuty: self._explain,
            ReadWindow: self._window,
        }

    def _duties(self, session: ReadSession, _ask: ReadDuties, actor: Actor) -> Duties:
        now = self._desk.clock.now()
        return Duties(read_duties(session, in_force(self._desk.context, now), actor.role or Role.ADMIN, now))

    def _explain(self, session: ReadSession, ask: ExplainDuty, _actor: Actor) -> Explained:
        now = self._desk.clock.now()
        duty = named(in_force(self._desk.context, now), ask.duty)
        asked, record = read_record(session, duty, now)
        lines = explained(duty, asked, record, now, self._desk.zone)
        return Explained(Why(duty.name, tuple(map(Untrusted, lines))))

    def _window(self, _session: ReadSession, ask: ReadWindow, _actor: Actor) -> Explained:
        packs = {pack.id: pack for pack in self._desk.context.shelf.packs}
        if ask.pack not in packs:
            known = ", ".join(sorted(packs)) or "none"
            raise Refused(f"No brand here is under a policy of that name; there is {known}.")
        lines = answer(packs[ask.pack], ask.channel, ask.zone, (ask.begins, ask.ends), self._desk.clock.now())
        return Explained(Why(f"{ask.pack} {ask.channel}"[:80], tuple(map(Untrusted, lines))))
