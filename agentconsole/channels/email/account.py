"""An account on a mail server, and how its connection is protected."""

import ipaddress
import ssl
from dataclasses import dataclass, field
from enum import StrEnum

from agentconsole.domain.errors import Refused


class Security(StrEnum):
    """Say how a connection is protected: TLS from the first byte, TLS after STARTTLS, or not at all (loopback only)."""

    SSL = "ssl"
    STARTTLS = "starttls"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Account:
    """Name a server and who we are on it; `ca_file` adds to the system's authorities, `user` empty means no sign-in.

    `timeout` is in seconds and counts for each wait on the network.
    """

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    timeout: float = 30.0


def tls_context(account: Account) -> ssl.SSLContext:
    """Make the context that verifies the server's certificate and name; TLS 1.2 at least."""
    try:
        context = ssl.create_default_context()
        if account.ca_file:
            context.load_verify_locations(account.ca_file)
    except (OSError, ssl.SSLError) as trouble:
        raise Refused(f"The certificate file {account.ca_file} cannot be read: {trouble}.") from trouble
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def refuse_plain_network(account: Account) -> None:
    """Refuse an unprotected connection to anywhere but this machine: it would show password and mail to the network."""
    if account.security is Security.PLAIN and not _is_loopback(account.host):
        raise Refused(f"The connection to {account.host} must use TLS: set its security to ssl or starttls.")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
