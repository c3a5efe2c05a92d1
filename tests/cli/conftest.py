"""A program on an empty home, and one whose desk is founded."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import Program


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Return the program on a home with no desk."""
    return Program(tmp_path / "home")


@pytest.fixture
def desk(program: Program) -> Iterator[Program]:
    """Return the program on a home with a desk; its server is stopped afterwards."""
    program.found()
    yield program
    program.stop()
