"""What checking policies finds: where it is, why it matters, what to do, and how bad it is."""

from dataclasses import dataclass
from enum import StrEnum

from agentconsole.domain.policy import Pack


class Level(StrEnum):
    """Say how bad a finding is, the worst first.

    A contradiction is two promises of one thing; what stands under `never` cannot be kept or cannot happen; a warning
    is for somebody to look at; a blank waits for the desk's answer.
    """

    CONTRADICTION = "contradiction"
    NEVER = "never"
    WARNING = "warning"
    BLANK = "blank"


FAILING = frozenset({Level.CONTRADICTION, Level.NEVER})
"""The levels with which a check fails."""


@dataclass(frozen=True, slots=True)
class Place:
    """Point into a pack; `line` counts from 1 in its document and is 0 where no clause is meant."""

    pack: str
    clause: str = ""
    line: int = 0
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one finding: `check` names its kind, `wins` what holds in the end where several promises meet."""

    level: Level
    check: str
    where: tuple[Place, ...]
    why: str
    do: str
    wins: str = ""


def place(pack: Pack, clause_id: str = "") -> Place:
    """Return the place of a clause, or of the pack as a whole where none is named."""
    if not clause_id:
        return Place(pack.id)
    clause = pack.clause(clause_id)
    return Place(pack.id, clause.id, clause.line, clause.quote)
