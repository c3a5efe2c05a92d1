"""What a pack leaves open: its blanks and its choices, the desk's answers to them, and values that refer to either."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from agentconsole.domain.policy import Blank, Choice

REFERENCE = re.compile(r"\{blank:([^{}]*)\}")

_LONGEST_SHOWN = 60
_LARGEST_SHOWN = 10**18


@dataclass(slots=True)
class Substitutes:
    """Hold the blanks and choices that values may refer to, and remember which were referred to.

    An unanswered blank stands for its proposal. Made once per parse; `used` grows as the pack is read.
    """

    blanks: dict[str, Blank] = field(default_factory=dict)
    choices: dict[str, Choice] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def blank_text(self, blank_id: str) -> str | None:
        """Return the blank's answer, or its proposal; None when there is no such blank."""
        blank = self.blanks.get(blank_id)
        if blank is None:
            return None
        self.used.add(blank_id)
        return blank.proposal if blank.answer is None else blank.answer

    def is_open(self, value: object) -> bool:
        """Say whether a raw value refers to a blank that the desk has not answered."""
        if not isinstance(value, Mapping):
            return False
        blank = self.blanks.get(str(value.get("blank", "")))
        return blank is not None and blank.answer is None

    def source(self, blank_id: str) -> str:
        """Say in an error whether a value came from the desk's answer or from the pack's proposal."""
        blank = self.blanks[blank_id]
        return f'the {"proposal" if blank.answer is None else "answer"} for the blank "{blank_id}"'


def clip(value: object) -> str:
    """Write a value into an error sentence: a text in quotes; printable, on one line and short."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and not -_LARGEST_SHOWN < value < _LARGEST_SHOWN:
        return "a number beyond all measure"
    return f'"{bare(value)}"' if isinstance(value, str) else bare(str(value))


def bare(text: str, longest: int = _LONGEST_SHOWN) -> str:
    """Write a text into an error sentence without quotes: printable, on one line, `longest` characters at most."""
    shown = "".join(character if character.isprintable() else "?" for character in text[: longest + 1])
    return shown if len(shown) <= longest else shown[: longest - 3] + "..."
