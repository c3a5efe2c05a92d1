"""Who has accepted which version of a policy: until when there is new work without it, and when to read it again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from agentconsole.domain.calendar_days import calendar_days, months, weeks
from agentconsole.domain.clocks import Applied
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_amounts import read_duration
from agentconsole.domain.terms import Role

SCOPE = frozenset({Role.AGENT, Role.SUPERVISOR, Role.MANAGER})
"""Who is given work, and so has to have accepted what it is done under."""

SETTING = "accept_within"
WITHIN = timedelta(days=14)
_AT_ONCE = timedelta(seconds=1)
CADENCE = "reread_cadence"
_DAYS = re.compile(r"([0-9]{1,4}) ?(day|week)s?")
_AGAIN = {
    "daily": (calendar_days, 1),
    "weekly": (weeks, 1),
    "monthly": (months, 1),
    "quarterly": (months, 3),
    "yearly": (months, 12),
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """Say which version of a pack somebody accepted, when she first did, and when she last read it to its end (UTC)."""

    version: int
    at: datetime
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Say how somebody stands to the version of a pack that is in force.

    `accepted` is the newest version that she accepted. `until` is when new work ends without an acceptance: None where
    nothing is `owed`, or she never signed in. `again_at` is when the version that she accepted is to be read again.
    """

    pack: Pack
    accepted: Accepted | None
    owed: bool
    until: datetime | None = None
    again_at: datetime | None = None

    def is_late(self, now: datetime) -> bool:
        """Tell whether she is given no new work any more."""
        return self.until is not None and now >= self.until

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether what she accepted should have been read again by now."""
        return self.again_at is not None and now >= self.again_at


def accept_within(pack: Pack) -> timedelta:
    """Return how long there is new work without an acceptance: the pack's setting ("14 days", "48 h"), else 14 days.

    What cannot be read is taken for 14 days, so that nobody is kept from work by a slip of the pen.
    """
    words = pack.settings.get(SETTING, "").strip().lower()
    found = _DAYS.fullmatch(words)
    if found is not None:
        return int(found[1]) * timedelta(**{f"{found[2]}s": 1})
    return read_duration(words) or WITHIN


def read_again_at(pack: Pack, read_at: datetime) -> datetime | None:
    """Return when a pack that was read then is to be read again, by the desk's answer to its blank; None: never.

    Days, weeks and months are those of the pack's zone; month ends are clamped.
    """
    blank = next((blank for blank in pack.blanks if blank.id == CADENCE), None)
    if blank is None:
        return None
    words = blank.proposal if blank.answer is None else blank.answer
    step, count = _AGAIN.get(words.strip().lower(), (None, 0))
    return None if step is None else step(read_at, count, ZoneInfo(pack.zone))


def in_force(versions: Sequence[Applied], now: datetime) -> tuple[Applied, ...]:
    """Return the versions of a pack that have begun, the one in force last; where none has, the first of all.

    One that was put into force at once may begin a little after a clock that stands still.
    """
    return tuple(applied for applied in versions if applied.since <= now + _AT_ONCE) or tuple(versions[:1])


def standing(
    role: Role, versions: Sequence[Applied], accepted: Sequence[Accepted], asked_since: datetime | None, now: datetime
) -> Standing:
    """Return how somebody stands to a pack with these versions: at least one, in the order in which they begin.

    The time begins with the first version after the one that she accepted, so that a newer one does not give her more
    of it; and not before `asked_since`, which is her first sign-in, however old the version is.
    """
    begun = in_force(versions, now)
    pack = begun[-1].pack
    known = {one.version: one for one in accepted}
    at = max((place for place, applied in enumerate(begun) if applied.pack.version in known), default=-1)
    newest = known[begun[at].pack.version] if at >= 0 else None
    owed = begun[at + 1 :]
    until = None
    if owed and asked_since is not None and role in SCOPE:
        until = max(owed[0].since, asked_since) + accept_within(pack)
    again_at = read_again_at(pack, newest.read_at) if newest is not None and not owed else None
    return Standing(pack, newest, bool(owed), until, again_at)


def standings(
    role: Role,
    shelved: Mapping[str, Sequence[Applied]],
    accepted: Mapping[str, Sequence[Accepted]],
    asked_since: datetime | None,
    now: datetime,
) -> tuple[Standing, ...]:
    """Return how somebody stands to each pack, by their ids; `accepted` is what she accepted of each."""
    return tuple(standing(role, shelved[pack], accepted.get(pack, ()), asked_since, now) for pack in sorted(shelved))
