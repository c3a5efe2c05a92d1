"""Secrets and proofs, without a database: passwords, TOTP, the vault, sealing."""
