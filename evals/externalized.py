"""Every hard-coded string of real apps externalized, one by one: what is written, and what is left and why.

    python -m evals.externalized GIT_DIR[@REVISION]… [--only Html] [--catalog PATH] [--read 10]

Each string that a user reads becomes its own run of the recipe, with a key made from its text. Counted anew,
not by the engine: files with more parse errors, catalogs that do not read, keys that are not in them.
"""

from __future__ import annotations

import argparse
import collections
import random
import re
import tempfile
import time
from pathlib import Path
from xml.parsers import expat

from evals.recipes_tried import unpack
from hunkworks import catalogs
from hunkworks.change.model import Role
from hunkworks.change.repository import WORKTREE, Repository
from hunkworks.change.role_names import by_name
from hunkworks.refactor.outcome import Bucket
from hunkworks.refactor.parameters import chosen
from hunkworks.refactor.project import Overlay
from hunkworks.refactor.proposing import Job
from hunkworks.refactor.rewriting import rewrite
from hunkworks.refactor.scope import Scope
from hunkworks.refactor.source import Source
from hunkworks.rules import hardcoded, tree
from hunkworks.rules.languages import language_of
from hunkworks.rules.load import load_file

_RECIPES = {
    language: Path(__file__).resolve().parents[1] / f"{name}-externalize-string.yml"
    for language, name in (
        ("Swift", "plugins/mobile/recipes/swift/swift"),
        ("Kotlin", "plugins/mobile/recipes/kotlin/kotlin"),
        ("Html", "plugins/mobile/recipes/html/layout"),
        ("Tsx", "recipes/typescript/typescript"),
    )
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository", nargs="+")
    parser.add_argument("--catalog", default="", help="For modules without strings.xml, from the top.")
    parser.add_argument(
        "--only", choices=sorted(_RECIPES), action="append", help="Of one language; Html: layouts."
    )
    parser.add_argument("--read", type=int, default=0)
    options = parser.parse_args()
    for named in options.repository:
        folder, _, revision = named.partition("@")
        with tempfile.TemporaryDirectory() as work:
            languages = set(options.only or _RECIPES)
            unpack(Path(folder), Path(work), languages, revision)
            name = Path(folder).resolve().parent.name.replace("+", "/")
            _project(name, Path(work), languages, options.read, options.catalog)


def _project(name: str, work: Path, languages: set[str], read: int, catalog: str) -> None:
    every = Repository.discover(work).ls(WORKTREE)
    project = Overlay(
        lambda path: (work / path).read_bytes() if (work / path).is_file() else None, lambda: every
    )
    counts: collections.Counter[str] = collections.Counter()
    why: collections.Counter[str] = collections.Counter()
    shown: list[str] = []
    started = time.perf_counter()
    for path in every:
        language = language_of(path)
        named = by_name(path)
        if language not in languages or (named and named[0] not in (Role.CODE, Role.CONFIG)):
            continue
        data = (work / path).read_bytes()
        rule = load_file(_RECIPES[language])
        source = Source(path, data, language)
        for literal in hardcoded.literals(path, source.text):
            key = "_".join(re.findall(r"[a-z0-9]+", literal.words.lower())[:6]) or "text"
            job = Job(rule, chosen(rule.recipe, {"key": f"hw_{key}", "catalog": catalog}, asked=True))
            lines = range(source.line(literal.start), source.line(literal.end - 1) + 1)
            # The text between two tags is one node with the line ends around it.
            around = range(lines.start - 1, lines.stop + 1) if language == "Tsx" else lines
            found = rewrite(job, source, Scope.of(set(around)), project)
            one = next((o for o in found.outcomes if o.start < literal.end and literal.start < o.end), None)
            counts["strings"] += 1
            if one is None:
                counts["not matched by the rule"] += 1
                shown.append(f"  unmatched {path}:{lines[0]} {literal.place} {literal.text[:60]!r}")
                continue
            counts[one.bucket] += 1
            if one.bucket is not Bucket.APPLIED:
                why[
                    re.sub(
                        r"the module \S+|(?:in|the package) \S+/\S+?,|'[^']*'|\bhw_\w+|taken in \S+",
                        "…",
                        one.why,
                    )
                ] += 1
                continue
            before, after = (
                len(tree.broken(tree.parse(data.decode(), language))) for data in (found.before, found.after)
            )
            counts["broken"] += after > before or (language == "Html" and not _well_formed(found.after))
            for other, content in found.others.items():
                counts["catalogs written"] += 1
                keys = [
                    {unit.key for unit in catalogs.open(other, data).units}
                    for data in (project.read(other) or b"", content)
                ]
                counts["keys missing"] += len(keys[1] - keys[0]) != 1
            old = set(found.before.decode().splitlines())
            new = [line.strip() for line in found.after.decode().splitlines() if line not in old]
            shown.append("\n".join([f"  {path}:{lines[0]}", *(f"    + {line}" for line in new)]))
    print(
        f"{name}: "
        + ", ".join(f"{count} {what}" for what, count in counts.items())
        + f", {time.perf_counter() - started:.1f} s"
    )
    for reason, count in why.most_common(6):
        print(f"    {count:5} {reason}")
    for text in random.Random(0).sample(shown, min(read, len(shown))):
        print(text)


def _well_formed(xml: bytes) -> bool:
    try:
        expat.ParserCreate().Parse(xml, True)
    except expat.ExpatError:
        return False
    return True


if __name__ == "__main__":
    main()
