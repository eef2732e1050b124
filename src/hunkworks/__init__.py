"""Hunkworks: review, localize, refactor and scaffold the change, not the universe."""
