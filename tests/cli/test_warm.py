"""What is kept warm and for how long, who may have it, and when a cold start is due; a terminal is lent whole."""

import json
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentconsole.cli.warm import IDLE_MINUTES, loaded_files
from agentconsole.cli.warm import Warm as Process
from agentconsole.cli.warm_client import PATIENCE
from agentconsole.cli.warm_keeping import kept_warm
from agentconsole.cli.warm_place import LONGEST_PATH, is_private, place_of
from agentconsole.config.preferences import Preferences
from tests import needs
from tests.cli.warm_probe import CODE
from tests.journeys.warming import PROGRAM, Warm, keeping_warm

PROBE = str(Path(__file__).with_name("warm_probe.py"))
LEAST = {"HOME": "/nowhere"}
COLD = "There is no desk in"


@pytest.fixture(name="probe")
def _probe(tmp_path: Path) -> Iterator[Warm]:
    """Keep a process warm that only tells; a cold console says that there is no desk."""
    with keeping_warm({**LEAST, "AGENTCONSOLE_HOME": str(tmp_path / "none")}, PROBE) as warm:
        yield warm


def _told(warm: Warm, **more: str) -> dict[str, object]:
    with warm.terminal(size=(4000, 24), **more) as terminal:
        terminal.wait_for("that is all")
        assert terminal.wait_for_end() == CODE
        return json.loads(next(row for row in terminal.rows if row.startswith("{")))


def test_a_forked_process_has_the_terminal_the_folder_and_the_environment_of_who_lent_them(probe: Warm) -> None:
    told = _told(probe, TZ="Asia/Tokyo", LC_CTYPE="C.UTF-8", ODD="a=b\n")

    assert told["environ"] == {
        **{name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ},
        **probe.environ,
        "TERM": "xterm-256color",
        "TZ": "Asia/Tokyo",
        "LC_CTYPE": "C.UTF-8",
        "ODD": "a=b\n",
    }
    assert told["folder"] == str(Path(__file__).parents[2])
    assert len(set(told["terminals"])) == 1
    assert told["zone"] == "JST"


def test_a_forked_process_is_nobody_s_child_closed_and_holds_nothing_of_where_it_comes_from(probe: Warm) -> None:
    told = _told(probe)

    assert (told["others"], told["leads"], told["mask"], told["core"], told["hangup"]) == (0, True, "77", 0, True)
    assert told["parent"] not in (probe.process.pid, os.getpid())
    assert len(list(Path(f"/proc/{probe.process.pid}/task").iterdir())) == 1


@pytest.mark.parametrize(
    "name",
    ["PYTHONPATH", "PYTHONSTARTUP", "TEXTUAL_DRIVER", "LD_PRELOAD", "LD_LIBRARY_PATH", "ESCDELAY", "LC_TERMINAL"],
)
def test_what_a_console_reads_while_it_loads_gets_a_cold_one(probe: Warm, name: str) -> None:
    with probe.terminal("/usr/bin/env", f"{name}=1", *PROGRAM) as terminal:
        terminal.wait_for(COLD)


def test_what_is_sent_elsewhere_than_to_the_terminal_gets_a_cold_one(probe: Warm, tmp_path: Path) -> None:
    with probe.terminal("/bin/sh", "-c", f'exec "$@" 2>{tmp_path}/said', "sh", *PROGRAM) as terminal:
        terminal.wait_for_end()

    assert COLD in (tmp_path / "said").read_text()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP], ids=["dead", "stopped"])
def test_one_that_does_not_answer_is_not_waited_for(probe: Warm, number: signal.Signals) -> None:
    probe.process.send_signal(number)
    with probe.terminal() as terminal:
        terminal.wait_for(COLD)
        terminal.wait_for_end()

    assert terminal.raw.startswith(b"agentconsole: There is no desk")
    assert PATIENCE < 0.05


def test_one_whose_program_has_changed_ends_and_a_cold_one_is_begun(tmp_path: Path) -> None:
    (tmp_path / "part_of_it.py").write_text("version = 1\n")
    with keeping_warm(
        {**LEAST, "AGENTCONSOLE_HOME": str(tmp_path / "none")}, PROBE, str(tmp_path / "part_of_it.py")
    ) as warm:
        assert _told(warm)
        (tmp_path / "part_of_it.py").write_text("version = 2, longer\n")
        with warm.terminal() as terminal:
            terminal.wait_for(COLD)

        assert warm.process.wait(10) == 0
        assert not warm.place.exists()


def test_it_knows_every_file_that_it_has_loaded() -> None:
    assert {needs.__file__, os.__file__, socket.__file__} <= loaded_files().keys()


def test_another_account_gets_no_console_even_where_the_folder_lets_it_in(probe: Warm) -> None:
    needs.root("another account has to ask")
    for folder, mode in ((probe.place.parents[1], 0o711), (probe.place.parent, 0o711), (probe.place, 0o777)):
        folder.chmod(mode)
    asking = (
        "import socket, sys\n"
        "link = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)\n"
        "link.connect(sys.argv[1])\n"
        "print(link.recv(1))"
    )
    said = [
        subprocess.run(
            ["/usr/bin/python3", "-I", "-c", asking, str(probe.place)],
            capture_output=True,
            text=True,
            user=account,
            check=True,
        ).stdout
        for account in (61_004, 0)
    ]

    assert said == ["b''\n", "b'H'\n"]


@pytest.mark.parametrize(
    ("mode", "owner", "fit"),
    [
        pytest.param(0o700, None, True, id="its own"),
        pytest.param(0o500, None, True, id="its own, not written"),
        pytest.param(0o710, None, False, id="a group may enter"),
        pytest.param(0o755, None, False, id="all may read"),
        pytest.param(0o700, 61_004, False, id="another account's"),
    ],
)
def test_only_a_folder_of_this_account_that_is_closed_to_others_is_used(
    mode: int, owner: int | None, fit: bool
) -> None:
    with tempfile.TemporaryDirectory(prefix="w") as short:
        folder, link = Path(short) / "run", Path(short) / "link"
        folder.mkdir()
        folder.chmod(mode)
        if owner is not None:
            needs.root("a folder is given to another account")
            os.chown(folder, owner, owner)
        link.symlink_to(folder)
        found = is_private(str(folder)), is_private(str(link))
        leads = place_of({"XDG_RUNTIME_DIR": str(folder), "HOME": "/h"})

    assert found == (fit, False)
    assert leads.startswith("/h/.local/state/agentconsole/warm-" if not fit else f"{folder}/agentconsole/warm-")


@pytest.mark.parametrize(
    "environ",
    [
        pytest.param({}, id="no home"),
        pytest.param({"HOME": "here"}, id="a home without a place"),
        pytest.param({"HOME": "/" + "h" * LONGEST_PATH}, id="too long for a socket"),
    ],
)
def test_where_there_is_no_fit_folder_nothing_is_kept_warm(environ: dict[str, str]) -> None:
    with kept_warm(Preferences(), environ):
        pass

    assert place_of(environ) == ""


def test_one_that_nobody_asks_for_ends_by_itself(tmp_path: Path) -> None:
    place = tmp_path / "warm"
    Process(place, lambda link: None).wait(look_seconds=0.001)

    assert IDLE_MINUTES == 15
    assert not place.exists()
    Process(place, lambda link: None).wait(look_seconds=0.001)


def test_one_whose_place_is_another_s_ends_and_leaves_that_alone(tmp_path: Path) -> None:
    place = tmp_path / "warm"
    process = Process(place, lambda link: None)
    place.unlink()
    place.write_text("another")
    process.wait()

    assert place.read_text() == "another"


def test_who_asks_and_is_gone_before_the_answer_ends_nothing(probe: Warm) -> None:
    probe.process.send_signal(signal.SIGSTOP)
    for _ in range(3):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as link:
            link.connect(str(probe.place))
    probe.process.send_signal(signal.SIGCONT)

    assert _told(probe)
    assert probe.process.poll() is None


def test_there_is_one_at_a_time(probe: Warm) -> None:
    with pytest.raises(BlockingIOError):
        Process(probe.place, lambda link: None)

    assert _told(probe)
