"""Drafts of policies, and who put each version of one into force."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_AUTHORS = (
    "UPDATE pack_version SET author = coalesce((SELECT min(actor) FROM event WHERE kind = 'pack.in_force'"
    " AND subject = pack_version.pack_id AND body LIKE '%\"version\":' || pack_version.version || '}'), '')"
)


def upgrade() -> None:
    """Add the drafts, and each version's author; the event log knows those of the versions there are."""
    op.create_table(
        "pack_draft",
        sa.Column("pack_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("pack_id"),
    )
    op.add_column("pack_version", sa.Column("author", sa.String(), nullable=False, server_default=sa.text("''")))
    is_postgres = op.get_bind().dialect.name == "postgresql"
    if is_postgres:
        # Behind the wall no row is seen by a transaction that does not say for whom it is.
        op.execute("SET LOCAL app.actor = 'desk'")
    op.execute(_AUTHORS)
    if is_postgres:
        op.execute("SET LOCAL app.actor = ''")
