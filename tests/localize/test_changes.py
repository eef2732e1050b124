"""What changed between two versions of a source, from the two texts alone."""

from __future__ import annotations

import json

from hunkworks.catalogs import Catalog
from hunkworks.catalogs import open as read
from hunkworks.localize.changes import Kind, compare


def catalog(**texts: object) -> Catalog:
    return read("locales/en.json", json.dumps(texts, indent=2).encode())


def kinds(old: Catalog | None, new: Catalog | None) -> dict[str, str]:
    return {change.unit.key[-1]: str(change.kind) for change in compare(old, new)}


def test_each_unit_is_added_edited_renamed_or_removed() -> None:
    old = catalog(kept="Kept", edited="Before", old_name="Moved along", gone="Gone")
    new = catalog(kept="Kept", edited="After", new_name="Moved along", fresh="New")
    assert kinds(old, new) == {"edited": "edited", "new_name": "renamed", "fresh": "added", "gone": "removed"}


def test_a_renamed_unit_knows_its_old_key() -> None:
    (change,) = compare(catalog(a="Text"), catalog(b="Text"))
    assert change.kind is Kind.RENAMED
    assert change.old is not None
    assert change.old.key == ("a",)


def test_of_equal_texts_those_whose_keys_end_alike_belong_together() -> None:
    old = catalog(first={"ok": "OK", "yes": "OK"})
    new = catalog(second={"yes": "OK", "ok": "OK"})
    found = {change.unit.key: change.old.key for change in compare(old, new) if change.old}
    assert found == {("second", "yes"): ("first", "yes"), ("second", "ok"): ("first", "ok")}


def test_order_and_layout_are_no_change() -> None:
    old = read("locales/en.json", b'{"a": "A", "b": "B"}')
    new = read("locales/en.json", b'{\n  "b": "B",\n  "a": "A"\n}\n')
    assert compare(old, new) == []


def test_a_new_file_is_all_added_and_a_deleted_one_all_removed() -> None:
    assert kinds(None, catalog(a="A")) == {"a": "added"}
    assert kinds(catalog(a="A"), None) == {"a": "removed"}


def test_a_comment_alone_is_told_apart() -> None:
    old = read("en.lproj/a.strings", b'/* one */\n"a" = "A";\n')
    new = read("en.lproj/a.strings", b'/* two */\n"a" = "A";\n')
    assert [change.kind for change in compare(old, new)] == [Kind.COMMENT]


def test_what_is_not_to_be_translated_or_stale_is_nobodys_work() -> None:
    old = b'{"sourceLanguage": "en", "strings": {}, "version": "1.0"}'
    strings = {"a": {"shouldTranslate": False}, "b": {"extractionState": "stale"}, "c": {}}
    new = json.dumps({"sourceLanguage": "en", "strings": strings, "version": "1.0"}).encode()
    assert kinds(read("L.xcstrings", old), read("L.xcstrings", new)) == {"c": "added"}


def test_an_entry_of_several_parts_moves_as_a_whole_or_not_at_all() -> None:
    def entry(name: str, other: str) -> bytes:
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0">
<dict>
	<key>{name}</key>
	<dict>
		<key>NSStringLocalizedFormatKey</key>
		<string>%#@n@</string>
		<key>n</key>
		<dict>
			<key>NSStringFormatSpecTypeKey</key>
			<string>NSStringPluralRuleType</string>
			<key>NSStringFormatValueTypeKey</key>
			<string>d</string>
			<key>other</key>
			<string>{other}</string>
		</dict>
	</dict>
</dict>
</plist>
""".encode()

    path = "en.lproj/L.stringsdict"
    moved = compare(read(path, entry("a", "%d x")), read(path, entry("b", "%d x")))
    assert [change.kind for change in moved] == [Kind.RENAMED, Kind.RENAMED]
    other = compare(read(path, entry("a", "%d x")), read(path, entry("b", "%d files")))
    assert [change.kind for change in other] == [Kind.ADDED, Kind.ADDED, Kind.REMOVED, Kind.REMOVED]
