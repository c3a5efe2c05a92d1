"""Column types: instants as integer microseconds of UTC, enumerations as text with a check."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(at: datetime) -> int:
    """Return an aware instant as microseconds since 1970, UTC."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def instant(value: int) -> datetime:
    """Return microseconds since 1970 as an aware instant, UTC."""
    return _EPOCH + timedelta(microseconds=value)


class Instant(sa.types.TypeDecorator[datetime]):
    """Store an aware datetime as integer microseconds of UTC, so that order and equality are the same everywhere."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return what is stored; a naive datetime is a programming error."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        return micros(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return what was stored, aware, UTC."""
        return None if value is None else instant(int(value))


def word(kind: type[StrEnum], name: str) -> sa.Enum:
    """Return the column type of an enumeration: text, with a CHECK that both databases enforce."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
        length=24,
        name=name,
    )
