"""What a backup says of itself: the first thing in it, and what the copy of the database is held against."""

from datetime import datetime

import msgspec

FORMAT = 1


class Manifest(msgspec.Struct, frozen=True):
    """Describe one backup: whose desk, as of when (the newest event), and what it holds, with hashes.

    `contents` counts stored messages and attachments, which are named by their hash. `program` made it.
    """

    schema: str
    desk: str
    events: int
    head: str
    until: datetime | None
    counts: dict[str, int]
    contents: int
    database_bytes: int
    database_sha256: str
    program: str = ""
    made_at: datetime | None = None
    format: int = FORMAT
