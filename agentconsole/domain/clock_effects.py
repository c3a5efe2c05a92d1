"""What falls due by itself on running clocks: breaches to record, people to tell, actions to take, each once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from agentconsole.domain.clock_records import Records, about, records_of
from agentconsole.domain.clock_value import Clock
from agentconsole.domain.errors import Refused
from agentconsole.domain.events import Fact, FactKind
from agentconsole.domain.policy import ChainLink, StageAction, Standard, Warning
from agentconsole.domain.terms import ClockKind, Role


class EffectKind(StrEnum):
    """Name what a clock asks for by itself."""

    BREACH = "breach"
    WARN = "warn"
    CHAIN = "chain"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class Effect:
    """Ask to record a breach, to tell `whom`, or to do `action`; `at` is when it fell due (UTC).

    `pack` is the one whose messages an action sends. `key` and `started` make it the same effect again: they go into
    the fact that records it.
    """

    kind: EffectKind
    clock: ClockKind
    standard: str
    at: datetime
    action: StageAction | None
    whom: Role | None
    started: datetime
    due: datetime | None
    key: str
    pack: str = ""

    def fact(self, seq: int, at: datetime, actor: str = "") -> Fact:
        """Return the fact that records, at `at`, that this was done; with it the effect is not asked for again."""
        return Fact(
            seq,
            at,
            _FACTS[self.kind],
            actor,
            clock=self.clock,
            due=self.due,
            value=self.standard,
            reason=self.key,
            started=self.started,
        )


_FACTS = {
    EffectKind.BREACH: FactKind.BREACHED,
    EffectKind.WARN: FactKind.WARNED,
    EffectKind.CHAIN: FactKind.WARNED,
    EffectKind.ACTION: FactKind.ACTED,
}


def due_effects(clocks: Sequence[Clock], facts: Sequence[Fact], now: datetime) -> tuple[Effect, ...]:
    """Return what has fallen due until `now` and is not recorded in `facts` yet, earliest first.

    A breach and an action happen once a clock, a warning once a clock and standard. A breach is also recorded when the
    answer came late before anyone looked. Warnings, links of the
    chain and actions are for clocks that still run unpaused; a warning is dropped when the breach has overtaken it.
    A link that respects hours waits for the desk to open.
    """
    records = records_of(facts)
    found = [effect for clock in clocks for effect in _unrecorded(clock, records, now) if effect.at <= now]
    return tuple(sorted(found, key=lambda effect: effect.at))


def next_effect(clocks: Sequence[Clock], facts: Sequence[Fact], now: datetime) -> datetime | None:
    """Return when, strictly after `now`, `due_effects` has something new to return by itself; None for never."""
    records = records_of(facts)
    later = (effect.at for clock in clocks for effect in _unrecorded(clock, records, now) if effect.at > now)
    return min(later, default=None)


def _unrecorded(clock: Clock, records: Records, now: datetime) -> Iterator[Effect]:
    known = list(about(clock.kind, clock.starts, records))
    done = {_identity(fact.kind, fact.reason, fact.value) for fact in known}
    if not any(fact.kind is FactKind.BREACHED for fact in known):
        yield from _breach(clock, now)
    if clock.rule is None or not clock.is_running or clock.paused_since is not None:
        return
    for effect in (*_stages(clock, clock.rule, now), *_notices(clock)):
        identity = _identity(_FACTS[effect.kind], effect.key, effect.standard)
        if identity not in done:
            done.add(identity)
            yield effect


def _identity(kind: FactKind, key: str, standard: str) -> tuple[FactKind, str, str]:
    """Tell effects apart: another standard may warn anew, of its own due instant; a customer is written to once."""
    return kind, key, "" if kind is FactKind.ACTED else standard


def _breach(clock: Clock, now: datetime) -> Iterator[Effect]:
    if clock.due_at is not None and clock.is_late(now):
        yield _effect(clock, EffectKind.BREACH, clock.due_at, "breach")


def _stages(clock: Clock, rule: Standard, now: datetime) -> Iterator[Effect]:
    if not clock.is_late(now):
        for warning in rule.warnings:
            at, key = _warning(clock, warning)
            if at is not None:
                yield _effect(clock, EffectKind.WARN, at, key, whom=warning.whom)
    for link in rule.chain:
        at = _link(clock, link)
        if at is not None:
            later = f" + {link.after}" if link.after else ""
            key = f"chain {link.percent} %{later} {link.role}"
            yield _effect(clock, EffectKind.CHAIN, at, key, whom=link.role)
    for action in rule.actions:
        at = clock.due_at if action.after is None else _after(clock, action.after)
        if at is not None:
            yield _effect(clock, EffectKind.ACTION, at, _action_key(action), action=action)


def _notices(clock: Clock) -> Iterator[Effect]:
    """Yield the timed actions of clauses that do not decide, where the deciding one leaves time for them (UX 9)."""
    own = {action.kind for action in clock.rule.actions} if clock.rule is not None else set()
    for loser in clock.losers:
        for at, action in loser.notices:
            if action.kind not in own and (clock.due_at is None or at < clock.due_at):
                own.add(action.kind)
                effect = _effect(clock, EffectKind.ACTION, at, _action_key(action), action=action)
                yield replace(effect, standard=loser.standard, pack=loser.pack)


def _action_key(action: StageAction) -> str:
    return f"{action.kind} {'at due' if action.after is None else f'after {action.after}'}"


def _warning(clock: Clock, warning: Warning) -> tuple[datetime | None, str]:
    if warning.percent is not None:
        return _share(clock, warning.percent), f"warn {warning.percent} % {warning.whom}"
    before = warning.before or timedelta(0)
    return _reach(clock, (clock.amount or timedelta(0)) - before), f"warn {before} before {warning.whom}"


def _link(clock: Clock, link: ChainLink) -> datetime | None:
    at = _share(clock, link.percent, link.after)
    if at is None or not link.respects_hours or clock.hours is None:
        return at
    try:
        return clock.hours.next_opening(at)
    except Refused:
        return None


def _share(clock: Clock, percent: int, longer: timedelta = timedelta(0)) -> datetime | None:
    """Return when a share of the target is used up and then `longer`, in the time in which the target counts."""
    return _reach(clock, (clock.amount or timedelta(0)) * percent / 100 + longer)


def _reach(clock: Clock, amount: timedelta) -> datetime | None:
    return None if clock.counting is None else clock.counting.reach(amount)


def _after(clock: Clock, amount: timedelta) -> datetime | None:
    """Return the instant `amount` of wall time after the start (000-25: twelve hours from receipt)."""
    return None if clock.started_at is None else clock.started_at + amount


def _effect(
    clock: Clock,
    kind: EffectKind,
    at: datetime,
    key: str,
    *,
    action: StageAction | None = None,
    whom: Role | None = None,
) -> Effect:
    started = clock.started_at or at
    return Effect(kind, clock.kind, clock.standard, at, action, whom, started, clock.due_at, key, clock.pack)
