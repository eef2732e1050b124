"""What an agent may do with a review in progress: read, search, vote; masked, logged and refusable.

The same functions stand behind the commands, the MCP server's tools in a session and the tools of a headless run
(and ``record.record`` behind the fifth tool).
"""

from __future__ import annotations

from hunkworks.change.model import Side
from hunkworks.review import reading
from hunkworks.review.project import Project
from hunkworks.review.session import Session
from hunkworks.review.votes import Voted, open_votes, take


def packet(session: Session, project: Project, name: str) -> str:
    """Return a packet with who calls what it changes, a ballot, or the project's rules.

    Raises:
        UsageError: There is none of that name.
    """
    text = session.text(name)
    if name in {planned.id for planned in session.manifest().packets}:
        room = reading.MOST_BYTES + 1_000 - len(text.encode("utf-8"))
        text += project.callers(session.packet(name), room)
    session.note_read("packet", name)
    return text


def show(
    session: Session, project: Project, path: str, first: int = 1, last: int | None = None, side: str = "new"
) -> str:
    """Return numbered lines of a file of the project.

    Raises:
        UsageError: No such file there, or the lines are outside of it.
    """
    text = project.show(path, first, last, Side(side))
    session.note_read("show", f"{side} {path}:{first}-{last or ''}")
    return text


def grep(session: Session, project: Project, text: str, path: str = "", side: str = "new") -> str:
    """Return the project's lines that hold ``text`` literally.

    Raises:
        UsageError: The text is empty or spans lines.
    """
    found = project.grep(text, path, Side(side))
    session.note_read("grep", text)
    return found


def vote(session: Session, project: Project, document: object) -> Voted:
    """Take votes, and keep those that count (``votes.take``).

    Raises:
        UsageError: The document is of another form, or there is no such ballot.
    """
    ballot, votes = open_votes(document)
    voted = take(session.ballot(ballot), votes, project.lines_of)
    session.vote(voted)
    return voted
