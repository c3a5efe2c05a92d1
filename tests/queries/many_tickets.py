"""Many tickets at once, for lists that must be read from among them: written as rows, spread over tiers and owners."""

import sqlalchemy as sa

from agentconsole.services.tickets import find_ticket
from agentconsole.storage.tables.contact import Contact
from agentconsole.storage.tables.customer import Customer
from agentconsole.storage.transaction import Tx

_TICKETS = """
INSERT INTO ticket (version, brand_id, queue, kind, channel, customer_id, subject, status, priority, owner_id,
  opened_at, updated_at, tags, live, fresh, tier, sort_key, until, starving, next_verb, clock, due_at, waited_text)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
SELECT 1, 'ecolab', '', '', 'email', :customer, 'case ' || i,
  CASE WHEN i % 10 < :live THEN 'open' ELSE 'resolved' END, 'normal', CASE i % 3 WHEN 0 THEN 1 WHEN 1 THEN 2 END,
  :now - i * second, :now - i * second, '[]', CASE WHEN i % 10 < :live THEN 1 ELSE 0 END, false, 1 + (i * 7919) % 6,
  3458764513820540928 + (i * 2654435761) % 1000000007, :now + (864000 + i) * second, false, 'reply', :clock,
  :now + 864000 * second, 'Where is it?'
FROM n, (SELECT CAST(1000000 AS bigint) AS second) AS unit
"""


def fill(tx: Tx, count: int, *, live: int = 9) -> None:
    """Add so many tickets of one customer, `live` of ten of them live, and set the counters right."""
    customer = Customer(name="Rosa Prado", email="many@example.org", created_at=tx.now)
    tx.session.add(customer)
    tx.session.flush()
    now = tx.session.execute(sa.text("SELECT max(at) FROM event")).scalar_one()
    values = {"count": count, "customer": customer.id, "live": live, "now": now, "clock": b""}
    tx.session.execute(sa.text(_TICKETS), values)
    tx.session.execute(sa.text("DELETE FROM counter"))
    tx.session.execute(
        sa.text(
            "INSERT INTO counter SELECT coalesce(owner_id, 0), tier, count(*) FROM ticket WHERE live = 1 GROUP BY 1, 2"
        )
    )


def add_contacts(tx: Tx, number: int, count: int) -> None:
    """Add so many messages to a ticket."""
    ticket = find_ticket(tx, number)
    (first,) = tx.session.execute(sa.select(Contact).where(Contact.ticket_id == ticket.id).limit(1)).one()
    for index in range(count):
        values = first.model_dump(exclude={"id", "text"})
        tx.session.add(Contact(**values, text=f"message {index}: " + "where is my order? " * 20))
