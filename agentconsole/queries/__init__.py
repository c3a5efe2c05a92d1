"""Reading: a session in, wire rows out."""
