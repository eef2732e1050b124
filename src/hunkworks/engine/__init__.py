"""Who judges: the port, the engine that asks models, and the one that replays a record."""
