"""The content store: bytes under their hash, files that nobody else reads, and changes noticed."""

import hashlib
import os
import stat
from pathlib import Path

import pytest

from agentconsole.storage.files import ContentStore


@pytest.fixture
def store(tmp_path: Path) -> ContentStore:
    """Open a store in a folder of its own."""
    (tmp_path / "raw").mkdir(mode=0o700)
    return ContentStore(tmp_path / "raw")


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("content", [b"", b"a", b"\x00\xff" * 5000], ids=["empty", "one byte", "binary"])
def test_bytes_come_back_by_their_hash(store: ContentStore, content: bytes) -> None:
    name = store.put(content)

    assert name == hashlib.sha256(content).hexdigest()
    assert store.get(name) == content


def test_a_file_has_mode_0600_and_its_folder_0700_whatever_the_umask(tmp_path: Path, store: ContentStore) -> None:
    before = os.umask(0)
    try:
        name = store.put(b"private")
    finally:
        os.umask(before)

    place = tmp_path / "raw" / name[:2] / name
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700


def test_the_same_bytes_are_kept_once_and_no_scratch_file_stays(tmp_path: Path, store: ContentStore) -> None:
    names = {store.put(b"twice") for _ in range(3)}

    assert len(names) == 1
    assert [path.name for path in _files(tmp_path)] == [names.pop()]


def test_content_that_was_changed_on_the_disk_is_noticed(tmp_path: Path, store: ContentStore) -> None:
    name = store.put(b"as it came")
    (tmp_path / "raw" / name[:2] / name).write_bytes(b"as somebody wants it")

    with pytest.raises(ValueError, match="was changed on the disk"):
        store.get(name)


def test_content_that_is_gone_is_said_to_be_gone(store: ContentStore) -> None:
    with pytest.raises(FileNotFoundError):
        store.get("0" * 64)


def test_a_disk_that_fails_leaves_no_half_file(tmp_path: Path, store: ContentStore) -> None:
    name = hashlib.sha256(b"content").hexdigest()
    (tmp_path / "raw" / name[:2]).mkdir()
    (tmp_path / "raw" / name[:2] / name).mkdir()
    (tmp_path / "raw" / name[:2] / name).rename(tmp_path / "raw" / name[:2] / "blocked")
    (tmp_path / "raw" / name[:2]).rename(tmp_path / "aside")
    (tmp_path / "raw" / name[:2]).write_bytes(b"a file where the folder should be")

    with pytest.raises(OSError, match=r"exists|directory"):
        store.put(b"content")
    assert [path.name for path in _files(tmp_path / "raw")] == [name[:2]]
