"""What the desk is called and where its people are."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agentconsole.domain.errors import Refused
from agentconsole.storage.tables.desk import Desk
from agentconsole.storage.transaction import Tx

LONGEST_NAME = 80


def check_title(text: str) -> str:
    """Return the name of a desk or of a brand, as people read it; refuses what cannot be one."""
    if not text.strip() or len(text) > LONGEST_NAME or not text.isprintable():
        raise Refused(f"Give a name of at most {LONGEST_NAME} letters.")
    return text.strip()


def check_zone(name: str) -> str:
    """Return the name of a time zone; refuses one that does not exist."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(f'There is no time zone "{name}": give one like Europe/London or Asia/Kolkata.') from None
    return name


def set_desk(tx: Tx, name: str, zone: str) -> str:
    """Give the desk another name or zone ("": as it is), and return the sentence that says so.

    The zone is that of times in sentences, of days in filters and of consoles; no promise to a customer hangs on it.
    """
    given = {"name": name and check_title(name), "zone": zone and check_zone(zone)}
    desk = tx.session.get_one(Desk, 1)
    changed = {key: value for key, value in given.items() if value and value != getattr(desk, key)}
    if not changed:
        raise Refused(f"The desk is {desk.name} in {desk.zone}: nothing was changed.")
    for key, value in changed.items():
        setattr(desk, key, value)
    tx.record("desk.changed", body=changed)
    return f"The desk is {desk.name} in {desk.zone} now; an open console shows it when it is opened again."
