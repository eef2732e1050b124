"""The command line: one file per command group, composed from rooms by value."""
