"""The words of the desk as enumerations; their values are what the database, the wire and the packs write."""

from enum import StrEnum


class Channel(StrEnum):
    """Say how a contact reaches the desk."""

    EMAIL = "email"
    PHONE = "phone"
    VOICEMAIL = "voicemail"
    CHAT = "chat"
    SOCIAL = "social"
    WALKIN = "walkin"
    MEETING = "meeting"
    WEB = "web"
    API = "api"


class Author(StrEnum):
    """Say who made a contact: only a person's answer satisfies a clock."""

    CUSTOMER = "customer"
    AGENT = "agent"
    DESK = "desk"
    BOUNCE = "bounce"


class ContactKind(StrEnum):
    """Say what an entry in a ticket's history is."""

    MESSAGE = "message"
    NOTE = "note"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    CALL = "call"
    VISIT = "visit"


class Status(StrEnum):
    """Say where a ticket stands in its life; the moves between them are in `domain.ticket`."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Priority(StrEnum):
    """Rank a ticket by urgency and impact."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Stage(StrEnum):
    """Say how a ticket is being handled: as a service issue, handed up, or under the complaint procedure."""

    SERVICE = "service"
    ESCALATED = "escalated"
    COMPLAINT = "complaint"


class Role(StrEnum):
    """Say what a person does at the desk; what each may do is the table in `domain.roles`."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    ADMIN = "admin"


class ClockKind(StrEnum):
    """Name a promise that can run on a ticket; clocks of different kinds run side by side."""

    GREET = "greet"
    RING = "ring"
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    UPDATE = "update"
    RESOLUTION = "resolution"
    ACKNOWLEDGE = "acknowledge"
    HOLDING_LETTER = "holding_letter"
    FULL_RESPONSE = "full_response"
    CALLBACK = "callback"
    RETURN_CALL = "return_call"
    ACCEPT_HANDOFF = "accept_handoff"
    PROMISE = "promise"


class Start(StrEnum):
    """Say from when the return of a voicemail is counted: its being heard or left, or the next check by a duty."""

    HEARD = "heard"
    LEFT = "left"
    DUTY = "duty"


class ClockState(StrEnum):
    """Say how a clock stands, in the words of UX section 9; values are what the screen prints."""

    LIVE = "LIVE"
    DUE = "DUE"
    LATE = "LATE"
    SOON = "SOON"
    OK = "ok"
    WAIT = "WAIT"
    SHUT = "SHUT"
    MET = "met"
    MISSED = "MISS"
    NONE = "--"
