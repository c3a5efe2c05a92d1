"""What was settled before the demo begins: tales of mails and answers, put into the order of time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from agentconsole.demo.content import Content, Customer, Wording
from agentconsole.demo.hours import Hours
from agentconsole.demo.people import AGENTS

DAYS = 18
CLOSED_AFTER = timedelta(days=14)
HELD = timedelta(seconds=10)
_SHARES = ("ecom", "ecom", "ecom", "ecolab", "ecolab", "ist")
# The day's hours in which customers write, the busy ones more than once.
_WRITING_HOURS = (7, 8, 9, 9, 10, 10, 11, 11, 12, 13, 14, 14, 15, 16, 17, 19, 21)


@dataclass(frozen=True, slots=True)
class Tale:
    """Be one customer's matter; `number` tells it from the others."""

    number: int
    brand: str
    customer: Customer
    subject: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """Be one thing that happened on a tale: mail, take, note, reply, sent, breach or close, by `who` of the desk."""

    at: datetime
    tale: Tale
    do: str
    who: str = ""
    text: str = ""
    then: str = "open"
    standard: str = ""
    started: datetime | None = None


def tell_past(content: Content, hours: Mapping[str, Hours], until: datetime, number: int, random: Random) -> list[Deed]:
    """Tell `number` settled matters that ended before `until`; not in order."""
    deeds: list[Deed] = []
    customers = list(content.customers.values())
    told = 0
    while told < number:
        brand = random.choice(_SHARES)
        customer = random.choice(customers)
        matter = random.choice([each for each in content.matters if each.brand == brand])
        wording = content.word(matter, customer.name, random)
        tale = Tale(told, brand, customer, wording.subject, matter.tags)
        story = list(_tell(content, tale, wording, hours[brand], _written(until, random), random))
        if story[-1].at < until:
            deeds += story
            told += 1
    closed = [
        Deed(deed.at + CLOSED_AFTER, deed.tale, "close")
        for deed in deeds
        if deed.do == "sent" and deed.then == "resolve" and deed.at + CLOSED_AFTER < until
    ]
    return deeds + closed


def _written(until: datetime, random: Random) -> datetime:
    """Return when a customer wrote: on any day, on few weekends, at an hour at which people write."""
    day = until - timedelta(days=random.uniform(0, DAYS))
    if day.weekday() >= 5 and random.random() < 0.8:
        day -= timedelta(days=random.choice((2, 3)))
    hour = random.choice(_WRITING_HOURS) + 5  # New York's hours, near enough for a customer
    return day.replace(hour=0, minute=0, second=0) + timedelta(hours=hour, seconds=random.randrange(3600))


def _tell(
    content: Content, tale: Tale, wording: Wording, hours: Hours, begun: datetime, random: Random
) -> Iterator[Deed]:
    agent = random.choice(AGENTS)
    yield Deed(begun, tale, "mail", text=wording.text)
    answered = _answered(hours, begun, random, late=0.08)
    yield from _breach(tale, hours, "email-first", begun, answered)
    yield Deed(answered - timedelta(minutes=random.uniform(3, 9)), tale, "take", agent.login)
    if random.random() < 0.15:
        yield Deed(answered - timedelta(minutes=2), tale, "note", agent.login, random.choice(content.talk.notes))
    asks_again = random.random() < 0.3

    def answer(words: str) -> str:
        return content.answer_mail(words, tale.customer.name, agent.name, hours.brand_name, random)

    yield from replied(answered, tale, agent.login, answer(wording.answer), "open" if asks_again else "resolve")
    if asks_again:
        again = answered + timedelta(hours=random.uniform(0.5, 20))
        yield Deed(again, tale, "mail", text=wording.more)
        settled = _answered(hours, again, random, late=0)
        yield from _breach(tale, hours, "email-next", again, settled)
        last = answer("Gladly. It is done as you ask; please write again if anything is left.")
        yield from replied(settled, tale, agent.login, last, "resolve")


def replied(at: datetime, tale: Tale, who: str, text: str, then: str) -> tuple[Deed, Deed]:
    """Return a reply and, after its hold, its sending."""
    return Deed(at, tale, "reply", who, text, then), Deed(at + HELD, tale, "sent", then=then)


def _answered(hours: Hours, written: datetime, random: Random, *, late: float) -> datetime:
    """Return when a mail was answered: while people work, mostly well in time."""
    due = hours.due("email-first", written)
    if random.random() < late and due is not None:
        return hours.work.add(due, timedelta(minutes=random.uniform(10, 90)))
    work = timedelta(minutes=random.uniform(12, 110))
    if hours.pack.id == "ist-desk":
        work *= 3
    return hours.work.add(written, work)


def _breach(tale: Tale, hours: Hours, standard: str, started: datetime, answered: datetime) -> Iterator[Deed]:
    due = hours.due(standard, started)
    if due is not None and answered > due:
        yield Deed(due, tale, "breach", standard=standard, started=started)
