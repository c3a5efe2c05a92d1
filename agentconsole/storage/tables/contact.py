"""Contacts: one message, call, visit or note on a ticket."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.domain.terms import Author, Channel, ContactKind
from agentconsole.storage.tables.base import at_column
from agentconsole.storage.types import word


class Contact(SQLModel, table=True):
    """Keep one entry of a ticket's history; `salt` makes the event log's reference to its text unguessable."""

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    at: datetime = at_column()
    kind: ContactKind = Field(sa_type=word(ContactKind, "kind"))
    author: Author = Field(sa_type=word(Author, "author"))
    channel: Channel = Field(sa_type=word(Channel, "contact_channel"))
    user_id: int | None = Field(default=None, foreign_key="user.id")
    name: str
    email: str = Field(default="")
    text: str
    quoted: str = Field(default="")
    auth: str = Field(default="")
    auto: str = Field(default="none")
    message_id: str = Field(default="", index=True)
    raw: str = Field(default="")
    salt: str
    taken_back: bool = Field(default=False)
