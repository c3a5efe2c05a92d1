"""`agentconsole policy import`: a draft pack from any policy document; nothing of it is put into force."""

from pathlib import Path

from agentconsole.cli.say import tell
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy_import import Draft, import_policy
from agentconsole.domain.policy_import_text import MOST_BYTES

_TOLD = (
    ("standards", "standard"),
    ("steps", "step of the complaint procedure"),
    ("duties", "duty"),
    ("triggers", "reason to escalate"),
    ("kpis", "figure"),
    ("reports", "report"),
    ("contacts", "contact"),
    ("blanks", "blank"),
)
_SEVERAL = {
    "step of the complaint procedure": "steps of the complaint procedure",
    "duty": "duties",
    "reason to escalate": "reasons to escalate",
}


def import_document(file: str, to: str) -> int:
    """Write a draft pack to the file `to`, which must be new, or to stdout; tell on stderr what it holds."""
    source = Path(file)
    draft = import_policy(_read(source), file=source.name)
    if to:
        _write(Path(to), draft.text)
    else:
        tell(draft.text.rstrip("\n"))
    for line in _summary(draft, to):
        tell(line, error=True)
    return 0


def _read(source: Path) -> bytes:
    """Return the document, or as much of it as shows that it is too large."""
    try:
        if not source.is_file():
            raise Refused(f"There is no file {source}; nothing was written. Give the path of a policy document.")
        with source.open("rb") as document:
            return document.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise Refused(f"{source} cannot be read: {_reason(error)}; nothing was written.") from error


def _write(place: Path, text: str) -> None:
    try:
        place.touch(exist_ok=False)
    except FileExistsError as error:
        raise Refused(f"{place} is there already and was kept as it is. Give --to another name.") from error
    except (OSError, ValueError) as error:
        raise Refused(f"{place} cannot be written: {_reason(error)}. Give --to another place.") from error
    try:
        place.write_text(text, "utf-8")
    except OSError as error:
        place.unlink()
        raise Refused(f"{place} cannot be written: {_reason(error)}. Nothing was left there.") from error


def _reason(error: OSError | ValueError) -> str:
    """Return why a file could not be had; a name with a NUL or a broken letter is a ValueError."""
    return error.strerror or "an unknown fault" if isinstance(error, OSError) else "no file can have that name"


def _summary(draft: Draft, to: str) -> list[str]:
    file = to or "FILE"
    proposed = [_counted(draft.count(table), word) for table, word in _TOLD if draft.count(table)]
    lines = [f"{_counted(draft.clauses, 'clause')}; proposed: {', '.join(proposed)}."]
    if not draft.count("standards"):
        lines.append("No promise with a time was found: write the standards by hand, or see if this is the right file.")
    if draft.passed:
        left = _counted(draft.passed, "sentence")
        lines.append(f"{left} with an amount of time became nothing; the head of the draft lists them.")
    lines.append("This is a draft, nothing is in force. Read it beside the document and change what is wrong, then:")
    if not to:
        lines.append("    agentconsole policy import DOCUMENT --to FILE")
    return [*lines, f"    agentconsole policy check {file}", f"    agentconsole policy add {file}"]


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {_SEVERAL.get(word, word + 's')}"
