"""Whether what guards a desk in PostgreSQL stands as it was made: the role that works there, and the second wall."""

import sqlalchemy as sa
from sqlmodel import Session

OPEN = "alembic_version"
"""The one table that anybody in the database may read: it says which schema this is."""
SEARCHED = "search_doc"
"""Is read through a view of the owner's: under a policy the planner would not use the index of its words."""
TABLES = "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
UNGUARDED = (
    f"{TABLES} AND c.relname <> '{OPEN}' AND NOT (c.relrowsecurity AND (c.relforcerowsecurity"
    f" OR c.relname = '{SEARCHED}')) ORDER BY c.relname"
)
"""Finds the tables that stand outside of the wall."""
_ROLE = (
    "SELECT rolname, rolsuper OR rolbypassrls AS is_past, EXISTS (SELECT 1 FROM pg_class WHERE relname = 'event'"
    " AND relnamespace = 'public'::regnamespace AND pg_has_role(rolname, relowner, 'USAGE')) AS owns"
    " FROM pg_roles WHERE rolname = current_user"
)
_OFF = (
    "SELECT tgname FROM pg_trigger WHERE tgrelid = 'event'::regclass AND NOT tgisinternal AND tgenabled = 'D'"
    " ORDER BY tgname"
)


def check_guards(session: Session) -> tuple[str, str]:
    """Return how well PostgreSQL guards this desk, "ok", "warn" or "bad", and a sentence about it with what to do."""
    role = session.execute(sa.text(_ROLE)).one()
    if role.is_past:
        return "bad", f"The role {role.rolname} is a superuser, whom no wall stops: give the desk a plain one."
    bare = list(session.execute(sa.text(UNGUARDED)).scalars())
    if bare:
        return "bad", f"Tables stand outside of the wall ({', '.join(bare)}): restore a backup into a new database."
    off = list(session.execute(sa.text(_OFF)).scalars())
    if off:
        return "bad", f"Guards of the event log are off ({', '.join(off)}): have its owner ENABLE TRIGGER USER on it."
    if role.owns:
        return "warn", f"The role {role.rolname} owns its tables and could change the log: let another role own them."
    return "ok", f"The role {role.rolname} owns nothing, adds to the log, and says in each transaction for whom it is."
