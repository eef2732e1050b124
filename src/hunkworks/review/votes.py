"""Votes: what skeptics answered, which of it counts, and the stamp that follows. Arithmetic is code, never a model's.

A vote counts only if it names a place outside of the finding's own anchor that exists: an opinion without new evidence
is not a second opinion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from hunkworks.config import Verifying
from hunkworks.errors import UsageError
from hunkworks.review.ballots import Ballot, Candidate
from hunkworks.review.finding import Finding, Stamp
from hunkworks.review.rejected import Rejected

_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?:[-–](?P<end>\d+))?")
_LONGEST_WHY = 2_000


class Vote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One skeptic's answers about one finding.

    ``true``: the code does what the claim says. ``new``: this change brings it. ``reachable``: real input gets there.
    ``defended``: something elsewhere prevents it. ``asked``: 0–100, how likely this team's senior reviewer would ask
    the author to change this change because of it. ``places``: what was looked at, as path:line.
    """

    finding: str
    true: bool
    new: bool
    reachable: bool
    defended: bool
    asked: int
    places: tuple[str, ...]
    why: str

    @property
    def against(self) -> bool:
        """Whether any answer takes the finding's ground away."""
        return not (self.true and self.new and self.reachable) or self.defended


class Voted(msgspec.Struct, frozen=True):
    """What became of one ballot's votes."""

    ballot: str
    accepted: tuple[Vote, ...]
    rejected: tuple[Rejected, ...]


def take(ballot: Ballot, votes: Sequence[object], lines_of: Callable[[str], int | None]) -> Voted:
    """Check every vote of a ballot; refuse what does not count, with the reason.

    Args:
        ballot: What the skeptic read.
        votes: As handed in.
        lines_of: The number of lines of a file of the project on either side, or None where there is none.
    """
    candidates = {candidate.fingerprint: candidate for candidate in ballot.candidates}
    accepted: dict[str, Vote] = {}
    rejected: list[Rejected] = []
    for index, given in enumerate(votes):
        try:
            vote = msgspec.convert(given, Vote)
        except msgspec.ValidationError as error:
            rejected.append(Rejected(index, f"{error}. expected the fields {', '.join(_fields())}"))
            continue
        why = _refusal(vote, candidates, lines_of)
        if why:
            rejected.append(Rejected(index, why))
        else:
            accepted[vote.finding] = vote
    return Voted(ballot.id, tuple(accepted.values()), tuple(rejected))


def open_votes(document: object) -> tuple[str, Sequence[object]]:
    """Return the ballot's id and its votes.

    Raises:
        UsageError: The document is of another form.
    """
    if isinstance(document, Mapping) and set(document) == {"ballot", "votes"}:
        ballot, votes = document["ballot"], document["votes"]
        if isinstance(ballot, str) and isinstance(votes, list):
            return ballot, votes
    raise UsageError(
        "the votes are not of the form that is counted", expected='{"ballot": "v001", "votes": [...]}'
    )


def stamp(finding: Finding, votes: Sequence[Vote], config: Verifying) -> Finding:
    """Return the finding with the stamp that its counted votes give it, and their evidence."""
    if not votes:
        return finding
    against = [vote for vote in votes if vote.against]
    asked = round(sum(vote.asked for vote in votes) / len(votes))
    confirmed = 2 * len(against) < len(votes) and asked >= config.asked
    said = [
        f"{'against' if vote.against else 'for'} ({', '.join(vote.places)}): {vote.why}" for vote in votes
    ]
    return msgspec.structs.replace(
        finding,
        stamp=Stamp.CONFIRMED if confirmed else Stamp.CONTESTED,
        asked=asked,
        votes=tuple(said),
    )


def _refusal(vote: Vote, candidates: Mapping[str, Candidate], lines_of: Callable[[str], int | None]) -> str:
    if vote.finding not in candidates:
        return f"finding {vote.finding!r} is not on this ballot. expected one of: {', '.join(candidates)}"
    if not 0 <= vote.asked <= 100:
        return f"asked is a number from 0 to 100, found {vote.asked}"
    if not vote.why.strip() or len(vote.why) > _LONGEST_WHY:
        return f"why has to be 1 to {_LONGEST_WHY} characters"
    candidate = candidates[vote.finding]
    reasons = [_misplaced(place, candidate, lines_of) for place in vote.places]
    if all(reasons):
        listed = "; ".join(reason for reason in reasons if reason) or "none was named"
        return f"no place was checked outside of the finding itself ({listed}): look at callers, guards, types or tests"
    return ""


def _misplaced(place: str, candidate: Candidate, lines_of: Callable[[str], int | None]) -> str:
    """Say why a place is no evidence, or nothing."""
    match = _PLACE.fullmatch(place.strip())
    if match is None:
        return f"{place!r} is not of the form path:line"
    line, lines = int(match["line"]), lines_of(match["path"])
    if lines is None:
        return f"{match['path']} is not a file of this project"
    if not 1 <= line <= lines:
        return f"{match['path']} has {lines} lines"
    if match["path"] == candidate.path and candidate.line <= line <= candidate.end_line:
        return f"{place} is the finding's own place"
    return ""


def _fields() -> list[str]:
    fields: Any = msgspec.structs.fields(Vote)
    return [item.encode_name for item in fields]
