"""Every check on human translations: how often it raises an alarm, over the units it applies to and over all.

Run: python -m evals.translation_checks --data /work/lab [--sample 50000 --seed 4] [--show tags --limit 30]

Targets are paired with their source inside a repository: values-xx/ with values/, xx.lproj with en.lproj, app_xx.arb
with app_en.arb, index_xx.properties with index.properties; PO, XLIFF and .xcstrings hold both. Left out: what is not
translated, fuzzy, obsolete or not translatable. Length limits and glossaries are not known here.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from hunkworks import catalogs
from hunkworks.catalogs import Catalog, State, Unit
from hunkworks.catalogs.conventions import as_bcp47
from hunkworks.catalogs.placeholders import Syntax, placeholders
from hunkworks.errors import InputError
from hunkworks.localize.checks import CHECKS, Answer, Context, Problem, Subject, run

_TOKEN = re.compile(
    r"(?<=[/_.\-])[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_](?:[A-Za-z]{2}|\d{3}))?(?:@[a-z]+)?(?=[/._\-])"
)


class Pair(NamedTuple):
    """A unit of the source and what people made of it."""

    repository: str
    path: str
    subject: Subject
    answer: Answer
    locale: str
    context: Context


def family(path: str, locale: str) -> str:
    """Return the path with a star for its locale; of the file that has no locale in its name, too."""
    if re.search(r"(?:^|/)values(?:-[^/]*)?/", path):
        return re.sub(r"(^|/)values(?:-[^/]*)?/", r"\1values*/", path)
    if ".lproj/" in path:
        return re.sub(r"[^/]+\.lproj/", "*.lproj/", path)
    found = [token for token in _TOKEN.finditer("/" + path) if locale and as_bcp47(token.group()) == locale]
    star = "/" + path
    for token in found[-1:]:
        star = star[: token.start()] + "*" + star[token.end() :]
    if star.endswith(".properties"):
        return star.replace("_*.", "*.") if "*" in star else star.replace(".properties", "*.properties")
    return star


def is_source(path: str, catalog: Catalog) -> bool:
    """Whether a file holds source texts: English, or without a locale where that is the convention."""
    if re.search(r"(?:^|/)values/", path) or "Base.lproj/" in path:
        return True
    return catalog.locale in ("en", "en-US", "en-GB") or (path.endswith(".properties") and not catalog.locale)


def _rank(path: str, catalog: Catalog) -> tuple[bool, int, str]:
    return catalog.locale not in ("en", ""), len(path), path


def pairs(data: Path) -> Iterator[Pair]:
    """Yield every pair of the data set."""
    groups: dict[tuple[str, str, str], list[tuple[str, Catalog]]] = defaultdict(list)
    for row in _rows(data):
        try:
            catalog = catalogs.open(row["path"], (data / row["file"]).read_bytes())
        except InputError:
            continue  # refused or none of ours, which evals.catalogs counts
        if catalog.format in ("po", "xliff"):
            yield from _bilingual(row["repo"], catalog)
        elif catalog.format == "xcstrings":
            sources = [unit for unit in catalog.units if unit.locale == catalog.source_locale]
            yield from _matched(row["repo"], catalog, sources, catalog, catalog.source_locale)
        else:
            star = family(row["path"], catalog.locale)
            groups[row["repo"], catalog.format, star].append((row["path"], catalog))
    for (repository, _, _), members in groups.items():
        sources_of = sorted((m for m in members if is_source(*m)), key=lambda m: _rank(*m))
        for path, target in members:
            if sources_of and path != sources_of[0][0]:
                source = sources_of[0][1]
                yield from _matched(repository, source, source.units, target, source.locale or "en")


def _rows(data: Path) -> Iterator[dict[str, str]]:
    """Yield repository, path and file of each catalog; the index stands beside the data, or file names tell."""
    for file in sorted(path for path in (data / "catalogs").rglob("*") if path.is_file()):
        repository, _, path = file.name.partition("__")
        yield {
            "repo": repository,
            "path": path.replace("__", "/"),
            "file": str(file.relative_to(data)),
        }


def _bilingual(repository: str, catalog: Catalog) -> Iterator[Pair]:
    locale = catalog.locale
    for unit in catalog.units:
        target = unit.locale or locale
        if unit.source and target and _translated(unit):
            context = Context(catalog.source_locale or "en", catalog.forms)
            yield Pair(
                repository,
                catalog.path,
                Subject.of(unit, catalog.format),
                unit.forms or unit.text,
                target,
                context,
            )


def _matched(
    repository: str,
    source: Catalog,
    sources: list[Unit] | tuple[Unit, ...],
    target: Catalog,
    source_locale: str,
) -> Iterator[Pair]:
    known = {(unit.key, unit.part, unit.nth): unit for unit in sources}
    for unit in target.units:
        original = known.get((unit.key, unit.part, unit.nth))
        locale = unit.locale or target.locale
        if original is not None and "%#@" in unit.text and "%#@" not in original.text:
            continue  # Xcode's substitutions, which the source does without: nothing to compare
        if original is None or not locale or locale == original.locale or not original.translatable:
            continue
        if _translated(unit):
            subject = Subject.of(original, source.format)
            yield Pair(
                repository, target.path, subject, unit.forms or unit.text, locale, Context(source_locale)
            )


def _translated(unit: Unit) -> bool:
    texts = [value.text for value in unit.values]
    return (
        unit.translatable and unit.state not in (State.NEW, State.NEEDS_REVIEW, State.OBSOLETE) and any(texts)
    )


def _message_with(subject: Subject, kind: str) -> bool:
    return subject.syntax is Syntax.ICU and re.search(rf",\s*(?:{kind})\s*,", subject.source) is not None


_LETTERS = re.compile(r"[^\W\d_]{2,}.*[^\W\d_]{2,}", re.DOTALL)
#: Units that a check applies to; those of the others are all.
APPLIES: dict[str, Callable[[Subject], bool]] = {
    "forms": lambda s: bool(s.source_forms) or _message_with(s, r"plural|selectordinal"),
    "unused-forms": lambda s: bool(s.source_forms),
    "number-for-zero": lambda s: bool(s.source_forms),
    "placeholders": lambda s: bool(placeholders(s.source, s.syntax)),  # without a syntax: elsewhere
    "repeated-placeholders": lambda s: bool(placeholders(s.source, s.syntax)),
    "placeholder-syntax": lambda s: bool(placeholders(s.source, s.syntax)),
    "icu-syntax": lambda s: s.syntax in (Syntax.ICU, Syntax.MESSAGE_FORMAT) and "{" in s.source,
    "icu-keys": lambda s: _message_with(s, "select"),
    "tags": lambda s: "<" in s.source,
    "attributes": lambda s: "<" in s.source,
    "xml": lambda s: s.markup,
    "edges": lambda s: s.source != s.source.strip(),
    "line-breaks": lambda s: "\n" in s.source.strip(),
    "end-punctuation": lambda s: s.source.rstrip()[-1:] in (*".!?:…",),
    "untranslated": lambda s: _LETTERS.search(s.source) is not None,
    "length-ratio": lambda s: len(s.source) >= 10,
    "urls": lambda s: "http" in s.source,
    "digits": lambda s: re.search(r"\d", s.source) is not None,
    "acronyms": lambda s: re.search(r"\b[A-Z]{2,}\b", s.source) is not None,
    "brackets": lambda s: re.search(r"[()\[\]]", s.source) is not None,
}


class Tally:
    """What was counted."""

    def __init__(self) -> None:
        self.units = 0
        self.seconds = 0.0
        self.formats: Counter[str] = Counter()
        self.applies: Counter[str] = Counter()
        self.alarms: Counter[str] = Counter()
        self.inside: Counter[str] = Counter()
        self.repositories: dict[str, Counter[str]] = defaultdict(Counter)
        self.samples: dict[str, list[tuple[Pair, Problem]]] = defaultdict(list)

    def add(self, pair: Pair) -> None:
        """Run every check on one pair."""
        start = time.perf_counter()
        severities = dict.fromkeys((check.name for check in CHECKS if check.severity == "off"), "warning")
        context = Context(pair.context.source_locale, pair.context.forms, severities)
        problems = run(pair.subject, pair.answer, pair.locale, context)
        self.seconds += time.perf_counter() - start
        self.units += 1
        self.formats[pair.subject.format] += 1
        applying = {check.name for check in CHECKS if APPLIES.get(check.name, lambda _: True)(pair.subject)}
        self.applies.update(applying)
        for name in {problem.check for problem in problems}:
            self.alarms[name] += 1
            self.inside[name] += name in applying
            self.repositories[name][pair.repository] += 1
        for problem in problems:
            self.samples[problem.check].append((pair, problem))


def report(tally: Tally) -> None:
    """Print the table."""
    print(f"{tally.units} human translations, {tally.seconds / max(tally.units, 1) * 1e6:.0f} µs each")
    print(", ".join(f"{name} {count}" for name, count in tally.formats.most_common()) + "\n")
    print(
        f"{'check':<24}{'default':<10}{'applies':>9}{'alarms':>9}{'of applying':>13}{'elsewhere':>11}{'of all':>9}"
    )
    for check in CHECKS:
        applies, alarms, inside = (c[check.name] for c in (tally.applies, tally.alarms, tally.inside))
        rate = f"{inside / applies:.2%}" if applies else "-"
        print(
            f"{check.name:<24}{check.severity:<10}{applies:>9}{alarms:>9}{rate:>13}{alarms - inside:>11}"
            f"{alarms / max(tally.units, 1):>9.3%}"
        )


def show(tally: Tally, name: str, limit: int, chance: random.Random) -> None:
    """Print samples of one check's alarms."""
    print(f"\n{name}: {dict(tally.repositories[name].most_common(12))}")
    found = tally.samples[name]
    for pair, problem in chance.sample(found, min(limit, len(found))):
        source = json.dumps(dict(pair.subject.source_forms) or pair.subject.source, ensure_ascii=False)
        answer = json.dumps(pair.answer, ensure_ascii=False, default=dict)
        print(f"- {pair.repository} {pair.path[-50:]} [{pair.locale}] {pair.subject.syntax.value}")
        print(f"    {source[:300]}\n    {answer[:300]}\n    {problem.message[:300]}")


def main() -> None:
    """Print the table, and samples where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with catalogs/<format>/*")
    parser.add_argument("--sample", type=int, default=0, help="only so many pairs, drawn at random")
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument(
        "--show", action="append", default=[], metavar="CHECK", help="samples of alarms; or all"
    )
    parser.add_argument("--limit", type=int, default=20)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    chosen = list(pairs(options.data))
    if options.sample and options.sample < len(chosen):
        chosen = chance.sample(chosen, options.sample)
    tally = Tally()
    for number, pair in enumerate(chosen):
        if sys.stderr.isatty() and number % 1000 == 0:
            print(f"\r{number}/{len(chosen)}", end="", file=sys.stderr)
        tally.add(pair)
    if not tally.units:
        sys.exit("no pair of source and translation found")
    report(tally)
    shown = [check.name for check in CHECKS] if "all" in options.show else options.show
    for name in shown:
        show(tally, name, options.limit, chance)


if __name__ == "__main__":
    main()
