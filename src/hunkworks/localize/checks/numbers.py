"""Which numbers a plural form stands for in a locale, by CLDR."""

from __future__ import annotations

from functools import lru_cache

from hunkworks.catalogs.plurals import integer_forms
from hunkworks.catalogs.protocol import CATEGORIES

# Every integer that a CLDR rule tells from its neighbours; their operands are n modulo 10, 100, 1000 and a million.
_SAMPLE = (*range(1101), 10_000, 100_000, 1_000_000, 1_000_001, 2_000_000)
_ALONE = {"zero": 0, "one": 1, "two": 2}
# CLDR added "many" for millions in 2020; platforms and catalogs mostly do without it.
_MANY_OPTIONAL = ("fr", "es", "it", "pt", "ca")


def required_forms(locale: str) -> tuple[str, ...]:
    """Return the categories that a set of plural forms needs in a locale; only ``other`` in one CLDR does not know."""
    forms = integer_forms(locale.replace("_", "-")) or ("other",)
    language = locale.replace("_", "-").partition("-")[0].lower()
    return tuple(form for form in forms if not (form == "many" and language in _MANY_OPTIONAL))


@lru_cache(maxsize=512)
def numbers_of(form: str, locale: str, *, ordinal: bool = False) -> tuple[int, ...]:
    """Return the first integers that a category stands for, at most three: enough to tell one number from several.

    A category that the locale does not have stands for what it says (``zero`` is 0 on every platform), one that only
    fractions have for nothing. In a locale that CLDR does not know, ``zero``, ``one`` and ``two`` are taken literally.
    """
    rule = _rule(locale, ordinal=ordinal)
    if rule is None or form not in (*rule.tags, "other"):
        return (_ALONE[form],) if form in _ALONE else (2, 3, 4)
    found: list[int] = []
    for number in _SAMPLE:
        if rule(number) == form:
            found.append(number)
            if len(found) == 3:
                break
    return tuple(found)


def one_number(form: str, locale: str) -> bool:
    """Whether a form is shown for one number only, so that its text may say the number in words or not at all.

    Also where it stands for 0 and 1, as in French: people leave the 1 out there, and that 0 reads wrong then is a
    warning of its own.
    """
    return form in CATEGORIES and (len(numbers_of(form, locale)) == 1 or zero_and_one(form, locale))


def zero_and_one(form: str, locale: str, *, ordinal: bool = False) -> bool:
    """Whether a form stands for just 0 and 1."""
    return numbers_of(form, locale, ordinal=ordinal) == (0, 1)


def known_forms(locale: str) -> tuple[str, ...]:
    """Return every category that CLDR has for a locale, those of fractions included; () for one it does not know."""
    rule = _rule(locale, ordinal=False)
    return () if rule is None else tuple(form for form in CATEGORIES if form in (*rule.tags, "other"))


@lru_cache(maxsize=512)
def ordinal_forms(locale: str) -> tuple[str, ...]:
    """Return the categories that ordinals (1st, 2nd) need in a locale."""
    rule = _rule(locale, ordinal=True)
    return ("other",) if rule is None else tuple(form for form in CATEGORIES if form in (*rule.tags, "other"))


@lru_cache(maxsize=512)
def _rule(locale: str, *, ordinal: bool):  # type: ignore[no-untyped-def]
    from babel import Locale, UnknownLocaleError  # heavy

    tag = locale.replace("_", "-")
    while tag:
        try:
            found = Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            tag = tag.rpartition("-")[0]
            continue
        return found.ordinal_form if ordinal else found.plural_form
    return None
