"""The e-mail channel: IMAP in, SMTP out, and the parser between them and `domain.mail`."""
