"""What happened on tickets, as facts for computing their clocks under another policy; nothing of it is drawn."""

from datetime import datetime

import msgspec

from agentconsole.wire.query import Query


class ReadHistories(Query, frozen=True):
    """Read some tickets of the brands under a pack as `Histories`, in the order of their numbers, from `after` on.

    `since` asks for those on which something happened from then on; without it the live ones are meant.
    """

    pack: str
    after: int = 0
    since: datetime | None = None


class HistoryRow(msgspec.Struct, frozen=True):
    """Carry one ticket's situation and its entries of the log that clocks are computed from, as `read_told` reads them.

    They hold no text of a customer: the log has none.
    """

    ticket: int
    brand: str
    channel: str
    queue: str
    priority: str
    kind: str
    status: str
    escalated: bool
    opened_at: datetime
    told: bytes


class Histories(msgspec.Struct, frozen=True, tag=True):
    """Answer ReadHistories. `total` counts all that are asked for, in the first answer; `more` says that some are left.

    `as_of` is the desk's time of reading, `late_first` how it orders its queue.
    """

    rows: tuple[HistoryRow, ...]
    as_of: datetime
    more: bool = False
    total: int = 0
    late_first: bool = False
