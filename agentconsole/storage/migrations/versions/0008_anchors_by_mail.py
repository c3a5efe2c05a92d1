"""Where the anchor of the event log is mailed each day, and when it last was."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Give the desk an address outside for its anchors; none at first."""
    op.add_column("desk", sa.Column("anchors_to", sa.String(), nullable=True))
    op.add_column("desk", sa.Column("anchors_at", sa.BigInteger(), nullable=True))
