"""The one lock that whoever writes to a desk in PostgreSQL holds until the commit: the event log has one chain."""

# Any number will do that nothing else in the database takes; it is the desk's name in ASCII.
_NUMBER = int.from_bytes(b"adesk")
LOCK = f"SELECT pg_advisory_xact_lock({_NUMBER})"
_IDLE = "10s"
NUMBER = "pg_current_xact_id() || ' ' || extract(epoch FROM clock_timestamp())"
BEGIN = (
    f"SELECT {NUMBER}, set_config('idle_in_transaction_session_timeout', '{_IDLE}', true),"
    f" pg_advisory_xact_lock({_NUMBER})"
)
"""Takes the lock and tells the transaction's number and when it was given out, by which its end can be asked for.

A server that froze while it held the lock must not keep the others from writing: its transaction is ended for it.
"""
ENDED = (
    "SELECT CASE WHEN extract(epoch FROM checkpoint_time) > %s::numeric AND split_part(next_xid, ':', 1)::numeric"
    " * 4294967296 + split_part(next_xid, ':', 2)::numeric <= %s::numeric THEN 'aborted'"
    " ELSE pg_xact_status(%s::xid8) END FROM pg_control_checkpoint()"
)
"""Asks how a transaction ended: a crash takes back numbers of which nothing was on the disk, and gives them out again.

It is one of those where a later checkpoint, with which a recovery ends, did not know its number yet; what began in the
very second of that checkpoint cannot be told apart.
"""
