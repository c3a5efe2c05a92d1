"""Reading a pack's calendars: hours as a table or as text, holidays from named sets, and the calendar of a channel."""

from collections.abc import Mapping
from datetime import date

from agentconsole.domain.calendar import Calendar
from agentconsole.domain.calendar_read import read_calendar
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy_amounts import HOURS_FORM, read_hours
from agentconsole.domain.policy_names import Names
from agentconsole.domain.policy_reader import Reader
from agentconsole.domain.terms import Channel

NO_HOLIDAYS = "none"

HolidaySets = Mapping[str, Mapping[date, str]]


def read_calendars(root: Reader, holiday_sets: HolidaySets) -> dict[str, Calendar]:
    """Return the calendars by name; `zone` and `hours` may come from blanks."""
    tables = root.sub("calendars")
    calendars = {}
    for name in tables.table:
        table = tables.sub(name)
        table.only("zone", "hours", "always", "holidays", "closed", "exceptions")
        try:
            calendars[name] = read_calendar(name, _plain(table, holiday_sets), holiday_sets)
        except Refused as refusal:
            if refusal.code == "pack":
                raise
            table.refuse(refusal.sentence, next((key for key in table.table if refusal.sentence.startswith(key)), None))
    if not calendars:
        root.refuse("a pack needs at least one calendar.", "calendars")
    return calendars


def read_channel_calendars(root: Reader, names: Names) -> dict[Channel, str]:
    """Return which calendar says when a channel is open."""
    table = root.sub("channel_calendars").only(*(channel.value for channel in Channel))
    return {Channel(key): names.calendar(table, key) for key in table.table}


def _plain(table: Reader, holiday_sets: HolidaySets) -> dict[str, object]:
    plain: dict[str, object] = {key: table.value(key).raw for key in table.table}
    if table.has("zone"):
        plain["zone"] = table.text("zone")
    if table.has("hours"):
        plain["hours"] = _hours(table)
    if table.has("holidays"):
        plain["holidays"] = _holidays(table, holiday_sets)
    return plain


def _hours(table: Reader) -> object:
    value = table.value("hours")
    if isinstance(value.raw, dict):
        return value.raw
    hours = read_hours(value.raw) if isinstance(value.raw, str) else None
    if hours is None:
        value.unfit(HOURS_FORM)
    return hours


def _holidays(table: Reader, holiday_sets: HolidaySets) -> list[str]:
    """Read a list of set names, or the text of a blank: names with commas between them, or "none"."""
    value = table.value("holidays")
    if not isinstance(value.raw, str):
        return list(table.several_of("holidays", holiday_sets, "a holiday set"))
    named = [part.strip() for part in value.raw.split(",")]
    allowed = {NO_HOLIDAYS: None, **dict.fromkeys(holiday_sets)}
    for part in named:
        if part not in allowed:
            value.one_of(allowed, "a holiday set")
    return [part for part in named if part != NO_HOLIDAYS]
