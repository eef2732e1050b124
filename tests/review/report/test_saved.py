"""A saved report is read as if a stranger had written it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from hunkworks.cli.review_formats import FORMATS
from hunkworks.errors import InputError
from hunkworks.review.report.saved import held_against, read_review
from hunkworks.review.verdict import Review, Verdict
from hunkworks.rules.classes import Severity
from tests.review.report.held import FULL, review, reviews


def tampered(change: Any) -> bytes:
    document = json.loads(FORMATS["json"](FULL))
    change(document)
    return json.dumps(document).encode()


@given(reviews())
def test_what_was_written_is_read(drawn: Review) -> None:
    assert read_review(FORMATS["json"](drawn), origin="r") == drawn


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda d: d.update(verdict="pass"), "it says pass, and what stands in it gives changes"),
        (lambda d: d.update(findings=[], folded=[]), "it says changes, and what stands in it gives pass"),
        (lambda d: d["findings"][0].update(path="../.ssh/config"), "outside the repository"),
        (lambda d: d["findings"][0].update(path="/etc/passwd"), "outside the repository"),
        (lambda d: d["findings"][0].update(fingerprint="x --> <script>"), "a name that is none"),
        (lambda d: d["findings"][0].update(line=0), "stands on no line"),
        (lambda d: d["findings"][0].update(end_line=2), "stands on no line"),
        (lambda d: d["findings"][0].update(confidence=1000), "confidence"),
        (lambda d: d["findings"][0].update(severity="fatal"), "is not a report"),
        (lambda d: d["change"].update(head="--> x"), "its head is no commit"),
        (lambda d: d.update(schema=2), "is not a report"),
        (lambda d: d.pop("coverage"), "is not a report"),
    ],
)
def test_what_was_tampered_with_is_refused(change: Any, why: str) -> None:
    with pytest.raises(InputError, match=why):
        read_review(tampered(change), origin="report.json")


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"{", b"[" * 100_000, b"null", b'{"schema": 1}'])
def test_what_is_no_report_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="is not a report"):
        read_review(data, origin="report.json")


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(InputError, match="too large"):
        read_review(b" " * ((16 << 20) + 1), origin="report.json")


def test_another_threshold_gives_another_verdict() -> None:
    low = review(*FULL.findings[1:])
    assert low.verdict is Verdict.PASS
    assert held_against(low, Severity.NOTE).verdict is Verdict.CHANGES
