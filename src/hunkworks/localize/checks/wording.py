"""The words: nothing but the translation, of a plausible length, with the glossary's terms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hunkworks.catalogs.placeholders import Syntax, placeholders
from hunkworks.localize.checks.model import Case, named, shown

_FENCE = re.compile(r"```|~~~")
_CHATTER = re.compile(
    r"\A\W*(?:(?:sure|certainly|of course|here(?:'s| is| are)|as an ai|i(?:'m| am) sorry|i can(?:'t|not))\b|"
    r"(?:the )?translat(?:ion|ed text)\b[^:\n]{0,30}:|note:)|\b(?:as an ai|language model)\b"
    r"|</?(?:source|target|translation|answer)>",
    re.IGNORECASE,
)
_ENVELOPE = re.compile(
    r"\A\s*(?:\{\s*\"(?:text|translation|target|id|other)\"\s*:|\[\s*[\"{]).*[}\]]\s*\Z", re.DOTALL
)
_URL = re.compile(r"https?://[^\s\"'<>)\]]+")
_DIGITS = re.compile(r"\d+")
_ACRONYM = re.compile(r"\b[A-Z]{2,}\b")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ENDS = {
    "full stop": ".。．।։۔።།॥᙮",
    "exclamation mark": "!！¡՜",
    "question mark": "?？؟;¿՞፧",
    "colon": ":：",
    "ellipsis": "…",
}
_CLOSING = "\"'”’»«)]）」』】 \u00a0\u202f\u200e\u200f\u200b"
# No full stop, or one that is often left out.
_NO_FULL_STOP = ("th", "lo", "km", "my", "bo", "zh", "ja", "yue")
_DENSE = ("zh", "ja", "ko", "yue")
_RATIO, _SHORT, _FROM = 2.5, 0.3, 10
_ENOUGH_WORDS = 2


def translation_only(case: Case) -> Iterator[str]:
    """Yield code fences, remarks and JSON around a translation."""
    whole = "".join(case.sources)
    for form, _, text in case.pairs:
        for pattern, what in ((_FENCE, "a code fence"), (_CHATTER, "a remark"), (_ENVELOPE, "JSON")):
            found = pattern.search(text)
            if found and not pattern.search(whole):
                yield f"{named(form)}expected the translation alone, found {what}: {shown(found.group(), 30)}"
                break


def length_limit(case: Case) -> Iterator[str]:
    """Yield texts longer than the limit."""
    limit = case.subject.max_length
    for form, _, text in case.pairs:
        if limit is not None and len(text) > limit:
            yield f"{named(form)}expected at most {limit} characters, found {len(text)}; say it shorter"


def length_ratio(case: Case) -> Iterator[str]:
    """Yield texts implausibly long or short for their source."""
    dense = case.context.source_locale.partition("-")[0] in _DENSE
    for form, source, text in case.pairs:
        if len(source) < _FROM or dense:
            continue
        ratio = len(text) / len(source)
        if ratio > _RATIO or (ratio < _SHORT and case.language not in _DENSE):
            yield f"{named(form)}expected about {len(source)} characters, found {len(text)}"


def end_punctuation(case: Case) -> Iterator[str]:
    """Yield texts that do not end as the source ends."""
    for form, source, text in case.pairs:
        expected, found = _end(source), _end(text)
        if not expected or expected == found or not _WORD.search(source):
            continue
        if expected == "full stop" and case.language in _NO_FULL_STOP:
            continue
        yield f"{named(form)}expected a {expected} at the end, found {shown(text.rstrip()[-3:])}"


def _end(text: str) -> str:
    text = re.sub(r"</[^<>]+>\s*\Z", "", text.rstrip()).rstrip(_CLOSING)
    if text.endswith("..."):
        return "ellipsis"
    return next((name for name, marks in _ENDS.items() if text and text[-1] in marks), "")


def untranslated(case: Case) -> Iterator[str]:
    """Yield copies of the source with words in it."""
    if case.language == case.context.source_locale.replace("_", "-").partition("-")[0].lower():
        return
    for form, source, text in case.pairs:
        if text.strip() == source.strip() and len(_words(source, case.subject.syntax)) >= _ENOUGH_WORDS:
            yield f"{named(form)}expected a translation to {case.locale}, found the source text"


def _words(text: str, syntax: Syntax) -> list[str]:
    for placeholder in reversed(placeholders(text, syntax)):
        text = text[: placeholder.span.start] + " " + text[placeholder.span.end :]
    return _WORD.findall(re.sub(r"<[^<>]*>|https?://\S+|\S+@\S+", " ", text))


def do_not_translate(case: Case) -> Iterator[str]:
    """Yield terms of the source that stay as they are, and did not."""
    for form, source, text in case.pairs:
        for term in case.subject.do_not_translate:
            if _has(source, term) and term not in text:
                yield f"{named(form)}expected {term!r} as it is (glossary), found it nowhere in {shown(text)}"


def preferred(case: Case) -> Iterator[str]:
    """Yield terms that the glossary translates otherwise."""
    for form, source, text in case.pairs:
        for term, translation in case.subject.preferred.items():
            if _has(source.casefold(), term.casefold()) and translation.casefold() not in text.casefold():
                yield f"{named(form)}expected {translation!r} for {term!r} (glossary), found {shown(text)}"


def _has(text: str, term: str) -> bool:
    """Whether a term stands in a text as a word, not as part of one."""
    before = r"(?<!\w)" if term[:1].isalnum() else ""
    after = r"(?!\w)" if term[-1:].isalnum() else ""
    return bool(term) and re.search(before + re.escape(term) + after, text) is not None


def urls(case: Case) -> Iterator[str]:
    """Yield other addresses than the source's."""
    yield from _sets(case, _URL, "addresses")


def digits(case: Case) -> Iterator[str]:
    """Yield other numbers than the source's."""
    yield from _sets(case, _DIGITS, "numbers")


def acronyms(case: Case) -> Iterator[str]:
    """Yield words in capitals that the translation lost."""
    for form, source, text in case.pairs:
        lost = sorted(set(_ACRONYM.findall(source)) - set(_ACRONYM.findall(text)))
        if lost:
            yield f"{named(form)}expected {lost[0]}, found it nowhere"


def brackets(case: Case) -> Iterator[str]:
    """Yield other numbers of round and square brackets than the source's."""
    for form, source, text in case.pairs:
        plain = text.translate(str.maketrans("（）［］", "()[]"))
        if [source.count(c) for c in "()[]"] != [plain.count(c) for c in "()[]"]:
            yield f"{named(form)}expected the brackets of the source, found others"


def _sets(case: Case, pattern: re.Pattern[str], what: str) -> Iterator[str]:
    for form, source, text in case.pairs:
        expected, found = set(pattern.findall(source)), set(pattern.findall(text))
        if expected and expected != found:
            listed = ", ".join(sorted(found)) or "none"
            yield f"{named(form)}expected the {what} {', '.join(sorted(expected))}, found {listed}"
