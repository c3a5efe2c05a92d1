"""Several desk servers on one database in PostgreSQL: each with a home and a socket of its own, one clock for all."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from agentconsole.config.clock import SetClock
from agentconsole.config.paths import DeskPaths
from tests.desk_bench import ECOLAB, MONDAY, POSTGRES, make_home, name_database, place_of
from tests.postgres import Place, cluster
from tests.server_bench import PEOPLE, Served, serve

BEAT = 0.1


def homes(
    folder: Path,
    count: int = 2,
    *,
    brands: tuple[tuple[str, str, str], ...] = (ECOLAB,),
    people: Sequence[tuple[str, str]] = PEOPLE,
    database: str = POSTGRES,
) -> tuple[list[DeskPaths], Place]:
    """Found a desk in PostgreSQL, and name its database in so many homes, as on so many hosts."""
    first = make_home(folder / "0", brands, tuple(people), database)
    place = place_of(first)
    assert place is not None
    made = [first]
    for number in range(1, count):
        paths = make_home(folder / str(number), brands, tuple(people))
        paths.database.unlink()
        name_database(paths, place)
        made.append(paths)
    return made, place


@asynccontextmanager
async def serve_several(folder: Path, count: int = 2, **more: Any) -> AsyncIterator[list[Served]]:
    """Run so many servers on one desk; whoever signs in moves the clock of them all."""
    people = more.pop("people", PEOPLE)
    made, place = homes(folder, count, people=people, database=more.pop("database", POSTGRES))
    clock = SetClock(MONDAY)
    options: dict[str, Any] = {"clock": clock, "beat_seconds": BEAT} | more
    try:
        async with AsyncExitStack() as stack:
            yield [
                await stack.enter_async_context(serve(folder, paths=paths, people=people, **options)) for paths in made
            ]
    finally:
        cluster().drop(place)
