"""What init writes is added in the file's own style, and taken back to the byte."""

from __future__ import annotations

import json

import pytest
from ruamel.yaml import YAML

from hunkworks.errors import InputError
from hunkworks.scaffold.project import ClientSettings, OwnFile, PreCommit, Step, steps

PRE_COMMIT = PreCommit("hunkworks/hunkworks", "0.1.0")
SETTINGS = ClientSettings("hunkworks/hunkworks", "hunkworks", "hunkworks")

YAML_FILES = [
    b"repos:\n- repo: https://example.com/a\n  rev: v1\n  hooks:\n  - id: a\n",
    b"# ours\nrepos:\n  - repo: local\n    hooks:\n      - {id: b, name: b, entry: b, language: system}",
    b"repos:\r\n  - repo: https://example.com/a\r\n    rev: v1\r\n    hooks: [{id: a}]\r\n",
    b"repos:\n  - repo: https://example.com/a\n    rev: v1\n    hooks: [{id: a}]\nci:\n  skip: [a]\n",
]
JSON_FILES = [
    b'{\n  "permissions": {"allow": ["Bash(ls)"]}\n}\n',
    b'{\r\n\t"enabledPlugins": {\r\n\t\t"other@market": true\r\n\t}\r\n}',
    b"{}\n",
    b'{"a":1}',
]


@pytest.mark.parametrize("before", YAML_FILES)
def test_the_pre_commit_entry_is_added_beside_the_others(before: bytes) -> None:
    after = PRE_COMMIT.add(before)
    old, new = (YAML(typ="safe").load(data) for data in (before, after))
    assert new["repos"][:-1] == old["repos"]
    assert new["repos"][-1]["hooks"] == [{"id": "hunkworks-review"}]
    assert {key: new[key] for key in new if key != "repos"} == {
        key: old[key] for key in old if key != "repos"
    }


@pytest.mark.parametrize(
    ("step", "before"),
    [
        *((PRE_COMMIT, data) for data in YAML_FILES if data.endswith(b"\n")),
        *((SETTINGS, data) for data in JSON_FILES[:2]),
    ],
)
def test_taking_back_leaves_the_file_as_it_was(step: Step, before: bytes) -> None:
    assert step.take_back(step.add(before)) == before


@pytest.mark.parametrize(
    ("step", "before"), [*((PRE_COMMIT, d) for d in YAML_FILES), *((SETTINGS, d) for d in JSON_FILES)]
)
def test_a_second_init_changes_nothing(step: Step, before: bytes) -> None:
    once = step.add(before)
    assert step.add(once) == once


@pytest.mark.parametrize("step", steps(pre_commit=True, client=True, alias=True), ids=lambda step: step.path)
def test_a_file_that_was_made_by_init_is_removed_by_undo(step: Step) -> None:
    assert step.take_back(step.add(None)) is None


def test_a_later_version_takes_back_what_an_earlier_one_wrote() -> None:
    written = PRE_COMMIT.add(YAML_FILES[0])
    assert PreCommit("hunkworks/hunkworks", "0.2.0").take_back(written) == YAML_FILES[0]


@pytest.mark.parametrize("before", JSON_FILES)
def test_settings_keep_everything_else(before: bytes) -> None:
    old, new = json.loads(before), json.loads(SETTINGS.add(before))
    assert new["enabledPlugins"].pop("hunkworks@hunkworks") is True
    (marketplace,) = new.pop("extraKnownMarketplaces").values()
    assert marketplace["source"].pop("sparsePaths")
    assert marketplace == {"source": {"source": "github", "repo": "hunkworks/hunkworks"}}
    if not new["enabledPlugins"]:
        del new["enabledPlugins"]
    assert new == old


def test_a_file_somebody_changed_is_theirs() -> None:
    own = OwnFile("hunkworks.toml", b"[review]\n")
    assert own.add(b"[tiers]\n") == b"[tiers]\n"
    assert own.take_back(b"[review]\nfail_on = 'note'\n") == b"[review]\nfail_on = 'note'\n"


def test_a_list_that_cannot_be_added_to_is_refused_with_what_to_add() -> None:
    with pytest.raises(InputError, match="hunkworks-review"):
        PRE_COMMIT.add(b"repos: []\n")


def test_settings_that_are_no_object_are_refused() -> None:
    with pytest.raises(InputError, match="not a JSON object"):
        SETTINGS.add(b"[]\n")
