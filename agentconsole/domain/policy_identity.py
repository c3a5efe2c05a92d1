"""Who a policy pack speaks for: its names, version, zone and currency, and whether it is in force."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class PackStatus(StrEnum):
    """Say whether a pack may bind a ticket; a pack with open blanks is a draft."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True)
class Identity:
    """Hold what a pack says of itself. `revision_text` is the date as the document writes it.

    `status` is the pack's own word until its blanks are read: open ones make a draft of it.
    """

    id: str
    title: str
    organisation: str
    source: str
    revision_text: str
    revision_date: date | None
    effective_from: datetime
    version: int
    status: PackStatus
    intent: str
    zone: str
    currency: str
    order: str
