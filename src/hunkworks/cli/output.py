"""What people and programs read: JSON on stdout, prose and progress on stderr, colour only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click
import msgspec

SCHEMA = 1

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout; prose goes to stderr.")


def write_json(document: Mapping[str, Any]) -> None:
    """Print ``document`` with its ``schema`` number as indented JSON on stdout.

    Lone surrogates (paths that are not UTF-8) are written as ``\\udcXX`` escapes, which JSON allows.
    """
    encoded = msgspec.json.format(_encode({"schema": SCHEMA, **document}), indent=2)
    sys.stdout.flush()
    sys.stdout.buffer.write(encoded + b"\n")


def _encode(document: Mapping[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(document)
    except UnicodeEncodeError:
        # msgspec writes UTF-8 only; the standard library escapes what UTF-8 cannot hold.
        import json

        return json.dumps(msgspec.to_builtins(document), ensure_ascii=True).encode("ascii")
