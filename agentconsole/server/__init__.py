"""The desk server: the only process that opens the database."""
