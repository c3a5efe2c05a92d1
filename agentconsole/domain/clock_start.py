"""What starts and what ends the clocks of a ticket: its facts folded into episodes, one for each promise that ran."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agentconsole.domain.clock_pause import Period
from agentconsole.domain.clock_thread import Begin, Run, Spell, Thread
from agentconsole.domain.events import Fact
from agentconsole.domain.policy import Reopen, Standard
from agentconsole.domain.terms import Channel, ClockKind, Priority, Start


@dataclass(frozen=True, slots=True)
class Origin:
    """Say from when a clock may run, by which contact, and in which states the ticket has been (`periods`).

    A merged clock has one origin for each ticket; `joined` says when that origin came over, `priority` what it had
    there. `escalated`, `restarted` and `event` tell which standards count from here; None suits all.
    """

    start: datetime
    because: str
    channel: Channel | None
    priority: Priority | None
    periods: tuple[Period, ...]
    joined: datetime | None = None
    escalated: bool | None = None
    restarted: bool | None = None
    event: Start | None = None

    def suits(self, standard: Standard) -> bool:
        """Say whether `standard` counts from this origin: an escalation, a reopening, a voicemail left or heard."""
        if self.escalated is not None and standard.applies.counts_from_escalation is not self.escalated:
            return False
        if self.event is not None and (standard.start is Start.HEARD) is not (self.event is Start.HEARD):
            return False
        return self.restarted is None or (standard.on_reopen is Reopen.RESTART) is self.restarted


@dataclass(frozen=True, slots=True)
class Episode:
    """State that a promise of `kind` ran from one of `origins` until it was `met` or `ended` without that (None: runs).

    `due`, `text` and `zone` are given for a promised date only; `why_ended` for one that ended unmet.
    """

    kind: ClockKind
    origins: tuple[Origin, ...]
    met: datetime | None = None
    ended: datetime | None = None
    why_ended: str = ""
    due: datetime | None = None
    text: str = ""
    zone: str = ""

    @property
    def is_finished(self) -> bool:
        """Say whether it was kept, or is not owed any more."""
        return self.met is not None or self.ended is not None

    @property
    def start(self) -> datetime:
        """Return the earliest origin."""
        return min(origin.start for origin in self.origins)


def episodes_of(facts: Sequence[Fact]) -> tuple[Episode, ...]:
    """Fold facts (in the order of `seq`) into episodes, in the order in which they began.

    - A response clock runs from the oldest unanswered contact of a customer until a person answers; automatic replies,
      notes and bounces start and satisfy none, and a reply that bounced later was none. Until the first answer it is
      the first response, then the next response. Resolving ends it unanswered; reopening the ticket without a new
      contact lets it run on from its start, as if nothing had been; a new contact begins a new one.
    - A call rings until an agent's call, a visit waits to be greeted until an agent's visit or message.
    - A resolution runs from the opening, and from the escalation for the standards that apply to escalated tickets,
      until the ticket is resolved; after a reopening it goes on (the time resolved is a pause) or begins anew.
    - An update is owed from each answer to the next, an acceptance from the escalation, a return call from the
      voicemail's being heard or left, a callback from the oldest unanswered message.
    - A promised date is kept by the next answer of a person; resolving does not end it, and no bounce keeps it.
    - Merging moves what the other ticket still owes to this one, each with its own start.
    """
    if not facts:
        return ()
    thread = Thread(facts)
    episodes = [_episode(run, thread) for run in thread.runs if run.kind is not ClockKind.RESOLUTION]
    episodes.extend(_resolutions(thread))
    return tuple(sorted(episodes, key=lambda episode: episode.start))


def _episode(run: Run, thread: Thread) -> Episode:
    origins = tuple(_origin(begin, thread) for begin in run.begins)
    return Episode(run.kind, origins, run.met, run.ended, run.why_ended, run.due, run.text, run.zone)


def _resolutions(thread: Thread) -> list[Episode]:
    episodes = []
    reopened = len(thread.spells) > 1
    for spell in thread.spells:
        origins = _fresh(spell, thread, restarted=True) if reopened else []
        if spell is thread.spells[-1]:
            restarted = False if reopened else None
            origins.extend(_origin(begin, thread, escalated=False, restarted=restarted) for begin in thread.openings)
            if thread.escalated is not None:
                origins.append(_origin(thread.escalated, thread, escalated=True, restarted=restarted))
        episodes.append(Episode(ClockKind.RESOLUTION, tuple(origins), met=spell.end))
    return episodes


def _fresh(spell: Spell, thread: Thread, *, restarted: bool) -> list[Origin]:
    """Return the origins of standards that begin anew in this spell of being unresolved."""
    begin = Begin(spell.start, spell.because, None)
    origins = [_origin(begin, thread, escalated=False, restarted=restarted)]
    escalated = thread.escalated
    if escalated is not None and (spell.end is None or escalated.at < spell.end):
        at = max(spell.start, escalated.at)
        because = escalated.because if at == escalated.at else spell.because
        origins.append(_origin(Begin(at, because, None), thread, escalated=True, restarted=restarted))
    return origins


def _origin(begin: Begin, thread: Thread, *, escalated: bool | None = None, restarted: bool | None = None) -> Origin:
    periods = (*begin.spine, *thread.periods_from(begin.joined))
    return Origin(
        begin.at,
        begin.because,
        begin.channel,
        begin.priority,
        periods,
        begin.joined,
        escalated,
        restarted,
        begin.event,
    )
