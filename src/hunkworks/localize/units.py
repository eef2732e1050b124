"""One unit in one locale, as it is planned, handed out and answered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TypeAlias

import msgspec

from hunkworks.catalogs.placeholders import Syntax
from hunkworks.localize.changes import Kind, Name

#: A single text, or plural forms by CLDR category.
Text: TypeAlias = str | dict[str, str]


class Match(msgspec.Struct, frozen=True):
    """An earlier translation of the same (``similarity`` 100) or a similar text, and where it was found."""

    source: Text
    target: Text
    similarity: int
    origin: str


class Rejected(msgspec.Struct, frozen=True):
    """An answer that was not written, which check it failed, and what was expected and found."""

    id: str
    check: str
    message: str


class Neighbour(msgspec.Struct, frozen=True):
    """What stands beside the unit in the source, and how that is translated."""

    source: Text
    target: Text | None


class Planned(msgspec.Struct, frozen=True, omit_defaults=True):
    """One unit to be written in one locale.

    ``answer`` is set where no model is asked: ``origin`` then says whether a translation moves to a new key
    ("moved", from ``moved_from``) or an exact match of memory is taken ("memory").
    """

    id: str
    catalog: str
    source_catalog: str
    locale: str
    key: tuple[str, ...]
    kind: Kind
    source: Text
    part: tuple[str, ...] = ()
    nth: int = 0
    previous_source: Text | None = None
    previous_target: Text | None = None
    comment: str = ""
    syntax: Syntax = Syntax.NONE
    markup: bool = False
    placeholders: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    max_length: int | None = None
    near: tuple[Neighbour, ...] = ()
    memory: tuple[Match, ...] = ()
    do_not_translate: tuple[str, ...] = ()
    preferred: dict[str, str] = {}
    answer: Text | None = None
    origin: str = ""
    moved_from: tuple[str, ...] = ()
    standing: str = ""  # the print of the translation that stood there when this was planned, "" for none

    @property
    def name(self) -> Name:
        """The unit's name in its family."""
        return self.key, self.nth, self.part


def print_of(*texts: Mapping[str, str]) -> str:
    """Return a digest of texts by form, by which a later change of one is noticed."""
    told = json.dumps([sorted(text.items()) for text in texts]).encode("ascii")
    return hashlib.sha256(told).hexdigest()[:16]


def unit_id(catalog: str, locale: str, name: Name) -> str:
    """Return the id of a unit in a locale: the same in every plan."""
    told = json.dumps([catalog, locale, *name], ensure_ascii=True).encode("ascii")
    return f"u{hashlib.sha256(told).hexdigest()[:10]}"


def as_text(forms: Mapping[str, str]) -> Text:
    """Return forms as JSON shows them: a string where there is one text only."""
    return forms[""] if set(forms) == {""} else dict(forms)


def as_forms(text: Text) -> dict[str, str]:
    """Return a text by plural form; the form of a single text is ""."""
    return {"": text} if isinstance(text, str) else dict(text)


def longest(text: Text) -> str:
    """Return the text, or of plural forms the one that says most: "other"."""
    return text if isinstance(text, str) else text.get("other", next(reversed(text.values()), ""))
