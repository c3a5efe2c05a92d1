"""What crosses the socket: commands, queries, rows and changes as frozen structs, and their framing."""
