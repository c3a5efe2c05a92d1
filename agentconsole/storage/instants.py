"""The instants of facts: never before the newest one, also where the machine's clock went back."""

from datetime import datetime, timedelta

from agentconsole.domain.errors import Refused
from agentconsole.storage.events import Head

TOLERATED_STEP_BACK = timedelta(seconds=60)


def is_behind(told: datetime, newest: datetime | None) -> bool:
    """Tell whether a clock is so far behind the newest entry that somebody has to say which of them is right."""
    return newest is not None and newest - told > TOLERATED_STEP_BACK


def next_instant(told: datetime, newest: Head, *, behind: bool) -> datetime:
    """Return the instant of the next fact: never before the newest one, and refused when the clock is far behind it."""
    if newest.at is None or told >= newest.at:
        return told
    if is_behind(told, newest.at) and not behind:
        raise Refused(
            f"The clock went back: it is {told:%Y-%m-%d %H:%M} UTC here, the newest entry is from "
            f"{newest.at:%Y-%m-%d %H:%M} UTC. "
            "Nothing is written until it is set right, or accepted: `agentconsole clock accept`.",
            code="clock",
        )
    return newest.at
