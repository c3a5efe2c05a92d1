"""Where the content lies that ships with the program: policy packs, calendars, templates."""

from pathlib import Path

from agentconsole.domain.errors import Refused


def data_dir() -> Path:
    """Return the folder `data`: inside the package when installed from a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "data", package.parent / "data"):
        if (folder / "policies").is_dir():
            return folder
    raise Refused(f"The folder data is missing beside {package}: install the program again.")
