"""Write docs/reference/ from the program itself: `make docs`. A test fails when a page is out of step."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from hunkworks.change.model import Role
from hunkworks.cli.main import GROUPS, hunkworks
from hunkworks.config import Config, Tier
from hunkworks.localize.apply import Applied
from hunkworks.localize.check import Flaw
from hunkworks.localize.plan import Plan
from hunkworks.paths import pack
from hunkworks.review.manifest import Bucket, Manifest
from hunkworks.review.record import Recorded
from hunkworks.review.verdict import Review, Verdict
from hunkworks.review.votes import Voted
from hunkworks.rules.classes import CLASSES
from hunkworks.rules.load import load
from hunkworks.rules.recipe import Safety

REFERENCE = Path(__file__).resolve().parent / "reference"
NOTICE = "<!-- Written by `make docs` from the program; edit the program instead. -->\n\n"


def pages() -> dict[str, str]:
    """Return every page by file name."""
    return {
        "commands.md": "\n".join(_commands()),
        "configuration.md": "\n".join(_configuration()),
        "json.md": "\n".join(_json()),
        "recipes.md": "\n".join(_recipes()),
        "rules.md": "\n".join(_rules()),
        "words.md": "\n".join(_words()),
    }


def _commands() -> Iterator[str]:
    yield NOTICE + "# Commands\n"
    yield "Exit codes, selectors and examples as `--help` prints them.\n"
    yield from _help(hunkworks, "hunkworks", None)
    context = click.Context(hunkworks, info_name="hunkworks")
    for name in sorted(GROUPS):
        command = hunkworks.get_command(context, name)
        assert command is not None
        yield from _help(command, f"hunkworks {name}", context)
        if isinstance(command, click.Group):
            inner = click.Context(command, info_name=name, parent=context)
            for verb in command.list_commands(inner):
                found = command.get_command(inner, verb)
                if found is not None and not found.hidden:
                    yield from _help(found, f"hunkworks {name} {verb}", inner)


def _help(command: click.Command, title: str, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(command, info_name=title.rsplit(" ", 1)[-1], parent=parent, terminal_width=100)
    yield f"## {title}\n\n```text\n{command.get_help(context)}\n```\n"


def _configuration() -> Iterator[str]:
    yield NOTICE + "# hunkworks.toml\n"
    yield (
        "Every key is optional; an unknown key is an error that names the nearest known one. In a review the file is "
        "read from the change's base revision: a change does not choose its own judge.\n"
    )
    config = Config()
    for section in msgspec.structs.fields(Config):
        if section.name == "tiers":
            for tier in Tier:
                yield from _section(f"tiers.{tier}", config.tiers[tier])
        else:
            yield from _section(section.encode_name, getattr(config, section.name))


def _section(title: str, value: Any) -> Iterator[str]:
    yield f"## [{title}]\n\n{_markdown(type(value).__doc__ or '')}\n"
    yield "| key | default | takes |\n| --- | --- | --- |"
    for item in msgspec.structs.fields(value):
        shown = msgspec.to_builtins(getattr(value, item.name))
        yield f"| `{item.encode_name}` | `{'' if shown is None else shown}` | {_type(item.type)} |"
    yield ""


def _type(kind: Any) -> str:
    schema = msgspec.json.schema_components([kind], ref_template="{name}")[0][0]
    return _described(schema).replace("|", "\\|")


def _described(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " or ".join(f"`{item}`" for item in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(_described(item) for item in schema["anyOf"] if item.get("type") != "null")
    low, high = schema.get("minimum"), schema.get("maximum")
    limits = f" {low} to {high}" if low is not None and high is not None else ""
    return str(schema.get("type", schema.get("$ref", "table"))) + limits


def _json() -> Iterator[str]:
    yield NOTICE + "# JSON\n"
    yield (
        'Contracts that other programs may rely on. Every document carries `"schema": 1`; what it means changes only '
        "with the number, and keys may be added. `hunkworks review --json` prints a Review with its manifest's keys "
        "beside the others; `review plan --json` a Manifest; `review record --json` a Recorded; `review vote --json` "
        "a Voted; `translate plan --json` a Plan; `translate apply --json` an Applied, beside whose keys "
        "`translate run --json` has engine, spent and unanswered; `translate check --json` holds checked, and Flaws "
        "in flaws.\n"
    )
    _, components = msgspec.json.schema_components(
        [Manifest, Review, Recorded, Voted, Plan, Applied, Flaw], ref_template="#{name}"
    )
    for name, schema in sorted(components.items()):
        yield f"## {name}\n\n{_markdown(schema.get('description', ''))}\n"
        if "enum" in schema:
            yield "One of " + ", ".join(f"`{item}`" for item in schema["enum"]) + ".\n"
            continue
        yield "| key | type | always |\n| --- | --- | --- |"
        for key, inner in schema.get("properties", {}).items():
            always = "yes" if key in schema.get("required", []) else "no"
            yield f"| `{key}` | {_linked(inner)} | {always} |"
        yield ""


def _markdown(docstring: str) -> str:
    return inspect.cleandoc(docstring).replace("``", "`")


def _linked(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#")
        return f"[{name}](#{name.lower()})"
    if schema.get("type") == "array":
        return f"list of {_linked(schema['items'])}" if isinstance(schema.get("items"), dict) else "list"
    if "anyOf" in schema:
        return " or ".join(_linked(item) for item in schema["anyOf"])
    return str(schema.get("type", "any"))


def _rules() -> Iterator[str]:
    yield NOTICE + "# Built-in rules\n"
    yield "What `hunkworks review` finds without any model. `hunkworks recipe show ID` prints one with its examples.\n"
    yield "| rule | language | class | severity | finds |\n| --- | --- | --- | --- | --- |"
    for rule in load([pack("recipes")]).rules:
        if rule.klass:  # a recipe without one rewrites, and reports nothing
            yield f"| `{rule.id}` | {rule.language} | {rule.klass} | {rule.severity} | {_cell(rule.title)} |"
    yield ""


def _recipes() -> Iterator[str]:
    yield NOTICE + "# Recipes\n"
    yield (
        "What `hunkworks recipe run` rewrites, in the lines a change touches. `mechanical`: code alone decides. "
        "`judgment`: every match goes to somebody who judges. What a recipe was tried on stands in its page.\n"
    )
    for plugin, folder in (("hunkworks", "recipes"), ("hunkworks-mobile", "plugins/mobile/recipes")):
        yield f"## Plugin `{plugin}`\n"
        yield "| recipe | language | who decides | does |\n| --- | --- | --- | --- |"
        rewriting = [rule for rule in load([pack(folder)]).rules if rule.recipe.safety is not Safety.DETECT]
        for rule in rewriting:
            yield f"| [`{rule.id}`](#{rule.id}) | {rule.language} | {rule.recipe.safety} | {_cell(rule.title)} |"
        yield ""
        for rule in rewriting:
            yield f"### {rule.id}\n\n{rule.why}\n"
            if rule.recipe.tried:
                yield f"Tried: {rule.recipe.tried}\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _words() -> Iterator[str]:
    yield NOTICE + "# Words\n"
    yield "## Classes of findings\n"
    yield from (f"- `{name}`: {meaning}" for name, meaning in CLASSES.items())
    yield "\n## Roles of files\n"
    yield ", ".join(f"`{role}`" for role in Role) + "\n"
    yield "## Buckets\n"
    yield ", ".join(f"`{bucket}`" for bucket in Bucket) + "\n"
    yield "## Verdicts\n"
    yield ", ".join(f"`{verdict}`" for verdict in Verdict) + "\n"


def main() -> None:
    """Write the pages, and say which changed."""
    REFERENCE.mkdir(exist_ok=True)
    for name, text in pages().items():
        path = REFERENCE / name
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(text, encoding="utf-8")
        if before != text:
            sys.stdout.write(f"{path.relative_to(REFERENCE.parents[1])}\n")


if __name__ == "__main__":
    main()
