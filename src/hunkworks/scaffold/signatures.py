"""Does another signature break who calls it as before? Told from the text, without types."""

from __future__ import annotations

import re

_NAME = re.compile(r"[\w$]+")


def breaks_callers(before: str, after: str) -> bool:
    """Tell whether a call that was right under ``before`` may be wrong under ``after``.

    More parameters with defaults at the end, other defaults and another result are no break; a parameter that went
    away, got another name, changed its place, or came without a default is one. So is another type where types tell
    parameters apart (Go, Java).
    """
    old, new = _parameters(before), _parameters(after)
    if old is None or new is None:
        return before != after
    (placed, by_name), (placed_now, by_name_now) = _split(old), _split(new)
    if placed != placed_now[: len(placed)] or not set(by_name) <= {*by_name_now, *placed_now}:
        return True
    return any(not _is_optional(each) for each in new if _bare(each) not in (*placed, *by_name))


def _split(parameters: list[str]) -> tuple[list[str], list[str]]:
    """Return the parameters that are told by their place, and those behind Python's star, told by their names."""
    star = next((place for place, each in enumerate(parameters) if each.startswith("*")), len(parameters))
    bare = [_bare(each) for each in parameters]
    return bare[:star], [each for each in bare[star:] if each != "*"]


def _parameters(signature: str) -> list[str] | None:
    """Return the parameters between the outermost parentheses; of Go's methods those behind the receiver."""
    start = re.match(r"func \([^()]*\) ", signature)
    opening = signature.find("(", start.end() if start else 0)
    if opening < 0:
        return None
    parts, depth, current = [], 0, ""
    for char in signature[opening + 1 :]:
        if char in ")]}>" and depth == 0 and char == ")":
            break
        depth += (char in "([{<") - (char in ")]}>")
        if char == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += char
    return [part for part in (*parts, current.strip()) if part and part != "/"]


def _bare(parameter: str) -> str:
    """Return a parameter without its default, and without its type where that stands behind a colon."""
    name, colon, _ = parameter.partition(":")
    return (name if colon else parameter.partition("=")[0]).strip().rstrip("?")


def _is_optional(parameter: str) -> bool:
    return (
        "=" in parameter
        or parameter.startswith(("*", "..."))
        or "..." in parameter
        or _NAME.sub("", parameter, count=1).startswith("?")
    )
