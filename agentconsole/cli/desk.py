"""`agentconsole status`, `doctor`, `stop`, `audit verify`, `audit mail` and `clock accept`."""

import sys
import time
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from agentconsole.cli.ask import START_SECONDS, ask, the_desk
from agentconsole.cli.say import tell
from agentconsole.cli.say_json import tell_json
from agentconsole.cli.served import is_starting, leave_word
from agentconsole.cli.users import carry_out
from agentconsole.domain.anchor import Anchor, read_anchors
from agentconsole.domain.errors import Refused
from agentconsole.wire.anchors import MailAnchors
from agentconsole.wire.client import Client
from agentconsole.wire.commands import AcceptClock, Shutdown
from agentconsole.wire.frames import Audited, Status
from agentconsole.wire.queries import ReadStatus, VerifyAudit
from agentconsole.wire.rows import DeskStatus, ServerRow

_MARKS = {"ok": "ok  ", "note": "note", "warn": "WARN", "bad": "BAD "}


def status(*, doctor: bool, as_json: bool) -> int:
    """Print how the desk is; `doctor` exits with 1 when something is bad."""

    async def read(client: Client) -> DeskStatus:
        answer = await client.ask(ReadStatus(doctor=doctor))
        assert isinstance(answer, Status)
        return answer.status

    try:
        desk = ask(read, start=doctor)
    except Refused as refused:
        if doctor or refused.code != "down":
            raise
        tell(refused.sentence)
        return 1
    if as_json:
        tell_json(desk)
    else:
        tell("\n".join(_lines(desk)))
    return int(any(finding.level == "bad" for finding in desk.findings))


def _lines(desk: DeskStatus) -> list[str]:
    lines = [
        f"{desk.desk.line(80)}: running since {_when(desk.since)} (process {desk.pid}, agentconsole {desk.version})",
        f"  sessions {desk.sessions}   cases live {desk.tickets_live}   mail leaving {desk.outbox_waiting}"
        f"   mail in trouble {desk.outbox_unknown}   behind by {desk.jobs_waiting}",
    ]
    lines += [f"  server {_server(row)}" for row in desk.servers if len(desk.servers) > 1]
    lines += [f"  mailbox {box.line()}" for box in desk.mailboxes] or ["  no mailbox is connected"]
    lines += [f"{_MARKS[finding.level]} {finding.subject}: {finding.sentence.line()}" for finding in desk.findings]
    return lines


def _server(row: ServerRow) -> str:
    does = ", ".join(lease.line(80) for lease in row.leases) or "nothing of its own"
    this = " (this one)" if row.me else ""
    return f"{row.name.line(200)}{this}: {row.sessions} signed in, does {does}, {row.behind} changes behind"


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def audit_verify(anchors: str | None, *, as_json: bool) -> int:
    """Walk the event log, against the `anchors` in a file ("-": standard input); exits with 1 when it is broken."""
    told = tuple((anchor.desk, anchor.seq, anchor.hash) for anchor in _anchors_in(anchors)) if anchors else ()

    async def verify(client: Client) -> Audited:
        answer = await client.ask(VerifyAudit(told))
        assert isinstance(answer, Audited)
        return answer

    report = ask(verify).report
    if as_json:
        tell_json(report)
    else:
        tell(report.sentence.line(400))
        tell(f"To keep outside of the desk: {report.anchor}")
    return 0 if report.sound else 1


def _anchors_in(file: str) -> tuple[Anchor, ...]:
    """Read the anchors in a journal's or a mail's lines; refuses a file that has none."""
    with ExitStack() as stack:
        lines = sys.stdin if file == "-" else stack.enter_context(Path(file).open(encoding="ascii", errors="replace"))
        anchors = read_anchors(lines)
    if not anchors:
        raise Refused(
            "There is no anchor in it: each is a line like anchor desk=… seq=… hash=…, or a mail of the desk."
        )
    return anchors


def audit_mail(to: str) -> int:
    """Have the newest event mailed to an address each day; "off" ends that."""
    tell(carry_out(MailAnchors("" if to == "off" else to)).said.line(200))
    return 0


def clock_accept(reason: str) -> int:
    """Go on from what the machine's clock says although the newest entry is later."""
    tell(carry_out(AcceptClock(reason)).said.line())
    return 0


def stop() -> int:
    """Stop the server and wait until it is gone; one that a console is just starting, too."""

    async def shut(client: Client) -> None:
        await client.ask(Shutdown())

    until = time.monotonic() + START_SECONDS
    while True:
        try:
            ask(shut, start=False)
        except Refused as refused:
            paths = the_desk()
            if refused.code != "down" or paths.team:
                raise
            leave_word(paths)
            if not is_starting(paths) or time.monotonic() >= until:
                raise
            time.sleep(0.05)
        else:
            break
    tell("The desk server stops.", error=True)
    return 0
