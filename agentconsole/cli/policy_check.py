"""`agentconsole policy check`: what is wrong in policies, and between those that serve one desk."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from agentconsole.cli.ask import ask, the_desk
from agentconsole.cli.policy_source import SHIPPED, Named, named_packs
from agentconsole.cli.say import tell_wrapped
from agentconsole.cli.say_json import tell_json
from agentconsole.config.clock import SystemClock
from agentconsole.config.packs import shipped_packs
from agentconsole.config.regimes import load_regime, shipped_regimes
from agentconsole.config.templates import PLACEHOLDERS
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy_check import Known, check
from agentconsole.domain.policy_check_finding import Finding, Level, Place
from agentconsole.domain.terms import Role
from agentconsole.wire.client import Client
from agentconsole.wire.frames import Users
from agentconsole.wire.policies import Policies, ReadPolicies
from agentconsole.wire.queries import ReadUsers

FOUND = 1

_MOST_PLACES = 4
_ORDER = {level: place for place, level in enumerate(Level)}
_PLURALS = {Level.NEVER: "that can never be"}


def check_policies(names: Sequence[str], *, as_json: bool, alone: bool, stale_months: int | None) -> int:
    """Check the named policies and files, or those in force here, or all that ship; 1 where the check fails.

    `alone` leaves out what is only wrong between two of them.
    """
    desk = None if names else _desk()
    named = _named(names or (desk.packs if desk else ()))
    packs = [one.pack for one in named]
    at = SystemClock().now()
    groups = [[pack] for pack in packs] if alone else [packs]
    regimes = {name: load_regime(name) for name in shipped_regimes()}
    known = Known(PLACEHOLDERS, regimes, desk.roles if desk else None)
    checked = [check(group, at, known, stale_months=stale_months) for group in groups]
    findings = sorted((finding for one in checked for finding in one.findings), key=lambda one: _ORDER[one.level])
    if as_json:
        tell_json(findings)
    else:
        _show(findings, named)
    return FOUND if any(one.fails for one in checked) else 0


def _named(names: Sequence[str]) -> tuple[Named, ...]:
    """Return the packs that are meant, all that ship without names.

    Refuses two of one policy: what they say would seem to contradict itself.
    """
    named = named_packs(names or [f"{name}@{SHIPPED}" for name in shipped_packs()])
    for name, count in Counter(one.pack.id for one in named).items():
        if count > 1:
            raise Refused(f"Two of them are the policy {name}: check one at a time, or compare them: policy diff.")
    return named


@dataclass(frozen=True, slots=True)
class _Desk:
    """Hold what a desk is checked by: the packs that its brands are under, and the roles that somebody has."""

    packs: tuple[str, ...]
    roles: frozenset[Role]


def _desk() -> _Desk | None:
    paths = the_desk()
    if not (paths.team or paths.has_desk()):
        return None

    async def read(client: Client) -> _Desk:
        listed = await client.ask(ReadPolicies())
        users = await client.ask(ReadUsers())
        assert isinstance(listed, Policies)
        assert isinstance(users, Users)
        packs = tuple(row.pack for row in listed.rows if row.brands and row.versions)
        return _Desk(packs, frozenset(Role(user.role) for user in users.rows if not user.disabled))

    return ask(read)


def _show(findings: Sequence[Finding], named: Sequence[Named]) -> None:
    for finding in findings:
        tell_wrapped(f"{finding.level}  {_places(finding.where)}\n    {finding.why}")
        if finding.wins:
            tell_wrapped(f"    Wins: {finding.wins}")
        tell_wrapped(f"    Do: {finding.do}")
    counts = Counter(finding.level for finding in findings)
    said = ", ".join(f"{counts[level]} {_word(level, counts[level])}" for level in Level)
    tell_wrapped(f"{', '.join(f'{one.pack.id} ({one.label})' for one in named)}: {said}.")


def _places(where: Sequence[Place]) -> str:
    shown = [f"{one.pack} {one.clause} (line {one.line})" if one.clause else one.pack for one in where[:_MOST_PLACES]]
    more = len(where) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _word(level: Level, count: int) -> str:
    return _PLURALS.get(level, level.value if count == 1 else f"{level}s")
