"""The verbs and what they lead to: read the line, run one, and say what went wrong in one sentence."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from agentconsole import __version__
from agentconsole.cli.address_verbs import add_address_verbs
from agentconsole.cli.brand_verbs import add_brand_verbs, add_desk_verbs
from agentconsole.cli.database_verbs import add_database_verbs
from agentconsole.cli.duty_verbs import add_duty_verbs
from agentconsole.cli.mailbox_options import add_mailbox_options
from agentconsole.cli.policy_verbs import add_policy_verbs

if TYPE_CHECKING:
    from datetime import datetime

Run = Callable[[argparse.Namespace], int]
USAGE = 2
FASTEST = 1000


class Parser(argparse.ArgumentParser):
    """Say what is wrong with a command line in one sentence, and exit with 2."""

    def error(self, message: str) -> "None":  # type: ignore[override]
        """Print the sentence and leave."""
        from agentconsole.cli.say import complain

        complain(f"{self.prog}: {message}. `{self.prog} --help` shows what it takes.")
        self.exit(USAGE)


def build_parser() -> Parser:
    """Return the parser of all verbs; it imports nothing but the argument descriptions."""
    parser = Parser(
        prog="agentconsole",
        description="A customer-service desk for the terminal. Without a verb: open the console.",
    )
    parser.add_argument("--version", action="version", version=f"agentconsole {__version__}")
    parser.set_defaults(run=_console)
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", parser_class=Parser)
    for add in (_add_desk, _add_users, _add_mail, _add_policies, _add_tools):
        add(verbs)
    return parser


def _verb(verbs: "argparse._SubParsersAction[Parser]", name: str, summary: str, run: Run) -> Parser:
    parser = verbs.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
    parser.set_defaults(run=run)
    return parser


def _group(
    verbs: "argparse._SubParsersAction[Parser]", name: str, summary: str
) -> "argparse._SubParsersAction[Parser]":
    parser = verbs.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
    return parser.add_subparsers(title="verbs", metavar="VERB", required=True, parser_class=Parser)


def _add_desk(verbs: "argparse._SubParsersAction[Parser]") -> None:
    demo = _verb(verbs, "demo", "look around in a scratch desk; nothing leaves this machine", _demo)
    demo.add_argument("--keep", action="store_true", help="keep the scratch folder and say where it is")
    demo.add_argument("--speed", type=_speed, default=10.0, metavar="N", help="how fast clocks run (default 10)")
    demo.add_argument("--role", choices=("agent", "supervisor", "manager", "admin"), default="agent")
    demo.add_argument("--at", type=_instant, metavar="ISO", help="begin at this instant, as 2026-11-23T10:42")
    demo.add_argument("--seed", type=int, default=7, metavar="N", help="which believable day (default 7)")
    init = _verb(verbs, "init", "make a desk of your own: names, policy, first administrator", _init)
    init.add_argument("--name", help="the desk's name")
    init.add_argument("--zone", help="where its people are, as Europe/London")
    init.add_argument("--brand", help="short name of the organisation, as acme")
    init.add_argument("--brand-name", help="what customers read as the sender, as Acme Ltd")
    init.add_argument("--pack", help="the policy it answers under: ecolab, ecomstore or ist-desk")
    init.add_argument("--hours", help="its business hours, as Mon-Fri 09:00-17:00")
    init.add_argument("--admin", help="login of the first administrator")
    init.add_argument("--admin-name", help="name of the first administrator")
    _database(init, "keep it in PostgreSQL, as postgresql://ROLE@HOST/NAME")
    init.add_argument("--answers", metavar="FILE", help="take all answers from a TOML file instead of asking")
    init.add_argument("--team", action="store_true", help="install it for several accounts of this host, as root")
    uninstall = _verb(verbs, "uninstall", "take a team's desk off this host and keep its data, as root", _uninstall)
    for verb in (init, uninstall):
        verb.add_argument("--dry-run", action="store_true", help="say what it would do, and do nothing")
        verb.add_argument("--root", default="/", metavar="DIR", help="install below this folder instead of on the host")
    serve = _verb(verbs, "serve", "run the desk server in the foreground", _serve)
    serve.add_argument("--private", action="store_true", help="end when the last session has left")
    _verb(verbs, "stop", "stop the desk server cleanly", _stop)
    status = _verb(verbs, "status", "say what is running, since when, and how far behind", _status)
    doctor = _verb(verbs, "doctor", "look for what is wrong", _status)
    for verb in (status, doctor):
        verb.set_defaults(doctor=verb is doctor)
        _json(verb)
    _add_backups(verbs)
    add_database_verbs(_group(verbs, "database", "where the desk keeps its rows"))
    audit = _group(verbs, "audit", "the event log")
    verify = _verb(audit, "verify", "walk the whole event log and check its chain", _audit_verify)
    verify.add_argument("--anchors", metavar="FILE", help="hold it against the anchors in a journal (- reads stdin)")
    _json(verify)
    mailed = _verb(audit, "mail", "mail the newest event's number and hash out of this host each day", _audit_mail)
    mailed.add_argument("to", metavar="ADDRESS", help="whose mailbox it goes to, or: off")
    clock = _group(verbs, "clock", "the desk's clock")
    accept = _verb(clock, "accept", "go on from what this machine's clock says after it was set back", _clock_accept)
    accept.add_argument("--reason", required=True, help="why it was set back; stands in the event log")


def _database(verb: Parser, summary: str) -> None:
    verb.add_argument("--database", metavar="URL", help=summary)
    verb.add_argument("--database-owner", metavar="URL", help="the role that owns its tables, where it is another one")
    verb.add_argument("--database-direct", metavar="URL", help="the way past a pool, where --database goes through one")
    verb.add_argument("--database-password-file", metavar="FILE", help="read its password there instead of asking")


def _add_backups(verbs: "argparse._SubParsersAction[Parser]") -> None:
    backup = _verb(verbs, "backup", "put all of the desk into one file while it works, and check that file", _backup)
    backup.add_argument("file", nargs="?", default="", metavar="FILE", help="where to (default: a new file here)")
    backup.add_argument("--to", action="append", default=[], metavar="KEY", help="seal it for this public key (age1…)")
    backup.add_argument("--passphrase", action="store_true", help="seal it by a passphrase, which is asked")
    restore = _verb(verbs, "restore", "bring a desk back from a backup, into an empty home", _restore)
    restore.add_argument("file", metavar="FILE")
    restore.add_argument("--key", default="", metavar="FILE", help="the secret key of a backup that is sealed for one")
    _database(restore, "put it into PostgreSQL, as postgresql://ROLE@HOST/NAME")
    keys = _group(verbs, "keys", "the master key's copy, and key pairs for backups")
    summaries = {
        "export": "write a copy of the master key, sealed by a passphrase, for the safe",
        "import": "bring the master key back from that copy",
        "pair": "make a key pair for backups: the file is the secret half, the public one is printed",
    }
    for name, summary in summaries.items():
        _verb(keys, name, summary, _keys).set_defaults(keys=name)
    for parser in (backup, restore, keys.choices["export"], keys.choices["import"]):
        parser.add_argument("--passphrase-file", metavar="FILE", help="read the passphrase from a file, do not ask")
    for parser in (backup, restore):
        _json(parser)
    for parser in keys.choices.values():
        parser.add_argument("file", metavar="FILE")


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = -1.0
    if not 0 <= speed <= FASTEST:
        raise argparse.ArgumentTypeError(f"clocks run 0 to {FASTEST} times as fast, not {text!r}")
    return speed


def _instant(text: str) -> "datetime":
    from datetime import datetime

    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no instant; write it as 2026-11-23T10:42") from None


def _json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="answer as JSON")


def _add_users(verbs: "argparse._SubParsersAction[Parser]") -> None:
    user = _group(verbs, "user", "people who sign in")
    add = _verb(user, "add", "add somebody and print a one-time password", _user_add)
    add.add_argument("login")
    add.add_argument("name", help="the name that customers read")
    add.add_argument("--role", choices=("agent", "supervisor", "manager", "admin"), default="agent")
    add.add_argument("--unix", default="", metavar="ACCOUNT", help="the Unix account she signs in from, or any")
    _json(_verb(user, "list", "list everybody, with role and second factor", _user_list))
    role = _verb(user, "role", "give somebody another role", _user_role)
    role.add_argument("login")
    role.add_argument("role", choices=("agent", "supervisor", "manager", "admin"))
    for name, summary in {"disable": "close an account and end its sessions", "enable": "open it again"}.items():
        account = _verb(user, name, summary, _user_disable)
        account.set_defaults(disabled=name == "disable")
        account.add_argument("login")
    reset = _verb(user, "reset-totp", "throw a second factor away and print a one-time password", _user_reset)
    reset.add_argument("login")
    tie = _verb(user, "unix", "say which Unix account somebody signs in from", _user_unix)
    tie.add_argument("login")
    tie.add_argument("account", help="its name or number, or any")
    add_address_verbs(_group(verbs, "address", "from where people may sign in"))


def _add_mail(verbs: "argparse._SubParsersAction[Parser]") -> None:
    add_desk_verbs(_group(verbs, "desk", "the desk's own name and time zone"))
    add_brand_verbs(_group(verbs, "brand", "the organisations that the desk answers for"))
    mail = _group(verbs, "mail", "messages and mailboxes")
    load = _verb(mail, "import", "feed .eml files, mboxes and Maildirs through the intake", _mail_import)
    load.add_argument("paths", nargs="+", metavar="PATH")
    load.add_argument("--brand", default="", help="for which brand the mail is")
    box = _verb(mail, "connect", "connect a brand's mailbox; asks for the password", _mail_connect)
    add_mailbox_options(box)


def _add_policies(verbs: "argparse._SubParsersAction[Parser]") -> None:
    add_policy_verbs(_group(verbs, "policy", "policy packs and what they leave open"))
    add_duty_verbs(_group(verbs, "duty", "what the policies ask for again and again, with a sign-off"))


def _add_tools(verbs: "argparse._SubParsersAction[Parser]") -> None:
    explained = _verb(verbs, "why", "explain a case: its clocks, their rules, its place in the list", _why)
    explained.add_argument("case", help="its number, as 1-3")
    _json(explained)
    _verb(verbs, "calendar", "answer calendar questions: JSON lines in, JSON lines out", _calendar)
    completion = _verb(verbs, "completion", "print the completion script of a shell", _completion)
    completion.add_argument("shell", choices=("bash", "zsh", "tcsh"))


def _console(_line: argparse.Namespace) -> int:
    from agentconsole.cli.console import open_console

    return open_console()


def _demo(line: argparse.Namespace) -> int:
    from agentconsole.cli.demo import show_demo

    return show_demo(line)


def _init(line: argparse.Namespace) -> int:
    from agentconsole.cli.init import make_desk

    return make_desk(line)


def _uninstall(line: argparse.Namespace) -> int:
    from agentconsole.cli.team import uninstall

    return uninstall(line.root, dry_run=line.dry_run)


def _serve(line: argparse.Namespace) -> int:
    from agentconsole.cli.serve import serve

    return serve(private=line.private)


def _stop(_line: argparse.Namespace) -> int:
    from agentconsole.cli.desk import stop

    return stop()


def _status(line: argparse.Namespace) -> int:
    from agentconsole.cli.desk import status

    return status(doctor=line.doctor, as_json=line.json)


def _backup(line: argparse.Namespace) -> int:
    from agentconsole.cli.backup import back_up

    return back_up(line)


def _restore(line: argparse.Namespace) -> int:
    from agentconsole.cli.restore import restore

    return restore(line)


def _keys(line: argparse.Namespace) -> int:
    from agentconsole.cli.keys import export_key, import_key, make_pair

    run = {"export": export_key, "import": import_key, "pair": make_pair}[line.keys]
    return run(line)


def _audit_mail(line: argparse.Namespace) -> int:
    from agentconsole.cli.desk import audit_mail

    return audit_mail(line.to)


def _audit_verify(line: argparse.Namespace) -> int:
    from agentconsole.cli.desk import audit_verify

    return audit_verify(line.anchors, as_json=line.json)


def _clock_accept(line: argparse.Namespace) -> int:
    from agentconsole.cli.desk import clock_accept

    return clock_accept(line.reason)


def _user_add(line: argparse.Namespace) -> int:
    from agentconsole.cli.users import add

    return add(line.login, line.name, line.role, line.unix)


def _user_list(line: argparse.Namespace) -> int:
    from agentconsole.cli.users import show

    return show(as_json=line.json)


def _user_role(line: argparse.Namespace) -> int:
    from agentconsole.cli.users import role

    return role(line.login, line.role)


def _user_disable(line: argparse.Namespace) -> int:
    from agentconsole.cli.users import disable

    return disable(line.login, disabled=line.disabled)


def _user_unix(line: argparse.Namespace) -> int:
    from agentconsole.cli.users import unix

    return unix(line.login, line.account)


def _user_reset(line: argparse.Namespace) -> int:
    from agentconsole.cli.users import reset_totp

    return reset_totp(line.login)


def _mail_import(line: argparse.Namespace) -> int:
    from agentconsole.cli.mail import load

    return load(line.paths, line.brand)


def _mail_connect(line: argparse.Namespace) -> int:
    from agentconsole.cli.mailbox import connect

    return connect(line)


def _why(line: argparse.Namespace) -> int:
    from agentconsole.cli.why import why

    return why(line)


def _calendar(_line: argparse.Namespace) -> int:
    from agentconsole.cli.calendar import answer_all

    return answer_all(sys.stdin)


def _completion(line: argparse.Namespace) -> int:
    import shtab

    print(shtab.complete(build_parser(), shell=line.shell))
    return 0


def _read(given: Sequence[str]) -> argparse.Namespace:
    parser = build_parser()
    if any("\0" in argument for argument in given):
        parser.error("an argument holds a NUL, which no name and no file can")
    return parser.parse_args(given)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb. Exit codes: 0 done, 1 refused or failed (one sentence on stderr), 2 usage."""
    given = sys.argv[1:] if arguments is None else arguments
    # Opening the console is what happens all day, and building the parser would take a tenth of its start.
    line = _read(given) if given else argparse.Namespace(run=_console)
    from agentconsole.cli.ending import told

    return told(lambda: int(line.run(line)))
