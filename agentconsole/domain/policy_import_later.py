"""What later clauses of a policy document change in a promise: hours that limit it, other terms for complaints."""

import re
from collections.abc import Sequence

from agentconsole.domain.policy_import_found import DESK, Entry, Found, Keys
from agentconsole.domain.policy_import_outline import Passage

_LIMITED = re.compile(
    r"\b(?:limited to|(?:only|available|offered|open|staffed) (?:only |available )?(?:in|during|within))"
    r" (?:(?:our|the|normal|standard|usual) )*(?:office|business|working|opening|official|service) hours\b",
    re.IGNORECASE,
)


def limit_to_hours(passages: Sequence[Passage], found: Found) -> None:
    """Count open time where the clause of a promise, or one right below it, limits the service to the desk's hours."""
    limited = {
        clause for one in passages if _LIMITED.search(one.text) for clause in (one.id, one.id.rpartition(".")[0])
    }
    for entry in found.of("standards"):
        target = entry.keys["target"]
        if entry.keys["clause"] in limited and isinstance(target, dict) and "elapsed" in target:
            entry.keys["target"] = {"business": target["elapsed"], "calendar": DESK}
            _apply(entry, {"out_of_hours": False})


def keep_from_complaints(found: Found) -> None:
    """Let the general time to resolve leave complaints alone where their procedure has terms of its own."""
    if not any("target" in step.keys for step in found.of("steps")):
        return
    for entry in found.of("standards"):
        if entry.keys["clock"] == "resolution":
            _apply(entry, {"stages": ["service", "escalated"]})


def _apply(entry: Entry, more: Keys) -> None:
    """Say further which tickets a standard binds; what it says already holds."""
    applies = entry.keys.get("applies", {})
    assert isinstance(applies, dict)
    entry.keys["applies"] = {**more, **applies}
