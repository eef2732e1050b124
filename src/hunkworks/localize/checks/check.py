"""One check, and one example of what it passes or finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from hunkworks.catalogs.placeholders import Syntax
from hunkworks.localize.checks.model import Answer, Case, Severity, Subject


class Example(NamedTuple):
    """A source and an answer; a source with forms is given as its forms."""

    source: str | dict[str, str]
    answer: Answer
    locale: str = "de"
    syntax: Syntax = Syntax.NONE
    format: str = ""
    markup: bool = False
    max_length: int | None = None
    do_not_translate: tuple[str, ...] = ()
    preferred: tuple[tuple[str, str], ...] = ()

    @property
    def subject(self) -> Subject:
        """The facts of the source."""
        forms = {} if isinstance(self.source, str) else self.source
        return Subject(
            self.source if isinstance(self.source, str) else self.source["other"],
            forms,
            self.syntax,
            self.format,
            self.markup,
            self.max_length,
            self.do_not_translate,
            dict(self.preferred),
        )


@dataclass(frozen=True, slots=True)
class Check:
    """One check: ``examine`` yields a message per thing that is wrong."""

    name: str
    meaning: str
    severity: Severity
    examine: Callable[[Case], Iterator[str]]
    right: tuple[Example, ...] = ()
    wrong: tuple[Example, ...] = ()
