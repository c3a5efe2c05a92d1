"""The English of customer service policies: which words name a channel, a kind of promise, a role or a priority."""

import re
from collections.abc import Iterable

from agentconsole.domain.terms import Channel, ClockKind, Priority, Role

_CHANNELS = {
    Channel.VOICEMAIL: r"voice ?-?mails?|answer(?:ing)? ?(?:machine|phone)s?|leave (?:a |your )?(?:voice )?message",
    Channel.EMAIL: r"e-?mail(?:s|ed)?|electronic mail|mailbox(?:es)?|inbox(?:es)?",
    Channel.CHAT: r"(?:live |web ?)?chats?|instant messag\w+|messenger|whatsapp",
    Channel.SOCIAL: r"social(?: media| network\w*)?|tweets?|twitter|facebook|instagram|linkedin|direct messages",
    Channel.PHONE: r"(?:tele)?phones?|(?:tele)?phoned|calls?|callers?|hotlines?|helplines?|switchboard|rings",
    Channel.WALKIN: r"walk-?ins?|in person|arriv\w+|counters?|receptions?|in-store|visitors?|visit us"
    r"|(?:customer|walk-in) cent(?:re|er)s?"
    r"|branch(?:es)?|front desk|shop floor",
    Channel.MEETING: r"appointments?|in-person meetings?",
    Channel.WEB: r"web ?forms?|contact forms?|online (?:forms?|enquir\w+|inquir\w+|requests?)|portal|website",
    Channel.API: r"api",
}
_CHANNEL = re.compile(
    "|".join(rf"\b(?P<{channel.value}>{words})\b" for channel, words in _CHANNELS.items()), re.IGNORECASE
)
_BACK = r"(?: (?:you|them|the customer|customers|the caller|callers))? back\b|\bcall-?backs?"
_NO_CALL = re.compile(
    rf"\bcall(?:s|ed)?{_BACK}\b"
    r"|\bcall (?:volumes?|cent(?:re|er)s?)\b|\bso-called\b|\bon-?call\b", re.IGNORECASE)  # fmt: skip
_LABEL_WORDS = frozenset(
    {"and", "or", "x", "of", "in", "within", "under", "less", "than", "target", "standard", "sla", "time", "support"}
    | {"requests", "enquiries", "inquiries", "messages", "team", "posts", "max", "maximum", "all"}
)
_KINDS = {
    "none": r"unresolved|unanswered|no (?:reply|answer|response)",
    "holding": r"holding (?:letter|reply|response)|write to the (?:customer|complainant)s? again"
    r"|needs? (?:longer|more time)",
    "update": r"updat(?:e|es|ed|ing)|progress reports?|kept informed|keep (?:\w+ ){1,3}informed",
    "full": r"(?:full|final|substantive|detailed|written) (?:\w+ )?(?:response|reply|answer|decision)"
    r"|(?:repl(?:y|ied)|respond(?:ed)?|answer(?:ed)?)(?: \w+){0,6} in full|outcome|decision",
    "ack": r"acknowledg\w+|confirm(?:ation of|s|ed|ing)? (?:the |your |its )?receipt|receipt (?:is|will be) confirmed",
    "resolve": r"resol(?:ve|ves|ved|ving|ution|utions)|fix(?:ed|es)?|rectif\w+|settl(?:e|ed)|restor(?:e|ed|ation)"
    r"|workarounds?|repair(?:s|ed)?|put right",
    "callback": rf"(?:call|ring|phone)(?:s|ed)?{_BACK}",
    "greet": r"greet(?:s|ed|ing)?|welcom(?:e|ed)|seen|served|attended to",
    "wait": r"waits?",
    "return": r"return(?:s|ed|ing)?",
    "handoff": r"escalat(?:e|es|ed|ion|ions)|hand(?:ed)?[ -]?(?:over|off)",
    "answer": r"answer(?:s|ed|ing)?|respon(?:d|ds|ded|ding|se|ses)|repl(?:y|ies|ied|ying)|get back|pick(?:ed)? up"
    r"|contact (?:you|the customer|customers|them)|first contact",
}
_KIND = re.compile("|".join(rf"\b(?P<{kind}>{words})\b" for kind, words in _KINDS.items()), re.IGNORECASE)
_ROLES = (
    (Role.MANAGER, re.compile(r"\b(?:managers?|management|directors?|heads? of)\b", re.IGNORECASE)),
    (Role.SUPERVISOR, re.compile(r"\b(?:supervisors?|(?:team|shift) (?:leads?|leaders?)|seniors?)\b", re.IGNORECASE)),
)  # fmt: skip
_RANKED = r"(?=(?:[ -]priority)? *(?:[,:(–-]|$|priority|severity|impact|issues?|tickets?|cases?))"
_PRIORITIES = {
    Priority.URGENT: r"urgent|critical|emergenc(?:y|ies)|p1|sev(?:erity)? ?-?1|priority 1",
    Priority.HIGH: rf"high{_RANKED}|p2|sev(?:erity)? ?-?2|priority 2",
    Priority.NORMAL: rf"(?:normal|medium|standard|moderate){_RANKED}|p3|sev(?:erity)? ?-?3|priority 3",
    Priority.LOW: rf"(?:low|minor){_RANKED}|p4|sev(?:erity)? ?-?4|priority 4",
}
_PRIORITY = re.compile(
    "|".join(rf"\b(?P<{priority.value}>{words})(?!\w)" for priority, words in _PRIORITIES.items()), re.IGNORECASE
)
_EIGHT_WORDS = re.compile(r"\S+(?: +\S+){0,7}")
_LONGEST_QUOTE = 90
_SLUGS = {
    ClockKind.RING: "answer",
    ClockKind.FIRST_RESPONSE: "first",
    ClockKind.NEXT_RESPONSE: "next",
    ClockKind.RETURN_CALL: "return",
}


def channels_in(text: str) -> tuple[Channel, ...]:
    """Return the channels that a text names, in the order of its words; being called back is no call of a customer."""
    plain = _NO_CALL.sub(" ", text)
    found = (Channel(match.lastgroup) for match in _CHANNEL.finditer(plain) if match.lastgroup)
    return tuple(dict.fromkeys(found))


def is_channel_label(text: str) -> bool:
    """Say whether a text names a channel and nothing else that has a meaning: "Email, target: within"."""
    words = re.findall(r"[a-z]+", _CHANNEL.sub(" ", _NO_CALL.sub(" ", text)).lower())
    return _CHANNEL.search(text) is not None and _LABEL_WORDS.issuperset(words)


def promise_words(text: str) -> tuple[str, ...]:
    """Return the kinds of promise that a text speaks of, in its order: "answer", "ack", "resolve" and so on."""
    return tuple(match.lastgroup or "" for match in _KIND.finditer(text))


def role_in(text: str, default: Role) -> Role:
    """Return the role that a text names."""
    return next((role for role, words in _ROLES if words.search(text)), default)


def priorities_in(text: str) -> tuple[Priority, ...]:
    """Return the priorities that a text names."""
    return tuple(dict.fromkeys(Priority(match.lastgroup) for match in _PRIORITY.finditer(text) if match.lastgroup))


def slug(kind: ClockKind) -> str:
    """Return what a clock is called in the id of a standard."""
    return _SLUGS.get(kind, kind.value.replace("_", "-"))


def quote_of(text: str) -> str:
    """Return the first words of a text, at most eight."""
    words = _EIGHT_WORDS.match(text[:_LONGEST_QUOTE])
    return words.group() if words is not None else "…"


def named(base: Iterable[str], taken: set[str]) -> str:
    """Make an id of the words of `base`, one that is not `taken` yet, and take it."""
    stem = re.sub(r"[^a-z0-9_]+", "-", "-".join(base).lower())[:40].strip("-_") or "entry"
    name, times = stem, 1
    while name in taken:
        times += 1
        name = f"{stem}-{times}"
    taken.add(name)
    return name
