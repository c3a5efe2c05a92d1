"""`agentconsole address`: rules set, listed, broken and closed from the host's command line."""

import json

import pytest

from tests.cli.program import Program


def _listed(desk: Program) -> list[list[str]]:
    return [line.split() for line in desk("address", "list").out.splitlines()]


def test_rules_are_set_listed_broken_closed_and_taken_away(desk: Program) -> None:
    free = _listed(desk)
    here = json.loads(desk("address", "list", "--json").out)["here"]
    shut_out = desk("address", "allow", "admin", "10.0.0.0/8")
    allowed = [
        desk("address", "allow", "admin", here),
        desk("address", "allow", "agent", "10.20.0.0/16", "--name", "desk-lan"),
    ]
    opened = desk("address", "open", "--minutes", "5")
    rules = _listed(desk)
    closed = desk("address", "close")
    gone = desk("address", "remove", "agent", "10.20.0.0/16")

    assert [line[:2] for line in free[:4]] == [
        [role, "anywhere"] for role in ("agent", "supervisor", "manager", "admin")
    ]
    assert shut_out.code == 1
    assert f"First: agentconsole address allow admin {here}" in shut_out.err
    assert [said.code for said in allowed] == [0, 0]
    assert ["agent", "10.20.0.0/16", "desk-lan", "0", "sessions", "now"] in rules
    assert ["supervisor", "anywhere"] in rules
    assert any(line[:3] == ["SET", "ASIDE", "until"] for line in rules)
    assert "everybody may sign in from anywhere" in opened.out
    assert "The rules hold again." in closed.out
    assert "Agents may sign in from anywhere again." in gone.out


@pytest.mark.parametrize(
    ("line", "says", "code"),
    [
        (("allow", "agent", "office"), "is no range: give one like 192.0.2.0/24", 1),
        (("allow", "king", "10.0.0.0/8"), "invalid choice: 'king'", 2),
        (("open", "--minutes", "soon"), "invalid int value: 'soon'", 2),
        (("remove", "agent", "10.0.0.0/8"), "There is no rule that lets agent sign in from 10.0.0.0/8", 1),
    ],
)
def test_what_cannot_be_is_one_sentence(desk: Program, line: tuple[str, ...], says: str, code: int) -> None:
    said = desk("address", *line)

    assert (said.code, said.out, said.err.count("\n")) == (code, "", 1)
    assert says in said.err
