"""Our ICU parser beside ICU4C: the same verdict on random messages and on real ones.

Run: uv run --with icu4py --with-editable . python -m evals.icu_messages [--data /work/lab]

Ours is stricter on purpose in three things, which the random messages leave out or which are counted apart: a } without
its {, which ICU4C shows as it is, a branch given twice, and words that are no plural category.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from icu4py.messageformat import MessageFormat  # type: ignore[import-not-found, unused-ignore]

from hunkworks import catalogs
from hunkworks.catalogs.placeholders import Syntax
from hunkworks.errors import InputError
from hunkworks.localize.checks.icu import MessageError, parse

_PIECES = (
    *(
        "{",
        "}",
        "}}",
        ",",
        "'",
        "''",
        "#",
        "a",
        " ",
        " x ",
        "select",
        "plural",
        "offset:1 ",
        "=0 {z}",
        "other {",
        "one {",
    ),
    *("{n}", "{0}", "{n, number}", "{d, date, short}", "{n, number, '}'}", "{n, plural, "),
    *(
        "{n, plural, one {# a} other {# b}}",
        "{g, select, a {x} other {y}}",
        "{n, selectordinal, other {#th}}",
    ),
)


def random_messages(count: int, seed: int) -> Iterator[str]:
    """Yield texts made of the pieces of messages; about half of them are messages."""
    chance = random.Random(seed)
    for _ in range(count):
        yield "".join(chance.choice(_PIECES) for _ in range(chance.randint(1, 7)))


def real_messages(data: Path) -> Iterator[str]:
    """Yield every ICU message with an argument; those with apostrophes mean different things to different readers."""
    for file in sorted(path for path in (data / "catalogs").rglob("*") if path.is_file()):
        try:
            catalog = catalogs.open(file.name.partition("__")[2].replace("__", "/"), file.read_bytes())
        except InputError:
            continue
        for unit in catalog.units:
            if unit.syntax is Syntax.ICU and "{" in unit.text and "'" not in unit.text:
                yield unit.text


def verdict(text: str) -> str:
    """Return how both judge a text."""
    try:
        parse(text)
        ours = "message"
    except MessageError as error:
        ours = "stray }" if "a } without" in str(error) else "none"
    try:
        MessageFormat(text, "en")
        theirs = "message"
    except Exception:
        theirs = "none"
    return f"ours {ours}, ICU4C {theirs}"


def main() -> None:
    """Print the verdicts, and the texts on which they differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    sets = {"random": list(random_messages(options.count, options.seed))}
    if options.data:
        sets["real"] = list(real_messages(options.data))
    for name, texts in sets.items():
        verdicts = {text: verdict(text) for text in texts}
        counted = Counter(verdicts[text] for text in texts)
        print(name, ", ".join(f"{what}: {count}" for what, count in sorted(counted.items())))
        for text, what in verdicts.items():
            if what in ("ours message, ICU4C none", "ours none, ICU4C message"):
                print(f"    {what}: {text!r}")


if __name__ == "__main__":
    main()
