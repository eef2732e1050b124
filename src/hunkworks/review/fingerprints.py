"""Fingerprints: the same problem in the same code has the same name in every run.

Made of class, path, enclosing symbol and the anchored code without white space; never of prose or line numbers,
since both drift while the code stands still. Equal code in one symbol is told apart by its order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from hunkworks.review.finding import Finding, rank


def fingerprint(klass: str, path: str, symbol: str, quote: str, ordinal: int = 0) -> str:
    """Return 16 hexadecimal digits naming a problem of ``klass`` at this code.

    Args:
        klass: The finding's class.
        path: The file's path before the change, so that a rename keeps the name.
        symbol: Header of the enclosing function or type, or "".
        quote: The anchored code.
        ordinal: 0 for the first such finding, 1 for the next with everything else equal.
    """
    code = "".join(quote.split())
    parts = [klass, path, " ".join(symbol.split()), code, str(ordinal)]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def name(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings, in their order, each with its fingerprint.

    Equal code on other lines of the same symbol is told apart by its order in the file; two findings of one class on
    the same line have the same name.
    """
    lines: dict[str, set[int]] = {}
    for finding in findings:
        lines.setdefault(_plain(finding), set()).add(finding.line)
    named = []
    for finding in findings:
        ordinal = sorted(lines[_plain(finding)]).index(finding.line)
        own = fingerprint(finding.klass, finding.file, finding.symbol, finding.quote, ordinal)
        named.append(msgspec.structs.replace(finding, fingerprint=own))
    return named


def settle(findings: Sequence[Finding]) -> list[Finding]:
    """Name the findings and keep one of each name: the graver, then the more confident one; the gravest first."""
    kept: dict[str, Finding] = {}
    for finding in name(findings):
        known = kept.get(finding.fingerprint)
        if known is None or _weight(finding) < _weight(known):
            kept[finding.fingerprint] = finding
    return sorted(kept.values(), key=lambda finding: (rank(finding.severity), finding.path, finding.line))


def _plain(finding: Finding) -> str:
    return fingerprint(finding.klass, finding.file, finding.symbol, finding.quote)


def _weight(finding: Finding) -> tuple[int, int]:
    return rank(finding.severity), -finding.confidence
