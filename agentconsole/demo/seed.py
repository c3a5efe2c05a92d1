"""Filling the demo's desk: its people, what is settled and what is open, in one transaction and in order of time."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import groupby
from random import Random
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from agentconsole.config.packs import pack_text
from agentconsole.demo.chronicle import Chronicle, acting
from agentconsole.demo.content import Content
from agentconsole.demo.hours import Hours
from agentconsole.demo.ledger import Ledger
from agentconsole.demo.past import Deed, tell_past
from agentconsole.demo.people import COLLEAGUES, PASSWORD, ZONE
from agentconsole.demo.plot import Moment, plot
from agentconsole.demo.present import Present
from agentconsole.domain.acceptance import SCOPE
from agentconsole.security.passwords import hash_password
from agentconsole.server.desk import NewDesk, OpenDesk
from agentconsole.services.acceptance import keep_acceptance
from agentconsole.services.context import DeskContext
from agentconsole.services.shelf import put_in_force
from agentconsole.services.users import add_user
from agentconsole.storage.tables.brand import Brand
from agentconsole.storage.tables.factor import Factor
from agentconsole.storage.tables.undo import Undo
from agentconsole.storage.tables.user import User
from agentconsole.storage.transaction import DESK, Tx

NEW_DESK = NewDesk(
    name="Eco Lab Supply, demo desk",
    zone=ZONE,
    brands=(
        ("ecolab", "Eco Lab Supply", "ecolab"),
        ("ecom", "ecomstore", "ecomstore"),
        ("ist", "IST service desk", "ist-desk"),
    ),
)
ADDRESSES = {"ecolab": "care@ecolab.example", "ecom": "help@ecomstore.example", "ist": "desk@ist.example"}
ANSWERS = {"ist-desk": {"reasonable_email_time": "8 h"}}
FOUNDED_BEFORE = timedelta(days=30)
SETTLED = 345
SETTLED_BEFORE = timedelta(hours=1)
CAUGHT_UP_BEFORE = timedelta(seconds=10)


def fill(desk: OpenDesk, content: Content, base: datetime, seed: int) -> None:
    """Fill a founded, empty desk so that it looks at `base` (UTC) as if it had worked for weeks."""
    desk.context.addresses.update(ADDRESSES)
    with ThreadPoolExecutor(1) as beside:
        hashed = beside.submit(hash_password, PASSWORD)
        desk.writer.run(DESK, lambda tx: _fill(tx, desk.context, content, base, seed, hashed))


def _fill(tx: Tx, desk: DeskContext, content: Content, base: datetime, seed: int, hashed: Future[str]) -> None:
    tx.now = base - FOUNDED_BEFORE
    _found(tx, desk)
    staff = _add_staff(tx, desk, hashed.result())
    hours = {brand.id: Hours(brand.name, desk.shelf.applied(brand.id, base)[-1].pack) for brand in desk.shelf.brands}
    random = Random(seed)  # noqa: S311 - it makes up a story, no secret
    told: list[Moment | Deed] = [*plot(content, hours, base, ZoneInfo(desk.zone), random)]
    told += tell_past(content, hours, base - SETTLED_BEFORE, SETTLED, random)
    _have_accepted(tx, desk, staff)
    chronicle = Chronicle(tx, desk, staff, Ledger(tx))
    present = Present(tx, desk, base, staff, chronicle.cases)
    for is_deed, group in groupby(sorted(told, key=lambda each: each.at), lambda each: isinstance(each, Deed)):
        if is_deed:
            chronicle.resume()
        for each in group:
            if isinstance(each, Deed):
                chronicle.tell(each)
            else:
                present.play(each)
        if is_deed:
            chronicle.write()
    tx.now = base - CAUGHT_UP_BEFORE
    present.look_after()
    # What the story's people did is not for the newcomer to take back.
    tx.session.execute(sa.delete(Undo))
    tx.news.clear()


def _found(tx: Tx, desk: DeskContext) -> None:
    tx.record("desk.founded", body={"zone": desk.zone})
    for brand, name, pack in NEW_DESK.brands:
        tx.session.add(Brand(id=brand, name=name, pack_id=pack))
        put_in_force(tx, desk.shelf, pack, pack_text(pack), ANSWERS.get(pack, {}))
        tx.record("brand.added", subject=brand, body={"pack": pack})
    tx.session.flush()
    desk.shelf.read(tx.session)


def _have_accepted(tx: Tx, desk: DeskContext, staff: dict[str, User]) -> None:
    """Have everybody who is given work accept the policies, on their first day."""
    for user in staff.values():
        tx.actor = acting(user)
        for pack in desk.shelf.packs if user.role in SCOPE else ():
            keep_acceptance(tx, user, pack.id, pack.version)
    tx.actor = DESK


def _add_staff(tx: Tx, desk: DeskContext, hashed: str) -> dict[str, User]:
    """Add everybody with the one password and an authenticator that is bound already."""
    staff = {}
    for person in COLLEAGUES:
        user = add_user(tx, person.login, person.name, person.role, PASSWORD, hashed)
        user.must_change = False
        sealed = desk.vault.seal(person.seed, f"factor.sealed_seed.{user.id}")
        tx.session.add(Factor(user_id=user.id or 0, sealed_seed=sealed, enrolled_at=tx.wall))
        tx.record("user.factor_bound", subject=person.login)
        staff[person.login] = user
    tx.session.flush()
    return staff
