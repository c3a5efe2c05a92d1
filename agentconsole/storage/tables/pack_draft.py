"""Drafts of policy packs: what is to become a version, at most one for each pack."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from agentconsole.storage.tables.base import at_column


class PackDraft(SQLModel, table=True):
    """Keep the draft of a pack: its text, the answers it has so far, and who kept it when."""

    __tablename__ = "pack_draft"

    pack_id: str = Field(primary_key=True)
    text: str
    answers: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    author: str
    at: datetime = at_column()
