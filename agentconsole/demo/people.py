"""Who works at the demo's desk: made-up people, one password for all, and authenticators that anybody can compute."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from agentconsole.domain.errors import Refused
from agentconsole.domain.terms import Role
from agentconsole.security.totp import SEED_BYTES, code_at

ZONE = "America/New_York"
PASSWORD = "try the demo desk"  # noqa: S105 - shown in the sign-in form of a desk that holds nothing


@dataclass(frozen=True, slots=True)
class Colleague:
    """Be somebody at the demo's desk."""

    login: str
    name: str
    role: Role

    @property
    def seed(self) -> bytes:
        """Return the authenticator's key: the same in every demo, so that the console can show the code."""
        return hashlib.sha256(f"agentconsole demo authenticator of {self.login}".encode()).digest()[:SEED_BYTES]

    def code(self, at: datetime) -> str:
        """Return what her phone would show at an instant of the machine's clock."""
        return code_at(self.seed, at)


COLLEAGUES = (
    Colleague("ana", "Ana Costa", Role.AGENT),
    Colleague("bo", "Bo Lindqvist", Role.AGENT),
    Colleague("chen", "Chen Yu", Role.AGENT),
    Colleague("dora", "Dora Klein", Role.AGENT),
    Colleague("sam", "Sam Ode", Role.SUPERVISOR),
    Colleague("lee", "Lee Park", Role.MANAGER),
    Colleague("pat", "Pat Novak", Role.ADMIN),
)
AGENTS = tuple(colleague for colleague in COLLEAGUES if colleague.role is Role.AGENT)


def colleague(role: str) -> Colleague:
    """Return who signs in for a role; refuses a role that the demo has not."""
    for found in COLLEAGUES:
        if found.role == role:
            return found
    raise Refused(f'The demo has no role "{role}": choose {", ".join(Role)}.')


def counterpart(of: Colleague) -> Colleague:
    """Return whom F9 makes of somebody, and back: the supervisor for an agent, the first agent for anybody else."""
    return colleague(Role.SUPERVISOR if of.role is Role.AGENT else Role.AGENT)
