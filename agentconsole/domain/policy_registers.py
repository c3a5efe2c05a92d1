"""Reading what a pack promises without a clock: criteria, assurances, retention and residency."""

from agentconsole.domain.policy_names import Names, take_id
from agentconsole.domain.policy_reader import Reader
from agentconsole.domain.policy_soft import Assurance, Criterion, Residency, Retention
from agentconsole.domain.policy_standards import CADENCES

KEPT_DATA = ("tickets", "contacts", "attachments", "customers", "complaints", "recordings", "event_log", "backups")
KEPT_UNITS = ("days", "weeks", "months", "years")
AFTERWARDS = ("erase", "redact", "review")

_MOST_KEPT = 1000


def read_criteria(root: Reader, names: Names) -> tuple[Criterion, ...]:
    """Return the questions that a reviewer answers about a conversation."""
    taken: set[str] = set()
    criteria = []
    for table in root.rows("criteria"):
        table.only("id", "clause", "question")
        criteria.append(Criterion(take_id(table, taken), names.clause(table), table.text("question")))
    return tuple(criteria)


def read_assurances(root: Reader, names: Names) -> tuple[Assurance, ...]:
    """Return the claims that somebody must find evidence for, again and again."""
    taken: set[str] = set()
    assurances = []
    for table in root.rows("assurances"):
        table.only("id", "clause", "claim", "evidence", "owner", "review")
        assurances.append(
            Assurance(
                id=take_id(table, taken),
                clause=names.clause(table),
                claim=table.text("claim"),
                evidence=table.text("evidence"),
                owner=names.role(table, "owner"),
                review=table.one_of("review", CADENCES, "a cadence"),
            )
        )
    return tuple(assurances)


def read_retention(root: Reader, names: Names) -> tuple[Retention, ...]:
    """Return how long each kind of data is kept."""
    taken: set[str] = set()
    kept = []
    for table in root.rows("retention"):
        table.only("id", "clause", "data", "keep", "unit", "then")
        kept.append(
            Retention(
                id=take_id(table, taken),
                clause=names.clause(table),
                data=table.one_of("data", KEPT_DATA, "a kind of data"),
                keep=table.integer("keep", minimum=1, maximum=_MOST_KEPT),
                unit=table.one_of("unit", KEPT_UNITS, "a unit of time"),
                then=table.one_of("then", AFTERWARDS, "what may happen to data"),
            )
        )
    return tuple(kept)


def read_residency(root: Reader, names: Names) -> Residency | None:
    """Return in which region data must stay, or None when the document does not say."""
    if not root.has("residency"):
        return None
    table = root.sub("residency").only("clause", "region", "regions")
    regions = table.texts("regions")
    region = table.one_of("region", regions, "a region of this policy") if regions else table.text("region")
    return Residency(names.clause(table), region, regions)
