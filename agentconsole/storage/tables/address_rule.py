"""The allow-list: from which ranges of addresses each role may sign in."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from agentconsole.domain.terms import Role
from agentconsole.storage.tables.base import at_column
from agentconsole.storage.types import word


class AddressRule(SQLModel, table=True):
    """Keep one rule, as `domain.allowlist` has it; `label` is what people call the place, or ""."""

    __tablename__ = "address_rule"

    role: Role = Field(primary_key=True, sa_type=word(Role, "role"))
    range: str = Field(primary_key=True)
    label: str
    added_at: datetime = at_column()
