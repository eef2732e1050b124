"""`/hunkworks:translate-diff` in the real client: three platforms, three locales, one bad answer, exact files."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from tests.client.changes import TOOLS, agent, session_of
from tests.client.client import Client
from tests.client.messages_api import MessagesAPI, Request, Rule, ToolUse, Turn
from tests.client.plugins import HOME_OF_THE_PACK, pack_repository, publish
from tests.repo import Repo

pytestmark = pytest.mark.client

PLACEHOLDER = "DeferredToolPlaceholder"  # the client's own, without effect
ANDROID = """\
<resources>
    <string name="hello">{hello}</string>
    <string name="bye">{bye}</string>
</resources>
"""
STRINGS = '/* The title */\n"title" = "{title}";\n\n"hi" = "{hi}";\n'
WEB = '{{\n  "a": "{a}",\n  "b": "kept"\n}}\n'
LOCALES = {"de": "de", "fr": "fr", "pl": "pl"}
# What the scripted translator says, by source and locale.
WORDS = {
    "Welcome, %1$s!": {"de": "Willkommen, %1$s!", "fr": "Bienvenue, %1$s !", "pl": "Witaj, %1$s!"},
    "Welcome %@": {"de": "Willkommen %@", "fr": "Bienvenue %@", "pl": "Witaj %@"},
    "First": {"de": "Erstens", "fr": "Premier", "pl": "Pierwszy"},
}


@pytest.fixture(scope="module")
def claude(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Client:
    """The client, the pack installed by owner/repo."""
    folder = tmp_path_factory.mktemp("installed")
    client = Client(program, folder / "home")
    publish(client, pack_repository(folder / "source"))
    client.run("plugin", "install", "hunkworks", "--marketplace", HOME_OF_THE_PACK)
    return client


def project(folder: Path) -> Repo:
    """English in three catalogs, each with three locales, and a change of one English text in each."""
    repo = Repo(folder)
    for locale in ("en", *LOCALES):
        values = "values" if locale == "en" else f"values-{locale}"
        repo.write(
            f"app/res/{values}/strings.xml", ANDROID.format(hello=f"{locale} %1$s", bye=f"{locale} bye")
        )
        repo.write(
            f"ios/{locale}.lproj/L.strings", STRINGS.format(title=f"{locale} title", hi=f"{locale} %@")
        )
        repo.write(f"web/locales/{locale}.json", WEB.format(a=f"{locale} one"))
    repo.commit()
    repo.write("app/res/values/strings.xml", ANDROID.format(hello="Welcome, %1$s!", bye="en bye"))
    repo.write("ios/en.lproj/L.strings", STRINGS.format(title="en title", hi="Welcome %@"))
    repo.write("web/locales/en.json", WEB.format(a="First"))
    return repo


def units(request: Request) -> list[dict[str, str]]:
    """Return the units that the translator was handed."""
    lines = [line for result in request.results for line in result.text.splitlines()]
    return [json.loads(line) for line in lines if line.startswith('{"id"')]


def conversation() -> Rule:
    """The main model as the skill asks it to be."""

    def start(request: Request) -> list[str | ToolUse]:
        batches = sorted(set(re.findall(r"Batch (b\d{3})", request.typed)))
        called = agent("translator", f"Translate batches {', '.join(batches)}.")
        return [ToolUse(called.name, {**called.input, "run_in_background": False})]

    def finish(request: Request) -> list[str | ToolUse]:
        command = f"hunkworks translate apply --session {session_of(request)}"
        return [ToolUse("Bash", {"command": command, "description": "write"})]

    def repeat(request: Request) -> list[str]:
        return [request.results[-1].text]

    return Rule([start, finish, repeat], when=lambda request: not request.agent_id)


def translator() -> Rule:
    """A translator that drops one placeholder, reads why it was rejected, and mends it."""

    def read(request: Request) -> list[str | ToolUse]:
        batches = sorted(set(re.findall(r"\bb\d{3}\b", request.typed)))
        return [ToolUse(f"{TOOLS}units", {"batch": batch}) for batch in batches]

    def answer(request: Request, wrong: bool) -> list[str | ToolUse]:
        given = []
        for unit in units(request):
            bad = unit["locale"] == "pl" and unit["source"] == "Welcome %@"
            text = "Witaj" if bad and wrong else WORDS[unit["source"]][unit["locale"]]
            if wrong or bad:
                given.append({"id": unit["id"], "text": text})
        return [ToolUse(f"{TOOLS}translations", {"translations": given})]

    turns: list[Turn] = [
        read,
        lambda request: answer(request, wrong=True),
        lambda request: answer(request, wrong=False),
        ["Translated."],
    ]
    return Rule(turns, system="You translate strings", when=lambda request: bool(request.agent_id))


def test_every_file_ends_exactly_as_expected(claude: Client, api: MessagesAPI, tmp_path: Path) -> None:
    repo = project(tmp_path / "repo")
    api.rules = [translator(), conversation()]
    session = claude.ask("/hunkworks:translate-diff", api=api, cwd=repo.root, HUNKWORKS_PYTHON=sys.executable)
    assert session.returncode == 0, session.stderr
    assert not session.aborted, session.text
    assert session.denials == []
    assert "# Translate a change" in api.requests[0].typed
    assert "Batch b001: 9 units, de, fr, pl" in api.requests[0].typed
    assert "Welcome" not in api.requests[0].typed, "texts of catalogs do not reach the main conversation"

    first, second = (result.text for result in api.subagents[-1].results[-2:])
    rejected = json.loads(first)["rejected"]
    assert [item["check"] for item in rejected] == ["placeholders"]
    assert "%@" in rejected[0]["message"]
    assert json.loads(second)["rejected"] == []

    for locale in LOCALES:
        said = {source: words[locale] for source, words in WORDS.items()}
        android = ANDROID.format(hello=said["Welcome, %1$s!"], bye=f"{locale} bye")
        ios = STRINGS.format(title=f"{locale} title", hi=said["Welcome %@"])
        assert (repo.root / f"app/res/values-{locale}/strings.xml").read_bytes() == android.encode()
        assert (repo.root / f"ios/{locale}.lproj/L.strings").read_bytes() == ios.encode()
        assert (repo.root / f"web/locales/{locale}.json").read_bytes() == WEB.format(a=said["First"]).encode()
        assert f"| {locale} | 3 | 0 | 0 | 0 | 0 | 0 |" in session.text
    assert len(repo.git("diff", "--name-only").splitlines()) == 12


def test_a_translator_has_two_tools(claude: Client, api: MessagesAPI, tmp_path: Path) -> None:
    """A translator that was talked into it by a string can run and read nothing."""
    repo = project(tmp_path / "repo")
    attempts: list[str | ToolUse] = [
        ToolUse("Bash", {"command": f"touch {repo.root}/ran", "description": "d"}),
        ToolUse("Write", {"file_path": f"{repo.root}/ran", "content": "x"}),
        ToolUse("Read", {"file_path": "/etc/hostname"}),
    ]
    hostile = Rule(
        [attempts, ["Done."]], system="You translate strings", when=lambda request: bool(request.agent_id)
    )
    api.rules = [hostile, conversation()]
    claude.ask("/hunkworks:translate-diff", api=api, cwd=repo.root, HUNKWORKS_PYTHON=sys.executable)
    assert set(api.subagents[0].tools) - {PLACEHOLDER} == {f"{TOOLS}units", f"{TOOLS}translations"}
    refused = api.subagents[1].results
    assert len(refused) == len(attempts)
    assert all(result.is_error and "No such tool available" in result.text for result in refused)
    assert not (repo.root / "ran").exists()


def test_an_edit_that_breaks_a_catalog_is_told_at_once_and_other_edits_start_nothing(
    claude: Client, api: MessagesAPI, tmp_path: Path
) -> None:
    repo = project(tmp_path / "repo")
    repo.write("app.py", "one = 1\n")
    catalog, code = f"{repo.root}/ios/de.lproj/L.strings", f"{repo.root}/app.py"

    def edit(path: str, old: str, new: str) -> list[str | ToolUse]:
        return [ToolUse("Edit", {"file_path": path, "old_string": old, "new_string": new})]

    turns: list[Turn] = [
        [ToolUse("Read", {"file_path": catalog}), ToolUse("Read", {"file_path": code})],
        edit(code, "1", "2"),
        edit(catalog, "de title", "Titel"),
        edit(catalog, "de %@", "de"),
        ["over"],
    ]
    api.rules = [Rule(turns)]
    options = ["--allowedTools", "Edit,Read"]
    session = claude.ask("go", api=api, cwd=repo.root, options=options, HUNKWORKS_PYTHON=sys.executable)
    assert session.denials == []
    started = [hook["hook_name"] for hook in session.hooks if hook["hook_name"].startswith("PostToolUse")]
    assert started == ["PostToolUse:Edit"] * 2
    assert "is broken" not in api.requests[-2].said
    assert (
        "L.strings is broken since this edit:\n  line 4: hi: placeholders: expected %@"
        in api.requests[-1].said
    )
