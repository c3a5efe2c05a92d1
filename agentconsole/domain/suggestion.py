"""What becomes of a suggestion on a clause."""

from enum import StrEnum


class Disposition(StrEnum):
    """Say what was decided about a suggestion; each one gets a decision with its reason."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"


WORDS = {Disposition.OPEN: "waits for a decision", Disposition.TAKEN: "taken up", Disposition.DECLINED: "declined"}
