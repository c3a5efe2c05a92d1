"""Attachments: cleaned name, size and content hash; the bytes lie in the raw folder."""

from sqlmodel import Field, SQLModel


class Attachment(SQLModel, table=True):
    """Name one attachment of a contact."""

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    name: str
    content_type: str
    size: int
    sha256: str
