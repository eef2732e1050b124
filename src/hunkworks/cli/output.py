"""What people and programs read: JSON on stdout, prose and progress on stderr, colour only on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
import msgspec

if TYPE_CHECKING:
    from rich.status import Status

SCHEMA = 1

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON on stdout; prose goes to stderr."
)


@contextmanager
def progress(doing: str) -> Iterator[Callable[[str], None]]:
    """Show what is being read, on stderr and only on a terminal, once it takes longer than a second."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    began = time.monotonic()
    status: Status | None = None

    def tell(item: str) -> None:
        nonlocal status
        if status is None and time.monotonic() - began > 1:
            from rich.console import Console

            status = Console(stderr=True).status(doing)
            status.start()
        if status is not None:
            status.update(f"{doing}: {escape(item)}")

    try:
        yield tell
    finally:
        if status is not None:
            status.stop()


def escape(text: str) -> str:
    """Return text that rich prints as it is, and a terminal does not act on."""
    return printable(text).replace("[", "\\[")


def printable(text: str, keep: str = "") -> str:
    """Return text that no terminal acts on: keys, paths and code are strangers' text; ``keep`` may stay."""
    return "".join(char if char.isprintable() or char in keep else "�" for char in text)


def write_json(document: Mapping[str, Any]) -> None:
    """Print ``document`` with its ``schema`` number as indented JSON on stdout."""
    sys.stdout.flush()
    sys.stdout.buffer.write(json_bytes({"schema": SCHEMA, **document}))


def json_bytes(document: Mapping[str, Any]) -> bytes:
    """Return ``document`` as indented JSON, ending in a newline.

    Lone surrogates (paths that are not UTF-8) are written as ``\\udcXX`` escapes, which JSON allows.
    """
    try:
        return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
    except UnicodeEncodeError:
        # msgspec writes UTF-8 only; the standard library escapes what UTF-8 cannot hold.
        import json

        return json.dumps(msgspec.to_builtins(document), ensure_ascii=True, indent=2).encode("ascii") + b"\n"
