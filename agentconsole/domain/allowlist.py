"""Who may sign in from where: ranges of addresses for each role (document 000, lines 102 to 103)."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

from agentconsole.domain.errors import Gap, Refused
from agentconsole.domain.terms import Role

UNKNOWN, LOCAL = "unknown", "local"
"""What a rule may name beside ranges: an address that the host does not know, and the host's own console."""

MAPPED_BITS = 96
LONGEST_RANGE = 64
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Rule:
    """Let a role sign in from a range of addresses, in the form that `check_range` returns."""

    role: Role
    range: str


def check_range(text: str) -> str:
    """Return a range in its one form, or `unknown` or `local`; an IPv4 range written as IPv6 is IPv4. Refuse others."""
    word = text.strip().lower()
    if word in (UNKNOWN, LOCAL):
        return word
    if len(word) > LONGEST_RANGE or "%" in word:
        raise _no_range(text)
    try:
        network = _unmapped(ipaddress.ip_network(word, strict=False))
        first = _unmapped(ipaddress.ip_network(word.partition("/")[0])).network_address
    except ValueError:
        raise _no_range(text) from None
    if first != network.network_address:
        raise Refused(
            f'"{word}" is an address with the length of a range: give the range, {network}, or the address alone.',
            gaps=(Gap("range", f"{network}?"),),
        )
    return str(network) if network.num_addresses > 1 else str(first)


def _unmapped(network: Network) -> Network:
    if isinstance(network, ipaddress.IPv6Network) and network.prefixlen >= MAPPED_BITS:
        mapped = network.network_address.ipv4_mapped
        if mapped is not None:
            return ipaddress.IPv4Network((mapped, network.prefixlen - MAPPED_BITS))
    return network


def _no_range(text: str) -> Refused:
    return Refused(
        f'"{text[:LONGEST_RANGE]}" is no range: give one like 192.0.2.0/24 or 2001:db8::/32, an address, '
        f"{UNKNOWN} or {LOCAL}.",
        gaps=(Gap("range", "no range"),),
    )


class Allowlist:
    """Judge addresses by a desk's rules; a role without any signs in from anywhere."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._of: dict[Role, list[Network | str]] = {}
        for rule in self.rules:
            term = rule.range if rule.range in (UNKNOWN, LOCAL) else ipaddress.ip_network(rule.range)
            self._of.setdefault(rule.role, []).append(term)

    def allows(self, role: Role, address: str) -> bool:
        """Tell whether a role may sign in from an address, as the host wrote it down: "" where it does not know."""
        terms = self._of.get(role)
        return terms is None or any(_holds(term, term_of(address)) for term in terms)

    def allows_anybody(self, address: str) -> bool:
        """Tell whether there is a role at all that may sign in from an address."""
        return any(self.allows(role, address) for role in Role)


def covers(rule: Rule, address: str) -> bool:
    """Tell whether a rule names the place of an address."""
    term = rule.range if rule.range in (UNKNOWN, LOCAL) else ipaddress.ip_network(rule.range)
    return _holds(term, term_of(address))


def term_of(address: str) -> str:
    """Return what a rule says to name just this address."""
    if address == LOCAL:
        return LOCAL
    try:
        return str(_unmapped(ipaddress.ip_network(address)).network_address)
    except ValueError:
        return UNKNOWN


def _holds(term: Network | str, place: str) -> bool:
    if isinstance(term, str) or place in (UNKNOWN, LOCAL):
        return term == place
    return ipaddress.ip_address(place) in term
