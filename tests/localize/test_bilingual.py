"""Files that hold the source beside the translation keep in step with a source that changed under its key."""

from __future__ import annotations

from tests.localize.project import apply, edit, plan
from tests.repo import Repo

POT = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

#: a.py:2
#, python-format
msgid "One file"
msgid_plural "%(n)s fils"
msgstr[0] ""
msgstr[1] ""

#: a.py:3
msgid "Omega"
msgstr ""
"""
XLIFF = """\
<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
  <file original="a" source-language="en" target-language="LOCALE" datatype="plaintext">
    <body>
      <trans-unit id="a">
        <source>Alpha</source>
      </trans-unit>
      <trans-unit id="b">
        <source>Beta</source>
      </trans-unit>
    </body>
  </file>
</xliff>
"""


def changed(repo: Repo, path: str) -> list[str]:
    lines = repo.git("diff", "-U0", "--", path).splitlines()
    return [line.strip() for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def test_a_plural_source_that_changed_stays_where_it_is_with_its_comments(repo: Repo) -> None:
    german = POT.replace('[0] ""', '[0] "Eine Datei"').replace('[1] ""', '[1] "%(n)s Dateien"')
    repo.write("locale/app.pot", POT)
    repo.write("locale/de/LC_MESSAGES/app.po", german)
    repo.commit()
    edit(repo, "locale/app.pot", ("fils", "files"))
    answer = {"one": "Eine Datei", "other": "%(n)s Dateien insgesamt"}
    assert apply(repo, plan(repo), {"One file:de": answer}).rejected == ()
    assert changed(repo, "locale/de") == [
        '-msgid_plural "%(n)s fils"',
        '+msgid_plural "%(n)s files"',
        '-msgstr[1] "%(n)s Dateien"',
        '+msgstr[1] "%(n)s Dateien insgesamt"',
    ]
    assert plan(repo).units == ()


def test_a_text_that_becomes_plural_takes_the_place_of_its_entry(repo: Repo) -> None:
    repo.write("locale/app.pot", POT)
    repo.write("locale/de/LC_MESSAGES/app.po", POT.replace('"Omega"\nmsgstr ""', '"Omega"\nmsgstr "Ende"'))
    repo.commit()
    plural = 'msgid "Omega"\nmsgid_plural "Omegas"\nmsgstr[0] ""\nmsgstr[1] ""'
    edit(repo, "locale/app.pot", ('msgid "Omega"\nmsgstr ""', plural))
    assert apply(repo, plan(repo), {"Omega:de": {"one": "Ende", "other": "Enden"}}).rejected == ()
    text = (repo.root / "locale/de/LC_MESSAGES/app.po").read_text(encoding="utf-8")
    assert text.endswith('msgid "Omega"\nmsgid_plural "Omegas"\nmsgstr[0] "Ende"\nmsgstr[1] "Enden"\n')


def test_an_edited_source_of_xliff_is_written_beside_its_translation(repo: Repo) -> None:
    german = XLIFF.replace("LOCALE", "de")
    for word, translation in (("Alpha", "A"), ("Beta", "B")):
        source = f"<source>{word}</source>"
        german = german.replace(source, f"{source}\n        <target>{translation}</target>")
    repo.write("translations/messages.en.xlf", XLIFF.replace("LOCALE", "en"))
    repo.write("translations/messages.de.xlf", german)
    repo.commit()
    edit(
        repo,
        "translations/messages.en.xlf",
        ("Beta", "Better & <safer>".replace("&", "&amp;").replace("<", "&lt;")),
    )
    assert apply(repo, plan(repo), {"b:de": "Besser & <sicherer>"}).rejected == ()
    assert changed(repo, "translations/messages.de.xlf") == [
        "-        <source>Beta</source>",
        "-        <target>B</target>",
        "+        <source>Better &amp; &lt;safer></source>",
        "+        <target>Besser &amp; &lt;sicherer></target>",
    ]
