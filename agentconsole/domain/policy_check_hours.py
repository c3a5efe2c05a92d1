"""Checking one pack's hours: calendars that open no more, channels without hours, and hours against "24/7"."""

import re
from collections.abc import Iterator

from agentconsole.domain.policy import (
    Business,
    CalendarSpan,
    Immediate,
    NextPeriodEnd,
    Pack,
    Standard,
    Unspecified,
    WorkingDays,
)
from agentconsole.domain.policy_check_finding import Finding, Level, Place, place
from agentconsole.domain.policy_check_week import Week, opens_again
from agentconsole.domain.terms import Channel

ROUND_THE_CLOCK = re.compile(r"\b24\s*[/x]\s*7\b|\b24 hours a day\b|\b(?:a?round) the clock\b", re.IGNORECASE)
CHANNEL_WORDS = {
    Channel.CHAT: re.compile(r"\bchats?\b", re.IGNORECASE),
    Channel.PHONE: re.compile(r"\b(?:tele)?phones?\b|\bcalls?\b", re.IGNORECASE),
    Channel.EMAIL: re.compile(r"\be-?mails?\b", re.IGNORECASE),
    Channel.SOCIAL: re.compile(r"\bsocial media\b", re.IGNORECASE),
    Channel.VOICEMAIL: re.compile(r"\bvoice-?mails?\b", re.IGNORECASE),
}
"""What a channel is called where a clause says that it is open round the clock."""


def check_hours(pack: Pack, week: Week) -> Iterator[Finding]:
    """Yield what is wrong with the hours of a pack from the week on."""
    yield from _shut_for_good(pack, week)
    yield from _without_hours(pack)
    yield from _without_standard(pack)
    yield from _round_the_clock(pack)


def _shut_for_good(pack: Pack, week: Week) -> Iterator[Finding]:
    used = _users(pack)
    for name, users in used.items():
        if not opens_again(pack, name, week.at):
            where = tuple(dict.fromkeys(one for one, _ in users))
            why = (
                f'The calendar "{name}" does not open any more, and {listed([what for _, what in users])} count in it.'
            )
            do = f'Give the calendar "{name}" weekly hours, or count in another.'
            yield Finding(Level.NEVER, "never-open", where, why, do)


def _users(pack: Pack) -> dict[str, list[tuple[Place, str]]]:
    """Return by calendar what counts in it, each with its place."""
    used: dict[str, list[tuple[Place, str]]] = {}
    for standard in pack.standards:
        target = standard.target
        if isinstance(target, Business | WorkingDays | CalendarSpan | Immediate | Unspecified | NextPeriodEnd):
            used.setdefault(target.calendar, []).append((place(pack, standard.clause), f"standard {standard.id}"))
    for duty in pack.duties:
        used.setdefault(duty.calendar, []).append((place(pack, duty.clause), f"duty {duty.id}"))
    for channel, name in pack.channel_calendars.items():
        used.setdefault(name, []).append((place(pack), f"channel {channel}"))
    return used


def _without_hours(pack: Pack) -> Iterator[Finding]:
    """Find a channel on which something is promised while nobody says when it is open."""
    for channel in Channel:
        promised = [standard for standard in pack.standards if channel in standard.applies.channels]
        if promised and channel not in pack.channel_calendars:
            where = tuple(dict.fromkeys(place(pack, standard.clause) for standard in promised))
            why = f"Something is promised on {channel}, and no calendar says when {channel} is open."
            do = f"Name its calendar under [channel_calendars]: {channel} = ..."
            yield Finding(Level.WARNING, "no-hours", where, why, do)


def _without_standard(pack: Pack) -> Iterator[Finding]:
    """Find a channel that has hours and no promise: no clock runs there."""
    for channel in pack.channel_calendars:
        if not any(_promises_on(standard, channel) for standard in pack.standards):
            why = f"The channel {channel} has hours, and nothing is promised on it: its cases show no clock."
            do = f"Nothing, where that is meant; else give {channel} a standard."
            yield Finding(Level.WARNING, "no-standard", (place(pack),), why, do)


def _promises_on(standard: Standard, channel: Channel) -> bool:
    rule = standard.applies
    return channel in rule.channels or (not rule.channels and not rule.stages and rule.escalated is None)


def _round_the_clock(pack: Pack) -> Iterator[Finding]:
    """Find a channel that the document says is always open and whose calendar closes."""
    for clause in pack.clauses:
        if not ROUND_THE_CLOCK.search(clause.quote):
            continue
        for channel, words in CHANNEL_WORDS.items():
            name = pack.channel_calendars.get(channel)
            if words.search(clause.quote) and (name is None or not pack.calendars[name].always_open):
                why = f"{channel} is promised round the clock, and " + (
                    f'its calendar "{name}" closes.' if name else "it has no calendar."
                )
                do = f"Give {channel} a calendar with always = true, or change what the document says."
                yield Finding(Level.CONTRADICTION, "not-always-open", (place(pack, clause.id),), why, do)


def listed(names: list[str]) -> str:
    """Write names as a list in a sentence, the rest counted where there are many."""
    most = 4
    shown = names if len(names) <= most else [*names[: most - 1], f"{len(names) - most + 1} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
