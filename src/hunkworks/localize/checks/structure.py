"""The answer as a whole: text or forms, none empty, the ones the locale needs, writable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hunkworks.catalogs.protocol import CATEGORIES
from hunkworks.errors import InputError
from hunkworks.localize.checks import messages
from hunkworks.localize.checks.model import Case, named
from hunkworks.localize.checks.numbers import known_forms, required_forms

# What looks like white space, or like nothing at all: format characters, fillers, the blank of braille.
_UNSEEN = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)


def empty(case: Case) -> Iterator[str]:
    """Yield texts in which there is nothing to read, though the source has something."""
    if not case.texts:
        yield "expected a translation, found no text and no forms"
    for form, text in case.texts.items():
        # "," between thousands is a blank in French; a text of words is none anywhere.
        wanted = r"\w" if text else r"\S"
        if not _UNSEEN.sub("", text) and any(re.search(wanted, source) for source in case.sources):
            found = "nothing" if not text else "only what nobody sees" if text.strip() else "only white space"
            yield f"{named(form)}expected a translation, found {found}"


def needed(case: Case) -> tuple[str, ...]:
    """Return the plural forms that the answer must have: the file's own, else the locale's; () for none."""
    if not case.subject.source_forms:
        return ()
    return case.context.forms or required_forms(case.locale)


def forms(case: Case) -> Iterator[str]:
    """Yield plural forms that the locale needs and the answer has not, and answers of the other kind."""
    required = needed(case)
    if isinstance(case.answer, str):
        if set(required) - {"other"}:
            yield f"expected the forms {', '.join(required)} of {case.locale}, found one text"
        else:
            yield from messages.missing_branches(case, case.answer)
        return
    if not required:
        yield f"expected one text as in the source, found the forms {', '.join(case.answer) or '(none)'}"
        return
    found = ", ".join(case.answer) or "none"
    known = (*CATEGORIES, *required)
    if strange := [form for form in case.answer if form not in known]:
        yield f"expected plural categories ({', '.join(required)}), found {strange[0]!r}"
    if missing := [form for form in required if form not in case.answer]:
        yield (
            f"expected the forms {', '.join(required)} of {case.locale}, found {found}; add {', '.join(missing)}"
        )


def unused_forms(case: Case) -> Iterator[str]:
    """Yield plural forms that no number leads to in the locale; ``zero`` is 0 everywhere."""
    required = needed(case)
    known = known_forms(case.locale)
    if isinstance(case.answer, str) or not required or not known:
        return
    used = {*required, *known, "zero"}
    if unused := [form for form in case.answer if form in CATEGORIES and form not in used]:
        yield f"expected the forms {', '.join(required)} of {case.locale}, found also {', '.join(unused)}"


def writable(case: Case) -> Iterator[str]:
    """Yield why the file's format cannot hold the answer."""
    if case.context.write is None:
        return
    try:
        case.context.write(case.answer)
    except InputError as error:
        yield f"expected a text that {case.subject.format or 'the file'} can hold, found: {error}"
