"""PROMISES 20, A5: whatever the owner of the file does to the event log is found, also a tail that was cut."""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from agentconsole.domain.anchor import Anchor
from agentconsole.server.anchors import MOST_EVENTS
from agentconsole.storage.events import Verdict, canonical, sealed, verify
from tests.desk_bench import Bench, open_bench

LENGTH = 350
ALL = "seq, at, kind, actor, session, peer, address, ticket, subject, body, epoch, prev, hash, mac"
COLUMNS = tuple(ALL.replace("seq, ", "", 1).split(", "))
Row = tuple[object, ...]


class Log:
    """Hold a log in memory as its file's owner has it: without guards, and without the key of its seals."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.key = key
        with closing(sqlite3.connect(path)) as link:
            self.rows: list[Row] = link.execute(f"SELECT {ALL} FROM event ORDER BY seq").fetchall()
        self.link = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self.link.execute(f"CREATE TABLE event ({ALL.replace('seq', 'seq INTEGER PRIMARY KEY', 1)})")
        self._engine = sa.create_engine("sqlite://", creator=lambda: self.link, poolclass=StaticPool)
        self.anchors = [Anchor("", int(str(row[0])), str(row[12])) for row in self.rows[MOST_EVENTS - 1 :: MOST_EVENTS]]

    def verdict(self, rows: list[Row]) -> Verdict:
        """Put these rows into the file and walk them against the anchors."""
        self.link.execute("DELETE FROM event")
        self.link.executemany(f"INSERT OR REPLACE INTO event VALUES ({', '.join('?' * 14)})", rows)
        with Session(self._engine) as session:
            return verify(session, self.key, self.anchors)

    def walk(self) -> float:
        """Walk what is in the file; returns the processor time."""
        with Session(self._engine) as session:
            began = time.process_time()
            verify(session, self.key, self.anchors)
            return time.process_time() - began


@contextmanager
def _log(folder: Path) -> Iterator[Log]:
    with open_bench(folder) as bench:
        _fill(bench)
        key, path = bench.desk.context.audit_key, bench.desk.paths.database
    log = Log(path, key)
    yield log
    log.link.close()


def _fill(bench: Bench) -> None:
    number = bench.ticket()
    while int(str(bench.scalar("SELECT max(seq) FROM event"))) < LENGTH:
        bench.write(lambda tx: tx.record("test.noted", ticket=number, subject="né", body={"n": tx.head.seq}))


def _renumbered(rows: list[Row]) -> list[Row]:
    return [(number, *row[1:]) for number, row in enumerate(rows, start=1)]


def _rechained(rows: list[Row], key: bytes) -> list[Row]:
    """Compute all hashes anew, as anybody can, and the seals with a key that is not the desk's."""
    names, previous, made = ALL.split(", "), "0" * 64, []
    for row in _renumbered(rows):
        fields = dict(zip(names, row, strict=True)) | {"prev": previous}
        facts = {name: value for name, value in fields.items() if name not in ("hash", "mac")}
        previous, mac = sealed(facts, key)
        made.append((*(facts[name] for name in names[:12]), previous, mac))
    return made


def _edit(rows: list[Row], chance: random.Random) -> list[Row]:
    place, column = chance.randrange(len(rows)), chance.randrange(1, 14)
    row = list(rows[place])
    value = row[column]
    row[column] = value + 1 if isinstance(value, int) else f"{value or ''}{chance.choice('abc0 é')}"
    return [*rows[:place], tuple(row), *rows[place + 1 :]]


def _delete(rows: list[Row], chance: random.Random) -> list[Row]:
    place = chance.randrange(len(rows) - 1)
    left = [*rows[:place], *rows[place + chance.randint(1, len(rows) - 1 - place) :]]
    return chance.choice((left, _renumbered(left)))


def _reorder(rows: list[Row], chance: random.Random) -> list[Row]:
    one, two = sorted(chance.sample(range(len(rows)), 2))
    moved = [*rows]
    moved[one], moved[two] = rows[two], rows[one]
    return _renumbered(moved)


def _insert(rows: list[Row], chance: random.Random) -> list[Row]:
    place, copied = chance.randint(0, len(rows)), chance.choice(rows)
    return _renumbered([*rows[:place], copied, *rows[place:]])


def _append(rows: list[Row], chance: random.Random) -> list[Row]:
    copied = chance.choice(rows)
    return [*rows, (len(rows) + 1, *copied[1:11], rows[-1][12], *copied[12:])]


def _cut(rows: list[Row], chance: random.Random) -> list[Row]:
    """Cut the tail off, so that the newest anchored event is gone; also all of it."""
    return rows[: chance.randrange(LENGTH // MOST_EVENTS * MOST_EVENTS)]


def _forge(rows: list[Row], chance: random.Random) -> list[Row]:
    return _rechained(chance.choice((_edit, _delete, _insert))(rows, chance), b"not the key of this desk")


KINDS: tuple[Callable[[list[Row], random.Random], list[Row]], ...] = (
    *(_edit, _delete, _reorder, _insert, _append, _cut, _forge),
)


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=pytest.mark.long)])
def test_every_tampering_of_the_file_s_owner_is_found(tmp_path: Path, count: int) -> None:
    chance, unnoticed, done = random.Random(count), [], 0
    with _log(tmp_path) as log:
        sound = log.verdict(log.rows)
        while done < count:
            kind = chance.choice(KINDS)
            tampered = kind(log.rows, chance)
            if tampered == log.rows:
                continue
            done += 1
            if not log.verdict(tampered).fault:
                unnoticed.append((done, kind.__name__))

    assert sound == Verdict(len(log.rows), "")
    assert unnoticed == []


def test_without_anchors_a_tail_that_was_cut_is_not_seen(tmp_path: Path) -> None:
    """The negative control: what finds the cut is the anchors and nothing else."""
    with _log(tmp_path) as log:
        named, log.anchors = log.anchors, []
        blind = log.verdict(log.rows[:120])
        log.anchors = named
        seen = log.verdict(log.rows[:120])

    assert blind == Verdict(120, "")
    assert seen.fault == "event 200, which was anchored outside, and all after 120 are gone"


def test_a_log_that_was_sealed_anew_with_the_desk_s_own_key_does_not_agree_with_the_anchors(tmp_path: Path) -> None:
    """Who has the key, too, can forge a chain that is whole, up to the newest anchor."""
    with _log(tmp_path) as log:
        rows = [*log.rows]
        rows[40] = (*rows[40][:3], "eve", *rows[40][4:])
        forged = _rechained(rows, log.key)
        seen = log.verdict(forged)
        log.anchors = []
        blind = log.verdict(forged)

    assert blind.fault == ""
    assert seen.fault == "event 100 is not the one that was anchored outside"


def test_the_walk_hashes_what_was_hashed_when_it_was_written(tmp_path: Path) -> None:
    """Two ways to write canonical JSON must agree on every letter."""
    letters = "".join(map(chr, [*range(0x300), 0x2028, 0xFFFF, 0x1F600]))
    with _log(tmp_path) as log:
        rows = [(1, 5, letters, letters, "", None, letters, None, letters, canonical({"t": letters}), "k1", "", "", "")]
        sound = log.verdict(_rechained(rows, log.key))

    assert sound.fault == "event 100, which was anchored outside, and all after 1 are gone"


@pytest.mark.long
def test_200_000_events_a_second_are_walked(tmp_path: Path) -> None:
    """By processor time, the best of some walks: other work on the machine only takes from it."""
    with _log(tmp_path) as log:
        many = [(0, number, *log.rows[number % LENGTH][2:]) for number in range(100_000)]
        rows, log.anchors = _rechained(many, log.key), []
        verdict, best = log.verdict(rows), 1e9
        for _ in range(15):
            best = min(best, log.walk())

    print(f"{len(rows) / best:,.0f} events a second")
    assert verdict == Verdict(len(rows), "")
    assert len(rows) / best >= 200_000
