"""Plural forms as files spell them: CLDR categories as keys, or gettext's numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, lru_cache
from gettext import c2py

from hunkworks.catalogs.protocol import CATEGORIES
from hunkworks.errors import InputError

_COUNT = re.compile(r"%\{count\}|\{\{\s*count\b|[$%]?\{(?:count|n|num|number|0)\}|%d|\$n\b|:count\b")
_FORMULA = re.compile(r"\s*nplurals\s*=\s*(\d+)\s*;\s*plural\s*=\s*([^;]+?)\s*;?\s*")
_PLACEHOLDER = re.compile(r"nplurals\s*=\s*INTEGER\b.*")
_SAMPLE = (*range(200), *range(1000, 1012), 10_000, 100_000, 1_000_000, 2_000_000)
_MOST_FORMS = 10


def is_plural(texts: Mapping[str, str], *, alone: bool = False) -> bool:
    """Whether members of one object, by name, are the plural forms of one text.

    All names are CLDR categories, ``other`` among them. Alone it is one where its text holds a number, as in
    Japanese, or where ``alone`` says that the locale has no other form; else it may be just an entry of that name.
    """
    if "other" not in texts or not set(texts) <= set(CATEGORIES):
        return False
    return alone or len(texts) > 1 or _COUNT.search(texts["other"]) is not None


def in_order(forms: Iterable[str]) -> list[str]:
    """Return the categories in CLDR's order.

    Raises:
        InputError: One is no category.
    """
    forms = list(forms)
    if strange := set(forms) - set(CATEGORIES):
        raise InputError(f"{min(strange)!r} is no plural category", expected=", ".join(CATEGORIES))
    return sorted(forms, key=CATEGORIES.index)


@lru_cache(maxsize=512)
def integer_forms(locale: str) -> tuple[str, ...]:
    """Return the categories that CLDR uses for a locale, in order; () for one it does not know."""
    rule = _rule(locale)
    return () if rule is None else tuple(in_order({rule(n) for n in _SAMPLE} | {"other"}))


@lru_cache(maxsize=512)
def gettext_forms(header: str, locale: str, found: int = 2) -> tuple[str, ...]:
    """Return the CLDR category of each ``msgstr[n]`` of a file with that ``Plural-Forms``.

    The formula decides: an index that is used for the numbers of one category only is that category, one that
    covers several is ``other``, one that no whole number leads to takes what is left of the locale's.

    Args:
        header: The value of the header field.
        locale: Whose plural rules name the indexes.
        found: How many forms an entry has: without a header, gettext counts as for English, unless these are
            just as many as the locale needs.

    Raises:
        InputError: It is no formula, or leads outside of its own number of forms.
    """
    if not header.strip() or _PLACEHOLDER.fullmatch(header.strip()):
        needed = integer_forms(locale)
        return needed if found == len(needed) else ("one", "other")
    formula = _FORMULA.fullmatch(header)
    if not formula or not 0 < int(formula.group(1)) <= _MOST_FORMS:
        raise InputError(
            "Plural-Forms is no formula", expected="nplurals=N; plural=EXPRESSION;", found=header
        )
    count = int(formula.group(1))
    rule = _rule(locale)
    used: list[dict[str, int]] = [{} for _ in range(count)]
    for n, index in zip(_SAMPLE, _indexes(formula.group(2), header), strict=True):
        if not 0 <= index < count:
            raise InputError(
                f"Plural-Forms leads to msgstr[{index}] for {n}", expected=f"less than {count}", found=header
            )
        category = rule(n) if rule else _plain_category(n)
        used[index][category] = used[index].get(category, 0) + 1
    return _named(used, _left_over(locale))


@lru_cache(maxsize=512)
def _indexes(expression: str, header: str) -> tuple[int, ...]:
    try:
        formula: Callable[[int], int] = c2py(expression)
        return tuple(formula(n) for n in _SAMPLE)
    except (ValueError, ZeroDivisionError, RecursionError, MemoryError) as error:
        raise InputError(f"Plural-Forms cannot be evaluated: {error}", found=header) from None


def _named(used: list[dict[str, int]], left_over: Collection[str]) -> tuple[str, ...]:
    if len(used) == 1:
        return ("other",)
    names: dict[int, str] = {}
    claims = sorted(range(len(used)), key=lambda index: -sum(used[index].values()))
    for index in claims:  # the index that most numbers lead to claims first
        categories = used[index]
        wanted = next(iter(categories)) if len(categories) == 1 else "other" if categories else ""
        if wanted and wanted not in names.values():
            names[index] = wanted
    free = [name for name in (*left_over, *reversed(CATEGORIES)) if name not in names.values()]
    for index in range(len(used)):
        if index not in names:
            names[index] = free.pop(0) if free else f"form-{index}"
            free = [name for name in free if name != names[index]]
    return tuple(names[index] for index in range(len(used)))


def _left_over(locale: str) -> tuple[str, ...]:
    """Return the locale's categories, those that only fractions have included, the most general first."""
    babel_locale = _locale(locale)
    tags = babel_locale.plural_form.tags if babel_locale else frozenset()
    return tuple(category for category in reversed(CATEGORIES) if category in tags | {"other"})


def _plain_category(n: int) -> str:
    return {0: "zero", 1: "one", 2: "two"}.get(n, "other")


@cache
def _rule(locale: str) -> Callable[[int], str] | None:
    found = _locale(locale)
    return found.plural_form if found else None


@cache
def _locale(locale: str):  # type: ignore[no-untyped-def]
    from babel import Locale, UnknownLocaleError

    tag = locale
    while tag:
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            tag = tag.rpartition("-")[0]
    return None
