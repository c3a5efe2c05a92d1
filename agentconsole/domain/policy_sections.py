"""Reading the parts of a pack that carry no clock: clauses, roles, messages, contacts, indicators and reports."""

from agentconsole.domain.policy import Clause, Contact, Kpi, Message, ReportDue
from agentconsole.domain.policy_names import ROLES, Names, take_id
from agentconsole.domain.policy_reader import Reader
from agentconsole.domain.policy_standards import CADENCES
from agentconsole.domain.terms import Channel, Role

METRICS = (
    "csat", "first_response", "resolution", "first_call_resolution", "retention", "escalation_rate", "answer_speed",
)  # fmt: skip
COMPARATORS = ("at_least", "over", "at_most", "under")
UNITS = ("percent", "seconds", "minutes", "hours", "days")
PERIODS = ("day", "week", "month", "quarter")

_LONGEST_QUOTE_WORDS = 8


def read_clauses(root: Reader) -> dict[str, Clause]:
    """Return the clauses by id, in the order of the document; a quote has at most eight words."""
    clauses: dict[str, Clause] = {}
    for section in root.rows("sections"):
        section.only("heading", "clauses")
        heading = section.text("heading")
        rows = section.sub("clauses")
        for clause_id in rows.table:
            row = rows.sub(clause_id).only("line", "quote", "title", "rows", "note")
            if clause_id in clauses:
                row.refuse("the clause is there twice. Allowed: an id that no other clause has.")
            quote = row.text("quote")
            if len(quote.split()) > _LONGEST_QUOTE_WORDS:
                row.refuse(f"the quote is too long. Allowed: at most {_LONGEST_QUOTE_WORDS} words.", "quote")
            clauses[clause_id] = Clause(
                id=clause_id,
                heading=heading,
                quote=quote,
                line=row.integer("line", minimum=1),
                rows=row.texts("rows"),
                note=row.text("note", default=""),
                title=row.flag("title", default=False) is True,
            )
    if not clauses:
        root.refuse("a pack needs at least one clause.", "sections")
    return clauses


def read_aliases(root: Reader) -> dict[str, Role]:
    """Return what the document calls the roles of the desk."""
    table = root.sub("roles")
    return {alias: ROLES[table.one_of(alias, ROLES, "a role of the desk")] for alias in table.table}


def read_messages(root: Reader, names: Names) -> dict[str, Message]:
    """Return the texts the desk sends, by id."""
    taken: set[str] = set()
    messages = {}
    for table in root.rows("messages"):
        table.only("id", "clause", "channel", "text", "verbatim")
        message_id = take_id(table, taken)
        messages[message_id] = Message(
            id=message_id,
            clause=names.clause(table),
            channel=table.word("channel", Channel) if table.has("channel") else None,
            text=table.text("text"),
            verbatim=table.flag("verbatim", default=False) is True,
        )
    return messages


def read_contacts(root: Reader, names: Names) -> dict[str, Contact]:
    """Return the addresses and numbers, by id."""
    taken: set[str] = set()
    contacts = {}
    for table in root.rows("contacts"):
        table.only("id", "clause", "label", "address", "emergency", "note")
        contact_id = take_id(table, taken)
        contacts[contact_id] = Contact(
            id=contact_id,
            clause=names.clause(table),
            label=table.text("label"),
            address=table.text("address"),
            emergency=table.flag("emergency", default=False) is True,
            note=table.text("note", default=""),
        )
    return contacts


def read_kpis(root: Reader, names: Names) -> tuple[Kpi, ...]:
    """Return the indicators: a statistic of a period, not a clock."""
    taken: set[str] = set()
    kpis = []
    for table in root.rows("kpis"):
        table.only("id", "clause", "metric", "variant", "comparator", "value", "unit", "period", "calendar", "decides")
        kpis.append(
            Kpi(
                id=take_id(table, taken),
                clause=names.clause(table),
                metric=table.one_of("metric", METRICS, "a metric"),
                variant=table.text("variant"),
                comparator=table.one_of("comparator", COMPARATORS, "a comparator"),
                value=table.number("value"),
                unit=table.one_of("unit", UNITS, "a unit"),
                period=table.one_of("period", PERIODS, "a period"),
                calendar=names.calendar(table),
                decides=table.flag("decides", default=True) is True,
            )
        )
    return tuple(kpis)


def read_reports(root: Reader, names: Names) -> tuple[ReportDue, ...]:
    """Return the reports with their cadence and who receives them."""
    taken: set[str] = set()
    reports = []
    for table in root.rows("reports"):
        table.only("id", "clause", "cadence", "contents", "recipients")
        reports.append(
            ReportDue(
                id=take_id(table, taken),
                clause=names.clause(table),
                cadence=table.one_of("cadence", CADENCES, "a cadence"),
                contents=table.texts("contents"),
                recipients=table.several_of("recipients", {**ROLES, **names.aliases}, "a role or role alias"),
            )
        )
    return tuple(reports)
