"""Codes that were spent, and guesses at a password counted by where they came from."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Keep every spent step of an authenticator, and give each counted name its source."""
    op.create_table(
        "spent_code",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_spent_code_user_id_user")),
        sa.PrimaryKeyConstraint("user_id", "step", name=op.f("pk_spent_code")),
    )
    op.execute("INSERT INTO spent_code (user_id, step) SELECT user_id, last_step FROM factor WHERE last_step > 0")
    op.rename_table("password_guard", "password_guard_by_name")
    if op.get_bind().dialect.name == "postgresql":
        # There a key's name belongs to the schema, and goes along with the table that is renamed.
        op.execute("ALTER INDEX pk_password_guard RENAME TO pk_password_guard_by_name")
    op.create_table(
        "password_guard",
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("fails_consecutive", sa.Integer(), nullable=False),
        sa.Column("fails_total", sa.Integer(), nullable=False),
        sa.Column("last_attempt_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("login", "source", name=op.f("pk_password_guard")),
    )
    op.execute(
        "INSERT INTO password_guard (login, source, fails_consecutive, fails_total, last_attempt_at)"
        " SELECT login, '', fails_consecutive, fails_total, last_attempt_at FROM password_guard_by_name"
    )
    op.drop_table("password_guard_by_name")
