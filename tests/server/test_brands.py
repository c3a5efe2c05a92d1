"""A desk without a brand says what is missing wherever somebody looks, and takes its first one while it runs."""

from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.wire.brands import NO_BRAND, AddBrand, SetDesk
from agentconsole.wire.commands import ImportMail, SignIn
from agentconsole.wire.queries import ReadBrands, ReadQueue, ReadStatus
from tests.desk_bench import PASSWORD, ROSA, code, raw_mail
from tests.server.several import serve_several
from tests.server_bench import on_a_loop, serve, until

ACME = AddBrand("acme", "Acme Ltd", "ecomstore")
SOON = 2.0
MAIL = ImportMail("x.eml", raw_mail(ROSA, "Order", "Where is it?"), "acme")


@pytest.mark.parametrize("login", ["ana", "ada"])
@on_a_loop
async def test_who_signs_in_to_a_desk_without_a_brand_is_told(tmp_path: Path, login: str) -> None:
    async with serve(tmp_path, brands=()) as served:
        caller = await served.caller()

        me = await caller.ask(SignIn(login, PASSWORD, code(served.clock.now())))
        page = (await caller.ask(ReadQueue("mine"))).page

    assert (me.notes, me.brands, page.rows) == ((NO_BRAND,), (), ())


@on_a_loop
async def test_status_and_doctor_say_that_there_is_no_brand_until_there_is_one(tmp_path: Path) -> None:
    async with serve(tmp_path, brands=()) as served:
        host = await served.caller()
        before = [await _said(host, doctor=doctor) for doctor in (False, True)]
        with pytest.raises(Refused) as refused:
            await host.ask(MAIL)

        await host.ask(ACME)
        after = [await _said(host, doctor=doctor) for doctor in (False, True)]
        filed = await host.ask(MAIL)
        rows = (await host.ask(ReadBrands())).rows

    assert before == [[NO_BRAND], [NO_BRAND]]
    assert refused.value.sentence == NO_BRAND
    assert after == [[], []]
    assert filed.ticket is not None
    assert [(row.brand, row.pack, row.name.line(), row.address.line()) for row in rows] == [
        ("acme", "ecomstore", "Acme Ltd", "")
    ]


async def _said(host, *, doctor: bool) -> list[str]:  # type: ignore[no-untyped-def]
    status = (await host.ask(ReadStatus(doctor=doctor))).status
    return [found.sentence.line(400) for found in status.findings if found.subject == "brands"]


@on_a_loop
async def test_an_administrator_s_console_gives_a_code_for_it(tmp_path: Path) -> None:
    async with serve(tmp_path, brands=()) as served:
        ada = await served.sign_in("ada")
        with pytest.raises(Refused) as refused:
            await ada.ask(ACME)
        await served.prove(ada)

        done = await ada.ask(ACME)

    assert refused.value.code == "sudo"
    assert done.said.line().startswith("The desk answers for acme now")


@on_a_loop
async def test_a_brand_and_a_name_that_one_server_was_given_are_known_to_the_others_at_once(tmp_path: Path) -> None:
    async with serve_several(tmp_path) as (one, two):
        await until(two.desk.hears)
        first, second = await one.caller(), await two.caller()

        await first.ask(ACME)
        await first.ask(SetDesk("Acme care", "Asia/Kolkata"))
        await until(lambda: two.desk.context.zone == "Asia/Kolkata", SOON)
        filed = await second.ask(MAIL)
        status = (await second.ask(ReadStatus())).status

    assert filed.ticket is not None
    assert status.desk.line() == "Acme care"
    assert two.desk.writer.zone.key == "Asia/Kolkata"
