"""Translation memory: what this repository's own catalogs already say, now and in their history.

Nothing is kept anywhere: memory is read from the catalogs when a plan is made.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from hunkworks.catalogs import Catalog, State, Unit
from hunkworks.catalogs.placeholders import Syntax
from hunkworks.localize.changes import Name, said, source_of, sources
from hunkworks.localize.units import Match, Planned, Text, as_forms, as_text, longest

_WORD = re.compile(r"\w+")
_SYNTAX = re.compile(r"[%{}$@:\\|'#]")
_LEAST_SIMILAR = 70
_MOST_MATCHES = 3
_CANDIDATES = 20
# A word in more sources than this says nothing about which of them is similar.
_COMMON = 500


class Memory:
    """Pairs of source and translation in one locale."""

    def __init__(self) -> None:
        self._exact: dict[object, dict[object, Match]] = defaultdict(dict)
        self._pairs: list[tuple[str, Match]] = []
        self._words: dict[str, list[int]] = defaultdict(list)

    def learn(
        self, source: Catalog, targets: Mapping[Name, Unit], *, inside_target: bool = False, origin: str
    ) -> None:
        """Take in every finished translation of ``source``."""
        spoken = source_of if inside_target else said
        for name, unit in sources(source).items():
            target = targets.get(name)
            if target is None or target.state in (State.NEW, State.NEEDS_REVIEW, State.OBSOLETE):
                continue
            texts = target.forms or {"": target.text}
            # Bilingual files may lag behind: then the translation is of the text that they hold.
            original = as_text(source_of(target) or spoken(unit))
            if all(text.strip() for text in texts.values()) and texts:
                self._add(Match(original, as_text(texts), 100, origin), unit.syntax, markup=unit.markup)

    def _add(self, match: Match, syntax: Syntax, *, markup: bool) -> None:
        known = self._exact[_print(match.source, syntax, markup=markup)]
        answer = _frozen(match.target)
        if answer in known:
            return
        known[answer] = match
        text = longest(match.source)
        for word in set(_words(text)):
            self._words[word].append(len(self._pairs))
        self._pairs.append((text, match))

    def exact(self, planned: Planned) -> Match | None:
        """Return the one translation that this very text has everywhere; None where there are two, or none."""
        known = self._exact.get(_print(planned.source, planned.syntax, markup=planned.markup), {})
        shaped = [match for match in known.values() if _fits(match.target, planned.forms)]
        return shaped[0] if len(shaped) == len(known) == 1 else None

    def similar(self, planned: Planned) -> tuple[Match, ...]:
        """Return the nearest earlier translations, the most similar first."""
        text = longest(planned.source)
        shared: Counter[int] = Counter()
        for word in set(_words(text)):
            places = self._words.get(word, [])
            if len(places) <= _COMMON:
                shared.update(places)
        found = []
        for index, _ in shared.most_common(_CANDIDATES):
            other, match = self._pairs[index]
            ratio = round(100 * difflib.SequenceMatcher(None, text, other, autojunk=False).ratio())
            if ratio >= _LEAST_SIMILAR:
                found.append(Match(match.source, match.target, ratio, match.origin))
        found.sort(key=lambda match: -match.similarity)
        return tuple(found[:_MOST_MATCHES])


def holds_any(catalog: Catalog, wanted: Iterable[Text]) -> bool:
    """Whether a source catalog says one of these texts: only then are its translations worth reading."""
    texts = {_frozen(text) for text in wanted}
    return any(_frozen(as_text(said(unit))) in texts for unit in sources(catalog).values())


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _fits(target: Text, forms: tuple[str, ...]) -> bool:
    return isinstance(target, str) == (not forms)


def _print(source: Text, syntax: Syntax, *, markup: bool) -> object:
    """Return what two units share that may have one translation; without placeholders the syntax does not matter."""
    spelled = syntax if _SYNTAX.search("".join(as_forms(source).values())) else Syntax.NONE
    return _frozen(source), spelled, markup


def _frozen(text: Text) -> object:
    return text if isinstance(text, str) else tuple(sorted(text.items()))
