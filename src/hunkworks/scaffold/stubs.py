"""A stub: a test that fails until somebody writes it, in the style of the file that it goes into."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hunkworks.change.inventory import Symbol
from hunkworks.scaffold.frameworks import Framework
from hunkworks.scaffold.specs import ginkgo, is_nested, kotest

UNWRITTEN = "unwritten test of"


def marker(path: str, symbol: Symbol) -> str:
    """Return what the stub of ``symbol`` says when it fails, by which it is found again until it is written.

    It reads the same in a string of every language: what would have to be escaped in one is an underscore.
    """
    said = f"{UNWRITTEN} {path}#{symbol.qualified}{symbol.parameters if path.endswith('.swift') else ''}"
    return "".join(char if char.isprintable() and char not in "\\\"'`$" else "_" for char in said)


# Every object of the JVM has these, test runners call these, and these are words of a language.
_WORDS = """
toString equals hashCode getClass notify notifyAll wait clone finalize copy setUp tearDown
assert break case catch class const continue default delete do else enum extension false final finally for func fun
goto if import in init interface internal is let native new null object operator package private protected public
repeat return self static struct subscript super switch this throw throws true try typealias val var when where while
"""
_NOT_A_TEST = frozenset(_WORDS.split())


@dataclass(frozen=True, slots=True)
class Style:
    """How a file writes: one step of indentation, quotes, semicolons, what a test is called and begins with.

    ``spec`` is Kotest's style, or what the names of Ginkgo begin with.
    """

    indent: str = "    "
    quote: str = "'"
    semicolon: str = ";"
    test: str = "test"
    public: bool = False
    prefix: bool = True
    spec: str = ""


_JVM = frozenset((Framework.JUNIT4, Framework.JUNIT5, Framework.TESTNG, Framework.KOTLIN_TEST))

# One stub, without the indentation that its place brings. {message} is an escaped string in the style's quotes.
_TEMPLATES: Mapping[Framework, str] = MappingProxyType(
    {
        Framework.PYTEST: "def {name}():\n{indent}raise NotImplementedError({message})\n",
        Framework.UNITTEST: "def {name}(self):\n{indent}self.fail({message})\n",
        Framework.GO: "func {name}(t *testing.T) {{\n{indent}t.Fatal({message})\n}}\n",
        Framework.JUNIT4: "@Test\npublic void {name}() {{\n{indent}throw new AssertionError({message});\n}}\n",
        Framework.JUNIT5: "@Test\n{public}void {name}() {{\n{indent}throw new AssertionError({message});\n}}\n",
        Framework.TESTNG: "@Test\npublic void {name}() {{\n{indent}throw new AssertionError({message});\n}}\n",
        Framework.XCTEST: "func {name}() {{\n{indent}XCTFail({message})\n}}\n",
        Framework.SWIFT_TESTING: "@Test func {name}() {{\n{indent}Issue.record({message})\n}}\n",
    }
)
_JAVASCRIPT = "{test}({title}, () => {{\n{indent}throw new Error({message}){semicolon}\n}}){semicolon}\n"
_KOTLIN = "@Test\nfun {name}() {{\n{indent}throw AssertionError({message})\n}}\n"


def render(framework: Framework, language: str, name: str, message: str, style: Style) -> str:
    """Return the text of one stub, its lines ending with ``\\n``.

    Args:
        framework: Whose test it is.
        language: Of the file that it goes into: JUnit is written in Java and in Kotlin.
        name: The test's name, in JavaScript its title.
        message: What it fails with, as ``marker`` gives it.
        style: Of that file.
    """
    if framework is Framework.GINKGO:
        return ginkgo(_quoted(name, '"'), _quoted(message, '"'), style.spec)
    if framework is Framework.KOTEST:
        return kotest(style.spec, _quoted(name, '"'), _quoted(message, '"'), style.indent)
    template = _KOTLIN if language == "kotlin" else _TEMPLATES.get(framework, _JAVASCRIPT)
    quote = style.quote if language in ("python", "typescript", "tsx") else '"'
    return template.format(
        name=name,
        title=_quoted(name, quote),
        message=_quoted(message, quote),
        indent="\t" if framework is Framework.GO else style.indent,
        semicolon=style.semicolon,
        test=style.test,
        public="public " if style.public else "",
    )


def _quoted(text: str, quote: str) -> str:
    printable = "".join(char if char.isprintable() else " " for char in text)
    return quote + printable.replace("\\", "\\\\").replace(quote, f"\\{quote}") + quote


def style_of(language: str, text: str) -> Style:
    """Return how ``text``, a test file of the project, writes."""
    text = text.replace("\r\n", "\n")
    widths = re.findall(r"^([ \t]+)\S", text, re.MULTILINE)
    indent = "\t" if any("\t" in width for width in widths[:50]) else _narrowest(widths, language)
    single, double = len(re.findall(r"'[^'\n]*'", text)), len(re.findall(r'"[^"\n]*"', text))
    ended = len(re.findall(r";[ \t]*$", text, re.MULTILINE))
    quote = '"' if double > single or (language == "python" and double == single) else "'"
    closed = len(re.findall(r"\)[ \t]*$", text, re.MULTILINE))
    return Style(
        indent=indent,
        quote=quote,
        semicolon=";" if ended >= closed else "",
        test="it" if len(re.findall(r"\bit\(", text)) > len(re.findall(r"\btest\(", text)) else "test",
        public=bool(re.search(r"@Test\b[^;{]*\bpublic\s+void\b", text)),
        prefix=len(re.findall(r"(?:void|fun) test[A-Z_]", text)) * 2 >= len(re.findall(r"@Test\b", text)) > 0,
    )


def _narrowest(widths: list[str], language: str) -> str:
    usual = 2 if language in ("typescript", "tsx") else 4
    found = sorted({len(width) for width in widths if len(width) in (2, 3, 4, 8)})
    return " " * (found[0] if found else usual)


def name_of(framework: Framework, symbol: Symbol, style: Style, taken: set[str]) -> str:
    """Return a name for the test of ``symbol`` that nobody has ``taken``, as the framework finds tests."""
    owner = symbol.owner.removesuffix(".Companion").rpartition(".")[2]
    name = symbol.name.strip("_#") or "symbol"
    if framework in (Framework.PYTEST, Framework.UNITTEST):
        candidates = [f"test_{_snake(name)}", f"test_{_snake(owner)}_{_snake(name)}"]
        if owner and framework is Framework.PYTEST:
            candidates.reverse()
    elif framework is Framework.GO:
        candidates = [f"Test{_go(owner)}_{symbol.name}" if owner else f"Test{_go(symbol.name)}"]
    elif framework is Framework.GINKGO or (framework is Framework.KOTEST and is_nested(style.spec)):
        candidates = [f"{symbol.qualified} works"]
    elif framework in _JVM or framework is Framework.SWIFT_TESTING:
        plain = f"{name[:1].lower()}{name[1:]}"
        if style.prefix or plain in _NOT_A_TEST:
            plain = f"test{_upper(name)}"
        candidates = [plain, f"{plain}Of{_upper(owner)}"] if owner else [plain]
    elif framework is Framework.XCTEST:
        candidates = [f"test{_upper(name)}", f"test{_upper(owner)}{_upper(name)}"]
    else:
        candidates = [symbol.qualified]
    numbered = [f"{candidates[0]}{' ' if ' ' in candidates[0] else '_'}{number}" for number in range(2, 1000)]
    return next(each for each in (*candidates, *numbered) if each not in taken)


def _upper(name: str) -> str:
    return name[:1].upper() + name[1:]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _go(name: str) -> str:
    """``go vet`` wants no lower-case letter behind Test."""
    return name if name[:1].isupper() else f"_{name}"
