"""Of the standards that the shipped packs hold, the import proposes nine in ten from the same documents.

Where a machine does not have the documents, the packs are held against the digest that they had when they were counted.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from agentconsole.config.packs import holiday_sets, load_pack, shipped_packs
from agentconsole.domain.policy import (
    Business,
    CalendarSpan,
    Comparator,
    Elapsed,
    Pack,
    Rings,
    Target,
    WorkingDays,
)
from agentconsole.domain.policy_import import import_policy
from agentconsole.domain.policy_parse import parse_pack
from tests.policies.documents import document_lines
from tests.policies.test_documents import HELD, digest

FEWEST_HITS = 0.9
MOST_EXTRAS = 0.25

Promise = tuple[str, frozenset[str], str, str, int]


@dataclass(frozen=True, slots=True)
class Count:
    """Hold what of a shipped pack was proposed, what was not, and what was proposed besides."""

    hits: Counter[Promise]
    misses: Counter[Promise]
    extras: Counter[Promise]


def amount(target: Target) -> str:
    """Write the amount of a target: of time alike whether it counts open hours or all."""
    match target:
        case Rings(count, _):
            words = f"{count} rings"
        case Elapsed(time) | Business(time, _):
            words = str(time)
        case WorkingDays(days, _, _, _):
            words = f"{days} working days"
        case CalendarSpan(unit, count, _):
            words = f"{count} {unit}"
        case _:
            words = type(target).__name__
    return words


def exact(target: Target) -> str:
    """Write the amount of a target with its kind."""
    return f"{amount(target)} ({type(target).__name__})"


def promises(pack: Pack, written: Callable[[Target], str] = amount) -> Iterator[Promise]:
    """Yield the standards and the steps with a term: clock, channels, amount, comparator and line of the document."""
    for standard in pack.standards:
        channels = frozenset(channel.value for channel in standard.applies.channels)
        line = pack.clause(standard.clause).line
        yield (standard.clock.value, channels, written(standard.target), standard.comparator.value, line)
    for step in pack.procedure.steps if pack.procedure else ():
        if step.target is not None:
            yield (step.id, frozenset(), written(step.target), Comparator.WITHIN.value, pack.clause(step.clause).line)


def count(pack_id: str) -> Count | None:
    """Import the document of a shipped pack and count; None where this machine has no documents."""
    shipped = load_pack(pack_id)
    lines = document_lines(shipped.source)
    if lines is None:
        return None
    draft = import_policy("\n".join(lines).encode(), file=shipped.source)
    pack = parse_pack(draft.text, file="draft.toml", holiday_sets=holiday_sets(), answers={})
    wanted, proposed = Counter(promises(shipped, exact)), Counter(promises(pack, exact))
    return Count(wanted & proposed, wanted - proposed, proposed - wanted)


def test_nine_of_ten_shipped_standards_are_proposed_and_few_others(capsys: pytest.CaptureFixture[str]) -> None:
    counts = {pack_id: counted for pack_id in shipped_packs() if (counted := count(pack_id)) is not None}

    for pack_id, counted in counts.items():
        for sign, found in (("hit", counted.hits), ("MISS", counted.misses), ("extra", counted.extras)):
            for clock, channels, target, comparator, line in found.elements():
                print(f"{pack_id} {sign}: line {line} {clock} {sorted(channels)} {comparator} {target}")
        print(f"{pack_id}: {counted.hits.total()} of {(counted.hits + counted.misses).total()} proposed")
    hits, misses, extras = (
        sum(getattr(counted, kind).total() for counted in counts.values()) for kind in ("hits", "misses", "extras")
    )
    print(f"{hits} of {hits + misses} proposed, {extras} besides")
    assert {pack_id: digest(load_pack(pack_id)) for pack_id in shipped_packs()} == HELD
    assert hits >= FEWEST_HITS * (hits + misses), capsys.readouterr().out
    assert extras <= MOST_EXTRAS * (hits + extras), capsys.readouterr().out


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_a_draft_of_a_shipped_document_is_no_pack_in_force(pack_id: str) -> None:
    shipped = load_pack(pack_id)
    lines = document_lines(shipped.source) or ["We answer emails within 2 hours.", "Date of Last Revision: 27/07/2022"]

    draft = import_policy("\n".join(lines).encode(), file=shipped.source)

    pack = parse_pack(draft.text, file="draft.toml", holiday_sets=holiday_sets(), answers={})
    assert pack.status.value == "draft"
    assert all(clause.quote in " ".join(lines[clause.line - 1].split()) for clause in pack.clauses)
