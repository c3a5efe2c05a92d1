"""Installing a team's desk: what it makes, that twice is once, and that taking it off keeps what is the desk's."""

import os
import signal
import stat
import subprocess
from pathlib import Path

import pytest

from agentconsole.cli.team_layout import KEY, SEALED_KEY, UNITS, unit_path
from agentconsole.config.paths import TEAM_SOCKET
from tests import needs
from tests.team.host import Host, Said, Unit

WORST_EXPOSURE = 2.0
RUNS = {"agentconsole.service": "agentconsole.service", "agentconsole-mail@.service": "agentconsole-mail@1.service"}


def _install(host: Host, *more: str) -> Said:
    return host("init", "--team", "--root", str(host.root), *more)


@pytest.fixture(name="installed")
def _installed(host: Host, answers: Path) -> Host:
    said = _install(host, "--answers", str(answers))
    assert said.code == 0, said.err
    return host


def _snapshot(host: Host) -> dict[str, tuple[int, int, int, int, int]]:
    found = {}
    for path in sorted(host.root.rglob("*")):
        if "opt" not in path.parts:
            known = path.lstat()
            found[str(path)] = (known.st_mode, known.st_uid, known.st_gid, known.st_mtime_ns, known.st_ino)
    return found


def test_a_dry_run_prints_everything_and_changes_nothing(host: Host, answers: Path) -> None:
    before = _snapshot(host)

    said = _install(host, "--dry-run", "--answers", str(answers))

    assert said.code == 0
    assert _snapshot(host) == before
    for line in (
        "u agentconsole - ",
        "SocketMode=0600",
        "CapabilityBoundingSet=",
        "/var/lib/agentconsole (agentconsole, 0700)",
        "systemctl enable --now agentconsole-mail.socket agentconsole.service",
    ):
        assert line in said.out


def test_everything_has_its_owner_and_its_mode(installed: Host) -> None:
    desk, _ = installed.number("agentconsole")
    expected = {
        "/etc/agentconsole": (0, 0o700),
        "/etc/agentconsole/master.key": (0, 0o600),
        "/var/lib/agentconsole": (desk, 0o700),
        "/var/lib/agentconsole/desk.sqlite3": (desk, 0o600),
        "/usr/local/bin/agentconsole": (0, 0o755),
        **{str(unit_path(name)): (0, 0o644) for name in UNITS},
    }

    found = {path: installed.at(path).stat() for path in expected}

    assert {path: (got.st_uid, stat.S_IMODE(got.st_mode)) for path, got in found.items()} == expected
    assert 0 < desk != installed.number("agentconsole-mail")[0] > 0


def test_the_second_time_nothing_is_changed(installed: Host) -> None:
    before = _snapshot(installed)

    again = _install(installed)

    assert again.code == 0
    assert "made:" not in again.out
    assert _snapshot(installed) == before


def test_what_somebody_changed_is_put_right_and_the_data_stays(installed: Host) -> None:
    installed.at("/var/lib/agentconsole").chmod(0o755)
    unit = installed.at(unit_path("agentconsole.service"))
    unit.write_text("[Service]\n", encoding="utf-8")
    desk = installed.at("/var/lib/agentconsole/desk.sqlite3").read_bytes()

    said = _install(installed)

    assert [line.split()[1:3] for line in said.out.splitlines() if line.startswith("made:")] == [
        ["folder", "/var/lib/agentconsole"],
        ["file", "/etc/systemd/system/agentconsole.service"],
    ]
    assert "NoNewPrivileges=yes" in unit.read_text("utf-8")
    assert installed.at("/var/lib/agentconsole/desk.sqlite3").read_bytes() == desk


def test_taking_it_off_keeps_data_and_key_and_it_can_be_put_on_again(installed: Host) -> None:
    kept = [installed.at(path) for path in ("/var/lib/agentconsole/desk.sqlite3", "/etc/agentconsole/master.key")]
    before = [path.read_bytes() for path in kept]

    tried = installed("uninstall", "--root", str(installed.root), "--dry-run")
    still = installed.at(unit_path("agentconsole.service")).exists()
    done = installed("uninstall", "--root", str(installed.root))
    twice = installed("uninstall", "--root", str(installed.root))
    gone = not any(installed.at(unit_path(name)).exists() for name in UNITS)
    again = _install(installed)

    assert (tried.code, done.code, twice.code, again.code) == (0, 0, 0, 0)
    assert still
    assert gone
    assert "No team's desk is installed here" in twice.out
    assert [path.read_bytes() for path in kept] == before


@pytest.mark.parametrize("unit", RUNS)
def test_systemd_finds_little_to_hold_against_the_units(installed: Host, unit: str, tmp_path: Path) -> None:
    analyze = needs.program("systemd-analyze")
    named = tmp_path / RUNS[unit]
    named.write_bytes(installed.at(unit_path(unit)).read_bytes())

    threshold = f"--threshold={int(WORST_EXPOSURE * 10)}"
    judged = subprocess.run(
        [str(analyze), "security", "--offline=true", threshold, str(named)], capture_output=True, text=True, check=False
    )
    open_to_all = tmp_path / "open.service"
    open_to_all.write_text("[Service]\nExecStart=/bin/true\n", encoding="utf-8")
    control = subprocess.run(
        [str(analyze), "security", "--offline=true", threshold, str(open_to_all)], capture_output=True, check=False
    )

    assert judged.returncode == 0, judged.stdout[-300:]
    assert control.returncode != 0


def _verified(host: Host, folder: Path) -> list[str]:
    """Return what systemd has to say against the units."""
    for name in UNITS:
        (folder / name).write_bytes(host.at(unit_path(name)).read_bytes())
    judged = subprocess.run(
        [str(needs.program("systemd-analyze")), "verify", "--man=no", str(folder / "agentconsole.service")],
        capture_output=True,
        text=True,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{folder}:/lib/systemd/system"},
        check=False,
    )
    return [line for line in judged.stderr.splitlines() if "agentconsole" in line]


def test_systemd_understands_the_units(installed: Host, tmp_path: Path) -> None:
    assert _verified(installed, tmp_path) == []


def test_a_key_that_was_sealed_for_the_host_is_what_the_unit_loads_and_no_other_is_made(
    installed: Host, tmp_path: Path
) -> None:
    """What systemd-creds makes of it, and that systemd opens it, is not run here: it takes a host's own secret."""
    plain, sealed = installed.at(KEY), installed.at(SEALED_KEY)
    kept = plain.read_bytes()
    sealed.write_text("sealed by systemd-creds", encoding="ascii")
    plain.unlink()

    said = _install(installed)
    unit = Unit.read(installed, "agentconsole.service")
    is_made_anew = plain.exists()
    off = installed("uninstall", "--root", str(installed.root), "--dry-run")
    verified = _verified(installed, tmp_path)
    sealed.unlink()
    plain.write_bytes(kept)
    plain.chmod(0o600)

    assert said.code == 0, said.err
    assert unit.all("LoadCredential") == []
    assert unit.one("LoadCredentialEncrypted") == f"agentconsole-master:{SEALED_KEY}"
    assert not is_made_anew
    assert f"kept:  {SEALED_KEY}" in off.out
    assert verified == []


def test_a_desk_is_not_made_without_the_key_it_is_to_have(host: Host, answers: Path) -> None:
    host.at(SEALED_KEY).parent.mkdir(parents=True, exist_ok=True)
    plain, desk = host.at(KEY), host.at("/var/lib/agentconsole/desk.sqlite3")
    away = {path: path.rename(path.with_suffix(".away")) for path in (plain, desk) if path.exists()}
    host.at(SEALED_KEY).write_text("sealed by systemd-creds", encoding="ascii")

    said = _install(host, "--answers", str(answers))
    host.at(SEALED_KEY).unlink()
    for path, moved in away.items():
        moved.rename(path)

    assert said.code == 1
    assert "put your copy of it there" in said.err


def test_the_socket_is_the_group_s_and_the_reader_s_the_desk_s_alone(installed: Host) -> None:
    with installed.serving():
        ours = installed.at(TEAM_SOCKET).stat()
        folder = installed.at(TEAM_SOCKET).parent.stat()

    assert (ours.st_uid, ours.st_gid) == installed.number("agentconsole")
    assert (stat.S_IMODE(ours.st_mode), stat.S_IMODE(folder.st_mode)) == (0o660, 0o750)
    assert folder.st_gid == installed.number("agentconsole")[1]


def test_a_server_that_a_fault_kills_leaves_no_core_and_the_next_one_serves(installed: Host) -> None:
    with installed.serving() as server:
        server.send_signal(signal.SIGSEGV)
        code = server.wait(20)
    with installed.serving():
        after = installed("status")

    assert code == -signal.SIGSEGV
    assert [path for path in installed.root.rglob("core*") if "opt" not in path.parts] == []
    assert after.code == 0


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (["init", "--team", "--root", "/nowhere/at/all"], "There is no folder '/nowhere/at/all'"),
        (["init", "--team", "--root", ""], "There is no folder ''"),
        (["init", "--team", "--root", "/" + "x" * 100_000], "There is no folder '/xxx"),
        (["init", "--dry-run"], "--dry-run and --root are for a team's desk"),
        (["uninstall", "--root", "/etc/hostname"], "There is no folder '/etc/hostname'"),
    ],
)
def test_a_wrong_line_is_refused_in_a_sentence(host: Host, line: list[str], sentence: str) -> None:
    said = host(*line)

    assert said.code == 1
    assert sentence in said.err
    assert len(said.err) < 300


def test_only_root_installs_and_takes_off(host: Host, answers: Path) -> None:
    install = host("init", "--team", "--root", str(host.root), "--answers", str(answers), account="eve")
    off = host("uninstall", "--root", str(host.root), account="eve")

    assert (install.code, off.code) == (1, 1)
    assert "Installing a team's desk needs root" in install.err
    assert "Taking a team's desk off needs root" in off.err


def test_no_sentence_of_it_is_wider_than_80_columns(host: Host, answers: Path) -> None:
    said = [
        _install(host, "--dry-run").out,
        _install(host, "--answers", str(answers)).out,
        host("uninstall", "--root", str(host.root)).out,
    ]

    # What the plan shows of a file is that file, and a command that cannot be broken is none to type in pieces.
    lines = [line for text in said for line in text.splitlines() if not line.startswith("    ")]
    assert [line for line in lines if len(line) > 80 and str(host.root) not in line] == []
