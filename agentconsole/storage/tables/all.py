"""All tables of the desk; importing this module makes `SQLModel.metadata` whole."""

from sqlmodel import SQLModel

from agentconsole.storage.tables.acceptance import Acceptance
from agentconsole.storage.tables.address_rule import AddressRule
from agentconsole.storage.tables.attachment import Attachment
from agentconsole.storage.tables.brand import Brand
from agentconsole.storage.tables.contact import Contact
from agentconsole.storage.tables.content import Content
from agentconsole.storage.tables.counter import Counter
from agentconsole.storage.tables.crypto_key import CryptoKey
from agentconsole.storage.tables.customer import Customer
from agentconsole.storage.tables.desk import Desk
from agentconsole.storage.tables.draft import Draft
from agentconsole.storage.tables.duty_round import DutyRound
from agentconsole.storage.tables.event import Event
from agentconsole.storage.tables.factor import Factor
from agentconsole.storage.tables.feed import Feed
from agentconsole.storage.tables.lease import Lease
from agentconsole.storage.tables.mailbox import Mailbox
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.tables.pack_draft import PackDraft
from agentconsole.storage.tables.pack_version import PackVersion
from agentconsole.storage.tables.password_guard import PasswordGuard
from agentconsole.storage.tables.raw_mail import RawMail
from agentconsole.storage.tables.recovery_code import RecoveryCode
from agentconsole.storage.tables.request import Request
from agentconsole.storage.tables.server import DeskServer
from agentconsole.storage.tables.session import Session
from agentconsole.storage.tables.spent_code import SpentCode
from agentconsole.storage.tables.stand import Stand
from agentconsole.storage.tables.suggestion import Suggestion
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.tables.undo import Undo
from agentconsole.storage.tables.user import User

metadata = SQLModel.metadata

__all__ = [
    "Acceptance",
    "AddressRule",
    "Attachment",
    "Brand",
    "Contact",
    "Content",
    "Counter",
    "CryptoKey",
    "Customer",
    "Desk",
    "DeskServer",
    "Draft",
    "DutyRound",
    "Event",
    "Factor",
    "Feed",
    "Lease",
    "Mailbox",
    "Outbox",
    "PackDraft",
    "PackVersion",
    "PasswordGuard",
    "RawMail",
    "RecoveryCode",
    "Request",
    "Session",
    "SpentCode",
    "Stand",
    "Suggestion",
    "Ticket",
    "Undo",
    "User",
    "metadata",
]
