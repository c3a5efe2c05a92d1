"""The wheel: built once, installed into an empty environment with what it depends on, and run from another folder."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.house.source import BYTECODE, PACKAGE, ROOT
from tests.pty import Terminal
from tests.surroundings import MACHINE_HOME

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(name="wheel", scope="module")
def _wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.glob("agentconsole-*.whl")
    return built


@pytest.fixture(name="installed", scope="module")
def _installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder)
    _pip("--python", str(folder / "bin" / "python"), "install", "--no-compile", str(wheel))
    return folder


def test_the_wheel_holds_every_file_of_the_program_and_its_data(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    program = {str(path.relative_to(ROOT)) for path in _files(PACKAGE)}
    data = {f"agentconsole/{path.relative_to(ROOT)}" for path in _files(ROOT / "data")}

    assert len(data) > 20
    assert (program | data) - inside == set()


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    inside = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

    assert {name.partition("-")[0] for name in inside} == {"agentconsole"}


def test_the_installed_program_tells_its_version(installed: Path, tmp_path: Path) -> None:
    done = _run([str(installed / "bin" / "agentconsole"), "--version"], tmp_path)

    assert done.stdout.startswith("agentconsole 0.")


def test_the_installed_program_brings_all_it_imports(installed: Path, tmp_path: Path) -> None:
    program = (
        "import importlib, pkgutil, agentconsole\n"
        "for found in pkgutil.walk_packages(agentconsole.__path__, 'agentconsole.'):\n"
        "    if found.name not in {'agentconsole.__main__', 'agentconsole.storage.migrations.env'}:\n"
        "        importlib.import_module(found.name)\n"
        "print(agentconsole.__file__)"
    )

    done = _run([str(installed / "bin" / "python"), "-I", "-c", program], tmp_path)

    assert done.stdout.startswith(str(installed))


def test_the_installed_program_reads_its_packs_templates_and_holidays(installed: Path, tmp_path: Path) -> None:
    program = (
        "from agentconsole.config.packs import holiday_sets, load_pack, shipped_packs\n"
        "from agentconsole.config.templates import load_templates\n"
        "packs = [load_pack(name) for name in shipped_packs()]\n"
        "print(len(packs), len(load_templates()), len(holiday_sets()))"
    )

    done = _run([str(installed / "bin" / "python"), "-I", "-c", program], tmp_path)

    packs, templates, holidays = (int(number) for number in done.stdout.split())
    assert packs == len(list((ROOT / "data" / "policies").glob("*.toml")))
    assert templates >= 10
    assert holidays >= 3


def test_the_installed_program_makes_a_desk(installed: Path, tmp_path: Path) -> None:
    program = (
        "import pathlib, sys\n"
        "from agentconsole.storage.upgrade import HEAD, schema_of, upgrade\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "upgrade(path)\n"
        "print(schema_of(path) == HEAD)"
    )

    done = _run([str(installed / "bin" / "python"), "-I", "-c", program, str(tmp_path / "desk.sqlite3")], tmp_path)

    assert done.stdout == "True\n"


def test_the_installed_program_shows_its_demo(installed: Path, tmp_path: Path) -> None:
    command = ["/bin/sh", "-c", f"cd {tmp_path} && exec {installed}/bin/agentconsole demo"]

    with Terminal(command, environ={"PYTHONPATH": ""}) as terminal:
        terminal.wait_for("Username")
        terminal.feed(b"\r")
        terminal.wait_for("STATE")
        terminal.feed(b":quit\r")

        assert terminal.wait_for_end() == 0


def _files(top: Path) -> list[Path]:
    return [path for path in top.rglob("*") if path.is_file() and BYTECODE not in path.parts]


def _pip(*arguments: str) -> None:
    """Run pip with the configuration of the machine's own user: it may have to ask an index there."""
    environ = {**os.environ, "HOME": os.environ[MACHINE_HOME], "PIP_ROOT_USER_ACTION": "ignore"}
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *arguments]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done
