"""Writing a pack as TOML: every value as it is in force, so that the text parses to the same pack again."""

from collections.abc import Iterable
from itertools import groupby

from agentconsole.domain.calendar import ALL_DAY, Calendar, Window
from agentconsole.domain.calendar_read import WEEKDAYS
from agentconsole.domain.policy import Clause, Pack
from agentconsole.domain.policy_toml import write_tables
from agentconsole.domain.policy_write_parts import (
    Table,
    duty_table,
    plain,
    procedure_table,
    standard_table,
    trigger_table,
)

_ORDER = (
    "policy", "settings", "calendars", "channel_calendars", "roles", "messages", "contacts", "standards", "duties",
    "letters", "procedure", "triggers", "packet", "kpis", "reports", "criteria", "assurances", "retention", "residency",
    "sections",
)  # fmt: skip
_IDENTITY = (
    "id", "title", "organisation", "source", "revision_text", "revision_date", "effective_from", "version", "status",
    "intent", "zone", "currency", "order",
)  # fmt: skip
_KPI = ("id", "clause", "metric", "variant", "comparator", "value", "unit", "period", "calendar")


def write_pack(pack: Pack) -> str:
    """Write a pack as TOML that `parse_pack` reads as the same pack, but for its blanks.

    What was a blank, a setting's case, a holiday set or a default stands there as the value it came to; a blank itself
    has nothing left to fill in and is not written. To keep blanks, write tables with `policy_toml.write_tables`.
    """
    return write_tables(pack_tables(pack))


def pack_tables(pack: Pack) -> Table:
    """Return a pack as the tables of its TOML, in the order in which the shipped packs write them."""
    tables: Table = {
        "policy": plain(pack, *_IDENTITY),
        "calendars": {name: _calendar(calendar) for name, calendar in pack.calendars.items()},
        "channel_calendars": {channel.value: name for channel, name in pack.channel_calendars.items()},
        "roles": {alias: role.value for alias, role in pack.role_aliases.items()},
        "packet": dict(pack.packet_clauses),
        "procedure": procedure_table(pack) if pack.procedure else {},
        "residency": plain(pack.residency, "clause", "region", "regions") if pack.residency else {},
        "sections": _sections(pack.clauses),
        "standards": [standard_table(one) for one in pack.standards],
        "duties": [duty_table(one) for one in pack.duties],
        "triggers": [trigger_table(one) for one in pack.triggers],
        "kpis": [{**plain(one, *_KPI), "decides": one.decides} for one in pack.kpis],
        **_lists(pack),
    }
    return {name: tables[name] for name in _ORDER if tables[name]}


def _lists(pack: Pack) -> Table:
    """Return the parts whose rows are written as they are."""
    rows: dict[str, tuple[Iterable[object], tuple[str, ...]]] = {
        "settings": (pack.choices, ("id", "clause", "question", "value", "allowed")),
        "messages": (pack.messages, ("id", "clause", "channel", "verbatim", "text")),
        "contacts": (pack.contacts, ("id", "clause", "label", "address", "emergency", "note")),
        "letters": (pack.letters, ("id", "clause", "title", "message", "required", "enclosures")),
        "reports": (pack.reports, ("id", "clause", "cadence", "contents", "recipients")),
        "criteria": (pack.criteria, ("id", "clause", "question")),
        "assurances": (pack.assurances, ("id", "clause", "claim", "evidence", "owner", "review")),
        "retention": (pack.retention, ("id", "clause", "data", "keep", "unit", "then")),
    }
    return {name: [plain(one, *keys) for one in ones] for name, (ones, keys) in rows.items()}


def _sections(clauses: Iterable[Clause]) -> list[Table]:
    return [
        {"heading": heading, "clauses": {one.id: plain(one, "line", "quote", "title", "rows", "note") for one in group}}
        for heading, group in groupby(clauses, key=lambda one: one.heading)
    ]


def _calendar(calendar: Calendar) -> Table:
    table: Table = {"zone": calendar.zone.key}
    if calendar.weekly == ((ALL_DAY,),) * 7:
        table["always"] = True
    else:
        table["hours"] = {day: _windows(windows) for day, windows in zip(WEEKDAYS, calendar.weekly, strict=True)}
    exceptions: Table = {}
    for day, windows in calendar.exceptions.items():
        name = calendar.exception_names.get(day)
        exceptions[day.isoformat()] = {"name": name, "hours": _windows(windows)} if name else _windows(windows)
    if exceptions:
        table["exceptions"] = exceptions
    return table


def _windows(windows: Iterable[Window]) -> list[list[str]]:
    return [[f"{minute // 60:02}:{minute % 60:02}" for minute in (window.start, window.end)] for window in windows]
