"""Where a desk lies: one's own before the team's of the host, and a named one before both."""

import stat
from pathlib import Path

import pytest

from agentconsole.config.paths import TEAM_SOCKET, desk_paths


@pytest.fixture(name="unit")
def _unit(tmp_path: Path) -> Path:
    """Return the unit of a team's desk that is installed on this host."""
    unit = tmp_path / "agentconsole.service"
    unit.touch()
    return unit


def test_a_host_without_a_team_has_only_one_s_own_desk(tmp_path: Path) -> None:
    paths = desk_paths({"HOME": str(tmp_path)}, team_unit=tmp_path / "none")

    assert (paths.team, paths.home) == (False, tmp_path / ".local" / "share" / "agentconsole")


def test_on_a_team_s_host_its_socket_is_found(tmp_path: Path, unit: Path) -> None:
    paths = desk_paths({"HOME": str(tmp_path)}, team_unit=unit)

    assert (paths.team, paths.socket) == (True, TEAM_SOCKET)


def test_one_s_own_desk_comes_before_the_team_s(tmp_path: Path, unit: Path) -> None:
    own = tmp_path / ".local" / "share" / "agentconsole"
    own.mkdir(parents=True)
    (own / "desk.sqlite3").touch()

    paths = desk_paths({"HOME": str(tmp_path)}, team_unit=unit)

    assert (paths.team, paths.home) == (False, own)


@pytest.mark.parametrize("named", [{"AGENTCONSOLE_HOME": "/elsewhere"}, {}])
def test_a_named_desk_comes_before_the_team_s(tmp_path: Path, unit: Path, named: dict[str, str]) -> None:
    paths = desk_paths({"HOME": str(tmp_path), **named}, None if named else Path("/elsewhere"), team_unit=unit)

    assert (paths.team, paths.home) == (False, Path("/elsewhere"))


def test_the_server_of_a_team_is_told_home_and_socket(tmp_path: Path) -> None:
    environ = {"AGENTCONSOLE_HOME": str(tmp_path / "home"), "AGENTCONSOLE_SOCKET": "/run/x/sock"}

    paths = desk_paths(environ, team_unit=tmp_path / "none")

    assert (paths.team, paths.home, paths.socket) == (True, tmp_path / "home", Path("/run/x/sock"))


def test_an_account_without_a_home_can_be_told_one(tmp_path: Path) -> None:
    assert desk_paths({"AGENTCONSOLE_HOME": str(tmp_path)}).home == tmp_path


def test_a_team_s_socket_folder_is_left_to_systemd(tmp_path: Path) -> None:
    environ = {"AGENTCONSOLE_HOME": str(tmp_path / "home"), "AGENTCONSOLE_SOCKET": str(tmp_path / "run" / "sock")}

    desk_paths(environ).make()

    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700
    assert not (tmp_path / "run").exists()
