"""What a rule file may say. Every refusal names the file, the key, and the nearest key that exists."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from hunkworks.change.model import Role
from hunkworks.errors import ConfigError
from hunkworks.rules.classes import CLASSES, Severity
from hunkworks.rules.detectors import DETECTORS
from hunkworks.rules.languages import LANGUAGES, folder_of
from hunkworks.rules.model import ANY

# What ast-grep's program reads, without `rewriters` and `labels`: its Python binding ignores them silently.
_TOP = {
    "id": str,
    "language": str,
    "severity": str,
    "message": str,
    "note": str,
    "url": str,
    "rule": dict,
    "constraints": dict,
    "utils": dict,
    "transform": dict,
    "fix": str,
    "files": list,
    "ignores": list,
    "metadata": dict,
}
_METADATA = {
    "title": str,
    "why": str,
    "class": str,
    "severity": str,
    "scenario": str,
    "confidence": int,
    "roles": list,
    "languages": list,
    "regex": str,
    "detector": str,
    "unless": str,
    "examples": dict,
}
_REQUIRED = ("id", "severity", "message", "metadata")
_REQUIRED_METADATA = ("title", "why", "class", "severity", "scenario", "confidence", "examples")
# Ours → ast-grep's: both programs rank a rule alike.
SEVERITIES = {
    Severity.BLOCKER: "error",
    Severity.MAJOR: "warning",
    Severity.MINOR: "info",
    Severity.NOTE: "hint",
}
_TYPES = {str: "text", int: "a number", dict: "a mapping", list: "a list"}
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def check(document: object, path: Path) -> dict[str, Any]:
    """Return ``document`` if it is a rule file's content, as far as can be told without matching.

    Raises:
        ConfigError: An unknown or missing key, a value of the wrong kind, or a rule that could never run.
    """
    top = _mapping(document, path, "the file")
    _keys(top, _TOP, path, "")
    _present(top, _REQUIRED, path, "")
    metadata = _mapping(top["metadata"], path, "metadata")
    _keys(metadata, _METADATA, path, "metadata.")
    _present(metadata, _REQUIRED_METADATA, path, "metadata.")
    if not _ID.fullmatch(top["id"]) or top["id"] != path.stem:
        raise _wrong(path, "id", f"{path.stem} (the file's name, in kebab-case)", top["id"])
    _one_of(metadata["class"], CLASSES, path, "metadata.class")
    _one_of(metadata["severity"], list(Severity), path, "metadata.severity")
    _one_of(top["severity"], [SEVERITIES[Severity(metadata["severity"])]], path, "severity")
    for role in metadata.get("roles", []):
        _one_of(role, list(Role), path, "metadata.roles")
    if not 0 <= metadata["confidence"] <= 100:
        raise _wrong(path, "metadata.confidence", "0 to 100", str(metadata["confidence"]))
    _language(top, metadata, path)
    _way_to_match(top, metadata, path)
    _globs(top, path)
    _examples(metadata["examples"], path)
    return top


def nearest(word: str, known: Collection[str], otherwise: str = "") -> str:
    """Return advice naming the member of ``known`` that ``word`` was probably meant to be.

    Where none is near, ``otherwise``, or else all of them.
    """
    import difflib

    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"did you mean {close[0]}?" if close else otherwise or f"use one of {', '.join(sorted(known))}"


def _language(top: Mapping[str, Any], metadata: Mapping[str, Any], path: Path) -> None:
    folder, language = path.parent.name, top.get("language", ANY)
    if language != ANY:
        _one_of(language, LANGUAGES, path, "language")
    for other in metadata.get("languages", []):
        _one_of(other, LANGUAGES, path, "metadata.languages")
    expected = ANY if language == ANY else folder_of(language)
    if folder != expected:
        raise _wrong(path, "language", f"a file in the folder {expected}/", f"the folder {folder}/")
    strangers = [other for other in metadata.get("languages", []) if folder_of(other) != folder]
    if folder != ANY and strangers:
        raise _wrong(
            path, "metadata.languages", f"languages whose rules stand in {folder}/", ", ".join(strangers)
        )
    if "rule" in top and language == ANY:
        raise _wrong(path, "language", "the language of the syntax rule", "none")


def _way_to_match(top: Mapping[str, Any], metadata: Mapping[str, Any], path: Path) -> None:
    ways = [key for key in ("regex", "detector") if key in metadata] + ["rule"] * ("rule" in top)
    if len(ways) != 1:
        expected = "exactly one of rule, metadata.regex and metadata.detector"
        raise _wrong(path, "rule", expected, " and ".join(ways) or "none")
    if "detector" in metadata:
        _one_of(metadata["detector"], DETECTORS, path, "metadata.detector")
    if "rule" not in top:
        if "unless" in metadata:
            raise _wrong(path, "metadata.unless", "it only beside a syntax rule", f"metadata.{ways[0]}")
        for key in ("constraints", "utils", "transform", "fix"):
            if key in top:
                raise _wrong(path, key, "it only beside a syntax rule", f"metadata.{ways[0]}")
    for key in ("regex", "unless"):
        try:
            re.compile(metadata.get(key, ""))
        except re.error as error:
            raise _wrong(path, f"metadata.{key}", "a regular expression", str(error)) from error


def _globs(top: Mapping[str, Any], path: Path) -> None:
    for key in ("files", "ignores"):
        for glob in top.get(key, []):
            if not isinstance(glob, str) or not glob or glob.startswith("/"):
                raise _wrong(path, key, "globs relative to the repository's root", repr(glob))


def _examples(examples: Mapping[str, Any], path: Path) -> None:
    _keys(examples, {"match": list, "no-match": list}, path, "metadata.examples.")
    for key in ("match", "no-match"):
        found = examples.get(key, [])
        if len(found) < 2:
            raise _wrong(path, f"metadata.examples.{key}", "at least two examples", str(len(found)))
        for number, example in enumerate(found):
            where = f"metadata.examples.{key}[{number}]"
            if isinstance(example, dict):
                _keys(example, {"path": str, "text": str}, path, f"{where}.")
                _present(example, ("path", "text"), path, f"{where}.")
            elif not isinstance(example, str):
                raise _wrong(path, where, "text, or a mapping of path and text", type(example).__name__)


def _keys(found: Mapping[str, Any], known: Mapping[str, type], path: Path, prefix: str) -> None:
    for key, value in found.items():
        if key not in known:
            raise ConfigError(f"{path}: unknown key {prefix}{key}", fix=nearest(str(key), known))
        if not isinstance(value, known[key]) or isinstance(value, bool):
            raise _wrong(path, f"{prefix}{key}", _TYPES[known[key]], type(value).__name__)


def _present(found: Mapping[str, Any], required: Collection[str], path: Path, prefix: str) -> None:
    for key in required:
        if found.get(key, "") == "":
            raise ConfigError(f"{path}: the key {prefix}{key} is missing or empty", fix=f"add {prefix}{key}")


def _one_of(value: object, known: Collection[str], path: Path, key: str) -> None:
    if value not in known:
        advice = nearest(str(value), known)
        raise ConfigError(f"{path}: {key} cannot be {value!r}", expected=_some(known), fix=advice)


def _some(known: Collection[str]) -> str:
    return "one of " + ", ".join(known) if len(known) > 1 else next(iter(known))


def _mapping(value: object, path: Path, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(path, what, "a mapping", type(value).__name__)
    return value


def _wrong(path: Path, key: str, expected: str, found: str) -> ConfigError:
    return ConfigError(
        f"{path}: {key} is wrong",
        expected=expected,
        found=found,
        fix=f"mend {key}, then `hunkworks rules test {path}`",
    )
