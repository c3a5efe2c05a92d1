"""Copies of the database and the one file of a backup: whole, private, and held against what they say."""

import gzip
import io
import os
import sqlite3
import stat
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agentconsole.domain.errors import Refused
from agentconsole.storage.archive import read_archive, write_archive
from agentconsole.storage.backup import content_names, examine, opened, take_snapshot
from agentconsole.storage.files import ContentStore
from agentconsole.wire.backups import Manifest
from tests.desk_bench import Bench, open_bench

NOTES = "SELECT count(*) FROM event WHERE kind = 'test.noted'"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Open a desk on SQLite: one in PostgreSQL is backed up by PostgreSQL's own tools."""
    with open_bench(tmp_path) as opened:
        yield opened


def _copy(bench: Bench, name: str = "copy.sqlite3") -> Path:
    copy = bench.desk.paths.home.parent / name
    take_snapshot(bench.desk.paths.database, copy)
    return copy


def _manifest(bench: Bench, copy: Path) -> Manifest:
    return examine(copy, bench.desk.context.audit_key)


def _archive(bench: Bench) -> tuple[bytes, Manifest]:
    copy = _copy(bench)
    manifest, out = _manifest(bench, copy), io.BytesIO()
    with opened(copy) as session:
        missing = write_archive(out, manifest, copy, bench.desk.context.store, content_names(session))
    assert missing == 0
    return out.getvalue(), manifest


def test_a_copy_that_is_taken_while_the_desk_writes_has_all_that_was_acknowledged_before(bench: Bench) -> None:
    done, stopping = [0], threading.Event()

    def work() -> None:
        while not stopping.is_set():
            bench.write(lambda tx: tx.record("test.noted"))
            done[0] += 1

    writing = threading.Thread(target=work)
    writing.start()
    try:
        for turn in range(5):
            before = done[0]
            copy = _copy(bench, f"{turn}.sqlite3")
            manifest = _manifest(bench, copy)
            with opened(copy) as session:
                found = session.connection().exec_driver_sql(NOTES).scalar()
            assert found is not None
            assert found >= before
            assert manifest.events >= found
            assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    finally:
        stopping.set()
        writing.join()
    assert done[0] > 5


def test_what_was_removed_from_the_database_is_not_in_its_copy(bench: Bench) -> None:
    number = bench.ticket(subject="A word that is removed: Xylophagous")
    bench.write(lambda tx: tx.session.connection().exec_driver_sql("UPDATE ticket SET subject = 'gone'"))
    bench.write(lambda tx: tx.session.connection().exec_driver_sql("DELETE FROM undo"))

    assert b"Xylophagous" not in _copy(bench).read_bytes()
    assert bench.row(number).subject == "gone"


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE contact SET text = text || ' and more'", "1 texts are not what the event log says: entry 1 was"),
        ("INSERT INTO contact SELECT 99, ticket_id, at, kind, author, channel, user_id, name, email, text, quoted,"
         " auth, auto, message_id, raw, salt, taken_back FROM contact", "entry 99 stands in no event"),
        ("UPDATE event SET actor = 'eve' WHERE seq = 2", "event 2 was changed after it was written"),
        ("DELETE FROM customer", "loose references"),
    ],
)  # fmt: skip
def test_a_copy_that_was_changed_is_refused(bench: Bench, statement: str, says: str) -> None:
    bench.ticket()
    copy = _copy(bench)
    with sqlite3.connect(copy) as link:
        link.execute("DROP TRIGGER event_no_update")
        link.execute(statement)
    link.close()

    with pytest.raises(Refused, match=says):
        _manifest(bench, copy)


def test_an_entry_that_is_gone_is_noticed(bench: Bench) -> None:
    number = bench.ticket()
    bench.write(lambda tx: tx.record("ticket.note", ticket=number, body={"contact": 77, "text": "0" * 64}))

    with pytest.raises(Refused, match="entry 77 is gone"):
        _manifest(bench, _copy(bench))


def test_a_backup_comes_back_as_it_was_and_private(bench: Bench, tmp_path: Path) -> None:
    for number in range(3):
        bench.ticket(f"c{number}@example.org")
    archive, manifest = _archive(bench)
    place = tmp_path / "back"
    place.mkdir()

    found, contents = read_archive(io.BytesIO(archive), place)

    assert (found, contents, manifest.contents) == (manifest, 3, 3)
    assert _manifest(bench, place / "desk.sqlite3") == manifest
    with opened(place / "desk.sqlite3") as session:
        store = ContentStore(place / "raw")
        assert [len(store.get(name)) > 0 for name in content_names(session)] == [True] * 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in place.rglob("*") if path.is_file()} == {0o600}


def test_stored_content_that_is_gone_or_changed_is_counted_and_left_out(bench: Bench) -> None:
    for number in range(3):
        bench.ticket(f"c{number}@example.org")
    files = sorted(path for path in bench.desk.paths.raw.rglob("*") if path.is_file())
    files[0].unlink()
    files[1].write_bytes(b"something else")
    copy = _copy(bench)
    manifest, out = _manifest(bench, copy), io.BytesIO()
    with opened(copy) as session:
        missing = write_archive(out, manifest, copy, bench.desk.context.store, content_names(session))

    assert missing == 2
    assert read_archive(io.BytesIO(out.getvalue()), None) == (manifest, 1)


def test_a_backup_that_was_cut_or_changed_is_refused_wherever_it_was(bench: Bench) -> None:
    bench.ticket()
    archive, _ = _archive(bench)

    unnoticed = []
    end = len(archive)
    for place in (*range(20, end - 8, 997), *range(end - 12, end)):
        changed = bytearray(archive)
        changed[place] ^= 0x55
        for wrong in (bytes(changed), archive[:place]):
            try:
                read_archive(io.BytesIO(wrong), None)
            except Refused:
                continue
            # Among zeros it is all the same from where a packing has them copied.
            if gzip.decompress(wrong) != gzip.decompress(archive):
                unnoticed.append(place)
    assert unnoticed == []


def _packed(manifest: bytes, *members: tuple[tarfile.TarInfo, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    first = tarfile.TarInfo("manifest.json")
    with gzip.GzipFile("", "wb", fileobj=out) as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
        for member, content in ((first, manifest), *members):
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    out.seek(0)
    return out


def _link(kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo("desk.sqlite3")
    member.type, member.linkname = kind, "/etc/passwd"
    return member


@pytest.mark.parametrize(
    "member",
    [
        tarfile.TarInfo("../outside"),
        tarfile.TarInfo("/tmp/outside"),
        tarfile.TarInfo("raw/aa/../../outside"),
        tarfile.TarInfo(f"raw/ab/{'c' * 64}"),
        tarfile.TarInfo("master.key"),
        _link(tarfile.SYMTYPE),
        _link(tarfile.LNKTYPE),
        _link(tarfile.FIFOTYPE),
    ],
    ids=["above", "absolute", "round about", "wrong folder", "a key", "symlink", "link", "pipe"],
)
def test_what_no_backup_has_is_refused_and_touches_nothing(
    bench: Bench, tmp_path: Path, member: tarfile.TarInfo
) -> None:
    manifest = msgspec.json.encode(_manifest(bench, _copy(bench)))
    place = tmp_path / "deep" / "back"
    place.mkdir(parents=True)

    with pytest.raises(Refused):
        read_archive(_packed(manifest, (member, b"")), place)

    assert [path for path in (tmp_path / "deep").rglob("*") if not path.is_dir()] == []


@pytest.mark.parametrize(
    "given",
    [b"", b"no backup", gzip.compress(b"no tar"), os.urandom(2000)],
    ids=["nothing", "text", "no tar", "noise"],
)
def test_what_is_no_backup_is_refused_in_a_sentence(given: bytes) -> None:
    with pytest.raises(Refused):
        read_archive(io.BytesIO(given), None)


def test_a_backup_of_a_newer_format_is_refused_politely(bench: Bench) -> None:
    manifest = msgspec.structs.replace(_manifest(bench, _copy(bench)), format=99)

    with pytest.raises(Refused, match="newer agentconsole"):
        read_archive(_packed(msgspec.json.encode(manifest)), None)
