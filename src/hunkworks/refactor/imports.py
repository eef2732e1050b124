"""Imports that go with a rewrite: sorted in and never doubled; dropped only where nothing else uses the name."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hunkworks.refactor.site import TextEdit
from hunkworks.refactor.source import Source
from hunkworks.rules import tree

_KINDS = {
    "import_statement",
    "import_from_statement",
    "future_import_statement",
    "import_declaration",
    "import_spec",
    "import_header",
}
_HEADER_KINDS = {"package_clause", "package_header", "package_declaration", "file_annotation", "shebang"}
_PYTHON_FROM = re.compile(r"from\s+(?P<module>[\w.]+)\s+import\s+\(?(?P<names>[\w\s,]+?),?\s*\)?\s*\Z")
_SCRIPT_NAMED = re.compile(
    r"import\s+(?P<type>type\s+)?\{(?P<names>[\w\s,$]+?),?\s*\}\s*from\s*[\"'](?P<module>[^\"']+)[\"'];?\s*\Z"
)
_SCRIPT = {"TypeScript", "Tsx", "JavaScript"}
_NAME = re.compile(r"[\w$]+")


@dataclass(frozen=True, slots=True)
class Import:
    """One import at the top of a file; ``start`` and ``end`` are code points, ``statement`` is what counts of it."""

    statement: str
    start: int
    end: int
    in_block: bool = False


def changes(source: Source, add: Sequence[str], drop: Sequence[str]) -> list[TextEdit]:
    """Return the edits that add and drop imports of a file whose matches are already rewritten."""
    edits: list[TextEdit] = []
    found = list(_imports(source))
    for statement in add:
        wanted = _plain(statement, source.language)
        if not any(_covers(one.statement, wanted, source.language) for one in found):
            edits.append(_added(source, found, wanted))
    for statement in drop:
        edits += _dropped(source, found, _plain(statement, source.language))
    return edits


def _imports(source: Source) -> Iterator[Import]:
    root = tree.parse(source.text, source.language)
    for node in tree.nodes(root, {"rule": {"any": [{"kind": kind} for kind in _known(source.language)]}}):
        parent = node.parent()
        above = parent.kind() if parent else ""
        if node.kind() == "import_declaration" and source.language == "Go":
            continue
        if above not in (
            "module",
            "program",
            "source_file",
            "import_list",
            "import_declaration",
            "import_spec_list",
        ):
            continue
        where = node.range()
        in_block = above == "import_spec_list"
        start = where.start.index
        if above == "import_declaration" and parent is not None:
            start = parent.range().start.index
        text = node.text()
        yield Import(
            _plain(text, source.language),
            start,
            start + len(text.rstrip()) if in_block else where.end.index,
            in_block,
        )


@functools.cache
def _known(language: str) -> list[str]:
    return [kind for kind in sorted(_KINDS) if not tree.refusal({"rule": {"kind": kind}}, language)]


def _plain(statement: str, language: str) -> str:
    """Return what tells one import from another: white space, quotes' kind and semicolons do not."""
    text = " ".join(statement.split()).removesuffix(";").rstrip()
    if language == "Go":
        return text.removeprefix("import ").strip()
    return text.replace("'", '"') if language in _SCRIPT else text


def _named(statement: str, language: str) -> tuple[str, list[str]] | None:
    """Return the module and the names that ``statement`` takes from it, where it is of that form."""
    form = _PYTHON_FROM if language == "Python" else _SCRIPT_NAMED if language in _SCRIPT else None
    found = form.match(statement) if form else None
    if found is None:
        return None
    module = ("type " if language in _SCRIPT and found["type"] else "") + found["module"]
    names = [" ".join(name.split()) for name in found["names"].split(",") if name.strip()]
    return module, names


def _covers(standing: str, wanted: str, language: str) -> bool:
    if standing == wanted:
        return True
    if language in ("Kotlin", "Java") and standing == re.sub(r"\.\w+\Z", ".*", wanted):
        return True
    ours, theirs = _named(wanted, language), _named(standing, language)
    return bool(ours and theirs and ours[0] == theirs[0] and set(ours[1]) <= set(theirs[1]))


def _added(source: Source, found: Sequence[Import], wanted: str) -> TextEdit:
    ours = _named(wanted, source.language)
    for one in found:
        theirs = _named(one.statement, source.language)
        if ours and theirs and ours[0] == theirs[0]:
            return _more_names(source, one, [name for name in ours[1] if name not in theirs[1]])
    text, newline = _written(source, wanted, found), source.newline
    if not found:
        return _first(source, text)
    group = _group(wanted, source.language)
    kin = [one for one in found if _group(one.statement, source.language) == group] or list(found)
    if _group(kin[0].statement, source.language) != group:
        end = source.line_end(found[-1].end) if group >= _group(found[-1].statement, source.language) else -1
        if end >= 0:
            return TextEdit(end, end, newline + newline + source.indentation(found[-1].start) + text)
        start = source.line_start(found[0].start)
        return TextEdit(start, start, source.indentation(found[0].start) + text + newline + newline)
    orders = [_order(one.statement) for one in kin]
    is_sorted = orders == sorted(orders)
    after = next((one for one in kin if is_sorted and _order(one.statement) > _order(wanted)), None)
    if after is None:
        end = source.line_end(kin[-1].end)
        return TextEdit(end, end, newline + source.indentation(kin[-1].start) + text)
    start = source.line_start(after.start)
    return TextEdit(start, start, source.indentation(after.start) + text + newline)


def _written(source: Source, wanted: str, found: Sequence[Import]) -> str:
    """Return the statement as this file writes its imports."""
    text = wanted
    if source.language == "Go" and not (found and found[-1].in_block):
        text = f"import {text}"
    if source.language in _SCRIPT and found:
        standing = source.text[found[-1].start : found[-1].end]
        if "'" in standing:
            text = text.replace('"', "'")
        text += ";" if standing.rstrip().endswith(";") else ""
    return text + ";" if source.language == "Java" else text


def _first(source: Source, text: str) -> TextEdit:
    """Insert the file's first import: behind its package, docstring and opening comments."""
    newline = source.newline
    place, is_header = 0, False
    for node in tree.parse(source.text, source.language).children():
        kind, words = node.kind(), node.text()
        docstring = place == 0 and kind == "expression_statement" and words[:1] in "\"'ru"
        if not ("comment" in kind or kind in _HEADER_KINDS or docstring):
            break
        if "comment" in kind and kind not in _HEADER_KINDS and _touches_code(source, node.range().end.index):
            break
        place, is_header = node.range().end.index, True
    if not is_header:
        start = 1 if source.text.startswith("\ufeff") else 0
        return TextEdit(start, start, text + newline + newline)
    end = source.line_end(place)
    return TextEdit(
        end, end, newline + newline + text + ("" if source.text[end:].startswith(newline * 2) else newline)
    )


def _touches_code(source: Source, end: int) -> bool:
    """Whether a comment stands right above code: it belongs to that, not to the file."""
    following = source.line_end(end)
    rest = source.text[following:].replace("\r\n", "\n")
    return len(rest) > 1 and rest.startswith("\n") and not rest.startswith("\n\n")


def _more_names(source: Source, one: Import, names: Sequence[str]) -> TextEdit:
    text = source.text[one.start : one.end]
    opened = text.index("{") + 1 if source.language in _SCRIPT else re.search(r"\bimport\b", text).end()  # type: ignore[union-attr]
    closed = text.rindex("}") if source.language in _SCRIPT else len(text)
    spots = list(_NAME.finditer(text, opened, closed))
    new = names[0] if len(names) == 1 else ", ".join(names)
    between = text[spots[0].end() : spots[1].start()] if len(spots) > 1 else ", "
    is_sorted = [spot[0] for spot in spots] == sorted(spot[0] for spot in spots)
    after = next((spot for spot in spots if spot[0] > new), None) if is_sorted else None
    if after is not None:
        return TextEdit(one.start + after.start(), one.start + after.start(), new + between)
    end = one.start + spots[-1].end()
    return TextEdit(end, end, between + new)


def _dropped(source: Source, found: Sequence[Import], unwanted: str) -> list[TextEdit]:
    edits: list[TextEdit] = []
    ours = _named(unwanted, source.language)
    for one in found:
        theirs = _named(one.statement, source.language)
        if ours and theirs and ours[0] == theirs[0]:
            gone = [name for name in ours[1] if name in theirs[1] and not _used(source, one, name)]
            if gone and len(gone) == len(theirs[1]):
                edits.append(_line(source, one))
            else:
                edits += (_without(source, one, name) for name in gone)
        elif one.statement == unwanted and not _used(source, one, _bound(unwanted)):
            edits.append(_line(source, one))
    return edits


def _used(source: Source, one: Import, name: str) -> bool:
    """Whether ``name`` stands anywhere else, comments and strings included: then it is left."""
    rest = source.text[: one.start] + source.text[one.end :]
    return not name or re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", rest) is not None


def _bound(statement: str) -> str:
    """Return the name that code uses an import by: its last word."""
    words = _NAME.findall(statement)
    return words[-1] if words else ""


def _line(source: Source, one: Import) -> TextEdit:
    start, end = source.line_start(one.start), source.line_end(one.end)
    if source.text[start : one.start].strip() or source.text[one.end : end].strip(" \t;"):
        return TextEdit(one.start, one.end, "")
    end += len(source.newline) if source.text[end:].startswith(source.newline) else 0
    return TextEdit(start, end, "")


def _without(source: Source, one: Import, name: str) -> TextEdit:
    text = source.text[one.start : one.end]
    found = re.search(rf"(?<=[\s,{{(]){re.escape(name)}\s*,[ \t]*(\n[ \t]*)?", text)
    if found is None:
        found = re.search(rf",\s*{re.escape(name)}(?![\w$])", text)
    if found is None:
        return TextEdit(one.start, one.start, "")
    return TextEdit(one.start + found.start(), one.start + found.end(), "")


def _group(statement: str, language: str) -> int:
    """Return which block of imports a statement belongs to by its language's habit."""
    if language == "Go":
        return int("." in statement.strip('"').split("/")[0])
    if language == "Python":
        top = statement.split()[1].split(".")[0]
        return 0 if top == "__future__" else 1 if top in sys.stdlib_module_names else 2
    if language in _SCRIPT:
        return int('"./' in statement or '"../' in statement)
    return 0


def _order(statement: str) -> tuple[str, str]:
    words = statement.replace('"', " ").split()
    module = words[-1] if words else ""
    if words[:1] == ["from"] or (words[:1] == ["import"] and "from" not in words):
        module = words[1]
    return module.lower(), statement
