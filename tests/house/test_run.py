"""The one test command on machines that lack something: what it does, what it says, and how it ends."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import needs
from tests.house.source import ROOT
from tests.pty import Terminal

TOOLS = ("bash", "cat", "chmod", "dirname", "mkdir", "nproc", "sha256sum")
PYTEST = """#!/bin/bash
case "$*" in
  *agentconsole.__file__*) echo "$CHECKOUT/agentconsole/__init__.py" ;;
  *"-m pytest"*) echo "pytest $*"; echo "3 passed in 0.01s"; exit ${PYTEST_EXIT:-0} ;;
  *"-m pip install"*) echo "pip $*" >>"$CHECKOUT/done" ;;
esac
"""
PYTHON = """#!/bin/bash
case "$*" in
  *version_info*) exit ${TOO_OLD:-0} ;;
  *ensurepip*) exit ${NO_VENV:-0} ;;
  *"-m venv"*)
    [[ ${NO_VENV:-0} == 0 ]] || exit 1
    mkdir -p .venv/bin && cat "$CHECKOUT/pytest" >.venv/bin/python && chmod +x .venv/bin/python ;;
  *) echo 3.11 ;;
esac
"""
ROOTLESS = """#!/bin/bash
[[ $1 == -u ]] && echo 1000 || echo "maria ${GROUPS_OF_MARIA:-users}"
"""
ASKING_SUDO = """#!/bin/bash
[[ $1 == -n && ! -e $CHECKOUT/asked ]] && exit 1
[[ $1 == -v ]] && { echo asked >>"$CHECKOUT/asked"; exit; }
shift
"$@"
"""
RECORDING = """#!/bin/bash
echo "$*" >>"$CHECKOUT/done"
cat >/dev/null
"""


@dataclass(frozen=True)
class Machine:
    """A machine with the tools a shell has, a Python that is played, and the programs put there."""

    checkout: Path
    programs: Path

    def has(self, name: str, text: str = "#!/bin/bash\n") -> None:
        """Put a program on the machine."""
        path = self.programs / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    @property
    def surroundings(self) -> dict[str, str]:
        """Return the environment in which this machine is all there is."""
        return {"PATH": str(self.programs), "SYSTEM_PATH": "", "CHECKOUT": str(self.checkout)}

    def runs(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run the test command."""
        command = ["/bin/bash", str(self.checkout / "tests" / "run"), *arguments]
        surroundings = {**self.surroundings, **environ}
        return subprocess.run(
            command, env=surroundings, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
        )

    def did(self) -> str:
        """Tell what was installed."""
        told = self.checkout / "done"
        return told.read_text("utf-8") if told.exists() else ""


@pytest.fixture(name="machine")
def _machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path / "checkout", tmp_path / "programs")
    machine.programs.mkdir()
    (machine.checkout / "tests").mkdir(parents=True)
    for name in ("tests/run", "tests/debian.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, machine.checkout / name)
    (machine.checkout / "pytest").write_text(PYTEST, encoding="utf-8")
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (machine.programs / tool).symlink_to(found)
    machine.has("python3", PYTHON)
    machine.has("id", "#!/bin/bash\necho 0\n")
    return machine


@pytest.fixture(name="complete")
def _complete(machine: Machine) -> Machine:
    for program in needs.packages():
        machine.has(program)
    return machine


def test_it_ends_with_the_line_and_the_code_of_pytest(complete: Machine) -> None:
    done = complete.runs("tests/domain", "-k", "a b", PYTEST_EXIT="5")

    assert done.returncode == 5
    assert done.stdout.splitlines()[-1] == "3 passed in 0.01s"
    assert done.stdout.splitlines()[-2].endswith("tests/domain -k a b")
    assert done.stderr == ""


def test_it_prepares_the_environment_once(complete: Machine) -> None:
    said = [complete.runs().stdout.count("preparing") for _ in range(2)]

    assert said == [1, 0]
    assert complete.did() == "pip -m pip install -q -e .[test,bench]\n"


def test_it_prepares_the_environment_anew_when_the_dependencies_changed(complete: Machine) -> None:
    complete.runs()
    with (complete.checkout / "pyproject.toml").open("a", encoding="utf-8") as project:
        project.write("# one more\n")

    assert "preparing" in complete.runs().stdout


def test_it_prepares_the_environment_anew_when_that_serves_another_tree(complete: Machine) -> None:
    complete.runs()
    python = complete.checkout / ".venv" / "bin" / "python"
    python.write_text(PYTEST.replace("$CHECKOUT/agentconsole", "/elsewhere/agentconsole"), encoding="utf-8")

    assert "preparing" in complete.runs().stdout


@pytest.mark.parametrize(
    ("ci", "code", "said"),
    [
        pytest.param("", 0, "what needs them is left out and named at the end", id="at-home"),
        pytest.param("true", 1, "missing, and CI leaves nothing out: age dovecot-imapd", id="ci"),
    ],
)
def test_where_nothing_can_be_installed_it_says_so(machine: Machine, ci: str, code: int, said: str) -> None:
    done = machine.runs(CI=ci)

    assert done.returncode == code
    assert said in done.stderr
    assert all(package in done.stderr for package in needs.packages().values())


@pytest.mark.parametrize("ci", ["", "true"])
@pytest.mark.parametrize("account", ["#!/bin/bash\necho 0\n", ROOTLESS], ids=["root", "sudo"])
def test_what_is_missing_comes_from_debian_without_starting_a_daemon(machine: Machine, account: str, ci: str) -> None:
    machine.has("apt-get", RECORDING)
    machine.has("env", RECORDING)
    machine.has("id", account)
    machine.has("sudo", '#!/bin/bash\nshift\n[[ $1 == true ]] && exit\n"$@"\n')

    machine.runs(CI=ci)

    did = machine.did()
    assert "DEBIAN_FRONTEND=noninteractive apt-get install" in did
    assert "--no-install-recommends" in did
    assert "systemctl disable -q dovecot.service" in did


@pytest.mark.parametrize(
    ("groups", "ci", "asks"),
    [
        pytest.param("users sudo", "", True, id="may"),
        pytest.param("users sudoers", "", False, id="may-not"),
        pytest.param("users sudo", "true", False, id="ci"),
    ],
)
def test_a_person_who_may_use_sudo_is_asked_for_the_password(
    machine: Machine, groups: str, ci: str, asks: bool
) -> None:
    for name, text in (("apt-get", RECORDING), ("env", RECORDING), ("id", ROOTLESS), ("sudo", ASKING_SUDO)):
        machine.has(name, text)
    surroundings = {**machine.surroundings, "GROUPS_OF_MARIA": groups, "CI": ci}

    with Terminal(["/bin/bash", str(machine.checkout / "tests" / "run")], environ=surroundings) as terminal:
        terminal.wait_for_end()

    assert (machine.checkout / "asked").exists() == asks
    assert ("apt-get install" in machine.did()) == asks


def test_nobody_is_asked_where_nobody_sits_at_a_terminal(machine: Machine) -> None:
    for name, text in (("apt-get", RECORDING), ("env", RECORDING), ("id", ROOTLESS), ("sudo", ASKING_SUDO)):
        machine.has(name, text)

    machine.runs(GROUPS_OF_MARIA="users sudo")

    assert not (machine.checkout / "asked").exists()
    assert machine.did().count("apt-get") == 0


@pytest.mark.parametrize(
    ("lack", "sentence"),
    [
        pytest.param({"TOO_OLD": "1"}, "python3 is not Python 3.11 or newer", id="old"),
        pytest.param({"NO_VENV": "1"}, "install Debian's package python3-venv and run this again", id="no-venv"),
    ],
)
def test_a_python_that_will_not_do_is_answered_in_a_sentence(
    complete: Machine, lack: dict[str, str], sentence: str
) -> None:
    done = complete.runs(**lack)

    assert done.returncode == 1
    assert sentence in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_ci_runs_the_command_of_the_readme() -> None:
    ci = (ROOT / ".ci" / "run").read_text("utf-8")

    assert "exec bash tests/run " in ci
    assert "CI=${CI:-true}" in ci
