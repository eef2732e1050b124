"""What a finding can be about: one closed list, shared by the built-in rules and by every reviewer.

Few terms on purpose: counts per class are compared over months, and a model chooses among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Severity(StrEnum):
    """How much a finding matters: ``blocker`` must not merge, ``note`` is worth a look."""

    BLOCKER = "blocker"
    MAJOR = "major"
    MINOR = "minor"
    NOTE = "note"


CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "secret": "A credential or private key stands in the text.",
        "injection": "Text from outside becomes code, a query, a command, a path or markup.",
        "authorization": "Somebody can do or see what they should not.",
        "crypto": "Weak or misused cryptography, randomness or certificate checks.",
        "privacy": "Personal data is logged, stored or sent without need.",
        "concurrency": "A race, a deadlock, or work on the wrong thread.",
        "resource-leak": "Memory, a handle, a task or an observer is never released.",
        "null-dereference": "A missing value is used as if it were there.",
        "error-handling": "A failure is swallowed, misreported or turned into a crash.",
        "data-loss": "Data is lost, corrupted or overwritten.",
        "logic": "The code computes something else than it is meant to.",
        "api-contract": "A caller, callee, schema or stored format no longer fits its other side.",
        "performance": "Needless work, memory or blocking on a path that matters.",
        "localization": "Text, a catalog, a plural or a format breaks for another language.",
        "accessibility": "Something cannot be perceived or operated with assistive technology.",
        "test-quality": "A test is switched off, narrowed, or proves nothing.",
        "debug-leftover": "Code meant for the author's own debugging is left in.",
        "merge-leftover": "Traces of an unfinished merge are left in.",
        "hidden-text": "Invisible or reordering characters make the text read otherwise than it runs.",
        "build": "The build, the dependencies or the pipeline break or become unsafe.",
        "maintainability": "Correct today, needlessly hard to read or change tomorrow.",
    }
)
