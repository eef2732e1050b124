"""A new file for a locale that has none: what its source looks like, without a text in it.

Formats that hold one locale begin empty, in the source's encoding and frame. Bilingual ones (PO, XLIFF) begin as their
own tools make them: every source text is there, and no translation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import cast

from hunkworks.catalogs import po, stringsdict, xliff, yaml_catalog
from hunkworks.catalogs.android import Detail as AndroidDetail
from hunkworks.catalogs.protocol import Catalog, Replacement, State
from hunkworks.catalogs.xliff_edit import entry, with_attribute
from hunkworks.errors import InputError
from hunkworks.splice import splice

_DECLARATION = re.compile(r"\s*<\?xml.*?\?>\s*?(?:\r\n|\r|\n)", re.DOTALL)
_INDENT = re.compile(r"[{\[][^\S\r\n]*(?:\r\n|\r|\n)([ \t]+)")
_OWN_LOCALE = re.compile(r"""\s+tools:locale\s*=\s*(?:"[^"]*"|'[^']*')""")
_NEXT_STRING = re.compile(r'\s*"[^\r\n]*')
_LINE_END = re.compile(r"[ \t]*(?:\r\n|\r|\n)?")


def blank(source: Catalog, locale: str, spelled: str) -> bytes:
    """Return the bytes of a file for ``locale`` beside ``source``.

    Args:
        source: What is translated.
        locale: BCP 47.
        spelled: The locale as the path spells it, and as a file that names its own locale does.

    Raises:
        InputError: A file of this format is not made.
    """
    make = _MAKERS.get(source.format)
    if make is None:
        raise InputError(f"{source.format} has no file of its own for each locale")
    return make(source, locale, spelled)


def _nothing(source: Catalog, _locale: str, _spelled: str) -> bytes:
    if isinstance(source.detail, stringsdict.Detail):  # .strings as a property list
        return _plist(source, _locale, _spelled)
    return source.source.mark


def _android(source: Catalog, _locale: str, _spelled: str) -> bytes:
    text, newline = source.source.text, source.source.newline()
    declaration = _DECLARATION.match(text)
    head = _OWN_LOCALE.sub("", cast("AndroidDetail", source.detail).document.root.head)
    frame = f"<resources{head.rstrip()}>{newline}</resources>{newline}"
    return _bytes(source, (declaration.group() if declaration else "") + frame)


def _plist(source: Catalog, _locale: str, _spelled: str) -> bytes:
    newline = source.source.newline()
    opening = source.source.text[: cast("stringsdict.Detail", source.detail).root.start]
    return _bytes(source, f"{opening}<dict>{newline}</dict>{newline}</plist>{newline}")


def _json(source: Catalog, _locale: str, _spelled: str) -> bytes:
    """Return an object that holds a blank line: its indentation is the file's."""
    newline, indent = source.source.newline(), _INDENT.search(source.source.text)
    return _bytes(source, f"{{{newline}{indent.group(1) if indent else '  '}{newline}}}{newline}")


def _arb(source: Catalog, _locale: str, spelled: str) -> bytes:
    newline, indent = source.source.newline(), _INDENT.search(source.source.text)
    name = f'{indent.group(1) if indent else "  "}"@@locale": "{spelled}"'
    return _bytes(source, f"{{{newline}{name}{newline}}}{newline}")


def _yaml(source: Catalog, _locale: str, spelled: str) -> bytes:
    newline = source.source.newline()
    opening = f"---{newline}" if source.source.text.startswith("---") else ""
    rooted = any(root.entry for root in cast("yaml_catalog.Detail", source.detail).roots)
    return _bytes(source, opening + (f"{spelled}:{newline}" if rooted else ""))


def _po(source: Catalog, locale: str, spelled: str) -> bytes:
    """Return the template with a header of the locale's and as many empty forms as it counts."""
    from babel.messages.plurals import get_plural

    text, newline = source.source.text, source.source.newline()
    count, expression = get_plural(locale.replace("-", "_"))[:2]
    end = cast("po.Detail", source.detail).header_end
    header = text[:end] if end else f'msgid ""{newline}msgstr ""{newline}'
    header = re.sub(r"^#, fuzzy(?:,[ \t]*|[ \t]*(?:\r\n|\r|\n))", "", header, flags=re.MULTILINE)
    header = header.rstrip("\r\n") + newline
    fields = {
        "Language": spelled,
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": f"nplurals={count}; plural={expression};",
    }
    for name, value in fields.items():
        start, behind = _field(header, name)
        header = f'{header[:start]}"{name}: {value}\\n"{newline}{header[behind:]}'
    # The header ended where its last string ends; the line ending behind it stands.
    edits = [
        Replacement(0, end, header[: -len(newline)] if end else header + newline),
        *_emptied(source, count),
    ]
    made = splice(source.source.data, source.source.edits(edits))
    return made.decode(source.source.encoding).encode()  # whatever the template's charset can say


def _field(header: str, name: str) -> tuple[int, int]:
    """Return where a field of the header stands, which may be broken over lines; the header's end where it has none."""
    found = re.search(rf'^"{name}:[^\r\n]*', header, re.MULTILINE)
    if found is None:
        return len(header), len(header)
    end = found.end()
    while not header[:end].rstrip().endswith('\\n"') and (more := _NEXT_STRING.match(header, end)):
        end = more.end()
    after = _LINE_END.match(header, end)
    return found.start(), after.end() if after else end


def _emptied(source: Catalog, count: int) -> Iterator[Replacement]:
    newline = source.source.newline()
    for unit in source.units:
        first, last = unit.values[0].span, unit.values[-1].span
        if first is None or last is None:
            continue
        prefix = "#~ " if unit.state is State.OBSOLETE else ""
        more = (
            "".join(f'{newline}{prefix}msgstr[{index}] ""' for index in range(1, count))
            if unit.plural
            else ""
        )
        yield Replacement(first.start - 1, last.end + 1, f'""{more}')


def _xliff(source: Catalog, locale: str, _spelled: str) -> bytes:
    """Return the file with another target language, and without its targets."""
    detail = cast("xliff.Detail", source.detail)
    text = source.source.text
    edits: list[Replacement] = []
    for section in detail.sections:
        element = section.element
        start = element.start + 1 + len(element.tag)
        head = with_attribute(element.head, "target-language", locale)
        edits.append(Replacement(start, start + len(element.head), head))
    for unit in detail.elements:
        if (target := entry(source.source, unit, detail.prefix).target) is not None:
            start = target.start
            while text[start - 1].isspace():
                start -= 1
            edits.append(Replacement(start, target.end, ""))
    return splice(source.source.data, source.source.edits(edits))


def _bytes(source: Catalog, text: str) -> bytes:
    return source.source.mark + text.encode(source.source.encoding)


_MAKERS: dict[str, Callable[[Catalog, str, str], bytes]] = {
    "android": _android,
    "arb": _arb,
    "chrome": _json,
    "json_catalog": _json,
    "po": _po,
    "properties": _nothing,
    "strings": _nothing,
    "stringsdict": _plist,
    "xliff": _xliff,
    "yaml_catalog": _yaml,
}
