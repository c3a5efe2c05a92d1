"""The demo's customers: they write, and they answer, through the real parser and the real intake."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from agentconsole.channels.email.compose import compose
from agentconsole.channels.email.sandbox import ParserChild
from agentconsole.channels.email.site import Site
from agentconsole.config.clock import SetClock
from agentconsole.demo.chronicle import acting
from agentconsole.demo.content import load_content
from agentconsole.demo.customers import FIRST_MAIL, Customers
from agentconsole.domain.mail import AutoKind
from agentconsole.domain.terms import Author, ContactKind, Status
from agentconsole.server.desk import OpenDesk
from agentconsole.server.intake import Intake
from agentconsole.server.mail_out import send
from agentconsole.services import outbox_leaving
from agentconsole.services.outbox_leaving import Parcel
from agentconsole.services.replies import reply
from agentconsole.services.tickets import find_ticket
from agentconsole.storage.tables.contact import Contact
from agentconsole.storage.tables.customer import Customer
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import DESK, Tx
from tests.demo.scratch import filled_desk

NEVER = float("-inf")
Town = tuple[OpenDesk, Customers]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Open a filled desk whose customers are played by hand."""
    with filled_desk(tmp_path / "home") as desk, ParserChild(Site(desk.context.uid[:8])) as child:
        yield desk, Customers(desk, Intake(desk, child), load_content(), 7)


def case_of(desk: OpenDesk, email: str) -> int:
    """Return the newest case of a customer."""
    newest = select(Ticket.id).join(Customer, col(Customer.id) == Ticket.customer_id).where(Customer.email == email)
    return desk.reader.run(lambda session: session.exec(newest.order_by(col(Ticket.id).desc())).first())


def case_whose_customer_is(desk: OpenDesk, *, away: bool) -> tuple[int, str]:
    """Return any case of a customer who is away, or who is neither away nor gone nor scripted."""
    content = load_content()
    scripted = {script.customer for script in content.scripts}
    wanted = [
        customer.email
        for customer in content.customers.values()
        if customer.away == away and not customer.gone and customer.email not in scripted
    ]
    for email in wanted:
        number = case_of(desk, email)
        if number is not None:
            return number, email
    raise AssertionError("the demo has no such case")


def answer(town: Town, number: int, text: str = "Dear you, it is done.") -> None:
    """Answer a case as ana, and let the desk send what is due."""
    desk, customers = town

    def work(tx: Tx) -> tuple[Parcel, ...]:
        tx.actor = acting(tx.session.exec(select(User).where(User.login == "ana")).one())
        ticket = find_ticket(tx, number)
        _, mail = reply(tx, desk.context, number, ticket.version, text, "resolve", anyway=False)
        mail.not_before = tx.wall
        tx.session.flush()
        return outbox_leaving.collect(tx, desk.context, desk.holder)

    for parcel in desk.writer.run(DESK, work):
        send(desk, customers, parcel)


def later(town: Town, span: timedelta) -> int:
    """Let desk time pass and bring the mail that has arrived by then."""
    desk, customers = town
    assert isinstance(desk.clock, SetClock)
    return customers.play(desk.clock.move(span), NEVER)


def contacts(desk: OpenDesk, number: int) -> list[Contact]:
    """Return a case's history, oldest first."""
    here = select(Contact).where(Contact.ticket_id == number).order_by(col(Contact.id))
    return list(desk.reader.run(lambda session: session.exec(here).all()))


def test_an_answered_customer_answers_on_her_own_case_with_our_text_folded(town: Town) -> None:
    desk, _ = town
    number = case_of(desk, "rosa.prado@example.org")
    before = len(contacts(desk, number))

    answer(town, number, "Dear Rosa Prado, the refund was booked today.")
    at_once = later(town, timedelta(minutes=1))
    arrived = later(town, timedelta(minutes=15))

    history = contacts(desk, number)
    assert (at_once, arrived) == (0, 1)
    assert [entry.author for entry in history[before:]] == [Author.AGENT, Author.CUSTOMER]
    assert history[-1].text.startswith("Thank you for looking into it.")
    assert "the refund was booked today" in history[-1].quoted
    assert history[-1].raw


def test_an_answer_opens_a_settled_case_again(town: Town) -> None:
    desk, _ = town
    number = case_of(desk, "rosa.prado@example.org")

    answer(town, number)
    settled = desk.reader.run(lambda session: session.get(Ticket, number).status)
    later(town, timedelta(minutes=15))

    assert settled is Status.RESOLVED
    assert desk.reader.run(lambda session: session.get(Ticket, number).status) is Status.OPEN


def test_who_is_away_says_so_once_and_by_a_machine(town: Town) -> None:
    desk, _ = town
    number, _ = case_whose_customer_is(desk, away=True)
    before = len(contacts(desk, number))

    answer(town, number)
    later(town, timedelta(minutes=2))

    notice = contacts(desk, number)[-1]
    assert len(contacts(desk, number)) == before + 2
    assert notice.kind is ContactKind.AUTOMATIC
    assert notice.auto == AutoKind.AUTO_REPLY.value


def test_mail_to_who_is_gone_comes_back_as_a_bounce(town: Town) -> None:
    desk, _ = town
    number = case_of(desk, "ivo.petrov@example.com")
    before = [entry.kind for entry in contacts(desk, number)].count(ContactKind.BOUNCE)

    answer(town, number)
    later(town, timedelta(minutes=2))

    history = contacts(desk, number)
    assert history[-1].kind is ContactKind.BOUNCE
    assert [entry.kind for entry in history].count(ContactKind.BOUNCE) == before + 1
    assert desk.reader.run(lambda session: session.get(Ticket, number).status) is Status.OPEN


def test_customers_keep_writing_through_the_intake(town: Town) -> None:
    desk, customers = town
    newest = max(desk.reader.run(lambda session: session.exec(select(Ticket.id)).all()))

    brought = [customers.play(desk.clock.now(), beat * 100.0 + FIRST_MAIL + 1e9) for beat in range(9)]

    opened = desk.reader.run(lambda session: session.exec(select(Ticket).where(col(Ticket.id) > newest)).all())
    assert brought == [1] * 9
    assert len(opened) == 9
    assert opened[0].subject == "Lieferung ohne Türklingel?"
    assert all(contacts(desk, ticket.id)[0].raw for ticket in opened)


def test_they_write_one_mail_and_then_pause(town: Town) -> None:
    desk, customers = town

    assert customers.play(desk.clock.now(), 1e9) == 1
    assert customers.play(desk.clock.now(), 1e9 + 19) == 0
    assert customers.play(desk.clock.now(), 1e9 + 41) == 1


def test_nobody_answers_a_machine(town: Town) -> None:
    desk, customers = town
    number = case_of(desk, "rosa.prado@example.org")

    def automatic(tx: Tx) -> Parcel:
        tx.actor = acting(tx.session.exec(select(User).where(User.login == "ana")).one())
        ticket = find_ticket(tx, number)
        _, mail = reply(tx, desk.context, number, ticket.version, "We have your mail.", "open", anyway=False)
        mail.automatic, mail.not_before = True, tx.wall
        tx.session.flush()
        return outbox_leaving.collect(tx, desk.context, desk.holder)[0]

    parcel = desk.writer.run(DESK, automatic)
    message = compose(parcel.mail, desk="desk", sent_at=desk.clock.now())
    customers.carry(parcel.brand, parcel.mail, message)

    assert later(town, timedelta(hours=2)) == 0
