"""Record the pictures of what writes: translate-diff and a recipe, on a small repository. `make demo`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from docs import terminal
from docs.terminal import ROOT, picture, typed

ENGLISH = """/* Title of the screen */
"title" = "Photos";

/* Number of photos, and the album */
"count" = "%1$d photos in %2$@";
"""
GERMAN = ENGLISH.replace("Photos", "Fotos").replace("photos in", "Fotos in")
FRENCH = ENGLISH.replace("photos in", "photos dans")
STORE = """from typing import Optional


def load(key: str) -> Optional[bytes]:
    try:
        return cache[key]
    except KeyError:
        raise Missing(key)


def name(photo: bytes) -> Optional[str]:
    return names.get(photo)
"""


def main() -> None:
    """Make the repository and a change of it, run the commands, draw the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder) / "photos"
        terminal.git(repository.parent, "init", "-q", "photos")
        for locale, text in (("en", ENGLISH), ("de", GERMAN), ("fr", FRENCH)):
            terminal.write(repository, f"ios/{locale}.lproj/Localizable.strings", text)
        terminal.write(repository, "app/store.py", STORE)
        terminal.write(repository, "pyproject.toml", '[project]\nrequires-python = ">=3.11"\n')
        terminal.commit(repository)
        terminal.write(
            repository,
            "ios/en.lproj/Localizable.strings",
            ENGLISH.replace("%1$d photos in %2$@", "%2$@: %1$d photos"),
        )
        translated = typed(
            repository,
            "hunkworks translate plan",
            "hunkworks translate run --engine pseudo",
            "git -c color.ui=always -c core.pager=cat diff -U0 ios/de.lproj ios/fr.lproj",
        )
        output = translated[-1][1]
        picture(
            [*translated[:-1], ("git diff -U0 ios/de.lproj ios/fr.lproj", output)],
            ROOT / "docs" / "translate.svg",
        )
        terminal.write(
            repository, "app/store.py", STORE.replace("(key: str)", "(key: str, fresh: bool = False)")
        )
        rewritten = typed(repository, "hunkworks recipe run python-optional --plan")
        picture([*rewritten], ROOT / "docs" / "refactor.svg")


if __name__ == "__main__":
    main()
