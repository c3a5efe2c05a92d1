"""Packs made up at random: every part of the policy language, with references that hold."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from agentconsole.domain.calendar import Calendar, DayEnd, Receipt, Window
from agentconsole.domain.policy import (
    ActionKind,
    Applies,
    BestEffort,
    Business,
    CalendarSpan,
    ChainLink,
    Choice,
    Clause,
    Comparator,
    Contact,
    Duty,
    Elapsed,
    Immediate,
    Kpi,
    Letter,
    Message,
    NextPeriodEnd,
    Pack,
    Procedure,
    Reopen,
    ReportDue,
    Rings,
    StageAction,
    Standard,
    Step,
    Target,
    Trigger,
    Unspecified,
    Warning,
    WorkingDays,
)
from agentconsole.domain.policy_identity import PackStatus
from agentconsole.domain.policy_procedure import PACKET_FIELDS, PREDICATES, STEPS
from agentconsole.domain.policy_registers import AFTERWARDS, KEPT_DATA, KEPT_UNITS
from agentconsole.domain.policy_sections import COMPARATORS, METRICS, PERIODS, UNITS
from agentconsole.domain.policy_soft import Assurance, Criterion, Residency, Retention
from agentconsole.domain.policy_standards import CADENCES
from agentconsole.domain.terms import Channel, ClockKind, Priority, Role, Stage, Start, Status

Draw = Any
CALENDARS = ("desk", "night shift")
MESSAGES = ("first", "second")
DUTIES = ("look", "read")
LETTER_FIELDS = ("case_number", "date_promised")

texts = st.text(
    st.one_of(
        st.sampled_from("ab \n\"'\\#=[]|…é中"), st.characters(exclude_categories=["C", "Z"], exclude_characters="{")
    ),
    min_size=1,
    max_size=12,
).filter(lambda text: bool(text) and text == text.strip())
amounts = st.one_of(
    st.integers(1, 999_999).map(lambda count: timedelta(seconds=count)), st.integers(1, 400).map(timedelta)
)
zones = st.sampled_from(["Europe/Vienna", "Asia/Kolkata", "America/New_York", "UTC"])
flags = st.booleans()


def one_of(words: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(list(words))


def several(words: Any) -> st.SearchStrategy[Any]:
    return st.lists(one_of(words), unique=True, max_size=3).map(tuple)


def rows(made: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return up to two entries of a list, which have ids that differ."""
    return st.lists(made, unique_by=lambda one: one.id, max_size=2).map(tuple)


ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True)
clause_ids = st.sampled_from(["1", "1.a", "§ 2"])
roles = one_of(Role)
calendars = one_of(CALENDARS)

windows = st.lists(st.integers(0, 1439), unique=True, min_size=2, max_size=4).map(
    lambda minutes: tuple(Window(*pair) for pair in zip(*[iter(sorted(minutes))] * 2, strict=False))
)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@st.composite
def calendar(draw: Draw, name: str) -> Calendar:
    """Return hours that may close on some days of the week, never on all of them, with some odd dates."""
    weekly = (draw(windows), *(draw(st.one_of(st.just(()), windows)) for _ in range(6)))
    odd = draw(st.dictionaries(days, st.one_of(st.just(()), windows), max_size=2))
    names = {day: draw(texts) for day in odd if draw(flags)}
    return Calendar(name, ZoneInfo(draw(zones)), weekly, odd, names)


targets: st.SearchStrategy[Target] = st.one_of(
    st.builds(Rings, st.integers(1, 100), amounts),
    st.builds(Elapsed, amounts),
    st.builds(Business, amounts, calendars),
    st.builds(WorkingDays, st.integers(0, 1000), calendars, one_of(Receipt), one_of(DayEnd)),
    st.builds(CalendarSpan, one_of(["days", "weeks", "months"]), st.integers(1, 1000), calendars),
    st.builds(Immediate, st.integers(1, 999_999), calendars),
    st.builds(BestEffort, st.just("erlang")),
    st.builds(Unspecified, st.one_of(st.none(), amounts), calendars),
    st.builds(NextPeriodEnd, calendars),
)
applies = st.builds(
    Applies,
    channels=several(Channel),
    queues=several(["sales", "wholesale"]),
    priorities=several(Priority),
    kinds=several(["order", "refund"]),
    escalated=one_of([None, True, False]),
    out_of_hours=one_of([None, True, False]),
    brands=several(["acme", "b2"]),
    tiers=several(["gold"]),
    stages=several(Stage),
)
warnings = st.lists(
    st.one_of(st.builds(Warning, st.integers(1, 100), st.none(), roles), st.builds(Warning, st.none(), amounts, roles)),
    max_size=2,
).map(tuple)
chains = st.lists(
    st.builds(ChainLink, st.integers(1, 1000), roles, flags, st.one_of(st.just(timedelta()), amounts)), max_size=2
).map(tuple)
actions = st.lists(
    st.builds(StageAction, one_of(ActionKind), st.one_of(st.none(), amounts), one_of(MESSAGES)), max_size=2
).map(tuple)


@st.composite
def standard(draw: Draw) -> Standard:
    """Return a standard whose reopening and start go with its kind of clock."""
    clock = draw(one_of(ClockKind))
    may_restart = clock is ClockKind.RESOLUTION
    start = draw(one_of(Start)) if clock is ClockKind.RETURN_CALL else Start.HEARD
    return Standard(
        id=draw(ids),
        clause=draw(clause_ids),
        clock=clock,
        text=draw(texts),
        target=draw(targets),
        applies=draw(applies),
        start=start,
        duty="look" if start is Start.DUTY else "",
        comparator=draw(one_of(Comparator)),
        pauses=draw(several(Status)),
        on_reopen=draw(one_of([one for one in Reopen if may_restart or one is not Reopen.RESTART])),
        reopen_days=draw(st.integers(0, 3650)),
        warnings=draw(warnings),
        chain=draw(chains),
        actions=draw(actions),
    )


@st.composite
def procedure(draw: Draw, letters: tuple[Letter, ...]) -> Procedure:
    """Return a procedure; a step with a letter has the letter's enclosures and, after its own, its fields."""
    steps = []
    for step_id in draw(several(STEPS)):
        letter = draw(one_of([None, *letters]))
        own = draw(several(["outcome", "findings"]))
        steps.append(
            Step(
                id=step_id,
                clause=draw(clause_ids),
                text=draw(texts),
                owner=draw(roles),
                target=draw(st.one_of(st.none(), targets)),
                letter=letter.id if letter else "",
                enclosures=letter.enclosures if letter else (),
                required=(*own, *(letter.required if letter else ())),
            )
        )
    made: Procedure = draw(
        st.builds(
            Procedure,
            clause=clause_ids,
            owner=roles,
            steps=st.just(tuple(steps)),
            overdue_unaccepted=amounts,
            resolution_target=st.one_of(st.none(), targets),
            conflicts=st.lists(texts, max_size=2).map(tuple),
            immediate_path=st.one_of(st.just(""), texts),
            second_stage=st.one_of(st.just(""), texts),
            outside_body=st.one_of(st.just(""), texts),
            regime=st.one_of(st.just(""), texts),
        )
    )
    return made


@st.composite
def trigger(draw: Draw) -> Trigger:
    """Return a trigger; a limit of money goes with its predicate alone."""
    predicate = draw(one_of(PREDICATES))
    is_money = predicate == "amount_over_limit"
    limit = draw(st.one_of(st.decimals(0, 1000, places=2), st.integers(0, 1000).map(Decimal))) if is_money else None
    to = draw(one_of(["supervisor", "chief"]))
    currency = draw(one_of(["EUR", "INR"])) if is_money else ""
    return Trigger(draw(ids), draw(clause_ids), draw(texts), predicate, to, limit, currency, draw(flags))


@st.composite
def clauses(draw: Draw) -> tuple[Clause, ...]:
    """Return the three clauses that everything else may name, under one heading or several."""
    quote = texts.filter(lambda text: len(text.split()) <= 8)
    note = st.one_of(st.just(""), texts)
    line, requirements = st.integers(1, 5000), several(["000-01", "X-7"])
    return tuple(
        draw(st.builds(Clause, st.just(one), one_of(["Service", "Rules"]), quote, line, requirements, note, flags))
        for one in ("1", "1.a", "§ 2")
    )


messages = st.tuples(
    *(
        st.builds(Message, st.just(name), clause_ids, st.one_of(st.none(), one_of(Channel)), texts, flags)
        for name in MESSAGES
    )
).map(lambda made: (*made, Message("with-fields", "1", None, "{{case_number}} by {{date_promised}}", False)))
duties = st.tuples(
    st.builds(Duty, st.just("look"), clause_ids, texts, roles, amounts, st.just(""), calendars),
    st.builds(Duty, st.just("read"), clause_ids, texts, roles, st.none(), one_of(CADENCES), calendars),
)
letters = rows(
    st.builds(Letter, ids, clause_ids, texts, st.just("with-fields"), several(LETTER_FIELDS), several(["procedure"]))
)
kpis = rows(
    st.builds(
        Kpi,
        id=ids,
        clause=clause_ids,
        metric=one_of(METRICS),
        variant=texts,
        comparator=one_of(COMPARATORS),
        value=st.integers(0, 1000).map(Decimal),
        unit=one_of(UNITS),
        period=one_of(PERIODS),
        calendar=calendars,
        decides=flags,
    )
)

reports = rows(
    st.builds(ReportDue, ids, clause_ids, one_of(CADENCES), several(["arrived"]), several(["chief", "admin"]))
)
criteria = rows(st.builds(Criterion, ids, clause_ids, texts))
assurances = rows(st.builds(Assurance, ids, clause_ids, texts, texts, roles, one_of(CADENCES)))
retention = rows(
    st.builds(
        Retention, ids, clause_ids, one_of(KEPT_DATA), st.integers(1, 1000), one_of(KEPT_UNITS), one_of(AFTERWARDS)
    )
)


@st.composite
def choice(draw: Draw) -> Choice:
    """Return a setting whose value is among those allowed, or free."""
    allowed = tuple(draw(st.lists(texts, unique=True, max_size=3)))
    return Choice(draw(ids), draw(clause_ids), draw(texts), draw(one_of(allowed) if allowed else texts), allowed)


@st.composite
def packs(draw: Draw) -> Pack:
    """Return a whole pack without blanks."""
    choices = draw(rows(choice()))
    written = draw(letters)
    packet = draw(st.dictionaries(one_of(PACKET_FIELDS), clause_ids, max_size=3))
    regions = draw(several(["US", "Europe"]))
    return Pack(
        id=draw(ids),
        title=draw(texts),
        organisation=draw(texts),
        source=draw(texts),
        revision_text=draw(st.one_of(st.just(""), texts)),
        revision_date=draw(st.one_of(st.none(), days)),
        effective_from=draw(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))),  # noqa: DTZ001 - the zone is given beside it
        version=draw(st.integers(1, 1000)),
        status=draw(one_of(PackStatus)),
        intent=draw(texts),
        zone=draw(zones),
        currency=draw(one_of(["EUR", "USD"])),
        order=draw(one_of(["due-first", "late-first"])),
        clauses=draw(clauses()),
        calendars={name: draw(calendar(name)) for name in CALENDARS},
        channel_calendars=draw(st.dictionaries(one_of(Channel), calendars, max_size=3)),
        standards=draw(rows(standard())),
        duties=draw(duties),
        messages=draw(messages),
        contacts=draw(rows(st.builds(Contact, ids, clause_ids, texts, texts, flags, st.one_of(st.just(""), texts)))),
        blanks=(),
        procedure=draw(st.one_of(st.none(), procedure(written))),
        triggers=draw(rows(trigger())),
        packet=tuple(packet),
        role_aliases={"chief": draw(roles), "the lead": draw(roles)},
        kpis=draw(kpis),
        reports=draw(reports),
        settings={one.id: one.value for one in choices},
        choices=choices,
        letters=written,
        packet_clauses=packet,
        criteria=draw(criteria),
        assurances=draw(assurances),
        retention=draw(retention),
        residency=draw(
            st.one_of(
                st.none(),
                st.builds(Residency, clause_ids, one_of(regions) if regions else texts, st.just(regions)),
            )
        ),
    )
