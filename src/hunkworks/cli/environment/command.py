"""`hunkworks environment …`: build it, or say where it is; and what the launcher asks for on first use."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

from hunkworks.cli.environment import home, pins
from hunkworks.cli.environment.build import build
from hunkworks.errors import HunkworksError

PACKAGE = Path(__file__).resolve().parents[2]
LOCKS = PACKAGE.parents[1] / "requirements"


def main(arguments: list[str]) -> NoReturn:
    """Run one verb and exit.

    ``ensure`` and ``run`` are the launchers' own: the arguments behind them are the user's, of which only
    ``--json`` matters here, because a program that asked for JSON must get its error as JSON.
    """
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _end)
    try:
        sys.exit(_run(arguments))
    except HunkworksError as error:
        if "--json" in arguments:
            print(json.dumps({"schema": 1, "error": str(error), "exit": error.exit_code}, indent=2))
        _say(str(error))
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _say("interrupted.")
        sys.exit(130)


def _run(arguments: list[str]) -> int:
    if arguments[:1] == ["ensure"]:
        build(LOCKS, [], _say)
        return 0
    if arguments[:1] == ["run"]:
        python = home.python_of(home.current(home.home(), pins.read_digest(LOCKS)) or build(LOCKS, [], _say))
        return subprocess.run(
            [os.fspath(python), "-I", os.fspath(PACKAGE / "cli" / "start.py"), *arguments[1:]], check=False
        ).returncode
    if arguments[:1] == ["doctor"]:
        from hunkworks.cli.environment.health import main as doctor

        return doctor(arguments[1:])
    options = _parser().parse_args(arguments)
    if options.verb == "build":
        environment = build(LOCKS, options.extra, _silent if options.quiet else _say)
        if not options.quiet:
            _say(f"the environment stands in {environment}")
        return 0
    found = home.current(home.home(), pins.read_digest(LOCKS))
    if found is None:
        raise HunkworksError("there is no environment yet", fix=home.command("environment", "build"))
    print(found)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hunkworks environment",
        description="The Python environment that the plugin runs in: outside the plugin, built once.",
        epilog="HUNKWORKS_HOME moves it; HUNKWORKS_PYTHON replaces it by an interpreter of yours.",
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    make = verbs.add_parser("build", help="build it if it is not there, or is damaged")
    make.add_argument(
        "--extra", action="append", default=[], metavar="NAME", help="with an extra, and from now on: api"
    )
    make.add_argument("--quiet", action="store_true", help="say nothing unless it fails")
    verbs.add_parser("path", help="print its folder")
    return parser


def _say(text: str) -> None:
    print(f"hunkworks: {text}", file=sys.stderr, flush=True)


def _silent(text: str) -> None:
    del text


def _end(number: int, frame: FrameType | None) -> NoReturn:
    del frame
    # As an exception, so that what lies aside is removed on the way out.
    sys.exit(128 + number)
