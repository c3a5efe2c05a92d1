"""The facts a clock is computed from: what happened on a ticket, when, and by whom."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from agentconsole.domain.terms import Author, Channel, ClockKind, ContactKind, Priority, Status


class FactKind(StrEnum):
    """Name what happened; values are the event log's `kind` for ticket events."""

    OPENED = "ticket.opened"
    CONTACT = "ticket.contact"
    STATUS = "ticket.status"
    PRIORITY = "ticket.priority"
    BRAND = "ticket.brand"
    QUEUE = "ticket.queue"
    POLICY = "ticket.policy"
    MERGED = "ticket.merged"
    ESCALATED = "ticket.escalated"
    ACCEPTED = "ticket.accepted"
    PROMISED = "ticket.promised"
    PROMISE_KEPT = "ticket.promise_kept"
    PROMISE_WITHDRAWN = "ticket.promise_withdrawn"
    HEARD = "ticket.heard"
    BREACHED = "clock.breached"
    WARNED = "clock.warned"
    ACTED = "clock.acted"


@dataclass(frozen=True, slots=True)
class Fact:
    """State one thing that happened on a ticket; fields that do not belong to its kind stay None.

    `seq` is the event's number (facts are ordered by it), `at` is UTC. CONTACT carries `author`, `contact_kind` and
    `channel`; STATUS carries `status` with `reason`; BRAND, QUEUE and POLICY carry the new value in `value`; BREACHED,
    WARNED and ACTED carry `clock` and the standard's id in `value`, with the due instant of that time in `due`;
    PROMISED carries `due`, what was promised in `value` and the `zone` it was said in; MERGED carries the other
    ticket's facts in `merged`.
    PRIORITY, BRAND, QUEUE and POLICY say in `before` what the value was; OPENED may carry the first `priority`.
    BREACHED, WARNED and ACTED name in `started` the start of the clock they are about and in `reason` what was done
    (`Effect.key`). `ref` is the `seq` of the reply that came back (a bounce) or of the promise that was kept; without
    it the latest outgoing contact or the oldest open promise is meant. HEARD is a voicemail listened to. A contact
    stands before the change of status that it causes, and a status that takes a resolution back has the reason "undo".
    """

    seq: int
    at: datetime
    kind: FactKind
    actor: str = ""
    author: Author | None = None
    contact_kind: ContactKind | None = None
    channel: Channel | None = None
    status: Status | None = None
    priority: Priority | None = None
    clock: ClockKind | None = None
    due: datetime | None = None
    value: str = ""
    reason: str = ""
    merged: tuple["Fact", ...] = field(default=())
    before: str = ""
    started: datetime | None = None
    ref: int | None = None
    zone: str = ""
