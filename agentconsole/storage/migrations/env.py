"""What Alembic runs: our connection, one transaction for everything, plain SQLAlchemy types."""

from alembic import context

from agentconsole.storage.tables.all import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    transaction_per_migration=False,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
