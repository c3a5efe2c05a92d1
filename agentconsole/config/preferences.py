"""What a person chose for the console on this machine: colours, a slow line, the bell, a warm start."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from agentconsole.domain.errors import Refused

LARGEST = 16_384
_WARM = re.compile(r"^warm = true$", re.ASCII | re.MULTILINE)
_BELL = re.compile(r'^bell = "([a-z]{1,32})"$', re.ASCII | re.MULTILINE)
_SLOW = re.compile(r'^"([A-Za-z0-9+._-]{1,32})" = true$', re.ASCII | re.MULTILINE)
_THEME = re.compile(r'^"([A-Za-z0-9+._-]{1,32})" = "([a-z0-9]{1,32})"$', re.ASCII | re.MULTILINE)


class Preferences:
    """Keep choices in one TOML file of the person's own; without a `path` for this run only.

    What cannot be read counts as not chosen: no file of settings may keep anybody from her work.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        text = _read(path) if path is not None else ""
        bell = _BELL.search(text)
        self._bell: str = bell[1] if bell else ""
        self._themes: dict[str, str] = dict(_THEME.findall(text))
        self._slow: set[str] = set(_SLOW.findall(text))
        self._warm = bool(_WARM.search(text))

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Preferences":
        """Return those of the XDG configuration folder that an environment names; a relative one is not looked at."""
        home = environ.get("HOME", "")
        folder = Path(environ.get("XDG_CONFIG_HOME") or (Path(home) / ".config" if home else ""))
        return cls(folder / "agentconsole" / "console.toml" if folder.is_absolute() else None)

    @property
    def bell(self) -> str:
        """Return when the bell rings, "" where nothing was chosen."""
        return self._bell

    @property
    def warm(self) -> bool:
        """Tell whether a console is kept ready for the next sign-in."""
        return self._warm

    def theme(self, terminal: str) -> str:
        """Return the colours chosen on terminals of this name, "" where none were."""
        return self._themes.get(terminal, "")

    def slow(self, terminal: str) -> bool:
        """Tell whether terminals of this name are on a slow line, on which less is sent."""
        return terminal in self._slow

    def choose_bell(self, level: str) -> None:
        """Keep when the bell rings. Raises Refused where the file cannot be written; the choice holds for this run."""
        self._bell = level
        self._write()

    def choose_warm(self, *, warm: bool) -> None:
        """Keep whether a console is kept ready. Raises Refused where the file cannot be written."""
        self._warm = warm
        self._write()

    def choose_theme(self, terminal: str, name: str) -> None:
        """Keep the colours of terminals of this name. Raises Refused where the file cannot be written."""
        self._themes[terminal] = name
        self._write()

    def choose_slow(self, terminal: str, *, slow: bool) -> None:
        """Keep whether less is sent to terminals of this name. Raises Refused where the file cannot be written."""
        self._slow = self._slow | {terminal} if slow else self._slow - {terminal}
        self._write()

    def _write(self) -> None:
        if self._path is None:
            return
        lines = ["# What you chose in agentconsole with :bell, :theme, :warm and :slow."]
        lines += [f'bell = "{self._bell}"'] if self._bell else []
        lines += ["warm = true"] if self._warm else []
        lines += ["", "[theme]", *(f'"{terminal}" = "{name}"' for terminal, name in sorted(self._themes.items()))]
        lines += ["", "[slow]", *(f'"{terminal}" = true' for terminal in sorted(self._slow))] if self._slow else []
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new = self._path.with_name(f".console-{os.getpid()}")
            new.unlink(missing_ok=True)
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
            new.replace(self._path)
        except OSError as error:
            raise Refused(f"This holds until you leave; it is not kept: {self._path}: {error.strerror}.") from None


def _read(path: Path) -> str:
    # Four kinds of lines need no parser of all TOML, which the sign-in would have to wait for.
    try:
        with path.open("rb") as file:
            return file.read(LARGEST).decode("utf-8")
    except (OSError, ValueError):
        return ""
