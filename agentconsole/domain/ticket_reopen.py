"""What a customer's message does to a ticket that is over, by the policy; apart, for the console knows no policy."""

from datetime import timedelta

from agentconsole.domain.policy import Reopen
from agentconsole.domain.terms import Status
from agentconsole.domain.ticket import Deed, move


def customer_wrote(status: Status, over_for: timedelta, rule: Reopen, reopen_days: int) -> Status | None:
    """Return the status after a customer's message, or None when it opens a new ticket.

    `over_for` is how long ago the ticket was resolved. Under `new_ticket` a message later than `reopen_days` after
    that opens a new ticket; the other rules always reopen (issue 2, reopen).
    """
    target = move(status, Deed.CUSTOMER_WROTE)
    is_over = status in (Status.RESOLVED, Status.CLOSED)
    if is_over and rule is Reopen.NEW_TICKET and over_for > timedelta(days=reopen_days):
        return None
    return target
