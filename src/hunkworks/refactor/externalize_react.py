"""Strings of TSX and JSX in projects with react-i18next: its JSON catalog, looked up by the ``t`` that is in scope."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

from hunkworks.catalogs import Catalog
from hunkworks.refactor.site import Site, TextEdit, Undecided
from hunkworks.rules.hardcoded import Hole, Literal

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_IMPORT = re.compile(
    r"""import\s*\{[^{}]{0,999}\buseTranslation\b[^{}]{0,999}\}\s*from\s*['"]react-i18next['"]"""
)
_HOOK = re.compile(
    r"""const\s*\{\s*t\s*(?:,[^}]*)?\}\s*=\s*useTranslation\(\s*(?:(['"])(?P<namespace>[\w.-]+)\1\s*)?\)\s*;?"""
)
_CATALOG = re.compile(
    r"(?:^|.*/)(?:locales?|i18n|lang|languages|translations)/(?:[^/]+/)*(?P<locale>en(?:[-_](?:US|GB))?)(?:/(?P<name>[^/]+))?\.json"
)
_LOCALES = ("en", "en-US", "en_US", "en-GB", "en_GB")
_USUAL = ("translation", "common")  # what i18next calls the namespace that nobody named, and what others do
_KEY = re.compile(r"[A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)*")
_PLURAL = re.compile(r"_(?:zero|one|two|few|many|other|plural|\d+)$")
_MEMBER = re.compile(r"(?:[A-Za-z_$][\w$]*\??\.)*([A-Za-z_$][\w$]*)")
_FUNCTIONS = frozenset(
    (
        "arrow_function",
        "function_expression",
        "function_declaration",
        "method_definition",
        "generator_function",
    )
)


def decoded(site: Site, literal: Literal) -> Literal | None:
    """Return ``literal`` with the entities of markup read, None where it is a string of JavaScript's."""
    parent = site.node.parent()
    if site.node.kind() != "jsx_text" and (parent is None or parent.kind() != "jsx_attribute"):
        return None
    pieces = tuple(html.unescape(piece) if isinstance(piece, str) else piece for piece in literal.pieces)
    return Literal(literal.start, literal.end, pieces, literal.place)


def catalog(site: Site) -> str:
    """Return the JSON of the source language that ``t`` looks into here.

    Raises:
        Undecided: There is none, or there are several.
    """
    namespace = _namespace(site)
    best: dict[str, list[str]] = {}
    for path in site.project.paths():
        found = _CATALOG.fullmatch(path)
        if found and (found["name"] in ((namespace,) if namespace else (None, *_USUAL))):
            best.setdefault(found["locale"], []).append(path)
    paths = next((best[locale] for locale in _LOCALES if locale in best), [])
    if len(paths) != 1:
        said = " and ".join(sorted(paths)[:3]) or "none"
        raise Undecided(
            f"which JSON holds the texts of the source language is not clear ({said}): name the catalog"
        )
    return paths[0]


def text(literal: Literal) -> str:
    """Return what stands in the catalog, values as ``{{name}}``.

    Raises:
        Undecided: i18next reads something into the text, or a value has no name.
    """
    if re.search(r"\{\{|\$t\(", "".join(piece for piece in literal.pieces if isinstance(piece, str))):
        raise Undecided("it holds what i18next takes for a value")
    names = _names(literal)
    return "".join(
        piece if isinstance(piece, str) else f"{{{{{names[piece.code]}}}}}" for piece in literal.pieces
    )


def place(catalog: Catalog, key: str, text: str) -> tuple[str, ...]:
    """Return where ``key`` is to stand: below names where the catalog has levels, and the text where keys are texts.

    Raises:
        Undecided: The project's keys are of another kind.
    """
    if sum(unit.key == (unit.text,) for unit in catalog.units) * 2 > len(catalog.units):
        known = "".join(unit.key[0] for unit in catalog.units)
        if any(mark in text and mark not in known for mark in ".:"):
            raise Undecided("i18next may read a dot or a colon in a key as the end of a name")
        return (text,)
    if not _KEY.fullmatch(key) or _PLURAL.search(key):
        raise Undecided(f"{key!r} cannot be a key: names with dots between, and no ending of a plural")
    leveled = any(len(unit.key) > 1 for unit in catalog.units)
    if "." in key and not leveled and not any("." in unit.key[0] for unit in catalog.units):
        raise Undecided(f"no key here has a dot: name {key.replace('.', '_')!r} or the like")
    return tuple(key.split(".")) if leveled else (key,)


def call(site: Site, literal: Literal, key: str, _path: str) -> tuple[TextEdit, ...]:
    """Return the edit of the call site.

    Raises:
        Undecided: No ``t`` is in scope.
    """
    _namespace(site)
    quote = "'" if site.text.count("t('") > site.text.count('t("') else '"'
    spelled = json.dumps(key, ensure_ascii=False)[1:-1]
    spelled = spelled if quote == '"' else spelled.replace('\\"', '"').replace("'", "\\'")
    values = [name if name == code else f"{name}: {code}" for code, name in _names(literal).items()]
    shown = f"t({quote}{spelled}{quote}{', { ' + ', '.join(values) + ' }' if values else ''})"
    markup = decoded(site, literal) is not None
    return (TextEdit(literal.start, literal.end, f"{{{shown}}}" if markup else shown),)


def _names(literal: Literal) -> dict[str, str]:
    """Return the code of each value with its name: that of the last member."""
    names: dict[str, str] = {}
    for piece in literal.pieces:
        if not isinstance(piece, Hole):
            continue
        member = _MEMBER.fullmatch(piece.code)
        if member is None or names.get(piece.code, member[1]) != member[1]:
            raise Undecided("a value in it has no name of its own: put it into a variable first")
        if member[1] in {name for code, name in names.items() if code != piece.code}:
            raise Undecided("two values in it have the same name: put one into a variable first")
        names[piece.code] = member[1]
    return names


def _namespace(site: Site) -> str:
    """Return the namespace of the ``t`` that is in scope, "" where it names none."""
    if not _IMPORT.search(site.text):
        raise Undecided(
            "the file does not import useTranslation of react-i18next: no other library is known here"
        )
    here = site.node.parent()
    while here is not None:
        if here.kind() == "statement_block":
            for statement in here.children():
                if statement.range().end.index > site.start:
                    break
                if found := _HOOK.fullmatch(statement.text()):
                    return found["namespace"] or ""
        if _is_shadowed(here, site):
            raise Undecided("another t stands between the string and useTranslation()")
        here = here.parent()
    raise Undecided("no `const { t } = useTranslation()` is in scope here")


def _is_shadowed(node: SgNode, site: Site) -> bool:
    """Whether a function or a block on the way to the hook gives the name ``t`` to something else."""
    if node.kind() in _FUNCTIONS:
        parameters = node.field("parameters") or node.field("parameter")
        return parameters is not None and bool(re.search(r"(?<![\w$.])t(?![\w$:])", parameters.text()))
    if node.kind() != "statement_block":
        return False
    return any(
        re.match(r"(?:const|let|var)\s+(?:t\b|[{\[][^=]*(?<![\w$.])t\b)|function\s+t\b", statement.text())
        for statement in node.children()
        if statement.range().end.index <= site.start
    )
