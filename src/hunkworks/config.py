"""``hunkworks.toml`` as values: every key optional, an unknown one refused with the nearest known name.

To add a section, write a ``Struct`` for it and name it once in ``Config``: unknown keys, types, limits
and the key's path in messages follow from its annotations. This module reads no file. Whoever does
hands the text in, and takes it from the base revision when the change is somebody else's.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta, Struct, field

from hunkworks.errors import ConfigError

_IN_TOML = {
    "object": "a table",
    "array": "a list",
    "str": "a string",
    "bool": "true or false",
    "float": "a number",
}

# What Claude Code takes as a subagent's model; it refuses a full model id there.
Alias = Literal["haiku", "sonnet", "opus"]
Severity = Literal["blocker", "major", "minor", "note"]
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*\Z", max_length=64)]
Share = Annotated[float, Meta(ge=0, le=1)]


class Tier(StrEnum):
    """How much model a piece of work deserves."""

    FAST = "fast"
    DEFAULT = "default"
    DEEP = "deep"

    @property
    def rank(self) -> int:
        """Position from the cheapest up, to compare tiers by."""
        return list(Tier).index(self)


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the file."""


BaseUrl = Annotated[str, Meta(pattern=r"^(https?://[^\s@]+)?\Z")]
KeyName = Annotated[str, Meta(pattern=r"^([A-Z_][A-Z0-9_]*)?\Z")]


class Fallback(Section, frozen=True):
    """Who is asked when the one before cannot answer now; what ``base_url`` and ``key`` leave out is Anthropic's."""

    id: Annotated[str, Meta(min_length=1)]
    base_url: BaseUrl = ""
    key: KeyName = ""


class Judge(Section, frozen=True):
    """Who judges on one tier.

    ``model`` and ``agent`` hold inside a session; ``id``, ``base_url`` and ``key`` (the *name* of an
    environment variable) for runs without one. The last two decide where code and a key are sent: an engine
    uses them only once the user trusts this repository. ``[[tiers.deep.fallback]]`` (``id``, ``base_url``,
    ``key``) names who is asked next, in order, when the one before has too much to do (429, 529), fails (5xx),
    cannot be reached or does not answer in time.
    """

    model: Alias
    agent: Name
    id: str = ""
    base_url: BaseUrl = ""
    key: KeyName = ""
    fallback: tuple[Fallback, ...] = ()


_JUDGES = {
    Tier.FAST: Judge(model="haiku", agent="reviewer"),
    Tier.DEFAULT: Judge(model="sonnet", agent="reviewer"),
    Tier.DEEP: Judge(model="opus", agent="deep-reviewer"),
}


class Tiers(Section, frozen=True):
    """The three judges; ``tiers[Tier.DEEP]`` reads one."""

    fast: Judge = _JUDGES[Tier.FAST]
    default: Judge = _JUDGES[Tier.DEFAULT]
    deep: Judge = _JUDGES[Tier.DEEP]

    def __getitem__(self, tier: Tier) -> Judge:
        """Return who judges on ``tier``."""
        judge: Judge = getattr(self, tier.value)
        return judge


class RouteRule(Section, frozen=True):
    """A team's own route: changes that touch these paths, with these words if any, deserve this tier.

    ``paths`` are patterns as in .gitignore; ``words`` stand whole in a changed line, or as whole words of an
    identifier (``refund`` meets ``issueRefund``). With both, a file must meet both.
    """

    name: Name
    tier: Literal["default", "deep"] = "deep"
    paths: tuple[Annotated[str, Meta(min_length=1)], ...] = ()
    words: tuple[Annotated[str, Meta(pattern=r"\w")], ...] = ()

    def __post_init__(self) -> None:
        if not self.paths and not self.words:
            raise ValueError("expected paths, words or both")


class Routing(Section, frozen=True):
    """How a change is routed: deep where its score reaches ``threshold`` (0 sends all code there, 1 none).

    ``quiet`` is the tier of a change without changed code; ``min_share`` is the share of useful findings
    that ``route calibrate`` must keep deep.
    """

    threshold: Share = 0.5
    min_share: Share = 0.95
    quiet: Literal["fast", "default"] = "default"
    rules: tuple[RouteRule, ...] = ()


class Reviewing(Section, frozen=True):
    """What a review sends and when it fails. Sizes are bytes; the client cuts output above 25 kB."""

    fail_on: Severity = "major"
    packet_bytes: Annotated[int, Meta(ge=2_000, le=25_000)] = 24_000
    max_cycles: Annotated[int, Meta(ge=1, le=3)] = 3
    context_lines: Annotated[int, Meta(ge=0, le=200)] = 10


class Verifying(Section, frozen=True):
    """How much a change is verified before its findings are shown.

    Up to ``small_lines`` changed lines one pass is taken at its word. Above, ``skeptics`` independent agents vote on
    every finding (``deep_skeptics`` where the route is deep, which also gets a second, shuffled pass while it is no
    larger than ``second_pass_packets``). A finding is confirmed when most votes with a checked place find it true, new,
    reachable and undefended, and their mean of "would be asked for" reaches ``asked`` percent. ``most_shown`` caps
    what stands unfolded in a report.
    """

    small_lines: Annotated[int, Meta(ge=0)] = 80
    skeptics: Annotated[int, Meta(ge=0, le=5)] = 1
    deep_skeptics: Annotated[int, Meta(ge=0, le=5)] = 3
    second_pass_packets: Annotated[int, Meta(ge=0, le=50)] = 8
    asked: Annotated[int, Meta(ge=0, le=100)] = 50
    most_shown: Annotated[int, Meta(ge=1, le=100)] = 10


class Paging(Section, frozen=True):
    """How a human is called when machines stop. Nothing is sent unless a way is named here.

    ``webhook`` is the *name* of an environment variable that holds the address. ``command`` gets the page as JSON on
    standard input, and runs only after ``hunkworks trust``. ``github`` comments on the pull request under review
    through ``gh`` and adds ``label``.
    """

    webhook: Annotated[str, Meta(pattern=r"^([A-Z_][A-Z0-9_]*)?\Z")] = ""
    command: tuple[Annotated[str, Meta(min_length=1)], ...] = ()
    github: bool = False
    label: str = "needs-human"


class Localizing(Section, frozen=True):
    """Which files are translated, from what into what.

    ``source`` is the locale that developers write (BCP 47, as are all). ``locales`` narrows the targets; without it
    every locale that a family has. ``include`` and ``exclude`` are globs on paths. ``glossary`` is a CSV file. With
    ``review`` new translations are marked as awaiting a human where the format can say so. A unit of which
    ``attempts`` answers were rejected is given up and named.
    """

    source: Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")] = "en"
    locales: tuple[Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")], ...] = ()
    include: tuple[Annotated[str, Meta(min_length=1)], ...] = ()
    exclude: tuple[Annotated[str, Meta(min_length=1)], ...] = ()
    glossary: Annotated[str, Meta(min_length=1)] = ".hunkworks/glossary.csv"
    review: bool = False
    attempts: Annotated[int, Meta(ge=1, le=10)] = 3


Dollars = Annotated[float, Meta(ge=0)]


class Price(Section, frozen=True):
    """US dollars per million tokens of a model that the pack's own table lacks, such as a private endpoint's.

    What is left out of ``cache_read`` and ``cache_write`` costs as much as ``input``.
    """

    model: Annotated[str, Meta(min_length=1)]
    input: Dollars
    output: Dollars
    cache_read: Dollars | None = None
    cache_write: Dollars | None = None


class Spending(Section, frozen=True):
    """What runs without a session (``--engine api``) may cost, and how they ask.

    No run passes ``max_usd`` or ``max_tokens``, and no day (UTC, all runs of this user) ``max_usd_per_day`` or
    ``max_tokens_per_day``: before each call the most that it may cost must fit, else a lower tier judges, else nobody.
    HUNKWORKS_MAX_USD and HUNKWORKS_MAX_USD_PER_DAY in the environment lower them further, for every repository.
    ``answer_tokens`` is the longest answer, ``timeout`` the seconds one call may take (two minutes without a byte end
    it too), ``patience`` the seconds until retries are given up. ``requests_per_minute`` and ``tokens_per_minute`` hold
    for each host, over all processes of this user; 0 is no limit. ``[[engine.prices]]`` prices models that the pack's
    table does not know: ``model``, and in US dollars per million tokens ``input``, ``output``, ``cache_read``,
    ``cache_write``.
    """

    max_usd: Dollars = 5.0
    max_usd_per_day: Dollars = 50.0
    max_tokens: Annotated[int, Meta(ge=0)] = 10_000_000
    max_tokens_per_day: Annotated[int, Meta(ge=0)] = 100_000_000
    answer_tokens: Annotated[int, Meta(ge=256, le=64_000)] = 16_000
    concurrency: Annotated[int, Meta(ge=1, le=64)] = 4
    requests_per_minute: Annotated[int, Meta(ge=0)] = 50
    tokens_per_minute: Annotated[int, Meta(ge=0)] = 0
    timeout: Annotated[float, Meta(gt=0, le=3_600)] = 600.0
    patience: Annotated[float, Meta(ge=0, le=86_400)] = 600.0
    prices: tuple[Price, ...] = ()


class Refactoring(Section, frozen=True):
    """Recipes. ``check`` names those that ``recipe check`` looks for in a change, beside the project's own.

    ``verify`` is a command that has to succeed after any recipe is applied, word by word; ``{{files}}`` as a word of
    its own stands for the changed files. It runs only after ``hunkworks trust``.
    """

    check: tuple[Annotated[str, Meta(min_length=1)], ...] = ()
    verify: tuple[Annotated[str, Meta(min_length=1)], ...] = ()


class Keeping(Section, frozen=True):
    """How long the ledger of a clone keeps what ran: ``keep_days`` after its end a run goes, with all it left.

    The same age ends answers that were paid for and that no run names, sessions in which nothing was written since, and
    the accounts of days in the user's state. Reviews, and runs without a session, look once a day at their end;
    ``hunkworks ledger prune`` looks at once.
    """

    keep_days: Annotated[int, Meta(ge=7, le=36_500)] = 90


class Hooks(Section, frozen=True):
    """Each hook of the pack, to be switched off by name."""

    session_start: bool = True
    route_agent: bool = True
    guard_commit: bool = True
    check_catalogs: bool = True


class Config(Section, frozen=True):
    """Everything ``hunkworks.toml`` can say; ``Config()`` is what holds without one."""

    tiers: Tiers = field(default_factory=Tiers)
    route: Routing = field(default_factory=Routing)
    review: Reviewing = field(default_factory=Reviewing)
    verify: Verifying = field(default_factory=Verifying)
    page: Paging = field(default_factory=Paging)
    localize: Localizing = field(default_factory=Localizing)
    engine: Spending = field(default_factory=Spending)
    refactor: Refactoring = field(default_factory=Refactoring)
    ledger: Keeping = field(default_factory=Keeping)
    hooks: Hooks = field(default_factory=Hooks)


def parse(text: str, *, origin: str) -> Config:
    """Return the configuration that ``text`` writes down.

    Args:
        text: The content of a ``hunkworks.toml``; empty is fine.
        origin: What a message calls it: a path, or ``REVISION:path``.

    Raises:
        ConfigError: Not TOML, an unknown key, or a value of another type or outside its limits.
    """
    try:
        document = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{origin} is not TOML: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{origin} nests too deep to be a configuration") from error
    for path, name, known in _unknown(Config, document, ""):
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        raise ConfigError(
            f"{origin}: unknown key {path}{name}",
            expected=near[0] if near else "one of " + ", ".join(known),
            found=name,
            fix=f"write {path}{near[0]}, or remove the key" if near else "remove the key",
        )
    _complete(document)
    try:
        return msgspec.convert(document, Config)
    except msgspec.ValidationError as error:
        raise _refusal(str(error), document, origin) from error


def _complete(document: dict[str, Any]) -> None:
    """Fill what one judge leaves out from that tier's default: swapping a model stays one line."""
    tiers = document.get("tiers")
    if not isinstance(tiers, dict):
        return
    for tier, judge in _JUDGES.items():
        if isinstance(tiers.get(tier), dict):
            tiers[tier.value] = {"model": judge.model, "agent": judge.agent} | tiers[tier]


def _unknown(kind: Any, value: object, path: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield (path, name, known names) of every key that no Struct on its way declares."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        if isinstance(value, Mapping):
            fields = {item.encode_name: item.type for item in msgspec.structs.fields(kind)}
            for name, inner in value.items():
                if name not in fields:
                    yield path, name, sorted(fields)
                else:
                    yield from _unknown(fields[name], inner, f"{path}{name}.")
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in get_args(kind)[:1]:
            for number, inner in enumerate(value):
                yield from _unknown(item, inner, f"{path.removesuffix('.')}[{number}].")


def _refusal(message: str, document: Mapping[str, Any], origin: str) -> ConfigError:
    """Turn msgspec's sentence into ours: the key as written, what was expected, what stands there."""
    sentence, _, place = message.partition(" - at `$")
    key = place.rstrip("`").removeprefix(".") or "the file"
    # What may be a secret in the wrong place must not be repeated in a log.
    if key.endswith(".key"):
        return ConfigError(
            f"{origin}: {key} is not the name of an environment variable",
            expected="a name such as ANTHROPIC_API_KEY",
            fix="put the key itself into that variable, never into this file",
        )
    if key.endswith(".base_url"):
        return ConfigError(
            f"{origin}: {key} is not valid", expected="http:// or https://, without user and password"
        )
    if sentence.startswith("Object missing required field"):
        missing = sentence.split("`")[1]
        return ConfigError(f"{origin}: {key} lacks {missing}", fix=f"add {missing} = …")
    expected = (
        sentence.removeprefix("Expected ").partition(", got ")[0].replace("`", "").removesuffix(" | null")
    )
    if sentence.startswith("expected "):  # our own, from __post_init__
        return ConfigError(f"{origin}: {key} is not valid", expected=expected.removeprefix("expected "))
    return ConfigError(
        f"{origin}: {key} is not valid",
        expected="one of " + ", ".join(choices)
        if (choices := _choices(key))
        else _IN_TOML.get(expected, expected),
        found=_at(document, key),
    )


def _at(document: object, key: str) -> str:
    for part in re.findall(r"[^.\[\]]+", key):
        if isinstance(document, Mapping):
            document = document.get(part)
        elif isinstance(document, Sequence) and part.isdigit():
            document = document[int(part)]
    if isinstance(document, Mapping):
        return "a table"
    return repr(document)[:80]


def _choices(key: str) -> list[str]:
    kind: Any = Config
    for part in re.findall(r"[^.\[\]]+", key):
        if part.isdigit():
            kind = get_args(kind)[0]
        elif isinstance(kind, type) and issubclass(kind, Struct):
            kind = {item.encode_name: item.type for item in msgspec.structs.fields(kind)}.get(part)
    arguments = get_args(kind)
    return (
        [str(item) for item in arguments] if arguments and all(isinstance(a, str) for a in arguments) else []
    )
