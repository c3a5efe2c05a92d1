"""Where somebody stands at the desk: said by her console now and then, and given back at her next sign-in."""

import msgspec


class Step(msgspec.Struct, frozen=True):
    """Name a place further in than the list: `mode` is case or composer, `kind` what is written there."""

    mode: str
    ticket: int
    kind: str = ""


class OpenTab(msgspec.Struct, frozen=True):
    """Name a ticket under a digit, and the mode in which its work goes on."""

    ticket: int
    mode: str


class Stand(msgspec.Struct, frozen=True):
    """Say which list is shown, each list's filter, the ticket under its cursor, what is open above it, and the tabs."""

    view: str = "mine"
    filters: tuple[tuple[str, str], ...] = ()
    cursor: int = 0
    steps: tuple[Step, ...] = ()
    tabs: tuple[OpenTab, ...] = ()
