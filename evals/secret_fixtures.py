"""Other projects' rule fixtures as an independent test set: texts with a secret, and texts without.

DIR holds checkouts (or parts of them) by name; nothing of them is kept in this repository:

    detect-secrets/tests/plugins     Yelp, Apache-2.0
    kingfisher/**/rules/*.yml        MongoDB, Apache-2.0
    noseyparker/**/rules/*.yml       Praetorian, Apache-2.0
    trufflehog/pkg/detectors         Truffle Security, AGPL-3.0: read as test data only
"""

from __future__ import annotations

import ast
import hashlib
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from evals.secret_rules import python_pattern


@dataclass(frozen=True, slots=True)
class Fixture:
    """One text of one rule. ``secret`` is what must be covered; empty where only "something" is known."""

    source: str
    rule: str
    text: str
    secret: str
    flagged: bool = True

    @property
    def held_out(self) -> bool:
        """True for the half of the rules that nobody looks at while working on the detector."""
        return hashlib.sha256(f"{self.source}/{self.rule}".encode()).digest()[0] % 2 == 1


def load(folder: Path) -> list[Fixture]:
    """Return the fixtures of every source below ``folder``, without repeated texts."""
    warnings.simplefilter("ignore")  # other people's patterns and string literals
    readers = {
        "detect-secrets": _detect_secrets,
        "kingfisher": _rule_files,
        "noseyparker": _rule_files,
        "trufflehog": _trufflehog,
    }
    found: dict[tuple[str, str], Fixture] = {}
    for source, read in readers.items():
        for fixture in read(source, folder / source):
            found.setdefault((source, fixture.text), fixture)
    return list(found.values())


RULE = """A fixture is planted as a secret unless, by its text alone:
  short      the value has fewer than 8 characters
  reference  it names where the value is: ${…}, {{…}}, #{…}, <…>, %…%, …
  filling    it holds a run such as abcd or 1234, two such as abc or 123, one character five times, a repeated piece, or
             fewer than 8 different characters
  words      it holds a word that says so (example, dummy, your, changeme, secret, password, test …), or is letters
             alone in words of four and more
  named      the name right before it says user, mail, host, domain, account, id, url or type; or it is a mail address
  unmarked   it has fewer than 20 characters, and within the 40 before it stands neither a sign (= : >) nor a word that
             says secret: nothing in the text says what it is
Of a URL with user:password@, the password is the secret."""
_REFERENCE = re.compile(r"\$\{?\w|\{\{|#\{|<[^>]*>|%\w+%|\*{3}|\.\.\.")
_SAYS_SO = re.compile(
    r"(?i)example|dummy|fake|sample|placeholder|your|change_?me|redacted|foobar|passw|secret|token|test|lorem|deadbeef|qwerty|user"
)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_NAMED = re.compile(
    r"(?i)(?:user(?:name)?|e?mail|login|host|domain|account|tenant|(?:client|role|app|key|project|org)?_?id|url|type)[\"']?\s*[:=]\s*[\"']?$"
)
_MARK = re.compile(r"(?i)[=:>]|secret|token|key|passw|pwd|auth|credential|private|access")
_PASSWORD = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/:@]*:([^\s/]+)@")
_SEQUENCES = "abcdefghijklmnopqrstuvwxyz", "0123456789", "zyxwvutsrqponmlkjihgfedcba", "9876543210"


def planted(fixture: Fixture) -> Fixture:
    """Return the fixture with the secret that counts: of a URL with a password, the password."""
    found = _PASSWORD.match(fixture.secret)
    return replace(fixture, secret=found[1]) if found else fixture


def why_none(fixture: Fixture) -> str:
    """Return by which clause of the rule a fixture's value is no secret, "" where it is one."""
    value = fixture.secret
    lower = value.lower()
    runs = [
        size for size in (3, 4) for at in range(len(lower) - size + 1) if _in_sequence(lower[at : at + size])
    ]
    if len(value) < 8:
        return "short"
    if _REFERENCE.search(value):
        return "reference"
    if (
        4 in runs
        or runs.count(3) > 1
        or re.search(r"(.)\1{4}", lower)
        or _repeats(lower)
        or len(set(lower)) < 8
    ):
        return "filling"
    words = _WORDS.findall(value)
    if _SAYS_SO.search(value) or (
        not any(map(str.isdigit, value))
        and sum(map(len, words)) >= 4 * len(words)
        and re.sub(r"[\W_]", "", value).isalpha()
        and re.search(r"[aeiou]", lower)
        and not re.search(r"[b-df-hj-np-tv-xz]{5}", lower)
    ):
        return "words"
    if re.fullmatch(r"[\w.+-]+@[\w.-]+", value):
        return "named"
    before = fixture.text[: fixture.text.find(value)]
    if _NAMED.search(before):
        return "named"
    return "unmarked" if len(value) < 20 and not _MARK.search(before[-40:]) else ""


def _in_sequence(piece: str) -> bool:
    return any(piece in sequence for sequence in _SEQUENCES)


def _repeats(value: str) -> bool:
    return any(
        len(value) > 2 * size and all(a == b for a, b in zip(value, value[size:], strict=False))
        for size in range(1, 11)
    )


def _rule_files(source: str, folder: Path) -> Iterator[Fixture]:
    from ruamel.yaml import YAML

    for path in sorted(folder.rglob("rules/*.yml")):
        for rule in YAML(typ="safe", pure=False).load(path.read_text(encoding="utf-8"))["rules"]:
            kinds = rule.get("categories", ["secret"])
            if not rule.get("visible", True) or "secret" not in kinds:
                continue  # an account's name or a host: only a part of what must be kept
            for text in rule.get("examples") or []:
                yield Fixture(source, rule["id"], text, _secret_by(rule["pattern"], text))
            for text in rule.get("negative_examples") or []:
                yield Fixture(source, rule["id"], text, "", flagged=False)


_FLAGS = {"i": re.IGNORECASE, "x": re.VERBOSE, "s": re.DOTALL, "m": re.MULTILINE}


def _secret_by(pattern: str, text: str) -> str:
    """Return what the rule's own pattern takes for the secret in its own example."""
    flags = re.match(r"\s*\(\?([a-z]+)\)", pattern)
    try:
        compiled = re.compile(
            python_pattern(pattern[flags.end() :] if flags else pattern),
            sum(_FLAGS[flag] for flag in (flags[1] if flags else "")),
        )
    except re.error:
        return ""
    found = compiled.search(text)
    if found is None:
        return ""
    named = {name.upper(): value for name, value in found.groupdict().items() if value}
    groups = [group for group in found.groups() if group]
    if re.search(r":\\?/\\?/", pattern) and len(groups) > 1:
        return groups[1]  # user, password, host
    return named.get("TOKEN") or (groups[-1] if groups else found[0])  # of a pair, the name comes first


def _detect_secrets(source: str, folder: Path) -> Iterator[Fixture]:
    """Read ``(text, should_be_flagged)`` pairs, as the plugins' tests are parametrized by."""
    for path in sorted((folder / "tests" / "plugins").glob("*_test.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Tuple) and len(node.elts) >= 2):
                continue
            text, verdict = _constant(node.elts[0]), _constant(node.elts[1])
            if isinstance(text, str) and isinstance(verdict, bool) and path.stem != "ip_public_test":
                yield Fixture(source, path.stem.removesuffix("_test"), text, "", flagged=verdict)


def _constant(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


_GO_STRING = r'"(?:[^"\\\n]|\\.)*"|`[^`]*`'
_GO_VALUE = re.compile(rf"\b(\w+)\s*:?=\s*((?:{_GO_STRING})(?:\s*\+\s*(?:{_GO_STRING}))*)")
_GO_CASE = re.compile(r"\binput:\s*(.*?),\s*\n\s*want:\s*\[\]string\{(.*?)\},?\s*\n", re.DOTALL)
_GO_TERM = re.compile(rf"fmt\.Sprintf\(|{_GO_STRING}|[\w.]+|[+,)]")


def _trufflehog(source: str, folder: Path) -> Iterator[Fixture]:
    """Read the ``input`` and ``want`` of pattern tests, with the few Go expressions that stand there."""
    for path in sorted(folder.rglob("*_test.go")):
        if path.stem.endswith("integration_test"):
            continue
        code = path.read_text(encoding="utf-8")
        values: dict[str, str] = {}
        for name, expression in _GO_VALUE.findall(code):
            values[name] = "".join(_go_string(part) for part in re.findall(_GO_STRING, expression))
        for expression, wanted in _GO_CASE.findall(code):
            text = _go_value(expression, values)
            secrets = [_go_value(term, values) for term in re.split(r",\s*", wanted.strip(", \n\t")) if term]
            found = [secret for secret in secrets if secret and text and secret in text]
            if text and found:
                yield Fixture(source, path.parent.name, text, found[0])


def _go_value(expression: str, values: dict[str, str]) -> str | None:
    terms = _GO_TERM.findall(expression)
    if terms and terms[0] == "fmt.Sprintf(":
        arguments = [_go_term(term, values) for term in terms[1:] if term not in "+,)"]
        if not arguments or None in arguments or arguments[0] is None:
            return None
        pieces = re.split(r"%[svdq]", arguments[0])
        fill = [argument or "" for argument in arguments[1:]]
        if len(pieces) != len(fill) + 1:
            return None
        return "".join(piece + value for piece, value in zip(pieces, [*fill, ""], strict=True))
    found = [_go_term(term, values) for term in terms if term not in "+,)"]
    return None if None in found or not found else "".join(term or "" for term in found)


def _go_term(term: str, values: dict[str, str]) -> str | None:
    return _go_string(term) if term[0] in '"`' else values.get(term)


def _go_string(literal: str) -> str:
    if literal[0] == "`":
        return literal[1:-1]
    value = ast.literal_eval(literal)
    return value if isinstance(value, str) else ""
