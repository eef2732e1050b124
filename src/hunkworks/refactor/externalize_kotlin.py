"""Strings of Kotlin: strings.xml, looked up by ``stringResource`` in composition and by a Context elsewhere."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from hunkworks.refactor import imports
from hunkworks.refactor.site import Site, TextEdit, Undecided
from hunkworks.rules.hardcoded import Hole, Literal

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_RESOURCES = re.compile(r"(?P<module>(?:.*/)?)src/(?P<set>\w+)/res/values/strings\.xml")
_SOURCE_SET = re.compile(
    r"(?P<module>(?:.*/)?)src/(?P<set>\w+)/(?:(?:java|kotlin|res)/|AndroidManifest\.xml$)"
)
_NAMESPACE = re.compile(r"""\bnamespace\s*[=(]?\s*["']([\w.]+)["']""")
_PACKAGE = re.compile(r"^\s*package\s+([\w.]+)", re.MULTILINE)
_R = re.compile(r"^\s*import\s+[\w.]+\.R(?:\s+as\s+\w+)?\s*$", re.MULTILINE)
# Setters and factories that take the resource itself.
_TAKES_RESOURCE = re.compile(
    r"^(?:makeText|make|set(?:Title|Message|PositiveButton|NegativeButton|NeutralButton|Text|Hint|Summary|Subtitle))\("
)
# Composables are written with a capital; these lambdas run in composition, too.
_IN_COMPOSITION = re.compile(
    r"^(?:[A-Z]\w*|item|items|itemsIndexed|stickyHeader|let|run|apply|also|with|forEach|forEachIndexed|repeat|key)$"
)
_CONTEXTS = re.compile(r"(?:Activity|Fragment|Service|Application)\b")
_NAME = re.compile(r"[A-Za-z_]\w*$")


def catalog(site: Site) -> str:
    """Return strings.xml of the file's module: of its own source set, else of main."""
    place = _SOURCE_SET.match(site.path)
    if place is None:
        raise Undecided("the file lies in no source set: name the catalog")
    found = {
        match["set"]: path
        for path in site.project.paths()
        if (match := _RESOURCES.fullmatch(path)) and match["module"] == place["module"]
    }
    for name in (place["set"], "main", "androidMain"):
        if name in found:
            return found[name]
    raise Undecided(
        f"the module {place['module'] or '.'} has no res/values/strings.xml: name the catalog, or add one"
    )


def text(literal: Literal) -> str:
    """Return what stands in the catalog: values by their position, and then every other percent sign doubled."""
    if not any(isinstance(piece, Hole) for piece in literal.pieces):
        return literal.text
    found, number = "", 0
    for piece in literal.pieces:
        if isinstance(piece, Hole):
            number += 1
            found += f"%{number}$s"
        else:
            found += piece.replace("%", "%%")
    return found


def call(site: Site, literal: Literal, key: str, _path: str) -> tuple[TextEdit, ...]:
    """Return the edits of the call site, and the imports that it needs.

    Raises:
        Undecided: The key is no resource's name, the class of resources is not known, or there is no Context in sight.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
        raise Undecided(f"{key!r} cannot be the name of a resource: small letters, digits and _")
    values = [piece.code for piece in literal.pieces if isinstance(piece, Hole)]
    arguments = ", ".join([f"R.string.{key}", *values])
    wanted = _resources_import(site)
    if _in_composition(site.node):
        shown = f"stringResource({arguments})"
        wanted = [*wanted, "import androidx.compose.ui.res.stringResource"]
    elif _TAKES_RESOURCE.match(literal.place) and not values:
        shown = f"R.string.{key}"
    elif _has_context(site.node):
        shown = f"getString({arguments})"
    else:
        raise Undecided(
            "no Context is in sight to ask for the text: hand the resource over, or look it up where it is shown"
        )
    edits = [TextEdit(site.start, site.end, shown)]
    for statement in wanted:
        edits += imports.added(site.source, statement)
    return tuple(edits) if len(wanted) < 2 else _joined(edits)


def _joined(edits: list[TextEdit]) -> tuple[TextEdit, ...]:
    """Return the edits with those that insert at one place made one: two of them would be a guess."""
    made: dict[tuple[int, int], TextEdit] = {}
    for edit in edits:
        standing = made.get((edit.start, edit.end))
        made[edit.start, edit.end] = (
            edit if standing is None else standing._replace(new=standing.new + edit.new)
        )
    return tuple(made.values())


def _resources_import(site: Site) -> list[str]:
    """Return the import of the class R, if this file needs one."""
    if _R.search(site.text):
        return []
    package = _PACKAGE.search(site.text)
    folder = posixpath.dirname(site.path)
    while True:
        for name in ("build.gradle.kts", "build.gradle"):
            data = site.project.read(posixpath.join(folder, name))
            found = _NAMESPACE.search(data.decode("utf-8", "replace")) if data else None
            if found:
                return [] if package and package[1] == found[1] else [f"import {found[1]}.R"]
        if not folder:
            raise Undecided("the package of R is not known here: import it first")
        folder = posixpath.dirname(folder)


def _in_composition(node: SgNode) -> bool:
    """Whether the string is evaluated in composition, and not in a handler or an effect within it."""
    here = node.parent()
    while here is not None:
        if here.kind() == "function_declaration":
            return bool(re.search(r"@Composable\b", here.text().partition("fun ")[0]))
        if here.kind() == "lambda_literal" and not _composes(here):
            return False
        here = here.parent()
    return False


def _composes(body: SgNode) -> bool:
    """Whether a lambda is the content of a composable: `onClick = { … }` and `LaunchedEffect(…) { … }` are not."""
    here = body.parent()
    while here is not None and here.kind() in ("annotated_lambda", "call_suffix", "value_arguments"):
        here = here.parent()
    if here is None:
        return False
    if here.kind() == "value_argument":
        label = here.child(0)
        return (
            label is not None
            and not re.match(r"on[A-Z]", label.text())
            and label.kind() == "simple_identifier"
        )
    function = here.child(0) if here.kind() == "call_expression" else None
    name = _NAME.search(function.text()) if function is not None else None
    return bool(name and _IN_COMPOSITION.match(name[0]) and not name[0].endswith("Effect"))


def _has_context(node: SgNode) -> bool:
    """Whether the string stands in a class that is a Context, or has one."""
    here = node.parent()
    while here is not None:
        if here.kind() == "class_declaration":
            return bool(_CONTEXTS.search(here.text().partition("{")[0]))
        here = here.parent()
    return False
