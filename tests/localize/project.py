"""A small project with catalogs of three platforms, and a change of its English."""

from __future__ import annotations

from pathlib import Path

from hunkworks.change.repository import Repository
from hunkworks.change.select import Selector, select
from hunkworks.config import Localizing
from hunkworks.localize.apply import Answer, Applied, Applier
from hunkworks.localize.plan import Plan, Planner, Wanted
from hunkworks.localize.session import Confirmed
from tests.repo import Repo

EVERYTHING = Wanted()
DEFAULT = Localizing()

ANDROID = """\
<resources>
    <string name="hello">Hello %1$s</string>
    <string name="bye">Goodbye</string>
</resources>
"""
STRINGS = '/* title */\n"title" = "Settings";\n\n"hi" = "Hi %@";\n'
XCSTRINGS = """\
{
  "sourceLanguage" : "en",
  "strings" : {
    "Open" : {
      "localizations" : {
        "de" : {
          "stringUnit" : {
            "state" : "translated",
            "value" : "Öffnen"
          }
        }
      }
    }
  },
  "version" : "1.0"
}"""


def committed(repo: Repo) -> Repo:
    """Fill the repository: English and German on three platforms, French in one."""
    repo.write("app/res/values/strings.xml", ANDROID)
    repo.write(
        "app/res/values-de/strings.xml", ANDROID.replace("Hello", "Hallo").replace("Goodbye", "Tschüss")
    )
    repo.write("ios/en.lproj/L.strings", STRINGS)
    repo.write("ios/de.lproj/L.strings", STRINGS.replace("Settings", "Einstellungen").replace("Hi", "Hallo"))
    repo.write("web/locales/en.json", '{\n  "a": "One",\n  "b": "Two {{n}}"\n}\n')
    repo.write("web/locales/de.json", '{\n  "a": "Eins",\n  "b": "Zwei {{n}}"\n}\n')
    repo.write("web/locales/fr.json", '{\n  "a": "Un"\n}\n')
    repo.commit()
    return repo


def plan(repo: Repo, wanted: Wanted = EVERYTHING, settings: Localizing = DEFAULT) -> Plan:
    """Plan the uncommitted change."""
    repository = Repository.discover(repo.root)
    confirmed = Confirmed(repository.common_dir)
    return Planner(repository, settings, confirmed.holds).plan(select(repository, Selector()), "it", wanted)


def apply(
    repo: Repo, made: Plan, answers: dict[str, str | dict[str, str]], *, prune: bool = False
) -> Applied:
    """Apply answers, given by key and locale as ``key:locale``."""
    ids = {f"{unit.key[-1]}:{unit.locale}": unit.id for unit in made.units}
    given = [
        Answer(ids[name], text) if isinstance(text, str) else Answer(ids[name], None, text)
        for name, text in answers.items()
    ]
    repository = Repository.discover(repo.root)
    return Applier(repository, made, Confirmed(repository.common_dir)).apply(given, prune=prune)


def keys(made: Plan) -> dict[str, str]:
    """Return kind by ``key:locale``."""
    return {f"{unit.key[-1]}:{unit.locale}": str(unit.kind) for unit in made.units}


def edit(repo: Repo, path: str, *changes: tuple[str, str]) -> None:
    """Replace texts in a file; each must stand there."""
    file = Path(repo.root / path)
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
