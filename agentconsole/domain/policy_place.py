"""Where a pack is read: values with their paths, references to blanks and settings, refusals that name their place."""

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn

from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Choice
from agentconsole.domain.policy_blanks import Substitutes, bare, clip
from agentconsole.domain.policy_lines import KeyLines, Path

_MOST_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Origin:
    """Say which file is read, where its keys stand and what its blanks and choices are."""

    file: str
    lines: KeyLines
    substitutes: Substitutes

    def refuse(self, path: Path, what: str) -> NoReturn:
        """Raise Refused with file, line and key path before the sentence `what`."""
        place = f"{self.file}, line {self.lines.line(path)}, {where(path) or 'the pack'}"
        raise Refused(f"{place}: {what}", code="pack")


@dataclass(frozen=True, slots=True)
class Value:
    """Carry one value with its path; `source` is empty unless it came from a blank."""

    origin: Origin
    raw: object
    path: Path
    source: str = ""

    @property
    def told(self) -> str:
        """Return the value as an error names it."""
        return f"{clip(self.raw)} ({self.source})" if self.source else clip(self.raw)

    def unfit(self, allowed: str) -> NoReturn:
        """Refuse the value, saying what is allowed."""
        self.origin.refuse(self.path, f"{self.told} does not fit. Allowed: {allowed}.")

    def one_of(self, allowed: Collection[str], what: str) -> str:
        """Return the value, which must be among `allowed`; `what` says what those are, as in "a clause"."""
        if not isinstance(self.raw, str) or self.raw not in allowed:
            hint = nearest(self.raw, allowed) if isinstance(self.raw, str) else "."
            self.origin.refuse(self.path, f"{self.told} is not {what}{hint} Allowed: {listing(allowed)}.")
        return self.raw


def where(path: Path) -> str:
    """Write a path as a person reads it: list items count from 1, as in `standards[2].target`."""
    parts: list[str] = []
    for part in path:
        if isinstance(part, int):
            parts.append(f"[{part + 1}]")
        else:
            parts.append(f".{bare(part)}" if parts else bare(part))
    return "".join(parts)


def listing(allowed: Collection[str]) -> str:
    """List what is allowed, shortened when it is long."""
    names = list(allowed)
    more = f" and {len(names) - _MOST_SHOWN} more" if len(names) > _MOST_SHOWN else ""
    return (", ".join(bare(name) for name in names[:_MOST_SHOWN]) or "none") + more


def nearest(word: str, allowed: Collection[str]) -> str:
    """End a sentence with the allowed word that was probably meant, or with a full stop."""
    close = get_close_matches(word[:64], list(allowed), n=1)
    return f'; did you mean "{close[0]}"?' if close else "."


def resolve(value: Value) -> Value:
    """Return the value that a reference to a blank or a choice stands for; any other value as it is."""
    raw = value.raw
    if not isinstance(raw, dict):
        return value
    if set(raw) == {"blank"}:
        text = blank_text(raw["blank"], value)
        return Value(value.origin, text, value.path, value.origin.substitutes.source(str(raw["blank"])))
    if set(raw) == {"setting"}:
        return Value(value.origin, _choice(raw["setting"], value).value, value.path)
    if "by_setting" in raw:
        return _by_setting(raw, value)
    return value


def blank_text(blank_id: object, value: Value) -> str:
    """Return the text that stands for a blank; refuse an unknown one at the value's place."""
    substitutes = value.origin.substitutes
    text = substitutes.blank_text(blank_id) if isinstance(blank_id, str) else None
    if text is None:
        unknown = Value(value.origin, blank_id, value.path)
        unknown.one_of(substitutes.blanks, "a blank of this pack")
    return text or ""


def _choice(setting: object, value: Value) -> Choice:
    choices = value.origin.substitutes.choices
    return choices[Value(value.origin, setting, value.path).one_of(choices, "a setting of this pack")]


def _by_setting(raw: dict[str, object], value: Value) -> Value:
    choice = _choice(raw["by_setting"], value)
    cases = {key: case for key, case in raw.items() if key != "by_setting"}
    if not choice.allowed or set(cases) != set(choice.allowed):
        value.origin.refuse(value.path, f"one value is needed for each of: {listing(choice.allowed)}.")
    return resolve(Value(value.origin, cases[choice.value], (*value.path, choice.value)))
