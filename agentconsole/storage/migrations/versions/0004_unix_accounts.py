"""The Unix account that a person signs in from, on a host that a team shares."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Give every user a Unix account, unknown until the next sign-in, and leave to sign in from any."""
    op.add_column("user", sa.Column("unix_uid", sa.BigInteger(), nullable=True))
    op.add_column("user", sa.Column("unix_any", sa.Boolean(), nullable=False, server_default=sa.false()))
