"""Load rule files: ``<folder>/<language>/<rule-id>.yml``, one rule a file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hunkworks.change.model import Role
from hunkworks.errors import ConfigError
from hunkworks.rules import cache, globs, schema, tree
from hunkworks.rules.classes import Severity
from hunkworks.rules.languages import LANGUAGES, folder_of
from hunkworks.rules.model import ANY, Example, Rule, RuleSet

_FOLDERS = frozenset(folder_of(language) for language in LANGUAGES) | {ANY}


def load(folders: Sequence[Path], *, languages: Collection[str] | None = None) -> RuleSet:
    """Return the rules of ``folders``, ordered by id.

    Args:
        folders: Each laid out like the pack's ``recipes/``.
        languages: ast-grep names; only their rules and language-independent ones are read; None reads all.

    Raises:
        ConfigError: A file is no rule, two rules share an id, or a folder does not exist.
    """
    wanted = _FOLDERS if languages is None else {ANY, *map(folder_of, languages)}
    rules: dict[str, Rule] = {}
    for folder in folders:
        for language in _language_folders(folder, wanted):
            for rule in _load_folder(language):
                if rule.id in rules:
                    raise ConfigError(
                        f"{rule.path}: the id {rule.id} is taken by {rules[rule.id].path}",
                        fix="rename one file and its id",
                    )
                rules[rule.id] = rule
    return RuleSet(tuple(rules[rule_id] for rule_id in sorted(rules)))


def load_file(path: Path) -> Rule:
    """Return the rule of one file, read and checked anew.

    Raises:
        ConfigError: The file is no rule.
    """
    return _rule(_checked(path, _read(path)), path)


def _language_folders(folder: Path, wanted: Collection[str]) -> Iterator[Path]:
    if not folder.is_dir():
        raise ConfigError(f"there is no folder of rules at {folder}")
    for child in sorted(folder.iterdir()):
        if not child.is_dir() or child.name.startswith("."):
            continue
        if child.name not in _FOLDERS:
            raise ConfigError(f"{child} is named after no language", fix=schema.nearest(child.name, _FOLDERS))
        if child.name in wanted:
            yield child


def _load_folder(folder: Path) -> list[Rule]:
    files = sorted(path for path in folder.iterdir() if path.suffix in {".yml", ".yaml"})
    contents = {path: _read(path) for path in files}
    digest = cache.digest_of(contents)
    documents = cache.get(folder, digest)
    if documents is None:
        documents = [_checked(path, content) for path, content in contents.items()]
        cache.put(folder, digest, documents)
    return [_rule(document, path) for document, path in zip(documents, files, strict=True)]


def _read(path: Path) -> bytes:
    if path.suffix != ".yml":
        raise ConfigError(f"{path}: a rule file ends in .yml", fix=f"rename it to {path.stem}.yml")
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error


def _checked(path: Path, content: bytes) -> dict[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        parsed = YAML(typ="safe").load(content.decode("utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not YAML: {error}") from error
    document = schema.check(parsed, path)
    if "rule" in document:
        _refuse_impossible(document, path)
    return document


def _refuse_impossible(document: Mapping[str, Any], path: Path) -> None:
    """Let ast-grep read the rule for every language it names: what it refuses could never match."""
    for language in _languages(document):
        reason = tree.refusal(_config(document), language)
        if reason:
            raise ConfigError(f"{path}: ast-grep refuses the rule for {language}", found=reason)


def _config(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: document[key] for key in ("rule", "constraints", "utils", "transform") if key in document}


def _languages(document: Mapping[str, Any]) -> tuple[str, ...]:
    own = [document["language"]] if document.get("language", ANY) != ANY else []
    return tuple(dict.fromkeys([*own, *document["metadata"].get("languages", [])]))


def _rule(document: Mapping[str, Any], path: Path) -> Rule:
    metadata = document["metadata"]
    return Rule(
        id=document["id"],
        language=document.get("language", ANY),
        languages=frozenset(_languages(document)),
        severity=Severity(metadata["severity"]),
        klass=metadata["class"],
        title=metadata["title"],
        message=document["message"].strip(),
        note=document.get("note", "").strip(),
        scenario=metadata["scenario"].strip(),
        why=metadata["why"].strip(),
        confidence=metadata["confidence"],
        roles=frozenset(map(Role, metadata.get("roles", [Role.CODE]))),
        path=path,
        files=tuple(map(globs.translate, document.get("files", []))),
        ignores=tuple(map(globs.translate, document.get("ignores", []))),
        config=_config(document) if "rule" in document else None,
        unless=re.compile(metadata["unless"], re.MULTILINE) if "unless" in metadata else None,
        regex=re.compile(metadata["regex"]) if "regex" in metadata else None,
        detector=metadata.get("detector", ""),
        fix=document.get("fix", ""),
        matching=_examples(metadata["examples"]["match"]),
        not_matching=_examples(metadata["examples"]["no-match"]),
    )


def _examples(listed: Sequence[Any]) -> tuple[Example, ...]:
    return tuple(
        Example(one) if isinstance(one, str) else Example(one["text"], one["path"]) for one in listed
    )
