"""Raw messages, kept before they are parsed, and where they came from."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column

FETCHED = "imap:"
"""How the source of a message begins that came by a mailbox; all others were brought by an administrator."""


class RawMail(SQLModel, table=True):
    """Keep one arrival. `source` names it for good (mailbox, UIDVALIDITY, UID), so that none is filed twice.

    `state` is kept (not filed yet), filed, again (the same message once more) or unparsable.
    """

    __tablename__ = "raw_mail"

    source: str = Field(primary_key=True)
    sha256: str = Field(index=True)
    brand_id: str = Field(foreign_key="brand.id")
    message_id: str = Field(default="", index=True)
    received_at: datetime = at_column()
    state: str = Field(default="kept", index=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    note: str = Field(default="")
