"""Kept and broken promises as lines of plain characters, at most 80 cells wide: a table and a plot by weeks."""

from collections.abc import Iterator, Mapping
from datetime import date

from agentconsole.domain.replay_tally import Count

BAR = 20
_NAME = 26


def table(standards: Mapping[str, Count], total: Count) -> Iterator[str]:
    """Yield a line a standard: kept and broken on record, kept and broken replayed, and how many more are broken."""
    yield f"{'':<{_NAME}} {'ON RECORD':>17}   {'REPLAYED':>17}   {'MORE':>8}"
    yield f"{'STANDARD':<{_NAME}} {'kept':>8} {'broken':>8}   {'kept':>8} {'broken':>8}   {'broken':>8}"
    for name, count in (*standards.items(), ("all", total)):
        # A name that is too long for the column is cut: the whole one stands in the CSV and the JSON.
        shown = name if len(name) <= _NAME else f"{name[: _NAME - 3]}..."
        more = count.replay_broken - count.broken
        yield (
            f"{shown:<{_NAME}} {count.kept:>8} {count.broken:>8}   {count.replay_kept:>8} {count.replay_broken:>8}"
            f"   {f'{more:+}' if more else 'same':>8}"
        )


def plot(weeks: Mapping[date, Count]) -> Iterator[str]:
    """Yield a line a week: what was broken of what ended, as a bar and in numbers, on record and replayed."""
    most = max((max(count.broken, count.replay_broken) for count in weeks.values()), default=0)
    yield f"{'WEEK OF':<10}  {'BROKEN ON RECORD':<{BAR + 11}}  {'BROKEN REPLAYED':<{BAR + 11}}".rstrip()
    for week, count in weeks.items():
        record = _bar("#", count.broken, count.ended, most)
        replayed = _bar("=", count.replay_broken, count.replay_ended, most)
        yield f"{week.isoformat()}  {record}  {replayed}".rstrip()


def _bar(mark: str, broken: int, ended: int, most: int) -> str:
    cells = -(-broken * BAR // most) if most else 0
    return f"{mark * cells:<{BAR}} {f'{broken}/{ended}':<10}"


def verdict(total: Count) -> str:
    """Say in a sentence what the replay comes to."""
    more = total.replay_broken - total.broken
    if not more and total.kept == total.replay_kept:
        return f"As many promises are kept and broken as on record: {total.kept} and {total.broken}."
    if not more:
        return f"As many promises are broken as on record: {total.broken}."
    return f"{abs(more)} {'more' if more > 0 else 'fewer'} promises would have been broken than are on record."
