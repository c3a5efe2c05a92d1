"""The dependencies that pyproject.toml names, and what their packages are called when they are imported."""

import re
import tomllib
from functools import cache
from importlib.metadata import packages_distributions

from packaging.requirements import Requirement

from tests.house.source import ROOT


def _project() -> dict[str, object]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert isinstance(project, dict)
    return project


def runtime_dependencies() -> list[Requirement]:
    """List what the program needs to run."""
    named = _project()["dependencies"]
    assert isinstance(named, list)
    return [Requirement(text) for text in named]


def extra_dependencies() -> list[Requirement]:
    """List what the tests and benches need besides."""
    extras = _project()["optional-dependencies"]
    assert isinstance(extras, dict)
    return [Requirement(text) for names in extras.values() for text in names]


@cache
def _names_by_distribution() -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for module, distributions in packages_distributions().items():
        for distribution in distributions:
            if not module.startswith("_"):
                names.setdefault(_normal(distribution), set()).add(module)
    return names


def import_names(requirement: Requirement) -> set[str]:
    """Name the modules that a dependency brings."""
    return _names_by_distribution().get(_normal(requirement.name), set())


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
