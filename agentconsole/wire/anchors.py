"""What is asked about the anchors of the event log."""

from agentconsole.wire.command import Command


class MailAnchors(Command, frozen=True):
    """Mail the newest event's number and hash to an address each day; "" ends that."""

    to: str = ""
