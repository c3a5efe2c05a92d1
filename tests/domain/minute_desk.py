"""A second, naive reading of the clocks: a desk that walks through its minutes and counts on its fingers.

It shares no code with the clocks: it knows a history of deeds, the hours on the door and what each promise says. Time
is a number of minutes after Monday 00:00 in India; every counter is raised by one for each minute that counts.
"""

from dataclasses import dataclass, field

DAY = 24 * 60
HORIZON = 80 * DAY
OPEN_MINUTES = [minute // DAY % 7 < 5 and 510 <= minute % DAY < 1080 for minute in range(HORIZON)]
URGENT_MINUTES = 60
PROMISED = 2 * DAY


@dataclass(frozen=True)
class Terms:
    """What the desk promises for each kind: so many minutes, of the wall or of open time, standing still or not."""

    minutes: int
    business: bool
    pausable: bool
    restarts: bool


@dataclass
class Counter:
    """One promise's number: how much was counted, and the minute at which it was reached."""

    minutes: int
    business: bool
    pausable: bool
    counted: int = 0
    due: int | None = None

    def count(self, minute: int) -> None:
        """Count one minute, if the door is open or the wall counts."""
        if self.due is None and (not self.business or OPEN_MINUTES[minute]):
            self.counted += 1
            if self.counted == self.minutes:
                self.due = minute + 1

    def run_on(self, since: int) -> int:
        """Count on without a pause until it is reached."""
        minute = since
        while self.due is None:
            self.count(minute)
            minute += 1
        return self.due


@dataclass
class Promise:
    """A promise that runs, was kept, or was dropped as the case was resolved."""

    kind: str
    start: int
    counters: list[Counter]
    met: int | None = None
    ended: int | None = None

    @property
    def over(self) -> int | None:
        return self.ended if self.met is None else self.met


@dataclass
class Outcome:
    """What the desk says of a promise in the end; `due` None while it stands still before it is due."""

    kind: str
    start: int
    met: int | None
    ended: int | None
    due: int | None
    broken: int | None


@dataclass
class MinuteDesk:
    """Walk through a history of (minute, deed), deeds apart by a minute or more, up to the minute `now`."""

    terms: Terms
    promises: list[Promise] = field(default_factory=list)
    status: str = "new"
    stopped_at: int = 0
    answered: bool = False
    urgent_since: list[tuple[int, bool]] = field(default_factory=lambda: [(0, False)])
    dropped: list[Promise] = field(default_factory=list)

    def live(self, through: list[tuple[int, str]], now: int) -> list[Outcome]:
        """Live through the history and tell what became of every promise, in the order in which they began."""
        self.begin("resolution", 0)
        self.begin("first", 0)
        deeds = dict(through)
        for minute in range(now + 1):
            if minute in deeds:
                getattr(self, deeds[minute])(minute)
            if minute < now:
                self.pass_by(minute)
        found = [self.outcome(promise, now) for promise in self.promises]
        return sorted(found, key=lambda one: (one.start, one.kind))

    def begin(self, kind: str, minute: int) -> None:
        base = Counter(self.terms.minutes, self.terms.business, self.terms.pausable)
        self.promises.append(Promise(kind, minute, [base, Counter(URGENT_MINUTES, business=False, pausable=False)]))

    def pass_by(self, minute: int) -> None:
        for promise in self.promises:
            if promise.over is None:
                for counter in promise.counters:
                    if not (counter.pausable and self.status == "waiting"):
                        counter.count(minute)

    def running(self, *kinds: str) -> list[Promise]:
        return [promise for promise in self.promises if promise.over is None and promise.kind in kinds]

    def wrote(self, minute: int) -> None:
        self.dropped = []
        if not self.running("first", "next"):
            self.begin("next" if self.answered else "first", minute)
        if self.status == "resolved":
            self.reopened(minute)

    def replied(self, minute: int) -> None:
        self.answered = True
        self.dropped = []
        for promise in self.running("first", "next", "update"):
            promise.met = minute
        if self.status != "resolved":
            self.begin("update", minute)

    def nothing(self, minute: int) -> None:
        """Notes, automatic replies and replies that came back are nothing to a promise."""

    def waited(self, minute: int) -> None:
        self.reopened(minute)
        self.status, self.stopped_at = "waiting", minute

    def reopened(self, minute: int) -> None:
        """Make the case open; what was dropped runs on as if it never had been, a resolution goes on or begins anew."""
        if self.status == "resolved":
            if self.terms.restarts:
                self.begin("resolution", minute)
            else:
                self.resolution().met = None
            self.pick_up(minute)
        self.status = "open"

    def undone(self, minute: int) -> None:
        """Take the resolution back: it never was."""
        if self.status != "resolved":
            return
        resolution = self.resolution()
        since, resolution.met = resolution.met, None
        for passed in range(since or 0, minute):
            for counter in resolution.counters:
                counter.count(passed)
        self.pick_up(minute)
        self.status = "open"

    def resolved(self, minute: int) -> None:
        if self.status == "resolved":
            return
        self.status = "resolved"
        self.resolution().met = minute
        self.dropped = self.running("first", "next", "update")
        for promise in self.dropped:
            promise.ended = minute

    def resolution(self) -> Promise:
        return [promise for promise in self.promises if promise.kind == "resolution"][-1]

    def pick_up(self, minute: int) -> None:
        for promise in self.dropped:
            for passed in range(promise.ended or 0, minute):
                for counter in promise.counters:
                    counter.count(passed)
            promise.ended = None
        self.dropped = []

    def hurried(self, minute: int) -> None:
        self.urgent_since.append((minute, True))

    def calmed(self, minute: int) -> None:
        self.urgent_since.append((minute, False))

    def outcome(self, promise: Promise, now: int) -> Outcome:
        """Say which of its numbers decides, by the urgency when it was over, or now."""
        over = promise.over
        at = now if over is None else over
        is_urgent = [urgent for since, urgent in self.urgent_since if since <= at][-1]
        paused = over is None and self.status == "waiting"
        told = []
        for counter in promise.counters if is_urgent else promise.counters[:1]:
            stands_still = paused and counter.pausable and counter.due is None
            told.append((counter.run_on(max(self.stopped_at, promise.start) if stands_still else at), stands_still))
        floor, stands_still = min(told, key=lambda one: one[0])
        broken = floor if not stands_still and (floor < at or (floor == at and promise.ended is not None)) else None
        due = None if stands_still else floor
        return Outcome(promise.kind, promise.start, promise.met, promise.ended, due, broken)
