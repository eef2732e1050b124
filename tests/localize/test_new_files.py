"""A configured locale without a file gets one, as the family and its platform would have it."""

from __future__ import annotations

import pytest

from hunkworks.config import Localizing
from hunkworks.localize.plan import Plan, Wanted
from tests.localize.project import apply, plan
from tests.repo import Repo

DECLARED = '<?xml version="1.0" encoding="utf-8"?>\n'
PLIST = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
{}</dict>
</plist>
"""
VARIABLE = """\
	<key>k</key>
	<dict>
		<key>NSStringLocalizedFormatKey</key>
		<string>%#@n@</string>
		<key>n</key>
		<dict>
			<key>NSStringFormatSpecTypeKey</key>
			<string>NSStringPluralRuleType</string>
			<key>NSStringFormatValueTypeKey</key>
			<string>d</string>
{}		</dict>
	</dict>
"""
FORMS = "".join(f"\t\t\t<key>{name}</key>\n\t\t\t<string>%d {{}}</string>\n" for name in ("one", "other"))
XLIFF = """\
<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
  <file source-language="en" target-language="{}" datatype="plaintext" original="f">
    <body>
      <trans-unit id="a">
        <source>home.title</source>
        <target>{}</target>
      </trans-unit>
    </body>
  </file>
</xliff>
"""
TEMPLATE = """\
# Translations
#, fuzzy
msgid ""
msgstr ""
"Project-Id-Version: X\\n"
"Language: \\n"
"Content-Type: text/plain; charset=CHARSET\\n"

#: a.py
msgid "One"
msgstr ""

msgid "%d day"
msgid_plural "%d days"
msgstr[0] ""
msgstr[1] ""
"""
RUSSIAN_RULE = (
    "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)"  # gettext's own
)
CASES: dict[str, tuple[str, str | bytes, str, str, str | bytes]] = {
    "android": (
        "app/res/values/strings.xml",
        f'{DECLARED}<!-- L -->\n<resources xmlns:a="urn:a">\n    <string name="a">One</string>\n</resources>\n',
        "sr-Latn",
        "app/res/values-b+sr+Latn/strings.xml",
        f'{DECLARED}<resources xmlns:a="urn:a">\n    <string name="a">T</string>\n</resources>\n',
    ),
    "a region of Android": (
        "values/strings.xml",
        "<resources>\r\n\t<string name='a'>One</string>\r\n</resources>",
        "pt-BR",
        "values-pt-rBR/strings.xml",
        '<resources>\r\n    <string name="a">T</string>\r\n</resources>\r\n',
    ),
    "strings in UTF-16": (
        "ios/Base.lproj/L.strings",
        '"a" = "One";\n'.encode("utf-16"),
        "de",
        "ios/de.lproj/L.strings",
        '"a" = "T";\n'.encode("utf-16"),
    ),
    "stringsdict": (
        "en.lproj/L.stringsdict",
        PLIST.format(VARIABLE.format(FORMS.format("day", "days"))),
        "de",
        "de.lproj/L.stringsdict",
        PLIST.format(VARIABLE.format(FORMS.format("T", "T"))),
    ),
    "JSON with tabs": (
        "web/locales/en.json",
        '{\n\t"a": {\n\t\t"b": "One"\n\t}\n}\n',
        "de",
        "web/locales/de.json",
        '{\n\t"a": {\n\t\t"b": "T"\n\t}\n}\n',
    ),
    "Chrome": (
        "_locales/en/messages.json",
        '{\n    "a": {\n        "message": "One",\n        "description": "d"\n    }\n}\n',
        "pt-BR",
        "_locales/pt_BR/messages.json",
        '{\n    "a": {\n        "message": "T"\n    }\n}\n',
    ),
    "ARB": (
        "lib/l10n/app_en.arb",
        '{\n  "@@locale": "en",\n  "a": "One",\n  "@a": {}\n}\n',
        "pt-BR",
        "lib/l10n/app_pt_BR.arb",
        '{\n  "@@locale": "pt_BR",\n  "a": "T"\n}\n',
    ),
    "Rails": (
        "config/locales/en.yml",
        "en:\n  a:\n    b: One\n",
        "pt-BR",
        "config/locales/pt-BR.yml",
        "pt-BR:\n  a:\n    b: T\n",
    ),
    "Symfony": (
        "translations/messages.en.yaml",
        "a:\n  b: One\n",
        "pt-BR",
        "translations/messages.pt_BR.yaml",
        "a:\n  b: T\n",
    ),
    "XLIFF, whose source texts are keys": (
        "translations/messages.en.xlf",
        XLIFF.format("en", "Welcome"),
        "de",
        "translations/messages.de.xlf",
        XLIFF.format("de", "T"),
    ),
    "PO from its template": (
        "locale/app.pot",
        TEMPLATE,
        "ru",
        "locale/ru/LC_MESSAGES/app.po",
        TEMPLATE.replace("#, fuzzy\n", "")
        .replace("Language: ", "Language: ru")
        .replace(
            "CHARSET\\n",
            f'UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=3; plural={RUSSIAN_RULE};\\n',
        )
        .replace('"One"\nmsgstr ""', '"One"\nmsgstr "T"')
        .replace('[0] ""\nmsgstr[1] ""', '[0] "%d T"\nmsgstr[1] "%d T"\nmsgstr[2] "%d T"'),
    ),
}


def planned(repo: Repo, locale: str, *, backlog: bool = True) -> Plan:
    return plan(repo, Wanted(frozenset([locale]), backlog), Localizing(locales=(locale,)))


def translated(repo: Repo, made: Plan) -> tuple[str, ...]:
    answers: dict[str, str | dict[str, str]] = {
        f"{unit.key[-1]}:{unit.locale}": dict.fromkeys(unit.forms, "%d T") if unit.forms else "T"
        for unit in made.units
        if not (unit.syntax == "objc" and not unit.part and "%#@" in str(unit.source))
    }
    done = apply(repo, made, answers)
    assert done.rejected == ()
    return done.files


@pytest.mark.parametrize("name", CASES)
def test_the_new_file_is_as_its_platform_wants_it(repo: Repo, name: str) -> None:
    source, text, locale, path, expected = CASES[name]
    repo.write(source, text)
    repo.commit()
    made = planned(repo, locale)
    assert list(made.new_files) == [path]
    if name == "stringsdict":  # two parts of one entry
        ids = {unit.part: unit.id for unit in made.units}
        assert set(ids) == {(), ("n",)}
        answers: dict[str, str | dict[str, str]] = {"k:de": "%#@n@"}
        apply(repo, plan_of(made, ()), answers)
        apply(repo, plan_of(made, ("n",)), {"k:de": {"one": "%d T", "other": "%d T"}})
    else:
        assert translated(repo, made) == (path,)
    found = (repo.root / path).read_bytes()
    assert found == (expected if isinstance(expected, bytes) else expected.encode())
    assert planned(repo, locale).units == ()


def plan_of(made: Plan, part: tuple[str, ...]) -> Plan:
    import msgspec

    return msgspec.structs.replace(made, units=tuple(unit for unit in made.units if unit.part == part))


def test_only_what_changed_is_in_it_and_without_an_answer_there_is_none(repo: Repo) -> None:
    repo.write("locales/en.json", '{\n  "a": "One",\n  "b": "Two"\n}\n')
    repo.commit()
    repo.write("locales/en.json", '{\n  "a": "One",\n  "b": "Both"\n}\n')
    made = planned(repo, "de", backlog=False)
    assert apply(repo, made, {"b:de": ""}).files == ()
    assert not (repo.root / "locales/de.json").exists()
    assert translated(repo, made) == ("locales/de.json",)
    assert (repo.root / "locales/de.json").read_text() == '{\n  "b": "T"\n}\n'


def test_somebody_who_made_the_file_meanwhile_is_not_overwritten(repo: Repo) -> None:
    repo.write("locales/en.json", '{\n  "a": "One"\n}\n')
    repo.commit()
    made = planned(repo, "de")
    repo.write("locales/de.json", '{\n  "a": "Eins"\n}\n')
    done = apply(repo, made, {"a:de": "T"})
    assert [item.check for item in done.rejected] == ["concurrent"]
    assert (repo.root / "locales/de.json").read_text() == '{\n  "a": "Eins"\n}\n'


def test_a_locale_in_other_letters_is_the_one_that_is_there(repo: Repo) -> None:
    for name in ("en", "pt-BR"):
        repo.write(f"locales/{name}.json", '{\n  "a": "One"\n}\n')
    repo.commit()
    repo.write("locales/en.json", '{\n  "a": "Two"\n}\n')
    made = planned(repo, "pt-br", backlog=False)
    assert made.new_files == {}
    assert [unit.catalog for unit in made.units] == ["locales/pt-BR.json"]


def test_a_header_that_is_broken_over_lines_is_replaced_whole_and_the_file_is_utf8(repo: Repo) -> None:
    template = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=ISO-8859-1\\n"\n'
        '"Plural-Forms: nplurals=2; "\n"plural=(n != 1);\\n"\n"X-Tool: y\\n"\n\n#. für\nmsgid "One"\nmsgstr ""\n'
    )
    repo.write("po/app.pot", template.encode("latin-1"))
    repo.commit()
    assert translated(repo, planned(repo, "ja")) == ("po/ja.po",)
    expected = template.replace("charset=ISO-8859-1", "charset=UTF-8").replace(
        '"One"\nmsgstr ""', '"One"\nmsgstr "T"'
    )
    broken, whole = (
        '"Plural-Forms: nplurals=2; "\n"plural=(n != 1);\\n"',
        '"Plural-Forms: nplurals=1; plural=0;\\n"',
    )
    more = '"X-Tool: y\\n"\n"Language: ja\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    expected = expected.replace(broken, whole).replace('"X-Tool: y\\n"\n', more)
    assert (repo.root / "po/ja.po").read_bytes().decode() == expected
