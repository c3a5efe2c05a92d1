"""Mail on its way out, written in the transaction that decided to send it."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class Outbox(SQLModel, table=True):
    """Keep one outgoing mail. `state` is held, queued, sending, sent, unknown, failed or taken_back.

    `held` waits for `not_before`; `sending` belongs to `lease_by`, who took it under the lease `lease_number`, until
    `lease_until`, and a lease that runs out leaves `unknown`: nobody knows whether the server took it, so it is looked
    for in the Sent folder at `look_at`; where it is not found a person decides. `then` is where the ticket goes when
    the mail has left, and `sent_event` the event that says so. `waits_since` is when it first could not leave,
    `told_at` when the desk was told that it is late or in doubt, `again_at` when a person had it sent again. All these
    but `created_at` and `sent_at` are the machine's time.
    """

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    brand_id: str = Field(foreign_key="brand.id")
    state: str = Field(default="held", index=True)
    automatic: bool = Field(default=False)
    recipient: str = Field(index=True)
    then: str = Field(default="open")
    sent_event: int | None = Field(default=None)
    message_id: str = Field(unique=True)
    subject: str
    in_reply_to: str = Field(default="")
    references: str = Field(default="")
    created_at: datetime = at_column()
    not_before: datetime = at_column()
    lease_by: str = Field(default="")
    lease_until: datetime | None = at_column(nullable=True)
    lease_number: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    attempts: int = Field(default=0)
    trouble: str = Field(default="")
    sent_at: datetime | None = at_column(nullable=True)
    waits_since: datetime | None = at_column(nullable=True)
    told_at: datetime | None = at_column(nullable=True)
    look_at: datetime | None = at_column(nullable=True)
    again_at: datetime | None = at_column(nullable=True)
