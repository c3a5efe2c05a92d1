"""Whether a customer's preferred window and the desk's open hours ever meet, and the nearest slots if they do not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agentconsole.domain.calendar import Calendar, Window
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Pack

LOOKED_AHEAD = timedelta(days=14)
SLOT = timedelta(minutes=30)
MOST_SLOTS = 3
_WALL = re.compile(r"([01]?\d|2[0-4])(?::([0-5]\d))?", re.ASCII)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which the desk is open (UTC)."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Meeting:
    """Say when both have time in the next 14 days, in order; where they never have, the desk's `nearest` slots.

    `zone` is the customer's, `desk_zone` that of the desk's hours.
    """

    zone: ZoneInfo
    desk_zone: ZoneInfo
    meets: tuple[Slot, ...]
    nearest: tuple[Slot, ...]


def zone_named(name: str) -> ZoneInfo:
    """Return a zone by its IANA name; refuses one that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("There is no such time zone: give one like Europe/London or Asia/Kolkata.") from None


def window_of(begins: str, ends: str) -> Window:
    """Read a daily window from two times of day (`9`, `09:30`, `24:00`); one may go over midnight.

    Refuses what is no time, and two that are the same.
    """
    start, end = _minutes(begins), _minutes(ends)
    if start == end or (start == 1440 and end == 0):
        raise Refused("The window begins and ends at the same time: give two different ones, as 09:00 12:00.")
    return Window(start % 1440, end)


def answer(pack: Pack, channel: str, zone: str, window: tuple[str, str], at: datetime) -> tuple[str, ...]:
    """Answer in sentences whether a daily window meets the open hours of a pack's channel.

    Refuses a channel that the pack names no hours for, a zone that does not exist, and what is no time of day.
    """
    known = {one.value: name for one, name in pack.channel_calendars.items()}
    if channel not in known:
        raise Refused(f"The policy {pack.id} names no hours for that channel; it does for {', '.join(known)}.")
    return in_words(meeting(pack.calendars[known[channel]], zone_named(zone), window_of(*window), at))


def meeting(hours: Calendar, zone: ZoneInfo, window: Window, at: datetime) -> Meeting:
    """Return when a customer's daily window (of the wall clock of `zone`) meets open hours in the 14 days from `at`."""
    wanted = Calendar("window", zone, ((window,),) * 7, {})
    asked, opened = _until(wanted, at), _until(hours, at)
    meets = tuple(_both(asked, opened))
    return Meeting(zone, hours.zone, meets, () if meets else _nearest(asked, opened, hours.zone))


def in_words(found: Meeting) -> tuple[str, ...]:
    """Return the answer in sentences, with the first slots in both zones."""
    here, there = _city(found.desk_zone), _city(found.zone)
    if found.meets:
        days = len({slot.begins.astimezone(found.zone).date() for slot in found.meets})
        once = "They meet once in the next 14 days:"
        head = f"They meet on {days} days of the next 14; the first:" if days > 1 else once
        slots = found.meets
    elif found.nearest:
        first = found.nearest[0]
        head = (
            f"They never meet in the next 14 days: nearest {first.begins.astimezone(found.desk_zone):%H:%M} in {here}"
            f" is {first.begins.astimezone(found.zone):%H:%M} in {there}. The desk offers:"
        )
        slots = found.nearest
    else:
        return ("They never meet: the desk is not open in the next 14 days.",)
    return (
        head,
        *(
            f"  {_spoken(slot, found.desk_zone)} in {here} is {_spoken(slot, found.zone)} in {there}"
            for slot in slots[:MOST_SLOTS]
        ),
    )


def _until(calendar: Calendar, at: datetime) -> list[Slot]:
    """Return the openings of a calendar from `at` on within the time that is looked ahead."""
    end = at + LOOKED_AHEAD
    near = takewhile(lambda span: span[0] < end, calendar.openings(at))
    return [Slot(opening, min(close, end)) for opening, close in near]


def _both(asked: list[Slot], opened: list[Slot]) -> Iterator[Slot]:
    """Yield what two lists of slots in order have in common, in one walk along both."""
    one = other = 0
    while one < len(asked) and other < len(opened):
        begins = max(asked[one].begins, opened[other].begins)
        ends = min(asked[one].ends, opened[other].ends)
        if begins < ends:
            yield Slot(begins, ends)
        if asked[one].ends < opened[other].ends:
            one += 1
        else:
            other += 1


def _nearest(asked: list[Slot], opened: list[Slot], zone: ZoneInfo) -> tuple[Slot, ...]:
    """Return the desk's slots that lie nearest to a window, the nearest in front; one time of day is offered once."""
    offers: dict[Slot, timedelta] = {}
    for gap, slot in _offers(asked, opened):
        offers[slot] = min(gap, offers.get(slot, gap))
    times: dict[time, Slot] = {}
    for slot in sorted(offers, key=lambda slot: (offers[slot], slot.begins)):
        times.setdefault(slot.begins.astimezone(zone).time(), slot)
    return tuple(times.values())[:MOST_SLOTS]


def _offers(asked: list[Slot], opened: list[Slot]) -> Iterator[tuple[timedelta, Slot]]:
    """Yield for each opening its last slot before the next window and its first one after the window before."""
    for hours in opened:
        after = next((want for want in asked if want.begins >= hours.ends), None)
        before = next((want for want in reversed(asked) if want.ends <= hours.begins), None)
        if after is not None:
            yield after.begins - hours.ends, Slot(max(hours.begins, hours.ends - SLOT), hours.ends)
        if before is not None:
            yield hours.begins - before.ends, Slot(hours.begins, min(hours.ends, hours.begins + SLOT))


def _minutes(text: str) -> int:
    found = _WALL.fullmatch(text.strip())
    minutes = int(found[1]) * 60 + int(found[2] or 0) if found is not None else 1441
    if minutes > 1440:
        raise Refused("Give times of day as 09:00 or 17:30, from 0:00 to 24:00.")
    return minutes


def _city(zone: ZoneInfo) -> str:
    return zone.key.rpartition("/")[2].replace("_", " ")


def _spoken(slot: Slot, zone: ZoneInfo) -> str:
    begins, ends = slot.begins.astimezone(zone), slot.ends.astimezone(zone)
    last = f"{_day(ends)} " if ends.date() != begins.date() else ""
    return f"{_day(begins)} {begins:%H:%M} to {last}{ends:%H:%M}"


def _day(local: datetime) -> str:
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}"
