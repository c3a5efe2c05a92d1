"""A clock as the wire shows it: what is left at one instant, and whether it runs on from there."""

from datetime import datetime, timedelta

from agentconsole.domain.clocks import Clock
from agentconsole.domain.policy import Rings
from agentconsole.domain.terms import ClockState
from agentconsole.wire.rows import ClockRow


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


def clock_row(clock: Clock, now: datetime) -> ClockRow:
    """Return the row of a clock at `now`; a session counts it down by itself from there."""
    state = clock.state(now)
    frozen = state.value if state in (ClockState.WAIT, ClockState.SHUT) else ""
    counted = clock.amount is not None and clock.started_at is not None
    rings = clock.target if isinstance(clock.target, Rings) else None
    return ClockRow(
        kind=clock.kind.value,
        standard=clock.standard,
        clause=f"{clock.pack} {clock.clause}",
        text=clock.text,
        as_of=now,
        left=clock.left(now).total_seconds() if counted else None,
        running=clock.is_running and not frozen,
        frozen=frozen,
        live=state is ClockState.LIVE,
        due_below=clock.due_below.total_seconds(),
        soon_below=clock.soon_below.total_seconds(),
        target=_seconds(clock.amount),
        due_at=clock.due_at,
        started_at=clock.started_at,
        met_at=clock.met_at or clock.ended_at,
        breached_at=clock.breached_at,
        used=_seconds(clock.used(now)) if counted else None,
        resumes_at=clock.resumes_at,
        business=clock.business,
        zone=clock.zone,
        ring=_seconds(rings.cycle) if rings else None,
        rings=rings.count if rings else None,
        reason=clock.no_clock_reason,
    )
