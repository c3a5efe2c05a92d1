"""What a policy pack says, as frozen values: clauses, standards and targets, duties, procedures, messages, blanks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from agentconsole.domain.calendar import Calendar, DayEnd, Receipt
from agentconsole.domain.policy_identity import Identity
from agentconsole.domain.policy_soft import Assurance, Criterion, Residency, Retention
from agentconsole.domain.terms import Channel, ClockKind, Priority, Role, Stage, Start, Status


class Comparator(StrEnum):
    """Say whether meeting the target to the microsecond still keeps it (`within`) or breaks it (`under`)."""

    WITHIN = "within"
    UNDER = "under"


class Reopen(StrEnum):
    """Say what a clock does when its resolved ticket is opened again."""

    CONTINUE = "continue"
    RESTART = "restart"
    NEW_TICKET = "new_ticket"


class ActionKind(StrEnum):
    """Name what a clock does by itself at one of its stages."""

    AUTO_ACKNOWLEDGE = "auto_acknowledge"
    OFFER_MESSAGE_OR_CALLBACK = "offer_message_or_callback"
    FORWARD_TO_VOICEMAIL = "forward_to_voicemail"


@dataclass(frozen=True, slots=True)
class Clause:
    """Point at one clause of the document: a quote of a few words and the line it stands in (1-based).

    `rows` are the requirements that it carries, by id; `note` says what is odd about it; a `title` promises nothing.
    """

    id: str
    heading: str
    quote: str
    line: int
    rows: tuple[str, ...] = ()
    note: str = ""
    title: bool = False


@dataclass(frozen=True, slots=True)
class Rings:
    """Promise an answer within `count` rings; a ring lasts the desk's `cycle`."""

    count: int
    cycle: timedelta


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Promise within an amount of wall-clock time."""

    amount: timedelta


@dataclass(frozen=True, slots=True)
class Business:
    """Promise within an amount of the calendar's open time."""

    amount: timedelta
    calendar: str


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Promise by the N-th working day after receipt, counted by the calendar and its two settings."""

    days: int
    calendar: str
    receipt: Receipt
    end: DayEnd


@dataclass(frozen=True, slots=True)
class CalendarSpan:
    """Promise within whole calendar days, weeks or months in the calendar's zone; month ends are clamped."""

    unit: str
    count: int
    calendar: str


@dataclass(frozen=True, slots=True)
class Immediate:
    """Promise "immediately": the desk's number of seconds, in the calendar's open time."""

    seconds: int
    calendar: str


@dataclass(frozen=True, slots=True)
class BestEffort:
    """Promise no number: the answer is measured against a model of the traffic."""

    model: str


@dataclass(frozen=True, slots=True)
class Unspecified:
    """Promise "reasonable" time: measured and never green until the manager sets `amount` (open time of `calendar`)."""

    amount: timedelta | None
    calendar: str


@dataclass(frozen=True, slots=True)
class NextPeriodEnd:
    """Promise by the end of the calendar's next open period, counted from the first opening after the start."""

    calendar: str


Target = Rings | Elapsed | Business | WorkingDays | CalendarSpan | Immediate | BestEffort | Unspecified | NextPeriodEnd


@dataclass(frozen=True, slots=True)
class Applies:
    """Say which tickets a standard binds; an empty tuple binds all. `out_of_hours` None binds both.

    `tiers` are tiers of customers. A standard of the stage `escalated` alone binds no complaint; `escalated` does.
    """

    channels: tuple[Channel, ...] = ()
    queues: tuple[str, ...] = ()
    priorities: tuple[Priority, ...] = ()
    kinds: tuple[str, ...] = ()
    escalated: bool | None = None
    out_of_hours: bool | None = None
    brands: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()

    @property
    def counts_from_escalation(self) -> bool:
        """Say whether what is promised begins with the escalation: it binds no ticket before that."""
        return self.escalated is True or self.stages == (Stage.ESCALATED,)


@dataclass(frozen=True, slots=True)
class Warning:
    """Warn `whom` when `percent` of the target is used up, or `before` the due instant; exactly one is set."""

    percent: int | None
    before: timedelta | None
    whom: Role


@dataclass(frozen=True, slots=True)
class ChainLink:
    """Tell `role` when `percent` of the target is used up (100 is the due instant), and `after` that as much longer."""

    percent: int
    role: Role
    respects_hours: bool = True
    after: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class StageAction:
    """Do `kind` with the pack's message `message` `after` the clock began, or at its due when `after` is None."""

    kind: ActionKind
    after: timedelta | None
    message: str


@dataclass(frozen=True, slots=True)
class Standard:
    """Promise one kind of clock on the tickets it applies to, by one clause.

    `start` says from when a return call is counted, `duty` names the check that is meant by `Start.DUTY`.
    """

    id: str
    clause: str
    clock: ClockKind
    text: str
    target: Target
    applies: Applies = Applies()
    start: Start = Start.HEARD
    duty: str = ""
    comparator: Comparator = Comparator.WITHIN
    pauses: tuple[Status, ...] = ()
    on_reopen: Reopen = Reopen.CONTINUE
    reopen_days: int = 0
    warnings: tuple[Warning, ...] = ()
    chain: tuple[ChainLink, ...] = ()
    actions: tuple[StageAction, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """Ask `owner` for a recurring task with a sign-off; `every` is time of `calendar`, or None with a `cadence`."""

    id: str
    clause: str
    text: str
    owner: Role
    every: timedelta | None
    cadence: str
    calendar: str


@dataclass(frozen=True, slots=True)
class Step:
    """Describe one step of the complaint procedure and the letter and enclosures it needs."""

    id: str
    clause: str
    text: str
    owner: Role
    target: Target | None
    letter: str
    enclosures: tuple[str, ...]
    required: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Procedure:
    """Describe how a complaint is handled, step by step."""

    clause: str
    owner: Role
    steps: tuple[Step, ...]
    overdue_unaccepted: timedelta
    resolution_target: Target | None
    conflicts: tuple[str, ...] = ()
    immediate_path: str = ""
    second_stage: str = ""
    outside_body: str = ""
    regime: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """Describe a letter of the procedure: its text, the fields it must name and what must be enclosed."""

    id: str
    clause: str
    title: str
    message: str
    required: tuple[str, ...]
    enclosures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trigger:
    """Say when a ticket must be escalated and to whom; a limit is exceeded strictly over it unless `inclusive`."""

    id: str
    clause: str
    text: str
    predicate: str
    to: str
    limit: Decimal | None
    currency: str
    inclusive: bool = False


@dataclass(frozen=True, slots=True)
class Kpi:
    """Measure the desk over a period: metric, its named variant, comparison and value.

    Of several variants of one target all are shown and only the one that `decides` passes or fails the period.
    """

    id: str
    clause: str
    metric: str
    variant: str
    comparator: str
    value: Decimal
    unit: str
    period: str
    calendar: str
    decides: bool = True


@dataclass(frozen=True, slots=True)
class ReportDue:
    """Ask for a report at a cadence, for its recipients."""

    id: str
    clause: str
    cadence: str
    contents: tuple[str, ...]
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """Carry a text the desk sends; `verbatim` is the document's own wording and may not be edited."""

    id: str
    clause: str
    channel: Channel | None
    text: str
    verbatim: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """Name an address or number that the document gives; `note` says what is odd about it."""

    id: str
    clause: str
    label: str
    address: str
    emergency: bool
    note: str


@dataclass(frozen=True, slots=True)
class Blank:
    """Name what the document leaves open: what is asked, a proposal and why, and the answer once the desk gave one."""

    id: str
    clause: str
    question: str
    sentence: str
    proposal: str
    reason: str
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Name a reading of an ambiguous clause: the value in force and those allowed (empty: any text)."""

    id: str
    clause: str
    question: str
    value: str
    allowed: tuple[str, ...]


@dataclass(frozen=True)
class Pack(Identity):
    """Hold one policy document as data."""

    clauses: tuple[Clause, ...]
    calendars: Mapping[str, Calendar]
    channel_calendars: Mapping[Channel, str]
    standards: tuple[Standard, ...]
    duties: tuple[Duty, ...]
    messages: tuple[Message, ...]
    contacts: tuple[Contact, ...]
    blanks: tuple[Blank, ...]
    procedure: Procedure | None
    triggers: tuple[Trigger, ...]
    packet: tuple[str, ...]
    role_aliases: Mapping[str, Role]
    kpis: tuple[Kpi, ...]
    reports: tuple[ReportDue, ...]
    settings: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    letters: tuple[Letter, ...] = ()
    packet_clauses: Mapping[str, str] = field(default_factory=dict)
    criteria: tuple[Criterion, ...] = ()
    assurances: tuple[Assurance, ...] = ()
    retention: tuple[Retention, ...] = ()
    residency: Residency | None = None

    def clause(self, clause_id: str) -> Clause:
        """Return the clause of that id; KeyError when the pack has none (the parser has made sure that it has)."""
        return next(clause for clause in self.clauses if clause.id == clause_id)

    def message(self, message_id: str) -> Message | None:
        """Return the message of that id, or None."""
        return next((message for message in self.messages if message.id == message_id), None)

    @property
    def open_blanks(self) -> tuple[Blank, ...]:
        """Return the blanks that the desk has not answered yet."""
        return tuple(blank for blank in self.blanks if blank.answer is None)
