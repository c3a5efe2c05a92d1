"""The lines of the documents that are no clause, each by the rule that says why."""

from agentconsole.domain.policy import Pack

FURNITURE: dict[str, dict[str, dict[int, str]]] = {
    "the page of a web site begins or ends": {
        "ecolab": {1: "top of page", 165: "bottom of page"},
        "ist-desk": {1: "top of page", 73: "bottom of page"},
    },
    "the name of a part of the web site, with nothing said under it": {
        "ecolab": {3: "Store Policy", 90: "Product Security", 118: "Physical security", 153: "Payment Methods"},
    },
    "the title of the paragraph below it, which is the clause": {
        "ecolab": {
            93: "Two-factor authentication",
            96: "HTTPS encryption",
            99: "Secure credential storage",
            102: "IP & network restrictions",
            105: "API Security",
            108: "SPAM filtering",
            120: "FacilitiesServer environment",
            123: "On-site SecuritySecurity zones",
            126: "MonitoringServer & Device monitoring",
            129: "LocationDatacenters in United States, Europe & Asia",
            135: "ArchitectureSecurity zones in our architecture",
            138: "3rd-party Penetration TestsThird-Party Security Research",
            141: "Network Vulnerability Scanning",
            143: "Vulnerability scanning",
            146: "DDoS MitigationDDoS Mitigation",
            149: "EncryptionCommunication Encryption",
        },
    },
    "words that lead over to the bullets below": {
        "ecolab": {77: "That’s why:"},
    },
}


def furniture_rule(pack: Pack, number: int, line: str) -> str:
    """Return the name of the rule that claims a line of the pack's document, or "" when none does."""
    for rule, claimed in FURNITURE.items():
        if claimed.get(pack.id, {}).get(number) == line.strip():
            return rule
    return "a heading that its clauses carry" if _is_heading(pack, number, line) else ""


def _is_heading(pack: Pack, number: int, line: str) -> bool:
    """Say whether a line that ends in a colon is the last part of the heading over the next clause."""
    below = next((clause for clause in pack.clauses if clause.line > number), None)
    words, colon, rest = line.strip().rpartition(":")
    return bool(colon) and not rest and below is not None and below.heading.lower().endswith(f": {words.lower()}")
