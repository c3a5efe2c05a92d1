"""What another policy would change for open tickets: target, word and place, and nothing where it says the same."""

from datetime import timedelta

from agentconsole.domain.policy import Elapsed
from agentconsole.domain.policy_preview import Preview, Stand, compare, stand
from tests.domain.desk import MONDAY, Ticket, applied, at, pack, standard

NOON = at("Mon 12:00")
DAY = applied(pack(standard(Elapsed(timedelta(hours=24)))))
FOUR_HOURS = applied(pack(standard(Elapsed(timedelta(hours=4)))))


def stands(ticket: Ticket, number: int) -> tuple[int, Stand, Stand]:
    was, becomes = (
        stand(number, ticket.facts, packs, ticket.situation, MONDAY, NOON, late_first=False)
        for packs in (DAY, FOUR_HOURS)
    )
    return number, was, becomes


def test_a_stricter_target_moves_due_and_word() -> None:
    (preview,) = compare([stands(Ticket(DAY).asked(MONDAY), 7)])

    assert (preview.now.due, preview.then.due) == (at("Tue 08:46"), at("Mon 12:46"))
    assert (preview.now.word, preview.then.word) == ("ok", "SOON")
    assert preview.moves == ("target", "word")


def test_the_places_are_those_among_the_tickets_that_are_compared() -> None:
    first, second = Stand("a", NOON, "OK", (4, 10, 1)), Stand("a", NOON, "OK", (4, 20, 2))
    ahead = Stand("a", NOON, "OK", (4, 5, 2))

    previews = compare([(1, first, first), (2, second, ahead)])

    assert [(one.ticket, one.place_now, one.place_then, one.moves) for one in previews] == [
        (2, 2, 1, ("place",)),
        (1, 1, 2, ("place",)),
    ]


def test_the_same_policy_changes_nothing() -> None:
    one = stand(3, Ticket(DAY).asked().facts, DAY, Ticket(DAY).situation, MONDAY, NOON, late_first=False)

    assert compare([(3, one, one)]) == (Preview(3, one, one, 1, 1),)
    assert compare([(3, one, one)])[0].moves == ()


def test_a_ticket_without_a_promise_stands_without_one() -> None:
    none = stand(3, Ticket(()).asked().facts, (), Ticket(()).situation, MONDAY, NOON, late_first=False)

    assert (none.standard, none.due, none.word) == ("", None, "--")
