"""How the desk says no: one exception, one sentence, the named gaps."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gap:
    """Name one thing that is missing or wrong: `field` is where the cursor goes, `what` is said beside it."""

    field: str
    what: str


class Refused(Exception):
    """Say no in one sentence fit for an agent; screens show it, the command line prints it, jobs log it."""

    def __init__(self, sentence: str, *, gaps: tuple[Gap, ...] = (), code: str = "refused") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.gaps = gaps
        self.code = code


class Stale(Refused):
    """Refuse a command whose ticket has moved on since its sender saw it; `changes` tell it, oldest first."""

    def __init__(self, sentence: str, *, changes: tuple[str, ...] = ()) -> None:
        super().__init__(sentence, code="stale")
        self.changes = changes


class Denied(Refused):
    """Refuse what the role may not do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, code="denied")
