"""What the named detectors find, and where they point."""

from __future__ import annotations

import pytest

from hunkworks import paths
from hunkworks.change.model import Role
from hunkworks.privacy.secrets import kinds
from hunkworks.rules.detectors import GUESSED
from hunkworks.rules.load import load
from hunkworks.rules.match import scan
from hunkworks.rules.model import Scan
from tests.rules.sample import changed, new_text


def look(path: str, diff: str, *, role: Role = Role.CODE, source: bytes | None = None) -> Scan:
    rules = load([paths.pack("recipes")], languages=())
    return scan(rules, changed(path, diff, role=role), new_text(diff) if source is None else source)


def lines(result: Scan) -> list[tuple[str, int, int]]:
    return [(match.rule.id, match.line, match.end_line) for match in result.matches]


class TestConflictMarkers:
    def test_each_conflict_is_told_once(self) -> None:
        conflict = "+<<<<<<< HEAD\n+a\n+||||||| base\n+b\n+=======\n+c\n+>>>>>>> topic\n"
        found = look("notes.md", conflict + " x\n" + conflict, role=Role.DOCS)
        assert [line for _, line, _ in lines(found)] == [1, 9]

    def test_half_a_conflict_is_one_too(self) -> None:
        assert lines(look("a.c", "+int a;\n+>>>>>>> topic\n")) == [("merge-conflict-marker", 2, 2)]

    @pytest.mark.parametrize(
        "line", ["=======", "<<<<<<<<", ">>>>>> x", " <<<<<<< HEAD", "<<<<<<<HEAD", "x >>>>>>> y"]
    )
    def test_what_only_looks_like_one_is_not(self, line: str) -> None:
        assert lines(look("a.rst", f"+{line}\n", role=Role.DOCS)) == []

    def test_crlf(self) -> None:
        assert lines(look("a.c", "+<<<<<<< HEAD\r\n+a\r\n")) == [("merge-conflict-marker", 1, 1)]


KEY = ("-----BEGIN RSA PRIVATE" + " KEY-----", "MIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Qu",
       "-----END RSA PRIVATE" + " KEY-----")  # fmt: skip


class TestSecrets:
    def test_a_key_over_several_lines_spans_them_and_the_message_does_not_quote_it(self) -> None:
        diff = " x\n" + "".join(f"+{line}\n" for line in KEY)
        found = look("deploy.pem", diff, role=Role.CONFIG)
        assert lines(found) == [("secret", 2, 4)]
        assert not any(line in found.matches[0].message for line in KEY)

    def test_old_ones_are_not_the_changes_fault(self) -> None:
        diff = "".join(f" {line}\n" for line in KEY) + "+x\n"
        assert lines(look("deploy.pem", diff, role=Role.CONFIG)) == []

    def test_in_a_test_it_is_a_lesser_matter(self) -> None:
        diff = "".join(f"+{line}\n" for line in KEY)
        assert [m.rule.severity for m in look("key_test.go", diff, role=Role.TEST).matches] == ["minor"]

    def test_what_is_only_guessed_is_no_finding(self) -> None:
        line = "+client_secret = '" + "vR7mQ2xK9pLtZ4" + "wN8cY1hB6jF3sD'\n"
        assert lines(look("a.py", line)) == []

    def test_the_kinds_that_we_call_guesses_exist(self) -> None:
        assert kinds() >= GUESSED


class TestHiddenText:
    def test_it_is_told_once_a_line_with_its_kinds(self) -> None:
        found = look("a.py", "+ok = 1\n+admin\u200b = '\u202e\u2066'\n")
        assert lines(found) == [("hidden-text", 2, 2)]
        assert "bidi-control, zero-width" in found.matches[0].message

    def test_comments_are_seen_in_a_diff_but_not_what_hides_in_them(self) -> None:
        found = look("a.md", "+<!-- a note -->\n+<!-- a \u202e note -->\n", role=Role.DOCS)
        assert lines(found) == [("hidden-text", 2, 2)]

    def test_a_byte_order_mark_is_one_at_the_start_of_the_file_only(self) -> None:
        assert lines(look("a.py", "+\ufeffx = 1\n+\ufeffy = 2\n")) == [("hidden-text", 2, 2)]


class TestCatalogs:
    @pytest.mark.parametrize(
        ("path", "text", "line"),
        [
            ("de.json", '{\n"a": "b",\n}\n', 3),
            ("deep.json", "[" * 100_000 + "\n", 1),
            ("app_de.arb", '{"a": "b"\n', 1),
            ("Localizable.xcstrings", '{"strings": {}}}\n', 1),
            ("values/strings.xml", "<resources>\n<string>a & b</string>\n</resources>\n", 2),
            ("Resources.resx", "<root>\n</rot>\n", 2),
            ("de.po", 'msgid "a"\nmsgstr "b"\n\nmsgid "c"\nmsgstr "d\n', 4),
            ("de.yml", "de:\n  a: 'b\n  c: d\n", 3),
            ("Localizable.strings", '"a" = "b";\n"c" = "d"\n"e" = "f";\n', 2),
        ],
    )
    def test_what_does_not_parse_is_found_at_its_line(self, path: str, text: str, line: int) -> None:
        diff = "".join(f"+{part}\n" for part in text.splitlines())
        found = look(path, diff, role=Role.CATALOG)
        assert lines(found) == [("catalog-syntax", line, line)], found

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("de.json", '{"a": "b"}\n'),
            ("de.json", "\ufeff{}\n"),
            ("de.json", '{"a": ' + "1" * 5000 + "}\n"),
            (
                "values/strings.xml",
                '<!DOCTYPE r [<!ENTITY n "x">]>\n<resources><string>&n;</string></resources>\n',
            ),
            (
                "de.po",
                'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr ""\n',
            ),
            ("de.yml", "de:\n  no: nein\n  no: doch\n  a: &x b\n  c: *x\n"),
            ("Localizable.strings", '/* a */\n"a" = "b";\n'),
            ("messages_de.properties", "a = b\n\\\n"),
        ],
    )
    def test_what_its_platform_reads_is_left_alone(self, path: str, text: str) -> None:
        diff = "".join(f"+{part}\n" for part in text.splitlines())
        assert lines(look(path, diff, role=Role.CATALOG)) == []

    def test_a_fault_elsewhere_is_told_at_the_nearest_changed_line(self) -> None:
        source = b'{\n"a": "b",\n"c": "d",\n"e": "f",\n"g": "h"\n'
        found = look("de.json", ' {\n+"a": "b",\n "c": "d",\n', role=Role.CATALOG, source=source)
        assert lines(found) == [("catalog-syntax", 2, 2)]
        assert "line 6" in found.matches[0].message

    def test_a_removed_bracket_is_told_though_no_line_was_added(self) -> None:
        found = look("de.json", ' {\n "a": "b"\n-}\n', role=Role.CATALOG)
        assert [line for _, line, _ in lines(found)] == [2]

    def test_entities_are_not_expanded(self) -> None:
        bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + "".join(
            f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True)
        )
        text = bomb + "]><resources><string>&i;</string></resources>"
        assert lines(look("values/strings.xml", f"+{text}\n", role=Role.CATALOG)) == []

    def test_without_the_file_it_is_named_as_not_looked_at(self) -> None:
        rules = load([paths.pack("recipes")], languages=())
        result = scan(rules, changed("de.json", "+{\n", role=Role.CATALOG), None)
        assert [skip.rules for skip in result.skipped] == [("catalog-syntax",)]
