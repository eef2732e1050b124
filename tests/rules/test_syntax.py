"""Where a catalog stops to parse, in words that name the place and the reason."""

from __future__ import annotations

from hunkworks.rules.syntax import first_error


def test_a_reason_that_names_a_file_ending_is_told_whole() -> None:
    fault = first_error("en.lproj/Localizable.strings", b'"title" = "Photos";\n"share" = "Share;\n')
    assert fault is not None
    assert (fault.line, fault.what) == (2, "not a .strings file")
