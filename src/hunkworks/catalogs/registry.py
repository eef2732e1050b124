"""Which format a file has: one row per format, imported on use."""

from __future__ import annotations

import gc
import importlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, cast

from hunkworks.catalogs.protocol import Catalog, Format
from hunkworks.errors import HunkworksError, InputError


class Row(NamedTuple):
    """One format: its module in this package, the paths that may be it, and what the content must hold then.

    ``content`` "" stands for anything; it is searched in the first 4096 bytes, without zero bytes (UTF-16).
    """

    name: str
    path: str
    content: str = ""


# JSON and YAML are catalogs where a folder says so, or a name such as de.json, pt-BR.json or messages.de.yml.
_FOLDER = (
    r"(?:^|[\\/])(?:_?locales?|i18n|intl|l10n|lang|langs|languages?|translations?|dictionaries|messages)[\\/]"
)
# ISO 639-1, with Java's old codes.
_LANGUAGES = (
    r"a[abefkmnrsvyz]|b[aeghimnors]|c[aehorsuvy]|d[aevz]|e[elnostu]|f[afijory]|g[adlnuv]|h[aeiortuyz]|"
    r"i[adegiknostuw]|j[av]|k[agijklmnorsuvwy]|l[abginotuv]|m[ghiklnrsty]|n[abdeglnorvy]|o[cjmrs]|"
    r"p[ailst]|qu|r[mnouw]|s[acdegiklmnoqrstuvw]|t[aeghiklnorstwy]|u[gkrz]|v[eio]|w[ao]|xh|y[io]|"
    r"z[ahu]"
)
_NAME = (
    r"(?:^|[\\/])(?:(?:messages|translations?|strings|locale|common|validators|security)(?:\+intl-icu)?[._-])?"
    rf"(?:{_LANGUAGES})(?:[-_][A-Z][a-z]{{3}})?(?:[-_](?:[A-Z]{{2}}|\d{{3}}))?"
)
_CONVENTIONAL = rf"(?:{_FOLDER}.*|(?-i:{_NAME}))"
# Settings that Java tools keep in the same format.
_NO_SETTINGS = (
    r"(?:^|[\\/])(?!(?:gradle|gradle-wrapper|local|build|project|sonar-project|(?:application|bootstrap)(?:-[\w-]+)?|logging"
    r"|log4j2?|lombok|maven-wrapper|wrapper|version|git|junit-platform)\.properties$)[^\\/]*"
)

# The first row that fits wins: what a path or content narrows stands above what takes all that is left.
FORMATS: tuple[Row, ...] = (
    Row("xcstrings", r"\.xcstrings$"),
    Row("stringsdict", r"\.stringsdict$"),
    Row("strings", r"\.strings$"),
    Row("android", r"\.xml$", r"<resources[\s>/]"),
    Row("arb", r"\.arb$"),
    Row("po", r"\.pot?$"),
    Row("xliff", r"\.(?:xlf|xliff)$"),
    Row(
        "chrome",
        r"(?:^|[\\/])_locales[\\/][^\\/]+[\\/]messages\.json$",
        r'"message(?:format)?"\s*:|\A\s*\{\s*\}\s*\Z',
    ),
    Row("json_catalog", _CONVENTIONAL + r"\.json$"),
    Row("yaml_catalog", _CONVENTIONAL + r"\.ya?ml$"),
    Row("properties", _NO_SETTINGS + r"\.properties$"),
)
_SNIFFED = 4096


def detect(path: str, data: bytes) -> str:
    """Return the name of the format of a file, or "" where it is none of ours."""
    head: str | None = None
    for row in FORMATS:
        if re.search(row.path, path, re.IGNORECASE):
            if not row.content:
                return row.name
            if head is None:
                head = data[:_SNIFFED].replace(b"\0", b"").decode("latin-1")
            if re.search(row.content, head):
                return row.name
    return ""


def load(name: str) -> Format:
    """Return the format of that name: a module of this package."""
    if name not in {row.name for row in FORMATS}:
        raise InputError(f"{name!r} is not a catalog format", expected=", ".join(row.name for row in FORMATS))
    return cast("Format", importlib.import_module(f"hunkworks.catalogs.{name}"))


def read(path: str, data: bytes, name: str = "") -> Catalog:
    """Read a catalog exactly.

    Args:
        path: Decides the format, and the locale where it is part of the path.
        data: The whole content.
        name: The format, where it is known already.

    Raises:
        InputError: The format is unknown, or the file cannot be read exactly; the message says where.
    """
    name = name or detect(path, data)
    if not name:
        raise InputError(
            f"{path} is no catalog in a known format", expected=", ".join(row.name for row in FORMATS)
        )
    try:
        with uncollected():
            return load(name).parse(path, data)
    except InputError as error:
        raise InputError(
            f"{path}: {error.what}", expected=error.expected, found=error.found, fix=error.fix
        ) from None


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the garbage collector out: it would walk the tuples of a large catalog again and again, for nothing.

    What was made is old at once: into the permanent generation and out again moves it without a walk.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if gc.get_freeze_count() == 0:
            gc.freeze()
            gc.unfreeze()
        gc.enable()


def syntax_error(path: str, data: bytes) -> str | None:
    """Say why a catalog cannot be read, or None: it can be, or it is no catalog."""
    if not detect(path, data):
        return None
    try:
        read(path, data)
    except HunkworksError as error:
        return str(error)
    return None
