"""Claims that something is nowhere: they need the search that would have found it.

A reviewer who saw a part of a project and says "no caller checks this" most often did not look. The words are English,
as are the agents' instructions; a claim in other words is only not caught, and meets the skeptics.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_CLAIM = re.compile(
    r"\b(?:nowhere|no (?:other )?(?:callers?|callsites?|call sites?|usages?|uses?|references?|tests?|handlers?|guards?)"
    r"|never (?:called|used|checked|handled|tested|registered|released|removed|read|set|closed|invoked|referenced)"
    r"|not (?:called|used|tested|registered|referenced|handled) (?:anywhere|elsewhere)"
    r"|(?:missing|lacks?|without)(?: \w+){0,3} (?:elsewhere|anywhere|in (?:the )?(?:other|rest)))\b",
    re.IGNORECASE,
)


def unsupported(message: str, evidence: str, searches: Collection[str]) -> str:
    """Say what a claim of absence lacks, or nothing where it is supported or claims no absence.

    Args:
        message: What the finding says is wrong.
        evidence: What its reviewer named as support.
        searches: Texts that were searched for in this review.
    """
    claim = _CLAIM.search(message)
    if claim is None or any(text in evidence for text in searches):
        return ""
    return (
        f"it says that something is absent ({claim[0]!r}): `grep` for it, and name in `evidence` the text "
        "you searched for and what came back"
    )
