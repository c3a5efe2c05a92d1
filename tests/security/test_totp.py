"""Tests of one-time codes, against the RFC's vectors and an independent authenticator."""

import base64
import subprocess
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import pytest

from agentconsole.security.totp import Match, Outcome, code_at, match, new_seed, seed_text, step_at, uri
from tests.needs import program

RFC_SEED = b"12345678901234567890"
NOW = datetime(2026, 11, 23, 9, 0, 10, tzinfo=UTC)
STEP = timedelta(seconds=30)


@pytest.mark.parametrize(
    ("seconds", "eight_digits"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_rfc_6238_appendix_b(seconds: int, eight_digits: str) -> None:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)

    assert code_at(RFC_SEED, at) == eight_digits[-6:]


@pytest.mark.parametrize("minutes", [0, 1, 60 * 24 * 30, 60 * 24 * 365 * 40])
def test_an_independent_authenticator_shows_the_same_code_and_signs_in(minutes: int) -> None:
    seed = new_seed()
    at = NOW + timedelta(minutes=minutes)

    shown = _oathtool(seed_text(seed), at)

    assert code_at(seed, at) == shown
    assert match(seed, shown, at, None) == Match(Outcome.ACCEPTED, step_at(at))


def test_an_authenticator_that_read_the_uri_shows_the_same_code() -> None:
    seed = new_seed()

    secret = parse_qs(urlsplit(uri(seed, "ana", "AC")).query)["secret"][0]

    assert _oathtool(secret, NOW) == code_at(seed, NOW)


@pytest.mark.parametrize(
    ("steps_off", "window_after", "outcome"),
    [
        (-2, 0, Outcome.WRONG),
        (-1, 0, Outcome.ACCEPTED),
        (0, 0, Outcome.ACCEPTED),
        (1, 0, Outcome.WRONG),
        (-2, 1, Outcome.WRONG),
        (-1, 1, Outcome.ACCEPTED),
        (1, 1, Outcome.ACCEPTED),
        (2, 1, Outcome.WRONG),
    ],
)
def test_a_code_is_good_in_its_own_step_and_the_next(steps_off: int, window_after: int, outcome: Outcome) -> None:
    code = code_at(RFC_SEED, NOW + steps_off * STEP)

    answer = match(RFC_SEED, code, NOW, None, window_after=window_after)

    assert answer.outcome is outcome
    assert answer.step == (step_at(NOW) + steps_off if outcome is Outcome.ACCEPTED else None)


@pytest.mark.parametrize(
    ("steps_off", "last_off", "outcome"),
    [
        (0, 0, Outcome.REPLAYED),
        (-1, -1, Outcome.REPLAYED),
        (-1, 0, Outcome.REPLAYED),
        (0, -1, Outcome.ACCEPTED),
        (0, 5, Outcome.REPLAYED),
    ],
)
def test_a_step_counts_once_and_never_after_a_later_one(steps_off: int, last_off: int, outcome: Outcome) -> None:
    code = code_at(RFC_SEED, NOW + steps_off * STEP)

    answer = match(RFC_SEED, code, NOW, step_at(NOW) + last_off)

    assert answer.outcome is outcome


@pytest.mark.parametrize("last_off", [None, -1])
def test_a_code_that_two_steps_share_is_accepted_once_and_for_the_later(last_off: int | None) -> None:
    at = datetime(2029, 1, 4, 22, 44, 30, tzinfo=UTC)
    assert code_at(RFC_SEED, at) == code_at(RFC_SEED, at - STEP)

    answer = match(RFC_SEED, code_at(RFC_SEED, at), at, None if last_off is None else step_at(at) + last_off)

    assert answer == Match(Outcome.ACCEPTED, step_at(at))


@pytest.mark.parametrize("spaced", ["{a} {b}", " {a}{b} ", "{a}\u00a0{b}", "\t{a}\n{b}"])
def test_spaces_in_a_code_do_not_matter(spaced: str) -> None:
    code = code_at(RFC_SEED, NOW)

    answer = match(RFC_SEED, spaced.format(a=code[:3], b=code[3:]), NOW, None)

    assert answer.outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    "code",
    [
        "",
        "12345",
        "1234567",
        "12345x",
        "-12345",
        "+12345",
        "１２３４５６",
        "١٢٣٤٥٦",
        "12345²",
        "\x00" * 6,
        " " * 99,
        pytest.param("1" * 10**6, id="a million"),
    ],
)
def test_what_is_no_six_digits_is_malformed(code: str) -> None:
    assert match(RFC_SEED, code, NOW, None) == Match(Outcome.MALFORMED)


def test_the_first_step_of_all_has_none_before_it() -> None:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)

    assert match(RFC_SEED, code_at(RFC_SEED, epoch), epoch, None) == Match(Outcome.ACCEPTED, 0)


def test_a_naive_instant_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(TypeError):
        code_at(RFC_SEED, NOW.replace(tzinfo=None))


def test_a_step_is_the_same_in_every_zone_through_the_repeated_hour() -> None:
    first = datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/London"))

    assert step_at(first.replace(fold=1).astimezone(UTC)) - step_at(first.astimezone(UTC)) == 120


def test_a_seed_is_160_bits_written_in_fours() -> None:
    seed = new_seed()

    text = seed_text(seed)

    assert len(seed) == 20
    assert [len(group) for group in text.split(" ")] == [4] * 8
    assert base64.b32decode(text.replace(" ", "")) == seed


def test_the_short_uri_leaves_out_what_authenticators_assume() -> None:
    text = uri(RFC_SEED, "anna", "AC")

    assert text == "otpauth://totp/AC:anna?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=AC"
    assert len(text) <= 78


@pytest.mark.parametrize(
    ("user", "issuer"),
    [
        ("ana", "Eco Lab Supply"),
        ("a&b=c", "50% off?"),
        ("ana", "x:y"),
        ("a:b", ""),
        ("ana", "カスタマー"),
        ("a", "\ud800"),
    ],
)
def test_names_cannot_break_out_of_the_uri(user: str, issuer: str) -> None:
    parts = urlsplit(uri(RFC_SEED, user, issuer))

    fields = parse_qs(parts.query, strict_parsing=True)

    assert set(fields) <= {"secret", "issuer"}
    assert fields["secret"] == ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"]
    assert unquote(parts.path).count(":") == (1 if issuer else 0)
    assert unquote(parts.path).endswith(user.replace(":", " "))


@pytest.mark.parametrize("issuer", ["x" * 60, "カスタマーサービス部門", pytest.param("x" * 1_000_000, id="a million")])
def test_a_long_issuer_is_cut_so_that_the_picture_fits(issuer: str) -> None:
    text = uri(RFC_SEED, "ana", issuer)

    kept = parse_qs(urlsplit(text).query)["issuer"][0]

    assert len(text) <= 106
    assert issuer.startswith(kept)


def _oathtool(secret: str, at: datetime) -> str:
    command = [str(program("oathtool")), "--totp", "--base32", "--now", at.strftime("%Y-%m-%d %H:%M:%S UTC"), secret]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=20).stdout.strip()
