"""What a configured linter reports already is merged, not repeated."""

from __future__ import annotations

import json

import msgspec
import pytest

from hunkworks.errors import InputError
from hunkworks.review.finding import Stamp
from hunkworks.review.linters import Reported, merged, read
from tests.review.test_fingerprints import FINDING

SARIF = {
    "version": "2.1.0",
    "runs": [
        {
            "tool": {"driver": {"name": "eslint", "rules": []}},
            "results": [
                {
                    "ruleId": "no-unused-vars",
                    "message": {"text": "x"},
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": {"uri": "file:///work/my%20app/src/a.ts", "index": 0},
                                "region": {"startLine": 7, "startColumn": 3},
                            }
                        }
                    ],
                },
                {"ruleId": "no-place", "message": {"text": "y"}},
            ],
        }
    ],
}


def test_results_with_a_place_are_read() -> None:
    (result,) = read(json.dumps(SARIF).encode(), origin="lint.sarif")
    assert result == Reported("eslint", "no-unused-vars", "/work/my app/src/a.ts", 7, 7)


@pytest.mark.parametrize("data", [b"", b"[]", b'{"runs": 1}', b"\xff\xfe"])
def test_what_is_not_sarif_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=r"lint\.sarif is not SARIF"):
        read(data, origin="lint.sarif")


def test_a_finding_on_a_linters_lines_is_merged_and_says_by_whom() -> None:
    here = msgspec.structs.replace(FINDING, path="src/a.ts")
    elsewhere = msgspec.structs.replace(FINDING, path="src/a.ts", line=8, end_line=9)
    new, known = merged([here, elsewhere], read(json.dumps(SARIF).encode(), origin=""))
    assert new == [elsewhere]
    assert [finding.evidence for finding in known] == ["(already reported by eslint, no-unused-vars)"]


def test_a_rules_own_finding_stays() -> None:
    static = msgspec.structs.replace(FINDING, path="src/a.ts", stamp=Stamp.STATIC)
    assert merged([static], read(json.dumps(SARIF).encode(), origin=""))[0] == [static]
