"""`agentconsole policy replay`: the promises of a period lived through again under another policy."""

import csv
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from agentconsole.cli.ask import ask
from agentconsole.cli.policy_source import Named, named_packs
from agentconsole.cli.policy_trying import always, bindings, give_way, pieces
from agentconsole.cli.progress import Steps
from agentconsole.cli.say import tell
from agentconsole.cli.say_json import tell_json
from agentconsole.domain.errors import Refused
from agentconsole.domain.replay import on_record, relived
from agentconsole.domain.replay_plot import plot, table, verdict
from agentconsole.domain.replay_tally import Count, Tally
from agentconsole.services.histories import read_told, situation_in
from agentconsole.services.history import facts_of
from agentconsole.wire.client import Client

EACH = "@each"
_COLUMNS = tuple(asdict(Count()))


def replay(name: str, days: int, csv_file: str, *, as_json: bool) -> int:
    """Replay a period and print what would have been kept and broken beside what is on record."""
    own = name.endswith(EACH)
    (tried,) = named_packs((name.removesuffix(EACH),))
    if own:
        tried = replace(tried, label="each case under the version it began with")

    async def work(client: Client) -> tuple[Tally, datetime]:
        give_way()
        return await replayed(client, tried, days, own=own)

    # Opened first: a path that cannot be written is said before the work and not after it.
    with _new_file(csv_file) if csv_file else nullcontext() as written:
        tally, until = ask(work)
        if written is not None:
            csv.writer(written, lineterminator="\n").writerows(_cells(tally))
    if as_json:
        tell_json(_as_json(name, tally, until))
        return 0
    for line in _lines(tried, tally, days):
        tell(line)
    return 0


@contextmanager
def _new_file(path: str) -> Iterator[TextIO]:
    """Open a file that is not there yet; it is gone again when what was to fill it did not work."""
    opened = _opened(path)
    try:
        with opened:
            yield opened
    except BaseException:
        Path(path).unlink(missing_ok=True)
        raise


def _opened(path: str) -> TextIO:
    try:
        return Path(path).open("x", encoding="utf-8", newline="")
    except FileExistsError:
        raise Refused(f"{path} is there already: name a new file for the table.") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "no such path"
        raise Refused(f"{path} cannot be written ({why}): name another file for the table.") from None


async def replayed(client: Client, tried: Named, days: int, *, own: bool = False) -> tuple[Tally, datetime]:
    """Return the count of a period that ends now, and its end (UTC).

    With `own` each case is replayed under the version it began with: what is on record must come out.
    """
    now = client.welcome.now
    tally = Tally(now - timedelta(days=days), ZoneInfo(client.welcome.zone))
    bound, packs = await bindings(client, tried.pack.id), always(tried.pack)
    steps, part = Steps(), ExitStack()
    with part:
        async for piece in pieces(client, tried.pack.id, tally.since):
            if not tally.tickets:
                part.enter_context(steps.part("Replaying cases", piece.total))
            for row in piece.rows:
                facts, situation = facts_of(read_told(row)), situation_in(row)
                tally.add(
                    on_record(facts, bound.of(row), situation, piece.as_of),
                    relived(facts, bound.of(row) if own else packs, situation, piece.as_of),
                )
            steps.told("", len(piece.rows))
    return tally, now


def _lines(tried: Named, tally: Tally, days: int) -> Iterator[str]:
    total = tally.total
    yield f"{tried.pack.title} ({tried.pack.id}, {tried.label}), replayed over {days} days, {tally.tickets} cases"
    if not tally.cells:
        yield "No promise began in that time: nothing is to be compared."
        return
    yield ""
    yield from table(tally.standards, total)
    yield ""
    yield from plot(tally.weeks)
    yield ""
    yield verdict(total)
    yield f"{total.running} promises still run on record and {total.replay_running} replayed; they are in no column."
    if total.overdue:
        yield f"{total.overdue} are past their time and have no breach on record (yet): audit verify, doctor."


def _cells(tally: Tally) -> Iterator[tuple[object, ...]]:
    yield ("week_of", "standard", *_COLUMNS)
    for (week, standard), count in sorted(tally.cells.items()):
        yield (week.isoformat(), standard, *asdict(count).values())


def _as_json(name: str, tally: Tally, until: datetime) -> dict[str, object]:
    return {
        "policy": name,
        "since": tally.since,
        "until": until,
        "cases": tally.tickets,
        "total": asdict(tally.total),
        "standards": {standard: asdict(count) for standard, count in tally.standards.items()},
        "weeks": {week.isoformat(): asdict(count) for week, count in tally.weeks.items()},
    }
