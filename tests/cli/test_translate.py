"""``hunkworks translate``: plan, units, apply, run and check as a user meets them."""

from __future__ import annotations

import json
import re

from hunkworks.cli.translate_report import applied
from tests.cli.invoke import Hunkworks
from tests.localize.project import apply, committed, edit, plan
from tests.repo import Repo


def answers(*given: tuple[str, str]) -> str:
    return json.dumps({"translations": [{"id": ident, "text": text} for ident, text in given]})


def test_catalogs_are_listed_with_the_reason(hunkworks: Hunkworks, repo: Repo) -> None:
    committed(repo)
    repo.write("lonely/de.json", "{}")
    shown = hunkworks("translate", "catalogs")
    assert shown.code == 0
    assert "web/locales/{locale}.json, with its source in en; locales: de, fr" in shown.out
    assert "lonely/de.json: no en beside it as lonely/en.json" in shown.out
    document = hunkworks("translate", "catalogs", "--json").json
    assert {family["source"] for family in document["families"]} == {
        "app/res/values/strings.xml",
        "ios/en.lproj/L.strings",
        "web/locales/en.json",
    }


def test_without_catalogs_it_says_so(hunkworks: Hunkworks, repo: Repo) -> None:
    repo.commit()
    assert hunkworks("translate", "catalogs").out == "No catalogs were found.\n"
    assert "Nothing to translate" in hunkworks("translate", "plan").out


def test_plan_units_apply(hunkworks: Hunkworks, repo: Repo) -> None:
    committed(repo)
    edit(repo, "web/locales/en.json", ('"Two {{n}}"', '"Both {{n}}"'))
    planned = hunkworks("translate", "plan")
    assert "1 edited" in planned.out
    assert "Batch b001: 2 units, de, fr" in planned.out
    assert "Both" not in planned.out, "texts of catalogs belong into batches"
    batch = hunkworks("translate", "units", "b001")
    assert '"previous_target":"Zwei {{n}}"' in batch.out
    german, french = (unit["id"] for unit in hunkworks("translate", "plan", "--json").json["units"])
    refused = hunkworks(
        "translate", "apply", "--json", stdin=answers((german, "Beide"), (french, "Les {{n}}"))
    )
    assert refused.code == 1
    assert refused.json["written"] == [french]
    assert [item["check"] for item in refused.json["rejected"]] == ["placeholders"]
    assert refused.json["files"] == ["web/locales/fr.json"]
    mended = hunkworks("translate", "apply", stdin=answers((german, "Beide {{n}}")))
    assert mended.code == 0
    assert "| de | 1 | 0 | 0 | 0 | 0 | 0 |" in mended.out
    assert "| fr | 1 | 0 | 0 | 0 | 0 | 0 |" in mended.out
    again = hunkworks("translate", "apply", stdin="")
    assert "Files changed: none." in again.out


def test_on_a_terminal_the_columns_of_the_table_line_up(repo: Repo) -> None:
    committed(repo)
    edit(repo, "web/locales/en.json", ('"One"', '"First"'))
    made = plan(repo)
    shown = applied(made, apply(repo, made, {"a:de": "Erstens", "a:fr": "Premier"}), aligned=True)
    rows = [line for line in shown.splitlines() if line.startswith("|")]
    assert len(rows) == 4
    assert len({tuple(at for at, sign in enumerate(row) if sign == "|") for row in rows}) == 1


def test_a_new_lproj_is_told_because_xcode_does_not_look_for_it(hunkworks: Hunkworks, repo: Repo) -> None:
    committed(repo)
    repo.write("hunkworks.toml", '[localize]\nlocales = ["de", "fr"]\n')
    repo.commit()
    edit(repo, "ios/en.lproj/L.strings", ('"Settings"', '"Options"'))
    planned = hunkworks("translate", "plan", "--locale", "fr", "--json").json["units"]
    done = hunkworks("translate", "apply", stdin=answers(*((unit["id"], "Réglages") for unit in planned)))
    assert "New, and not in the Xcode project until you add it there: ios/fr.lproj/L.strings." in done.out


def test_input_that_is_no_list_of_translations_is_refused(hunkworks: Hunkworks, repo: Repo) -> None:
    committed(repo)
    hunkworks("translate", "plan")
    for stdin in ("[]", "{", '{"translations": [{"text": "x"}]}', b"\xff\xfe", '{"answers": []}'):
        refused = hunkworks("translate", "apply", stdin=stdin)
        assert refused.code == 2
        assert "no list of translations" in refused.err


def test_without_a_plan_it_names_the_command(hunkworks: Hunkworks, repo: Repo) -> None:
    committed(repo)
    refused = hunkworks("translate", "apply", stdin=answers())
    assert refused.code == 2
    assert "hunkworks translate plan" in refused.err


def test_run_needs_no_model_and_a_second_run_writes_nothing(hunkworks: Hunkworks, repo: Repo) -> None:
    committed(repo)
    edit(repo, "app/res/values/strings.xml", ("Hello %1$s", "Welcome, %1$s!"), ('"bye"', '"farewell"'))
    first = hunkworks("translate", "run", "--engine", "pseudo")
    assert first.code == 0
    text = (repo.root / "app/res/values-de/strings.xml").read_text(encoding="utf-8")
    assert "Ŵéļçöṁé, %1$s····!" in text
    assert '<string name="farewell">Tschüss</string>' in text
    assert hunkworks("translate", "run", "--json").json["files"] == []


def test_only_the_locales_that_are_asked_for(hunkworks: Hunkworks, repo: Repo) -> None:
    committed(repo)
    edit(repo, "web/locales/en.json", ('"One"', '"First"'))
    document = hunkworks("translate", "plan", "--locale", "fr", "--json").json
    assert [unit["locale"] for unit in document["units"]] == ["fr"]


def test_check_looks_at_what_the_change_touched(hunkworks: Hunkworks, repo: Repo) -> None:
    committed(repo)
    edit(repo, "ios/de.lproj/L.strings", ("Hallo %@", "Hallo % @"))
    repo.commit()
    assert hunkworks("translate", "check").code == 0, "what was broken before is not this change's"
    whole = hunkworks("translate", "check", "ios")
    assert whole.code == 1
    assert "ios/de.lproj/L.strings:4: blocking: hi placeholders" in whole.out
    assert hunkworks("translate", "check", "--all").code == 1


def test_check_reads_the_index_not_the_work_tree(hunkworks: Hunkworks, repo: Repo) -> None:
    committed(repo)
    edit(repo, "web/locales/de.json", ("Zwei {{n}}", "Zwei"))
    repo.git("add", "-A")
    edit(repo, "web/locales/de.json", ('"Zwei"', '"Zwei {{n}}"'))
    staged = hunkworks("translate", "check", "--staged", "--json")
    assert staged.code == 1
    assert [flaw["check"] for flaw in staged.json["flaws"]] == ["placeholders"]
    assert hunkworks("translate", "check").code == 0


def test_check_names_a_catalog_that_cannot_be_read(hunkworks: Hunkworks, repo: Repo) -> None:
    committed(repo)
    repo.write("web/locales/de.json", '{"a": ')
    broken = hunkworks("translate", "check", "--json")
    assert broken.code == 1
    assert broken.json["flaws"][0]["check"] == "readable"


def test_check_of_nothing_that_exists_is_refused(hunkworks: Hunkworks, repo: Repo) -> None:
    committed(repo)
    assert hunkworks("translate", "check", "nowhere").code == 2
    assert hunkworks("translate", "check", "..").code == 2
    assert hunkworks("translate", "check", "web", "--staged").code == 2


def test_a_key_cannot_speak_to_the_terminal(hunkworks: Hunkworks, repo: Repo) -> None:
    committed(repo)
    repo.write("web/locales/de.json", '{\n  "a": "Eins",\n  "\\u001b]0;x": "%d"\n}\n')
    repo.write("web/locales/en.json", '{\n  "a": "One",\n  "\\u001b]0;x": "{{n}}"\n}\n')
    assert "\x1b" not in hunkworks("translate", "check").out


def test_configuration_of_the_base_decides(hunkworks: Hunkworks, repo: Repo) -> None:
    committed(repo)
    repo.write("hunkworks.toml", '[localize]\nlocales = ["fr"]\n')
    repo.commit()
    edit(repo, "web/locales/en.json", ('"One"', '"First"'))
    document = hunkworks("translate", "plan", "--json").json
    assert [unit["locale"] for unit in document["units"]] == ["fr"]


def test_a_patch_on_standard_input_cannot_be_translated(hunkworks: Hunkworks, repo: Repo) -> None:
    committed(repo)
    assert hunkworks("translate", "plan", "--stdin", stdin="").code == 2


def test_hard_coded_strings_are_candidates_and_never_translated(hunkworks: Hunkworks, repo: Repo) -> None:
    committed(repo)
    repo.write("ios/View.swift", 'import SwiftUI\nlet old = Text("Old one")\n')
    repo.write("web/Page.tsx", "export const Page = () => <p>{t('a')}</p>;\n")
    repo.commit()
    repo.write("ios/View.swift", 'import SwiftUI\nlet old = Text("Old one")\nlet new = Text("Save all")\n')
    repo.write("web/Page.tsx", "export const Page = () => <p>Hello there</p>;\n")
    shown = hunkworks("translate", "plan").out
    assert "2 hard-coded strings added, which no catalog holds:" in shown
    assert "    ios/View.swift:3: Text(…)" in shown
    assert "Save all" not in shown, "a string of the code is data, as those of catalogs are"
    document = hunkworks("translate", "plan", "--json").json
    assert [(item["path"], item["line"], item["text"]) for item in document["candidates"]] == [
        ("ios/View.swift", 3, "Save all"),
        ("web/Page.tsx", 1, "Hello there"),
    ]
    assert document["counts"]["candidates"] == 2
    assert document["units"] == []


def test_a_plan_tells_what_its_batches_would_cost(hunkworks: Hunkworks, repo: Repo) -> None:
    committed(repo)
    edit(repo, "web/locales/en.json", ('"One"', '"First"'))
    assert re.search(r"to write, 0\.00\d\d USD through the API\.", hunkworks("translate", "plan").out)
    repo.write("hunkworks.toml", '[tiers.default]\nid = "of-nobody"\n')
    repo.commit()
    edit(repo, "web/locales/en.json", ('"First"', '"Foremost"'))
    assert hunkworks("translate", "plan", "--json").json["counts"]["usd"] is None
