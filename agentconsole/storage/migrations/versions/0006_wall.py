"""The second wall of a desk in PostgreSQL: who an event is of, case numbers without gaps, texts found by an actor."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Hold each event against its transaction's actor, count cases by the last one, and show texts by a view.

    The policies of the tables are set after every migration, by `storage.postgres_wall`. A file has none of this: it
    counts cases by the last one itself, and who can open it is its owner.
    """
    if op.get_bind().dialect.name == "postgresql":
        _check_who()
        _count_cases()
        _show_texts()


def _check_who() -> None:
    # Whoever owns the log could take the trigger off: a move brings events that others wrote.
    op.execute(
        "CREATE FUNCTION event_is_of_its_actor() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.actor IS DISTINCT FROM current_setting('app.actor', true) AND NOT pg_has_role(current_user,"
        " (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')"
        " THEN RAISE EXCEPTION 'an event is of the actor of its transaction'; END IF; RETURN NEW; END $$"
    )
    op.execute("CREATE TRIGGER event_who BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION event_is_of_its_actor()")


def _count_cases() -> None:
    # A sequence keeps the numbers of what was rolled back, and customers see the gaps. Who writes holds the desk's
    # lock, so that two never count at once.
    op.execute("ALTER TABLE ticket ALTER COLUMN id DROP DEFAULT")
    op.execute("DROP SEQUENCE ticket_id_seq")
    op.execute(
        "CREATE FUNCTION next_case() RETURNS bigint LANGUAGE sql VOLATILE"
        " AS $$ SELECT coalesce(max(id), 0) + 1 FROM ticket $$"
    )
    op.execute("ALTER TABLE ticket ALTER COLUMN id SET DEFAULT next_case()")


def _show_texts() -> None:
    op.execute(
        "CREATE VIEW search_text AS SELECT id, ticket, body FROM search_doc"
        " WHERE current_setting('app.actor', true) <> ''"
    )
