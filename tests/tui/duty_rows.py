"""The duties of the desk in memory."""

from datetime import datetime, timedelta

from agentconsole.wire.duties import Duties, DutyRow
from tests.rows import built
from tests.tui.fake_rows import NOW, clock


def duty(name: str, text: str, left: float, *, target: float = 7200, **more: object) -> DutyRow:
    """Return a duty of one's own whose round ends in so many seconds; it is asked for since the round began."""
    due: datetime = NOW + timedelta(seconds=left)
    values = {"duty": name, "task": text, "clause": "ecolab 2.3a", "owner": "agent", "mine": True}
    begins = due - timedelta(seconds=target)
    return built(DutyRow, **{**values, "begins": begins, "clock": clock(left, target=target), **more})


CHECK = duty(
    "ecolab/voicemail-check",
    "check the voicemails",
    1080,
    done_at=NOW - timedelta(hours=2),
    done_by="bo",
    note="two to return",
)
SOCIAL = duty("shop/social-monitoring", "look through the social media", 5400, clause="ecomstore 3.chan.4")
REVIEW = duty(
    "ecolab/complaint-review",
    "review all complaints",
    400_000,
    target=460_000,
    owner="manager",
    mine=False,
    clause="ecolab 4.6",
)
REREAD = duty("ecolab/playbook-reread", "read the playbook again", 9_000_000, target=1_000_000, clause="ecolab 1.3d")
ALL = Duties((CHECK, SOCIAL, REVIEW, REREAD))
