"""What the verbs about policies do from anywhere: `:policy`, `:suggest`."""

from __future__ import annotations

from collections.abc import Callable

from agentconsole.tui.mode import Console, Consult
from agentconsole.tui.screens.policy import PolicyMode

LEAD = "g y"


def policy_verbs(console: Console, viewer: PolicyMode) -> dict[str, Callable[[str], None]]:
    """Return what each action does; the argument is what was typed after the verb, or else the keys."""

    def go(words: str) -> None:
        pack, _, clause = ("" if words == LEAD else words).partition(" ")
        console.go("policy", Consult(pack, clause=clause.strip()) if pack else None)

    def elsewhere(_: str) -> None:
        console.say("g y opens the policies; there it works.")

    return {
        "go.policies": go,
        "policy.suggest": viewer.suggest,
        "policy.accept": elsewhere,
        "policy.find": elsewhere,
    }
