"""Whether a translation that was written is one: judged without a line of the pack's own checks or readers.

Independent readers say what stands in the file (ElementTree, plistlib, openstep-plist, json, PyYAML, polib with
``msgfmt -c``), regular expressions of our own per syntax compare the placeholders, html.parser the tags, formatjs (npm,
below .work) parses ICU messages. Each judgement is a sentence.
"""

from __future__ import annotations

import html.parser
import json
import re
import subprocess
import tempfile
import unicodedata
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from evals.catalog_readers import read_json, read_plist, read_strings, read_yaml

ROOT = Path(__file__).resolve().parents[1]
FORMATJS = "@formatjs/icu-messageformat-parser@3.5.23"
_FORMS = ("one", "few", "many", "other")  # of Polish, into which everything is translated
_PERCENT = re.compile(r"%(?:(\d+)\$)?([-+#0, ]*\d*(?:\.\d+)?)(?:hh?|ll?|[qLztj])?([@a-zA-Z])")
_PATTERNS = {
    "android": _PERCENT,
    "strings": _PERCENT,
    "stringsdict": _PERCENT,
    "xcstrings": _PERCENT,
    "po": re.compile(r"%\((\w+)\)([sd])"),
    "json": re.compile(r"\{\{\s*(\w+)\s*\}\}"),
    "yaml": re.compile(r"%\{(\w+)\}"),
    "properties": re.compile(r"\{(\d+)[^}]*\}"),
    "xliff": re.compile(r"%(\w+)%"),
}
_VARIABLE = re.compile(r"%#@(\w+)@")  # of a .stringsdict, which may say it twice
_CHATTER = re.compile(r"```|\bSure!|Here is the translation|\A\s*[\[{]\s*\"|Ignore previous", re.IGNORECASE)
_ESCAPES = re.compile(r"\\[nrtu'\"]|&(?:amp|lt|gt|quot);")


class Written(NamedTuple):
    """One unit that the pack says it wrote: ``source`` and ``given`` by plural form, "" for a single text."""

    path: str
    key: tuple[str, ...]
    source: Mapping[str, str]
    given: Mapping[str, str]
    most: int | None = None


def judge(written: Written, data: bytes) -> Iterator[str]:
    """Yield what is wrong with a unit, as its file holds it."""
    kind = kind_of(written.path)
    try:
        found = READERS[kind](data, written.key)
    except Exception as error:  # whatever a reader raises: the file is broken
        yield f"the independent reader refuses the file: {type(error).__name__}: {str(error)[:80]}"
        return
    expected = dict(written.given)
    if found != expected:
        yield f"reads {found!r}, given was {expected!r}"
        return
    if "" not in written.source and kind != "arb":
        wanted = set(_FORMS[:3] if kind == "po" else _FORMS)  # a PO file counts them by its header
        if set(expected) != wanted:
            yield f"the forms are {sorted(expected)}"
    for form, text in expected.items():
        source = written.source.get(form, written.source.get("other", written.source.get("", "")))
        yield from _text(kind, form, source, text, written.most)


def kind_of(path: str) -> str:
    """Return the reader's name for a path."""
    suffixes = {".xml": "android", ".yml": "yaml", ".xlf": "xliff"}
    suffix = Path(path).suffix
    return suffixes.get(suffix, suffix[1:])


def _text(kind: str, form: str, source: str, text: str, most: int | None) -> Iterator[str]:
    if not any(unicodedata.category(char)[0] in "LNPS" for char in text):
        yield "nothing to read"
    for char in text:
        category = unicodedata.category(char)
        if (
            (category in ("Cc", "Cs", "Cn", "Co") and char not in "\n\t")
            or char == "\ufffd"
            or 0xE0000 <= ord(char) < 0xE0080
        ):
            yield f"U+{ord(char):04X}"
            break
    if (source[:1].isspace(), source[-1:].isspace()) != (text[:1].isspace(), text[-1:].isspace()):
        yield "another edge"
    if source.count("\n") != text.count("\n"):
        yield "another number of lines"
    if most is not None and len(text) > most:
        yield f"{len(text)} characters, {most} allowed"
    if "Acme" in source and "Acme" not in text:
        yield "the glossary's term is gone"
    if _CHATTER.search(text) and not _CHATTER.search(source):
        yield "more than the translation"
    if set(_ESCAPES.findall(text)) - set(_ESCAPES.findall(source)):
        yield "escapes that the source has not"
    if (wanted := _tags(source)) != (got := _tags(text)) and kind != "arb":
        yield f"tags {got}, the source's are {wanted}"
    yield from _placeholders(kind, form, source, text)


def _placeholders(kind: str, form: str, source: str, text: str) -> Iterator[str]:
    pattern = _PATTERNS.get(kind)
    if pattern is None:
        return
    wanted, got = set(_numbered(pattern, source)), set(_numbered(pattern, text))
    if kind == "android":  # %s takes a number, too
        got = {
            (name, "d") if (name, "d") in wanted and kind_ == "s" else (name, kind_) for name, kind_ in got
        }
    may_miss = {name for name in wanted if form == "one"}  # one number in Polish
    if got - wanted or (wanted - got) - may_miss:
        yield f"placeholders {sorted(got)}, the source's are {sorted(wanted)}"


def _numbered(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, ...]]:
    text = text.replace("%%", "")
    if pattern is not _PERCENT:
        yield from (match.groups() for match in pattern.finditer(text))
        return
    yield from ((name,) for name in _VARIABLE.findall(text))
    for number, match in enumerate(_PERCENT.finditer(_VARIABLE.sub("", text)), 1):
        yield match[1] or str(number), match[3]


class _Reader(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self.open: list[str] = []
        self.wrong = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.seen.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.wrong += 1


def _tags(text: str) -> tuple[tuple[tuple[str, int], ...], int]:
    """Return the tags by number, and how many are not closed as they were opened."""
    reader = _Reader()
    reader.feed(re.sub(r"<(/?)(\d+)>", r"<\1n\2>", text))
    reader.close()
    return tuple(sorted(Counter(reader.seen).items())), reader.wrong + len(reader.open)


# what stands in the file


def _android(data: bytes, key: tuple[str, ...]) -> dict[str, str]:
    for element in ET.fromstring(data):
        if element.get("name") == key[0]:
            if element.tag == "plurals":
                return {str(item.get("quantity")): _shown(item) for item in element}
            return {"": _shown(element)}
    raise KeyError(key)


def _shown(element: ET.Element) -> str:
    """Return what Android shows: quotes keep blanks, backslashes escape; with tags inside, a fragment of XML."""
    if not len(element):
        return _unescaped(element.text or "")
    return "".join(
        [
            _fragment(element.text),
            *(_inline(child) + _fragment(child.tail) for child in element),
        ]
    )


def _inline(element: ET.Element) -> str:
    return f"<{element.tag}>{_fragment(element.text)}</{element.tag}>"


def _fragment(text: str | None) -> str:
    return _unescaped(text or "").replace("&", "&amp;").replace("<", "&lt;")


def _unescaped(text: str) -> str:
    result, quoted, place = [], False, 0
    while place < len(text):
        char = text[place]
        if char == "\\" and place + 1 < len(text):
            follows = text[place + 1]
            if follows == "u":
                result.append(chr(int(text[place + 2 : place + 6], 16)))
                place += 6
                continue
            result.append({"n": "\n", "t": "\t"}.get(follows, follows))
            place += 2
            continue
        if char == '"':
            quoted = not quoted
        elif char.isspace() and not quoted:
            if not result or result[-1] != " ":
                result.append(" ")
        else:
            result.append(char)
        place += 1
    return "".join(result)


def _leaves(pairs: list[tuple[tuple[str, ...], str]], key: tuple[str, ...]) -> dict[str, str]:
    return {
        (path[-1] if len(path) > len(key) else ""): text for path, text in pairs if path[: len(key)] == key
    }


def _json(data: bytes, key: tuple[str, ...]) -> dict[str, str]:
    pairs = read_json(data)
    suffixed = {
        path[-1].rpartition("_")[2]: text for path, text in pairs if path[-1].rpartition("_")[0] == key[-1]
    }
    return suffixed or _leaves(pairs, key)


def _xcstrings(data: bytes, key: tuple[str, ...]) -> dict[str, str]:
    said = json.loads(data)["strings"][key[0]]["localizations"]["pl"]
    if "stringUnit" in said:
        return {"": said["stringUnit"]["value"]}
    return {form: unit["stringUnit"]["value"] for form, unit in said["variations"]["plural"].items()}


def _stringsdict(data: bytes, key: tuple[str, ...]) -> dict[str, str]:
    pairs = read_plist(data)
    if len(key) == 1:
        return {"": dict(pairs)[(*key, "NSStringLocalizedFormatKey")]}
    return {path[2]: text for path, text in pairs if path[:2] == key and not path[2].startswith("NS")}


def _po(data: bytes, key: tuple[str, ...]) -> dict[str, str]:
    import polib

    with tempfile.NamedTemporaryFile(suffix=".po") as file:
        file.write(data)
        file.flush()
        done = subprocess.run(["msgfmt", "-c", "-o", "-", file.name], capture_output=True, check=False)
        if done.returncode:
            raise ValueError(done.stderr.decode())
        for entry in polib.pofile(file.name):
            if entry.msgid == key[-1]:
                return dict(zip(("one", "few", "many"), entry.msgstr_plural.values(), strict=False)) or {
                    "": entry.msgstr
                }
    raise KeyError(key)


def _properties(data: bytes, key: tuple[str, ...]) -> dict[str, str]:
    import javaproperties

    return {"": javaproperties.loads(data.decode())[key[0]]}


def _xliff(data: bytes, key: tuple[str, ...]) -> dict[str, str]:
    space = "{urn:oasis:names:tc:xliff:document:1.2}"
    for unit in ET.fromstring(data).iter(f"{space}trans-unit"):
        if unit.get("id") == key[-1]:
            return {"": unit.findtext(f"{space}target") or ""}
    raise KeyError(key)


READERS: dict[str, Callable[[bytes, tuple[str, ...]], dict[str, str]]] = {
    "android": _android,
    "strings": lambda data, key: _leaves(read_strings(data), key),
    "stringsdict": _stringsdict,
    "xcstrings": _xcstrings,
    "json": _json,
    "arb": _json,
    "yaml": lambda data, key: _leaves([(path[1:], text) for path, text in read_yaml(data)], key),
    "po": _po,
    "properties": _properties,
    "xliff": _xliff,
}

_SCRIPT = """
const {parse} = require('@formatjs/icu-messageformat-parser');
const walk = (parts, into) => { for (const part of parts) {
  if (part.value && part.type !== 0) into.names.add(part.value);
  if (part.options) {
    into.forms.push(Object.keys(part.options));
    for (const option of Object.values(part.options)) walk(option.value, into);
  }
}};
const said = JSON.parse(require('fs').readFileSync(0, 'utf8')).map((text) => {
  try {
    const into = {names: new Set(), forms: []};
    walk(parse(text, {ignoreTag: true}), into);
    return {names: [...into.names].sort(), forms: into.forms};
  } catch (error) { return {error: String(error.message || error)}; } });
console.log(JSON.stringify(said));
"""


def icu(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield (text, what is wrong) for messages whose parse by formatjs differs from their source's."""
    folder = ROOT / ".work" / "formatjs"
    if not (folder / "node_modules").is_dir():
        subprocess.run(["npm", "install", "--silent", "--prefix", folder, FORMATJS], check=True)
    asked = json.dumps([text for pair in pairs for text in pair])
    done = subprocess.run(
        ["node", "-e", _SCRIPT], cwd=folder, input=asked, capture_output=True, text=True, check=True
    )
    said = json.loads(done.stdout)
    for (_, text), source, found in zip(pairs, said[::2], said[1::2], strict=True):
        if "error" in found:
            yield text, f"formatjs: {found['error']}"
        elif found["names"] != source["names"]:
            yield text, f"formatjs reads the arguments {found['names']}, of the source {source['names']}"
        elif any(set(_FORMS) - set(forms) for forms in found["forms"]):
            yield text, f"formatjs reads the branches {found['forms']}"
