"""A customer-service desk for the terminal. This module imports nothing, so that `--version` costs nothing."""

__version__ = "0.1.0"
