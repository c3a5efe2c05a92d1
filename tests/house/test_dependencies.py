"""Every dependency is used, and says from which version on."""

from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.house.dependencies import extra_dependencies, import_names, runtime_dependencies
from tests.house.source import PACKAGE, TESTS, imported, parsed, python_files

UNIMPORTED = {
    "tzdata": "zoneinfo reads it where the system has no zones",
    "pytest-textual-snapshot": "gives pytest a fixture",
    "pytest-xdist": "runs the tests on all cores",
    "pytest-timeout": "ends a test that hangs",
    "syrupy": "pinned, for a newer one writes other files than the snapshots in the tree",
    "import-linter": "is run as a command",
    "mypy": "is run as a command",
    "ruff": "is run as a command",
    "hatchling": "builds the wheel",
}


@pytest.mark.parametrize("dependency", runtime_dependencies(), ids=lambda dependency: dependency.name)
def test_the_program_imports_what_it_depends_on(dependency: Requirement) -> None:
    used = _imported_below(PACKAGE)

    assert dependency.name in UNIMPORTED or import_names(dependency) & used


@pytest.mark.parametrize("dependency", extra_dependencies(), ids=lambda dependency: dependency.name)
def test_the_tests_import_what_they_depend_on(dependency: Requirement) -> None:
    used = _imported_below(TESTS)

    assert dependency.name in UNIMPORTED or import_names(dependency) & used


@pytest.mark.parametrize(
    "dependency", [*runtime_dependencies(), *extra_dependencies()], ids=lambda dependency: dependency.name
)
def test_a_dependency_has_a_lowest_version(dependency: Requirement) -> None:
    operators = {specifier.operator for specifier in dependency.specifier}

    assert operators & {">=", "~=", "=="}


def test_everything_the_program_imports_from_outside_is_depended_on() -> None:
    named = {name for dependency in runtime_dependencies() for name in import_names(dependency)}

    assert (_imported_below(PACKAGE) & packages_distributions().keys()) - named <= {"agentconsole"}


def test_what_is_excused_from_being_imported_is_depended_on() -> None:
    named = {dependency.name for dependency in [*runtime_dependencies(), *extra_dependencies()]}

    assert UNIMPORTED.keys() - named == set()


def _imported_below(top: Path) -> set[str]:
    return {module.partition(".")[0] for path in python_files(top) for module, _ in imported(parsed(path))}
