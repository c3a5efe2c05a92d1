"""The units' filter of system calls against what the desk really calls: a call that it forbids would be a desk down."""

import re
import subprocess
from pathlib import Path

import pytest

from agentconsole.cli.team_layout import unit_path
from tests import needs
from tests.team.host import Host
from tests.team.living import living

SERVER, READER = "agentconsole.service", "agentconsole-mail@.service"


def _calls_of(name: str) -> set[str]:
    """Return the calls of one of systemd's groups, those of the groups in it included."""
    listed = subprocess.run(
        [str(needs.program("systemd-analyze")), "syscall-filter", name], capture_output=True, text=True, check=True
    )
    words = [line.strip() for line in listed.stdout.splitlines()[1:]]
    plain = {word for word in words if word and not word.startswith(("#", "@"))}
    return plain.union(*(_calls_of(word) for word in words if word.startswith("@")))


def _allowed(unit: str) -> set[str]:
    """Return what a unit's filter lets through; systemd lets its group @default through in any case."""
    allowed: set[str] = _calls_of("@default")
    for line in re.findall(r"^SystemCallFilter=(.*)$", unit, re.MULTILINE):
        named: set[str] = set()
        for word in line.removeprefix("~").split():
            named |= _calls_of(word) if word.startswith("@") else {word}
        allowed = allowed - named if line.startswith("~") else allowed | named
    return allowed


def _made(traces: Path) -> dict[str, set[str]]:
    """Return the calls that each unit's processes made; a reader of mail is known by how it was begun."""
    made: dict[str, set[str]] = {SERVER: set(), READER: set()}
    for path in traces.iterdir():
        text = path.read_text("utf-8", "replace")
        is_reader = re.search(r"^execve\(.*email\.chil", text, re.MULTILINE) is not None
        made[READER if is_reader else SERVER] |= set(re.findall(r"^([a-z]\w*)\(", text, re.MULTILINE))
    return made


@pytest.fixture(name="traces")
def _traces(host: Host) -> Path:
    folder = host.root / "traces"
    folder.mkdir()
    folder.chmod(0o777)
    return folder


def test_the_filter_forbids_nothing_that_a_day_at_the_desk_calls(host: Host, answers: Path, traces: Path) -> None:
    strace = str(needs.program("strace"))
    said = host("init", "--team", "--root", str(host.root), "--answers", str(answers))
    assert said.code == 0, said.err

    with living(host, before=[strace, "-ff", "-qq", "-o", str(traces / "of")]):
        assert host("doctor").code == 0
    made = _made(traces)

    for unit, calls in made.items():
        assert len(calls) > 25, calls
        assert calls - _allowed(host.at(unit_path(unit)).read_text("utf-8")) == set()


def test_a_filter_that_forbids_too_much_is_noticed() -> None:
    narrow = "SystemCallFilter=@system-service\nSystemCallFilter=~@network-io\n"

    assert {"accept4", "bind"} & _allowed(narrow) == set()
    assert {"openat", "read"} <= _allowed(narrow)
