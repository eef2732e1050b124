"""What happened: append-only records and content-addressed bodies."""
