"""The verbs of ``hunkworks recipe`` for those who read and write recipes."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hunkworks import paths
from hunkworks.cli.output import json_option, write_json
from hunkworks.cli.recipe_options import recipes_option
from hunkworks.cli.recipe_pages import documentation, examples_of, indented, print_table, row
from hunkworks.errors import RepositoryError, UsageError
from hunkworks.rules.recipe import Safety

if TYPE_CHECKING:
    from hunkworks.change.repository import Repository
    from hunkworks.rules.examples import Failure
    from hunkworks.rules.model import Rule
    from hunkworks.rules.sources import Sourced


@click.command("list")
@click.argument("words", metavar="[WORD]...", nargs=-1)
@click.option("--language", metavar="NAME", help="Only recipes that run on this language.")
@click.option(
    "--safety", type=click.Choice([one.value for one in Safety]), help="Only recipes of this class."
)
@click.option("--rewriting", is_flag=True, help="Only recipes that rewrite, not those that only report.")
@recipes_option
@json_option
def list_recipes(
    words: tuple[str, ...],
    language: str | None,
    safety: str | None,
    rewriting: bool,
    folders: tuple[Path, ...],
    as_json: bool,
) -> None:
    """List recipes: of the pack, of .hunkworks/recipes and of add-ons; WORDs search in what they say.

    \b
    Example: hunkworks recipe list --language kotlin --safety mechanical
    """
    wanted = None if language is None else language_named(language)
    found = [
        one
        for one in _gathered(folders)
        if (wanted is None or not one.rule.languages or wanted in one.rule.languages)
        and (safety is None or one.rule.recipe.safety == safety)
        and not (rewriting and one.rule.recipe.safety is Safety.DETECT)
        and all(_says(one.rule, word) for word in words)
    ]
    if as_json:
        write_json({"recipes": [row(one) for one in found]})
    else:
        print_table(found)
        click.echo(f"recipes: {len(found)}; one of them: hunkworks recipe show ID", err=True)


@click.command()
@click.argument("ident", metavar="ID")
@recipes_option
@json_option
def show(ident: str, folders: tuple[Path, ...], as_json: bool) -> None:
    """Show what one recipe does, why, who decides, its parameters, and its examples.

    \b
    Example: hunkworks recipe show merge-conflict-marker
    """
    from hunkworks.rules.sources import named

    one = named(_gathered(folders), ident)
    if as_json:
        write_json({"recipe": {**row(one), "examples": examples_of(one.rule)}})
    else:
        click.echo("\n".join(documentation(one)))


@click.command()
@click.argument("files", metavar="[PATHS]...", nargs=-1, type=click.Path(path_type=Path, exists=True))
@json_option
def test(files: tuple[Path, ...], as_json: bool) -> int:
    """Run every example of recipe files or folders of them; exit 1 if one does not come out as it says.

    Each example is run in every language of its recipe, with LF and with CRLF line ends; what is rewritten also one
    level deeper, a second time, which must change nothing, and in changes that touch none or a part of it. Without
    PATHS the pack's.

    \b
    Example: hunkworks recipe test .hunkworks/recipes
    """
    from hunkworks.refactor.proving import prove

    found = _loaded(files)
    failures = [failure for rule in found for failure in prove(rule)]
    recipes = [rule.recipe for rule in found]
    examples = sum(len(rule.matching) + len(rule.not_matching) for rule in found)
    examples += sum(len(recipe.rewrites) + len(recipe.refused) for recipe in recipes)
    if as_json:
        write_json({"recipes": len(found), "examples": examples, "failures": list(map(_failure, failures))})
    else:
        for failure in failures:
            _print_failure(failure)
        click.echo(f"recipes: {len(found)}, examples: {examples}, failures: {len(failures)}")
    return 1 if failures else 0


@click.command()
@click.argument("files", metavar="[PATHS]...", nargs=-1, type=click.Path(path_type=Path, exists=True))
@json_option
def lint(files: tuple[Path, ...], as_json: bool) -> int:
    """Name the known traps that recipes step into: what loads and runs, and does not do what it says.

    Exit codes: 0 none · 1 at least one.

    \b
    Example: hunkworks recipe lint .hunkworks/recipes
    """
    from hunkworks.rules.traps import traps

    found = [trap for rule in _loaded(files) for trap in traps(rule)]
    if as_json:
        write_json({"traps": [{"recipe": one.recipe, "where": one.where, "what": one.what} for one in found]})
    else:
        for one in found:
            click.echo(f"{one.recipe}: {one.where}: {one.what}")
        click.echo(f"traps: {len(found)}")
    return 1 if found else 0


@click.command()
@click.argument("ident", metavar="ID")
@click.option("--language", metavar="NAME", required=True, help="The language it is for.")
@click.option(
    "--safety",
    type=click.Choice([Safety.MECHANICAL.value, Safety.JUDGMENT.value]),
    default=Safety.MECHANICAL.value,
    show_default=True,
    help="Who decides about a match.",
)
def new(ident: str, language: str, safety: str) -> None:
    """Write a new recipe into .hunkworks/recipes, its examples first: JSON on standard input.

    The form: {"rewrite": [{"before", "after"}, …], "no-match": ["…", …]}, at least two of each. What it writes fails
    its test until rule and fix are right.

    \b
    Example: hunkworks recipe new go-errors-is --language go < examples.json
    """
    from hunkworks.change.repository import Repository
    from hunkworks.refactor.draft import draft
    from hunkworks.rules.languages import folder_of
    from hunkworks.rules.sources import FOLDER
    from hunkworks.splice import write_atomically

    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", ident):
        raise UsageError(f"{ident!r} is no recipe's id", expected="words in small letters, with - between")
    name = language_named(language)
    file = Repository.discover().root / FOLDER / folder_of(name) / f"{ident}.yml"
    if file.exists():
        raise UsageError(f"{file} exists", fix="choose another id, or edit the file")
    text = draft(
        ident, name, Safety(safety), _examples(sys.stdin.buffer.read() if not sys.stdin.isatty() else b"")
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, text.encode("utf-8"))
    click.echo(f"{file} is written; mend rule and fix until this passes: hunkworks recipe test {file}")


@click.command()
@click.argument(
    "file", metavar="[FILE]", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--language", metavar="NAME", help="Of standard input; a FILE's own otherwise.")
def dump(file: Path | None, language: str | None) -> None:
    """Print the syntax tree of a file, or of a snippet on standard input: the kinds that a rule can name.

    A rule's `field` stands before a colon, its `kind` plain, each with its line, and its text where it is short.
    Tokens stand in quotes and are no kinds: `regex: '^else$'` finds them.

    \b
    Example: echo 'print(x)' | hunkworks recipe dump --language swift
    """
    from hunkworks.rules import tree
    from hunkworks.rules.languages import language_of

    name = language_named(language) if language else language_of(str(file)) if file else None
    if name is None:
        raise UsageError("the language is not known", fix="--language NAME")
    data = file.read_bytes() if file else sys.stdin.buffer.read()
    for line in tree.described(tree.parse(data.decode("utf-8", "replace"), name), name):
        click.echo(line)


@click.command()
def schema() -> None:
    """Print the recipe format as JSON Schema, for editors.

    \b
    Example: hunkworks recipe schema > recipe.schema.json
    """
    import json

    from hunkworks.rules.jsonschema import document

    click.echo(json.dumps(document(), indent=2))


def language_named(name: str) -> str:
    """Return ast-grep's spelling of a language.

    Raises:
        UsageError: Recipes know no such language.
    """
    from hunkworks.rules.languages import LANGUAGES
    from hunkworks.rules.schema import nearest

    by_lower = {language.lower(): language for language in LANGUAGES}
    if name.lower() not in by_lower:
        raise UsageError(f"{name!r} is no language that recipes know", fix=nearest(name.lower(), by_lower))
    return by_lower[name.lower()]


def _gathered(folders: Sequence[Path]) -> list[Sourced]:
    from hunkworks.rules.sources import add_ons, gather

    return gather(_repository(), add_ons(folders))


def _repository() -> Repository | None:
    from hunkworks.change.repository import Repository

    try:
        return Repository.discover()
    except RepositoryError:
        return None  # the pack's own are shown anywhere


def _says(rule: Rule, word: str) -> bool:
    said = " ".join((rule.id, rule.title, rule.message, rule.note, rule.why, rule.klass, *rule.languages))
    return word.lower() in said.lower()


def _loaded(given: Sequence[Path]) -> list[Rule]:
    from hunkworks.rules.load import load_file

    found = [load_file(path) for path in _files(given or (paths.pack("recipes"),))]
    if not found:
        raise UsageError("there are no recipe files", expected="LANGUAGE/RECIPE-ID.yml below the paths")
    return found


def _files(given: Sequence[Path]) -> Iterator[Path]:
    for path in given:
        if path.is_dir():
            yield from sorted(path.rglob("*.yml"))
        else:
            yield path


def _examples(data: bytes) -> Any:
    import msgspec

    from hunkworks.refactor.draft import Examples

    try:
        examples = msgspec.json.decode(data or b"{}", type=Examples)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"standard input holds no examples: {error}",
            expected='{"rewrite": [{"before": "…", "after": "…"}], "no-match": ["…"]}',
        ) from None
    if len(examples.rewrite) < 2 or len(examples.no_match) < 2:
        raise UsageError(
            "a recipe begins with its tests",
            expected="at least two of rewrite and two of no-match on standard input",
            found=f"{len(examples.rewrite)} and {len(examples.no_match)}",
        )
    return examples


def _failure(failure: Failure) -> dict[str, object]:
    from hunkworks.rules.examples import line_of

    return {
        "recipe": failure.rule.id,
        "file": str(failure.rule.path),
        "line": line_of(failure.rule.path, failure.kind, failure.number),
        "kind": failure.kind,
        "number": failure.number,
        "expected": failure.expected,
        "found": failure.found,
        "variant": failure.variant,
        "example": failure.example,
    }


def _print_failure(failure: Failure) -> None:
    from hunkworks.rules.examples import line_of

    line = line_of(failure.rule.path, failure.kind, failure.number)
    which = f"{failure.rule.path}:{line}: {failure.kind} {failure.number} ({failure.variant})"
    if "\n" not in failure.expected + failure.found:
        click.echo(f"{which}: expected {failure.expected}, found {failure.found}")
        click.echo(indented(failure.example))
        return
    click.echo(f"{which}:")
    for heading, text in (("of", failure.example), ("expected", failure.expected), ("found", failure.found)):
        click.echo(f"  {heading}\n{indented(text)}")
