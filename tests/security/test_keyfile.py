"""Tests of the file that holds a master key."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.security.keyfile import check_key_file, read_key_file, write_key_file

PROJECT = Path(__file__).parents[2]
ME = os.geteuid()


def test_what_was_written_is_read_back(home: Path) -> None:
    write_key_file(home / "master.key", "ackm1_x")

    assert read_key_file(home / "master.key") == "ackm1_x\n"


def test_a_new_file_is_private_under_any_umask(home: Path) -> None:
    before = os.umask(0)
    try:
        write_key_file(home / "deep" / "master.key", "ackm1_x")
    finally:
        os.umask(before)

    assert stat.S_IMODE((home / "deep" / "master.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "deep").stat().st_mode) == 0o700


def test_nothing_is_ever_written_over(home: Path) -> None:
    write_key_file(home / "master.key", "ackm1_first")

    with pytest.raises(Refused, match=r"something at .* already"):
        write_key_file(home / "master.key", "ackm1_second")

    assert read_key_file(home / "master.key") == "ackm1_first\n"


def test_a_planted_link_is_not_written_through(home: Path) -> None:
    (home / "master.key").symlink_to(home / "elsewhere")

    with pytest.raises(Refused):
        write_key_file(home / "master.key", "ackm1_x")

    assert not (home / "elsewhere").exists()


def test_half_a_key_does_not_stay_behind_when_the_disk_takes_no_more(home: Path) -> None:
    program = (
        "import pathlib, resource, sys\n"
        "from agentconsole.security.keyfile import Refused, write_key_file\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))\n"
        "try: write_key_file(pathlib.Path(sys.argv[1]), 'ackm1_' + 'x' * 48)\n"
        "except Refused as refused: print(refused.sentence)\n"
    )

    command = [sys.executable, "-B", "-c", program, str(home / "master.key")]
    ran = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=True)

    assert ran.stdout.strip() == f"The key file {home / 'master.key'} cannot be used: file too large."
    assert [*home.iterdir()] == []


def test_a_missing_file_is_none(home: Path) -> None:
    assert read_key_file(home / "master.key") is None


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601, 0o777])
def test_a_file_that_others_can_open_is_refused_with_the_command_to_type(home: Path, mode: int) -> None:
    path = home / "a key"
    write_key_file(path, "ackm1_x")
    path.chmod(mode)

    with pytest.raises(Refused) as refused:
        read_key_file(path)

    assert f"mode {mode:03o}" in refused.value.sentence
    assert refused.value.sentence.endswith(f"type: chmod 600 '{path}'")


@pytest.mark.parametrize("mode", [0o400, 0o600])
def test_a_private_file_is_read(home: Path, mode: int) -> None:
    write_key_file(home / "master.key", "ackm1_x")
    (home / "master.key").chmod(mode)

    assert read_key_file(home / "master.key") == "ackm1_x\n"


@pytest.mark.parametrize(("mode", "taken"), [(0o440, True), (0o400, True), (0o460, False), (0o444, False)])
def test_a_credential_may_show_its_access_list_as_group_bits(home: Path, mode: int, taken: bool) -> None:
    path = home / "credential"
    write_key_file(path, "ackm1_x")
    path.chmod(mode)

    assert _is_read(path) is taken


@pytest.mark.parametrize(("owner", "taken"), [(ME, True), (0, True), (ME + 1, False), (ME + 65534, False)])
def test_only_ones_own_files_and_roots_are_trusted(owner: int, taken: bool) -> None:
    found = os.stat_result((stat.S_IFREG | 0o600, 1, 1, 1, owner, 0, 55, 0, 0, 0))

    refusal = None
    try:
        check_key_file(Path("/k/master.key"), found)
    except Refused as refused:
        refusal = refused.sentence

    ours = f"The key file /k/master.key belongs to another account; type: chown {ME} /k/master.key"
    assert refusal == (None if taken else ours)


def test_a_symbolic_link_is_refused(home: Path) -> None:
    write_key_file(home / "real.key", "ackm1_x")
    (home / "master.key").symlink_to(home / "real.key")

    with pytest.raises(Refused, match="is a symbolic link"):
        read_key_file(home / "master.key")


def test_a_folder_is_refused(home: Path) -> None:
    (home / "master.key").mkdir(mode=0o700)

    with pytest.raises(Refused, match="not a regular file"):
        read_key_file(home / "master.key")


def test_a_planted_pipe_is_refused_and_holds_nothing_up(home: Path) -> None:
    os.mkfifo(home / "master.key", 0o600)

    with pytest.raises(Refused, match="not a regular file"):
        read_key_file(home / "master.key")


def test_a_path_through_a_file_is_refused(home: Path) -> None:
    (home / "file").write_text("")

    with pytest.raises(Refused, match="cannot be used: not a directory"):
        read_key_file(home / "file" / "master.key")


def test_a_huge_file_is_read_no_further_than_a_key_can_reach(home: Path) -> None:
    write_key_file(home / "master.key", "x" * 1_000_000)

    text = read_key_file(home / "master.key")

    assert text is not None
    assert len(text) == 4096


def _is_read(path: Path) -> bool:
    try:
        return read_key_file(path, group_may_read=True) is not None
    except Refused:
        return False
