"""The proof catches a format that plans wrongly, whatever it does to the file."""

from __future__ import annotations

import pytest

from hunkworks import catalogs
from hunkworks.catalogs import Add, Catalog, Remove, Set, registry
from hunkworks.catalogs.protocol import CatalogEdit, Replacement
from hunkworks.errors import IntegrityError

DATA = b'/* c */\n"a" = "1";\n"b" = "2";\n'


def replaced(old: str, new: str) -> Replacement:
    start = DATA.decode().index(old)
    return Replacement(start, start + len(old), new)


class WrongFormat:
    """A format that reads .strings and plans what the test tells it to."""

    def __init__(self, *replacements: Replacement) -> None:
        self.replacements = list(replacements)

    def parse(self, path: str, data: bytes) -> Catalog:
        from hunkworks.catalogs import strings

        return strings.parse(path, data)

    def plan(self, _catalog: Catalog, _edits: list[CatalogEdit]) -> list[Replacement]:
        return self.replacements


@pytest.mark.parametrize(
    ("edit", "replacement", "reason"),
    [
        ("set", replaced('"1"', '"3"'), "does not read as planned"),
        ("set", replaced('"1";', '"x"'), "does not parse"),
        ("set", replaced('"1";\n"b" = "2"', '"x"'), "would be lost"),
        ("set", replaced('"1";', '"x"; "z" = "y";'), "does not read as planned"),
        ("set", replaced('c */\n"a" = "1"', 'd */\n"a" = "x"'), "does not read as planned"),
        ("add", replaced('"1";', '"1"; "m" = "x";'), "does not read as planned"),
        ("add", replaced("/* c */", "/* c */ "), "does not read back"),
        ("remove", replaced('"a" = "1";\n', ""), "does not read as planned"),
    ],
)
def test_a_wrong_plan_is_never_written(
    edit: str, replacement: Replacement, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = catalogs.open("a.strings", DATA)
    edits: dict[str, CatalogEdit] = {
        "set": Set(catalog.units[0], "x"),
        "add": Add(("n",), "x"),
        "remove": Remove(catalog.units[0]),
    }
    monkeypatch.setattr(registry, "load", lambda _name: WrongFormat(replacement))
    with pytest.raises(IntegrityError, match=reason):
        catalogs.write(catalog, [edits[edit]])
