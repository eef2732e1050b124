"""What passes is written and nothing else changes; what fails is named and changes nothing; any run can be repeated."""

from __future__ import annotations

import os

import msgspec
import pytest

from hunkworks.change.repository import Repository
from hunkworks.config import Localizing
from hunkworks.localize.apply import Answer, Applied, Applier
from hunkworks.localize.session import Confirmed, Session
from tests.localize.project import XCSTRINGS, apply, committed, edit, keys, plan
from tests.repo import Repo


def read(repo: Repo, path: str) -> str:
    return (repo.root / path).read_bytes().decode()


def changed_lines(repo: Repo, path: str) -> list[str]:
    lines = repo.git("diff", "-U0", "--", path).splitlines()
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def test_only_the_lines_of_the_written_units_change(repo: Repo) -> None:
    committed(repo)
    edit(repo, "ios/en.lproj/L.strings", ('"Hi %@"', '"Welcome %@"'), ('"title"', '"new" = "Done";\n"title"'))
    done = apply(repo, plan(repo), {"hi:de": "Willkommen %@", "new:de": "Fertig"})
    assert done.rejected == ()
    assert done.files == ("ios/de.lproj/L.strings",)
    assert {line for line in changed_lines(repo, "ios/de.lproj/L.strings") if line[1:]} == {
        '-"hi" = "Hallo %@";',
        '+"hi" = "Willkommen %@";',
        '+"new" = "Fertig";',
    }


def test_a_bad_answer_is_named_and_a_second_one_taken(repo: Repo) -> None:
    committed(repo)
    edit(repo, "app/res/values/strings.xml", ("Hello %1$s", "Welcome %1$s"), ("Goodbye", "So long"))
    made = plan(repo)
    done = apply(repo, made, {"hello:de": "Willkommen", "bye:de": "Bis dann"})
    (rejected,) = done.rejected
    assert rejected.check == "placeholders"
    assert "%1$s" in rejected.message
    assert "Hallo %1$s" in read(repo, "app/res/values-de/strings.xml")
    assert "Bis dann" in read(repo, "app/res/values-de/strings.xml")
    assert apply(repo, made, {"hello:de": "Willkommen %1$s"}).rejected == ()
    assert "Willkommen %1$s" in read(repo, "app/res/values-de/strings.xml")
    assert plan(repo).units == ()


def test_a_second_run_changes_nothing(repo: Repo) -> None:
    committed(repo)
    edit(repo, "web/locales/en.json", ('"One"', '"First"'))
    made = plan(repo)
    answers: dict[str, str | dict[str, str]] = {"a:de": "Erstens", "a:fr": "Premier"}
    first = apply(repo, made, answers)
    before = read(repo, "web/locales/de.json")
    again = apply(repo, made, answers)
    assert (again.written, again.files) == (first.written, ())
    assert read(repo, "web/locales/de.json") == before


def test_the_old_translation_may_be_the_new_one_and_is_not_asked_for_again(repo: Repo) -> None:
    committed(repo)
    edit(repo, "web/locales/en.json", ('"One"', '"The one"'))
    made = plan(repo)
    done = apply(repo, made, {"a:de": "Eins"})
    assert done.files == ()
    assert keys(plan(repo)) == {"a:fr": "edited"}
    edit(repo, "web/locales/en.json", ('"The one"', '"Number one"'))
    assert keys(plan(repo)) == {"a:de": "edited", "a:fr": "edited"}


def test_a_renamed_key_and_its_translation_move_without_an_answer(repo: Repo) -> None:
    committed(repo)
    edit(repo, "app/res/values/strings.xml", ('"bye"', '"farewell"'))
    apply(repo, plan(repo), {})
    assert changed_lines(repo, "app/res/values-de/strings.xml") == [
        '-    <string name="bye">Tschüss</string>',
        '+    <string name="farewell">Tschüss</string>',
    ]
    assert plan(repo).units == ()


def test_removed_strings_are_pruned_when_asked(repo: Repo) -> None:
    committed(repo)
    edit(repo, "app/res/values/strings.xml", ('    <string name="bye">Goodbye</string>\n', ""))
    made = plan(repo)
    assert [item.key for item in made.removed] == [("bye",)]
    assert apply(repo, made, {}).files == ()
    assert apply(repo, made, {}, prune=True).pruned == 1
    assert changed_lines(repo, "app/res/values-de/strings.xml") == [
        '-    <string name="bye">Tschüss</string>'
    ]


def test_an_edit_by_a_person_meanwhile_is_kept(repo: Repo) -> None:
    committed(repo)
    edit(repo, "web/locales/en.json", ('"One"', '"First"'))
    made = plan(repo)
    edit(repo, "web/locales/de.json", ('"Eins"', '"Zuerst"'))
    done = apply(repo, made, {"a:de": "Erstens", "a:fr": "Premier"})
    assert [item.check for item in done.rejected] == ["concurrent"]
    assert '"Zuerst"' in read(repo, "web/locales/de.json")
    assert '"Premier"' in read(repo, "web/locales/fr.json")


def test_a_source_that_moved_on_is_planned_again(repo: Repo) -> None:
    committed(repo)
    edit(repo, "web/locales/en.json", ('"One"', '"First"'))
    made = plan(repo)
    edit(repo, "web/locales/en.json", ('"First"', '"Foremost"'))
    done = apply(repo, made, {"a:de": "Erstens"})
    assert [item.check for item in done.rejected] == ["source"]


@pytest.mark.parametrize(
    ("answers", "checks"),
    [
        ([Answer("u0", "x")], ["id"]),
        ([Answer("ID")], ["form"]),
        ([Answer("ID", "x", {"other": "x"})], ["form"]),
        ([Answer("ID", "Erstens"), Answer("ID", "Zuerst")], ["id"]),
        ([Answer("ID", None, {"other": "Erstens"})], ["forms"]),
        ([Answer("ID", "")], ["empty"]),
    ],
)
def test_what_is_no_answer_is_named(repo: Repo, answers: list[Answer], checks: list[str]) -> None:
    committed(repo)
    edit(repo, "web/locales/en.json", ('"One"', '"First"'))
    made = plan(repo)
    ident = next(unit.id for unit in made.units if unit.locale == "de")
    repository = Repository.discover(repo.root)
    given = [msgspec.structs.replace(item, id=item.id.replace("ID", ident)) for item in answers]
    done = Applier(repository, made, Confirmed(repository.common_dir)).apply(given)
    assert [item.check for item in done.rejected][: len(checks)] == checks


def test_string_catalogs_get_every_locale_in_one_write(repo: Repo) -> None:
    repo.write("L.xcstrings", XCSTRINGS)
    repo.commit()
    edit(repo, "L.xcstrings", ('"Open" : {', '"Close" : {\n\n    },\n    "Open" : {'))
    made = plan(repo)
    done = apply(repo, made, {"Close:de": "Schließen"})
    assert (done.rejected, done.files) == ((), ("L.xcstrings",))
    assert '"state" : "translated",\n            "value" : "Schließen"' in read(repo, "L.xcstrings")
    assert plan(repo).units == ()


def test_with_review_new_translations_await_a_human_and_are_not_asked_for_again(repo: Repo) -> None:
    repo.write("L.xcstrings", XCSTRINGS)
    repo.commit()
    edit(repo, "L.xcstrings", ('"Open" : {', '"Close" : {\n\n    },\n    "Open" : {'))
    settings = Localizing(review=True)
    apply(repo, plan(repo, settings=settings), {"Close:de": "Schließen"})
    assert "needs_review" in read(repo, "L.xcstrings")
    assert plan(repo, settings=settings).units == ()


def test_a_text_that_becomes_plural_becomes_so_everywhere(repo: Repo) -> None:
    committed(repo)
    plural = '<plurals name="bye"><item quantity="one">%d</item><item quantity="other">%d</item></plurals>'
    edit(repo, "app/res/values/strings.xml", ('<string name="bye">Goodbye</string>', plural))
    done = apply(repo, plan(repo), {"bye:de": {"one": "%d", "other": "%d"}})
    assert done.rejected == ()
    assert '<plurals name="bye">' in read(repo, "app/res/values-de/strings.xml")
    assert "Tschüss" not in read(repo, "app/res/values-de/strings.xml")


def test_line_endings_and_a_byte_order_mark_stay(repo: Repo) -> None:
    repo.write("en.lproj/L.strings", '"a" = "A";\r\n"b" = "B";\r\n'.encode("utf-16"))
    repo.write("de.lproj/L.strings", '"a" = "Ä";\r\n"b" = "B";\r\n'.encode("utf-16"))
    repo.commit()
    repo.write("en.lproj/L.strings", '"a" = "A2";\r\n"b" = "B";\r\n'.encode("utf-16"))
    apply(repo, plan(repo), {"a:de": "Ä2"})
    assert (repo.root / "de.lproj/L.strings").read_bytes() == '"a" = "Ä2";\r\n"b" = "B";\r\n'.encode("utf-16")


@pytest.mark.skipif(os.name == "nt", reason="symbolic links")
def test_nothing_outside_of_the_project_is_written(repo: Repo) -> None:
    outside = repo.root.parent / "outside.json"
    outside.write_text('{\n  "a": "Eins"\n}\n', encoding="utf-8")
    repo.write("locales/en.json", '{\n  "a": "One"\n}\n')
    (repo.root / "locales/de.json").symlink_to(outside)
    repo.commit()
    edit(repo, "locales/en.json", ('"One"', '"First"'))
    made = plan(repo)
    assert [(item.catalog, "leads out of the repository" in item.why) for item in made.refused] == [
        ("locales/de.json", True)
    ]
    apply(repo, made, {f"{unit.key[-1]}:{unit.locale}": "Erstens" for unit in made.units})
    assert outside.read_text(encoding="utf-8") == '{\n  "a": "Eins"\n}\n'


def test_after_so_many_rejected_answers_a_unit_is_given_up_and_named(repo: Repo) -> None:
    committed(repo)
    edit(repo, "app/res/values/strings.xml", ("Hello %1$s", "Welcome %1$s"))
    repository = Repository.discover(repo.root)
    session = Session(repository.common_dir, "s")
    made = plan(repo, settings=Localizing(attempts=2))
    session.keep(made)
    (unit,) = made.units

    def answer(*texts: str, answered_only: bool = True) -> Applied:
        confirmed, attempts = Confirmed(repository.common_dir), session.attempts(made.attempts)
        given = [Answer(unit.id, text) for text in texts]
        return Applier(repository, made, confirmed, attempts).apply(given, answered_only=answered_only)

    assert answer("Willkommen").given_up == ()
    assert answer("Willkommen").given_up == (unit.id,)
    good = answer("Willkommen %1$s")
    assert (good.written, good.given_up, good.rejected[0].check) == ((), (unit.id,), "placeholders")
    named = answer(answered_only=False)
    assert [(item.id, item.check) for item in named.rejected] == [(unit.id, "placeholders")]
    assert named.open == 0
    session.keep(made)
    assert answer("Willkommen %1$s").written == (unit.id,)
