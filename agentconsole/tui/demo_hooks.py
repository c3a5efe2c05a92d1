"""What the demo lends the console: someone to sign in as, and the code that a phone would show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoHooks:
    """Fill the sign-in for `user`; `code` returns her authenticator's present code; F9 signs in as one of `others`."""

    code: Callable[[], str]
    user: str
    password: str
    others: tuple[DemoHooks, ...] = ()
