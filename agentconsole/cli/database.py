"""The database of a new desk: where PostgreSQL keeps it, and which of its roles may do what."""

from agentconsole.cli.say import tell
from agentconsole.config.paths import DeskPaths
from agentconsole.domain.errors import Refused
from agentconsole.storage.database import keep_name
from agentconsole.storage.postgres_database import PostgresDatabase


def name_database(paths: DeskPaths, app: str, owner: str) -> None:
    """Have a desk keep its rows in PostgreSQL, as the role `app`; the role `owner` makes and changes the tables.

    Refuses a password in either, a database that cannot be reached, and one that has a desk already.
    """
    PostgresDatabase(app, owner).check()
    database = PostgresDatabase(app, owner or app)
    if database.holds_something():
        raise Refused("There is a desk in that database already: make an empty one for this desk.")
    database.upgrade()
    paths.make()
    keep_name(paths, app, owner or app)
    if not owner:
        tell("One role owns the tables and uses them: with --database-owner the desk's own could not change the log.")
