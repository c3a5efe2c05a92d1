"""A clock: one promise running on one ticket, and what can be asked of it at an instant."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agentconsole.domain.calendar import Calendar
from agentconsole.domain.clock_pause import Counting, Pause
from agentconsole.domain.policy import Comparator, Rings, StageAction, Standard, Target
from agentconsole.domain.terms import Channel, ClockKind, ClockState

TICK = timedelta(microseconds=1)
SHORTEST_DUE = timedelta(minutes=10)


def due_below(amount: timedelta) -> timedelta:
    """Return the time left of a target from which on the word is DUE."""
    return min(max(amount / 10, SHORTEST_DUE), amount * 2 / 3)


def soon_below(amount: timedelta) -> timedelta:
    """Return the time left of a target from which on the word is SOON."""
    return amount / 4


@dataclass(frozen=True, slots=True)
class Moved:
    """State that at `at` a due instant moved from `before` to `after` (None: no instant), and because of what."""

    at: datetime
    before: datetime | None
    after: datetime | None
    because: str


@dataclass(frozen=True, slots=True)
class Loser:
    """Name a clause that promises the same, its due instant, and why it does not decide.

    `notices` are its timed actions, each with its instant: what falls before the deciding clock is due, is still done.
    """

    pack: str
    clause: str
    text: str
    due_at: datetime | None
    why: str
    pack_version: int
    standard: str = ""
    notices: tuple[tuple[datetime, StageAction], ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """Hold one promise running on one ticket; instants are UTC, `zone` is the one to show them in.

    `due_at` is None while a pause holds the clock before it is due, and where no instant is promised
    (`no_clock_reason`). `amount` is the target in the time it is counted in, `target_span` its length on the wall
    without pauses. `ended_at` is set on a promise that stopped being owed before it was kept. `breached_at` is the due
    instant that passed: it stays when a recalculation moves the due instant. `starts` are the starts this clock has
    been recorded under.
    """

    kind: ClockKind
    standard: str
    pack: str
    pack_version: int
    clause: str
    text: str
    started_at: datetime | None
    because: str = ""
    channel: Channel | None = None
    target: Target | None = None
    amount: timedelta | None = None
    due_at: datetime | None = None
    target_span: timedelta | None = None
    paused_since: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    met_at: datetime | None = None
    ended_at: datetime | None = None
    breached_at: datetime | None = None
    warned: tuple[datetime, ...] = ()
    moved: tuple[Moved, ...] = ()
    losers: tuple[Loser, ...] = ()
    business: bool = False
    zone: str = "UTC"
    resumes_at: datetime | None = None
    no_clock_reason: str = ""
    starts: tuple[datetime, ...] = ()
    rule: Standard | None = field(default=None, repr=False)
    hours: Calendar | None = field(default=None, repr=False, compare=False)
    counting: Counting | None = field(default=None, repr=False, compare=False)

    @property
    def is_finished(self) -> bool:
        """Say whether nothing more can happen to it: kept, or not owed any more."""
        return self.met_at is not None or self.ended_at is not None

    @property
    def is_running(self) -> bool:
        """Say whether it has a target that is still to be met, paused or not."""
        return self.amount is not None and not self.is_finished

    @property
    def waits_for_person(self) -> bool:
        """Say whether a person is on the line, at the counter or in the chat while this clock runs (UX 9.1, LIVE)."""
        live_chat = self.kind is ClockKind.FIRST_RESPONSE and self.channel is Channel.CHAT
        return live_chat or self.kind in (ClockKind.RING, ClockKind.GREET)

    @property
    def due_below(self) -> timedelta:
        """Return the time left from which on it is DUE: 10 % of the target or 10 min, at most two thirds of it."""
        return due_below(self.amount or timedelta(0))

    @property
    def soon_below(self) -> timedelta:
        """Return the time left from which on the word is SOON: a quarter of the target."""
        return soon_below(self.amount or timedelta(0))

    @property
    def late_from(self) -> datetime | None:
        """Return the first instant too late: the due instant itself under `under`, else the microsecond after it."""
        if self.due_at is None:
            return None
        is_strict = self.rule is not None and self.rule.comparator is Comparator.UNDER
        return self.due_at if is_strict else self.due_at + TICK

    @property
    def due_from(self) -> datetime | None:
        """Return from when on the word is DUE by itself; None when it is paused before, finished, or has no target."""
        return self._left_falls_to(self.due_below)

    @property
    def soon_from(self) -> datetime | None:
        """Return from when on the word is SOON by itself, as `due_from` does."""
        return self._left_falls_to(self.soon_below)

    @property
    def starving_from(self) -> datetime | None:
        """Return from when on it has waited over twice its target (UX 10), as `due_from` does."""
        if self.counting is None or self.amount is None or self.is_finished:
            return None
        doubled = self.counting.reach(self.amount * 2)
        return None if doubled is None else doubled + TICK

    def used(self, now: datetime) -> timedelta | None:
        """Return the time counted until `now` or until it finished; None for a clock that has not begun."""
        if self.counting is None:
            return None
        return self.counting.used(self.met_at or self.ended_at or now)

    def left(self, now: datetime) -> timedelta:
        """Return what is left of the target, in the time it is counted in; below zero when late, zero without a target.

        It stands still while the clock is paused, while its calendar is closed, and after it finished.
        """
        used = self.used(now)
        return timedelta(0) if used is None or self.amount is None else self.amount - used

    def is_late(self, now: datetime) -> bool:
        """Say whether the target had passed at `now`, or when it finished; ending unmet when due is too late."""
        if self.met_at is None and self.ended_at is not None:
            return self.due_at is not None and self.ended_at >= self.due_at
        late_from = self.late_from
        return late_from is not None and (self.met_at or now) >= late_from

    def is_starving(self, now: datetime) -> bool:
        """Say whether a late clock has waited over twice its target at `now`."""
        since = self.starving_from
        return since is not None and now >= since

    def state(self, now: datetime) -> ClockState:
        """Return the word of UX 9.1 at `now`.

        A clock without an instant is never green, kept or not; one that has been breached ends as missed even when a
        recalculation moved its due instant.
        """
        if self.is_finished:
            return self._outcome(now)
        if self.amount is None:
            return ClockState.NONE
        if self.paused_since is not None:
            return ClockState.WAIT
        is_shut = self.counting is not None and self.counting.is_shut(now)
        if self.waits_for_person and not is_shut:
            return ClockState.LIVE
        if self.is_late(now):
            return ClockState.LATE
        return ClockState.SHUT if is_shut else self._urgency(now)

    def rings(self, now: datetime) -> tuple[int, int] | None:
        """Return the ring that sounds at `now`, from 1, and the rings promised; None if not counted in rings."""
        if not isinstance(self.target, Rings):
            return None
        heard = max(self.used(now) or timedelta(0), timedelta(0))
        return heard // self.target.cycle + 1, self.target.count

    def next_change(self, now: datetime) -> datetime | None:
        """Return the next instant strictly after `now` at which word or tier change by themselves; None for never."""
        if not self.is_running or self.paused_since is not None or self.counting is None:
            return None
        word = self._word(now)
        marks = (self.late_from, self.due_from, self.soon_from, self.starving_from, self.counting.turns(now))
        for mark in sorted(mark for mark in marks if mark is not None and mark > now):
            if self._word(mark) != word:
                return mark
        return None

    def _outcome(self, now: datetime) -> ClockState:
        if self.breached_at is not None or self.is_late(now):
            return ClockState.MISSED
        return ClockState.NONE if self.met_at is None or self.amount is None else ClockState.MET

    def _urgency(self, now: datetime) -> ClockState:
        left = self.left(now)
        if left <= self.due_below:
            return ClockState.DUE
        return ClockState.SOON if left <= self.soon_below else ClockState.OK

    def _word(self, now: datetime) -> tuple[ClockState, bool]:
        state = self.state(now)
        return state, state is ClockState.LATE and self.is_starving(now)

    def _left_falls_to(self, left: timedelta) -> datetime | None:
        if self.counting is None or self.amount is None or self.is_finished:
            return None
        return self.counting.reach(self.amount - left)
