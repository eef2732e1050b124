"""Strings of Android's layouts, menus, preference screens and manifests: strings.xml, referred to where they stood."""

from __future__ import annotations

import re

from hunkworks.refactor import externalize_kotlin
from hunkworks.refactor.site import Site, TextEdit, Undecided
from hunkworks.rules.hardcoded import Literal

_RESOURCES = re.compile(r"(?P<folder>(?:.*/)?)res/[^/]+/[^/]+")
_FORMAT = re.compile(r"%[a-zA-Z]")


def catalog(site: Site) -> str:
    """Return strings.xml beside the file, else of its module's main source set."""
    place = _RESOURCES.fullmatch(site.path)
    beside = f"{place['folder']}res/values/strings.xml" if place else ""
    return beside if beside in site.project.paths() else externalize_kotlin.catalog(site)


def text(literal: Literal) -> str:
    """Return what stands in the catalog.

    Raises:
        Undecided: Android's build takes it for a format with two values that have no position.
    """
    if len(_FORMAT.findall(literal.text)) > 1:
        raise Undecided('it reads like a format with two values: say which with %1$s, or formatted="false"')
    return literal.text


def call(site: Site, _literal: Literal, key: str, _path: str) -> tuple[TextEdit, ...]:
    """Return the edit of the attribute, which keeps its quotes.

    Raises:
        Undecided: The key is no resource's name, or the text goes over several lines, which an attribute joins.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
        raise Undecided(f"{key!r} cannot be the name of a resource: small letters, digits and _")
    if "\n" in site.match.text:
        raise Undecided("it goes over several lines, which an attribute joins: write it on one first")
    return (TextEdit(site.start + 1, site.end - 1, f"@string/{key}"),)
