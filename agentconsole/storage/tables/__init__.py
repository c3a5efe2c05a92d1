"""One SQLModel table a file."""
