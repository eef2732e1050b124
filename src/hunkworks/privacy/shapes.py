"""Secrets that are known by their shape: passwords in URLs and headers, assignments, generated tokens."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from hunkworks.privacy.keys import encoded_private_keys, private_keys
from hunkworks.privacy.looks import is_code, is_generated, is_password, is_short_token, is_stand_in, is_token

Span = tuple[int, int]


class Shape(NamedTuple):
    """One kind of secret: ``find(text, start, end)`` yields spans, around its keywords (all over without any)."""

    kind: str
    keywords: tuple[str, ...]
    find: Callable[[str, int, int], Iterator[Span]]


_URL = re.compile(
    r"\b[a-zA-Z][a-zA-Z0-9+.-]{1,30}://([^\s/@:'\"<>`\\]{0,100}):([^\s/'\"<>`\\]{3,200})@[\w\[{$%]"
)
_URL_TOKEN = re.compile(r"\bhttps?://([A-Za-z0-9_-]{20,120})@[\w\[]")
_BASIC = re.compile(r"(?i)\bbasic[ :]+([a-z0-9+/]{12,400}={0,2})(?![a-z0-9+/=])")
_BEARER = re.compile(r"(?i)\bbearer[ :=]+[\"']?([\w.~+/=-]{14,4000})")
_JWT = re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}(?:\.[\w-]*)?")
_HASH = re.compile(r"\$(?:1|2[aby]|[5689y]|argon2id?)\$[\w./$=,+-]{20,200}")


def password_hashes(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield hashes as crypt(3), bcrypt, Argon2 and routers write them: they can be guessed against at leisure."""
    return (found.span() for found in _HASH.finditer(text, start, end))


def passwords_in_urls(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the password of ``scheme://user:password@host``, and a token that stands for both."""
    for found in _URL.finditer(text, start, end):
        if not is_stand_in(found[2].strip("[]")) and found[2].lower() != found[1].lower():
            yield found.span(2)
    for found in _URL_TOKEN.finditer(text, start, end):
        if is_token(found[1]):
            yield found.span(1)


def basic_credentials(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the credentials of an ``Authorization: Basic`` header."""
    for found in _BASIC.finditer(text, start, end):
        try:
            decoded = base64.b64decode(found[1] + "=" * (-len(found[1]) % 4), validate=True)
        except binascii.Error:
            continue
        if b":" in decoded and decoded.isascii() and decoded.decode("ascii").isprintable():
            yield found.span(1)


def bearer_tokens(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the token of an ``Authorization: Bearer`` header."""
    for found in _BEARER.finditer(text, start, end):
        if is_token(found[1]) or is_short_token(re.sub(r"[._~+/-]", "", found[1])):
            yield found.span(1)


def json_web_tokens(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield JSON Web Tokens, with and without a signature."""
    for found in _JWT.finditer(text, start, end):
        yield (_JWT.match(text, found.start()) or found).span()


# ── Assignments: a name that says secret, a sign, and a value that reads like one ─────────────────

_TOKEN_WORDS = (
    "secret",
    "token",
    "key",
    "auth",
    "credential",
    "signature",
    "private",
    "access",
    "api",
    "_pat",
)
_PASSWORD_WORDS = (
    "passw",
    "passphrase",
    "pwd",
    "_pass",
    "dbpass",
    "pass=",
    "pass =",
    "pass:",
    'pass"',
    "pass'",
)
_REST_OF_NAME = r"[\w .)-]{0,24}?[\"'`]{0,2}\]?\s{0,4}?"
_SIGN = r"(?:(?::=|=>|->|={1,3}|!={1,2}|::?|,|\(|>)\s{0,16}|[ \t]+-[ \t]+|[ \t]+)"
_VALUE = (
    r"(?:\w{1,10}\()?"
    r"(?:\"([^\"\n]{8,2000})\"|'([^'\n]{8,2000})'|`([^`\n]{8,2000})`|[\"'{\\]{0,2}([^\s\"'`,;<>(){}\[\]&\\]{8,300}))"
)
_UNQUOTED = 4
_REST_OF_VALUE = re.compile(r"[^\s\"'`,;<>(){}\[\]&\\]{0,8000}")
_MOST_NAMES = 10  # in one run without a space
_TOKEN = re.compile(
    r"(?i)(?:secret|token|key|auth(?!or\b)|credential|signature|private|access|api|_pat\b)"
    + _REST_OF_NAME
    + _SIGN
    + _VALUE
)
# A short value is a token only behind a name that says so without doubt, in quotes.
_SHORT = re.compile(
    r"(?i)(?:secret|token|api_?key|apikey)[\"'`]{0,2}\]?\s{0,4}?(?::?=|=>|:)\s{0,4}"
    r"(?:\"([^\"\n]{10,32})\"|'([^'\n]{10,32})'|([a-z0-9]{10,15})(?=[ \t]*(?:$|[;#\n])))"
)
_JOINED = re.compile(
    r"(?i)(?:secret|token|key|credential|private|access)(?:[._-]{1,2}|\s{1,3}[\"']?)([a-z0-9]{4,}[a-z0-9-]{12,80})(?![\w-])"
)
_JOINED_DIGITS = 4
# Several words in one value, of which one may be the secret: `<secret>{AQAAABAAA 4f…}</secret>`, `"Bearer 4f…"`.
_SEVERAL = re.compile(
    r"(?i)(?:secret|token|key|auth|credential|private|access|passw)"
    + _REST_OF_NAME
    + r"(?:(?::?=|=>|:|>)\s{0,16})(?=[^\n]{0,80}[ |{])[\"'`{]{0,2}([^\"'`\n<]{16,400})"
)
_WORD = re.compile(r"[^\s{}|,;()\[\]]{16,}")
_DIGEST = re.compile(
    r"(?<![\w-])([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})(?![\w./-])",
    re.IGNORECASE,
)
_SHA1 = 40
_NAME_BEFORE = re.compile(r"([A-Za-z][\w.-]{2,40})[\"'`]?\]?\s{0,4}[:=]\s{0,4}[\"']?$")
_COUNTED = re.compile(
    r"(?i)sha|hash|digest|md5|commit|rev|ref|(?:^|[._-])id\b|id$|ids\b|uuid|guid|sum|etag|version|head|base|parent|tree|print"
    r"|integrity|node|object|build|crc|blob|oid|salt|nonce|data|value|expected|actual|result|hex|file|image|layer|name|tag"
)
_PASSWORD = re.compile(
    r"(?i)(?:passw|passphrase|pwd|_pass|dbpass|\bpass(?=[\"']?\s{0,3}[:=]))" + _REST_OF_NAME + _SIGN + _VALUE
)


def assigned_tokens(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield generated values that stand behind a name that says secret: after a sign, or joined to it by a dash."""
    yield from _assigned(_TOKEN, text, start, end, is_token)
    yield from _assigned(_SHORT, text, start, end, is_short_token)
    for found in _JOINED.finditer(text, start, end):
        if is_token(found[1]) and sum(map(str.isdigit, found[1])) >= _JOINED_DIGITS:
            yield found.span(1)
    for found in _SEVERAL.finditer(text, start, end):
        for word in _WORD.finditer(found[1]):
            if is_token(word[0]) and not is_code(word[0]):
                yield found.start(1) + word.start(), found.start(1) + word.end()


def assigned_digests(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield hexadecimal values and UUIDs in quotes whose name does not say what they count or check."""
    for found in _DIGEST.finditer(text, start, end):
        name = _NAME_BEFORE.search(text, max(0, found.start() - 60), found.start())
        quoted = text[found.start() - 1 : found.start()] in {'"', "'"}
        checksum = len(found[1]) == _SHA1 and not quoted  # as lock files list them
        in_query = name is not None and text[name.start() - 1 : name.start()] in {"?", "&"}
        if name is not None and not checksum and not in_query and not _COUNTED.search(name[1]):
            yield found.span(1)


def assigned_passwords(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield values behind a name that says password, if they read like one and not like a text."""
    return _assigned(_PASSWORD, text, start, end, lambda value: is_token(value) or is_password(value))


def _assigned(
    pattern: re.Pattern[str], text: str, start: int, end: int, accept: Callable[[str], bool]
) -> Iterator[Span]:
    rejected = run = 0
    while (found := pattern.search(text, start, end)) is not None:
        if found.end() == end < len(text):
            found = pattern.match(text, found.start()) or found
        group = found.lastindex or 0
        low, high = found.span(group)
        if group == _UNQUOTED and (rest := _REST_OF_VALUE.match(text, high)):
            high = rest.end()
        value = text[low:high].rstrip()
        if accept(value) and not (group == _UNQUOTED and is_code(value)):
            yield low, low + len(value)
            start, rejected = high, 0
        else:
            # The value may itself hold a name and its value, but `key=key=key=…` must not cost its square.
            rejected = rejected + 1 if found.start() < run else 0
            run = high
            start = high if rejected > _MOST_NAMES else max(low, found.start() + 1)


# ── Generated tokens without a name ─────────────────────────────────────────────────────────────

_BARE = re.compile(r"(?<![A-Za-z0-9+_=@#%$-])[A-Za-z0-9_-]{20,1000}={0,2}(?![A-Za-z0-9_+@%=-])")
# What stands before the generated part and belongs to it: `dp.st.`, `ya29.`, a bot's number.
_PREFIX = re.compile(r"(?:\b[a-z][a-z0-9]{0,5}\.){1,3}$|\b\d{8,10}:$")
# Checksums in lock files, and what is embedded as base64.
_DATA = re.compile(r"(?i)(?:sha\d{3}-|h1:|base64,|integrity\W{1,5})[a-z0-9+/]*$")
_BASE64_LINE = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_EMBEDDED = re.compile(r"[A-Za-z0-9+/]{400}")  # pictures and fonts
_BLOCK_WIDTHS = (60, 64, 76)


def bare_tokens(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield what reads generated wherever it stands: in a path, in a sentence, alone."""
    for found in _BARE.finditer(text, start, end):
        if is_generated(found[0]) and not _in_data(text, found):
            prefix = _PREFIX.search(text, max(0, found.start() - 24), found.start())
            yield prefix.start() if prefix else found.start(), found.end()


def _in_data(text: str, found: re.Match[str]) -> bool:
    """Return whether the token is part of a checksum, or a line of a certificate or an embedded file."""
    line = text.rfind("\n", 0, found.start()) + 1
    if _DATA.search(text, max(line, found.start() - 160), found.start()):
        return True
    around = _EMBEDDED.search(text, max(line, found.start() - 400), found.end() + 400)
    if around and not around[0].isalnum():
        return True
    before = text.rfind("\n", 0, max(0, line - 1)) + 1
    whole = text[line : found.end() + 100].partition("\n")[0].strip()
    if not _BASE64_LINE.fullmatch(whole):
        return False
    return len(whole) in _BLOCK_WIDTHS or len(text[before:line].strip()) in _BLOCK_WIDTHS


SHAPES = (
    Shape(
        "private-key",
        ("private key", "putty-user-key-file", "private-mac", "b3blbnnzac1rzxktdje"),
        private_keys,
    ),
    Shape("encoded-private-key", ("ls0tls1crudjti",), encoded_private_keys),
    Shape("jwt", ("eyj",), json_web_tokens),
    Shape("url-password", ("://",), passwords_in_urls),
    Shape(
        "password-hash",
        ("$1$", "$2a$", "$2b$", "$2y$", "$5$", "$6$", "$y$", "$8$", "$9$", "$argon2"),
        password_hashes,
    ),
    Shape("basic-auth", ("basic",), basic_credentials),
    Shape("bearer-token", ("bearer",), bearer_tokens),
    Shape("password", _PASSWORD_WORDS, assigned_passwords),
    Shape("generic-secret", _TOKEN_WORDS, assigned_tokens),
    Shape("assigned-digest", (), assigned_digests),
    Shape("generated-token", (), bare_tokens),
)
