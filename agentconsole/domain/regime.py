"""A regime: the steps that a law or an ombudsman asks of complaints, and how they join a pack's own procedure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from agentconsole.domain.calendar import Calendar
from agentconsole.domain.clock_target import measure
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import BestEffort, Elapsed, Pack, Rings, Step, Target
from agentconsole.domain.terms import Role

NO_REGIME = ("", "none")
"""What a procedure says that is under no regime."""

REGIME_SETTING = "regime"
"""The setting of a pack by which a desk puts its complaints under a regime."""

REVIEW_SETTING = "regime_reviewed_by"
"""The setting of a pack in which a desk says who reviewed the regime's wording for it, and when."""

NOBODY = "nobody"

RECEIPT = "receipt"
COUNTS_FROM = (RECEIPT, "acknowledgement", "second_stage", "second_acknowledgement")
"""From what a term is counted: the complaint's receipt, its acknowledgement, or those of the second stage."""

ORDER = (
    "log", "pass_to", "acknowledge", "settle_early", "hold", "investigate", "respond", "acknowledge_second",
    "hold_second", "respond_second", "review", "follow_up",
)  # fmt: skip
"""The steps in the order in which a complaint goes through them."""

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RegimeClause:
    """Say in our own words what a section asks; `review` says what must be looked up before it is relied on."""

    id: str
    section: str
    text: str
    review: str = ""


@dataclass(frozen=True, slots=True)
class RegimeStep:
    """Ask for one step of handling a complaint; an `optional` one is a way open, and no duty."""

    id: str
    clause: str
    text: str
    target: Target | None
    counts_from: str = RECEIPT
    required: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """Propose words for a letter; not `reviewed` until a desk says who reviewed them for it."""

    id: str
    clause: str
    text: str
    review: str
    reviewed: bool


@dataclass(frozen=True, slots=True)
class Regime:
    """Hold what one law, rulebook or code asks of complaints, and when that was last held against its text."""

    id: str
    title: str
    authority: str
    applies: str
    source: str
    checked_on: date
    checked_against: str
    second_stage: str
    outside_body: str
    clauses: tuple[RegimeClause, ...]
    steps: tuple[RegimeStep, ...]
    wording: tuple[Wording, ...]
    calendars: Mapping[str, Calendar] = field(default_factory=dict)

    def clause(self, clause_id: str) -> RegimeClause:
        """Return the clause of that id; KeyError where there is none (reading it has made sure that there is)."""
        found = {clause.id: clause for clause in self.clauses}
        return found[clause_id]


@dataclass(frozen=True, slots=True)
class Term:
    """Give one source's term for a step: `source` is the pack's or the regime's id, `clause` its clause or section."""

    source: str
    clause: str
    target: Target
    counts_from: str


@dataclass(frozen=True, slots=True)
class JoinedStep:
    """Hold one step as pack and regime ask for it together: all that either requires, and the terms of both."""

    id: str
    text: str
    owner: Role
    clauses: tuple[str, ...]
    terms: tuple[Term, ...]
    required: tuple[str, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """Hold a procedure under a regime; `pack` has the regime's calendars too, by the names that the terms use."""

    pack: Pack
    regime: Regime
    steps: tuple[JoinedStep, ...]
    reviewed_by: str

    @property
    def second_stage(self) -> str:
        """Return what is said of a second stage, the regime's words before the pack's."""
        return self.regime.second_stage or (self.pack.procedure.second_stage if self.pack.procedure else "")

    @property
    def outside_body(self) -> str:
        """Return whom a customer may turn to outside, the regime's before the pack's."""
        return self.regime.outside_body or (self.pack.procedure.outside_body if self.pack.procedure else "")


@dataclass(frozen=True, slots=True)
class Due:
    """Say when a term is due (UTC); None where it gives no instant, or what it counts from has not happened."""

    term: Term
    at: datetime | None


def join(pack: Pack, regime: Regime) -> Joined:
    """Return the pack's complaint procedure with the steps of the regime; refuses a pack that has no procedure."""
    procedure = pack.procedure
    if procedure is None:
        raise Refused(f"The policy {pack.id} has no complaint procedure, so no regime can join it.")
    own = {step.id: step for step in procedure.steps}
    theirs = {step.id: step for step in regime.steps}
    names = sorted({*own, *theirs}, key=ORDER.index)
    steps = tuple(_joined(name, pack, own.get(name), regime, theirs.get(name), procedure.owner) for name in names)
    calendars = {**pack.calendars, **{_name(regime, name): one for name, one in regime.calendars.items()}}
    reviewed_by = pack.settings.get(REVIEW_SETTING, NOBODY)
    return Joined(replace(pack, calendars=calendars), regime, steps, reviewed_by)


def _joined(
    name: str, pack: Pack, ours: Step | None, regime: Regime, theirs: RegimeStep | None, owner: Role
) -> JoinedStep:
    terms: list[Term] = []
    clauses: list[str] = []
    required: list[str] = []
    if ours is not None:
        clauses.append(f"{pack.id} {ours.clause}")
        required += ours.required
        if ours.target is not None:
            terms.append(Term(pack.id, ours.clause, ours.target, RECEIPT))
    if theirs is not None:
        section = regime.clause(theirs.clause).section
        clauses.append(f"{regime.id} {section}")
        required += theirs.required
        if theirs.target is not None:
            terms.append(Term(regime.id, section, _renamed(theirs.target, regime), theirs.counts_from))
    return JoinedStep(
        id=name,
        text="; ".join(one.text for one in (ours, theirs) if one is not None),
        owner=owner if ours is None else ours.owner,
        clauses=tuple(clauses),
        terms=tuple(terms),
        required=tuple(dict.fromkeys(required)),
        optional=ours is None and theirs is not None and theirs.optional,
    )


def dues(joined: Joined, step: JoinedStep, began: Mapping[str, datetime]) -> tuple[Due, ...]:
    """Return when the terms of a step are due, the strictest instant first: the first wins, the others lose.

    `began` says when (UTC) each of COUNTS_FROM happened, as far as it has.
    """
    found = [Due(term, _instant(joined.pack, term, began)) for term in step.terms]
    return tuple(sorted(found, key=lambda due: due.at or _NEVER))


def _instant(pack: Pack, term: Term, began: Mapping[str, datetime]) -> datetime | None:
    start = began.get(term.counts_from)
    if start is None:
        return None
    promised = measure(term.target, start, pack)
    if promised.amount is None:
        return None
    return start + promised.amount if promised.calendar is None else promised.calendar.add(start, promised.amount)


def _name(regime: Regime, calendar: str) -> str:
    return f"{regime.id}: {calendar}"


def _renamed(target: Target, regime: Regime) -> Target:
    """Return the target with the name that its calendar has beside those of the pack."""
    if isinstance(target, Elapsed | Rings | BestEffort):
        return target
    return replace(target, calendar=_name(regime, target.calendar))
