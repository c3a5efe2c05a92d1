"""Packs, tickets and instants that the tests of clocks and of the queue are told with."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from agentconsole.domain.calendar import Calendar, Window, always
from agentconsole.domain.clocks import Applied, Clock, Effect, Situation, compute, due_effects
from agentconsole.domain.events import Fact, FactKind
from agentconsole.domain.policy import Pack, Standard, Target
from agentconsole.domain.policy_identity import PackStatus
from agentconsole.domain.terms import Author, Channel, ClockKind, ContactKind, Priority, Status

INDIA = ZoneInfo("Asia/Kolkata")
WORKING = ((Window(510, 1080),),) * 5 + ((), ())
CALENDARS = {"hours": Calendar("hours", INDIA, WORKING, {}), "always": always()}
CHANNELS = {Channel.EMAIL: "hours", Channel.CHAT: "hours", Channel.PHONE: "hours"}


def at(text: str) -> datetime:
    """Return an instant told in Indian time on the week of Monday 23 November 2026: "Mon 08:46" or "Mon 08:46:30"."""
    day, _, time = text.partition(" ")
    date = 23 + ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun").index(day)
    hour, minute, second = (*map(int, time.split(":")), 0)[:3]
    return datetime(2026, 11, date, hour, minute, second, tzinfo=INDIA).astimezone(UTC)


MONDAY = at("Mon 08:46")


def standard(
    target: Target, clock: ClockKind = ClockKind.FIRST_RESPONSE, *, id: str = "email", **more: object
) -> Standard:
    """Return a standard of clause 3 with this target."""
    return replace(Standard(id, "3", clock, "email answered in time", target), **more)  # type: ignore[arg-type]


def pack(
    *standards: Standard, id: str = "ecom", calendars: Mapping[str, Calendar] = CALENDARS, version: int = 3
) -> Pack:
    """Return an active pack of an Indian desk, open Monday to Friday 08:30-18:00, with these standards."""
    return Pack(
        id=id,
        title=id.title(),
        organisation=id,
        source="",
        revision_text="",
        revision_date=None,
        effective_from=at("Mon 00:00") - timedelta(days=300),
        version=version,
        status=PackStatus.ACTIVE,
        intent="",
        zone="Asia/Kolkata",
        currency="INR",
        order="",
        clauses=(),
        calendars=calendars,
        channel_calendars=CHANNELS,
        standards=standards,
        duties=(),
        messages=(),
        contacts=(),
        blanks=(),
        procedure=None,
        triggers=(),
        packet=(),
        role_aliases={},
        kpis=(),
        reports=(),
    )


def applied(*packs: Pack) -> tuple[Applied, ...]:
    """Bind packs for as long as the tests look back."""
    return tuple(Applied(one, at("Mon 00:00") - timedelta(days=300)) for one in packs)


@dataclass
class Ticket:
    """Tell a ticket's story: each call adds a fact; `clocks` computes it."""

    packs: tuple[Applied, ...]
    channel: Channel = Channel.EMAIL
    priority: Priority = Priority.NORMAL
    status: Status = Status.NEW
    queue: str = "general"
    kind: str = ""
    brand: str = "ecom"
    escalated: bool = False
    first_seq: int = 1
    facts: list[Fact] = field(default_factory=list)

    def add(self, when: datetime, kind: FactKind, **more: object) -> "Ticket":
        self.facts.append(Fact(self.next_seq, when, kind, **more))  # type: ignore[arg-type]
        return self

    @property
    def next_seq(self) -> int:
        return self.first_seq + len(self.facts)

    def record(self, when: datetime, *effects: Effect) -> "Ticket":
        for effect in effects:
            self.facts.append(effect.fact(self.next_seq, when))
        return self

    def effects(self, now: datetime) -> tuple[Effect, ...]:
        return due_effects(self.every_clock(now), self.facts, now)

    def opened(self, when: datetime = MONDAY, **more: object) -> "Ticket":
        return self.add(when, FactKind.OPENED, channel=self.channel, **more)

    def contact(
        self, when: datetime, author: Author, kind: ContactKind = ContactKind.MESSAGE, **more: object
    ) -> "Ticket":
        return self.add(when, FactKind.CONTACT, author=author, contact_kind=kind, channel=self.channel, **more)

    def wrote(self, when: datetime = MONDAY) -> "Ticket":
        return self.contact(when, Author.CUSTOMER)

    def asked(self, when: datetime = MONDAY) -> "Ticket":
        return self.opened(when).wrote(when)

    def replied(self, when: datetime) -> "Ticket":
        return self.contact(when, Author.AGENT)

    def turned(self, when: datetime, status: Status, reason: str = "", actor: str = "ana") -> "Ticket":
        self.status = status
        return self.add(when, FactKind.STATUS, status=status, reason=reason, actor=actor)

    def prioritised(self, when: datetime, priority: Priority) -> "Ticket":
        before, self.priority = self.priority, priority
        return self.add(when, FactKind.PRIORITY, priority=priority, before=before.value)

    def escalate(self, when: datetime) -> "Ticket":
        self.escalated = True
        return self.add(when, FactKind.ESCALATED)

    @property
    def situation(self) -> Situation:
        return Situation(self.channel, self.queue, self.priority, self.kind, self.brand, self.status, self.escalated)

    def every_clock(self, now: datetime = MONDAY) -> tuple[Clock, ...]:
        return compute(self.facts, self.packs, self.situation, now)

    def clocks(self, now: datetime = MONDAY) -> tuple[Clock, ...]:
        """Return the clocks of a standard, leaving out what says that there is none."""
        return tuple(clock for clock in self.every_clock(now) if clock.standard)

    def clock(self, now: datetime = MONDAY, kind: ClockKind | None = None) -> Clock:
        """Return the one clock (of that kind)."""
        (found,) = (clock for clock in self.clocks(now) if kind is None or clock.kind is kind)
        return found
