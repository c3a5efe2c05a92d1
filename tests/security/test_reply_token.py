"""Tests of reply tokens."""

import random
import re
import time

import pytest

from agentconsole.security.reply_token import reply_token, ticket_of_reply_token

KEY = b"k" * 32
HIGHEST = 2**32 - 1


@pytest.mark.parametrize("ticket_id", [1, 42, 65_536, HIGHEST])
def test_a_token_leads_back_to_its_ticket(ticket_id: int) -> None:
    token = reply_token(ticket_id, KEY)

    assert re.fullmatch(r"[a-z2-7]{32}", token)
    assert ticket_of_reply_token(token, KEY) == ticket_id


@pytest.mark.parametrize(
    "form",
    [
        "care+{}@desk.example",
        "<{}@desk.example>",
        "<17.{}@desk.example>",
        "Care Team <care+{}@desk.example>",
        "<zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz@elsewhere.example> <{}@desk.example>",
    ],
)
def test_a_token_is_found_where_mail_carries_it(form: str) -> None:
    assert ticket_of_reply_token(form.format(reply_token(42, KEY)), KEY) == 42


def test_a_server_that_writes_addresses_in_capitals_does_no_harm() -> None:
    assert ticket_of_reply_token(f"CARE+{reply_token(42, KEY).upper()}@DESK.EXAMPLE", KEY) == 42


@pytest.mark.parametrize("position", range(32))
def test_a_token_with_one_character_changed_proves_nothing(position: int) -> None:
    token = reply_token(42, KEY)
    other = "a" if token[position] != "a" else "b"

    assert ticket_of_reply_token(token[:position] + other + token[position + 1 :], KEY) is None


@pytest.mark.parametrize("text", ["", "#42", "[#42] late parcel", "a" * 32, "é" * 32, "\x00" * 32, "ſ" * 32])
def test_what_is_no_token_leads_nowhere(text: str) -> None:
    assert ticket_of_reply_token(text, KEY) is None


def test_another_desks_token_leads_nowhere() -> None:
    assert ticket_of_reply_token(reply_token(42, b"l" * 32), KEY) is None


def test_a_token_inside_a_longer_word_is_not_taken() -> None:
    assert ticket_of_reply_token("x" + reply_token(42, KEY), KEY) is None


def test_no_guess_of_a_hundred_thousand_is_right() -> None:
    chance = random.Random(7)
    guesses = ("".join(chance.choices("abcdefghijklmnopqrstuvwxyz234567", k=32)) for _ in range(100_000))

    assert not any(ticket_of_reply_token(guess, KEY) for guess in guesses)


@pytest.mark.parametrize("ticket_id", [0, -1, HIGHEST + 1])
def test_an_id_that_does_not_fit_is_an_error(ticket_id: int) -> None:
    with pytest.raises(ValueError, match="ticket ids from 1"):
        reply_token(ticket_id, KEY)


@pytest.mark.parametrize("unit", ["a", "a" * 32 + " ", "+", "<"])
def test_a_huge_header_costs_next_to_nothing(unit: str) -> None:
    text = unit * 1_000_000
    start = time.process_time()

    assert ticket_of_reply_token(text, KEY) is None

    assert time.process_time() - start < 2.0
