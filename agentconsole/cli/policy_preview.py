"""`agentconsole policy preview`: what another policy would change for the open cases, before anything changes."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from agentconsole.cli.ask import ask
from agentconsole.cli.policy_source import Named, named_packs
from agentconsole.cli.policy_trying import Bindings, always, bindings, give_way, pieces
from agentconsole.cli.say import tell
from agentconsole.cli.say_json import tell_json
from agentconsole.domain.policy_preview import Preview, Stand, compare, stand
from agentconsole.domain.ticket import case_number
from agentconsole.services.histories import read_told, situation_in
from agentconsole.services.history import facts_of
from agentconsole.wire.client import Client
from agentconsole.wire.histories import Histories

_STANDARD = 20
KEEPS = "Open cases keep the version they began with: this is how they would stand if it had bound them from the start."


def preview(name: str, *, as_json: bool) -> int:
    """Print the open cases whose target, word or place would be another one, and how many those are."""
    (tried,) = named_packs((name,))

    async def work(client: Client) -> tuple[tuple[Preview, ...], ZoneInfo]:
        give_way()
        return await previewed(client, tried)

    previews, zone = ask(work)
    changed = [each for each in previews if each.moves]
    if as_json:
        tell_json(
            {"policy": name, "open": len(previews), **_counts(changed), "cases": [_row(each) for each in changed]}
        )
        return 0
    for line in _lines(tried, changed, len(previews), zone):
        tell(line)
    return 0


async def previewed(client: Client, tried: Named) -> tuple[tuple[Preview, ...], ZoneInfo]:
    """Return the open cases in the order they would have, and the zone that the desk's people are in."""
    bound = await bindings(client, tried.pack.id)
    stands: list[tuple[int, Stand, Stand]] = []
    now: datetime | None = None
    async for piece in pieces(client, tried.pack.id, None):
        # All at one instant: cases that are compared must not have been looked at one after the other.
        now = now or piece.as_of
        stands += _compared(piece, bound, tried, now)
    return compare(stands), ZoneInfo(client.welcome.zone)


def _compared(piece: Histories, bound: Bindings, tried: Named, now: datetime) -> Iterator[tuple[int, Stand, Stand]]:
    for row in piece.rows:
        facts, situation = facts_of(read_told(row)), situation_in(row)
        was, becomes = (
            stand(row.ticket, facts, packs, situation, row.opened_at, now, late_first=piece.late_first)
            for packs in (bound.of(row), always(tried.pack))
        )
        yield row.ticket, was, becomes


def _counts(changed: Sequence[Preview]) -> dict[str, int]:
    return {what: sum(what in each.moves for each in changed) for what in ("target", "word", "place")}


def _row(each: Preview) -> dict[str, object]:
    sides = {"now": asdict(each.now), "then": asdict(each.then)}
    for side in sides.values():
        del side["order"]
    sides["now"]["place"], sides["then"]["place"] = each.place_now, each.place_then
    return {"case": case_number(each.ticket), "changes": each.moves, **sides}


def _lines(tried: Named, changed: Sequence[Preview], cases: int, zone: ZoneInfo) -> Iterator[str]:
    yield f"{tried.pack.title} ({tried.pack.id}, {tried.label}) on {cases} open cases"
    if changed:
        yield f"\n{'CASE':<10} {'STANDARD':<{_STANDARD}} {'DUE NOW':<12} {'THEN':<12} {'NOW':<4} {'THEN':<4}  PLACE"
    for each in changed:
        yield (
            f"{case_number(each.ticket):<10} {_standard(each.then):<{_STANDARD}}"
            f" {_due(each.now, zone):<12} {_due(each.then, zone):<12} {each.now.word:<4} {each.then.word:<4}"
            f"  {each.place_now} -> {each.place_then}"
        )
    counts = _counts(changed)
    yield (
        f"\n{len(changed)} of {cases} would change: {counts['target']} the target, {counts['word']} the word,"
        f" {counts['place']} the place among these cases."
    )
    yield KEEPS


def _standard(one: Stand) -> str:
    name = one.standard or "none"
    return name if len(name) <= _STANDARD else f"{name[: _STANDARD - 3]}..."


def _due(one: Stand, zone: ZoneInfo) -> str:
    return "none" if one.due is None else f"{one.due.astimezone(zone):%d %b %H:%M}"
