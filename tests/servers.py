"""Real mail servers for tests: Dovecot and Postfix on loopback ports, in a folder of their own, gone afterwards."""

import datetime
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.needs import program, root

HOST = "127.0.0.1"
PASSWORD = "a-password-of-the-tests"
ADDRESSES = ("care@desk.test", "sales@desk.test", "ana@customers.test", "bob@customers.test", "eve@customers.test")
BOUNCING_DOMAIN = "gone.test"
START_SECONDS = 20.0
OWN_PORTS = (12_000, 32_000)
"""Below the ports that Linux gives to the near end of a connection."""

_DOVECOT = "/usr/sbin/dovecot"
_POSTFIX_MASTER = "/usr/lib/postfix/sbin/master"
_MAIL_UID = 65534
_QUEUES = (
    *("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "saved", "trace", "private"),
    "../data",
)


@dataclass(frozen=True)
class MailServer:
    """Name a running Dovecot: every address signs in with the one password, and its INBOX is a Maildir on the disk."""

    folder: Path
    imap_port: int
    imaps_port: int
    ca_file: Path
    host: str = HOST
    password: str = PASSWORD

    def maildir(self, address: str) -> Path:
        """Say where an address's mail lies."""
        local, _, domain = address.partition("@")
        return self.folder / "mail" / domain / local / "Maildir"

    def drop(self, address: str, raw: bytes, name: str) -> None:
        """Put a mail into an INBOX as a delivery agent does; names sort as they shall be numbered."""
        new = _owned_folder(self.maildir(address) / "new", self.folder / "mail")
        for other in ("cur", "tmp"):
            _owned_folder(self.maildir(address) / other, self.folder / "mail")
        arriving = new.parent / "tmp" / name
        arriving.write_bytes(raw)
        os.chown(arriving, _MAIL_UID, _MAIL_UID)
        arriving.rename(new / name)

    def make_folder(self, address: str, folder: str) -> None:
        """Give an address another folder (Maildir++)."""
        for part in ("new", "cur", "tmp"):
            _owned_folder(self.maildir(address) / f".{folder}" / part, self.folder / "mail")

    def received(self, address: str, folder: str = "") -> list[bytes]:
        """Read what lies in an INBOX, or in another folder, oldest first."""
        top = self.maildir(address) / f".{folder}" if folder else self.maildir(address)
        files = [path for part in ("new", "cur") for path in (top / part).glob("*")]
        return [path.read_bytes() for path in sorted(files, key=lambda path: path.stat().st_mtime_ns)]

    def wait_received(self, address: str, count: int, seconds: float = 15.0, folder: str = "") -> list[bytes]:
        """Wait until an INBOX, or another folder, holds so many mails."""
        deadline = time.monotonic() + seconds
        while len(mails := self.received(address, folder)) < count:
            assert time.monotonic() < deadline, f"{address} has {len(mails)} mails, not {count}"
            time.sleep(0.02)
        return mails


@dataclass(frozen=True)
class SendServer:
    """Name a running Postfix: plain with STARTTLS on one port, TLS on the other; delivers into the Maildirs."""

    smtp_port: int
    smtps_port: int
    log: Path
    host: str = HOST


@contextmanager
def dovecot(settings: str = "") -> Iterator[MailServer]:
    """Run a Dovecot of the tests' own; its folder is short (socket paths are) and open to the mail user.

    Leaves the test out where this machine cannot run it and a Postfix.
    """
    _need_servers()
    folder = Path(tempfile.mkdtemp(prefix="acmail-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        ca_file = _write_certificates(folder)
        _owned_folder(folder / "mail", folder / "mail")
        server = MailServer(folder, free_port(), free_port(), ca_file)
        config = folder / "dovecot.conf"
        config.write_text(_dovecot_config(server) + settings)
        with running([_DOVECOT, "-F", "-c", str(config)], folder / "dovecot.log"):
            wait_for_port(server.imap_port, folder / "dovecot.log")
            wait_for_port(server.imaps_port, folder / "dovecot.log")
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postfix(
    mail: MailServer, addresses: Sequence[str] = ADDRESSES, *, files_sent_mail: bool = False
) -> Iterator[SendServer]:
    """Run a Postfix that delivers to these addresses (also with `+detail`), and bounces mail to `gone.test`.

    With `files_sent_mail` it puts what people send into the Sent folder of the sender, as large providers do.
    """
    config = mail.folder / "postfix"
    server = SendServer(free_port(), free_port(), mail.folder / "postfix.log")
    _make_queue(mail.folder)
    config.mkdir()
    sent = [(address, f"{address.replace('@', '.')}@sent.test") for address in addresses if files_sent_mail]
    (config / "main.cf").write_text(_postfix_main(mail, server, (*addresses, *(copy for _, copy in sent))))
    (config / "master.cf").write_text(_postfix_services(server))
    (config / "sent").write_text("".join(f"{address} {copy}\n" for address, copy in sent))
    places = [(address, _postfix_path(address)) for address in addresses]
    places += [(copy, f"{_postfix_path(address)}.Sent/") for address, copy in sent]
    (config / "mailboxes").write_text("".join(f"{address} {place}\n" for address, place in places))
    # Taken at the door and bounced afterwards: only an address rewritten behind the door is not checked at it.
    (config / "aliases").write_text(f"@{BOUNCING_DOMAIN} nobody@nowhere.test\n")
    (config / "transport").write_text("nowhere.test error:5.1.1 there is no such user\n")
    for written in config.iterdir():
        os.utime(written, (1, 1))  # Postfix reads a file anew, after a pause, that changed within the last two seconds
    with running([_POSTFIX_MASTER, "-c", str(config), "-d"], server.log):
        wait_for_port(server.smtp_port, server.log)
        wait_for_port(server.smtps_port, server.log)
        yield server


def _need_servers() -> None:
    """Leave the test out where this machine cannot run the servers."""
    program("dovecot")
    program("postfix")
    root("Dovecot and Postfix change to their own users")


def _dovecot_config(server: MailServer) -> str:
    folder = server.folder
    return f"""
protocols = imap
listen = {HOST}
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
ssl_dh =
disable_plaintext_auth = no
auth_failure_delay = 0
auth_cache_size = 0
mail_location = maildir:{folder}/mail/%d/%n/Maildir
mail_max_userip_connections = 100
first_valid_uid = 1
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={_MAIL_UID} gid={_MAIL_UID} home={folder}/mail/%d/%n
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {server.imap_port}
  }}
  inet_listener imaps {{
    port = {server.imaps_port}
    ssl = yes
  }}
}}
# Without its listener nobody waits because somebody else on this machine had a wrong password.
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  unix_listener {folder}/sasl {{
    mode = 0666
  }}
}}
"""


def _postfix_main(mail: MailServer, server: SendServer, addresses: Sequence[str]) -> str:
    folder = mail.folder
    domains = " ".join(sorted({address.partition("@")[2] for address in addresses}))
    return f"""
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {server.log}
maillog_file_prefixes = {folder}
myhostname = mx.desk.test
myorigin = desk.test
mydestination =
inet_interfaces = {HOST}
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
disable_dns_lookups = yes
smtpd_peername_lookup = no
in_flow_delay = 0
recipient_delimiter = +
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = {domains}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = texthash:{folder}/postfix/mailboxes
virtual_uid_maps = static:{_MAIL_UID}
virtual_gid_maps = static:{_MAIL_UID}
virtual_minimum_uid = 1
relay_domains =
virtual_alias_domains = {BOUNCING_DOMAIN}
virtual_alias_maps = texthash:{folder}/postfix/aliases
sender_bcc_maps = texthash:{folder}/postfix/sent
transport_maps = texthash:{folder}/postfix/transport
default_transport = error:5.7.1 nothing leaves this machine
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {folder}/sasl
smtpd_tls_security_level = may
smtpd_tls_cert_file = {folder}/server.pem
smtpd_tls_key_file = {folder}/server.key
tls_random_source = dev:/dev/urandom
message_size_limit = 41943040
mailbox_size_limit = 0
virtual_mailbox_limit = 0
"""


def _postfix_services(server: SendServer) -> str:
    return f"""
{server.smtp_port} inet n - n - - smtpd
{server.smtps_port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
showq unix n - n - - showq
flush unix n - n 1000? 0 flush
postlog unix-dgram n - n - 1 postlogd
"""


def _postfix_path(address: str) -> str:
    local, _, domain = address.partition("@")
    return f"{domain}/{local}/Maildir/"


def _make_queue(folder: Path) -> None:
    """Make the queue's folders with the owners Postfix insists on; `postfix start` would need a second for it."""
    (folder / "queue").mkdir()
    (folder / "queue" / "pid").mkdir()
    for name in _QUEUES:
        made = folder / "queue" / name
        made.mkdir(mode=0o700)
        shutil.chown(made, "postfix", "root")
    for name, mode in (("public", 0o2710), ("maildrop", 0o1730)):
        made = folder / "queue" / name
        made.mkdir()
        shutil.chown(made, "postfix", "postdrop")
        made.chmod(mode)


@contextmanager
def running(command: list[str], log: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """Run a server in a session of its own and end it with everything it started."""
    with (log.parent / f"{log.stem}.out").open("wb") as said:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True, cwd="/"
        )
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.2)
            with suppress(ProcessLookupError):
                os.killpg(
                    process.pid, signal.SIGKILL
                )  # nothing here outlives the test, so nothing is worth waiting for
            process.wait()


def _owned_folder(path: Path, top: Path) -> Path:
    """Make a folder and those above it up to `top` for the mail user."""
    path.mkdir(parents=True, exist_ok=True)
    for made in (path, *path.parents):
        os.chown(made, _MAIL_UID, _MAIL_UID)
        if made == top:
            break
    return path


def free_port() -> int:
    """Return a port of loopback that nobody listens at now, and that no connection is given as its own end."""
    while True:
        port = random.SystemRandom().randrange(*OWN_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HOST, port))
            return port


def wait_for_port(port: int, log: Path) -> None:
    """Wait until somebody listens at a port; fail with what the server logged."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                said = "\n".join(path.read_text(errors="replace") for path in log.parent.glob(f"{log.stem}.*"))
                raise AssertionError(f"no server on port {port}:\n{said}") from None
            time.sleep(0.02)
        else:
            return


def _write_certificates(folder: Path) -> Path:
    """Make an authority and a certificate for 127.0.0.1 and localhost; the authority's file is what clients trust."""
    authority_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    now = datetime.datetime.now(datetime.UTC)
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority of the tests")])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address(HOST))])

    def certificate(subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, ca: bool) -> x509.Certificate:
        built = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(authority)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
            )
        )
        if ca:
            use = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
            built = built.add_extension(use, critical=True)
        else:
            built = built.add_extension(names, critical=False)
            built = built.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        return built.sign(authority_key, hashes.SHA256())

    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(certificate(authority, authority_key, ca=True).public_bytes(pem))
    (folder / "server.pem").write_bytes(certificate(name, server_key, ca=False).public_bytes(pem))
    (folder / "server.key").write_bytes(
        server_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "server.key").chmod(0o600)
    return folder / "ca.pem"
