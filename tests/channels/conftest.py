"""The mail servers that the tests of the e-mail channel share: one pair a test process."""

from collections.abc import Iterator

import pytest

from tests.servers import MailServer, SendServer, dovecot, postfix


@pytest.fixture(scope="session")
def mail() -> Iterator[MailServer]:
    """Run a Dovecot; any address signs in, and its mailbox is its own."""
    with dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def post(mail: MailServer) -> Iterator[SendServer]:
    """Run a Postfix that delivers into that Dovecot's mailboxes."""
    with postfix(mail) as server:
        yield server
