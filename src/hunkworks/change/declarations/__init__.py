"""What each language declares: one file per grammar, read by ``change/inventory.py``."""
