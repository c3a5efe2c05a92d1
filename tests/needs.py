"""The one place where a test may be left out: a Debian program is not here, and this is not CI."""

import os
import shutil
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

LEFT_OUT = "left out: "
"""How the reason of every test that was left out begins; the summary at the end collects them."""

_SYSTEM_PATH = ":/usr/local/sbin:/usr/sbin:/sbin:/usr/lib/postgresql/15/bin"


@cache
def packages() -> dict[str, str]:
    """Return the Debian package of each program that tests use."""
    lines = (Path(__file__).parent / "debian.txt").read_text("utf-8").splitlines()
    return dict(line.split() for line in lines if line and not line.startswith("#"))


def program(name: str) -> Path:
    """Return where a program of `debian.txt` lies; leave the test out where there is none."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + _SYSTEM_PATH)
    if found is None:
        leave_out(f"{name} is not here: apt-get install {packages()[name]}")
    return Path(found)


def root(why: str) -> None:
    """Leave the test out where it does not run as root."""
    if os.geteuid() != 0:
        leave_out(f"not root: {why}")


def is_ci() -> bool:
    """Tell whether this is CI, which leaves nothing out and has time for the short form of every torture."""
    return os.environ.get("CI") == "true"


def leave_out(why: str) -> NoReturn:
    """Leave the test out, to be told at the end; with `CI=true` it fails."""
    if is_ci():
        pytest.fail(f"CI leaves nothing out: {why}", pytrace=False)
    pytest.skip(LEFT_OUT + why)
