"""Two packs side by side: what was added, removed and changed, by clause and in words."""

import pytest

from agentconsole.config.packs import load_pack
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_diff import ADDED, CHANGED, REMOVED, Change, Detail, clauses_of, diff
from tests.policies.small_pack import SMALL, parse

BEFORE = parse()


def changed(old: str, new: str) -> tuple[Change, ...]:
    """Return what differs once some text of the small pack is another."""
    assert old in SMALL
    return diff(BEFORE, parse(SMALL.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new", "kind", "id", "clause", "detail"),
    [
        ('elapsed = "1 d"', 'elapsed = "12 h"', "standard", "mail", "1", ("target", "under 24 h", "under 12 h")),
        ('comparator = "under"', "", "standard", "mail", "1", ("target", "under 24 h", "within 24 h")),
        ("rings = 6", "rings = 4", "standard", "rings", "1", ("target", "within 6 rings", "within 4 rings")),
        ('pauses = ["waiting"]', "", "standard", "mail", "1", ("pauses", "waiting", "")),
        ('every = "2 h"', 'every = "1 h"', "duty", "look", "1", ("every", "2 h", "1 h")),
        ('proposal = "Linz"', 'proposal = "Graz"', "blank", "town", "1", ("proposal", "Linz", "Graz")),
        ('address = "122"', 'address = "112"', "contact", "fire", "1", ("address", "122", "112")),
        ('quote = "quickly"', 'quote = "at once"', "clause", "1.a", "1.a", ("quote", "quickly", "at once")),
        ('chat = "always"', 'chat = "desk"', "hours", "chat", "", ("calendar", "always", "desk")),
        ('"team lead" = "supervisor"', '"team lead" = "manager"', "role", "team lead", "", ("is", "supervisor", "manager")),  # noqa: E501
        ('currency = "EUR"', 'currency = "GBP"', "policy", "small", "", ("currency", "EUR", "GBP")),
    ],
)  # fmt: skip
def test_a_change_is_told_in_words(
    old: str, new: str, kind: str, id: str, clause: str, detail: tuple[str, str, str]
) -> None:
    changes = changed(old, new)

    (found,) = [change for change in changes if (change.kind, change.id) == (kind, id)]
    assert (found.what, found.clause) == (CHANGED, clause)
    assert Detail(*detail) in found.details


def test_hours_are_compared_as_people_say_them() -> None:
    (found,) = [one for one in changed("Mon-Fri 09:00-17:00", "Mon-Sat 08:00-17:00") if one.kind == "calendar"]

    assert found.details == (Detail("hours", "Mon-Fri 09:00-17:00; Sat-Sun closed", "Mon-Sat 08:00-17:00; Sun closed"),)


def test_what_is_new_and_what_is_gone_are_said_so() -> None:
    asked = 'text = "listen"\nowner = "agent"\nevery = "1 h"\ncalendar = "desk"\n'
    duty = f'[[duties]]\nid = "listen"\nclause = "1.a"\n{asked}'
    longer = parse(SMALL.replace("[[letters]]", f"{duty}\n[[letters]]", 1))

    (added,), (removed,) = diff(BEFORE, longer), diff(longer, BEFORE)

    assert (added.what, added.kind, added.id, added.clause) == (ADDED, "duty", "listen", "1.a")
    assert (removed.what, removed.id) == (REMOVED, "listen")
    assert Detail("every", "", "1 h") in added.details
    assert [one.quote for one in clauses_of((added,), longer).values()] == ["quickly"]


@pytest.mark.parametrize("name", ["ecolab", "ecomstore", "ist-desk"])
def test_a_pack_does_not_differ_from_itself_whatever_its_version(name: str) -> None:
    pack = load_pack(name)

    assert diff(pack, load_pack(name)) == ()


@pytest.mark.parametrize(("one", "other"), [("ecolab", "ecomstore"), ("ecomstore", "ist-desk")])
def test_shipped_packs_compare_and_each_field_of_a_change_differs_in_words(one: str, other: str) -> None:
    changes = diff(load_pack(one), load_pack(other))

    assert len(changes) > 50
    assert all(detail.before != detail.after for change in changes for detail in change.details)
    assert all(change.details for change in changes if change.what == CHANGED)
    assert not [change for change in changes if "object at 0x" in str(change)]


def test_changes_stand_in_the_order_of_the_clauses() -> None:
    after: Pack = parse(SMALL.replace("rings = 6", "rings = 4").replace('proposal = "4 h"', 'proposal = "5 h"'))

    assert [change.clause for change in diff(BEFORE, after)] == ["1", "1.a"]
