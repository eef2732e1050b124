"""What a recipe file may say. Every refusal names the file, the key, and the nearest key that exists."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from hunkworks.errors import ConfigError
from hunkworks.rules.classes import Severity
from hunkworks.rules.keys import TOP, Key
from hunkworks.rules.languages import folder_of
from hunkworks.rules.model import ANY
from hunkworks.rules.recipe import Parameter, ParameterType, Safety, written

# What /review needs to report a match: all of them, or (for a recipe that only rewrites) none.
REPORTED = ("class", "severity", "scenario", "confidence")
# Ours → ast-grep's: both programs rank a rule alike.
SEVERITIES = {
    Severity.BLOCKER: "error",
    Severity.MAJOR: "warning",
    Severity.MINOR: "info",
    Severity.NOTE: "hint",
}
_TYPES = {str: "text", int: "a number", dict: "a mapping", list: "a list", bool: "true or false"}
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PARAMETER = re.compile(r"[a-z][a-z0-9_]*")
_PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_REWRITES = ("guard", "edit", "imports", "brief", "parameters", "verify")


def check(document: object, path: Path) -> dict[str, Any]:
    """Return ``document`` if it is a recipe file's content, as far as can be told without matching.

    Raises:
        ConfigError: An unknown or missing key, a value of the wrong kind, or a rule that could never run.
    """
    if not isinstance(document, dict):
        raise wrong(path, "the file", "a mapping", type(document).__name__)
    top: dict[str, Any] = document
    _mapping(top, TOP, path, "")
    metadata = top["metadata"]
    if not _ID.fullmatch(top["id"]) or top["id"] != path.stem:
        raise wrong(path, "id", f"{path.stem} (the file's name, in kebab-case)", top["id"])
    safety = Safety(metadata.get("safety", Safety.DETECT))
    _report(top, metadata, safety, path)
    _language(top, metadata, path)
    _way_to_match(top, metadata, path)
    _globs(top, path)
    _examples(top, metadata, safety, path)
    if safety is Safety.DETECT:
        _nothing_to_rewrite(metadata, path)
    else:
        _rewriting(top, metadata, safety, path)
    return top


def nearest(word: str, known: Collection[str], otherwise: str = "") -> str:
    """Return advice naming the member of ``known`` that ``word`` was probably meant to be.

    Where none is near, ``otherwise``, or else all of them.
    """
    import difflib

    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"did you mean {close[0]}?" if close else otherwise or f"use one of {', '.join(sorted(known))}"


def wrong(path: Path, key: str, expected: str, found: str) -> ConfigError:
    """Return the error of a value that cannot stand under ``key``."""
    return ConfigError(
        f"{path}: {key} is wrong",
        expected=expected,
        found=found,
        fix=f"mend {key}, then `hunkworks recipe test {path}`",
    )


def _mapping(found: Mapping[str, Any], known: Mapping[str, Key], path: Path, prefix: str) -> None:
    for name, value in found.items():
        if name not in known:
            raise ConfigError(f"{path}: unknown key {prefix}{name}", fix=nearest(str(name), known))
        _value(value, known[name], path, f"{prefix}{name}")
    for name, key in known.items():
        if key.required and (name not in found or (found[name] == "" and not key.may_be_empty)):
            raise ConfigError(
                f"{path}: the key {prefix}{name} is missing or empty", fix=f"add {prefix}{name}"
            )


def _value(value: object, key: Key, path: Path, where: str) -> None:
    forms = [key]
    while forms[-1].either is not None:
        forms.append(forms[-1].either)
    form = next((form for form in forms if type(value) is form.kind), None)
    if form is None:
        expected = " or ".join(map(_described, forms))
        raise wrong(path, where, expected, type(value).__name__)
    if form.one_of:
        _one_of(value, form.one_of, path, where)
    if isinstance(value, dict):
        if form.keys is not None:
            _mapping(value, form.keys, path, f"{where}.")
        for name, inner in value.items() if form.values is not None else ():
            if not isinstance(name, str):
                raise wrong(path, where, "names as text", repr(name))
            _value(inner, form.values or key, path, f"{where}.{name}")
    if isinstance(value, list):
        if len(value) < form.least:
            raise wrong(path, where, "at least two examples", str(len(value)))
        for number, item in enumerate(value if form.items else ()):
            _value(item, form.items or key, path, f"{where}[{number}]")


def _described(form: Key) -> str:
    required = [name for name, key in (form.keys or {}).items() if key.required]
    return _TYPES[form.kind] + (f" with {', '.join(required)}" if required else "")


def _report(top: Mapping[str, Any], metadata: Mapping[str, Any], safety: Safety, path: Path) -> None:
    """Check what a finding in a review is made of, where the recipe makes one."""
    if safety is not Safety.DETECT and not any(key in metadata for key in REPORTED):
        return
    for key in REPORTED:
        if metadata.get(key, "") == "":
            raise ConfigError(
                f"{path}: the key metadata.{key} is missing or empty", fix=f"add metadata.{key}"
            )
    _one_of(top["severity"], [SEVERITIES[Severity(metadata["severity"])]], path, "severity")
    if not 0 <= metadata["confidence"] <= 100:
        raise wrong(path, "metadata.confidence", "0 to 100", str(metadata["confidence"]))


def _language(top: Mapping[str, Any], metadata: Mapping[str, Any], path: Path) -> None:
    folder, language = path.parent.name, top.get("language", ANY)
    expected = ANY if language == ANY else folder_of(language)
    if folder != expected:
        raise wrong(path, "language", f"a file in the folder {expected}/", f"the folder {folder}/")
    strangers = [other for other in metadata.get("languages", []) if folder_of(other) != folder]
    if folder != ANY and strangers:
        raise wrong(
            path, "metadata.languages", f"languages whose rules stand in {folder}/", ", ".join(strangers)
        )
    if "rule" in top and language == ANY:
        raise wrong(path, "language", "the language of the syntax rule", "none")


def _way_to_match(top: Mapping[str, Any], metadata: Mapping[str, Any], path: Path) -> None:
    ways = [key for key in ("regex", "detector") if key in metadata] + ["rule"] * ("rule" in top)
    if len(ways) != 1:
        expected = "exactly one of rule, metadata.regex and metadata.detector"
        raise wrong(path, "rule", expected, " and ".join(ways) or "none")
    if "rule" not in top:
        if "unless" in metadata:
            raise wrong(path, "metadata.unless", "it only beside a syntax rule", f"metadata.{ways[0]}")
        for key in ("constraints", "utils", "transform", "fix"):
            if key in top:
                raise wrong(path, key, "it only beside a syntax rule", f"metadata.{ways[0]}")
        if metadata.get("safety", Safety.DETECT) != Safety.DETECT:
            raise wrong(path, "metadata.safety", "detect, beside a rule that is no syntax rule", ways[0])
    for key in ("regex", "unless"):
        _expression(metadata.get(key, ""), path, f"metadata.{key}")


def _globs(top: Mapping[str, Any], path: Path) -> None:
    for key in ("files", "ignores"):
        for glob in top.get(key, []):
            if not glob or glob.startswith("/"):
                raise wrong(path, key, "globs relative to the repository's root", repr(glob))


def _examples(top: Mapping[str, Any], metadata: Mapping[str, Any], safety: Safety, path: Path) -> None:
    examples = metadata["examples"]
    rewrites = safety is not Safety.DETECT and ("fix" in top or "edit" in metadata)
    needed = ("rewrite" if rewrites else "match", "no-match")
    for key in needed:
        if len(examples.get(key, [])) < 2:
            raise wrong(
                path, f"metadata.examples.{key}", "at least two examples", str(len(examples.get(key, [])))
            )
    if not rewrites and "rewrite" in examples:
        raise wrong(path, "metadata.examples.rewrite", "fix or metadata.edit beside it", "neither")
    if "refused" in examples and "guard" not in metadata:
        raise wrong(path, "metadata.examples.refused", "metadata.guard beside it", "none")


def _nothing_to_rewrite(metadata: Mapping[str, Any], path: Path) -> None:
    for key in _REWRITES:
        if key in metadata:
            raise wrong(
                path, f"metadata.{key}", "metadata.safety: mechanical or judgment beside it", Safety.DETECT
            )


def _rewriting(top: Mapping[str, Any], metadata: Mapping[str, Any], safety: Safety, path: Path) -> None:
    if "fix" in top and "edit" in metadata:
        raise wrong(path, "fix", "one of fix and metadata.edit", "both")
    changes = "fix" in top or "edit" in metadata
    if safety is Safety.MECHANICAL and not changes:
        raise wrong(path, "metadata.safety", "fix or metadata.edit, which code applies", "neither")
    if safety is Safety.JUDGMENT and not metadata.get("brief", "").strip():
        raise ConfigError(f"{path}: the key metadata.brief is missing or empty", fix="add metadata.brief")
    parameters = metadata.get("parameters", {})
    for name, parameter in parameters.items():
        _parameter(name, parameter, path)
    if changes is False and ("imports" in metadata or any(one.get("ask") for one in parameters.values())):
        raise wrong(path, "metadata", "fix or metadata.edit beside imports and asked parameters", "neither")
    for number, guard in enumerate(metadata.get("guard", [])):
        _guard(guard, path, f"metadata.guard[{number}]")
    if metadata.get("verify", ["x"]) == [] or not metadata.get("verify", ["x"])[0]:
        raise wrong(path, "metadata.verify", "a command, word by word", "nothing")
    _places(top.get("fix", ""), parameters, path, "fix")
    for key in ("edit", "imports", "brief", "verify"):
        _places(metadata.get(key, ""), parameters, path, f"metadata.{key}")


def _parameter(name: str, parameter: Mapping[str, Any], path: Path) -> None:
    where = f"metadata.parameters.{name}"
    if not _PARAMETER.fullmatch(name):
        raise wrong(path, where, "a name of small letters, digits and _", name)
    made = Parameter(
        name,
        ParameterType(parameter["type"]),
        parameter["description"],
        choices=tuple(parameter.get("choices", ())),
    )
    if (made.type is ParameterType.CHOICE) != bool(made.choices):
        raise wrong(
            path, f"{where}.choices", "choices for the type choice, and only there", str(parameter["type"])
        )
    if "default" in parameter and not made.allows(written(parameter["default"])):
        raise wrong(path, f"{where}.default", f"a value of the type {made.type}", repr(parameter["default"]))
    if parameter.get("ask") and "captures" in parameter:
        raise wrong(path, where, "one of ask and captures", "both")


def _guard(guard: Mapping[str, Any], path: Path, where: str) -> None:
    if ("refuse" in guard) == ("judge" in guard):
        raise wrong(path, where, "exactly one of refuse and judge", " and ".join(guard) or "nothing")
    conditions = [key for key in ("rule", "file", "file-lacks", "project") if key in guard]
    if len(conditions) != 1:
        raise wrong(path, where, "exactly one of rule, file, file-lacks and project", " and ".join(guard))
    project = guard.get("project", {})
    if project and ("has" in project) == ("lacks" in project):
        raise wrong(path, f"{where}.project", "exactly one of has and lacks", " and ".join(project))
    if "/" in project.get("file", ""):
        raise wrong(path, f"{where}.project.file", "a file's name without folders", project["file"])
    for key, holder in (("file", guard), ("file-lacks", guard), ("has", project), ("lacks", project)):
        _expression(holder.get(key, ""), path, f"{where}.{key}")


def _places(value: object, parameters: Collection[str], path: Path, where: str) -> None:
    """Refuse ``{{name}}`` that names no parameter; ``{{files}}`` is the changed files, in verify."""
    if isinstance(value, str):
        for name in _PLACE.findall(value):
            if name not in parameters and not (where.startswith("metadata.verify") and name == "files"):
                raise ConfigError(
                    f"{path}: {where} names the parameter {name!r}, which there is none of",
                    fix=nearest(name, parameters, "declare it under metadata.parameters"),
                )
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            _places(inner, parameters, path, where)


def _expression(text: str, path: Path, where: str) -> None:
    try:
        re.compile(text)
    except re.error as error:
        raise wrong(path, where, "a regular expression", str(error)) from error


def _one_of(value: object, known: Collection[str], path: Path, key: str) -> None:
    if value not in known:
        advice = nearest(str(value), known)
        raise ConfigError(f"{path}: {key} cannot be {value!r}", expected=_some(known), fix=advice)


def _some(known: Collection[str]) -> str:
    return "one of " + ", ".join(known) if len(known) > 1 else next(iter(known))
