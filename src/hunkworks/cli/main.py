"""The command's entry: a literal table of groups, imported on use, and the one error boundary."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

import click

from hunkworks.cli.lazy import LazyGroup
from hunkworks.errors import HunkworksError

# What is imported stays: to look through it for garbage after every 700 objects is a thirtieth of a fast command.
gc.set_threshold(50_000, 20, 20)

# name → (module:function, help). A group is imported only when it is called: `--help` stays fast.
GROUPS: dict[str, tuple[str, str]] = {
    "doctor": ("hunkworks.cli.doctor:doctor", "Tell what is found, what is missing and what mends it."),
    "init": ("hunkworks.cli.init:init", "Adopt the pack in a project; --undo takes it all back."),
    "ledger": ("hunkworks.cli.ledger:ledger", "Read and verify the record of what ran."),
    "recipe": (
        "hunkworks.cli.recipe:recipe",
        "Apply recipes to what a change touched; list, test, write them.",
    ),
    "review": ("hunkworks.cli.review:review", "Review a change: plan, record findings, report."),
    "route": ("hunkworks.cli.route:route", "Say which tier of model a change deserves, and why."),
    "scaffold": ("hunkworks.cli.scaffold:scaffold", "Test stubs and documents for what a change touched."),
    "stats": ("hunkworks.cli.stats:stats", "Count what became of findings: addressed, dismissed, standing."),
    "translate": ("hunkworks.cli.translate:translate", "Translate exactly the strings a change touched."),
    "trust": ("hunkworks.cli.trust:trust", "Agree to the commands that hunkworks.toml names."),
}


class Groups(LazyGroup):
    """All groups, listed from the table without importing any."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in sorted(GROUPS.items())])


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from hunkworks.paths import version

        click.echo(f"hunkworks {version()}")
        ctx.exit()


@click.group(
    cls=Groups,
    members={name: place for name, (place, _) in GROUPS.items()},
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version.",
)
def hunkworks() -> None:
    """Review, localize and refactor the change, not the universe.

    \b
    Which change, for every command that takes one:
      (nothing)        the working tree against HEAD, untracked files included
      --staged         what the next commit would hold
      --base REF       from where this branch left REF to the working tree
      --range A..B     between two commits
      --pr N           a pull request
      --stdin          a unified diff on standard input

    Installed as a plugin, `hunkworks environment build|path` tells of the Python environment it runs in.

    Exit codes: 0 done · 1 findings or a failed check · 2 bad input · 3 the engine could not decide
    · 70 a defect of ours · 130 interrupted.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the program and exit: the one place where an error becomes a sentence and a code."""
    code = run(sys.argv[1:] if arguments is None else arguments)
    gc.freeze()  # the interpreter looks twice for garbage before it ends, which frees all of it
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run the program with ``arguments`` and return its exit code."""
    as_json = "--json" in arguments
    try:
        result: Any = hunkworks.main(args=arguments, prog_name="hunkworks", standalone_mode=False)
        sys.stdout.flush()
    except HunkworksError as error:
        return _refuse(str(error), error.exit_code, as_json=as_json)
    except click.exceptions.Abort:
        return _refuse("interrupted.", 130, as_json=as_json)
    except KeyboardInterrupt:
        return _refuse("interrupted.", 130, as_json=as_json)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else "hunkworks"
        return _refuse(f"{error.format_message()} fix: {path} --help", 2, as_json=as_json)
    except BrokenPipeError:
        # The reader went away (`| head`): not an error, but the interpreter must not try to flush again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        place = f": {os.fsdecode(error.filename)}" if error.filename else ""
        what = f"{error.strerror or type(error).__name__}{place}. fix: hunkworks doctor"
        return _refuse(what, 2, as_json=as_json)
    return result if isinstance(result, int) else 0


def _refuse(message: str, code: int, *, as_json: bool) -> int:
    if as_json:
        from hunkworks.cli.output import write_json

        write_json({"error": message, "exit": code})
    click.echo(f"hunkworks: {message}", err=True)
    return code
