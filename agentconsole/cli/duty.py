"""`agentconsole duty`: what the policies ask for again and again, and signing it off."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from agentconsole.cli.ask import ask
from agentconsole.cli.say import tell
from agentconsole.cli.say_json import tell_json
from agentconsole.cli.users import carry_out
from agentconsole.domain.clock_cell import time_text
from agentconsole.wire.client import Client
from agentconsole.wire.duties import Duties, DutyRow, ExplainDuty, ReadDuties, SignOffDuty
from agentconsole.wire.frames import Explained
from agentconsole.wire.rows import ClockRow

NONE_ASKED = "The policies of this desk ask for no duty."


def _show(line: Namespace) -> int:
    """List the duties of the policies in force, what is due first in front."""

    async def read(client: Client) -> tuple[DutyRow, ...]:
        answer = await client.ask(ReadDuties())
        assert isinstance(answer, Duties)
        return answer.rows

    rows = ask(read)
    if line.json:
        tell_json(rows)
        return 0
    for row in rows:
        tell(f"{row.duty:<28} {row.owner:<10} {_when(row)}\n    {row.task} ({row.clause}){_past(row)}")
    tell(
        "Sign one off: agentconsole duty done NAME. The rule behind it: agentconsole duty why NAME"
        if rows
        else NONE_ASKED
    )
    return 0


def _done(line: Namespace) -> int:
    """Sign off the round of a duty that is asked for now."""
    tell(carry_out(SignOffDuty(line.duty, line.note)).said.line())
    return 0


def _why(line: Namespace) -> int:
    """Print the rule behind a duty, and what came of it."""

    async def read(client: Client) -> Explained:
        answer = await client.ask(ExplainDuty(line.duty))
        assert isinstance(answer, Explained)
        return answer

    explained = ask(read).why
    tell("\n".join((explained.title, *(said.lines(500) for said in explained.lines))))
    return 0


def _when(row: DutyRow) -> str:
    if row.begins is None or row.clock is None or row.clock.due_at is None:
        return "asked for no more"
    clock, zone = row.clock, ZoneInfo(row.clock.zone)
    due = clock.due_at or clock.as_of
    if row.begins > clock.as_of:
        return f"next from {_at(row.begins, zone)} to {_at(due, zone)} {clock.zone}"
    return f"{_left(clock)}, due {_at(due, zone)} {clock.zone}"


def _left(clock: ClockRow) -> str:
    left = (clock.due_at or clock.as_of) - clock.as_of
    return f"LATE by {time_text(-left)}" if left.total_seconds() < 0 else f"{time_text(left)} left"


def _past(row: DutyRow) -> str:
    last = (
        f"; last {row.done_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC by {row.done_by}" if row.done_at is not None else ""
    )
    note = f', who noted "{row.note.line(120)}"' if row.note else ""
    missed = f"; {row.missed} missed in 7 days" if row.missed else ""
    return f"{last}{note}{missed}"


def _at(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%a %Y-%m-%d %H:%M}"


VERBS: Mapping[str, Callable[[Namespace], int]] = MappingProxyType({"list": _show, "done": _done, "why": _why})
