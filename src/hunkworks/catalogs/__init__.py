"""Localization file formats behind one protocol: units, spans, edits."""
