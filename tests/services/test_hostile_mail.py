"""Mail that means harm: cleaned before it is kept, bounded, filed all the same, and its files named by us."""

import hashlib
from urllib.parse import quote

import pytest
from sqlmodel import select

from agentconsole.server.intake import LARGEST_MAIL
from agentconsole.storage.tables.attachment import Attachment
from tests.desk_bench import MONDAY, ROSA, Bench, raw_mail


def test_what_a_stranger_writes_is_cleaned_before_it_is_kept(bench: Bench) -> None:
    raw = (
        b"From: =?utf-8?q?Ro=1B]0;owned=07sa=E2=80=AE?= <rosa@example.org>\r\n"
        b"Subject: =?utf-8?q?a=1B[2Jb=0D=0ABcc:_x=C2=9Bc?=\r\n\r\nHi \x1b[31mred\x1b[0m \xe2\x80\xae there\x07"
    )

    bench.raw_mail(raw)

    entry = bench.case("ana", 1).contacts[0]
    kept = (bench.row(1).subject, entry.name.verbatim(), entry.text.verbatim(), bench.row(1).waited_text)
    shown = "".join(kept).replace("\n", "")
    assert not [letter for letter in shown if ord(letter) < 32 or 127 <= ord(letter) < 160 or letter == "\u202e"]


def test_a_very_long_subject_and_name_open_a_case_all_the_same(bench: Bench) -> None:
    filed = bench.mail(f"{'R' * 5000} <rosa@example.org>", "s" * 5000, "text")

    assert filed.outcome == "new"
    assert len(bench.row(1).subject) <= 400
    assert len(bench.case("ana", 1).customer.name) <= 120


def test_a_mail_without_subject_and_sender_opens_a_case(bench: Bench) -> None:
    bench.raw_mail(b"To: care@desk.test\r\n\r\nhello")

    assert bench.row(1).subject == "(no subject)"
    assert bench.case("ana", 1).customer.name.line() == "unknown sender"


def test_a_bomb_becomes_a_case_that_says_so_and_the_next_mail_is_read(bench: Bench) -> None:
    filed = bench.raw_mail(b"From: eve@example.net\r\n" + b"X" * 25 * 1024 * 1024 + b"\r\n\r\n!")
    following = bench.mail(ROSA, "Order", "Where?")

    assert filed.outcome == "unparsable"
    assert following.outcome == "new"
    entry = bench.case("ana", 1).contacts[0]
    assert entry.text.lines().startswith("This mail could not be read: ")
    assert [attachment.name.line() for attachment in entry.attachments] == ["message.eml"]


@pytest.mark.parametrize(("size", "kept"), [(0, "it is kept whole"), (80 << 20, "its first 25 MB are kept")])
def test_a_mail_over_25_mb_is_not_read_and_is_kept_as_a_case(bench: Bench, size: int, kept: str) -> None:
    raw = raw_mail(ROSA, "Big", "x") + b"y" * LARGEST_MAIL

    filed = bench.intake.take_in(source="x", brand="ecolab", raw=raw, received_at=MONDAY, size=size)

    entry = bench.case("ana", 1).contacts[0]
    assert filed.outcome == "unparsable"
    assert f"{size // 1048576 or 25}.0 MB, more than the 25 MB that are read; {kept}" in entry.text.lines()
    assert bench.desk.context.store.get(entry.attachments[0].sha256) == raw


def test_a_mail_of_which_only_the_beginning_was_fetched_is_not_read_as_if_it_were_whole(bench: Bench) -> None:
    filed = bench.intake.take_in(
        source="imap:1", brand="ecolab", raw=raw_mail(ROSA, "Big", "x"), received_at=MONDAY, size=LARGEST_MAIL + 1
    )

    assert filed.outcome == "unparsable"


@pytest.mark.parametrize(
    "name",
    ["../../../home/desk/.bashrc", "\u200b.htaccess", "invoice\u202egpj.exe", "a\x1b]52;c;b", "x" * 4000, "/dev/null"],
)
def test_attachments_are_stored_by_their_hash_whatever_they_call_themselves(bench: Bench, name: str) -> None:
    """PROMISES H5."""
    raw = (
        b"From: rosa@example.org\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n'
        b"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename*=utf-8''"
        + quote(name, safe="").encode()
        + b"\r\n\r\ncontent\r\n--b--\r\n"
    )

    bench.raw_mail(raw)

    (kept,) = bench.read(lambda session: session.exec(select(Attachment)).all())
    content = bench.desk.context.store.get(kept.sha256)
    files = {path.name for path in bench.desk.paths.home.rglob("*") if path.is_file()}
    assert content.rstrip() == b"content"
    assert files - {
        "database.toml",
        "desk.sqlite3",
        "desk.sqlite3-wal",
        "desk.sqlite3-shm",
        "desk.sqlite3-sums",
        "server.lock",
    } == {
        kept.sha256,
        hashlib.sha256(raw).hexdigest(),
    }
    assert kept.name.isprintable()
    assert "/" not in kept.name
