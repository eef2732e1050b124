"""Localization of a change: what it touched, in every locale, checked before a byte is written."""
