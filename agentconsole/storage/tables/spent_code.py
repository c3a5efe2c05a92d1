"""Codes that were spent: each step of an authenticator that was accepted once, whatever a clock says later."""

from sqlmodel import Field, SQLModel


class SpentCode(SQLModel, table=True):
    """Keep one accepted RFC 6238 step of one user's authenticator, for as long as that authenticator is bound."""

    __tablename__ = "spent_code"

    user_id: int = Field(primary_key=True, foreign_key="user.id")
    step: int = Field(primary_key=True)
