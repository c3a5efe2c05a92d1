"""Reading one table of a pack: typed values by key, and refusals that name file, line, key path and what is allowed."""

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NoReturn, TypeVar

from agentconsole.domain.policy_amounts import DURATION_FORM, read_duration
from agentconsole.domain.policy_blanks import REFERENCE
from agentconsole.domain.policy_lines import Path
from agentconsole.domain.policy_place import Origin, Value, blank_text, listing, nearest, resolve

Word = TypeVar("Word", bound=StrEnum)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_WHOLE = re.compile(r"[0-9]{1,7}")
_LONGEST_TEXT = 4000
_LARGEST_NUMBER = 1_000_000


class Reader:
    """Read the keys of one table; every method raises Refused naming file, line and key when the value does not fit.

    A value may be written as `{ blank = "id" }` (the answer or proposal), `{ setting = "id" }` (the choice in force) or
    `{ by_setting = "id", <choice> = value, ... }` (the value for the choice in force).
    """

    def __init__(self, table: Mapping[str, object], path: Path, origin: Origin) -> None:
        self.table = table
        self.path = path
        self.origin = origin

    def refuse(self, what: str, key: str | None = None) -> NoReturn:
        """Raise Refused with file, line and the path of the key (or of the table) before the sentence `what`."""
        self.origin.refuse(self.path if key is None else (*self.path, key), what)

    def only(self, *keys: str) -> "Reader":
        """Refuse any key that is not named; return the reader."""
        for key in self.table:
            if key not in keys:
                self.refuse(f"there is no such key{nearest(key, keys)} Allowed: {listing(keys)}.", key)
        return self

    def has(self, key: str) -> bool:
        """Say whether the key is there."""
        return key in self.table

    def value(self, key: str) -> Value:
        """Return the value with references resolved; refuse a missing key."""
        if key not in self.table:
            self.refuse(f'the key "{key}" is missing.')
        return resolve(Value(self.origin, self.table[key], (*self.path, key)))

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text of printable characters that is not empty; `{blank:id}` in it is replaced."""
        if default is not None and key not in self.table:
            return default
        return _as_text(self.value(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty when the key is not there."""
        return tuple(_as_text(value) for value in self.items(key))

    def name(self, key: str) -> str:
        """Return an identifier: letters, digits, dots, dashes and underlines, at most 64."""
        value = self.value(key)
        if not isinstance(value.raw, str) or not _NAME.fullmatch(value.raw):
            value.unfit("an identifier of up to 64 letters, digits, dots, dashes and underlines")
        return value.raw

    def integer(self, key: str, *, minimum: int = 0, maximum: int = _LARGEST_NUMBER) -> int:
        """Return a whole number within the limits; a blank's answer may write it as text."""
        value = self.value(key)
        raw = value.raw
        if value.source and isinstance(raw, str) and _WHOLE.fullmatch(raw):
            raw = int(raw)
        if isinstance(raw, bool) or not isinstance(raw, int) or not minimum <= raw <= maximum:
            value.unfit(f"a whole number from {minimum} to {maximum}")
        return raw

    def number(self, key: str) -> Decimal:
        """Return a number that is not negative, whole or with decimals."""
        value = self.value(key)
        raw = value.raw
        if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw <= _LARGEST_NUMBER:
            return Decimal(raw)
        if not isinstance(raw, Decimal) or not raw.is_finite() or not 0 <= raw <= _LARGEST_NUMBER:
            value.unfit(f"a number from 0 to {_LARGEST_NUMBER}")
        return raw

    def flag(self, key: str, *, default: bool | None = None) -> bool | None:
        """Return true or false, or the default when the key is not there."""
        if key not in self.table:
            return default
        value = self.value(key)
        if not isinstance(value.raw, bool):
            value.unfit("true or false")
        return value.raw

    def duration(self, key: str, *, zero: bool = False) -> timedelta:
        """Return an amount of time such as "30 s", "2 h"; more than nothing unless `zero`."""
        value = self.value(key)
        amount = read_duration(value.raw) if isinstance(value.raw, str) else None
        if amount is None or (not amount and not zero):
            value.unfit(DURATION_FORM)
        return amount

    def word(self, key: str, words: type[Word], default: Word | None = None) -> Word:
        """Return one word of an enumeration."""
        if default is not None and key not in self.table:
            return default
        return words(self.value(key).one_of([word.value for word in words], "a word the desk knows here"))

    def words(self, key: str, words: type[Word]) -> tuple[Word, ...]:
        """Return a list of words of an enumeration, empty when the key is not there."""
        allowed = [word.value for word in words]
        return tuple(words(value.one_of(allowed, "a word the desk knows here")) for value in self.items(key))

    def one_of(self, key: str, allowed: Collection[str], what: str, default: str | None = None) -> str:
        """Return a text that must be among `allowed`; `what` says what those are, as in "a clause"."""
        if default is not None and key not in self.table:
            return default
        return self.value(key).one_of(allowed, what)

    def several_of(self, key: str, allowed: Collection[str], what: str) -> tuple[str, ...]:
        """Return a list of texts that must all be among `allowed`."""
        return tuple(value.one_of(allowed, what) for value in self.items(key))

    def sub(self, key: str) -> "Reader":
        """Return a reader of the table under the key; an empty one when the key is not there."""
        if key not in self.table:
            return Reader({}, (*self.path, key), self.origin)
        return _as_table(self.value(key))

    def rows(self, key: str) -> list["Reader"]:
        """Return readers of the tables in the list under the key; none when the key is not there."""
        return [_as_table(value) for value in self.items(key)]

    def items(self, key: str) -> list[Value]:
        """Return the values of the list under the key, references resolved; none when the key is not there."""
        if key not in self.table:
            return []
        value = self.value(key)
        if not isinstance(value.raw, list):
            value.unfit("a list")
        return [resolve(Value(self.origin, item, (*value.path, position))) for position, item in enumerate(value.raw)]


def _as_table(value: Value) -> Reader:
    if not isinstance(value.raw, dict):
        value.unfit("a table")
    return Reader(value.raw, value.path, value.origin)


def _as_text(value: Value) -> str:
    if not isinstance(value.raw, str):
        value.unfit("a text")
    text = value.raw if value.source else REFERENCE.sub(lambda found: blank_text(found.group(1), value), value.raw)
    if len(text) > _LONGEST_TEXT:
        value.unfit(f"a text of at most {_LONGEST_TEXT} characters")
    if not all(character.isprintable() or character == "\n" for character in text):
        value.unfit("a text of printable characters")
    if not text.strip():
        value.unfit("a text that is not empty")
    return text
