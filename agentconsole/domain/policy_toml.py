"""Writing the tables of a policy pack as TOML text, which reads back as the same tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from decimal import Decimal

from agentconsole.domain.policy_blanks import bare
from agentconsole.domain.policy_lines import Path

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
_LONGEST_COMMENT = 200
_SURROGATES = range(0xD800, 0xE000)
_BASIC_PLANE = 0xFFFF


def write_tables(tables: Mapping[str, object], comments: Mapping[Path, str] | None = None) -> str:
    """Write tables as TOML in the order of their keys, references such as `{"blank": "hours"}` included.

    Takes what `tomllib` gives: texts, numbers, truth values, dates, lists and tables. `comments` stand above the
    headers of their paths, as ("standards", 0). A lone surrogate, which no file can hold, becomes U+FFFD.
    """
    return "\n".join(_table((), tables, comments or {})).lstrip("\n") + "\n"


def _table(path: Path, table: Mapping[str, object], comments: Mapping[Path, str]) -> Iterator[str]:
    """Yield the lines of a table: its plain values first, for whatever follows a header belongs to that header."""
    headed = {key: value for key, value in table.items() if _is_headed((*path, key), value)}
    for key, value in table.items():
        if key not in headed:
            yield f"{_key(key)} = {_value(value, is_row=True)}"
    for key, value in headed.items():
        inner = (*path, key)
        header = ".".join(_key(part) for part in inner if isinstance(part, str))
        if isinstance(value, Mapping):
            yield from _headed(inner, f"[{header}]", value, comments)
        elif isinstance(value, Sequence):
            for position, row in enumerate(value):
                yield from _headed((*inner, position), f"[[{header}]]", row, comments)


def _headed(path: Path, header: str, table: Mapping[str, object], comments: Mapping[Path, str]) -> Iterator[str]:
    yield ""
    if path in comments:
        yield f"# {bare(comments[path], _LONGEST_COMMENT)}"
    yield header
    yield from _table(path, table, comments)


def _is_headed(path: Path, value: object) -> bool:
    """Say whether a value stands under a header of its own; what does not is written into the line of its key."""
    names = tuple(part for part in path if isinstance(part, str))
    if isinstance(value, Mapping):
        return len(names) == 1 or names == ("sections", "clauses") or (len(names) == 2 and names[0] == "calendars")
    if isinstance(value, str) or not isinstance(value, Sequence) or not value:
        return False
    return (len(names) == 1 or names == ("procedure", "steps")) and all(isinstance(row, Mapping) for row in value)


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else f'"{_escaped(name)}"'


def _value(value: object, *, is_row: bool = False) -> str:
    """Write a value; only one that is a row of its own may go over several lines."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"""\n{_escaped(value, kept=chr(10))}"""' if is_row and "\n" in value else f'"{_escaped(value)}"'
    if isinstance(value, int | float | Decimal):
        return str(value).lower().replace("infinity", "inf")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_value, value))}]"
    raise TypeError(f"TOML has no {type(value).__name__}")


def _escaped(text: str, kept: str = "") -> str:
    return "".join(_sign(sign) if sign in '"\\' or not (sign.isprintable() or sign in kept) else sign for sign in text)


def _sign(sign: str) -> str:
    code = ord(sign)
    if code in _SURROGATES:
        return "\ufffd"
    return _SHORT.get(sign) or (f"\\u{code:04x}" if code <= _BASIC_PLANE else f"\\U{code:08x}")
