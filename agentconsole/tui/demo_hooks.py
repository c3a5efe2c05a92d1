"""What the demo lends the console: someone to sign in as, and the code that a phone would show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # What the command line hands over must not load what draws.
    from agentconsole.tui.tour import TourStep


@dataclass(frozen=True, slots=True)
class DemoHooks:
    """Fill the sign-in for `user`; `code` returns her authenticator's present code; F9 signs in as one of `others`.

    `tour` are the steps of the guided tour.
    """

    code: Callable[[], str]
    user: str
    password: str
    others: tuple[DemoHooks, ...] = ()
    tour: tuple[TourStep, ...] = ()
