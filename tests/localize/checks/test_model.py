"""What the checks are told comes from real catalogs, and what a file cannot hold is a problem like any other."""

from __future__ import annotations

from hunkworks import catalogs
from hunkworks.catalogs import Set
from hunkworks.catalogs.placeholders import Syntax
from hunkworks.localize.checks import Context, Subject, run


def test_the_facts_of_a_plural_in_android() -> None:
    data = b"""<resources>
    <plurals name="files"><item quantity="one">%d file</item><item quantity="other">%d files</item></plurals>
</resources>"""
    (unit,) = catalogs.open("res/values/strings.xml", data).units
    subject = Subject.of(unit, "android", max_length=20)
    assert subject.source == "%d files"
    assert subject.source_forms == {"one": "%d file", "other": "%d files"}
    assert (subject.syntax, subject.markup, subject.max_length) == (Syntax.JAVA, False, 20)


def test_the_facts_of_an_entry_that_holds_its_source() -> None:
    data = b"""
msgid ""
msgstr "Plural-Forms: nplurals=1; plural=0;\\n"

#, python-format
msgid "%d file"
msgid_plural "%d files"
msgstr[0] ""
"""
    catalog = catalogs.open("locale/ja/LC_MESSAGES/app.po", data)
    subject = Subject.of(catalog.units[-1], "po")
    assert subject.source_forms == {"one": "%d file", "other": "%d files"}
    context = Context(forms=catalog.forms)
    assert run(subject, {"other": "%d ファイル"}, "ja", context) == []
    assert [p.check for p in run(subject, {"other": "ファイル"}, "ja", context)] == ["placeholders"]


def test_what_the_file_cannot_hold_is_a_problem() -> None:
    catalog = catalogs.open("Messages_de.properties", b"open=\xd6ffnen\n")
    unit = catalog.units[0]
    data = '<?xml version="1.0" encoding="us-ascii"?>\n<resources>\n    <string name="a">x</string>\n</resources>\n'
    android = catalogs.open("res/values-de/strings.xml", data.encode())
    problems = run(
        Subject.of(unit, catalog.format),
        "\x01",
        "de",
        Context(write=lambda answer: catalogs.write(android, [Set(android.units[0], answer)])),
    )
    assert {"writable", "control-characters"} <= {problem.check for problem in problems}


def test_a_project_decides_how_hard_a_check_is() -> None:
    subject = Subject("Log in now")
    assert run(subject, "Log in now", "de", Context(severities={"untranslated": "off"})) == []
    (problem,) = run(subject, "Log in now", "de", Context(severities={"untranslated": "blocking"}))
    assert (problem.check, problem.severity) == ("untranslated", "blocking")


def test_blocking_problems_come_first() -> None:
    problems = run(Subject("Open {name} now.", syntax=Syntax.BRACE), "Jetzt öffnen", "de")
    assert [(p.check, p.severity) for p in problems] == [
        ("placeholders", "blocking"),
        ("end-punctuation", "warning"),
    ]
    assert problems[0].message == (
        "expected {name}, found none; {name} is missing. Copy the source's placeholders character by character"
    )
