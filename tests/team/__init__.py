"""A team's desk on one host: installed in a scratch root, served and used by accounts that cannot read each other."""
