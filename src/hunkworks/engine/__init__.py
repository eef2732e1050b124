"""Who judges when no session does: an API, a recorded run, or nobody."""
