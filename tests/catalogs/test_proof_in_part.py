"""A proof by parts holds for right writes, and never for one that the whole file refutes."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks import catalogs
from hunkworks.catalogs import Add, Catalog, CatalogEdit, Remove, Set, proof, proof_in_part, registry
from hunkworks.catalogs.protocol import Replacement
from hunkworks.errors import InputError, IntegrityError
from hunkworks.splice import splice

NAMES = [f"name{number:03}" for number in range(200)]
PLIST = '<?xml version="1.0"?>\n<plist version="1.0">\n<dict>\n{}</dict>\n</plist>\n'
XLIFF = (
    '<xliff version="1.2"><file original="a" target-language="fr"><header/><body><group id="g">\n{}</group></body>'
    '</file><file original="b" target-language="fr"><body/></file></xliff>\n'
)
HEADER = (
    'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=n>1;\\n"\n'
)


def file(frame: str, entry: str, between: str = "") -> bytes:
    entries = between.join(entry.replace("NAME", name) for name in NAMES)
    return frame.replace("{}", entries).encode()


FILES: dict[str, bytes] = {
    "res/values-fr/strings.xml": file(
        "<resources>\n{}</resources>\n", '    <!-- of NAME -->\n    <string name="NAME">Text é</string>\n'
    ),
    "fr.lproj/a.strings": file("{}", '/* of NAME */\n"NAME" = "Text é";\n\n'),
    "fr.lproj/list.strings": file(PLIST, "\t<key>NAME</key>\n\t<string>Text é</string>\n"),
    "fr.lproj/a.stringsdict": file(
        PLIST,
        "\t<key>NAME</key>\n\t<dict>\n\t\t<key>NSStringLocalizedFormatKey</key>\n\t\t<string>%#@n@</string>\n"
        "\t\t<key>n</key>\n\t\t<dict>\n\t\t\t<key>one</key>\n\t\t\t<string>Text</string>\n"
        "\t\t\t<key>other</key>\n\t\t\t<string>Text é</string>\n\t\t</dict>\n\t</dict>\n",
    ),
    "lib/l10n/app_fr.arb": file(
        "{\n{}\n}\n", '  "NAME": "Text é",\n  "@NAME": {\n    "description": "of NAME"\n  }', ",\n"
    ),
    "_locales/fr/messages.json": file(
        "{\n{}\n}\n", '  "NAME": {\n    "message": "Text é",\n    "description": "of NAME"\n  }', ",\n"
    ),
    "locales/fr.json": file('{\n  "home": {\n{}\n  }\n}\n', '    "NAME": "Text é"', ",\n"),
    "L.xcstrings": file(
        '{\n  "sourceLanguage" : "en",\n  "strings" : {\n{}\n  },\n  "version" : "1.0"\n}',
        '    "NAME" : {\n      "localizations" : {\n        "fr" : {\n          "stringUnit" : {\n'
        '            "state" : "translated",\n            "value" : "Text é"\n          }\n        }\n      }\n    }',
        ",\n",
    ),
    "locale/fr/LC_MESSAGES/app.po": file(HEADER + "{}", '\n#. of NAME\nmsgid "NAME"\nmsgstr "Text é"\n'),
    "Messages_fr.properties": file("# licence\n{}", "# of NAME\nNAME = Text é\n"),
    "fr.xlf": file(
        XLIFF,
        '<trans-unit id="NAME"><source>Text</source><target>Text é</target><note>of NAME</note></trans-unit>\n',
    ),
}


def verdict(catalog: Catalog, edits: list[CatalogEdit], planned: list[Replacement]) -> bool:
    spliced = catalog.source.edits(planned)
    data = splice(catalog.source.data, spliced)
    return proof_in_part.holds(catalog, edits, planned, spliced, data)


def of_edit(catalog: Catalog, edit: CatalogEdit) -> bool:
    return verdict(catalog, [edit], registry.load(catalog.format).plan(catalog, [edit]))


def changed(unit: catalogs.Unit) -> Set:
    return Set(unit, {form: f"{text} x" for form, text in unit.forms.items()} or f"{unit.text} x")


@pytest.mark.parametrize("path", FILES)
def test_a_small_edit_of_a_file_is_proven_without_reading_all_of_it(path: str) -> None:
    catalog = catalogs.open(path, FILES[path])
    for place in (0, len(catalog.units) // 2, len(catalog.units) - 1):
        assert of_edit(catalog, changed(catalog.units[place]))
        assert of_edit(catalog, Remove(catalog.units[place], whole=True))


@pytest.mark.parametrize("path", FILES)
def test_edits_far_apart_are_proven_by_a_part_each(path: str) -> None:
    catalog = catalogs.open(path, FILES[path])
    edits: list[CatalogEdit] = [changed(catalog.units[0]), changed(catalog.units[-1])]
    assert verdict(catalog, edits, registry.load(catalog.format).plan(catalog, edits))


@pytest.mark.parametrize("path", FILES)
@given(
    place=st.integers(0, 199),
    before=st.integers(-3, 3),
    behind=st.integers(-3, 3),
    new=st.lists(
        st.sampled_from(
            ["Text é x", '"', "<", ">", "</string>", "}", "{", ",", ";", "\n", "\n\n", "\\", "/*", "*/"]
        )
        | st.sampled_from(["-->", "<!--", "#", '"a" : "b"', '"z" = "y";', "</target>", "&", "=", "msgid"]),
        max_size=3,
    ),
)
def test_no_part_proves_what_the_whole_file_refutes(
    path: str, place: int, before: int, behind: int, new: list[str]
) -> None:
    catalog = catalogs.open(path, FILES[path])
    unit = catalog.units[place % len(catalog.units)]
    value = next((value for value in unit.values if value.span), None)
    if value is None or value.span is None:
        return
    edits: list[CatalogEdit] = [changed(unit)]
    length = len(catalog.source.text)
    start = min(max(value.span.start + before, 0), length)
    planned = [Replacement(start, max(min(value.span.end + behind, length), start), "".join(new))]
    if verdict(catalog, edits, planned):
        proof.prove(catalog, edits, splice(catalog.source.data, catalog.source.edits(planned)))


FLAT = file("{{}}", '"NAME": "x"', ",\n")
GERMAN = (b'original="b" target-language="fr"', b'original="b" target-language="de"')
TWO_LANGUAGES = file(XLIFF, '<trans-unit id="NAME"><source>x</source></trans-unit>\n').replace(*GERMAN)


@pytest.mark.parametrize(
    ("path", "data", "key", "text"),
    [
        # Its other form stands far away: together they are one plural.
        ("locales/en.json", FLAT.replace(b"name009", b"file_one"), "file_other", "files"),
        # One ICU message makes every other text one, too.
        ("locales/en.json", FLAT, "name004", "{n, plural, other {x}}"),
        # What stands twice is told apart by its place in the whole file.
        ("a.strings", file("{}", '"NAME" = "x";\n').replace(b"name011", b"name004"), "name004", "y"),
        # A file of several languages says so in its units.
        ("a.xlf", TWO_LANGUAGES, "name004", "y"),
    ],
)
def test_what_a_part_cannot_tell_takes_the_whole_file(path: str, data: bytes, key: str, text: str) -> None:
    catalog = catalogs.open(path, data)
    unit = next((unit for unit in catalog.units if unit.key[-1] == key), None)
    assert not of_edit(catalog, Set(unit, text) if unit else Add((key,), text))


@pytest.mark.parametrize("path", FILES)
def test_a_write_that_only_the_whole_file_refutes_is_refused(path: str) -> None:
    """An edit that was not asked for, far from the one that was."""
    catalog = catalogs.open(path, FILES[path])
    unit, other = catalog.units[0], catalog.units[-1]
    planned = registry.load(catalog.format).plan(catalog, [changed(unit)])
    end = (other.values[0].span or other.entry).end
    spoiled = [*planned, Replacement(end, end, "!")]
    with contextlib.suppress(InputError):
        assert not verdict(catalog, [changed(unit)], spoiled)
    data = splice(catalog.source.data, catalog.source.edits(spoiled))
    with pytest.raises(IntegrityError):
        proof.prove(catalog, [changed(unit)], data)


@pytest.mark.parametrize("path", FILES)
def test_where_most_of_a_file_is_edited_it_is_read_once(path: str) -> None:
    catalog = catalogs.open(path, FILES[path])
    edits: list[CatalogEdit] = [changed(unit) for unit in catalog.units]
    assert not verdict(catalog, edits, registry.load(catalog.format).plan(catalog, edits))
