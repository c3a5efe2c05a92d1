"""A letter that not every database can hold: kept alike in each, and what the log says of the text stays true."""

from agentconsole.storage.row_checks import check_contacts
from agentconsole.wire.commands import AddNote
from tests.desk_bench import Bench


def test_a_text_with_u_0000_is_kept_alike_in_either_database_and_is_no_fault(bench: Bench) -> None:
    number = bench.ticket()
    bench.do("ana", AddNote(number, "a\0b\ufffdc"))
    bench.raw_mail(b"From: Rosa <rosa@example.org>\r\nSubject: NUL\r\n\r\nbefore\0after")

    # What comes by mail was cleaned when it was read; what people type is kept as they typed it.
    texts = [bench.scalar("SELECT text FROM contact WHERE id = :id", id=entry) for entry in (2, 3)]
    faults = bench.read(check_contacts)

    assert texts == ["a\ufffdb\ufffdc", "before\u2400after"]
    assert faults == []
