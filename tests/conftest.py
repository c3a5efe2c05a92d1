"""The suite's surroundings: environment, network and hypothesis; and a loud word on what was left out."""

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest

from tests.needs import LEFT_OUT
from tests.surroundings import guard_network, outside, remove_home, scrub_environment

pytest_plugins = ["tests.hanging"]

# Before anything imports Textual, which reads its variables once.
_home = scrub_environment()
guard_network()

hypothesis.settings.register_profile("ci", derandomize=True, max_examples=50, deadline=None, database=None)
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")


@pytest.fixture(autouse=True)
def _stays_on_this_machine() -> Iterator[None]:
    """Fail a test that reached for another machine, also where the program caught the refusal."""
    before = len(outside)
    yield
    assert outside[before:] == []


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run choose the databases that the tests of rows and use cases run on."""
    parser.addoption(
        "--database",
        choices=("sqlite", "postgres", "bouncer", "both"),
        default="both" if os.environ.get("CI") == "true" else "sqlite",
        help="the database under the tests of storage, queries and services (both in CI)",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what asks for a `database` on each that was chosen."""
    if "database" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        metafunc.parametrize("database", ["sqlite", "postgres"] if chosen == "both" else [chosen], scope="session")


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Count what was left out by that name, so that the last line says it too."""
    return ("left out", "o", "LEFT OUT") if _reason(report) else None


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly, just before the last line, which tests were left out and why."""
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("left out", []))
    if reasons:
        terminalreporter.section("LEFT OUT", sep="!", red=True, bold=True)
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{count} test{'s' if count > 1 else ''}: {reason}", red=True)


def pytest_unconfigure() -> None:
    """Take the home away that the tests were given."""
    remove_home(_home)


def _reason(report: pytest.TestReport) -> str:
    """Return why a test was left out, "" where it was not."""
    if not report.skipped or not isinstance(report.longrepr, tuple):
        return ""
    said = report.longrepr[2].removeprefix("Skipped: ")
    return said.removeprefix(LEFT_OUT) if said.startswith(LEFT_OUT) else ""
