"""Duties on the wire: the recurring tasks of the policies in force, how each stands, and signing one off."""

from datetime import datetime

import msgspec

from agentconsole.domain.untrusted import NOTHING, Untrusted
from agentconsole.wire.command import Command
from agentconsole.wire.query import Query
from agentconsole.wire.rows import ClockRow

DUTIES = 0
"""Stands for the duties among the numbers of tickets that changed: a ticket has no such number."""


class DutyRow(msgspec.Struct, frozen=True):
    """Show one duty (`pack/duty`) and the `task` it asks for; `mine` says that it is the asker's role that owes it.

    The `clock` runs from `begins` to its due instant; before that nothing is asked. Both are None where the calendar
    opens no more. `missed` counts the rounds that were missed in the last seven days.
    """

    duty: str
    task: str
    clause: str
    owner: str
    mine: bool
    begins: datetime | None = None
    clock: ClockRow | None = None
    done_at: datetime | None = None
    done_by: str = ""
    note: Untrusted = NOTHING
    missed: int = 0


class Duties(msgspec.Struct, frozen=True, tag=True):
    """Answer ReadDuties, what is due first in front."""

    rows: tuple[DutyRow, ...]


class ReadDuties(Query, frozen=True):
    """Read the duties of the policies in force as `Duties`."""


class ExplainDuty(Query, frozen=True):
    """Explain a duty (`pack/duty`, or its own name where one policy has it) as a `Why`."""

    duty: str


class SignOffDuty(Command, frozen=True):
    """Sign off the round of a duty that is asked for now, with a note for whoever comes next."""

    duty: str
    note: str = ""


DutyQuery = ReadDuties | ExplainDuty
