"""The project's glossary: how terms are translated, and which are not."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field

from hunkworks.catalogs.conventions import as_bcp47
from hunkworks.errors import ConfigError

_KEEP = "do-not-translate"
_YES = {"yes", "true", "x", "1"}


@dataclass(frozen=True, slots=True)
class Term:
    """One term: kept as it is, or translated by locale."""

    term: str
    keep: bool = False
    translations: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Glossary:
    """All terms; ``Glossary()`` where a project has none."""

    terms: tuple[Term, ...] = ()

    def kept(self, text: str) -> tuple[str, ...]:
        """Return the terms in ``text`` that are not translated, in the letters that the glossary spells."""
        return tuple(
            term.term for term in self.terms if term.keep and _stands_in(term.term, text, exact=True)
        )

    def preferred(self, text: str, locale: str) -> dict[str, str]:
        """Return term → translation for the terms in ``text``; a locale takes its language's where it has none."""
        found = {}
        for term in self.terms:
            translation = term.translations.get(locale) or term.translations.get(locale.partition("-")[0])
            if translation and _stands_in(term.term, text, exact=False):
                found[term.term] = translation
        return found


def parse(data: bytes, origin: str) -> Glossary:
    """Return the glossary that a CSV file holds: columns ``term``, one per locale, and ``do-not-translate``.

    Raises:
        ConfigError: A column has another name, or a row has no term.
    """
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"{origin} is no CSV file in UTF-8: {error}") from None
    if not rows:
        return Glossary()
    columns = [
        name.strip().lower() if name.strip().lower() in ("term", _KEEP) else name.strip() for name in rows[0]
    ]
    if "term" not in columns:
        raise ConfigError(
            f"{origin} has no column for the terms",
            expected=f"term,de,fr,{_KEEP}",
            found=",".join(columns)[:80],
        )
    locales = {}
    for column in columns:
        if column not in ("term", _KEEP):
            locales[column] = as_bcp47(column)
            if not locales[column]:
                raise ConfigError(
                    f"{origin}: the column {column!r} is no locale", expected=f"a locale, or {_KEEP}"
                )
    return Glossary(
        tuple(
            _term(row, columns, locales, f"{origin}:{line}")
            for line, row in enumerate(rows[1:], 2)
            if any(row)
        )
    )


def _term(row: list[str], columns: list[str], locales: dict[str, str], where: str) -> Term:
    if len(row) > len(columns):
        raise ConfigError(f"{where} has {len(row)} fields", expected=f"at most {len(columns)}")
    fields = dict(zip(columns, (cell.strip() for cell in row), strict=False))
    if not fields.get("term"):
        raise ConfigError(f"{where} has no term")
    translations = {locale: fields[name] for name, locale in locales.items() if fields.get(name)}
    return Term(fields["term"], fields.get(_KEEP, "").lower() in _YES, translations)


def _stands_in(term: str, text: str, *, exact: bool) -> bool:
    flags = 0 if exact else re.IGNORECASE
    return re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text, flags) is not None
