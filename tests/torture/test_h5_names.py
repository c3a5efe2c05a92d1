"""PROMISES 13, H5: 2,000 names of attachments, none of which is ever the name of a file."""

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlmodel import select

from agentconsole.storage.tables.attachment import Attachment
from tests.desk_bench import Bench, open_bench

A_MAIL = 50
PARTS = (
    *(
        "../",
        "..\\",
        "/",
        "\\",
        "/etc/passwd",
        "C:\\Windows\\",
        "\\\\host\\share\\",
        "~/",
        "~root/.ssh/",
        "./.",
        "....//",
    ),
    *(
        ".htaccess",
        ".bashrc",
        "authorized_keys",
        "con",
        "NUL",
        "com1.txt",
        "aux.",
        "/dev/null",
        "/proc/self/mem",
        "desk.sqlite3",
    ),
    *(
        "\u200b",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\u00ad",
        "\x00",
        "\n",
        "\r\n",
        "\t",
        "\x1b]52;c;b\x07",
        "\x9b2J",
        "\u2028",
    ),
    *(
        "gpj.exe",
        "invoice.pdf",
        ".php",
        ".tar.gz",
        " ",
        ".",
        "..",
        "-rf",
        "--",
        ";rm",
        "$(id)",
        "`id`",
        "%2e%2e%2f",
        "%00",
    ),
    *(
        "\u2044",
        "\u2215",
        "\uff0f",
        "\uff0e\uff0e\uff0f",
        "\u2024\u2024",
        "e" + "\u0301" * 90,
        "x" * 4_000,
        "山" * 300,
        "👩‍👩‍👧",
        "\U000e0041",
    ),
    *(
        "<script>",
        '"',
        "'",
        "|",
        "?",
        "*",
        ":stream",
        "=cmd|'/c'!A1",
        "[@click=app.quit]",
        "\ud7ff",
        "\uffff",
        "ﬁ",
        "\u0130",
    ),
)


def _names(count: int) -> Iterator[str]:
    chance = random.Random(5)
    for number in range(count):
        yield PARTS[number] if number < len(PARTS) else "".join(chance.choices(PARTS, k=chance.randint(2, 5)))


def _mail(number: int, names: list[str]) -> bytes:
    """Write a mail whose every attachment has a name that is hostile, and content of its own."""
    files = b"".join(
        b"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename*=utf-8''"
        + quote(name, safe="").encode()
        + b"\r\n\r\ncontent %d of %d\r\n" % (place, number)
        for place, name in enumerate(names)
    )
    return (
        b"From: rosa@example.org\r\nSubject: names %d\r\nMIME-Version: 1.0\r\n" % number
        + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n'
        + files
        + b"--b--\r\n"
    )


@pytest.fixture(name="bench")
def _bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path / "desk") as bench:
        yield bench


def _all_files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("count", [500, pytest.param(2_000, marks=pytest.mark.long)])
def test_what_is_written_is_named_by_its_hash_and_lies_in_the_store(bench: Bench, tmp_path: Path, count: int) -> None:
    names = list(_names(count))
    before = set(_all_files(tmp_path))

    for start in range(0, count, A_MAIL):
        bench.raw_mail(_mail(start, names[start : start + A_MAIL]))

    kept = bench.read(lambda session: [(one.sha256, one.name) for one in session.exec(select(Attachment)).all()])
    store = bench.desk.paths.raw
    written = {path: content for path, content in _all_files(tmp_path).items() if path not in before}
    assert len(kept) == count
    assert {path.name for path in written} >= {sha256 for sha256, _ in kept}
    for path, content in written.items():
        assert path.is_relative_to(store)
        assert path.name == hashlib.sha256(content).hexdigest()
        assert path.stat().st_mode & 0o777 == 0o600
    for _, name in kept:
        assert name.isprintable()
        assert name.strip(" .~-") == name != ""
        assert not set(name) & set('/\\<>:"|?*')
        assert len(name) <= 120
