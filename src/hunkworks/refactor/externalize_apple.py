"""Strings of Swift: String Catalogs and .strings, looked up by SwiftUI itself or by ``String(localized:)``."""

from __future__ import annotations

import posixpath

from hunkworks.refactor.site import Site, TextEdit, Undecided
from hunkworks.rules.hardcoded import Literal

_TABLE = "Localizable"
_SOURCES = ("en", "Base", "en-US", "en-GB")


def catalog(site: Site) -> str:
    """Return the default table that stands nearest to the file: a String Catalog, else .strings of the source."""
    found = [
        path
        for path in site.project.paths()
        if path.endswith(f"/{_TABLE}.xcstrings") or path == f"{_TABLE}.xcstrings"
    ]
    if not found:
        found = [
            path
            for path in site.project.paths()
            if path.rpartition("/")[2] == f"{_TABLE}.strings"
            and path.split("/")[-2:-1] in [[f"{locale}.lproj"] for locale in _SOURCES]
        ]
    package = _package(site)
    own = [path for path in found if path.startswith(f"{package}/")] if package else found
    if not own:
        where = f"{package}, which looks nowhere else" if package else "the project"
        raise Undecided(
            f"there is no {_TABLE}.xcstrings and no {_TABLE}.strings in {where}: name the catalog, or add one"
        )
    return min(own, key=lambda path: (-_shared(path, site.path), len(path), path))


def text(literal: Literal) -> str:
    """Return what stands in the catalog.

    Raises:
        Undecided: The string holds values: how they are written there depends on their types.
    """
    if any(not isinstance(piece, str) for piece in literal.pieces):
        raise Undecided("it holds values, and the types that decide between %@ and %lld are not seen here")
    return literal.text


def call(site: Site, literal: Literal, key: str, _path: str) -> tuple[TextEdit, ...]:
    """Return the edit of the call site: SwiftUI takes the key itself, everything else asks for the text."""
    if "%" in literal.text or "%" in key:
        raise Undecided("a percent sign is the beginning of a format in a catalog")
    spelled = '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if _package(site):
        return (TextEdit(site.start, site.end, f"String(localized: {spelled}, bundle: .module)"),)
    if literal.looks_up:
        return (TextEdit(site.start, site.end, spelled),)
    return (TextEdit(site.start, site.end, f"String(localized: {spelled})"),)


def _package(site: Site) -> str:
    """Return the folder of the Swift package that the file is part of; its strings lie in the package's own bundle."""
    folder = posixpath.dirname(site.path)
    while folder:
        if site.project.read(f"{folder}/Package.swift") is not None:
            return folder
        folder = posixpath.dirname(folder)
    return ""


def _shared(one: str, other: str) -> int:
    """Return how many folders two paths begin with together."""
    count = 0
    for left, right in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if left != right:
            break
        count += 1
    return count
