"""Formats are found by path and content; what is wrong with a catalog is one sentence."""

from __future__ import annotations

import pytest

from hunkworks import catalogs
from hunkworks.catalogs import registry
from hunkworks.errors import InputError


@pytest.mark.parametrize(
    ("path", "data", "name"),
    [
        ("A/Localizable.xcstrings", b"", "xcstrings"),
        ("fr.lproj/Localizable.strings", b"", "strings"),
        ("fr.lproj/Localizable.STRINGS", b"", "strings"),
        ("fr.lproj/L.stringsdict", b"", "stringsdict"),
        ("res/values-fr/anything.xml", b"\xef\xbb\xbf<?xml version='1.0'?><resources>", "android"),
        ("res\\values\\strings.xml", "<resources/>".encode("utf-16"), "android"),
        ("res/layout/main.xml", b"<LinearLayout/>", ""),
        ("strings.py", b"", ""),
    ],
)
def test_detection(path: str, data: bytes, name: str) -> None:
    assert catalogs.detect(path, data) == name


def test_every_row_names_a_module_with_the_protocol() -> None:
    for row in registry.FORMATS:
        module = registry.load(row.name)
        assert callable(module.parse)
        assert callable(module.plan)


def test_a_syntax_error_names_path_and_line() -> None:
    message = catalogs.syntax_error("a.strings", b'"a" = "b";\n"c" = "d"')
    assert message == (
        "a.strings: line 2: not a .strings file. expected ; behind the value, found the end of the file."
    )


@pytest.mark.parametrize(("path", "data"), [("a.strings", b'"a" = "b";'), ("main.py", b"(")])
def test_no_syntax_error(path: str, data: bytes) -> None:
    assert catalogs.syntax_error(path, data) is None


def test_what_is_no_catalog_is_refused() -> None:
    with pytest.raises(InputError, match=r"main\.py is no catalog in a known format.*android"):
        catalogs.open("main.py", b"")
    with pytest.raises(InputError, match="'nope' is not a catalog format"):
        registry.load("nope")
