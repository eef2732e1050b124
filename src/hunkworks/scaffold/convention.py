"""Where this project keeps the test of a file: learned from the tests that it has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType

from hunkworks.change.inventory import language
from hunkworks.scaffold.imports import imports, nearness

_STEM = "{}"
# How tests are named after their file, by family of languages; the first is taken where nothing is learned. Of Python
# and JavaScript the runners collect the first two unless they are told otherwise.
_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "python": ("test_{}", "{}_test", "tests_{}", "{}_tests", "test{}"),
        "javascript": ("{}.test", "{}.spec", "{}-test", "{}_test", "test-{}", "{}.tests"),
        "go": ("{}_test",),
        "jvm": ("{}Test", "{}Tests", "Test{}", "{}TestCase", "{}Spec"),
        "swift": ("{}Tests", "{}Test", "{}.test", "{}Spec"),
    }
)
_COLLECTED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        kind: frozenset(names[:2] if kind in ("python", "javascript") else names)
        for kind, names in _NAMES.items()
    }
)
_FAMILY = {"python": "python", "typescript": "javascript", "tsx": "javascript", "go": "go", "java": "jvm",
           "kotlin": "jvm", "swift": "swift"}  # fmt: skip
_SOURCE_SET = re.compile(r"(?P<before>(?:^|.*/)src)/(?P<set>\w+)/(?P<language>java|kotlin)(?P<rest>/.*)?$")

# Where Gradle keeps the tests of a source set: https://developer.android.com/build/build-variants and Kotlin's
# multiplatform default hierarchy.
_SETS = {"main": "test", "androidMain": "androidUnitTest"}


@dataclass(frozen=True, slots=True)
class Pair:
    """A source file and the test file named after it: how this project does it."""

    source: PurePosixPath
    test: PurePosixPath
    pattern: str


def family(path: str) -> str:
    """Return the family of languages whose tests may be about ``path``, "" where it has none."""
    return _FAMILY.get(language(path), "")


def named_after(path: str) -> list[tuple[str, str]]:
    """Return what ``path``, the name of a test, would be the test of: stems, each with its pattern."""
    file = PurePosixPath(path)
    stem = file.name[: -len(file.suffix)] if file.suffix else file.name
    found = []
    for pattern in _NAMES.get(family(path), ()):
        before, _, after = pattern.partition(_STEM)
        inner = stem[len(before) : len(stem) - len(after)]
        # tests/test_compat.py is the test of _compat.py by the usual name, not by `test{}`.
        if inner and stem == f"{before}{inner}{after}" and inner.strip("_") == inner:
            found.append((inner, pattern))
    return found


class Convention:
    """The pairs of a project's sources and tests.

    Args:
        sources: The paths of the code.
        tests: The paths of the tests.
        texts: Their texts, where they are at hand: what a test imports says which of two files of one name it is about.
    """

    def __init__(
        self, sources: Sequence[str], tests: Sequence[str], texts: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self.tests = tests
        self._texts = texts
        self._imports = {path: imports(path, text) for path, text in texts.items()}
        by_stem: dict[tuple[str, str], list[PurePosixPath]] = {}
        for path in sources:
            file = PurePosixPath(path)
            by_stem.setdefault((family(path), _key(file.stem)), []).append(file)
        self.pairs = [
            Pair(max(same, key=lambda source: self._likeness(source, test)), test, pattern)
            for test in map(PurePosixPath, tests)
            for stem, pattern in named_after(str(test))
            if (same := by_stem.get((family(str(test)), _key(stem))))
        ]

    def existing(self, path: str) -> str:
        """Return the test file that is named after ``path`` and is nearest to it, "" where there is none."""
        source = PurePosixPath(path)
        mine = [pair for pair in self.pairs if pair.source == source]
        if family(path) == "go":
            mine = [pair for pair in mine if pair.test.parent == source.parent]
        best = max(mine, key=lambda pair: (*self._likeness(source, pair.test), str(pair.test)), default=None)
        return str(best.test) if best else ""

    def importing(self, path: str, name: str) -> str:
        """Return the test file that imports ``name`` from the module ``path``, "" where others are about it, too."""
        word = re.compile(rf"\b{re.escape(name)}\b")
        about = [
            test
            for test, text in self._texts.items()
            if family(test) == family(path) and named_after(test) and word.search(text)
        ]
        brought = self._imports[about[0]] if len(about) == 1 else []
        sure = any(name in each.names and nearness(path, about[0], each) == 3 for each in brought)
        return about[0] if sure else ""

    def _likeness(self, source: PurePosixPath, test: PurePosixPath) -> tuple[int, int, bool]:
        brought = self._imports.get(str(test), ())
        near = max((nearness(str(source), str(test), each) for each in brought), default=0)
        return near, _shared(source.parent, test.parent), not source.stem.startswith("_")

    def place(self, path: str) -> str:
        """Return where the project would put the test of ``path``, "" where nothing tells."""
        source = PurePosixPath(path)
        kind = family(path)
        near = sorted(
            (pair for pair in self.pairs if family(str(pair.source)) == kind),
            key=lambda pair: -_common(source.parent, pair.source.parent),
        )
        pattern = self._pattern(kind, near)
        # In these languages a file's name is a type's: `-Query.kt` has the test QueryTest.
        stem = re.sub(r"^\W+", "", source.stem) if kind in ("jvm", "swift") else source.stem
        stem = stem.strip("_") or stem if kind == "python" else stem
        name = pattern.replace(_STEM, stem) if pattern else ""
        if kind == "go":
            return str(source.parent / f"{name}{source.suffix}")
        folder = self._folder(source, near)
        alike = (pair.test.suffix for pair in near if pair.source.suffix == source.suffix)
        ending = next(alike, source.suffix) if kind == "javascript" else source.suffix
        return str(folder / f"{name}{ending}") if folder is not None and name else ""

    def _pattern(self, kind: str, near: Sequence[Pair]) -> str:
        """Return how the nearest pairs name their tests, as the runner collects them, or as most files here do."""
        counts = Counter(pair.pattern for pair in near)
        known = _COLLECTED.get(kind, frozenset()) | {
            pattern for pattern, count in counts.items() if count * 2 > len(near)
        }
        found = next((pair.pattern for pair in near if pair.pattern in known), "")
        if not found:
            named = Counter(
                pattern for test in self.tests if family(test) == kind for _, pattern in named_after(test)
            )
            found = next((pattern for pattern, _ in named.most_common() if pattern in known), "")
        return found or next(iter(_NAMES.get(kind, ())), "")

    def _folder(self, source: PurePosixPath, near: Sequence[Pair]) -> PurePosixPath | None:
        votes: Counter[str] = Counter()
        for rank, pair in enumerate(near[:9]):
            moved = _moved(source.parent, pair)
            if moved is not None:
                # The nearest pairs know best; a tie goes to the nearest.
                votes[str(moved)] += 9 - rank
        if votes:
            return PurePosixPath(votes.most_common(1)[0][0])
        return self._usual(source)

    def _usual(self, source: PurePosixPath) -> PurePosixPath | None:
        """Return where build tools look for tests where the project has none that is named after a file."""
        parent = str(source.parent)
        if match := _SOURCE_SET.match(parent):
            target = _SETS.get(match["set"]) or _test_set(match["set"])
            return PurePosixPath(f"{match['before']}/{target}/{match['language']}{match['rest'] or ''}")
        folders = Counter(
            str(PurePosixPath(test).parent) for test in self.tests if family(test) == family(str(source))
        )
        return PurePosixPath(folders.most_common(1)[0][0]) if folders else None


def _key(stem: str) -> str:
    return stem.lower().strip("_") or stem


def _test_set(source_set: str) -> str:
    """Return ``commonTest`` for ``commonMain``, ``testDebug`` for the variant ``debug``."""
    if source_set.endswith("Main"):
        return f"{source_set.removesuffix('Main')}Test"
    return f"test{source_set[:1].upper()}{source_set[1:]}"


def _moved(folder: PurePosixPath, pair: Pair) -> PurePosixPath | None:
    """Return ``folder`` moved as ``pair`` moved from its source to its test; None where that says nothing."""
    source, test = list(pair.source.parent.parts), list(pair.test.parent.parts)
    extra: list[str] = []
    if test[: len(source)] == source:
        extra = test[len(source) :]
        return folder.joinpath(*extra)
    while source and test and source[-1] == test[-1]:
        source.pop()
        test.pop()
    mine = list(folder.parts)
    if mine[: len(source)] != source:
        return None
    return PurePosixPath(*test, *mine[len(source) :])


def _shared(one: PurePosixPath, other: PurePosixPath) -> int:
    """Return how many folders two paths share, at their beginnings and at their ends."""
    return _common(one, other) + _tail(one, other)


def _common(one: PurePosixPath, other: PurePosixPath) -> int:
    return sum(1 for _ in _while_same(one.parts, other.parts))


def _tail(one: PurePosixPath, other: PurePosixPath) -> int:
    return sum(1 for _ in _while_same(one.parts[::-1], other.parts[::-1]))


def _while_same(one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    for left, right in zip(one, other, strict=False):
        if left != right:
            return
        yield left
