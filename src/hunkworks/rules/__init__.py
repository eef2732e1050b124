"""Rule and recipe files: load, lint, match."""
