"""Checking a history of what many agents did to cases at once: one chain of versions a case, and nobody left untold."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

TOLD = frozenset({"contact", "note", "reply", "owner", "status", "priority", "escalated", "undone"})
"""Kinds of changes, without `ticket.`, of which whoever works on an older version has to be told."""
LEAVES = {"SetPriority": "priority", "AddNote": "note"}
"""Commands that leave exactly one change of a kind that no other command here leaves."""


@dataclass(frozen=True)
class Change:
    """One entry of the log about a case: who brought it to which version."""

    version: int
    actor: str
    kind: str


@dataclass(frozen=True)
class Deed:
    """One command as its sender saw it: on which version it was based, when it was asked and answered, and how.

    `version` is what the case came to; None: it was refused, or `stale`, with `told` changes shown.
    """

    actor: str
    ticket: int
    name: str
    asked: float
    answered: float
    seen: int | None = None
    version: int | None = None
    stale: bool = False
    told: int = 0


def faults(deeds: Sequence[Deed], log: Mapping[int, Sequence[Change]], now: Mapping[int, int]) -> list[str]:
    """Return what is wrong with a history: `log` in its order, by case, and the version `now` of each case."""
    found = [*_broken_chains(log, now), *_wrong_counts(deeds, log)]
    for ticket, changes in log.items():
        done = [deed for deed in deeds if deed.ticket == ticket and deed.version is not None]
        at = {change.version: change for change in changes}
        found += [*_unknown(done, at), *_out_of_time(done), *_untold(done, at)]
    found += [f"{deed.actor} was stopped on case {deed.ticket} without being told why" for deed in deeds if _mute(deed)]
    return found


def _mute(deed: Deed) -> bool:
    return deed.stale and not deed.told


def _broken_chains(log: Mapping[int, Sequence[Change]], now: Mapping[int, int]) -> Iterator[str]:
    for ticket, changes in log.items():
        versions = [change.version for change in changes]
        if versions != list(range(versions[0], versions[0] + len(versions))):
            yield f"the versions of case {ticket} are no chain: {versions}"
        if versions[-1] != now[ticket]:
            yield f"case {ticket} is at version {now[ticket]}, its log ends with {versions[-1]}"


def _wrong_counts(deeds: Sequence[Deed], log: Mapping[int, Sequence[Change]]) -> Iterator[str]:
    """What was answered as done was done once: neither lost nor done again when it was asked again."""
    done = Counter((d.actor, d.ticket, LEAVES[d.name]) for d in deeds if d.version is not None and d.name in LEAVES)
    kept = Counter(
        (change.actor, ticket, change.kind)
        for ticket, changes in log.items()
        for change in changes
        if change.kind in LEAVES.values() and change.actor in {deed.actor for deed in deeds}
    )
    for key in sorted({*done, *kept}):
        if done[key] != kept[key]:
            yield f"{key[0]} did {key[2]} to case {key[1]} {done[key]} times, the log has {kept[key]}"


def _unknown(done: Sequence[Deed], at: Mapping[int, Change]) -> Iterator[str]:
    owners: dict[int, str] = {}
    for deed in done:
        version = deed.version or 0
        change = at.get(version)
        if change is None or change.actor != deed.actor:
            yield f"{deed.actor} was told version {version} of case {deed.ticket}, which is {change}"
        if version in owners:
            yield f"version {version} of case {deed.ticket} was told to {owners[version]} and {deed.actor}: a fork"
        owners[version] = deed.actor


def _out_of_time(done: Sequence[Deed]) -> Iterator[str]:
    """Who asked after another was answered comes to a later version."""
    ended = sorted(done, key=lambda deed: deed.answered)
    for deed in done:
        latest = max((one.version or 0 for one in ended if one.answered < deed.asked), default=0)
        if latest >= (deed.version or 0):
            yield f"{deed.actor} got version {deed.version} of case {deed.ticket} after {latest} was answered"


def _untold(done: Sequence[Deed], at: Mapping[int, Change]) -> Iterator[str]:
    for deed in done:
        if deed.seen is None:
            continue
        between = (at.get(version) for version in range(deed.seen + 1, deed.version or 0))
        missed = [one for one in between if one is not None and one.actor != deed.actor and one.kind in TOLD]
        if missed:
            yield f"{deed.actor} did {deed.name} to version {deed.seen} of case {deed.ticket}, untold of {missed[0]}"
