"""What `agentconsole mail connect` takes; it imports nothing of the desk, for every start of the program reads it."""

import argparse


def add_mailbox_options(box: argparse.ArgumentParser) -> None:
    """Add the options of a brand's mailbox."""
    box.add_argument("--brand", default="", help="whose mailbox it is")
    box.add_argument("--address", required=True, help="the address customers write to")
    box.add_argument("--user", help="the account's name, if it is not the address")
    for kind, port in (("imap", 993), ("smtp", 465)):
        box.add_argument(
            f"--{kind}", required=True, metavar="HOST[:PORT]", help=f"the {kind.upper()} server (port {port})"
        )
        box.add_argument(f"--{kind}-security", choices=("ssl", "starttls", "plain"), default="ssl")
    box.add_argument("--folder", default="INBOX")
    box.add_argument(
        "--sent",
        choices=("auto", "file", "server", "none"),
        default="auto",
        help="who puts sent mail into the Sent folder: agentconsole (file), the server by itself, nobody, or find out",
    )
    box.add_argument(
        "--authserv-id",
        action="append",
        dest="authserv_ids",
        metavar="NAME",
        help="the mail server that checks senders, as it calls itself in Authentication-Results",
    )
    box.add_argument("--existing", action="store_true", help="make cases of the mail that is there already, too")
    box.add_argument("--ca-file", default="", help="a certificate authority of your own")
    box.add_argument("--hold", type=int, default=10, metavar="S", help="seconds a reply can be taken back (default 10)")
    box.add_argument("--password-file", metavar="FILE", help="read the password from a file instead of asking")
