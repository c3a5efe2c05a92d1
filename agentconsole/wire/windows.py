"""What is asked about open hours: whether a customer's preferred window ever meets them."""

from agentconsole.wire.query import Query


class ReadWindow(Query, frozen=True):
    """Ask whether the daily window from `begins` to `ends` (09:00, in an IANA `zone`) meets a channel's open hours.

    Answered as a `Why`: the hours are those of the policy in force that is named by `pack`.
    """

    pack: str
    channel: str
    zone: str
    begins: str
    ends: str
