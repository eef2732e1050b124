"""What a value reads like: generated, chosen as a password, or only standing in for the real one."""

from __future__ import annotations

import re

from hunkworks.privacy.rules import entropy

# A reference to where the value really is, in the ways of shells, templates and programming languages.
_REFERENCE = re.compile(
    r"\$[\w({]|\{\{|\}\}|#\{|<[^>]*>|\[[\w.]+\]|\w\(|::|->|\.\.\.|\*{3}|…"
    r"|^%\w+%$|^%[-+ #0-9.]*[a-zA-Z@]$|^[@&]|^\{[^{}]*\}$"
)
_DUMMY = re.compile(
    r"(?i)example|sample|dummy|fake|change[_-]?(?:it|me)|your[_-]|placeholder|redacted|foo|bar|test|lorem|abcdef|12345"
    r"|password|passwd|secret|x{4}|todo|insert|replace|mock|hidden|qwerty"
)
_STAND_IN = re.compile(
    r"(?i)admin|change(?:me|it)|example|foo|guest|pass(?:wd|word)?|postgres|pwd|root|secret|test|token|user(?:name)?"
)
# Words as a reader sees them; what is generated has short ones, in every alphabet it is written with.
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_HEX = re.compile(r"[0-9a-fA-F]+")
_FILLING = frozenset("xX*.-_?#0 ")
_LONG = re.compile(r"[A-Za-z0-9]{32,}")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_CHUNK = re.compile(r"[A-Za-z0-9]{20,}")
_SIGN_INSIDE = re.compile(r"\w+[!$%^*#]\w{4,}")  # a word, a sign, a word: as people make words into passwords
_TURNS = re.compile(
    r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])"
)  # no name goes from letters to digits and back so often
_MANY_TURNS = 8
_SYMBOL = re.compile(r"[@^!#&*~|?$]")
_PATTERN = re.compile(r"[\[\]\\%{}]|\*{2}|\.\*|\.\+|://")
_CHECKSUM = re.compile(r"(?:h1:|sha\d{1,3}[-:=])")
_IN_URL = re.compile(r"[/?&=#]")
_KEYWORD = re.compile(r"[a-z_]\w*=[\w.(]")
_NAMES = re.compile(r"[*&.]{0,2}[A-Za-z_]\w*(?:\.\w+)*")
_SERIAL = re.compile(r"(?=.*\d)[A-Z0-9]{4,8}(?:-[A-Z0-9]{4,8}){3,}")
_XCODE = re.compile(r"[0-9A-F]{24}")  # the names that Xcode gives to a project's objects
_NO_WORD = re.compile(
    r"[bcdfghjklmnpqrstvwxz]{7,}", re.IGNORECASE
)  # no language's word has so many consonants


def is_reference(value: str) -> bool:
    """Return whether the value names where the real one is, or leaves it out."""
    return set(value) <= _FILLING or bool(_REFERENCE.search(value))


def is_stand_in(value: str) -> bool:
    """Return whether everybody would know the value for none: ``user:password@localhost``."""
    return is_reference(value) or bool(_STAND_IN.fullmatch(value))


def is_password(value: str) -> bool:
    """Return whether a person would choose the value as a password and not as a text."""
    if not 8 <= len(value) <= 100 or " " in value or is_reference(value) or _DUMMY.search(value):
        return False
    classes = (r"[a-z]", r"[A-Z]", r"[^\w.\s:/-]")
    found = sum(bool(re.search(shape, value)) for shape in classes)
    return found >= 2 if any(c.isdigit() for c in value) else found > 2 or bool(_SIGN_INSIDE.fullmatch(value))


def word_length(value: str) -> float:
    """Return the mean length of the words in ``value``: 1–3 for what is generated, 4 and more for names."""
    words = _WORDS.findall(value)
    return sum(map(len, words)) / len(words) if words else 99.0


def is_token(value: str) -> bool:
    """Return whether a value that was given to a secret's name reads generated."""
    if not 16 <= len(value) <= 8000 or " " in value or _CHECKSUM.match(value):
        return False
    scheme, _, address = value.partition("://")
    if address:
        return scheme.isalnum() and any(is_token(part) for part in _IN_URL.split(address))
    return _of_symbols(value) or (not is_reference(value) and _is_token(value))


def _is_token(value: str) -> bool:
    if _LONG.search(value) and (value.islower() or value.isupper() or _mixes_digits(value)):
        return True
    if _SERIAL.fullmatch(value):
        return True
    if _XCODE.fullmatch(value):
        return False
    if entropy(value) < 2.8:
        return False
    digits = sum(c.isdigit() for c in value)
    letters = sum(c.isalpha() for c in value)
    if letters >= 16 and "." not in value and (_NO_WORD.search(value) or _few_vowels(value, letters)):
        return True
    if not letters and digits >= 18:
        return True
    if not digits:
        return letters >= 20 and word_length(value) <= 3.2
    if letters and word_length(value) <= 3.5:
        return True
    return digits >= 4 and letters >= 4 and bool(_CHUNK.search(value) or _UUID.search(value))


def is_code(value: str) -> bool:
    """Return whether a value without quotes reads like an expression: a name, a path of names, ``name=value``."""
    if _KEYWORD.match(value):
        return True
    if not _NAMES.fullmatch(value) or sum(map(str.isdigit, value)) > 4:
        return False
    parted = not value.isalnum()  # by a dot, an underscore or a star
    return word_length(value) >= (2.7 if parted else 3.0) and (
        parted or not (value.islower() or value.isupper())
    )


def _of_symbols(value: str) -> bool:
    """Return whether letters, digits and symbols are mixed as a generator of passwords mixes them, and no pattern."""
    return (
        len(set(_SYMBOL.findall(value))) >= 2
        and not _PATTERN.search(value)
        and word_length(value) <= 2.5
        and any(map(str.isdigit, value))
        and not (value.islower() or value.isupper())
    )


def _mixes_digits(value: str) -> bool:
    return any(c.isdigit() for c in value) and word_length(value) <= 4


def _few_vowels(value: str, letters: int) -> bool:
    """Return whether there are fewer vowels than in any language's words; letters drawn at random have a fifth."""
    return sum(map(value.lower().count, "aeiou")) <= letters * 0.21


def is_short_token(value: str) -> bool:
    """Return whether a value too short for ``is_token`` reads generated; its name has to say what it is."""
    if not 10 <= len(value) <= 32 or is_reference(value) or _DUMMY.search(value):
        return False
    digits = sum(c.isdigit() for c in value)
    letters = sum(c.isalpha() for c in value)
    if digits + letters < len(value) - 2 or letters < 2:
        return False
    return word_length(value) <= (3.2 if digits >= 2 else 2.2)


def is_generated(value: str) -> bool:
    """Return whether a value reads generated wherever it stands, name or no name.

    Digits in hexadecimal alone are not enough: commits and checksums are everywhere.
    """
    mixed = not (value.islower() or value.isupper())
    if (
        len(value) >= 28
        and value.isalnum()
        and not _HEX.fullmatch(value)
        and len(_TURNS.findall(value)) >= _MANY_TURNS
    ):
        return True
    words = _WORDS.findall(value)
    size = sum(map(len, words))
    digits = sum(map(str.isdigit, words))
    if size < (20 if mixed else 24) or size > 2.8 * len(words):
        return False
    if digits < 2 and not (digits and mixed and size <= 2.2 * len(words)):
        return False
    return not _HEX.fullmatch(value.replace("-", ""))
