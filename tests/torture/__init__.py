"""The promises under torture: short forms in every run, full figures with `-m long`; each file has its number."""
