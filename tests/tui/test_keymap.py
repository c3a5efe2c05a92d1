"""One verb a key, no key that terminals or habits take, and every action has a door (U7, U8)."""

from collections import Counter
from itertools import combinations

import pytest

from agentconsole.domain.roles import Action as Permit
from agentconsole.tui.keymap import ACTIONS, FORBIDDEN, action_for, followers, leads, shown


def test_an_id_stands_for_one_action() -> None:
    assert [name for name, count in Counter(action.id for action in ACTIONS).items() if count > 1] == []


def test_a_key_means_one_verb_wherever_two_actions_meet() -> None:
    clashes = [
        (one.id, two.id)
        for one, two in combinations(ACTIONS, 2)
        if set(one.keys) & set(two.keys) and (not one.where or not two.where or set(one.where) & set(two.where))
    ]

    assert clashes == []


def test_a_verb_of_the_command_line_means_one_action() -> None:
    verbs = Counter(action.verb for action in ACTIONS if action.verb)

    assert [verb for verb, count in verbs.items() if count > 1] == []


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_no_key_is_one_that_terminals_multiplexers_or_habits_take(action) -> None:
    presses = {press for keys in action.keys for press in keys.split(" ")}

    assert not presses & FORBIDDEN
    assert not [press for press in presses if press.startswith("alt+")]


def test_a_key_that_leads_means_nothing_alone() -> None:
    alone = {key for action in ACTIONS for key in action.keys if " " not in key}

    assert not [key for key in alone if leads(key)]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_can_be_reached(action) -> None:
    assert action.keys or action.verb


@pytest.mark.parametrize("action", [action for action in ACTIONS if action.permit], ids=lambda action: action.id)
def test_every_permission_is_one_that_the_desk_knows(action) -> None:
    assert action.permit in set(Permit)


def test_a_function_key_is_never_the_only_way_but_in_the_demo() -> None:
    only = [
        a.id for a in ACTIONS if a.keys and all(k.startswith("f") and k[1:].isdigit() for k in a.keys) and not a.verb
    ]

    assert only == ["console.role"]


def test_a_key_works_where_its_action_does() -> None:
    assert action_for("space", "queue").id == "select.toggle"
    assert action_for("space", "case") is None
    assert action_for("g q", "case").id == "go.queue"


def test_what_may_follow_g_is_listed_with_its_action() -> None:
    assert {key for key, _ in followers("g")} == {"q", "t", "o", "n", "d", "y", "g"}


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("full_stop", "."),
        ("g q", "g q"),
        ("ctrl+p", "ctrl+p"),
        ("enter", "Enter"),
        ("dollar_sign", "$"),
        ("y exclamation_mark", "y !"),
        ("plus", "+"),
        ("f12", "F12"),
        ("f", "f"),
        ("shift+f3", "shift+f3"),
    ],
)
def test_keys_are_shown_as_people_say_them(keys: str, text: str) -> None:
    assert shown(keys) == text
