"""What a policy promises without a clock: criteria for reviewers, claims to assure, how long data stays and where."""

from dataclasses import dataclass

from agentconsole.domain.terms import Role


@dataclass(frozen=True, slots=True)
class Criterion:
    """Ask a reviewer one question about a conversation, in the sense of a clause."""

    id: str
    clause: str
    question: str


@dataclass(frozen=True, slots=True)
class Assurance:
    """Register a claim about hosting or security: the evidence wanted, who gets it, how often it is looked at again."""

    id: str
    clause: str
    claim: str
    evidence: str
    owner: Role
    review: str


@dataclass(frozen=True, slots=True)
class Retention:
    """Say how long a kind of data is kept (`keep` of `unit`, from its last use) and what happens `then`."""

    id: str
    clause: str
    data: str
    keep: int
    unit: str
    then: str


@dataclass(frozen=True, slots=True)
class Residency:
    """Say in which region data must stay, out of those that the document offers (empty: any text)."""

    clause: str
    region: str
    regions: tuple[str, ...]
