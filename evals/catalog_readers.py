"""Readers that share no code with hunkworks.catalogs: what a file says, as (path, text) pairs.

A reader raises an exception for a file that it does not accept. Add one per format, under the name of its module.
"""

from __future__ import annotations

import json
import plistlib
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Leaf = tuple[tuple[str, ...], str]


def read_json(data: bytes) -> list[Leaf]:
    """Read JSON by the standard library, duplicate members included."""
    return list(_flatten(json.loads(data.decode("utf-8-sig"), object_pairs_hook=list), ()))


def _flatten(value: Any, path: tuple[str, ...]) -> Iterator[Leaf]:
    if isinstance(value, dict):
        value = list(value.items())
    if isinstance(value, list) and value and all(isinstance(item, tuple) for item in value):
        for name, child in value:
            yield from _flatten(child, (*path, name))
    elif isinstance(value, list):
        yield path, f"<{len(value)}>"
        for index, child in enumerate(value):
            yield from _flatten(child, (*path, str(index)))
    else:
        yield path, value if isinstance(value, str) else repr(value)


def read_plist(data: bytes) -> list[Leaf]:
    """Read an XML property list by plistlib."""
    return list(_flatten(plistlib.loads(data), ()))


def read_strings(data: bytes) -> list[Leaf]:
    """Read an old-style property list by openstep-plist (fontTools' project), an XML one by plistlib."""
    import openstep_plist

    if data.lstrip().startswith(b"<?xml"):
        return read_plist(data)
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = data.decode(encoding).lstrip("\ufeff")
    return list(_flatten(dict(openstep_plist.loads("{" + text + "\n}")), ()))


def read_xml(data: bytes) -> list[Leaf]:
    """Read XML by ElementTree: the text in front of and behind every element, and its attributes."""
    return list(_elements(ET.fromstring(data), ()))


def _elements(element: ET.Element, path: tuple[str, ...]) -> Iterator[Leaf]:
    name = next((element.attrib[key] for key in ("name", "id", "quantity") if key in element.attrib), "")
    path = (*path, element.tag, name)
    yield path, " ".join((element.text or "").split())
    for key, value in element.attrib.items():
        yield (*path, f"@{key}"), value
    for child in element:
        yield from _elements(child, path)
        if (child.tail or "").strip():
            yield (*path, "tail"), " ".join((child.tail or "").split())


def read_resources(data: bytes) -> list[Leaf]:
    """Read an Android resource file by aapt2: what the platform would show (Debian package aapt)."""
    manifest = '<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="a.b"/>'
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "res/values").mkdir(parents=True)
        (folder / "res/values/strings.xml").write_bytes(data)
        (folder / "AndroidManifest.xml").write_text(manifest)
        for command in (
            ["compile", "-o", ".", "res/values/strings.xml"],
            ["link", "-o", "o.apk", "--manifest", "AndroidManifest.xml", "values_strings.arsc.flat"],
        ):
            done = subprocess.run(
                ["aapt2", *command], cwd=folder, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise ValueError(done.stderr.strip().splitlines()[0])
        dump = subprocess.run(
            ["aapt2", "dump", "resources", "o.apk"], cwd=folder, capture_output=True, check=True
        )
    return list(_resources(dump.stdout.decode()))


def _resources(dump: str) -> Iterator[Leaf]:
    """Read what aapt2 prints: a resource per block, identifiers left out because they shift."""
    for block in dump.split("\n    resource 0x")[1:]:
        head, _, body = block.partition("\n")
        yield (head.partition(" ")[2],), (body.rpartition("\n  type ")[0] or body).rstrip()


def read_po(data: bytes) -> list[Leaf]:
    """Read PO by msgfmt -c, whose verdict counts as a leaf, and by polib."""
    import polib

    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "messages.po"
        file.write_bytes(data)
        done = subprocess.run(["msgfmt", "-c", "-o", "-", file], capture_output=True, check=False)
        entries = polib.pofile(str(file))
    leaves: list[Leaf] = [((), str(sorted(entries.metadata.items())))]
    if done.returncode:
        leaves.append(((), "<msgfmt fails>"))
    for entry in entries:
        path = ("obsolete" if entry.obsolete else "", entry.msgctxt or "", entry.msgid, entry.msgid_plural)
        leaves += [
            ((*path, str(index)), text) for index, text in (entry.msgstr_plural or {0: entry.msgstr}).items()
        ]
        leaves.append(((*path, "said"), f"{entry.comment} {sorted(entry.flags)}"))
    return leaves


def read_properties(data: bytes) -> list[Leaf]:
    """Read a properties file by javaproperties, duplicates included."""
    import javaproperties

    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return [((key,), value) for key, value in javaproperties.loads(text, object_pairs_hook=list)]


def read_yaml(data: bytes) -> list[Leaf]:
    """Read YAML 1.1 by PyYAML, duplicate keys included."""
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    def pairs(loader: yaml.SafeLoader, node: yaml.MappingNode) -> list[tuple[str, Any]]:
        return [(key.value, loader.construct_object(value, deep=True)) for key, value in node.value]

    Loader.add_constructor("tag:yaml.org,2002:map", pairs)
    document = yaml.load(data, Loader=Loader)
    return [] if document is None else list(_flatten(document, ()))


READERS: dict[str, Callable[[bytes], list[Leaf]]] = {
    "android": read_xml,
    "arb": read_json,
    "chrome": read_json,
    "json_catalog": read_json,
    "po": read_po,
    "properties": read_properties,
    "strings": read_strings,
    "stringsdict": read_plist,
    "xcstrings": read_json,
    "xliff": read_xml,
    "yaml_catalog": read_yaml,
}
#: Readers that are a process each: asked once per file and edit of a sample, and they decode as the platform does.
PLATFORM: dict[str, Callable[[bytes], list[Leaf]]] = {"android": read_resources}
#: Readers of which a text is the unit's text, not only at the same place.
DECODING = {
    "arb",
    "chrome",
    "json_catalog",
    "po",
    "properties",
    "strings",
    "stringsdict",
    "xcstrings",
    "yaml_catalog",
}
#: Readers that return a dictionary, in which a key cannot stand twice.
DICTIONARIES = {"strings", "stringsdict"}
