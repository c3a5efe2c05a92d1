"""What import-linter cannot see: imports inside functions, what a process really loads, and the rules' short list."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.dependencies import import_names, runtime_dependencies
from tests.house.source import PACKAGE, ROOT, functions, imported, module_name, named, parsed, python_files

DEFERRED = {
    "agentconsole/cli": "each verb imports what it needs: `--version` must not pay for an ORM",
    "agentconsole/storage/upgrade.py": "Alembic takes 0.4 s and is needed only when the schema is old",
    "agentconsole/storage/database.py": "a desk with a file needs no driver of PostgreSQL",
    "agentconsole/security/desk_keyring.py": "keyring takes 0.16 s and asks D-Bus, only for a key in no file",
    "agentconsole/channels/email/parse.py": "HTML brings lxml, and the child has loaded it before its limits",
    "agentconsole/demo/begin.py": "garbage is not looked for while the demo's server is imported",
    "agentconsole/tui/entry.py": "Textual reads the environment when it is imported, so that is set first",
    "agentconsole/security/enrolment.py": "segno takes 0.1 s and is wanted once in a user's life",
}
DATABASE_AND_SECRETS = (
    "sqlmodel",
    "sqlalchemy",
    "alembic",
    "psycopg",
    "sqlite3",
    "keyring",
    "cryptography",
    "argon2",
    "pyotp",
)
HEAVY = (*DATABASE_AND_SECRETS, "textual", "rich", "msgspec", "imap_tools", "inscriptis", "segno", "asyncio")
UNFIT_FOR_RULES = frozenset(
    {"asyncio", "io", "logging", "os", "pathlib", "random", "secrets", "shutil", "socket", "sqlite3", "subprocess"}
    | {"sys", "tempfile", "threading", "time", "urllib", "uuid"}
)
"""Modules of the standard library that read a clock, a file, a network or chance."""


def test_imports_inside_functions_stand_where_their_cost_is_known() -> None:
    deferred = {path for path in python_files(PACKAGE) for node in functions(path) if list(imported(node))}
    places = {place: ROOT / place for place in DEFERRED}

    assert [named(path) for path in deferred if not {path, *path.parents} & set(places.values())] == []
    assert [place for place, top in places.items() if not any({path, *path.parents} & {top} for path in deferred)] == []


@pytest.mark.parametrize(
    ("module", "deferred"),
    [
        ("agentconsole.storage.upgrade", ("alembic",)),
        ("agentconsole.storage.database", ("psycopg",)),
        ("agentconsole.security.desk_keyring", ("keyring",)),
        ("agentconsole.security.enrolment", ("segno",)),
        ("agentconsole.tui.entry", ("textual", "rich")),
        ("agentconsole.demo.serve", ("lxml", "inscriptis", "keyring", "alembic")),
        ("agentconsole.demo.begin", HEAVY),
        ("agentconsole.cli.main", HEAVY),
    ],
)
def test_a_deferred_import_really_defers(module: str, deferred: tuple[str, ...]) -> None:
    loaded = _loaded_by(f"import {module}")

    assert loaded & set(deferred) == set()


def test_the_whole_console_loads_no_database_and_no_secrets() -> None:
    modules = [module_name(path) for path in python_files(PACKAGE / "tui")]

    loaded = _loaded_by("\n".join(f"import {module}" for module in modules))

    assert "textual" in loaded
    assert loaded & set(DATABASE_AND_SECRETS) == set()


def test_the_whole_console_knows_no_policy_and_writes_no_mail() -> None:
    loaded = _loaded_by("import agentconsole.cli.console, agentconsole.tui.app", whole=True)

    assert "agentconsole.tui.app" in loaded
    assert loaded & {"email", "agentconsole.domain.policy", "agentconsole.domain.calendar"} == set()


def test_the_parser_child_has_what_html_needs_before_its_limits() -> None:
    assert {"lxml", "inscriptis"} <= _loaded_by("import agentconsole.channels.email.child")


def test_asking_for_the_version_loads_nothing_heavy() -> None:
    loaded = _loaded_by(
        "import contextlib, runpy, sys\n"
        "sys.argv = ['agentconsole', '--version']\n"
        "with contextlib.suppress(SystemExit):\n"
        "    runpy.run_module('agentconsole', run_name='__main__')"
    )

    assert loaded & set(HEAVY) == set()


def test_a_process_shows_what_it_loaded() -> None:
    assert {"sqlite3", "agentconsole"} <= _loaded_by("import sqlite3, agentconsole")


def test_the_rules_import_the_pure_part_of_the_standard_library() -> None:
    allowed = (sys.stdlib_module_names - UNFIT_FOR_RULES) | {"agentconsole"}

    strange = [
        f"{named(path, line)} {module}"
        for path in python_files(PACKAGE / "domain")
        for module, line in _tops(path)
        if module not in allowed
    ]

    assert strange == []


def test_the_contract_of_the_rules_names_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = {contract["id"]: contract for contract in project["tool"]["importlinter"]["contracts"]}

    assert set(contracts["rules"]["forbidden_modules"]) == {
        name for dependency in runtime_dependencies() for name in import_names(dependency)
    }


def _loaded_by(program: str, *, whole: bool = False) -> set[str]:
    """Run a program in a process of its own and return the modules it loaded: their top names, or the whole ones."""
    told = "\nimport sys\nprint('loaded', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", program + told], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    names = done.stdout.splitlines()[-1].split()[1:]
    return {*names} if whole else {name.partition(".")[0] for name in names}


def _tops(path: Path) -> Iterator[tuple[str, int]]:
    return ((module.partition(".")[0], line) for module, line in imported(parsed(path)))
