"""What a linter has said already is not said again: results of SARIF files, by place.

SARIF 2.1.0 (OASIS), of which only runs[].results[] with their rule and first physical location are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import unquote, urlsplit

import msgspec

from hunkworks.errors import InputError
from hunkworks.review.finding import Finding, Stamp


class _Artifact(msgspec.Struct):
    uri: str = ""


class _Region(msgspec.Struct, rename="camel"):
    start_line: int = 0
    end_line: int | None = None


class _Physical(msgspec.Struct, rename="camel"):
    artifact_location: _Artifact = msgspec.field(default_factory=_Artifact)
    region: _Region = msgspec.field(default_factory=_Region)


class _Location(msgspec.Struct, rename="camel"):
    physical_location: _Physical = msgspec.field(default_factory=_Physical)


class _Result(msgspec.Struct, rename="camel"):
    rule_id: str = ""
    locations: list[_Location] = []


class _Driver(msgspec.Struct):
    name: str = "a linter"


class _Tool(msgspec.Struct):
    driver: _Driver = msgspec.field(default_factory=_Driver)


class _Run(msgspec.Struct):
    tool: _Tool = msgspec.field(default_factory=_Tool)
    results: list[_Result] = []


class _Sarif(msgspec.Struct):
    runs: list[_Run]


class Reported(msgspec.Struct, frozen=True):
    """One result of a linter: which rule of which tool, and where."""

    tool: str
    rule: str
    path: str
    line: int
    end_line: int

    def covers(self, finding: Finding) -> bool:
        """Return whether the finding stands on the same lines."""
        same_file = finding.path == self.path or self.path.endswith("/" + finding.path)
        return same_file and self.line <= finding.end_line and finding.line <= self.end_line


def read(data: bytes, *, origin: str) -> list[Reported]:
    """Return the results of a SARIF file that name a file and a line.

    Raises:
        InputError: It is not SARIF.
    """
    try:
        document = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_Sarif)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{origin} is not SARIF: {error}", expected="SARIF 2.1.0") from None
    found = []
    for run in document.runs:
        for result in run.results:
            for location in result.locations[:1]:
                place = location.physical_location
                path = unquote(urlsplit(place.artifact_location.uri).path).removeprefix("./")
                line = place.region.start_line
                if path and line:
                    end = place.region.end_line or line
                    found.append(Reported(run.tool.driver.name, result.rule_id, path, line, end))
    return found


def merged(findings: Iterable[Finding], reported: Sequence[Reported]) -> tuple[list[Finding], list[Finding]]:
    """Part the findings into those that are new and those that a linter has reported on the same lines.

    The latter say so in their evidence. A built-in rule's finding is never taken away by a linter.
    """
    new: list[Finding] = []
    known: list[Finding] = []
    for finding in findings:
        by = next(
            (one for one in reported if finding.stamp is not Stamp.STATIC and one.covers(finding)), None
        )
        if by is None:
            new.append(finding)
        else:
            evidence = f"{finding.evidence} (already reported by {by.tool}, {by.rule})".strip()
            known.append(msgspec.structs.replace(finding, evidence=evidence))
    return new, known
