"""The README's ten steps, each as it stands there, until ana answers a customer from an account of her own."""

import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from agentconsole.cli.answers import read_answers
from agentconsole.cli.team_layout import KEY
from tests.house.source import ROOT
from tests.journeys.first_day import PASSWORD, code_of, first_sign_in
from tests.journeys.test_mailbox import ANA, CARE, connect_line, letter, mail_servers
from tests.pty import Terminal
from tests.servers import PASSWORD as MAIL_PASSWORD
from tests.team.host import PEOPLE, Host, scratch_host
from tests.team.living import one_time_password

pytestmark = pytest.mark.timeout(300)

HEADING = "## Install it for a team on one host"
ANSWERS = ("Acme care", "Europe/London", "ecomstore", "Acme Ltd", "acme", "", "", "", "", "ada", "Ada Min", "")
"""Hours, the rest of the policy, the mailbox, another brand and colleagues are left for later."""


def _fenced(kind: str) -> str:
    section = (ROOT / "README.md").read_text("utf-8").partition(HEADING)[2].partition("\n## ")[0]
    found = re.search(rf"^```{kind}\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found.group(1)


def _steps() -> list[str]:
    return [re.split(r"\s+#\s*\d+ ", line)[0] for line in _fenced("sh").splitlines()]


class Administrator:
    """Do the steps on a host; where one needs systemd, or accounts of the machine, do what they would."""

    def __init__(self, host: Host, stack: ExitStack) -> None:
        self.host = host
        self.stack = stack
        self.mail, self.sending = stack.enter_context(mail_servers())
        self.said = ""
        self.ways: dict[str, Callable[[str], None]] = {
            r"python3 -m venv /opt/agentconsole && /opt/agentconsole/bin/pip install \.": self._have_program,
            r"/opt/agentconsole/bin/agentconsole init --team --dry-run": self._read_plan,
            r"/opt/agentconsole/bin/agentconsole init --team": self._install,
            rf"cp {KEY} /media/safe/": self._copy_key,
            r"agentconsole mail connect --address \S+ --imap \S+ --smtp \S+": self._connect,
            r"usermod -aG agentconsole ana": self._let_in,
            r'agentconsole user add ana "Ana Example" --unix ana': self._add,
            r"ssh -t \S+ agentconsole": self._work,
            r"agentconsole (policy blanks|doctor)": self._look,
        }

    def does(self, step: str) -> None:
        """Do one step."""
        (way,) = [way for form, way in self.ways.items() if re.fullmatch(form, step)]
        way(step)

    def _have_program(self, _step: str) -> None:
        assert self.host.python == self.host.at("/opt/agentconsole/bin/python")

    def _read_plan(self, _step: str) -> None:
        said = self.host("init", "--team", "--dry-run", "--root", str(self.host.root))
        assert said.out.endswith("Nothing was changed.\n")
        assert not self.host.at("/etc").exists()

    def _install(self, _step: str) -> None:
        command = [str(self.host.python), "-I", "-m", "agentconsole", "init", "--team", "--root", str(self.host.root)]
        with Terminal(command, size=(120, 100), environ={"HOME": "/nonexistent"}) as terminal:
            for answer in ANSWERS:
                terminal.wait_for(lambda: terminal.text.rstrip().endswith("]:"))
                terminal.feed(f"{answer}\r".encode())
                terminal.settle(0.1)
            for question in ("8 characters or more", "The same again"):
                terminal.wait_for(question)
                terminal.feed(f"{PASSWORD}\r".encode())
            terminal.wait_for("Code that the app shows now")
            seed = re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", terminal.text)
            assert seed is not None
            terminal.feed(code_of(seed.group()).encode() + b"\r")
            assert terminal.wait_for_end(60) == 0
            assert "What an agent types:" in terminal.text
        self.stack.enter_context(self.host.serving())

    def _copy_key(self, _step: str) -> None:
        assert self.host.at(KEY).read_text("ascii").startswith("ackm1_")

    def _connect(self, step: str) -> None:
        secret = self.host.root / "mailbox-password"
        secret.write_text(MAIL_PASSWORD, encoding="utf-8")
        line = connect_line(self.mail, self.sending, secret)
        assert set(re.findall(r"--\w+", step)) <= set(line)
        said = self.host(*line)
        assert "new mail becomes cases from now on." in said.out, said

    def _let_in(self, _step: str) -> None:
        before = self.host("status", account="ana")
        assert "usermod -aG agentconsole" in before.err
        self.host.members.add("ana")

    def _add(self, _step: str) -> None:
        said = self.host("user", "add", "ana", "Ana Example", "--unix", str(PEOPLE["ana"]))
        self.said = one_time_password(said)

    def _work(self, _step: str) -> None:
        self.mail.drop(CARE, bytes(letter("Where is my parcel?", "It is late.")), "1")
        with self.host.console("ana") as terminal:
            first_sign_in(terminal, "ana", self.said)
            terminal.wait_for("Unassigned 1")
            terminal.feed(b"n")
            terminal.wait_for("It is late.")
            terminal.feed(b"rDear Ana, it comes tomorrow. Ana Example\x04")
            terminal.wait_for("checks before sending")
            terminal.feed(b"e")
            terminal.wait_for(self._has_the_answer)
            terminal.feed(b":quit\r")
            assert terminal.wait_for_end() == 0

    def _has_the_answer(self) -> bool:
        # Where the desk is closed when this runs, its hours come first.
        return any(b"it comes tomorrow" in mail for mail in self.mail.received(ANA))

    def _look(self, step: str) -> None:
        said = self.host(*step.split()[1:])
        assert said.code == 0, said
        if "doctor" in step:
            assert "unix accounts: ada will belong to the Unix account of the first sign-in." in said.out
            assert "systemd credential agentconsole-master" in said.out


@pytest.fixture(name="empty")
def _empty() -> Iterator[Host]:
    with scratch_host() as host:
        yield host


def test_the_ten_steps_of_the_readme_lead_to_an_answered_customer(empty: Host) -> None:
    steps = _steps()

    with ExitStack() as stack:
        administrator = Administrator(empty, stack)
        for step in steps:
            administrator.does(step)

    assert len(steps) == 10


def test_the_readme_s_file_of_answers_is_one(tmp_path: Path) -> None:
    text = _fenced("toml").replace('unix = "ana"', 'unix = "1001"')
    (tmp_path / "desk.toml").write_text(text, encoding="utf-8")

    answers = read_answers(tmp_path / "desk.toml", "UTC")

    assert [person.login for person in answers.people] == [user["login"] for user in tomllib.loads(text)["users"]]
    assert len(answers.mailboxes) == len(answers.new.brands) == 1
