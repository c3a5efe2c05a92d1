"""A mail that comes when the desk is closed: the brand's message goes out once, where its policy has one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agentconsole.queries.find import find_tickets
from agentconsole.storage.tables.customer import Customer
from agentconsole.storage.tables.raw_mail import FETCHED
from agentconsole.storage.transaction import Tx
from tests.desk_bench import ECOLAB, ROSA, SHOP, Bench, open_bench, raw_mail

SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
IN_HOURS = timedelta(days=1, hours=4)


@pytest.fixture
def closed(tmp_path: Path, database: str) -> Iterator[Bench]:
    """Open a desk of two brands on a Sunday, when both are closed."""
    with open_bench(tmp_path, brands=(ECOLAB, SHOP), at=SUNDAY, database=database) as opened:
        yield opened


def _fetched(closed: Bench, brand: str) -> int:
    """Take in a mail that came by the brand's mailbox."""
    stamp = f"<0.{brand}@example.org>"
    filed = closed.mail(
        ROSA, "Where is my order?", "It has not come.", brand=brand, source=f"{FETCHED}{brand}:1:1", message_id=stamp
    )
    assert filed.ticket is not None
    return filed.ticket


def test_a_mail_out_of_hours_is_answered_once_with_the_hours_of_the_brand(closed: Bench) -> None:
    number = _fetched(closed, "shop")

    (told,) = closed.deliver()

    assert [to.email for to in told.to] == ["rosa@example.org"]
    assert "It reached us outside our business hours" in told.text
    case = closed.case("sam", number)
    assert [(row.author, row.kind) for row in case.contacts] == [("customer", "message"), ("desk", "automatic")]


def test_what_the_desk_sends_by_itself_is_not_found_by_its_words(closed: Bench) -> None:
    _fetched(closed, "shop")

    assert closed.read(lambda session: find_tickets(session, "business hours", 20)) == ()


def test_a_brand_whose_policy_promises_none_sends_none(closed: Bench) -> None:
    _fetched(closed, "ecolab")

    assert closed.deliver() == []


def test_a_mail_that_an_administrator_brings_is_not_told_of_the_hours(closed: Bench) -> None:
    closed.ticket(brand="shop")

    assert closed.deliver() == []


def test_a_mail_from_before_the_last_opening_is_not_told_of_the_hours(closed: Bench) -> None:
    received = closed.clock.now()
    closed.clock.move(timedelta(days=1, hours=14))
    raw = raw_mail(ROSA, "Where is it?", "It has not come.")
    closed.intake.take_in(source="imap:shop:1:1", brand="shop", raw=raw, received_at=received)

    assert closed.deliver() == []


def test_a_mail_in_hours_waits_for_a_person(closed: Bench) -> None:
    closed.clock.move(IN_HOURS)
    _fetched(closed, "shop")

    assert closed.deliver() == []


def test_a_mail_of_the_night_that_is_fetched_in_hours_is_not_told_of_the_night(closed: Bench) -> None:
    received = closed.clock.now()
    closed.clock.move(IN_HOURS)
    raw = raw_mail(ROSA, "Where is it?", "It has not come.")
    closed.intake.take_in(source="imap:shop:1:1", brand="shop", raw=raw, received_at=received)

    assert closed.deliver() == []


def test_who_writes_again_in_the_same_night_is_not_told_again_and_the_log_says_why(closed: Bench) -> None:
    number = _fetched(closed, "shop")
    closed.deliver()
    closed.clock.move(timedelta(hours=2))
    closed.mail(
        ROSA,
        f"Re: Where is my order? [C {number}]",
        "Still not.",
        brand="shop",
        references="<0.shop@example.org>",
        source="imap:shop:1:2",
    )

    assert closed.deliver() == []
    assert [event.ticket for event in closed.events("mail.withheld")] == [number]


@pytest.mark.parametrize("header", [{"auto_submitted": "auto-replied"}, {"precedence": "bulk"}])
def test_a_machine_is_not_told(closed: Bench, header: dict[str, str]) -> None:
    closed.mail(
        "Robot <robot@example.org>", "Out of office", "I am away.", brand="shop", source="imap:shop:1:1", **header
    )

    assert closed.deliver() == []


def test_a_customer_whose_zone_is_known_reads_the_opening_in_her_own_time(closed: Bench) -> None:
    closed.clock.move(-timedelta(days=1, hours=2))
    number = _fetched(closed, "shop")
    closed.deliver()
    closed.write(lambda tx: _move_to(tx, closed.row(number).customer_id, "Asia/Kolkata"))
    closed.clock.move(timedelta(days=1, hours=2))

    closed.mail(ROSA, "Another thing", "Do you sell tea?", brand="shop", source="imap:shop:1:2")

    (told,) = closed.deliver()
    assert "We open again on Monday 23 November at 19:30 your time (Asia/Kolkata)." in told.text


def _move_to(tx: Tx, customer: int, zone: str) -> None:
    tx.get_one(Customer, customer).zone = zone
