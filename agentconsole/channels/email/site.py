"""Where mail is read: what the parser must know about the desk to judge a mail's headers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """Say who reads: this desk's name in X-Agentconsole-Loop, and whose Authentication-Results it trusts."""

    desk: str
    authserv_ids: tuple[str, ...] = ()
