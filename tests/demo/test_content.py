"""The demo's content: made up to the last address, and fit for the screens it is shown on."""

import re

import pytest

from agentconsole.config.paths_data import data_dir
from agentconsole.demo.content import load_content, span
from agentconsole.demo.people import COLLEAGUES, PASSWORD
from agentconsole.demo.tour import load_tour
from agentconsole.domain.errors import Refused
from agentconsole.domain.terms import Role
from agentconsole.security.passwords import check_new_password
from agentconsole.tui.keymap import BY_ID

RESERVED = re.compile(r"(?:[\w.-]+\.)?example(?:\.(?:com|net|org))?")


def test_every_address_lies_under_a_name_that_is_reserved_for_examples() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (data_dir() / "demo").glob("*.toml")]

    domains = {domain for text in texts for domain in re.findall(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)", text)}

    assert domains
    assert [domain for domain in domains if not RESERVED.fullmatch(domain)] == []


def test_no_text_has_a_web_address_or_a_telephone_number() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (data_dir() / "demo").glob("*.toml"))

    assert re.findall(r"https?://|www\.|\+\d{6,}", text) == []


def test_customers_have_names_in_many_alphabets() -> None:
    names = " ".join(customer.name for customer in load_content().customers.values())

    blocks = {ord(letter) >> 8 for letter in names if letter.isalpha() and not letter.isascii()}

    assert len(blocks) >= 8


def test_some_customers_are_away_and_some_are_gone() -> None:
    customers = load_content().customers.values()

    assert sum(customer.away for customer in customers) >= 2
    assert sum(customer.gone for customer in customers) >= 1


def test_no_matter_leaves_a_blank_unfilled() -> None:
    from random import Random

    content = load_content()
    for matter in content.matters:
        for seed in range(6):
            wording = content.word(matter, "Zoë", Random(seed))
            for text in (wording.subject, wording.text, wording.answer, wording.more):
                assert "{" not in text
                assert "}" not in text


@pytest.mark.parametrize("text", ["", "h", "12", "1h 5m", "soon", "--5m"])
def test_a_span_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="no span of the demo"):
        span(text)


def test_the_demo_has_the_people_that_the_tour_speaks_of() -> None:
    roles = [colleague.role.value for colleague in COLLEAGUES]

    assert sorted(roles) == ["admin", "agent", "agent", "agent", "agent", "manager", "supervisor"]
    assert len({colleague.seed for colleague in COLLEAGUES}) == len(COLLEAGUES)


@pytest.mark.parametrize("login", [colleague.login for colleague in COLLEAGUES])
def test_the_password_is_one_that_the_desk_would_take(login: str) -> None:
    check_new_password(PASSWORD, login)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("speed", "keep"), [(10.0, False), (1.0, True), (0.5, True), (0.0, True)])
def test_a_tour_fits_its_strip_and_names_actions_that_exist(role: Role, speed: float, keep: bool) -> None:
    steps = load_tour(role, speed=speed, keep=keep)

    assert 3 <= len(steps) <= 6
    for step in steps:
        assert 1 <= len(step.lines) <= 5
        assert step.done
        for line in (*step.lines, step.brief):
            assert len(line) <= 76, line
            assert line.isprintable()
            assert "{" not in line
        for done in step.done:
            kind, _, name = done.partition(":")
            assert kind in ("action", "mode", "command"), done
            assert kind != "action" or name in BY_ID, done


@pytest.mark.parametrize(
    ("speed", "keep", "first", "last"),
    [
        (10.0, False, "Clocks run fast here. Nothing leaves this machine, all goes when you", "new mail comes in"),
        (10.0, True, "Clocks run fast here. Nothing leaves this machine, the folder stays.", "new mail comes in"),
        (1.0, False, "Clocks run as on the wall. Nothing leaves this machine, all goes when", "new mail comes in"),
        (0.5, False, "Clocks run slowly here. Nothing leaves this machine, all goes when you", "new mail comes in"),
        (0.0, True, "Clocks stand still here. Nothing leaves this machine, the folder stays.", "no customer writes"),
    ],
)
def test_a_tour_says_how_this_demo_runs_and_ends(speed: float, keep: bool, first: str, last: str) -> None:
    steps = load_tour(Role.AGENT, speed=speed, keep=keep)

    assert steps[0].lines[-1].startswith(first)
    assert last in steps[-1].lines[0]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMIN])
def test_who_has_no_cases_is_not_sent_to_the_first_of_them(role: Role) -> None:
    first, *others = load_tour(role)

    assert first.done == ("action:go.team",)
    assert "action:case.take_next" not in {done for step in others for done in step.done}
