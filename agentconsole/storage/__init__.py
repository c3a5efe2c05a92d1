"""The only package that opens the database."""
