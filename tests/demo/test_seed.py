"""The demo's day: it is whole, it is sound, and it reads as if it had been worked."""

import json
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from agentconsole.demo.seed import NEW_DESK
from agentconsole.domain.clock_effects import EffectKind
from agentconsole.domain.clocks import due_effects
from agentconsole.domain.terms import Author, ContactKind, Status
from agentconsole.queries.status import examine_rows, read_figures
from agentconsole.server.desk import OpenDesk
from agentconsole.services.history import events_of, facts_of
from agentconsole.services.projection import clocks_of, refresh_ticket
from agentconsole.storage.events import verify
from agentconsole.storage.tables.attachment import Attachment
from agentconsole.storage.tables.contact import Contact
from agentconsole.storage.tables.event import Event
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.tables.undo import Undo
from agentconsole.storage.transaction import DESK, Tx
from tests.demo.scratch import BASE, filled_desk, page


def test_it_has_some_400_cases_of_all_brands_and_some_40_are_open(day: OpenDesk) -> None:
    def count(session: Session) -> tuple[int, set[str], int]:
        tickets = session.exec(select(Ticket)).all()
        live = sum(ticket.live for ticket in tickets)
        return len(tickets), {ticket.brand_id for ticket in tickets if ticket.live}, live

    total, brands, live = day.reader.run(count)

    assert 380 <= total <= 420
    assert brands == {brand for brand, _, _ in NEW_DESK.brands}
    assert 35 <= live <= 50


def test_every_brand_is_under_its_own_pack(day: OpenDesk) -> None:
    shelf = day.context.shelf

    packs = {brand.id: shelf.applied(brand.id, BASE)[-1].pack.id for brand in shelf.brands}

    assert packs == {"ecolab": "ecolab", "ecom": "ecomstore", "ist": "ist-desk"}


def test_the_first_list_shows_every_state(day: OpenDesk) -> None:
    mine = page(day, "mine")

    tiers = Counter(row.tier for row in mine.rows)

    assert set(tiers) == {"DUE", "LATE", "SOON", "ok", "SHUT", "WAIT"}
    assert 8 <= len(mine.rows) <= 11
    assert mine.rows[0].customer.line() == "Rosa Prado"
    assert mine.rows[0].subject.line() == "Refund for order 4471 not received"


def test_the_supervisor_has_escalated_cases(day: OpenDesk) -> None:
    rows = page(day, "mine", me=5, login="sam").rows

    assert len(rows) == 2
    assert all("E" in row.flags for row in rows)


def test_somebody_writes_in_every_alphabet_and_somebody_writes_markup(day: OpenDesk) -> None:
    subjects = " ".join(row.subject.line() for row in page(day).rows)

    for piece in ("配送", "أين", "החזר", "Πιστοποιητικό", "询价", "🌿", "[bold red]URGENT[/]", "<U+202E>"):
        assert piece in subjects


def test_there_are_files_and_a_mail_that_came_back(day: OpenDesk) -> None:
    def read(session: Session) -> tuple[list[Attachment], int]:
        bounces = session.exec(select(Contact).where(Contact.kind == ContactKind.BOUNCE)).all()
        return list(session.exec(select(Attachment)).all()), len(bounces)

    files, bounces = day.reader.run(read)

    assert {file.name for file in files} == {"idp-2027.crt.txt", "plan.csv", "confirmation.txt"}
    assert all(day.context.store.get(file.sha256) for file in files)
    assert bounces == 1


def test_the_event_log_verifies_and_runs_in_the_order_of_time(day: OpenDesk) -> None:
    verdict = day.reader.run(lambda session: verify(session, day.context.audit_key))
    instants = day.reader.run(lambda session: session.exec(select(Event.at).order_by(sa.column("seq"))).all())

    assert verdict.fault == ""
    assert verdict.events > 2500
    assert list(instants) == sorted(instants)
    assert instants[-1] < BASE


def test_the_desk_finds_nothing_wrong_with_itself(day: OpenDesk) -> None:
    findings = day.reader.run(lambda session: examine_rows(session, BASE))
    figures = day.reader.run(lambda session: read_figures(session, BASE))

    assert [finding for finding in findings if finding.level == "bad"] == []
    assert figures.outbox_waiting == 0
    assert figures.raw_waiting == 0
    assert figures.overdue_sweep == 0
    assert figures.tickets_live == page(day).counts.team


def test_nothing_of_the_story_can_be_taken_back(day: OpenDesk) -> None:
    assert day.reader.run(lambda session: session.exec(select(Undo)).all()) == []


def test_every_broken_promise_is_on_record(day: OpenDesk) -> None:
    def unrecorded(session: Session) -> list[int]:
        late = []
        for ticket in session.exec(select(Ticket)).all():
            facts = facts_of(events_of(session, ticket.id or 0))
            clocks = clocks_of(session, day.context, ticket, BASE)
            effects = due_effects(clocks, facts, ticket.updated_at)
            if any(effect.kind is EffectKind.BREACH for effect in effects):
                late.append(ticket.id or 0)
        return late

    assert day.reader.run(unrecorded) == []


def test_settled_cases_are_placed_as_the_projection_would_place_them(tmp_path: Path) -> None:
    with filled_desk(tmp_path / "home") as desk:
        fields = ("live", "tier", "sort_key", "until", "starving", "next_verb", "clock", "due_at", "waited_text")

        def place_again(tx: Tx) -> list[tuple[object, ...]]:
            moved = []
            settled = select(Ticket).where(sa.column("status").in_((Status.RESOLVED, Status.CLOSED)))
            for ticket in tx.session.exec(settled).all():
                before = [getattr(ticket, name) for name in fields]
                refresh_ticket(tx, desk.context, ticket)
                after = [getattr(ticket, name) for name in fields]
                moved += [
                    (ticket.id, *change) for change in zip(fields, before, after, strict=True) if change[1] != change[2]
                ]
            return moved

        assert desk.writer.run(DESK, place_again) == []


def test_what_is_told_in_bulk_leaves_what_the_use_cases_leave(day: OpenDesk) -> None:
    """Compare the shape of every event kind and row between a bulk-told case and one that went through the verbs."""

    def shapes(session: Session, number: int) -> dict[str, frozenset[str]]:
        return {event.kind: frozenset(json.loads(event.body)) for event in events_of(session, number)}

    def mails(session: Session, number: int) -> Outbox:
        return session.exec(select(Outbox).where(Outbox.ticket_id == number)).first()

    def find(session: Session, subject: str) -> int:
        return session.exec(select(Ticket.id).where(Ticket.subject == subject)).one()

    def compare(session: Session) -> None:
        by_verbs = find(session, "Set of volumetric flasks: one without a stopper")
        in_bulk = session.exec(select(Ticket.id).where(Ticket.status == Status.RESOLVED)).first()
        ours, theirs = shapes(session, in_bulk), shapes(session, by_verbs)
        for kind in ("ticket.opened", "ticket.contact", "ticket.owner", "ticket.status", "ticket.reply"):
            assert ours[kind] == theirs[kind], kind
        sent, known = mails(session, in_bulk), mails(session, by_verbs)
        assert {sent.state, known.state} == {"sent"}
        assert sent.message_id.count(".") == known.message_id.count(".")
        assert sent.in_reply_to
        assert sent.references
        assert (sent.sent_event is None) == (known.sent_event is None)

    day.reader.run(compare)


def test_the_same_instant_and_seed_give_the_same_list(tmp_path: Path) -> None:
    with filled_desk(tmp_path / "one") as one, filled_desk(tmp_path / "two") as two:
        assert page(one) == page(two)
        assert page(one, "mine") == page(two, "mine")


def test_another_seed_tells_another_day(tmp_path: Path, day: OpenDesk) -> None:
    with filled_desk(tmp_path / "home", seed=8) as other:
        assert [row.subject for row in page(other).rows] != [row.subject for row in page(day).rows]


@pytest.mark.parametrize(
    ("situation", "at"),
    [
        ("a Monday, after a weekend", datetime(2026, 11, 23, 15, 42, tzinfo=UTC)),
        ("a Sunday night", datetime(2026, 11, 22, 3, 0, tzinfo=UTC)),
        ("the morning after the clocks went forward", datetime(2027, 3, 15, 14, 0, tzinfo=UTC)),
        ("before the desk opens", datetime(2026, 11, 19, 11, 0, tzinfo=UTC)),
    ],
)
def test_a_desk_can_be_filled_at_any_instant(tmp_path: Path, situation: str, at: datetime) -> None:
    with filled_desk(tmp_path / "home", base=at) as desk:
        verdict = desk.reader.run(lambda session: verify(session, desk.context.audit_key))

        assert verdict.fault == "", situation
        assert len(page(desk, "mine").rows) >= 8, situation


def test_filling_is_fast(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begun = time.perf_counter()
    with filled_desk(tmp_path / "home"):
        taken = time.perf_counter() - begun

    with capsys.disabled():
        print(f"\n    demo: founded and filled in {taken:.2f} s (aim: 1.3 s)")
    assert taken < 30


def test_the_desks_mail_comes_from_addresses_that_look_like_some(day: OpenDesk) -> None:
    contacts = day.reader.run(lambda session: session.exec(select(Contact).where(Contact.author == Author.AGENT)).all())

    domains = {contact.message_id.rpartition("@")[2].rstrip(">") for contact in contacts if contact.message_id}

    assert domains == {"ecolab.example", "ecomstore.example", "ist.example"}
