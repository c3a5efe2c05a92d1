"""What one Unix account can learn of another's at a team's desk: nothing (PROMISES 4 and S1, twenty canaries)."""

import argparse
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from agentconsole.cli.main import build_parser
from agentconsole.cli.team_layout import COMMAND, HOME, KEY, KEYS, READER_SOCKET, UNITS, unit_path
from agentconsole.config.paths import TEAM_SOCKET
from tests.team import seeker
from tests.team.host import PEOPLE, Host
from tests.team.living import Living, living, one_time_password, sign_in_as

SEEKER = Path(seeker.__file__).read_text("utf-8")
OTHERS = ("cy", "eve", "agentconsole-mail")
"""A colleague, somebody who is no agent, and the account that a hostile mail might take over."""


@pytest.fixture(name="desk", scope="module")
def _desk(host: Host, answers: Path) -> Iterator[Living]:
    said = host("init", "--team", "--root", str(host.root), "--answers", str(answers))
    assert said.code == 0, said.err
    with living(host) as desk:
        yield desk


def _forbidden(host: Host) -> list[str]:
    below = [path for top in (HOME, KEYS) for path in host.at(top).rglob("*")]
    units = [host.at(unit_path(name)) for name in UNITS]
    folders = [host.at(path) for path in (HOME, KEYS, TEAM_SOCKET.parent, READER_SOCKET.parent, COMMAND.parent)]
    return [str(path) for path in (*below, *units, *folders, host.at(KEY), host.at(COMMAND))]


def _sought(desk: Living, account: str) -> tuple[dict[str, str], list[str]]:
    """Return which canaries an account finds and where, and what it can open or write."""
    root = desk.host.root
    folders = [str(path) for path in root.iterdir() if path.name != "opt"]
    asked = {
        "canaries": [canary.hex() for canary in desk.canaries.values()],
        "folders": [*folders, "/run", "/var/log", "/dev/shm"],
        "watched": [desk.server, desk.console],
        "forbidden": _forbidden(desk.host),
    }
    said = desk.host.python_as(account, SEEKER, given=json.dumps(asked))
    assert said.code == 0, said.err
    answer = json.loads(said.out)
    names = list(desk.canaries)
    return {names[int(number)]: place for number, place in answer["found"].items()}, answer["touched"]


def test_s1_twenty_canaries_are_planted_and_root_finds_them_all(desk: Living) -> None:
    found, touched = _sought(desk, "root")

    assert len(desk.canaries) == 20
    assert set(desk.canaries) - set(found) == set()
    assert f"/proc/{desk.server}/mem" in touched
    assert str(desk.host.at(KEY)) in touched


@pytest.mark.parametrize("account", OTHERS)
def test_s1_another_account_finds_no_canary_and_can_touch_nothing(desk: Living, account: str) -> None:
    found, touched = _sought(desk, account)

    assert found == {}
    assert touched == []


@pytest.mark.parametrize("whose", ["server", "console"])
def test_s1_no_process_of_the_desk_leaves_a_core_or_can_be_looked_into(desk: Living, whose: str) -> None:
    process = Path("/proc") / str(getattr(desk, whose))

    (core,) = [line for line in (process / "limits").read_text("ascii").splitlines() if "core file" in line]

    assert core.split()[4:6] == ["0", "0"]
    assert (process / "environ").stat().st_uid == 0


ASKS_THE_DESK = {
    ("stop",): [],
    ("status",): [],
    ("doctor",): [],
    ("backup",): ["{folder}/backup"],
    ("keys", "export"): ["{folder}/key", "--passphrase-file", "{folder}/words"],
    ("audit", "verify"): [],
    ("audit", "mail"): ["eve@x.example"],
    ("clock", "accept"): ["--reason", "it was set back"],
    ("user", "add"): ["eve", "Eve Example", "--role", "admin"],
    ("user", "list"): [],
    ("user", "disable"): ["ada"],
    ("user", "enable"): ["ada"],
    ("user", "reset-totp"): ["ada"],
    ("user", "role"): ["ada", "agent"],
    ("user", "unix"): ["ada", "any"],
    ("address", "list"): [],
    ("address", "allow"): ["agent", "10.0.0.0/8"],
    ("address", "remove"): ["agent", "10.0.0.0/8"],
    ("address", "open"): [],
    ("address", "close"): [],
    ("mail", "import"): ["{folder}/words"],
    ("mail", "connect"): [
        *("--address", "eve@x.example", "--imap", "127.0.0.1:1", "--smtp", "127.0.0.1:1"),
        *("--imap-security", "plain", "--password-file", "{folder}/words"),
    ],
    ("policy", "blanks"): [],
    ("why",): ["1"],
    ("brand", "add"): ["eve", "Eve Ltd", "ecolab"],
    ("brand", "list"): [],
    ("desk", "name"): ["Eve's"],
    ("desk", "zone"): ["UTC"],
    ("policy", "answer"): ["ecolab", "time_zone", "UTC"],
    ("policy", "show"): ["ecolab"],
    ("policy", "accepted"): ["ecolab"],
    ("policy", "suggestions"): [],
    ("policy", "settle"): ["1", "taken", "Good."],
    ("policy", "add"): ["{folder}/words"],
    ("policy", "list"): [],
    ("policy", "versions"): ["ecolab"],
    ("policy", "activate"): ["ecolab"],
    ("policy", "diff"): ["ecolab", "ecolab@draft"],
    ("policy", "preview"): ["ecolab"],
    ("policy", "replay"): ["ecolab"],
    ("policy", "export"): ["ecolab@1"],
    ("policy", "check"): [],
    ("duty", "list"): [],
    ("duty", "done"): ["voicemail-check"],
    ("duty", "why"): ["voicemail-check"],
}
"""Every verb that asks the desk something, as somebody would type it who is nobody there."""
OF_ONE_S_OWN = {
    *(("demo",), ("init",), ("uninstall",), ("serve",), ("restore",), ("keys", "import"), ("keys", "pair")),
    *(("database", "move"), ("database", "upgrade"), ("calendar",), ("completion",)),
    *(("policy", "regimes"), ("policy", "coverage"), ("policy", "import"), ("policy", "window")),
}
"""Verbs that work on files of whoever types them and on no desk that serves: the host's accounts are their wall."""


def _verbs(parser: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield path
    for action in below:
        for name, verb in action.choices.items():
            yield from _verbs(verb, (*path, name))


def test_a1_every_verb_of_the_command_line_is_on_one_of_the_two_lists() -> None:
    """One that is added without a row fails here."""
    assert set(_verbs(build_parser())) == {*ASKS_THE_DESK, *OF_ONE_S_OWN}


def test_a1_an_agent_who_is_not_signed_in_is_told_nothing_and_changes_nothing_by_any_verb(desk: Living) -> None:
    folder = desk.host.root / "hers"
    folder.mkdir()
    folder.chmod(0o777)
    (folder / "words").write_text("From: a long enough passphrase\n\n", "utf-8")
    before = _by_people(desk)

    said = {
        verb: desk.host(*verb, *(word.format(folder=folder) for word in rest), account="cy")
        for verb, rest in ASKS_THE_DESK.items()
    }

    # The mailbox is tried from her own account first, which tells her nothing of the desk's.
    assert "cannot be read" in said.pop(("mail", "connect")).err
    assert {one.code for one in said.values()} == {1}
    assert {verb for verb, one in said.items() if "Sign in first." not in f"{one.out}{one.err}"} == set()
    assert {line for one in said.values() for line in one.out.splitlines() if "Sign in first." not in line} <= {
        "1 message: 1 could not be used."
    }
    assert [path.name for path in folder.iterdir()] == ["words"]
    assert _by_people(desk) == before


def _by_people(desk: Living) -> int:
    """Count the events that are not the desk's own: it sends mail meanwhile."""
    with closing(sqlite3.connect(f"file:{desk.host.at(HOME)}/desk.sqlite3?mode=ro", uri=True)) as link:
        return int(link.execute("SELECT count(*) FROM event WHERE actor <> 'desk'").fetchone()[0])


def test_a_colleague_s_right_password_is_worth_nothing_at_another_unix_account(desk: Living) -> None:
    host = desk.host
    password = one_time_password(host("user", "add", "dee", "Dee Example", "--unix", str(PEOPLE["ana"])))

    stolen = sign_in_as(host, "cy", "dee", password)
    hers = sign_in_as(host, "ana", "dee", password)
    opened = host("user", "unix", "dee", "any")
    then = sign_in_as(host, "cy", "dee", password)

    assert stolen.startswith(f"dee signs in from another Unix account than this one (number {PEOPLE['cy']}).")
    assert (hers, then) == ("Enrolling", "Enrolling")
    assert "dee may sign in from any Unix account." in opened.out


def test_mail_is_read_under_another_account_than_the_desk_s(desk: Living) -> None:
    desk_number, reader = desk.host.number("agentconsole")[0], desk.host.number("agentconsole-mail")[0]
    owners = {}
    for process in Path("/proc").iterdir():
        if (
            process.name.isdigit()
            and b"email.child" in _line_of(process)
            and str(desk.host.root).encode() in _line_of(process)
        ):
            owners[process.name] = process.stat().st_uid

    assert set(owners.values()) == {reader}
    assert desk_number not in owners.values()


def _line_of(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""
