"""Mail that is late or in doubt: since when, who was told, when to look for it, and who keeps the sent copies."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Give the outbox its instants of being late and in doubt, and each mailbox its way with sent mail."""
    for name in ("waits_since", "told_at", "look_at", "again_at"):
        op.add_column("outbox", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("mailbox", sa.Column("sent_copy", sa.String(), nullable=True))
