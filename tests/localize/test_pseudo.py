"""The translation that needs no model passes every check, whatever it is given."""

from __future__ import annotations

import pytest

from hunkworks.catalogs.placeholders import Syntax
from hunkworks.localize.changes import Kind
from hunkworks.localize.proving import blocking
from hunkworks.localize.pseudo import translate
from hunkworks.localize.units import Planned, Text


def unit(source: Text, syntax: Syntax = Syntax.NONE, locale: str = "de", **more: object) -> Planned:
    return Planned("u1", "c", "s", locale, ("k",), Kind.ADDED, source, syntax=syntax, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "planned",
    [
        unit("Hello %1$s and %d!", Syntax.JAVA),
        unit("Hi %@, 100%% done", Syntax.OBJC),
        unit("Hi {{name}}", Syntax.I18NEXT),
        unit("Hi %{name} ", Syntax.RUBY),
        unit("{count, plural, one {# file} other {# files}}", Syntax.ICU),
        unit("It's {name}'s", Syntax.ICU),
        unit("See <a href='x'>here</a> &amp; there", markup=True),
        unit("Two\nlines"),
        unit("Save", max_length=4),
        unit("Open Acme now", do_not_translate=("Acme",)),
        unit(
            {"one": "%d file", "other": "%d files"}, Syntax.JAVA, "pl", forms=("one", "few", "many", "other")
        ),
        unit("Hello %s", Syntax.C, "ar"),
    ],
)
def test_it_passes_every_blocking_check(planned: Planned) -> None:
    assert blocking(planned, translate(planned), "", "en") == []


def test_it_is_accented_and_longer() -> None:
    assert translate(unit("Settings")) == "Šéţţîñĝš··"


def test_it_marks_the_direction_where_asked_and_in_locales_written_so() -> None:
    assert (
        translate(unit("Save", locale="he"))
        == translate(unit("Save"), right_to_left=True)
        == "\u2067Šåṽé·\u2069"
    )


def test_what_stands_behind_a_placeholder_is_translated() -> None:
    assert translate(unit("Paste {{count}} times", Syntax.I18NEXT)) == "Þåšţé {{count}} ţîṁéš······"
