"""Localization files: units out, edits in, untouched bytes untouched.

``open(path, data)`` reads a catalog, ``write(catalog, edits)`` returns its new bytes, proven;
``syntax_error(path, data)`` says why one cannot be read. How to add a format: ``protocol``'s docstring.
"""

from __future__ import annotations

from hunkworks.catalogs.protocol import Add, Catalog, CatalogEdit, Remove, Set, SetState, State, Unit, Value
from hunkworks.catalogs.registry import detect, syntax_error
from hunkworks.catalogs.registry import read as open  # noqa: A004 - catalogs.open(…) is how it reads
from hunkworks.catalogs.writing import write

__all__ = [
    "Add",
    "Catalog",
    "CatalogEdit",
    "Remove",
    "Set",
    "SetState",
    "State",
    "Unit",
    "Value",
    "detect",
    "open",
    "syntax_error",
    "write",
]
