"""String catalogs: what Xcode wrote stays as Xcode wrote it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunkworks import catalogs
from hunkworks.catalogs import Add, Catalog, Remove, Set, SetState, State, Unit
from hunkworks.errors import InputError

XCODE = """{
  "sourceLanguage" : "en",
  "strings" : {
    "" : {

    },
    "%lld items" : {
      "comment" : "Footer of a list",
      "localizations" : {
        "en" : {
          "variations" : {
            "plural" : {
              "one" : {
                "stringUnit" : {
                  "state" : "new",
                  "value" : "%lld item"
                }
              },
              "other" : {
                "stringUnit" : {
                  "state" : "new",
                  "value" : "%lld items"
                }
              }
            }
          }
        },
        "pl" : {
          "variations" : {
            "plural" : {
              "few" : {
                "stringUnit" : {
                  "state" : "translated",
                  "value" : "%lld elementy"
                }
              },
              "other" : {
                "stringUnit" : {
                  "state" : "needs_review",
                  "value" : "%lld elementu"
                }
              }
            }
          }
        }
      }
    },
    "Delete “%@”" : {
      "extractionState" : "stale",
      "localizations" : {
        "fr" : {
          "stringUnit" : {
            "state" : "translated",
            "value" : "Supprimer « %@ »"
          }
        }
      }
    },
    "Tap" : {
      "localizations" : {
        "fr" : {
          "substitutions" : {
            "count" : {
              "argNum" : 1,
              "formatSpecifier" : "lld",
              "variations" : {
                "plural" : {
                  "one" : {
                    "stringUnit" : {
                      "state" : "translated",
                      "value" : "%arg fois"
                    }
                  }
                }
              }
            }
          },
          "variations" : {
            "device" : {
              "iphone" : {
                "stringUnit" : {
                  "state" : "translated",
                  "value" : "Touchez %#@count@"
                }
              },
              "mac" : {
                "stringUnit" : {
                  "state" : "translated",
                  "value" : "Cliquez %#@count@"
                }
              }
            }
          }
        }
      },
      "shouldTranslate" : false
    }
  },
  "version" : "1.0"
}""".encode()


def read(data: bytes = XCODE) -> Catalog:
    return catalogs.open("Localizable.xcstrings", data)


def unit(catalog: Catalog, key: str, locale: str, *part: str) -> Unit:
    (found,) = [u for u in catalog.units if (u.key, u.locale, u.part) == ((key,), locale, part)]
    return found


def changed_lines(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    """Return the lines that went and the lines that came, of what lies between the common ends."""
    old, new = before.decode().splitlines(keepends=True), after.decode().splitlines(keepends=True)
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return [line.strip() for line in old], [line.strip() for line in new]


def test_every_locale_and_variation_is_a_unit() -> None:
    found = {(u.key[0], u.locale, u.part): (u.forms or u.text, u.state) for u in read().units}
    assert found == {
        ("", "en", ()): ("", State.NONE),
        ("%lld items", "en", ()): ({"one": "%lld item", "other": "%lld items"}, State.NEW),
        ("%lld items", "pl", ()): ({"few": "%lld elementy", "other": "%lld elementu"}, State.NEEDS_REVIEW),
        ("Delete “%@”", "en", ()): ("Delete “%@”", State.OBSOLETE),
        ("Delete “%@”", "fr", ()): ("Supprimer « %@ »", State.OBSOLETE),
        ("Tap", "en", ()): ("Tap", State.NONE),
        ("Tap", "fr", ("substitutions", "count")): ({"one": "%arg fois"}, State.TRANSLATED),
        ("Tap", "fr", ("device", "iphone")): ("Touchez %#@count@", State.TRANSLATED),
        ("Tap", "fr", ("device", "mac")): ("Cliquez %#@count@", State.TRANSLATED),
    }


def test_comment_and_flags_come_with_the_units() -> None:
    catalog = read()
    assert unit(catalog, "%lld items", "pl").comment == "Footer of a list"
    assert not unit(catalog, "Tap", "fr", "device", "mac").translatable
    assert unit(catalog, "Tap", "fr", "substitutions", "count").attributes == {
        "argNum": "1",
        "formatSpecifier": "lld",
    }
    assert catalog.source_locale == "en"


def test_one_edit_changes_one_line() -> None:
    catalog = read()
    after = catalogs.write(catalog, [Set(unit(catalog, "Tap", "fr", "device", "mac"), 'Cliquez "ici" / é')])
    assert changed_lines(XCODE, after) == (
        ['"value" : "Cliquez %#@count@"'],
        ['"value" : "Cliquez \\"ici\\" / é"'],
    )


def test_forms_come_and_go_in_the_order_of_xcode() -> None:
    catalog = read()
    after = catalogs.write(
        catalog, [Set(unit(catalog, "%lld items", "pl"), {"few": "%lld elementy", "many": "m", "one": "1"})]
    )
    forms = json.loads(after)["strings"]["%lld items"]["localizations"]["pl"]["variations"]["plural"]
    assert list(forms) == ["few", "many", "one"]
    assert after.startswith(XCODE[: XCODE.index(b'"other" : {', XCODE.index(b'"pl"')) - 20])


def test_a_new_locale_is_written_as_xcode_writes_it() -> None:
    catalog = read()
    after = catalogs.write(catalog, [Add(("Delete “%@”",), "„%@“ löschen", "de")])
    assert changed_lines(XCODE, after) == (
        [],
        ['"de" : {', '"stringUnit" : {', '"state" : "translated",', '"value" : "„%@“ löschen"', "}", "},"],
    )


def test_the_first_translation_of_an_empty_entry() -> None:
    catalog = read()
    after = catalogs.write(catalog, [Add(("",), "", "de"), Add(("",), "", "fr")])
    entry = after[after.index(b'    "" : {') : after.index(b'    "%lld items"')].decode()
    assert entry.startswith(
        '    "" : {\n      "localizations" : {\n        "de" : {\n          "stringUnit" : {\n'
    )
    assert entry.endswith("        }\n      }\n    },\n")


def test_a_new_key_stands_where_xcode_sorts_it() -> None:
    catalog = read()
    after = catalogs.write(catalog, [Add(("Edit",), "Edit", "en"), Add(("Edit",), "Éditer", "fr")])
    assert list(json.loads(after)["strings"]) == ["", "%lld items", "Delete “%@”", "Edit", "Tap"]


def test_a_substitution_is_added_with_what_it_stands_for() -> None:
    catalog = read()
    like = unit(catalog, "Tap", "fr", "substitutions", "count")
    after = catalogs.write(
        catalog, [Add(("Tap",), {"other": "%arg Mal"}, "de", ("substitutions", "count"), like=like)]
    )
    added = json.loads(after)["strings"]["Tap"]["localizations"]["de"]["substitutions"]["count"]
    assert list(added) == ["argNum", "formatSpecifier", "variations"]
    assert (added["argNum"], added["formatSpecifier"]) == (1, "lld")


def test_removing_the_last_locale_removes_the_list_of_locales() -> None:
    catalog = read()
    after = catalogs.write(catalog, [Remove(unit(catalog, "Delete “%@”", "fr"))])
    assert json.loads(after)["strings"]["Delete “%@”"] == {"extractionState": "stale"}


def test_removing_whole_takes_every_locale() -> None:
    catalog = read()
    edits = [Remove(unit(catalog, key, "en"), whole=True) for key in ("", "Tap")]
    assert list(json.loads(catalogs.write(catalog, edits))["strings"]) == ["%lld items", "Delete “%@”"]


def test_rename_moves_every_translation() -> None:
    catalog = read()
    old = unit(catalog, "Delete “%@”", "fr")
    moved = [Add(("Erase “%@”",), "Erase “%@”", "en"), Add(("Erase “%@”",), old.text, "fr", like=old)]
    strings = json.loads(catalogs.write(catalog, [Remove(old, whole=True), *moved]))["strings"]
    assert list(strings) == ["", "%lld items", "Erase “%@”", "Tap"]


def test_a_source_text_that_only_the_key_said_is_written_down() -> None:
    catalog = read()
    after = catalogs.write(catalog, [Set(unit(catalog, "Tap", "en"), "Tap here")])
    assert json.loads(after)["strings"]["Tap"]["localizations"]["en"]["stringUnit"]["value"] == "Tap here"


def test_state_alone() -> None:
    catalog = read()
    after = catalogs.write(
        catalog, [SetState(unit(catalog, "Tap", "fr", "device", "mac"), State.NEEDS_REVIEW)]
    )
    assert changed_lines(XCODE, after) == (['"state" : "translated",'], ['"state" : "needs_review",'])


def test_one_text_becomes_plural() -> None:
    data = XCODE.replace(b'"stale"', b'"manual"')
    catalog = read(data)
    after = catalogs.write(catalog, [Set(unit(catalog, "Delete “%@”", "fr"), {"one": "a", "other": "b"})])
    assert unit(read(after), "Delete “%@”", "fr").forms == {"one": "a", "other": "b"}


def test_the_same_text_again_changes_nothing() -> None:
    catalog = read()
    assert (
        catalogs.write(catalog, [Set(unit(catalog, "Tap", "fr", "device", "mac"), "Cliquez %#@count@")])
        is XCODE
    )


@pytest.mark.parametrize(
    ("edits", "reason"),
    [
        ([Add(("New",), "Neu", "de")], "has no text in en"),
        ([Add(("Tap",), "Tap", "en")], "has a source text"),
        ([Add(("Delete “%@”",), "x", "fr")], "already"),
    ],
)
def test_what_xcode_would_not_understand_is_refused(edits: list[Add], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        catalogs.write(read(), edits)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"[]", "no string catalog"),
        (b'{"sourceLanguage": "en", "strings": {"a": 1}}', "'a' is not an object"),
        (
            b'{"sourceLanguage": "en",\n "strings": {"a": {"localizations": {"fr": {"new": {}}}}}}',
            "line 2: 'new' is not known",
        ),
        (b'{"sourceLanguage": "en", "strings": {,}}', "line 1: not JSON"),
        (b'{"sourceLanguage": "en", "strings": {"a": NaN}}', "NaN"),
        (b"\xff", "line 1 is not UTF-8"),
        (b"[" * 100_000, "deeper|not JSON"),
        (b"", "not JSON"),
    ],
)
def test_what_cannot_be_read_exactly_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read(data)


@pytest.mark.parametrize(
    "layout", [{"indent": 2}, {"indent": "\t"}, {}, {"indent": 4, "separators": (",", " : ")}]
)
@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_any_layout_is_kept(layout: dict[str, object], ending: str, ascii_only: bool) -> None:
    """What json.dumps writes in one style stays in that style: the edited file is the dump of the edited data."""
    text = json.dumps(json.loads(XCODE), ensure_ascii=ascii_only, **layout) + ending  # type: ignore[arg-type]
    data = text.replace("\n", ending or "\n").encode()
    catalog = read(data)
    after = catalogs.write(catalog, [Add(("Delete “%@”",), "é", "ga")])
    strings = json.loads(data)
    strings["strings"]["Delete “%@”"]["localizations"]["ga"] = {
        "stringUnit": {"state": "translated", "value": "é"}
    }
    expected = json.dumps(strings, ensure_ascii=ascii_only, **layout) + ending  # type: ignore[arg-type]
    assert after.decode() == expected.replace("\n", ending or "\n")


@given(st.text(), st.text(min_size=1))
def test_any_text_reads_back(text: str, key: str) -> None:
    catalog = read()
    edits = [Set(unit(catalog, "Tap", "fr", "device", "mac"), text)]
    new = [Add((f"k{key}",), f"k{key}", "en"), Add((f"k{key}",), text, "fr")]
    after = json.loads(catalogs.write(catalog, [*edits, *new]))["strings"]
    assert after["Tap"]["localizations"]["fr"]["variations"]["device"]["mac"]["stringUnit"]["value"] == text
    assert after[f"k{key}"]["localizations"]["fr"]["stringUnit"]["value"] == text
