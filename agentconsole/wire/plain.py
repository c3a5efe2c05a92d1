"""How an untrusted text crosses the socket: as the plain string it is, and untrusted again at the other end."""

from typing import Any

from agentconsole.domain.untrusted import Untrusted


def written(value: Any) -> str:
    """Write an untrusted text for msgspec, as its `enc_hook`; refuses all other types that it does not know."""
    if isinstance(value, Untrusted):
        return value.verbatim()
    raise TypeError(f"{type(value).__name__} does not cross the wire")


def read(kind: type, value: Any) -> Untrusted:
    """Read an untrusted text for msgspec, as its `dec_hook`; what is no string is refused."""
    if kind is Untrusted:
        return Untrusted(value)
    raise TypeError(f"{kind.__name__} does not cross the wire")
