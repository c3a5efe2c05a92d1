"""The event log: gapless, chained and sealed, so that no tampering with the file goes unseen (PROMISES 20)."""

import hashlib
import random
from collections.abc import Callable

import pytest

from agentconsole.storage.events import Verdict, canonical, sealed, text_reference, verify
from agentconsole.storage.tables.event import Event
from agentconsole.storage.transaction import Tx
from agentconsole.storage.types import micros
from tests.database_owner import as_owner, unguard
from tests.desk_bench import FOUNDED, Bench

ENTRIES = 40


@pytest.fixture
def log(bench: Bench) -> Bench:
    """Fill the log."""
    for number in range(ENTRIES):
        bench.write(lambda tx, n=number: tx.record("test.noted", subject=f"note {n}", body={"n": n}))  # type: ignore[misc]
    return bench


def _verdict(bench: Bench) -> Verdict:
    return bench.read(lambda session: verify(session, bench.desk.context.audit_key))


def _tamper(bench: Bench, *statements: str) -> None:
    """Change the log as its owner can: with another connection, and the triggers out of the way."""
    with as_owner(bench) as link:
        unguard(link)
        for statement in statements:
            link.execute(statement)


def test_the_log_is_gapless_and_every_entry_follows_the_one_before(log: Bench) -> None:
    events = log.events()

    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [event.prev for event in events] == ["0" * 64, *(event.hash for event in events[:-1])]
    assert _verdict(log) == Verdict(len(events), "")


def test_the_database_writes_an_event_for_the_walk_as_it_was_hashed_letter_by_letter(bench: Bench) -> None:
    letters = "".join(map(chr, [*range(1, 0x300), 0x2028, 0xFEFF, 0xFFFF, 0x1F600, 0x10FFFF]))

    bench.write(lambda tx: tx.record("test.noted", subject=letters, body={letters: [letters, None, True, -1, 0.1]}))

    assert _verdict(bench) == Verdict(len(bench.events()), "")


@pytest.mark.parametrize("statement", ["UPDATE event SET actor = 'eve'", "DELETE FROM event"])
def test_the_log_is_append_only_for_everybody_who_goes_through_the_schema(log: Bench, statement: str) -> None:
    with as_owner(log) as link, pytest.raises(Exception, match="append-only"):
        link.execute(statement)


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        pytest.param(["UPDATE event SET body = '{\"n\":99}' WHERE seq = 20"], "was changed", id="edit the body"),
        pytest.param(["UPDATE event SET actor = 'eve' WHERE seq = 20"], "was changed", id="edit the actor"),
        pytest.param(["UPDATE event SET at = at + 1 WHERE seq = 20"], "was changed", id="edit the instant"),
        pytest.param(["UPDATE event SET ticket = 7 WHERE seq = 20"], "was changed", id="edit the ticket"),
        pytest.param(["UPDATE event SET hash = prev WHERE seq = 20"], "was changed", id="edit the hash"),
        pytest.param(["UPDATE event SET mac = hash WHERE seq = 20"], "seal", id="edit the seal"),
        pytest.param(["DELETE FROM event WHERE seq = 20"], "event 20 is missing", id="delete"),
        pytest.param(["DELETE FROM event WHERE seq = 1"], "event 1 is missing", id="delete the first"),
        pytest.param(
            ["DELETE FROM event WHERE seq = 20", "UPDATE event SET seq = seq - 1 WHERE seq > 20"],
            "does not follow",
            id="delete and close the gap",
        ),
        pytest.param(
            [
                "UPDATE event SET seq = -1 WHERE seq = 20",
                "UPDATE event SET seq = 20 WHERE seq = 21",
                "UPDATE event SET seq = 21 WHERE seq = -1",
            ],
            "does not follow",
            id="reorder",
        ),
        pytest.param(
            [
                "INSERT INTO event SELECT 1000, at, kind, actor, session, peer, address, ticket, subject, body,"
                " epoch, prev, hash, mac FROM event WHERE seq = 20"
            ],
            "missing",
            id="insert behind a gap",
        ),
        pytest.param(
            [
                "INSERT INTO event SELECT (SELECT max(seq) + 1 FROM event), at, kind, actor, session, peer, address,"
                " ticket, subject, body, epoch, (SELECT hash FROM event ORDER BY seq DESC LIMIT 1), hash, mac"
                " FROM event WHERE seq = 20"
            ],
            "was changed",
            id="append a copy",
        ),
    ],
)
def test_every_tampering_is_found(log: Bench, statements: list[str], fault: str) -> None:
    _tamper(log, *statements)

    assert fault in _verdict(log).fault


def test_a_chain_that_was_computed_anew_does_not_carry_the_seal(log: Bench) -> None:
    """Who owns the file can compute hashes, but has not the key."""
    log.write(lambda tx: _forge(tx, b"not the desk's key"))

    assert "does not carry this desk's seal" in _verdict(log).fault


def test_an_entry_from_the_past_is_found_although_its_seal_is_right(log: Bench) -> None:
    log.write(lambda tx: _forge(tx, log.desk.context.audit_key))

    assert "is older than the one before it" in _verdict(log).fault


def _forge(tx: Tx, key: bytes) -> None:
    fields = {
        "seq": tx.head.seq + 1,
        "at": micros(FOUNDED),
        "kind": "test.forged",
        "actor": tx.actor.login,
        "session": "",
        "peer": None,
        "address": "",
        "ticket": None,
        "subject": "",
        "body": "{}",
        "epoch": "k1",
        "prev": tx.head.hash,
    }
    digest, mac = sealed(fields, key)
    tx.insert(Event, **{**fields, "at": FOUNDED, "hash": digest, "mac": mac})


def _flip(value: object, chance: random.Random) -> object:
    return value + 1 if isinstance(value, int) else f"{value}{chance.choice('abc0 ')}"


COLUMNS = ("at", "kind", "actor", "session", "address", "subject", "body", "epoch", "prev", "hash", "mac")


def _random_tampering(log: Bench, count: int, find: Callable[[], str]) -> int:
    chance = random.Random(7)
    found = 0
    with as_owner(log) as link:
        value = unguard(link)
        last = link.execute("SELECT max(seq) FROM event").fetchone()[0]
        for _ in range(count):
            column, seq = chance.choice(COLUMNS), chance.randint(1, last)
            was = link.execute(f"SELECT {column} FROM event WHERE seq = {seq}").fetchone()[0]
            change = f"UPDATE event SET {column} = {value} WHERE seq = {seq}"
            link.execute(change, (_flip(was, chance),))
            found += find() != ""
            link.execute(change, (was,))
    return found


@pytest.mark.parametrize("count", [200, pytest.param(10_000, marks=[pytest.mark.long, pytest.mark.timeout(600)])])
def test_random_tamperings_are_all_found(log: Bench, count: int) -> None:
    found = _random_tampering(log, count, lambda: _verdict(log).fault)

    assert found == count
    assert _verdict(log).fault == ""


def test_canonical_json_has_one_form() -> None:
    assert canonical({"b": 1, "a": ["é", None, True]}) == '{"a":["é",null,true],"b":1}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"a": float("nan")})


def test_a_text_is_referred_to_by_a_salted_hash_so_that_erasing_it_breaks_no_chain() -> None:
    reference = text_reference("salt", "Where is my order?")

    assert reference == hashlib.sha256(b"salt\nWhere is my order?").hexdigest()
    assert reference != text_reference("other", "Where is my order?")
    assert len(text_reference("salt", "\ud800")) == 64


def test_no_text_of_a_customer_is_in_the_log(bench: Bench) -> None:
    number = bench.ticket("Rosa Prado <rosa@example.org>", "My secret subject")

    told = " ".join(f"{event.body} {event.subject}" for event in bench.events(ticket=number))

    assert not [word for word in ("Rosa", "rosa@", "secret", "has not come") if word in told]
