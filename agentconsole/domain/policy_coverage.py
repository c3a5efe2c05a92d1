"""What keeps each clause of a pack today, and what is only written down in it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from agentconsole.domain.out_of_hours import OUT_OF_HOURS
from agentconsole.domain.policy import ActionKind, Clause, Pack, Standard
from agentconsole.domain.policy_program import (
    CHANNELS_AT_WORK,
    CLOCKS_AT_WORK,
    MEANS_AT_WORK,
    OPEN_AT_WORK,
    PROGRAM,
    Means,
)
from agentconsole.domain.terms import Stage

Found = tuple[str, "Carrier"]


class Standing(StrEnum):
    """Say how far a clause has come: it is kept, only written down, or neither; a heading promises nothing."""

    AT_WORK = "at work"
    PACKED = "in the pack"
    NOTHING = "nothing yet"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Carrier:
    """Name one thing that carries a clause; `row` is the requirement it carries alone, empty when it carries all."""

    means: Means
    name: str
    at_work: bool
    row: str = ""


@dataclass(frozen=True, slots=True)
class Covered:
    """Hold a clause and what carries it."""

    clause: Clause
    carriers: tuple[Carrier, ...]

    @property
    def standing(self) -> Standing:
        """Return how far the clause has come: as far as the least of its requirements, each as its best carrier."""
        if self.clause.title:
            return Standing.HEADING
        return least(self.standing_of(row) for row in self.clause.rows or ("",))

    def standing_of(self, row: str) -> Standing:
        """Return how far one of the clause's requirements has come, or "" for what carries all of them."""
        return _standing([one for one in self.carriers if one.row in ("", row)])


@dataclass(frozen=True, slots=True)
class Coverage:
    """Hold what carries each clause of one pack, in the order of the document."""

    pack: Pack
    clauses: tuple[Covered, ...]

    @property
    def totals(self) -> dict[Standing, int]:
        """Return how many clauses stand where."""
        return _counted(covered.standing for covered in self.clauses)

    @property
    def rows(self) -> dict[str, Standing]:
        """Return each requirement of the pack with how far it has come: as far as the least of its clauses."""
        rows: dict[str, list[Standing]] = {}
        for covered in self.clauses:
            for row in covered.clause.rows:
                rows.setdefault(row, []).append(covered.standing_of(row))
        return {row: least(standings) for row, standings in rows.items()}

    @property
    def row_totals(self) -> dict[Standing, int]:
        """Return how many requirements stand where."""
        return _counted(self.rows.values())


def least(standings: Iterable[Standing]) -> Standing:
    """Return the standing that is furthest from being at work."""
    return max(standings, key=list(Standing).index)


def cover(pack: Pack) -> Coverage:
    """Return what carries each clause of a pack, told apart by whether the program does it today."""
    found: dict[str, list[Carrier]] = {}
    for clause, carrier in (*_clocks(pack), *_messages(pack), *_parts(pack), *_open_points(pack), *_program(pack)):
        found.setdefault(clause, []).append(carrier)
    return Coverage(pack, tuple(Covered(clause, tuple(found.get(clause.id, ()))) for clause in pack.clauses))


def is_at_work(standard: Standard) -> bool:
    """Say whether the desk starts this clock today: its kind, its channel, and a ticket that it can bind."""
    applies = standard.applies
    is_reachable = not applies.channels or bool(CHANNELS_AT_WORK.intersection(applies.channels))
    is_unknown = applies.queues or applies.kinds or applies.tiers or applies.stages == (Stage.COMPLAINT,)
    return standard.clock in CLOCKS_AT_WORK and is_reachable and not is_unknown


def messages_at_work(pack: Pack) -> frozenset[str]:
    """Return the messages that the desk sends by itself today: of the actions of clocks that run, and out of hours."""
    acting = [
        action.message
        for standard in pack.standards
        if is_at_work(standard)
        for action in standard.actions
        if action.kind is not ActionKind.FORWARD_TO_VOICEMAIL
    ]
    closed = [
        message.id
        for message in pack.messages
        if message.id.startswith(OUT_OF_HOURS) and message.channel in CHANNELS_AT_WORK & pack.channel_calendars.keys()
    ]
    return frozenset((*acting, *closed))


def _clocks(pack: Pack) -> Iterator[Found]:
    for standard in pack.standards:
        yield standard.clause, Carrier(Means.CLOCK, standard.id, is_at_work(standard))


def _messages(pack: Pack) -> Iterator[Found]:
    sent = messages_at_work(pack)
    for message in pack.messages:
        yield message.clause, Carrier(Means.MESSAGE, message.id, message.id in sent)


def _parts(pack: Pack) -> Iterator[Found]:
    """Yield the parts that are at work all or none, by their means."""
    procedure = pack.procedure
    parts: tuple[tuple[Means, Iterable[tuple[str, str]]], ...] = (
        (Means.DUTY, ((one.clause, one.id) for one in pack.duties)),
        (Means.PROCEDURE, [(procedure.clause, "procedure")] if procedure else []),
        (Means.PROCEDURE, ((one.clause, one.id) for one in procedure.steps) if procedure else []),
        (Means.LETTER, ((one.clause, one.id) for one in pack.letters)),
        (Means.TRIGGER, ((one.clause, one.id) for one in pack.triggers)),
        (Means.PACKET, ((clause, field) for field, clause in pack.packet_clauses.items())),
        (Means.CONTACT, ((one.clause, one.id) for one in pack.contacts)),
        (Means.KPI, ((one.clause, one.id) for one in pack.kpis)),
        (Means.REPORT, ((one.clause, one.id) for one in pack.reports)),
        (Means.CRITERION, ((one.clause, one.id) for one in pack.criteria)),
        (Means.REGISTER, ((one.clause, one.id) for one in pack.assurances)),
        (Means.RETENTION, ((one.clause, one.id) for one in pack.retention)),
        (Means.RESIDENCY, [(pack.residency.clause, pack.residency.region)] if pack.residency else []),
    )
    for means, named in parts:
        for clause, name in named:
            yield clause, Carrier(means, name, means in MEANS_AT_WORK)


def _open_points(pack: Pack) -> Iterator[Found]:
    for choice in pack.choices:
        yield choice.clause, Carrier(Means.SETTING, choice.id, choice.id in OPEN_AT_WORK)
    for blank in pack.blanks:
        yield blank.clause, Carrier(Means.BLANK, blank.id, blank.id in OPEN_AT_WORK)


def _program(pack: Pack) -> Iterator[Found]:
    for clause in pack.clauses:
        for row in clause.rows:
            if row in PROGRAM:
                yield clause.id, Carrier(Means.PROGRAM, PROGRAM[row].does, at_work=True, row=row)


def _standing(carriers: Iterable[Carrier]) -> Standing:
    """Return how far the best of some carriers is; an answer to a question counts where nothing else carries."""
    asked = (Means.SETTING, Means.BLANK)
    held = list(carriers)
    deciding = [one.at_work for one in held if one.means not in asked] or [one.at_work for one in held]
    if any(deciding):
        return Standing.AT_WORK
    return Standing.PACKED if deciding else Standing.NOTHING


def _counted(standings: Iterable[Standing]) -> dict[Standing, int]:
    counts = Counter(standings)
    return {standing: counts[standing] for standing in Standing}
