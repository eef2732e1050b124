"""Load rule files: ``<folder>/<language>/<rule-id>.yml``, one rule a file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hunkworks.change.model import Role
from hunkworks.errors import ConfigError
from hunkworks.rules import cache, globs, tree
from hunkworks.rules.classes import Severity
from hunkworks.rules.languages import LANGUAGES, folder_of
from hunkworks.rules.model import ANY, Example, Rule, RuleSet
from hunkworks.rules.recipe import Guard, Parameter, ParameterType, Recipe, Rewrite, Safety, Step, written

_FOLDERS = frozenset(folder_of(language) for language in LANGUAGES) | {ANY}


def load(
    folders: Sequence[Path], *, languages: Collection[str] | None = None, ids: Collection[str] = ()
) -> RuleSet:
    """Return the rules of ``folders``, ordered by id.

    Args:
        folders: Each laid out like the pack's ``recipes/``.
        languages: ast-grep names; only their rules and language-independent ones are read; None reads all.
        ids: Only these are returned, of all that are read and checked; none returns all.

    Raises:
        ConfigError: A file is no rule, two rules share an id, or a folder does not exist.
    """
    wanted = _FOLDERS if languages is None else {ANY, *map(folder_of, languages)}
    rules: dict[str, Rule] = {}
    for folder in folders:
        for language in _language_folders(folder, wanted):
            for rule in _load_folder(language, ids):
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


def load_contents(
    contents: Mapping[Path, bytes], *, languages: Collection[str] | None = None
) -> tuple[Rule, ...]:
    """Return the rules of files that stand in no folder, such as those of an older revision; as ``load`` does.

    Args:
        contents: By path; the last folder of each is its language's.
        languages: As for ``load``.

    Raises:
        ConfigError: A file is no rule, or stands in a folder that is named after no language.
    """
    wanted = _FOLDERS if languages is None else {ANY, *map(folder_of, languages)}
    found: list[Rule] = []
    for path, content in sorted(contents.items()):
        if path.parent.name not in _FOLDERS:
            raise _no_language(f"{path}: its folder", path.parent.name)
        if path.suffix != ".yml":
            raise ConfigError(f"{path}: a rule file ends in .yml", fix=f"rename it to {path.stem}.yml")
        if path.parent.name in wanted:
            found.append(_rule(_checked(path, content), path))
    return tuple(found)


def _language_folders(folder: Path, wanted: Collection[str]) -> Iterator[Path]:
    if not folder.is_dir():
        raise ConfigError(f"there is no folder of rules at {folder}")
    for child in sorted(folder.iterdir()):
        if not child.is_dir() or child.name.startswith("."):
            continue
        if child.name not in _FOLDERS:
            raise _no_language(str(child), child.name)
        if child.name in wanted:
            yield child


def _no_language(what: str, name: str) -> ConfigError:
    from hunkworks.rules.schema import nearest

    return ConfigError(f"{what} is named after no language", fix=nearest(name, _FOLDERS))


def _load_folder(folder: Path, ids: Collection[str]) -> list[Rule]:
    files = sorted(path for path in folder.iterdir() if path.suffix in {".yml", ".yaml"})
    contents = {path: _read(path) for path in files}
    digest = cache.digest_of(contents)
    documents = cache.get(folder, digest)
    if documents is None:
        documents = [_checked(path, content) for path, content in contents.items()]
        cache.put(folder, digest, documents)
    return [
        _rule(document, path)
        for document, path in zip(documents, files, strict=True)
        if not ids or document["id"] in ids
    ]


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

    from hunkworks.rules import schema  # with YAML: what the cache holds is checked already

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
        for number, guard in enumerate(document["metadata"].get("guard", [])):
            reason = (
                tree.refusal(guarded(_config(document), guard["rule"]), language) if "rule" in guard else ""
            )
            if reason:
                raise ConfigError(
                    f"{path}: ast-grep refuses metadata.guard[{number}].rule for {language}", found=reason
                )


def guarded(config: Mapping[str, Any], rule: Mapping[str, Any]) -> dict[str, Any]:
    """Return what matches where ``config`` does and the same node fulfils ``rule`` too, with the same variables."""
    return {**config, "rule": {"all": [config["rule"], rule]}}


def _config(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: document[key] for key in ("rule", "constraints", "utils", "transform") if key in document}


def _languages(document: Mapping[str, Any]) -> tuple[str, ...]:
    own = [document["language"]] if document.get("language", ANY) != ANY else []
    return tuple(dict.fromkeys([*own, *document["metadata"].get("languages", [])]))


def _rule(document: Mapping[str, Any], path: Path) -> Rule:
    metadata = document["metadata"]
    recipe = _recipe(document, metadata)
    roles = [Role.CODE] if recipe.safety is Safety.DETECT else [Role.CODE, Role.TEST]
    return Rule(
        id=document["id"],
        language=document.get("language", ANY),
        languages=frozenset(_languages(document)),
        severity=Severity(metadata.get("severity", Severity.NOTE)),
        klass=metadata.get("class", ""),
        title=metadata["title"],
        message=document["message"].strip(),
        note=document.get("note", "").strip(),
        scenario=metadata.get("scenario", "").strip(),
        why=metadata["why"].strip(),
        confidence=metadata.get("confidence", 0),
        roles=frozenset(map(Role, metadata.get("roles", roles))),
        path=path,
        files=tuple(map(globs.translate, document.get("files", []))),
        ignores=tuple(map(globs.translate, document.get("ignores", []))),
        config=_config(document) if "rule" in document else None,
        unless=re.compile(metadata["unless"], re.MULTILINE) if "unless" in metadata else None,
        regex=re.compile(metadata["regex"]) if "regex" in metadata else None,
        detector=metadata.get("detector", ""),
        recipe=recipe,
        matching=_examples(metadata["examples"].get("match", [])),
        not_matching=_examples(metadata["examples"]["no-match"]),
    )


def _examples(listed: Sequence[Any]) -> tuple[Example, ...]:
    return tuple(
        Example(one) if isinstance(one, str) else Example(one["text"], one["path"]) for one in listed
    )


def _recipe(document: Mapping[str, Any], metadata: Mapping[str, Any]) -> Recipe:
    imports = metadata.get("imports", {})
    steps = [_step(step) for step in metadata.get("edit", [])]
    fix = document.get("fix")
    if fix is not None:
        steps = [Step("fix", {"template": fix} if isinstance(fix, str) else fix)]
    examples = metadata["examples"]
    return Recipe(
        safety=Safety(metadata.get("safety", Safety.DETECT)),
        steps=tuple(steps),
        guards=tuple(map(_guard, metadata.get("guard", []))),
        imports_add=tuple(imports.get("add", [])),
        imports_drop=tuple(imports.get("drop", [])),
        brief=metadata.get("brief", "").strip(),
        parameters=tuple(_parameter(*item) for item in metadata.get("parameters", {}).items()),
        verify=tuple(metadata.get("verify", [])),
        tried=metadata.get("tried", "").strip(),
        rewrites=tuple(_rewrite(one, one["before"], one["after"]) for one in examples.get("rewrite", [])),
        refused=tuple(_rewrite(one, one["text"], one["text"]) for one in examples.get("refused", [])),
    )


def _step(step: Mapping[str, Any]) -> Step:
    options = {key: value for key, value in step.items() if key not in ("use", "with")}
    return Step(step["use"], {**options, **step.get("with", {})})


def _guard(guard: Mapping[str, Any]) -> Guard:
    project = guard.get("project", {})
    return Guard(
        why=guard.get("refuse", guard.get("judge")),
        judge="judge" in guard,
        rule=guard.get("rule"),
        file=_expression(guard, "file"),
        file_lacks=_expression(guard, "file-lacks"),
        project_file=project.get("file", ""),
        project_has=_expression(project, "has"),
        project_lacks=_expression(project, "lacks"),
    )


def _expression(holder: Mapping[str, Any], key: str) -> re.Pattern[str] | None:
    return re.compile(holder[key], re.MULTILINE) if key in holder else None


def _parameter(name: str, said: Mapping[str, Any]) -> Parameter:
    return Parameter(
        name=name,
        type=ParameterType(said["type"]),
        description=said["description"],
        default=written(said["default"]) if "default" in said else None,
        choices=tuple(said.get("choices", [])),
        captures=said.get("captures", ""),
        ask=said.get("ask", False),
    )


def _rewrite(case: Mapping[str, Any], before: str, after: str) -> Rewrite:
    values = {name: written(value) for name, value in case.get("parameters", {}).items()}
    return Rewrite(
        before, after, case.get("path", ""), values, case.get("files", {}), case.get("files-after", {})
    )
