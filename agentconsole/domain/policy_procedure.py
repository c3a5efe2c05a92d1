"""Reading how a pack handles complaints and escalations: letters, steps, triggers and the hand-off packet."""

from agentconsole.domain.policy import Letter, Procedure, Step, Trigger
from agentconsole.domain.policy_names import ROLES, Names, take_id
from agentconsole.domain.policy_reader import Reader
from agentconsole.domain.policy_targets import read_target

STEPS = ("log", "pass_to", "acknowledge", "hold", "investigate", "respond", "review", "follow_up")
PREDICATES = (
    "agent_cannot_resolve", "asked_by_customer", "complex_technical", "amount_over_limit", "legal_or_compliance",
    "threat_or_abuse", "needs_approval",
)  # fmt: skip
PACKET_FIELDS = ("interactions", "attempts", "summary", "customer_contact", "follow_up_promise", "reason", "documents")
ENCLOSURES = ("procedure",)

_LETTERS_OF_CURRENCY = 3


def read_letters(root: Reader, names: Names) -> dict[str, Letter]:
    """Return the letters by id; the text of each must hold a placeholder for every field the letter requires."""
    taken: set[str] = set()
    letters = {}
    for table in root.rows("letters"):
        table.only("id", "clause", "title", "message", "required", "enclosures")
        letter_id = take_id(table, taken)
        letter = Letter(
            id=letter_id,
            clause=names.clause(table),
            title=table.text("title"),
            message=names.message(table),
            required=table.texts("required"),
            enclosures=table.several_of("enclosures", ENCLOSURES, "something that can be enclosed"),
        )
        for field in letter.required:
            if "{{" + field + "}}" not in names.messages[letter.message].text:
                table.refuse(f'the message "{letter.message}" must hold {{{{{field}}}}}.', "required")
        letters[letter_id] = letter
    return letters


def read_procedure(root: Reader, names: Names) -> Procedure | None:
    """Return the complaint procedure, or None when the document has none."""
    if not root.has("procedure"):
        return None
    table = root.sub("procedure")
    table.only(
        "clause", "owner", "steps", "overdue_unaccepted", "resolution_target", "conflicts", "immediate_path",
        "second_stage", "outside_body", "regime",
    )  # fmt: skip
    taken: set[str] = set()
    target = table.sub("resolution_target")
    return Procedure(
        clause=names.clause(table),
        owner=names.role(table, "owner"),
        steps=tuple(_step(row, names, take_id(row, taken)) for row in table.rows("steps")),
        overdue_unaccepted=table.duration("overdue_unaccepted"),
        resolution_target=read_target(target, names) if target.table else None,
        conflicts=table.texts("conflicts"),
        immediate_path=table.text("immediate_path", default=""),
        second_stage=table.text("second_stage", default=""),
        outside_body=table.text("outside_body", default=""),
        regime=table.text("regime", default=""),
    )


def read_triggers(root: Reader, names: Names, currency: str) -> tuple[Trigger, ...]:
    """Return what makes a ticket one to escalate; a limit of money belongs to `amount_over_limit` alone."""
    taken: set[str] = set()
    triggers = []
    for table in root.rows("triggers"):
        table.only("id", "clause", "text", "predicate", "to", "limit", "currency", "inclusive")
        predicate = table.one_of("predicate", PREDICATES, "a predicate")
        if table.has("limit") != (predicate == "amount_over_limit"):
            table.refuse('"limit" goes with the predicate amount_over_limit, and only with it.', "predicate")
        triggers.append(
            Trigger(
                id=take_id(table, taken),
                clause=names.clause(table),
                text=table.text("text"),
                predicate=predicate,
                to=table.one_of("to", {**ROLES, **names.aliases, **names.contacts}, "a role, role alias or contact"),
                limit=table.number("limit") if table.has("limit") else None,
                currency=read_currency(table, default=currency) if table.has("limit") else "",
                inclusive=table.flag("inclusive", default=False) is True,
            )
        )
    return tuple(triggers)


def read_packet(root: Reader, names: Names) -> dict[str, str]:
    """Return the fields that a hand-off must carry, each with the clause that asks for it."""
    table = root.sub("packet").only(*PACKET_FIELDS)
    return {field: names.clause(table, field) for field in table.table}


def read_currency(table: Reader, default: str | None = None) -> str:
    """Return a currency as three capital letters (ISO 4217)."""
    currency = table.text("currency", default)
    if len(currency) != _LETTERS_OF_CURRENCY or not (currency.isascii() and currency.isalpha() and currency.isupper()):
        table.value("currency").unfit("three capital letters of ISO 4217, such as USD")
    return currency


def _step(table: Reader, names: Names, step_id: str) -> Step:
    table.only("id", "clause", "text", "owner", "target", "letter", "required")
    if step_id not in STEPS:
        table.one_of("id", STEPS, "a step of the procedure")
    letter = (
        names.letters[table.one_of("letter", names.letters, "a letter of this pack")] if table.has("letter") else None
    )
    return Step(
        id=step_id,
        clause=names.clause(table),
        text=table.text("text"),
        owner=names.role(table, "owner"),
        target=read_target(table.sub("target"), names) if table.has("target") else None,
        letter=letter.id if letter else "",
        enclosures=letter.enclosures if letter else (),
        required=(*table.texts("required"), *(letter.required if letter else ())),
    )
