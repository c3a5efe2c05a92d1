"""Reading who a pack speaks for and what it leaves open: identity, settings, blanks and the desk's answers."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Blank, Choice
from agentconsole.domain.policy_blanks import clip
from agentconsole.domain.policy_identity import Identity, PackStatus
from agentconsole.domain.policy_names import take_id
from agentconsole.domain.policy_place import listing, nearest
from agentconsole.domain.policy_procedure import read_currency
from agentconsole.domain.policy_reader import Reader

ORDERS = ("due-first", "late-first")
SINCE_EVER = datetime(1970, 1, 1, tzinfo=UTC)

_LONGEST_ANSWER = 1000
_MOST_VERSIONS = 100_000


def read_identity(root: Reader) -> Identity:
    """Return the identity under `[policy]`.

    In force from the midnight of its revision date in its own zone, unless it says otherwise; since ever when it
    carries no date. All instants are UTC.
    """
    table = root.sub("policy")
    table.only(
        "id", "title", "organisation", "source", "revision_text", "revision_date", "effective_from", "version",
        "status", "intent", "zone", "currency", "order",
    )  # fmt: skip
    zone = _zone(table)
    revision = _revision(table)
    return Identity(
        id=table.name("id"),
        title=table.text("title"),
        organisation=table.text("organisation"),
        source=table.text("source"),
        revision_text=table.text("revision_text", default=""),
        revision_date=revision,
        effective_from=_effective_from(table, revision, zone),
        version=table.integer("version", minimum=1, maximum=_MOST_VERSIONS),
        status=table.word("status", PackStatus, PackStatus.ACTIVE),
        intent=table.text("intent"),
        zone=zone.key,
        currency=read_currency(table),
        order=table.one_of("order", ORDERS, "an order of the queue", default=ORDERS[0]),
    )


def read_blanks(root: Reader, answers: Mapping[str, str]) -> dict[str, Blank]:
    """Return the blanks by id, each with the desk's answer where there is one."""
    taken: set[str] = set()
    blanks = {}
    for table in root.rows("blanks"):
        table.only("id", "clause", "question", "sentence", "proposal", "reason")
        blank_id = take_id(table, taken)
        blanks[blank_id] = Blank(
            id=blank_id,
            clause=table.text("clause"),
            question=table.text("question"),
            sentence=table.text("sentence"),
            proposal=table.text("proposal"),
            reason=table.text("reason"),
            answer=_answer(table, blank_id, answers),
        )
    return blanks


def read_choices(root: Reader, answers: Mapping[str, str]) -> dict[str, Choice]:
    """Return the settings by id, each with the value in force: the desk's answer, or the pack's default."""
    taken: set[str] = set()
    choices = {}
    for table in root.rows("settings"):
        table.only("id", "clause", "question", "value", "allowed")
        setting = take_id(table, taken)
        allowed = table.texts("allowed")
        value = table.one_of("value", allowed, "a value of this setting") if allowed else table.text("value")
        answer = _answer(table, setting, answers)
        if answer is not None and allowed and answer not in allowed:
            table.refuse(
                f'the answer {clip(answer)} for the setting "{setting}" does not fit. Allowed: {listing(allowed)}.'
            )
        choices[setting] = Choice(
            id=setting,
            clause=table.text("clause"),
            question=table.text("question"),
            value=value if answer is None else answer,
            allowed=allowed,
        )
    return choices


def check_answers(root: Reader, answers: Mapping[str, str], known: Iterable[str]) -> None:
    """Refuse answers to blanks and settings that the pack does not have."""
    names = list(known)
    for name in answers:
        if name not in names:
            root.refuse(
                f"there is an answer for {clip(name)}, which is no blank or setting here{nearest(name, names)} "
                f"Allowed: {listing(names)}."
            )


def _answer(table: Reader, name: str, answers: Mapping[str, str]) -> str | None:
    answer = answers.get(name)
    if answer is None:
        return None
    if not answer.strip() or len(answer) > _LONGEST_ANSWER:
        table.refuse(f'the answer for "{name}" must have 1 to {_LONGEST_ANSWER} characters.')
    return answer.strip()


def _zone(table: Reader) -> ZoneInfo:
    name = table.text("zone")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        table.value("zone").unfit("the name of an IANA time zone, such as Europe/London")


def _revision(table: Reader) -> date | None:
    if not table.has("revision_date"):
        return None
    value = table.value("revision_date")
    if isinstance(value.raw, datetime) or not isinstance(value.raw, date):
        value.unfit("a date without quotes, such as 2024-01-15")
    return value.raw


def _effective_from(table: Reader, revision: date | None, zone: ZoneInfo) -> datetime:
    if table.has("effective_from"):
        value = table.value("effective_from")
        if not isinstance(value.raw, datetime) or value.raw.tzinfo is None:
            value.unfit("a time with its offset and without quotes, such as 2024-01-15T00:00:00Z")
        return _utc(value.raw)
    if revision is None:
        return SINCE_EVER
    return _utc(datetime.combine(revision, time(), zone))


def _utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise Refused("A pack cannot be in force from before the year 1 or after the year 9999.") from error
