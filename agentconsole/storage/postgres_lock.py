"""The one lock that whoever writes to a desk in PostgreSQL holds until the commit: the event log has one chain."""

# Any number will do that nothing else in the database takes; it is the desk's name in ASCII.
_NUMBER = int.from_bytes(b"adesk")
LOCK = f"SELECT pg_advisory_xact_lock({_NUMBER})"
_IDLE = "10s"
BEGIN = (
    f"SELECT pg_current_xact_id()::text, set_config('idle_in_transaction_session_timeout', '{_IDLE}', true),"
    f" pg_advisory_xact_lock({_NUMBER})"
)
"""Takes the lock and tells the transaction's number, by which its end can be asked for after the link was lost.

A server that froze while it held the lock must not keep the others from writing: its transaction is ended for it.
"""
ENDED = "SELECT pg_xact_status(%s::xid8)"
