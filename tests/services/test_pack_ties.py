"""Which version of a pack binds a case that began at the very instant the version was made: the order decides."""

from agentconsole.services.shelf import answer_blanks
from tests.desk_bench import Bench


def _new_version(bench: Bench) -> int:
    pack = bench.desk.context.shelf.packs[0]
    blank = pack.open_blanks[0]
    made = bench.write(
        lambda tx: answer_blanks(tx, bench.desk.context.shelf, pack.id, {blank.id: str(blank.proposal)})
    ).version
    bench.desk.reread_packs()
    return made


def _binding(bench: Bench, number: int) -> int:
    row = bench.row(number)
    (applied,) = bench.desk.context.shelf.applied(row.brand_id, row.opened_at)
    return applied.pack.version


def test_at_one_instant_a_case_is_under_the_version_that_was_made_before_it(bench: Bench) -> None:
    """The clock stands still here, as it does for the desk while it catches up after a step back."""
    numbers, versions = [bench.ticket()], [1]
    for _ in range(2):
        versions.append(_new_version(bench))
        numbers.append(bench.ticket(f"c{len(numbers)}@example.org"))

    assert versions == [1, 2, 3]
    assert [_binding(bench, number) for number in numbers] == versions


def test_a_mail_that_waited_is_under_the_version_of_when_it_was_received(bench: Bench) -> None:
    received = bench.clock.now()
    bench.move(hours=1)
    _new_version(bench)

    filed = bench.intake.take_in(
        source="waited",
        brand="ecolab",
        raw=b"From: rosa@example.org\nSubject: Where?\n\nWhere is it?\n",
        received_at=received,
    )

    assert bench.row(filed.ticket or 0).opened_at == received
    assert _binding(bench, filed.ticket or 0) == 1
