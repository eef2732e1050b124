"""Catalogs on real files: read or refused, edited without a byte too much, as an independent reader sees it.

Run: python -m evals.catalogs --data /work/lab [--format android] [--units 3] [--no-growth]
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from evals.catalog_readers import DECODING, DICTIONARIES, PLATFORM, READERS, Leaf
from hunkworks import catalogs
from hunkworks.catalogs import Add, Catalog, CatalogEdit, Remove, Set, SetState, State, Unit, registry
from hunkworks.errors import HunkworksError, InputError
from hunkworks.splice import Edit

PLAIN = " ✓ é"
NASTY = "  \"q\" 'a' \\ /\n\t<&> ;=#:, "
MARKUP = " ✓ 'a' \\ &amp; &lt;"
# The smallest file of each format, and the locale to add texts in: from here a file of any size is built.
SEEDS: dict[str, tuple[str, bytes, str]] = {
    "android": ("res/values-fr/strings.xml", b"<resources>\n</resources>\n", ""),
    "arb": ("lib/l10n/app_fr.arb", b"{\n}\n", ""),
    "chrome": ("_locales/fr/messages.json", b"{\n}\n", ""),
    "json_catalog": ("locales/fr.json", b"{\n}\n", ""),
    "po": ("locale/fr/LC_MESSAGES/app.po", b"", ""),
    "properties": ("Messages_fr.properties", b"", ""),
    "strings": ("fr.lproj/Localizable.strings", b"", ""),
    "yaml_catalog": ("config/locales/fr.yml", b"fr:\n", ""),
    "xcstrings": (
        "L.xcstrings",
        b'{\n  "sourceLanguage" : "en",\n  "strings" : {\n\n  },\n  "version" : "1.0"\n}',
        "en",
    ),
}
GROWTH = (1_000, 10_000, 100_000)


class Case(NamedTuple):
    """One kind of edit, what it should leave behind."""

    kind: str
    edits: list[CatalogEdit]
    key: str
    texts: list[str]


@dataclass
class Score:
    """What was counted for one format."""

    files: int = 0
    units: int = 0
    size: int = 0
    seconds: float = 0.0
    refused: list[tuple[str, str]] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    agreed: list[int] = field(default_factory=lambda: [0, 0])
    platform: list[int] = field(default_factory=lambda: [0, 0])
    unread: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def cases(catalog: Catalog, unit: Unit) -> Iterator[Case]:
    """Yield the edits to try on one unit."""
    key = unit.key[-1]
    suffixes = [MARKUP] if unit.markup else [PLAIN, NASTY]
    for suffix in suffixes:
        new = _changed(unit, suffix)
        yield Case("edit", [Set(unit, new)], key, [new] if isinstance(new, str) else list(new.values()))
    yield Case("remove", [Remove(unit)], key, [])
    name = (*unit.key[:-1], f"{key[:-1]}_zz\n" if key.endswith("\n") else f"{key}_zz")
    locales = {unit.locale, catalog.source_locale} if unit.locale else {""}
    entry = [other for other in catalog.units if (other.key, other.nth) == (unit.key, unit.nth)]
    new_entry: list[CatalogEdit] = [
        Add(name, _changed(other, " ✓"), locale=other.locale, part=other.part, after=unit, like=other)
        for other in entry
        if other.locale in locales
    ]
    yield Case("add", new_entry, name[-1], _texts(new_entry))
    yield Case(
        "add",
        [edit._replace(after=None) for edit in new_entry if isinstance(edit, Add)],
        name[-1],
        _texts(new_entry),
    )
    if unit.locale:
        new_locale: list[CatalogEdit] = [
            Add(unit.key, _changed(other, " ✓"), locale="xx", part=other.part, like=other)
            for other in entry
            if other.locale == unit.locale
        ]
        if unit.nth == max(other.nth for other in catalog.units if other.key == unit.key):
            yield Case("add", new_locale, key, _texts(new_locale))
    if unit.state in (State.NEW, State.NEEDS_REVIEW, State.TRANSLATED) and any(v.text for v in unit.values):
        other_state = State.TRANSLATED if unit.state is State.NEEDS_REVIEW else State.NEEDS_REVIEW
        yield Case("state", [SetState(unit, other_state)], key, [])


def _changed(unit: Unit, suffix: str) -> str | dict[str, str]:
    if unit.plural:
        return {form: text + suffix for form, text in unit.forms.items()}
    # An empty translation is made of its source; msgfmt wants the line feed at the end to stay there.
    text = unit.text or unit.source
    return f"{text[:-1]}{suffix}\n" if text.endswith("\n") and unit.source else text + suffix


def _texts(edits: Sequence[CatalogEdit]) -> list[str]:
    texts: list[str] = []
    for edit in edits:
        if isinstance(edit, Add):
            texts += [edit.text] if isinstance(edit.text, str) else edit.text.values()
    return texts


def try_case(catalog: Catalog, case: Case, score: Score, before: list[Leaf] | None) -> None:
    """Make one edit and count what came of it."""
    score.tried[case.kind] += 1
    label = f"{case.kind} {case.key!r} in {catalog.path}"
    try:
        edits, after = _write(catalog, case.edits)
    except HunkworksError as error:
        score.faults.append(f"{label}: {error}")
        return
    if not _outside_unchanged(catalog.source.data, after, edits):
        score.faults.append(f"{label}: bytes outside the planned spans changed")
        return
    score.right[case.kind] += 1
    if before is None:
        return
    score.agreed[1] += 1
    try:
        problem = _disagreement(
            before, READERS[catalog.format](after), case, exact=catalog.format in DECODING
        )
    except Exception as error:
        problem = f"read before, now {type(error).__name__}: {error}"
    if problem:
        score.faults.append(f"{label}: independent reader: {problem}")
    else:
        score.agreed[0] += 1


def _write(catalog: Catalog, edits: list[CatalogEdit]) -> tuple[list[Edit], bytes]:
    try:
        after = catalogs.write(catalog, edits)
    except InputError:
        if not isinstance(edits[0], Remove):
            raise
        # What cannot go alone (an item of an array, a variable of a format) goes with its entry.
        edits = [Remove(edits[0].unit, whole=True)]
        after = catalogs.write(catalog, edits)
    return catalog.source.edits(registry.load(catalog.format).plan(catalog, edits)), after


def _outside_unchanged(before: bytes, after: bytes, edits: Sequence[Edit]) -> bool:
    """Compare every byte outside the planned spans, from the left, by the lengths of what was planned."""
    old = new = 0
    for edit in edits:
        gap = edit.start - old
        if before[old : edit.start] != after[new : new + gap]:
            return False
        old, new = edit.end, new + gap + len(edit.new)
    return before[old:] == after[new:]


def _disagreement(before: list[Leaf], after: list[Leaf], case: Case, *, exact: bool) -> str:
    """Say how the difference that a reader sees is not the planned one, or ""."""
    gone, come = Counter(before) - Counter(after), Counter(after) - Counter(before)
    mended = {leaf for leaf in gone if leaf[1] == "<msgfmt fails>"}  # it was the edited unit that failed
    strangers = [
        leaf
        for leaf in (gone + come)
        # An emptied container is not a text; everything else that changed has to carry the key.
        if leaf not in mended
        and leaf[1] != "<0>"
        and not any(case.key in name for name in (*leaf[0], leaf[1]))
    ]
    if strangers:
        return f"{strangers[0]} changed too"
    if case.kind == "remove" and come and not all(text.startswith("<") for _, text in come):
        return f"{next(iter(come))} came"
    if case.kind == "remove" and not gone:
        return "nothing went"
    said = Counter(text for _, text in come)
    missing = Counter(text for text in case.texts) - said if exact else Counter()
    return f"{next(iter(missing))!r} is not there" if missing else ""


def run(folder: Path, units: int, platform: int) -> dict[str, Score]:
    """Read and edit every file of a folder; the result by format."""
    scores: dict[str, Score] = {}
    chance = random.Random(4)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for number, file in enumerate(files):
        if sys.stderr.isatty():
            print(f"\r{folder.name} {number}/{len(files)}", end="", file=sys.stderr)
        path = file.name.partition("__")[2].replace("__", "/") or file.name
        data = file.read_bytes()
        name = catalogs.detect(path, data)
        score = scores.setdefault(name or "(no catalog)", Score())
        score.files += 1
        start = time.perf_counter()
        try:
            catalog = catalogs.open(path, data)
        except HunkworksError as error:
            score.refused.append((file.name, str(error).removeprefix(f"{path}: ")))
            continue
        score.seconds += time.perf_counter() - start
        score.size += len(data)
        score.units += len(catalog.units)
        before = _independent(READERS.get(name), data, score, file.name)
        # Ruby's symbols in YAML are no texts; what Android marks as untranslatable is one.
        editable = [u for u in catalog.units if u.values and (u.translatable or name != "yaml_catalog")]
        twice = {unit.key[-1] for unit in catalog.units if unit.nth} if name in DICTIONARIES else set()
        sample = chance.sample(editable, min(units, len(editable)))
        for unit in sample:
            for case in cases(catalog, unit):
                # What a dictionary cannot hold twice, a reader that returns one cannot judge.
                try_case(catalog, case, score, None if case.key in twice else before)
        if sample and name in PLATFORM and number % max(1, len(files) // platform) == 0:
            _ask_platform(catalog, sample[0], score, PLATFORM[name])
    return scores


def _independent(
    reader: Callable[[bytes], list[Leaf]] | None, data: bytes, score: Score, file: str
) -> list[Leaf] | None:
    if reader is None:
        return None
    try:
        return reader(data)
    except Exception as error:
        score.unread.append(f"{file}: {type(error).__name__}: {str(error)[:100]}")
        return None


def _ask_platform(catalog: Catalog, unit: Unit, score: Score, reader: Callable[[bytes], list[Leaf]]) -> None:
    """Let the platform's own tool read before and after: the same verdict, and the planned texts as it shows them."""
    for case in cases(catalog, unit):
        if case.kind == "state":
            continue
        score.platform[1] += 1
        verdicts = []
        for data in (catalog.source.data, _write(catalog, case.edits)[1]):
            try:
                verdicts.append(dict(reader(data)))
            except ValueError as error:
                verdicts.append(str(error))
        old, new = verdicts
        if isinstance(old, str) or isinstance(new, str):
            right = isinstance(old, str) and isinstance(new, str)
        else:
            changed = {path for path in {*old, *new} if old.get(path) != new.get(path)}
            shown = "\n".join(new.get(path, "") for path in changed)
            # aapt2 prints styled strings without their tags, and the text of a line break indented.
            texts = [] if unit.markup else case.texts
            right = all(case.key in path[0] for path in changed) and all(
                _flat(f'"{text}"') in _flat(shown) for text in texts
            )
        if right:
            score.platform[0] += 1
        else:
            score.faults.append(f"{case.kind} {case.key!r} in {catalog.path}: aapt2: {str(new)[:200]}")


def _flat(text: str) -> str:
    return text.replace("\n      ", "\n")


def growth(name: str) -> str:
    """Return how long read, one edit, proof and write take for files of growing size."""
    path, data, locale = SEEDS[name]
    cells = []
    for size in GROWTH:
        empty = catalogs.open(path, data, name)
        additions = [Add((f"key_{n:06}",), f"Text number {n}, é", locale=locale) for n in range(size)]
        start = time.perf_counter()
        grown = catalogs.write(empty, additions)
        built = time.perf_counter() - start
        start = time.perf_counter()
        catalog = catalogs.open(path, grown, name)
        read = time.perf_counter() - start
        catalogs.write(catalog, [Set(catalog.units[size // 2], "another text")])
        whole = time.perf_counter() - start
        cells.append(
            f"{size // 1000}k: read {read * 1e3:.0f} ms, whole {whole * 1e3:.0f} ms, built in {built:.1f} s"
        )
    return "; ".join(cells)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with catalogs/<format>/*")
    parser.add_argument("--format", help="only the files that have this format")
    parser.add_argument("--units", type=int, default=3, help="units to edit in each file")
    parser.add_argument("--platform", type=int, default=25, help="files to show to the platform's own tool")
    parser.add_argument("--no-growth", action="store_true")
    options = parser.parse_args()
    known = {row.name for row in registry.FORMATS}
    for folder in sorted(path for path in (options.data / "catalogs").iterdir() if path.is_dir()):
        if options.format and folder.name not in (options.format, FOLDERS.get(options.format)):
            continue
        for name, score in run(folder, options.units, options.platform).items():
            if options.format in (None, name) or folder.name == options.format:
                report(folder.name, name, score)
    if not options.no_growth:
        for name in sorted(SEEDS.keys() & known):
            if options.format in (None, name):
                print(f"growth {name}: {growth(name)}")


# Folders of the data set that are not called like the format.
FOLDERS = {"android": "strings.xml", "chrome": "json", "json_catalog": "json", "yaml_catalog": "yml"}


def report(folder: str, name: str, score: Score) -> None:
    """Print what was counted for one format."""
    kinds = "  ".join(
        f"{kind} {score.right[kind]}/{score.tried[kind]}" for kind in ("edit", "add", "remove", "state")
    )
    speed = score.size / score.seconds / 1e6 if score.seconds else 0.0
    agreed = f"{score.agreed[0]}/{score.agreed[1]}" if score.agreed[1] else "no reader"
    platform = f"  platform {score.platform[0]}/{score.platform[1]}" if score.platform[1] else ""
    print(
        f"{folder:<12} {name:<14} files {score.files:>4}  units {score.units:>6}  refused {len(score.refused):>3}  "
        f"{kinds}  independent {agreed}{platform}  {speed:.1f} MB/s"
    )
    for file, reason in score.refused:
        print(f"    refused {file}: {reason}")
    for file in score.unread:
        print(f"    not accepted by the independent reader, as found: {file}")
    for fault in score.faults[:20]:
        print(f"    FAULT {fault}")


if __name__ == "__main__":
    main()
