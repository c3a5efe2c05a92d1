"""Who may sign in from where: what a rule may say, and whom it keeps away (000, lines 102 to 103)."""

import pytest

from agentconsole.domain.allowlist import Allowlist, Rule, check_range, covers, term_of
from agentconsole.domain.errors import Refused
from agentconsole.domain.terms import Role

OFFICE = (Rule(Role.AGENT, "10.20.0.0/16"), Rule(Role.AGENT, "2001:db8::/32"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("10.20.0.0/16", "10.20.0.0/16"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("192.0.2.7/32", "192.0.2.7"),
        ("10.20.0.0/255.255.0.0", "10.20.0.0/16"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("2001:db8::7", "2001:db8::7"),
        ("::ffff:10.20.0.0/112", "10.20.0.0/16"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::ffff:0.0.0.0/96", "0.0.0.0/0"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("Unknown", "unknown"),
        ("local", "local"),
    ],
)
def test_a_range_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert check_range(typed) == kept
    assert check_range(kept) == kept


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "no range"),
        ("office", "give one like 192.0.2.0/24"),
        ("10.20.0.0/33", "no range"),
        ("10.20/16", "no range"),
        ("010.020.0.0/16", "no range"),
        ("10.20.0.0/16/8", "no range"),
        ("1", "no range"),
        ("fe80::/64%eth0", "no range"),
        ("10.20.0.0/16\x1b[2J", "no range"),
        ("9" * 100_000, "no range"),
        ("10.20.4.17/16", "give the range, 10.20.0.0/16, or the address alone"),
        ("::ffff:10.20.4.17/112", "give the range, 10.20.0.0/16, or the address alone"),
        ("2001:db8::7/32", "give the range, 2001:db8::/32,"),
    ],
)
def test_what_is_no_range_is_refused_and_a_host_is_not_taken_for_its_network(typed: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        check_range(typed)

    assert says in refused.value.sentence
    assert len(refused.value.sentence) < 240


@pytest.mark.parametrize(
    ("situation", "rules", "address", "allowed"),
    [
        ("no rule at all", (), "203.0.113.9", True),
        ("no rule for this role", (Rule(Role.ADMIN, "10.0.0.0/8"),), "203.0.113.9", True),
        ("inside", OFFICE, "10.20.4.17", True),
        ("the first of it", OFFICE, "10.20.0.0", True),
        ("the last of it", OFFICE, "10.20.255.255", True),
        ("just outside", OFFICE, "10.21.0.0", False),
        ("inside, IPv6", OFFICE, "2001:db8::7", True),
        ("outside, IPv6", OFFICE, "2001:db9::7", False),
        ("IPv4 written as IPv6", OFFICE, "::ffff:10.20.4.17", True),
        ("all of IPv6 is no IPv4", (Rule(Role.AGENT, "::/0"),), "10.20.4.17", False),
        ("all of IPv4 is no IPv6", (Rule(Role.AGENT, "0.0.0.0/0"),), "2001:db8::7", False),
        ("not known is in no range", (Rule(Role.AGENT, "0.0.0.0/0"), Rule(Role.AGENT, "::/0")), "", False),
        ("at the host is in no range", (Rule(Role.AGENT, "127.0.0.0/8"),), "local", False),
        ("not known, and a rule says so", (Rule(Role.AGENT, "unknown"),), "", True),
        ("at the host, and a rule says so", (Rule(Role.AGENT, "local"),), "local", True),
        ("at the host is known", (Rule(Role.AGENT, "unknown"),), "local", False),
        ("a record that is no address is not known", (Rule(Role.AGENT, "unknown"),), "office.example", True),
    ],
)
def test_who_may_come_from_where(situation: str, rules: tuple[Rule, ...], address: str, allowed: bool) -> None:
    assert Allowlist(rules).allows(Role.AGENT, address) is allowed, situation


def test_a_place_that_no_role_may_come_from_is_known_as_such() -> None:
    everybody = Allowlist(Rule(role, "10.0.0.0/8") for role in Role)
    one_free = Allowlist(Rule(role, "10.0.0.0/8") for role in Role if role is not Role.MANAGER)

    assert (everybody.allows_anybody("203.0.113.9"), everybody.allows_anybody("10.1.2.3")) == (False, True)
    assert one_free.allows_anybody("203.0.113.9")


@pytest.mark.parametrize(
    ("address", "term"),
    [
        ("", "unknown"),
        ("local", "local"),
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("x", "unknown"),
    ],
)
def test_a_rule_can_name_just_the_place_where_somebody_is(address: str, term: str) -> None:
    assert term_of(address) == term
    assert covers(Rule(Role.AGENT, check_range(term)), address)
