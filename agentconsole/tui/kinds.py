"""The kinds of text that are written on a case: what each is called, and the key that begins it or goes on with it."""

from collections.abc import Iterable

from agentconsole.tui.keymap import BY_ID
from agentconsole.wire.rows import CaseView

NOUNS = {"reply": "reply", "note": "note", "escalate": "hand-off"}
KEYS = {kind: BY_ID[f"case.{kind}"].keys[0] for kind in NOUNS}


def also_kept(case: CaseView, kind: str) -> str:
    """Say which other texts of one's own the desk keeps on a ticket, while this one is written; "" for none."""
    others = [draft.kind for draft in case.drafts if draft.kind != kind and draft.kind in NOUNS]
    if len(others) == 1:
        return f"Your {NOUNS[others[0]]} is kept, too ({KEYS[others[0]]} in the case)."
    return f"{' and '.join(f'your {NOUNS[other]}' for other in others).capitalize()} are kept, too." if others else ""


def in_order(kinds: Iterable[str]) -> tuple[str, ...]:
    """Return kinds each once, in the order in which they are always named."""
    found = set(kinds)
    return tuple(kind for kind in NOUNS if kind in found)
