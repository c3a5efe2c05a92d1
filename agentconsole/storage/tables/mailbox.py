"""Mailboxes: where a brand's mail is fetched and sent."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class Mailbox(SQLModel, table=True):
    """Keep one mailbox. Its password is sealed; `uidvalidity` and `uid` are how far it has been read.

    `sent_copy` says who puts sent mail into its Sent folder: `file` (we do), `server` (it does so by itself), `none`
    (nobody), or NULL as long as that is not known yet.
    """

    brand_id: str = Field(primary_key=True, foreign_key="brand.id")
    address: str
    imap_host: str
    imap_port: int
    imap_security: str
    smtp_host: str
    smtp_port: int
    smtp_security: str
    user: str
    sealed_password: str
    folder: str = Field(default="INBOX")
    ca_file: str = Field(default="")
    uidvalidity: int = Field(default=0)
    uid: int = Field(default=0)
    read_at: datetime | None = at_column(nullable=True)
    trouble: str = Field(default="")
    trouble_at: datetime | None = at_column(nullable=True)
    sent_copy: str | None = Field(default=None)
    authserv_ids: str | None = Field(default=None)
    """The servers whose Authentication-Results are believed (RFC 8601), by their names, with spaces between."""
