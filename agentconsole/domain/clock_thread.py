"""One ticket's facts walked through in order: which promises are running, which were kept, and in which states."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agentconsole.domain.clock_pause import Period
from agentconsole.domain.events import Fact, FactKind
from agentconsole.domain.policy import ActionKind
from agentconsole.domain.terms import Author, Channel, ClockKind, ContactKind, Priority, Start, Status

OVER = frozenset({Status.RESOLVED, Status.CLOSED})
SPOKEN = frozenset({ContactKind.MESSAGE, ContactKind.CALL, ContactKind.VISIT})
SENT_BY = frozenset({Author.AGENT, Author.DESK})
# First and next response are one promise with two names: never do both run.
RESPONSES = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE)
UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Begin:
    """Say when and by what a promise began; `spine` holds the states of the ticket it came from, until it `joined`.

    `event` tells a voicemail's being left from its being heard; None where there is but one beginning.
    """

    at: datetime
    because: str
    channel: Channel | None
    priority: Priority | None = None
    spine: tuple[Period, ...] = ()
    joined: datetime | None = None
    event: Start | None = None


@dataclass(slots=True)
class Run:
    """Follow one promise while the facts are walked through."""

    kind: ClockKind
    begins: list[Begin]
    seq: int
    met: datetime | None = None
    ended: datetime | None = None
    why_ended: str = ""
    due: datetime | None = None
    text: str = ""
    zone: str = ""

    @property
    def is_open(self) -> bool:
        """Say whether the promise is still owed."""
        return self.met is None and self.ended is None


@dataclass(slots=True)
class Spell:
    """Follow one stretch in which the ticket was not resolved."""

    start: datetime
    because: str
    end: datetime | None = None


class Thread:
    """Walk through one ticket's facts, given in order and at least one, and hold what they leave behind."""

    def __init__(self, facts: Sequence[Fact], bounced: frozenset[int] = frozenset()) -> None:
        first = facts[0]
        self.runs: list[Run] = []
        self.spells = [Spell(first.at, "case opened")]
        self.openings = [Begin(first.at, "case opened", first.channel)]
        self.escalated: Begin | None = None
        self.priority: Priority | None = None
        self._periods = [Period(first.at, None, Status.NEW, "", "")]
        self._open: list[Run] = []
        self._settled: list[Run] = []
        self._is_answered = False
        self._bounced = bounced | _bounced(facts)
        for fact in facts:
            handle = _HANDLERS.get(fact.kind)
            if handle is not None:
                handle(self, fact)

    @property
    def is_over(self) -> bool:
        """Say whether the ticket stands resolved or closed."""
        return self._periods[-1].status in OVER

    def periods_from(self, since: datetime | None) -> tuple[Period, ...]:
        """Return the states of the ticket, from `since` on (None: all)."""
        if since is None:
            return tuple(self._periods)
        return tuple(
            replace(period, start=max(period.start, since))
            for period in self._periods
            if period.end is None or period.end > since
        )

    def open_runs(self, *kinds: ClockKind) -> Iterator[Run]:
        """Return the promises of these kinds (none given: of any) that are still owed."""
        # A thread of thousands of answers has as many promises behind it: only a few are looked at again.
        self._open = [run for run in self._open if run.is_open]
        return (run for run in self._open if run.is_open and (not kinds or run.kind in kinds))

    def add(self, run: Run) -> None:
        """Add a promise."""
        self.runs.append(run)
        self._open.append(run)

    def start(self, kind: ClockKind, fact: Fact, because: str) -> None:
        """Start a promise, unless one of its kind is running: the oldest counts."""
        if next(self.open_runs(kind), None) is None:
            self.add(Run(kind, [Begin(fact.at, because, fact.channel)], fact.seq))

    def meet(self, fact: Fact, *kinds: ClockKind) -> None:
        """Say that the running promises of these kinds were kept; a reopening brings none of these kinds back."""
        for run in self.open_runs(*kinds):
            run.met = fact.at
        self._settled = [run for run in self._settled if run.kind not in kinds]

    def prioritise(self, fact: Fact) -> None:
        """Note the priority, for the ticket this one may be merged into."""
        self.priority = fact.priority

    def contact(self, fact: Fact) -> None:
        """Start what a customer's contact starts, meet what a person's answer meets."""
        if fact.contact_kind not in SPOKEN or fact.seq in self._bounced:
            return
        if fact.author is Author.CUSTOMER:
            self._settled.clear()
            self._wait_for_answer(fact)
        elif fact.author is Author.AGENT:
            self._answer(fact)

    def _wait_for_answer(self, fact: Fact) -> None:
        if fact.contact_kind is ContactKind.CALL:
            self.start(ClockKind.RING, fact, "customer call")
        elif fact.contact_kind is ContactKind.VISIT:
            self.start(ClockKind.GREET, fact, "customer arrived")
        else:
            if fact.channel is Channel.VOICEMAIL and next(self.open_runs(ClockKind.RETURN_CALL), None) is None:
                left = Begin(fact.at, "voicemail left", fact.channel, event=Start.LEFT)
                self.add(Run(ClockKind.RETURN_CALL, [left], fact.seq))
            self.start(ClockKind.CALLBACK, fact, "customer message")
            if next(self.open_runs(*RESPONSES), None) is None:
                kind = ClockKind.NEXT_RESPONSE if self._is_answered else ClockKind.FIRST_RESPONSE
                self.start(kind, fact, "customer message")

    def _answer(self, fact: Fact) -> None:
        self._is_answered = True
        self.meet(fact, *RESPONSES, ClockKind.CALLBACK, ClockKind.UPDATE, ClockKind.GREET, ClockKind.PROMISE)
        if fact.contact_kind is ContactKind.CALL:
            self.meet(fact, ClockKind.RING, ClockKind.RETURN_CALL)
        if not self.is_over:
            self.start(ClockKind.UPDATE, fact, "our last reply")

    def status(self, fact: Fact) -> None:
        """Change the state; resolving ends what is owed, reopening without a new contact brings it back."""
        if fact.status is None:
            return
        was_over = self.is_over
        self._periods[-1] = replace(self._periods[-1], end=fact.at)
        self._periods.append(Period(fact.at, None, fact.status, fact.reason, fact.actor))
        if self.is_over and not was_over:
            self._resolve(fact)
        elif was_over and not self.is_over:
            self._reopen(fact)

    def _resolve(self, fact: Fact) -> None:
        self.spells[-1].end = fact.at
        for run in list(self.open_runs()):
            if run.kind is not ClockKind.PROMISE:
                run.ended, run.why_ended = fact.at, f"case {fact.status}: no longer owed"
                self._settled.append(run)

    def _reopen(self, fact: Fact) -> None:
        if fact.reason == UNDO:
            self._unresolve()
        else:
            self.spells.append(Spell(fact.at, "case reopened"))
        self._open = [*self.open_runs(), *self._settled]
        for run in self._settled:
            run.ended, run.why_ended = None, ""
        self._settled.clear()

    def _unresolve(self) -> None:
        """Make a resolution that was taken back never have been: it neither restarts a clock nor pauses one."""
        self.spells[-1].end = None
        for index in range(len(self._periods) - 2, -1, -1):
            if self._periods[index].status not in OVER:
                break
            self._periods[index] = replace(self._periods[index], status=Status.OPEN)

    def escalate(self, fact: Fact) -> None:
        """Start the hand-off, and the resolution clock of escalated tickets with the first escalation."""
        self.start(ClockKind.ACCEPT_HANDOFF, fact, "escalated")
        if self.escalated is None:
            self.escalated = Begin(fact.at, "escalated", fact.channel)

    def promise(self, fact: Fact) -> None:
        """Start a promised date; each promise is a clock of its own."""
        begin = Begin(fact.at, "promised to the customer", fact.channel)
        self.add(Run(ClockKind.PROMISE, [begin], fact.seq, due=fact.due, text=fact.value, zone=fact.zone))

    def merge(self, fact: Fact) -> None:
        """Take over what the other ticket still owes, each promise with its own start and past states."""
        # That the merge closes the other ticket must not settle what it hands over.
        facts = [other for other in fact.merged if other.status is not Status.CLOSED]
        if not facts:
            return
        other = Thread(facts, self._bounced)
        for run in other.open_runs():
            self._take_over([other.moved(begin, fact.at) for begin in run.begins], run)
        self._is_answered = self._is_answered or other._is_answered
        if not other.is_over and not self.is_over:
            self.openings.extend(other.moved(begin, fact.at) for begin in other.openings)
            if other.escalated is not None and self.escalated is None:
                self.escalated = other.moved(other.escalated, fact.at)

    def moved(self, begin: Begin, at: datetime) -> Begin:
        """Return a beginning as it goes over to another ticket at `at`: with the states it has been through here."""
        periods = tuple(
            replace(period, end=at if period.end is None else min(period.end, at))
            for period in self.periods_from(begin.joined)
        )
        return replace(begin, priority=begin.priority or self.priority, spine=(*begin.spine, *periods), joined=at)

    def _take_over(self, begins: list[Begin], run: Run) -> None:
        kinds = RESPONSES if run.kind in RESPONSES else (run.kind,)
        mine = None if run.kind is ClockKind.PROMISE else next(self.open_runs(*kinds), None)
        if mine is None:
            self.add(replace(run, begins=begins))
            return
        if min(begin.at for begin in begins) < min(begin.at for begin in mine.begins):
            mine.kind = run.kind
        mine.begins.extend(begins)


def _end_ringing(thread: Thread, fact: Fact) -> None:
    """End the ringing of a call that went to voicemail (000-20): nobody is on the line any more."""
    if fact.clock is ClockKind.RING and fact.reason.startswith(ActionKind.FORWARD_TO_VOICEMAIL):
        for run in thread.open_runs(ClockKind.RING):
            run.ended, run.why_ended = fact.at, "went to voicemail"


def _hear(thread: Thread, fact: Fact) -> None:
    """Start the return of a voicemail for the standards that count from its being heard; the first time counts."""
    run = next(thread.open_runs(ClockKind.RETURN_CALL), None)
    if run is None:
        thread.start(ClockKind.RETURN_CALL, fact, "voicemail heard")
    elif all(begin.event is Start.LEFT for begin in run.begins):
        run.begins.append(Begin(fact.at, "voicemail heard", fact.channel, event=Start.HEARD))


def _keep_promise(thread: Thread, fact: Fact) -> None:
    """Meet the promise meant, or the oldest that is open."""
    for run in thread.open_runs(ClockKind.PROMISE):
        if fact.ref is None or run.seq == fact.ref:
            run.met = fact.at
            return


def _withdraw_promise(thread: Thread, fact: Fact) -> None:
    """Make the promise meant never have been: it was taken back before anybody was told of it."""
    for run in thread.open_runs(ClockKind.PROMISE):
        if run.seq == fact.ref:
            run.ended = fact.at
    thread.runs = [run for run in thread.runs if run.kind is not ClockKind.PROMISE or run.seq != fact.ref]


def _bounced(facts: Sequence[Fact]) -> frozenset[int]:
    """Return the `seq` of each outgoing contact that came back."""
    came_back: set[int] = set()
    latest: int | None = None
    for fact in facts:
        if fact.kind is not FactKind.CONTACT:
            continue
        if fact.author is Author.BOUNCE or fact.contact_kind is ContactKind.BOUNCE:
            returned = latest if fact.ref is None else fact.ref
            if returned is not None:
                came_back.add(returned)
        elif fact.author in SENT_BY and fact.contact_kind is not ContactKind.NOTE:
            latest = fact.seq
    return frozenset(came_back)


_HANDLERS: Mapping[FactKind, Callable[[Thread, Fact], None]] = {
    FactKind.OPENED: Thread.prioritise,
    FactKind.PRIORITY: Thread.prioritise,
    FactKind.CONTACT: Thread.contact,
    FactKind.STATUS: Thread.status,
    FactKind.ESCALATED: Thread.escalate,
    FactKind.ACCEPTED: lambda thread, fact: thread.meet(fact, ClockKind.ACCEPT_HANDOFF),
    FactKind.HEARD: _hear,
    FactKind.ACTED: _end_ringing,
    FactKind.PROMISED: Thread.promise,
    FactKind.PROMISE_KEPT: _keep_promise,
    FactKind.PROMISE_WITHDRAWN: _withdraw_promise,
    FactKind.MERGED: Thread.merge,
}
