"""The clocks held against a naive desk that counts every minute, over any history of a ticket."""

from datetime import datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agentconsole.domain.policy import Applies, Business, Elapsed, Reopen
from agentconsole.domain.terms import Author, ClockKind, ContactKind, Priority, Status
from tests.domain.desk import Ticket, applied, at, pack, standard
from tests.domain.minute_desk import DAY, URGENT_MINUTES, MinuteDesk, Outcome, Terms

START = at("Mon 00:00")
KINDS = {
    "first": ClockKind.FIRST_RESPONSE,
    "next": ClockKind.NEXT_RESPONSE,
    "update": ClockKind.UPDATE,
    "resolution": ClockKind.RESOLUTION,
}
NAMES = {kind: name for name, kind in KINDS.items()}
DEEDS = {
    "wrote": "wrote",
    "replied": "replied",
    "auto": "nothing",
    "note": "nothing",
    "bounced": "nothing",
    "wait": "waited",
    "open": "reopened",
    "undo": "undone",
    "resolve": "resolved",
    "urgent": "hurried",
    "normal": "calmed",
}
CONTACTS = {
    "replied": (Author.AGENT, ContactKind.MESSAGE),
    "auto": (Author.DESK, ContactKind.AUTOMATIC),
    "note": (Author.AGENT, ContactKind.NOTE),
}
PRIORITIES = {"urgent": Priority.URGENT, "normal": Priority.NORMAL}
STATUSES = {
    "wait": (Status.WAITING, "photos"),
    "open": (Status.OPEN, ""),
    "undo": (Status.OPEN, "undo"),
    "resolve": (Status.RESOLVED, ""),
}
Story = list[tuple[int, str]]
TERMS = st.builds(
    Terms,
    minutes=st.sampled_from([5, 45, 120, 570, 571, 1440, 4000]),
    business=st.booleans(),
    pausable=st.booleans(),
    restarts=st.booleans(),
)
GAPS = st.one_of(st.integers(1, 90), st.integers(1, 2 * DAY))
STORIES = st.lists(st.tuples(GAPS, st.sampled_from(sorted(DEEDS))), max_size=12)


def minute(number: int | None) -> datetime | None:
    return None if number is None else START + timedelta(minutes=number)


def the_ticket(terms: Terms) -> Ticket:
    """Return a ticket under the same terms, told in the words of a pack."""
    amount = timedelta(minutes=terms.minutes)
    target = Business(amount, "hours") if terms.business else Elapsed(amount)
    more = {
        "pauses": (Status.WAITING,) if terms.pausable else (),
        "on_reopen": Reopen.RESTART if terms.restarts else Reopen.CONTINUE,
    }
    hurry = {"on_reopen": more["on_reopen"], "applies": Applies(priorities=(Priority.URGENT,))}
    rules = [standard(target, kind, id=f"any-{name}", **more) for name, kind in KINDS.items()]  # type: ignore[arg-type]
    fast = Elapsed(timedelta(minutes=URGENT_MINUTES))
    rules += [standard(fast, kind, id=f"urgent-{name}", **hurry) for name, kind in KINDS.items()]  # type: ignore[arg-type]
    return Ticket(applied(pack(*rules))).asked(START)


def do(ticket: Ticket, deed: str, now: datetime) -> None:
    """Add the facts of one deed, as the desk writes them down."""
    is_over = ticket.status is Status.RESOLVED
    if deed == "wrote":
        ticket.wrote(now)
        if is_over:
            ticket.turned(now, Status.OPEN, "the customer wrote")
    elif deed == "bounced":
        ticket.replied(now).contact(now, Author.BOUNCE, ContactKind.BOUNCE, ref=ticket.facts[-1].seq)
    elif deed in CONTACTS:
        ticket.contact(now, *CONTACTS[deed])
    elif deed in PRIORITIES:
        ticket.prioritised(now, PRIORITIES[deed])
    elif is_over is not (deed == "resolve") or deed in ("open", "wait"):
        status, reason = STATUSES[deed]
        ticket.turned(now, status, reason)


def as_computed(terms: Terms, story: Story, now: int) -> list[tuple[object, ...]]:
    """Tell the history to the clocks."""
    ticket = the_ticket(terms)
    for number, deed in story:
        do(ticket, deed, START + timedelta(minutes=number))
    moment = START + timedelta(minutes=now)
    told = [
        (NAMES[one.kind], one.started_at, one.met_at, one.ended_at, one.due_at, one.breached_at)
        for one in ticket.clocks(moment)
    ]
    return sorted(told, key=lambda one: (one[1], one[0]))


def as_counted(terms: Terms, story: Story, now: int) -> list[tuple[object, ...]]:
    """Tell the history to the desk that counts its minutes."""
    found: list[Outcome] = MinuteDesk(terms).live([(number, DEEDS[deed]) for number, deed in story], now)
    return [
        (one.kind, minute(one.start), minute(one.met), minute(one.ended), minute(one.due), minute(one.broken))
        for one in found
    ]


def timed(story: Story) -> Story:
    """Return the deeds with minutes after the start instead of gaps."""
    now, told = 0, []
    for gap, deed in story:
        now += gap
        told.append((now, deed))
    return told


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TERMS, STORIES, st.integers(1, 3 * DAY))
@example(Terms(120, False, False, False), [(10, "resolve"), (10, "replied"), (10, "open")], 60)
@example(Terms(120, True, True, True), [(600, "wait"), (10, "resolve"), (10, "undo"), (10, "urgent")], 60)
@example(Terms(570, True, True, False), [(600, "wait"), (10, "urgent"), (10, "replied"), (10, "wrote")], 60)
def test_the_clocks_say_what_a_desk_finds_that_counts_every_minute(terms: Terms, gaps: Story, rest: int) -> None:
    story = timed(gaps)
    now = (story[-1][0] if story else 0) + rest

    assert as_computed(terms, story, now) == as_counted(terms, story, now)
