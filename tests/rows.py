"""Rows and answers of the wire from plain strings, as tests write them."""

from typing import Any, TypeVar

import msgspec

from agentconsole.domain.untrusted import Untrusted

Row = TypeVar("Row", bound=msgspec.Struct)


def built(kind: type[Row], /, *values: object, **fields: object) -> Row:
    """Build a struct; where it holds text that somebody wrote, a string becomes one."""
    given = {**dict(zip(kind.__struct_fields__, values, strict=False)), **fields}
    return msgspec.convert(given, kind, dec_hook=_untrusted, from_attributes=True)


def changed(row: Row, /, **fields: object) -> Row:
    """Return a copy of a struct with other values in some fields."""
    kept = {name: getattr(row, name) for name in row.__struct_fields__}
    return built(type(row), **{**kept, **fields})


def _untrusted(kind: type, value: Any) -> object:
    return value if isinstance(value, kind) else Untrusted(value)
