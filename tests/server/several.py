"""Several desk servers on one database in PostgreSQL: each with a home and a socket of its own, one clock for all."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

from agentconsole.config.clock import SetClock
from agentconsole.config.paths import DeskPaths
from agentconsole.server.desk import OpenDesk, open_desk
from agentconsole.server.heartbeat import joining
from agentconsole.services import leases
from agentconsole.storage.transaction import DESK
from tests.desk_bench import ECOLAB, MONDAY, POSTGRES, make_home, master, name_database, place_of
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


@contextmanager
def two_desks(folder: Path) -> Iterator[tuple[OpenDesk, OpenDesk]]:
    """Open one desk on two hosts, without servers."""
    made, place = homes(folder)
    clock = SetClock(MONDAY)
    one, two = (
        open_desk(paths, {}, committed=lambda _: None, clock=clock, wall=clock, master=master()) for paths in made
    )
    with closing(one), closing(two):
        yield one, two
    cluster().drop(place)


def join(desk: OpenDesk) -> None:
    """Have a desk's database know a server of this host."""
    me = joining(desk)
    desk.writer.run(DESK, lambda tx: leases.join(tx, me, alone=False))


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
