"""The proof of a write by the parts around its edits.

Reading the whole result again proves a write, and costs as much as reading the file at first. Most edits of a large
file can be proven in part: a format's ``window`` gives the stretch from the entry in front of an edit to the entry
behind it, with what makes a document of it. That part, as it was, must read as it reads in the file; as it is now, as
planned. What stands outside is the same text, and it means the same: entries that are read one after the other, or the
children of one element or object, do not depend on what stands between others as long as that is complete, which the
part shows by being read alone. (Incremental parsers reuse what did not change by the same argument: Wagner and
Graham, "Efficient and flexible incremental parsing", TOPLAS 20(5), 1998.)

A part can only prove, never refute: where anything about it is not as it should be, the whole file is read.
Decision 0017 says what was tried against it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from hunkworks.catalogs import proof, registry
from hunkworks.catalogs.protocol import (
    Add,
    Catalog,
    CatalogEdit,
    Format,
    Replacement,
    Source,
    Syntax,
    Unit,
    Window,
)
from hunkworks.errors import InputError, IntegrityError
from hunkworks.splice import Edit

_LARGEST_SHARE = 0.5  # of the file, in windows; above, one reading of the whole is as cheap
_WINDOW_COSTS = 1_000  # as many characters read as the whole is, whatever stands in it


def holds(
    catalog: Catalog,
    edits: Sequence[CatalogEdit],
    replacements: Sequence[Replacement],
    spliced: Sequence[Edit],
    data: bytes,
) -> bool:
    """Whether reading the parts around the edits proves the write; False where it takes the whole file.

    Args:
        catalog: As it was read.
        edits: What was asked for.
        replacements: What was planned for it, in the text.
        spliced: The same, in the bytes and in ascending order; ``splice.prove`` has shown that no other byte differs.
        data: The result.
    """
    module = registry.load(catalog.format)
    windows = _windows(module, catalog, replacements)
    parted = _parted(catalog.units, windows)
    if parted is None:
        return False
    inside, elsewhere = parted
    try:
        was = [
            _read(module, catalog, window, catalog.source.text[window.start : window.end])
            for window in windows
        ]
        now = [
            _read(module, catalog, window, part)
            for window, part in zip(
                windows, _spliced_parts(catalog.source, windows, spliced, data), strict=True
            )
        ]
        if not all(map(_as_in_the_file, windows, was, inside)):
            return False
        before, after = list(chain(*inside)), list(chain(*now))
        touched = {edit.key if isinstance(edit, Add) else edit.unit.key for edit in edits}
        touched.update(unit.key for unit in after)
        if not touched.isdisjoint(elsewhere) or _syntaxes(chain(*was)) != _syntaxes(after):
            return False
        proof.compare(catalog.path, before, edits, after)
    except (InputError, IntegrityError):
        return False
    return True


def _windows(module: Format, catalog: Catalog, replacements: Sequence[Replacement]) -> list[Window]:
    """Return the windows around the replacements, in order, none touching another; [] where they prove nothing."""
    find: Callable[[Catalog, int, int], Window | None] | None = getattr(module, "window", None)
    if find is None:
        return []
    spans = [(start, end) for start, end, _ in sorted(replacements)]
    windows: list[Window] = []
    touched: list[tuple[int, int]] = []
    place, left = 0, _LARGEST_SHARE * len(catalog.source.text)
    while place < len(spans):
        if left < _WINDOW_COSTS * (len(windows) + 1):
            return []
        start, end = spans[place]
        place += 1
        while True:
            window = find(catalog, start, end)
            if window is None:
                return []
            grown = False
            while place < len(spans) and spans[place][0] <= window.end:
                end, place, grown = max(end, spans[place][1]), place + 1, True
            if windows and window.start <= windows[-1].end:
                windows.pop()
                start, last = touched.pop()
                end, grown = max(end, last), True
            if not grown:
                break
        windows.append(window)
        touched.append((start, end))
    cost = sum(window.end - window.start + _WINDOW_COSTS for window in windows)
    return windows if cost <= left else []


def _parted(
    units: Sequence[Unit], windows: Sequence[Window]
) -> tuple[list[list[Unit]], set[tuple[str, ...]]] | None:
    """Return the units in each window and the keys of all others; None where a unit reaches across an edge."""
    if not windows:
        return None
    inside: list[list[Unit]] = [[] for _ in windows]
    elsewhere: set[tuple[str, ...]] = set()
    starts = [window.start for window in windows]
    for unit in units:
        start, end = unit.entry
        place = bisect_right(starts, start) - 1
        if place >= 0 and end <= windows[place].end:
            inside[place].append(unit)
        elif (place >= 0 and start < windows[place].end) or (
            place + 1 < len(starts) and end > starts[place + 1]
        ):
            return None
        else:
            elsewhere.add(unit.key)
    return inside, elsewhere


def _spliced_parts(
    source: Source, windows: Sequence[Window], spliced: Sequence[Edit], data: bytes
) -> list[str]:
    """Return what stands in the windows now.

    Raises:
        IntegrityError: An edit reaches out of the windows, or the bytes are no text.
    """
    spans = source.edits(Replacement(window.start, window.end, "") for window in windows)
    parts: list[str] = []
    shift = seen = 0
    for start, end in ((span.start, span.end) for span in spans):
        first = start + shift
        while seen < len(spliced) and start <= spliced[seen].start and spliced[seen].end <= end:
            edit = spliced[seen]
            shift += len(edit.new) - (edit.end - edit.start)
            seen += 1
        try:
            parts.append(data[first : end + shift].decode(source.encoding))
        except UnicodeDecodeError as error:
            raise IntegrityError(f"a part is not {source.encoding}: {error.reason}") from None
    if seen != len(spliced):
        raise IntegrityError("an edit reaches out of the windows")
    return parts


def _read(module: Format, catalog: Catalog, window: Window, part: str) -> tuple[Unit, ...]:
    """Return the units of a part, read as a document of its own."""
    if window.ties and window.ties.search(part):
        raise InputError("the part belongs together with others")
    source = catalog.source
    data = source.mark + f"{window.before}{part}{window.behind}".encode(source.encoding)
    return module.parse(catalog.path, data).units


def _as_in_the_file(window: Window, part: Sequence[Unit], whole: Sequence[Unit]) -> bool:
    """Whether a part reads by itself as it does where it stands, place by place."""
    shift = window.start - len(window.before)
    return len(part) == len(whole) and all(
        proof.matches(unit, None, None, other) and _places(unit, 0) == _places(other, shift)
        for unit, other in zip(whole, part, strict=True)
    )


def _places(unit: Unit, shift: int) -> list[tuple[int, int] | None]:
    spans = [unit.entry, *(value.span for value in unit.values)]
    return [span and (span.start + shift, span.end + shift) for span in spans]


def _syntaxes(units: Iterable[Unit]) -> set[Syntax]:
    """Return how placeholders are written: what a whole file decides, where one entry may tip the balance."""
    return {unit.syntax for unit in units}
