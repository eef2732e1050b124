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


def added(source: Source, statement: str) -> list[TextEdit]:
    """Return the edit that adds an import to a file, or none where it stands already."""
    found = list(_imports(source))
    wanted = _plain(statement, source.language)
    if any(_covers(one.statement, wanted, source.language) for one in found):
        return []
    return [_added(source, found, wanted)]


def dropped(source: Source, statement: str) -> list[TextEdit]:
    """Return the edits that take an import out of a file whose matches are rewritten, where nothing uses it."""
    return _dropped(source, list(_imports(source)), _plain(statement, source.language))


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
        if _is_conditional(source, where.start.index):
            continue
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


def _is_conditional(source: Source, point: int) -> bool:
    """Whether ``point`` stands between #if and #endif."""
    lines = source.text[:point].split("\n") if "#if" in source.text else []
    return sum(line.lstrip().startswith("#if") for line in lines) > sum(
        line.lstrip().startswith("#endif") for line in lines
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
    place, has_words = 0, False
    for node in tree.parse(source.text, source.language).children():
        kind, end = node.kind(), node.range().end.index
        if kind == "expression_statement" and node.text()[:1] in "\"'ru" and not has_words:
            place, has_words = end, True
        elif kind in _HEADER_KINDS:
            place = end
        elif "comment" not in kind:
            break
        elif node.text().startswith("#!") or source.text[source.line_end(end) :].startswith(newline * 2):
            place = end  # a comment right above code belongs to that, not to the file
    if not place:
        start = 1 if source.text.startswith("\ufeff") else 0
        return TextEdit(start, start, text + newline + newline)
    end = source.line_end(place)
    behind = "" if source.text[end:].startswith(newline * 2) else newline
    return TextEdit(end, end, newline + newline + text + behind)


def _more_names(source: Source, one: Import, names: Sequence[str]) -> TextEdit:
    start, parts, standing = _listed(source, one)
    for name in names:
        ordered = [" ".join(part.split()) for part in parts if part.strip()]
        after = next((at for at, other in enumerate(ordered) if other > name), len(ordered))
        if ordered != sorted(ordered):
            after = len(ordered)
        lead = _lead(parts[1] if len(parts) > 1 and parts[1].strip() else parts[0]) or " "
        if after == 0:
            parts[0] = _lead(parts[0]) + name + "," + lead + parts[0].lstrip()
        else:
            last = parts[after - 1]
            parts[after - 1] = last.rstrip() + "," + lead + name + last[len(last.rstrip()) :]
        parts = ",".join(parts).split(",")
    return TextEdit(start, start + len(standing), ",".join(parts))


def _listed(source: Source, one: Import) -> tuple[int, list[str], str]:
    """Return where the list of names of an import starts, its parts between commas, and it as it stands."""
    text = source.text[one.start : one.end]
    opening = re.search(r"\{" if source.language in _SCRIPT else r"\bimport\b\s*\(?", text)
    start = opening.end() if opening else 0
    end = text.rindex("}") if source.language in _SCRIPT else len(text) - text.endswith(")")
    return one.start + start, text[start:end].split(","), text[start:end]


def _lead(part: str) -> str:
    return part[: len(part) - len(part.lstrip())]


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
                edits += [_without(source, one, gone)] if gone else []
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


def _without(source: Source, one: Import, names: Sequence[str]) -> TextEdit:
    start, parts, standing = _listed(source, one)
    kept = [part for part in parts if " ".join(part.split()) not in names]
    kept[0] = _lead(parts[0]) + kept[0].lstrip()
    if kept[-1].strip():
        kept[-1] = kept[-1].rstrip() + parts[-1][len(parts[-1].rstrip()) :]
    return TextEdit(start, start + len(standing), ",".join(kept))


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
