"""From where each role may sign in, and whose word about a sender each mailbox takes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the allow-list, until when it is set aside, and the servers whose Authentication-Results a mailbox trusts."""
    op.create_table(
        "address_rule",
        sa.Column(
            "role",
            sa.Enum(
                "agent",
                "supervisor",
                "manager",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("range", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("role", "range", name=op.f("pk_address_rule")),
    )
    op.add_column("desk", sa.Column("addresses_open_until", sa.BigInteger(), nullable=True))
    op.add_column("mailbox", sa.Column("authserv_ids", sa.String(), nullable=True))
