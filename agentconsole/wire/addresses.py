"""What is asked about the allow-list: from where people may sign in."""

from agentconsole.wire.command import Command


class AllowAddress(Command, frozen=True):
    """Let a role (or "all") sign in from a range of addresses, from `unknown` ones or `local`, the host's console."""

    role: str
    range: str
    label: str = ""


class RemoveAddress(Command, frozen=True):
    """Take a rule of the allow-list away."""

    role: str
    range: str


class OpenAddresses(Command, frozen=True):
    """Set the allow-list aside for so many minutes; for the host's account."""

    minutes: int = 60


class CloseAddresses(Command, frozen=True):
    """Have the allow-list hold again before that time is over; for the host's account."""
