"""Where GitHub takes a comment: the lines that its diff of a pull request shows.

A review with one comment elsewhere is refused whole (https://docs.github.com/rest/pulls/reviews), so it is looked up
before. A multi-line comment stays within one hunk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hunkworks.change.diff import parse_patch
from hunkworks.change.model import FileChange, Hunk, Side
from hunkworks.errors import InputError
from hunkworks.review.finding import Finding


@dataclass(frozen=True, slots=True)
class Place:
    """Lines of one hunk; ``exact`` says that they are all the finding's lines and read as it quotes them."""

    side: Side
    first: int
    last: int
    exact: bool


class Diffed:
    """What a diff shows, by path."""

    def __init__(self, hunks: Mapping[str, tuple[Hunk, ...]]) -> None:
        self._hunks = hunks

    @classmethod
    def of_files(cls, files: Iterable[FileChange], wanted: Iterable[str]) -> Diffed:
        """Return what is shown of the ``wanted`` paths of a change."""
        names = set(wanted)
        return cls({file.path: file.hunks for file in files if file.path in names})

    @classmethod
    def of_patches(cls, patches: Mapping[str, str]) -> Diffed:
        """Return what GitHub's "list pull requests files" shows: the hunks of each path.

        A patch that cannot be read shows nothing: its findings go where no line is needed.
        """
        return cls({path: _hunks(text) for path, text in patches.items()})

    def place(self, finding: Finding) -> Place | None:
        """Return where a comment on the finding can stand, or None where the diff shows none of its lines."""
        for hunk in self._hunks.get(finding.path, ()):
            shown = _shown(hunk, finding.side)
            lines = [number for number in shown if finding.line <= number <= finding.end_line]
            if lines:
                text = "\n".join(shown[number] for number in lines)
                return Place(finding.side, lines[0], lines[-1], text == finding.quote)
        return None


def _shown(hunk: Hunk, side: Side) -> dict[int, str]:
    """Return the lines that may be commented on: of the old side only what was removed."""
    lines = {}
    for line in hunk.lines:
        number = line.new if side is Side.NEW else line.old if line.new is None else None
        if number is not None:
            lines[number] = line.text.decode("utf-8", "replace").rstrip("\r\n")
    return lines


def _hunks(text: str) -> tuple[Hunk, ...]:
    lines = text.encode("utf-8", "surrogateescape").removesuffix(b"\n").split(b"\n")
    try:
        (file,) = parse_patch([b"--- a/x\n", b"+++ b/x\n", *(line + b"\n" for line in lines)])
    except (InputError, ValueError):
        return ()
    return file.hunks
