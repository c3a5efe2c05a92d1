"""What differs between two packs, in words: what was added, removed and changed, clause by clause."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from agentconsole.domain.policy import Clause, Pack
from agentconsole.domain.policy_words import fields_in_words

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
_IDENTITY = ("title", "organisation", "source", "revision_text", "revision_date", "intent", "zone", "currency", "order")


class _Clausal(Protocol):
    """Be anything that a pack says under one of its clauses, with an id of its own."""

    @property
    def id(self) -> str: ...

    @property
    def clause(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Detail:
    """Say of one field what it was and what it is; "" is nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """State one difference: what happened (added, removed, changed) to which thing of which clause ("": of none)."""

    what: str
    kind: str
    id: str
    clause: str
    details: tuple[Detail, ...]


@dataclass(frozen=True, slots=True)
class _Item:
    """Hold one thing that a pack says: its clause, and its fields in words."""

    clause: str
    fields: Mapping[str, str]


def diff(before: Pack, after: Pack) -> tuple[Change, ...]:
    """Return all that differs, in the order of the clauses of `after`; what only `before` has comes with its clause.

    Who says it and since when (version, status, instant) is no difference.
    """
    old, new = dict(_items(before)), dict(_items(after))
    order = {clause.id: place for place, clause in enumerate(chain(after.clauses, before.clauses), 1)}
    order |= {clause.id: place for place, clause in enumerate(after.clauses, 1)}
    changes = [
        _change(kind, id, old.get((kind, id)), new.get((kind, id)))
        for kind, id in dict.fromkeys((*new, *old))
        if old.get((kind, id)) != new.get((kind, id))
    ]
    return tuple(sorted(changes, key=lambda change: order.get(change.clause, 0)))


def _change(kind: str, id: str, old: _Item | None, new: _Item | None) -> Change:
    was, becomes = dict(old.fields if old else {}), dict(new.fields if new else {})
    if old is not None and new is not None and old.clause != new.clause:
        was["clause"], becomes["clause"] = old.clause, new.clause
    names = dict.fromkeys((*was, *becomes))
    details = tuple(
        Detail(name, was.get(name, ""), becomes.get(name, ""))
        for name in names
        if was.get(name, "") != becomes.get(name, "")
    )
    what = ADDED if old is None else REMOVED if new is None else CHANGED
    held = new or old
    return Change(what, kind, id, held.clause if held else "", details)


def _items(pack: Pack) -> Iterator[tuple[tuple[str, str], _Item]]:
    """Yield everything that a pack says, by kind and id."""
    yield ("policy", pack.id), _Item("", fields_in_words({name: getattr(pack, name) for name in _IDENTITY}))
    for clause in pack.clauses:
        yield ("clause", clause.id), _Item(clause.id, fields_in_words(clause))
    for kind, things in _lists(pack).items():
        for thing in things:
            yield (kind, thing.id), _Item(thing.clause, fields_in_words(thing))
    yield from _rest(pack)


def _lists(pack: Pack) -> Mapping[str, tuple[_Clausal, ...]]:
    return {
        "standard": pack.standards,
        "duty": pack.duties,
        "step": pack.procedure.steps if pack.procedure else (),
        "letter": pack.letters,
        "trigger": pack.triggers,
        "indicator": pack.kpis,
        "report": pack.reports,
        "message": pack.messages,
        "contact": pack.contacts,
        "blank": pack.blanks,
        "setting": pack.choices,
        "criterion": pack.criteria,
        "assurance": pack.assurances,
        "retention": pack.retention,
    }


def _rest(pack: Pack) -> Iterator[tuple[tuple[str, str], _Item]]:
    """Yield what has no clause of its own, or stands once."""
    for name, calendar in pack.calendars.items():
        yield ("calendar", name), _Item("", fields_in_words(calendar))
    for channel, name in pack.channel_calendars.items():
        yield ("hours", channel.value), _Item("", {"calendar": name})
    for alias, role in pack.role_aliases.items():
        yield ("role", alias), _Item("", {"is": role.value})
    for field in pack.packet:
        yield ("hand-off", field), _Item(pack.packet_clauses.get(field, ""), {})
    if pack.procedure is not None:
        whole = {name: words for name, words in fields_in_words(pack.procedure).items() if name != "steps"}
        yield ("procedure", ""), _Item(pack.procedure.clause, whole)
    if pack.residency is not None:
        yield ("residency", ""), _Item(pack.residency.clause, fields_in_words(pack.residency))


def clauses_of(changes: tuple[Change, ...], pack: Pack) -> dict[str, Clause]:
    """Return those clauses of a pack that a change is about, by id."""
    meant = {change.clause for change in changes}
    return {clause.id: clause for clause in pack.clauses if clause.id in meant}
