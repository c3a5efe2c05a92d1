"""The rows of the requirements: read where a machine has them beside the documents, else known by their ranges."""

import os
from dataclasses import dataclass
from pathlib import Path

RANGES = {"ecolab": ("000", 2, 77), "ecomstore": ("001", 3, 178), "ist-desk": ("002", 2, 37)}


@dataclass(frozen=True)
class Requirement:
    """One row: its id, the words quoted from the document, and its kinds (QA, ASR, CLK, ...)."""

    id: str
    quote: str
    kinds: tuple[str, ...]


def requirements() -> list[Requirement] | None:
    """Return the rows of the table, or None where this machine does not have it."""
    beside = Path(__file__).parents[2].parent / "shared" / "documents"
    path = Path(os.environ.get("AGENTCONSOLE_DOCUMENTS") or beside).parent / "REQUIREMENTS.md"
    if not path.is_file():
        return None
    lines = [line.split("|") for line in path.read_text(encoding="utf-8").split("\n") if line.startswith("| 00")]
    return [Requirement(cells[1].strip(), cells[2].strip(), tuple(cells[-2].split())) for cells in lines]


def numbered(pack_id: str) -> list[str]:
    """Return the ids of a pack's rows, in order."""
    document, width, last = RANGES[pack_id]
    return [f"{document}-{number:0{width}}" for number in range(1, last + 1)]
