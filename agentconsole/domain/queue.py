"""The order of the queue: which tier a ticket stands in, where in it, until when, and what to do next (UX 10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, StrEnum

from agentconsole.domain.clock_rules import Situation
from agentconsole.domain.clock_value import Clock
from agentconsole.domain.terms import Channel, ClockKind, ClockState, Status

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
REKEY_LATE = timedelta(seconds=60)
OTHERS_BEFORE_LATE = 4
RATIO_UNIT = 10_000
DUE_IN_TIME = 3 << 60
"""The sort key from which on what stands in DUE is not late: before it are the starving, and with `late_first` all."""


class Tier(Enum):
    """Rank what to do first: a lexicographic order, not a score, so that agents can predict the list."""

    LIVE = 0
    DUE = 1
    LATE = 2
    SOON = 3
    OK = 4
    SHUT = 5
    WAIT = 6

    @property
    def rank(self) -> int:
        """Return the place among the tiers, 0 first."""
        return self.value

    @property
    def state(self) -> ClockState:
        """Return the state word of the clocks that stand here by themselves."""
        return ClockState.OK if self is Tier.OK else ClockState(self.name)

    @classmethod
    def of_state(cls, state: ClockState) -> "Tier":
        """Return the tier of a state word; ValueError for words of finished clocks."""
        for tier in cls:
            if tier.state is state:
                return tier
        raise ValueError(f"a clock that is {state.value} stands in no tier")


class NextVerb(StrEnum):
    """Name what the NEXT column asks for; a waiting ticket asks for nothing."""

    ANSWER = "answer"
    REPLY = "reply"
    CALL = "call"
    GREET = "greet"
    LETTER = "letter"
    ACK = "ack"
    REVIEW = "review"
    GUIDE = "guide"
    SIGN = "sign"
    PROMISE = "promise"
    RESOLVE = "resolve"
    CHECK = "check"
    ACCEPT = "accept"
    NONE = "--"


@dataclass(frozen=True, slots=True)
class Placing:
    """Place a ticket: sort by `tier.rank`, then `sort_key` (63 bits, ascending), then the case number.

    `deciding` is the clock that put it there, None when no clock counts. The placing holds until `until` unless
    something happens on the ticket (None: for good). A starving ticket is late and stands at the top of DUE; the word
    to show is always that of the deciding clock.
    """

    tier: Tier
    deciding: Clock | None
    sort_key: int
    until: datetime | None
    next_verb: NextVerb
    starving: bool


_TIERS = {
    ClockState.LIVE: Tier.LIVE,
    ClockState.DUE: Tier.DUE,
    ClockState.LATE: Tier.LATE,
    ClockState.SOON: Tier.SOON,
    ClockState.OK: Tier.OK,
    ClockState.SHUT: Tier.SHUT,
    ClockState.WAIT: Tier.WAIT,
}
_LIVE_ORDER = {ClockKind.RING: 0, ClockKind.GREET: 1}
_VERBS = {
    ClockKind.GREET: NextVerb.GREET,
    ClockKind.RING: NextVerb.ANSWER,
    ClockKind.UPDATE: NextVerb.REPLY,
    ClockKind.RESOLUTION: NextVerb.RESOLVE,
    ClockKind.ACKNOWLEDGE: NextVerb.ACK,
    ClockKind.HOLDING_LETTER: NextVerb.LETTER,
    ClockKind.FULL_RESPONSE: NextVerb.LETTER,
    ClockKind.CALLBACK: NextVerb.CALL,
    ClockKind.RETURN_CALL: NextVerb.CALL,
    ClockKind.ACCEPT_HANDOFF: NextVerb.ACCEPT,
    ClockKind.PROMISE: NextVerb.PROMISE,
}
_BY_CHANNEL = {Channel.CHAT: NextVerb.ANSWER, Channel.PHONE: NextVerb.CALL, Channel.VOICEMAIL: NextVerb.CALL}
_RESPONSES = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE)


@dataclass(frozen=True, slots=True)
class _Ticket:
    """Hold what breaks ties: complaint before VIP before older; `late_first` is the pack's switch."""

    complaint: bool
    vip: bool
    opened_at: datetime
    late_first: bool

    @property
    def tie(self) -> int:
        """Return 28 bits: complaints, then VIPs, then by opening in steps of 64 seconds."""
        opened = _bits(_seconds(self.opened_at) // 64, 26)
        return (0 if self.complaint else 1 << 27) | (0 if self.vip else 1 << 26) | opened


def placing(
    clocks: Sequence[Clock],
    situation: Situation,
    now: datetime,
    *,
    complaint: bool,
    vip: bool,
    opened_at: datetime,
    late_first: bool = False,
) -> Placing:
    """Return where a ticket stands at `now`, decided by the clock that puts it furthest to the front.

    Within a tier, in this order: LIVE: ring, counter, chat, then by due instant. DUE: the starving, then (with
    `late_first`) every LATE one in LATE order, then by due instant. LATE: complaints, then the largest overdue/target
    ratio. SOON and OK: by due instant, and in OK what has no clock last. SHUT: by when it resumes, then by due instant.
    WAIT: the longest paused first. Ties: complaint, VIP, older. As ratios change with time, a LATE placing holds for
    60 s at most.
    """
    ticket = _Ticket(complaint, vip, opened_at, late_first)
    running = [clock for clock in clocks if clock.is_running and clock.state(now) in _TIERS]
    if not running:
        return _unclocked(clocks, situation, ticket)
    places = [(*_place(clock, ticket, now), clock) for clock in running]
    tier, key, deciding = min(places, key=lambda place: (place[0].rank, place[1]))
    return Placing(
        tier,
        deciding,
        key,
        _until(running, deciding, now),
        NextVerb.NONE if tier is Tier.WAIT else verb(deciding),
        deciding.state(now) is ClockState.LATE and deciding.is_starving(now),
    )


def verb(clock: Clock) -> NextVerb:
    """Return the verb that satisfies a clock."""
    if clock.kind in _RESPONSES:
        return NextVerb.REPLY if clock.channel is None else _BY_CHANNEL.get(clock.channel, NextVerb.REPLY)
    return _VERBS[clock.kind]


def hand_out(n_taken: int, first: Tier | None, *, late_waiting: bool) -> bool:
    """Say whether the next case handed out is the top LATE one instead of the first of the list.

    `n_taken` counts the others handed out since the last LATE one, `first` is the tier of the first of the list: after
    four others it is a LATE one's turn, but a person who is waiting now (LIVE) goes before.
    """
    return late_waiting and n_taken >= OTHERS_BEFORE_LATE and first is not Tier.LIVE


def _place(clock: Clock, ticket: _Ticket, now: datetime) -> tuple[Tier, int]:
    tier = _TIERS[clock.state(now)]
    if tier is Tier.LATE:
        return _place_late(clock, ticket, now)
    if tier is Tier.SHUT:
        return tier, _key_shut(clock, ticket, now)
    if tier is Tier.WAIT:
        return tier, _key(0, _seconds(clock.paused_since or now), ticket)
    ahead = {Tier.LIVE: _LIVE_ORDER.get(clock.kind, 2), Tier.DUE: DUE_IN_TIME >> 60}.get(tier, 0)
    return tier, _key(ahead, _seconds(clock.due_at or now), ticket)


def _place_late(clock: Clock, ticket: _Ticket, now: datetime) -> tuple[Tier, int]:
    if clock.is_starving(now):
        return Tier.DUE, _key(0, _seconds(clock.due_at or now), ticket)
    amount = max(clock.amount or timedelta(0), timedelta(microseconds=1))
    overdue = max(-clock.left(now), timedelta(0))
    ratio = _bits(overdue * RATIO_UNIT // amount, 32)
    rank = (0 if ticket.complaint else 1) + (1 if ticket.late_first else 0)
    return (Tier.DUE if ticket.late_first else Tier.LATE), _key(rank, (1 << 32) - 1 - ratio, ticket)


def _key_shut(clock: Clock, ticket: _Ticket, now: datetime) -> int:
    """Return 60 bits: the minute it resumes, the minute it is due, complaint, VIP."""
    resumes = clock.counting.resumes(now) if clock.counting is not None else None
    minutes = _bits(_seconds(resumes or now) // 60, 28) << 28 | _bits(_seconds(clock.due_at or now) // 60, 28)
    return minutes << 2 | (0 if ticket.complaint else 2) | (0 if ticket.vip else 1)


def _key(ahead: int, value: int, ticket: _Ticket) -> int:
    """Return 63 bits: three that go first, 32 of the tier's own order, 28 of the tie."""
    return ahead << 60 | _bits(value, 32) << 28 | ticket.tie


def _until(running: Iterable[Clock], deciding: Clock, now: datetime) -> datetime | None:
    changes = [change for change in (clock.next_change(now) for clock in running) if change is not None]
    if deciding.state(now) is ClockState.LATE and not deciding.is_starving(now):
        changes.append(now + REKEY_LATE)
    return min(changes, default=None)


def _unclocked(clocks: Sequence[Clock], situation: Situation, ticket: _Ticket) -> Placing:
    """Place a ticket on which no target runs: after those with a clock, never lost."""
    if situation.status in (Status.WAITING, Status.RESOLVED, Status.CLOSED):
        return Placing(Tier.WAIT, None, _key(1, 0, ticket), None, NextVerb.NONE, False)
    return Placing(Tier.OK, None, _key(1, 0, ticket), None, _unclocked_verb(clocks), False)


def _unclocked_verb(clocks: Sequence[Clock]) -> NextVerb:
    for clock in clocks:
        if clock.kind is ClockKind.RETURN_CALL and clock.started_at is None:
            return NextVerb.CHECK
    owed = next((clock for clock in clocks if clock.started_at is not None and not clock.is_finished), None)
    return NextVerb.RESOLVE if owed is None else verb(owed)


def _seconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(seconds=1)


def _bits(value: int, bits: int) -> int:
    return min(max(value, 0), (1 << bits) - 1)
