"""Mail in files is read one message at a time, and what cannot be used is told (issue 2 section 5)."""

import os
from pathlib import Path

import pytest

from agentconsole.channels.email.files import KEPT_LIMIT, Found, read_messages

ONE = b"From: ana@example.com\nSubject: one\n\nhello\n"
TWO = b"From: bob@example.com\nSubject: two\n\nFrom here it is far.\n\n>From there too.\n"
MBOX = (
    b"From ana@example.com Sun May  3 10:00:00 2026\n" + ONE + b"\n"
    b"From bob@example.com Sun May  3 10:00:01 2026\n" + TWO.replace(b"\n>From", b"\n>>From") + b"\n"
)  # fmt: skip


def test_a_file_is_one_message(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(ONE)

    assert list(read_messages([path])) == [Found(str(path), ONE, size=len(ONE))]


def test_an_mbox_is_taken_apart(tmp_path: Path) -> None:
    path = tmp_path / "inbox"
    path.write_bytes(MBOX)

    assert list(read_messages([path])) == [
        Found(f"{path}:1", ONE, size=len(ONE)),
        Found(f"{path}:2", TWO, size=len(TWO)),
    ]


def test_an_mbox_with_windows_line_ends_is_taken_apart(tmp_path: Path) -> None:
    path = tmp_path / "inbox"
    path.write_bytes(MBOX.replace(b"\n", b"\r\n"))

    assert [found.raw for found in read_messages([path])] == [ONE.replace(b"\n", b"\r\n"), TWO.replace(b"\n", b"\r\n")]


def test_a_maildir_gives_its_new_and_old_mail_and_nothing_unfinished(tmp_path: Path) -> None:
    for part, content in (("new", ONE), ("cur", TWO), ("tmp", b"unfinished")):
        (tmp_path / "box" / part).mkdir(parents=True)
        (tmp_path / "box" / part / "1").write_bytes(content)
    (tmp_path / "box" / "dovecot-uidlist").write_bytes(b"3 V1 N1\n")
    (tmp_path / "box" / ".Sent" / "cur").mkdir(parents=True)
    (tmp_path / "box" / ".Sent" / "new").mkdir()
    (tmp_path / "box" / ".Sent" / "cur" / "2").write_bytes(ONE)

    found = {item.name.removeprefix(f"{tmp_path}/box/"): item.raw for item in read_messages([tmp_path])}

    assert found == {"cur/1": TWO, "new/1": ONE, ".Sent/cur/2": ONE}


def test_a_folder_is_walked_in_the_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/2.eml", "b/1.eml", "c.eml"):
        (tmp_path / name).write_bytes(ONE)

    names = [Path(found.name).name for found in read_messages([tmp_path])]

    assert names == ["c.eml", "1.eml", "2.eml"]


@pytest.mark.parametrize(
    ("situation", "make", "problem"),
    [
        ("missing", lambda path: None, "No such file or directory"),
        ("empty", lambda path: path.write_bytes(b""), "empty"),
        ("only blanks", lambda path: path.write_bytes(b"\n \n"), "empty"),
        ("a pipe", lambda path: os.mkfifo(path), "neither a file nor a folder"),
        ("a picture", lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" * 9), "does not begin as a mail does"),
    ],
)
def test_what_cannot_be_used_is_told(situation: str, make: object, problem: str, tmp_path: Path) -> None:
    make(tmp_path / "x")  # type: ignore[operator]

    (found,) = read_messages([tmp_path / "x"])

    assert found.raw is None, situation
    assert problem in (found.problem or "")


def test_a_message_too_large_does_not_hide_the_next(tmp_path: Path) -> None:
    path = tmp_path / "inbox"
    huge = (b"x" * 999 + b"\n") * 33_000
    path.write_bytes(MBOX + b"From eve@example.com Sun May  3 10:00:02 2026\n" + huge + b"\n" + MBOX)

    found = list(read_messages([path]))

    assert [item.raw for item in found if item is not found[2]] == [ONE, TWO, ONE, TWO]
    assert found[2].raw == huge[: 31_457 * 1000]
    assert (found[2].size, found[2].problem) == (len(huge) + 1, None)


@pytest.mark.parametrize("more", [0, 1, 5_000_000])
def test_of_a_message_too_large_its_first_30_mb_are_handed_on(tmp_path: Path, more: int) -> None:
    whole = b"X: " + b"x" * (KEPT_LIMIT - 3 + more)
    (tmp_path / "big.eml").write_bytes(whole)

    (found,) = read_messages([tmp_path / "big.eml"])

    assert found.raw == whole[:KEPT_LIMIT]
    assert found.size == len(whole)


def test_links_and_pipes_inside_a_folder_are_passed_by(tmp_path: Path) -> None:
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / "loop").symlink_to(tmp_path)
    (tmp_path / "box" / "link.eml").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "box" / "pipe")
    (tmp_path / "box" / "a.eml").write_bytes(ONE)

    assert [found.raw for found in read_messages([tmp_path / "box"])] == [ONE]
