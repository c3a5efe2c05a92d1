"""The policy documents, where a machine has them: in `AGENTCONSOLE_DOCUMENTS`, or in `shared/documents` beside us."""

import os
from pathlib import Path


def document_lines(source: str) -> list[str] | None:
    """Return the lines of a document by its file name, or None where this machine does not have it."""
    beside = Path(__file__).parents[2].parent / "shared" / "documents"
    path = Path(os.environ.get("AGENTCONSOLE_DOCUMENTS") or beside) / source
    return path.read_text(encoding="utf-8").split("\n") if path.is_file() else None
