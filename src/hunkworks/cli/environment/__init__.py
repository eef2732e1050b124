"""The environment an installed plugin runs in: found, built once, checked, pruned.

Runs before any dependency exists, so it imports the standard library alone, and starts on Python 3.9
to say what to install. It lives in the command line's room, not in bin/, because `doctor` reads the same
facts, from a checkout and from a wheel.
"""
