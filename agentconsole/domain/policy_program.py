"""What the program does today for a policy: which clocks and channels run, and what answers a requirement by itself.

These tables claim, they do not decide: each entry is held by tests/policies/test_program.py, which looks for what it
names. Whoever builds something adds it here; what nothing does yet stays out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from agentconsole.domain.terms import Channel, ClockKind


class Means(StrEnum):
    """Name a way in which a clause is kept."""

    CLOCK = "clock"
    DUTY = "duty"
    PROCEDURE = "procedure"
    LETTER = "letter"
    TRIGGER = "trigger"
    PACKET = "hand-off"
    MESSAGE = "message"
    CONTACT = "contact"
    KPI = "KPI"
    REPORT = "report"
    CRITERION = "QA criterion"
    REGISTER = "register"
    RETENTION = "retention"
    RESIDENCY = "residency"
    SETTING = "setting"
    BLANK = "blank"
    PROGRAM = "program"


class By(StrEnum):
    """Say what does it: an action of the console, a verb of the command line, or code of the desk."""

    ACTION = "action"
    VERB = "verb"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Doing:
    """Name what the program does for a requirement: `name` is an action's id, a verb's words or module:name."""

    by: By
    name: str
    does: str


CHANNELS_AT_WORK = frozenset({Channel.EMAIL})
"""The channels that bring contacts to the desk: mail. Calls, chats, visits and posts have no way in yet."""

CLOCKS_AT_WORK = frozenset(
    {
        ClockKind.FIRST_RESPONSE,
        ClockKind.NEXT_RESPONSE,
        ClockKind.UPDATE,
        ClockKind.RESOLUTION,
        ClockKind.CALLBACK,
        ClockKind.ACCEPT_HANDOFF,
    }
)
"""The clocks that a conversation by mail starts."""

MEANS_AT_WORK: Mapping[Means, Doing] = {
    Means.DUTY: Doing(By.CODE, "agentconsole.services.duties:look_after_duties", "duties are asked for and signed off"),
}
"""The parts of a pack that the desk carries out whole, with what does it."""

OPEN_AT_WORK = frozenset(
    {
        "business_hours",
        "complaint_review_cadence",
        "email_hours",
        "emails_answered",
        "holidays",
        "monitoring_cadence",
        "official_hours",
        "organisation_name",
        "reasonable_email_time",
        "reread_cadence",
        "resolution_pause",
        "social_monitoring_interval",
        "time_zone",
        "training_cadence",
    }
)
"""The blanks and settings whose answer changes something that is at work."""

_ESCALATE = Doing(By.ACTION, "case.escalate", "x hands the case to a supervisor, with a note, and tells her")
_WAIT = Doing(By.ACTION, "case.wait", "w waits for the customer or until a date, which becomes a clock")
_ORDER = Doing(By.CODE, "agentconsole.domain.queue:placing", "the queue is in the order of what is due; = says why")
_HISTORY = Doing(By.ACTION, "go.open", "a case shows all that was written and done, in order")
_LOG = Doing(By.VERB, "audit verify", "every deed is in an event log that cannot be changed unseen")
_TLS = Doing(By.VERB, "mail connect", "mail is fetched and sent over TLS 1.2 or newer, its certificate checked")
_TEMPLATES = Doing(By.ACTION, "case.reply", "a reply begins with a template, and its greeting and name are filled in")
_PACK = Doing(By.CODE, "agentconsole.services.shelf:put_in_force", "a change is a new version; open cases keep theirs")
_COMPUTE = Doing(By.CODE, "agentconsole.domain.clocks:compute", "every case has its clocks; = shows their arithmetic")

_IMPORT = Doing(By.VERB, "policy import", "an import strips page furniture and keeps headings")
_READ = Doing(By.ACTION, "go.policies", "g y reads the policies in force, clause by clause")
_ACCEPT = Doing(By.ACTION, "policy.accept", "A accepts a version with a code; who does not is given no new work")
_SUGGEST = Doing(By.ACTION, "policy.suggest", "+ suggests a change of a clause, which somebody must settle")
_STALE = Doing(By.VERB, "policy check", "a check shows the date as written, and says when it is too old")

PROGRAM: Mapping[str, Doing] = {
    "000-01": _IMPORT,
    "000-02": _ACCEPT,
    "000-03": _ACCEPT,
    "000-04": _READ,
    "000-05": _PACK,
    "000-07": _SUGGEST,
    "000-08": _COMPUTE,
    "000-12": _COMPUTE,
    "000-17": _LOG,
    "000-32": _ESCALATE,
    "000-33": _ESCALATE,
    "000-54": _SUGGEST,
    "000-55": Doing(By.CODE, "agentconsole.security.totp:match", "nobody signs in without a code of her authenticator"),
    "000-56": _TLS,
    "000-57": Doing(By.CODE, "agentconsole.security.passwords:hash_password", "passwords are kept as Argon2id hashes"),
    "000-58": Doing(By.VERB, "address allow", "people sign in only from the ranges that an administrator allows"),
    "000-62": Doing(By.VERB, "backup", "backups are checked and can be sealed; the event log is chained"),
    "000-67": Doing(By.VERB, "doctor", "status and doctor say what runs, how far behind it is and what is wrong"),
    "000-74": _TLS,
    "000-75": Doing(By.VERB, "policy check", "a check names the brands in a policy that are not its own"),
    "001-001": _READ,
    "001-002": _STALE,
    "001-007": _ORDER,
    "001-022": _WAIT,
    "001-042": Doing(By.ACTION, "case.note", "i writes a note into the case"),
    "001-047": Doing(By.ACTION, "case.priority", ":priority sets how urgent a case is"),
    "001-055": _WAIT,
    "001-065": _ESCALATE,
    "001-076": _ESCALATE,
    "001-083": _ESCALATE,
    "001-090": _READ,
    "001-106": Doing(By.ACTION, "go.queue", "every message is a case with a state and an owner"),
    "001-107": _TEMPLATES,
    "001-109": Doing(By.VERB, "mail connect", "mail comes in, is sorted into cases and goes out by itself"),
    "001-117": _HISTORY,
    "001-118": _ESCALATE,
    "001-123": _HISTORY,
    "001-124": _HISTORY,
    "001-125": _WAIT,
    "001-127": Doing(By.CODE, "agentconsole.domain.ticket:case_number", "every case has a number with a check digit"),
    "001-128": Doing(By.ACTION, "case.priority", "a case has its priority and the countdown of every clock"),
    "001-130": Doing(By.ACTION, "case.resolve", "e resolves a case, with a reason"),
    "001-133": _SUGGEST,
    "001-141": _LOG,
    "002-01": _IMPORT,
    "002-05": Doing(By.CODE, "agentconsole.services.intake:file_mail", "whoever writes becomes a customer with a case"),
    "002-10": _ACCEPT,
    "002-27": Doing(By.VERB, "policy window", "it says in both zones whether her hours and the desk's ever meet"),
    "002-31": _ESCALATE,
    "002-33": _ACCEPT,
    "002-36": _PACK,
    "002-37": _STALE,
}
"""What answers a requirement without being part of a pack, by the requirement's id."""
