"""The command line: one verb a file, each importing only what it needs."""
