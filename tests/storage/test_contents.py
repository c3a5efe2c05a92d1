"""Content of several hosts: each has all of it in files, whoever took it in, and rows bring it from one to another."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agentconsole.server.desk import OpenDesk
from agentconsole.storage.files import ContentStore
from tests.postgres import cluster
from tests.server.several import two_desks

ONE, TWO = b"a first message", b"a second one"


@pytest.fixture(name="pair")
def _pair(tmp_path: Path) -> Iterator[tuple[OpenDesk, OpenDesk]]:
    with two_desks(tmp_path) as both:
        yield both


def _files(desk: OpenDesk) -> ContentStore:
    return ContentStore(desk.paths.raw)


def test_what_one_host_takes_in_the_other_has_at_once_and_in_a_file_after_its_next_look(
    pair: tuple[OpenDesk, OpenDesk],
) -> None:
    here, there = pair
    there.context.store.mirror()

    name = here.context.store.put(ONE)
    at_once, in_a_file = there.context.store.get(name), _files(there).has(name)
    fetched = there.context.store.mirror()

    assert (at_once, in_a_file, fetched) == (ONE, False, 1)
    assert _files(there).get(name) == ONE
    assert there.context.store.mirror() == 0


def test_what_lay_in_one_host_s_files_before_is_brought_to_all(pair: tuple[OpenDesk, OpenDesk]) -> None:
    """As after a move from a file: nothing of it is in rows yet."""
    here, there = pair
    name = _files(here).put(ONE)
    fields = "source, sha256, brand_id, message_id, received_at, state, note"
    cluster().ask(
        f"INSERT INTO raw_mail ({fields}) VALUES ('x', '{name}', 'ecolab', '', 0, 'kept', '')",
        here.paths.database_named.read_text().split('"')[1],
    )
    before = there.context.store.has(name)

    here.context.store.mirror()

    assert (before, there.context.store.get(name)) == (False, ONE)


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_a_file_that_the_disk_lost_or_changed_is_read_from_its_row(
    pair: tuple[OpenDesk, OpenDesk], damage: str
) -> None:
    here, _ = pair
    name = here.context.store.put(ONE)
    file = here.paths.raw / name[:2] / name
    file.unlink()
    if damage == "changed":
        file.write_bytes(TWO)

    assert here.context.store.get(name) == ONE


def test_a_row_that_was_changed_is_believed_by_nobody(pair: tuple[OpenDesk, OpenDesk]) -> None:
    here, there = pair
    name = here.context.store.put(ONE)

    cluster().ask("UPDATE content SET body = 'eve'", here.paths.database_named.read_text().split('"')[1])

    with pytest.raises(FileNotFoundError):
        there.context.store.get(name)
    assert there.context.store.mirror() == 0


def test_the_same_bytes_are_one_row(pair: tuple[OpenDesk, OpenDesk]) -> None:
    names = {desk.context.store.put(ONE) for desk in pair for _ in range(2)}

    place = pair[0].paths.database_named.read_text().split('"')[1]
    assert cluster().ask("SELECT sha256 FROM content", place) == [(name,) for name in names]
