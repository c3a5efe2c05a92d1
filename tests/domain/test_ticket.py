"""The life of a ticket as a table, and its case number."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Reopen
from agentconsole.domain.terms import Status
from agentconsole.domain.ticket import (
    MOVES,
    Deed,
    Guard,
    allowed,
    case_number,
    guards,
    move,
    parse_case_number,
)
from agentconsole.domain.ticket_reopen import customer_wrote

NEW, OPEN, WAITING, RESOLVED, CLOSED = Status.NEW, Status.OPEN, Status.WAITING, Status.RESOLVED, Status.CLOSED
LIFE = {
    Deed.TAKE: {NEW: OPEN, OPEN: OPEN, WAITING: WAITING},
    Deed.REPLY: {NEW: OPEN, OPEN: OPEN, WAITING: OPEN, RESOLVED: RESOLVED},
    Deed.REPLY_RESOLVE: {NEW: RESOLVED, OPEN: RESOLVED, WAITING: RESOLVED, RESOLVED: RESOLVED},
    Deed.REPLY_WAIT: {NEW: WAITING, OPEN: WAITING, WAITING: WAITING, RESOLVED: WAITING},
    Deed.NOTE: {NEW: NEW, OPEN: OPEN, WAITING: WAITING, RESOLVED: RESOLVED, CLOSED: CLOSED},
    Deed.RESOLVE: {NEW: RESOLVED, OPEN: RESOLVED, WAITING: RESOLVED},
    Deed.REOPEN: {WAITING: OPEN, RESOLVED: OPEN, CLOSED: OPEN},
    Deed.WAIT: {NEW: WAITING, OPEN: WAITING, WAITING: WAITING},
    Deed.CUSTOMER_WROTE: {NEW: NEW, OPEN: OPEN, WAITING: OPEN, RESOLVED: OPEN, CLOSED: OPEN},
    Deed.CLOSE_AFTER_DAYS: {RESOLVED: CLOSED},
    Deed.MERGE: {NEW: CLOSED, OPEN: CLOSED, WAITING: CLOSED, RESOLVED: CLOSED},
}


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("deed", list(Deed))
def test_every_deed_in_every_status_moves_the_ticket_or_is_refused(status: Status, deed: Deed) -> None:
    to = LIFE[deed].get(status)

    if to is not None:
        assert move(status, deed) is to
    else:
        with pytest.raises(Refused):
            move(status, deed)


def test_a_refusal_names_the_moves_that_are_possible() -> None:
    with pytest.raises(Refused) as refusal:
        move(CLOSED, Deed.REPLY_WAIT)

    assert refusal.value.sentence == "A case that is closed does not allow to reply and wait. Possible: note, reopen."


@pytest.mark.parametrize(
    ("status", "deed", "guard"),
    [
        (OPEN, Deed.WAIT, Guard.REASON),
        (OPEN, Deed.REPLY_WAIT, Guard.REASON),
        (OPEN, Deed.REPLY, Guard.RECIPIENT),
        (CLOSED, Deed.NOTE, Guard.TEXT),
        (CLOSED, Deed.REOPEN, Guard.REASON),
        (RESOLVED, Deed.CLOSE_AFTER_DAYS, Guard.QUIET_DAYS),
        (OPEN, Deed.MERGE, Guard.OTHER_TICKET),
    ],
)
def test_a_move_names_its_guards(status: Status, deed: Deed, guard: Guard) -> None:
    assert guard in guards(status, deed)


def test_the_table_has_one_row_a_status_and_deed() -> None:
    rows = [(row.status, row.deed) for row in MOVES]

    assert len(rows) == len(set(rows))
    assert [row.deed for row in allowed(CLOSED)] == [Deed.NOTE, Deed.REOPEN, Deed.CUSTOMER_WROTE]


@pytest.mark.parametrize(
    ("status", "days", "rule", "to"),
    [
        (WAITING, 400, Reopen.NEW_TICKET, OPEN),
        (NEW, 400, Reopen.NEW_TICKET, NEW),
        (RESOLVED, 14, Reopen.NEW_TICKET, OPEN),
        (RESOLVED, 15, Reopen.NEW_TICKET, None),
        (CLOSED, 14, Reopen.NEW_TICKET, OPEN),
        (CLOSED, 15, Reopen.NEW_TICKET, None),
        (CLOSED, 400, Reopen.CONTINUE, OPEN),
        (CLOSED, 400, Reopen.RESTART, OPEN),
    ],
)
def test_a_customers_message_reopens_or_opens_a_new_ticket_by_the_policy(
    status: Status, days: int, rule: Reopen, to: Status | None
) -> None:
    assert customer_wrote(status, timedelta(days=days), rule, 14) is to


def test_a_case_number_carries_a_damm_check_digit() -> None:
    # 572 -> 4 is the example of Damm's dissertation.
    assert case_number(572) == "572-4"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("572-4", 572),
        ("#572-4", 572),
        (" 572 ", 572),
        ("0572-4", 572),
        ("572-5", None),
        ("572-", None),
        ("572-44", None),
        ("", None),
        ("-4", None),
        ("57a", None),
        ("٥٧٢", None),
        ("²", None),
        ("9" * 5000, None),
    ],
)
def test_a_case_number_is_read_with_or_without_its_check_digit(text: str, number: int | None) -> None:
    assert parse_case_number(text) == number


@given(st.integers(min_value=0, max_value=10**12))
def test_every_case_number_is_read_back(ticket_id: int) -> None:
    assert parse_case_number(case_number(ticket_id)) == ticket_id


@given(st.integers(min_value=10, max_value=10**9), st.data())
def test_a_wrong_digit_and_swapped_neighbours_are_noticed(ticket_id: int, data: st.DataObject) -> None:
    number, _, check = case_number(ticket_id).partition("-")
    place = data.draw(st.integers(min_value=1, max_value=len(number) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[place]]))

    wrong = number[:place] + other + number[place + 1 :]
    swapped = number[: place - 1] + number[place] + number[place - 1] + number[place + 1 :]

    assert parse_case_number(f"{wrong}-{check}") is None
    assert swapped == number or swapped.startswith("0") or parse_case_number(f"{swapped}-{check}") is None


def test_a_negative_case_number_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="negative"):
        case_number(-1)
