"""Does a call still fit? Parameters and arguments, read from text, without types."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LONGEST = 2_000
_QUOTES = "\"'`"
_OPEN, _CLOSE = "([{", ")]}"
_KEYWORD = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*=(?![=>])")
_LABEL = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*:(?!:)")
_GO_TYPE = re.compile(r"[*\[(<]|\.\.\.|(?:func|map|chan|interface|struct)\b")
# A list of types stands right behind a name, and is closed.
_GENERIC = re.compile(r"(?<=\w)<[\w\s,.?*&|\[\]<>]*>")
_GO_ANY = re.compile(r"\binterface\s*\{\s*\}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter.

    Attributes:
        name: By which a caller passes it, "" where only its place counts.
        type: As written, "" where none is, or where types do not tell calls apart.
        text: As written.
        optional: A call may leave it out.
        many: ``*`` takes any number by place, ``**`` by name.
        placed: It may be passed by its place.
    """

    name: str
    type: str
    text: str
    optional: bool = False
    many: str = ""
    placed: bool = True


@dataclass(frozen=True, slots=True)
class Call:
    """The arguments of a call as written; ``open`` says that there may be more: dots, or something unpacked."""

    placed: tuple[str, ...]
    named: tuple[str, ...]
    texts: tuple[str, ...]
    open: bool


def parameters(signature: str, name: str, language: str) -> tuple[Parameter, ...] | None:
    """Return the parameters of a signature, without what the language passes itself; None where it has no list."""
    start = re.search(rf"(?<![\w$]){re.escape(name)}\s*(?:<[^()]*>|\[[^()]*\])?\s*\(", signature)
    opening = start.end() - 1 if start else signature.find("(")
    texts = _arguments(signature, opening) if opening >= 0 else None
    if texts is None:
        return None
    texts = [text for text in texts if text]
    if language == "go":
        return _go(texts)
    if language == "java":
        return tuple(
            Parameter("", text.rpartition(" ")[0], text, many="*" if "..." in text else "") for text in texts
        )
    if language == "python":
        return _python(texts)
    return tuple(_typed(text, language) for text in texts if not re.match(r"this\s*:", text))


def _python(texts: Sequence[str]) -> tuple[Parameter, ...]:
    found: list[Parameter] = []
    placed = True
    for number, text in enumerate(texts):
        bare = re.split(r"[:=]", text, maxsplit=1)[0].strip()
        if text == "/":
            found = [Parameter("", each.type, each.text, each.optional) for each in found]
        elif text.startswith("**"):
            found.append(Parameter("", "", text, optional=True, many="**", placed=False))
        elif text.startswith("*"):
            placed = False
            if bare != "*":
                found.append(Parameter("", "", text, optional=True, many="*"))
        elif number or bare not in ("self", "cls", "mcs"):
            found.append(Parameter(bare, "", text, "=" in text, placed=placed))
    return tuple(found)


def _go(texts: Sequence[str]) -> tuple[Parameter, ...]:
    """Return Go's parameters, each with its type: ``a, b int`` are two, and ``interface{}`` is ``any``."""
    named = any(" " in text and not _GO_TYPE.match(text) for text in texts)
    found: list[Parameter] = []
    kind = ""
    for text in reversed(texts):
        name, _, own = text.partition(" ") if named else ("", "", text)
        kind = _GO_ANY.sub("any", own.strip()) or kind
        many = "*" if kind.startswith("...") else ""
        found.append(Parameter("", kind, name or text, optional=bool(many), many=many))
    return tuple(reversed(found))


def _typed(text: str, language: str) -> Parameter:
    """Return a parameter of Kotlin, Swift or TypeScript: ``words name?: Type = default``."""
    head, _, kind = text.partition(":")
    head = head.partition("=")[0].strip()
    words = head.rstrip("?").split()
    optional = "=" in _without_brackets(text).replace("=>", "") or head.endswith("?")
    many = "*" if head.startswith("...") or "vararg" in words or kind.rstrip().endswith("...") else ""
    name = (words[0] if language == "swift" else words[-1]) if words else ""
    by_name = name if language in ("swift", "kotlin") and re.fullmatch(r"\w+", name) and name != "_" else ""
    # A closure may stand behind the parentheses.
    behind = language in ("swift", "kotlin") and ("->" in kind or "→" in kind)
    return Parameter(
        by_name, "", text, optional or bool(many) or behind, many, language != "swift" or not by_name
    )


def _without_brackets(text: str) -> str:
    kept, depth = [], 0
    for char in text:
        depth += (char in _OPEN) - (char in _CLOSE)
        if not depth:
            kept.append(char)
    return "".join(kept)


def call_at(text: str, opening: int, language: str) -> Call | None:
    """Return the call whose parenthesis opens at ``opening``; None where nothing closes it."""
    texts = _arguments(text, opening)
    if texts is None:
        return None
    texts = [each for each in texts if each]
    by_name = _LABEL if language == "swift" else _KEYWORD if language in ("python", "kotlin") else None
    placed, named = [], []
    for each in texts:
        match = by_name.match(each) if by_name else None
        if match:
            named.append(match["name"])
        else:
            placed.append(each)
    loose = any(
        re.match(r"\*|\.\.\.|…|&(?!\w)", each) or "…" in each or each.endswith("...") for each in texts
    )
    return Call(tuple(placed), tuple(named), tuple(texts), loose)


def _arguments(text: str, opening: int) -> list[str] | None:
    """Return what stands between the commas of a parenthesis, strings and inner brackets kept whole."""
    text = text[: opening + _LONGEST]
    stack: list[str] = []
    quote, place, start = "", opening, opening + 1
    parts: list[str] = []
    while place < len(text):
        char = text[place]
        if quote:
            place += char == "\\"
            quote = "" if char == quote else quote
        elif char in _QUOTES:
            quote = char
        elif text.startswith(("# ", "//"), place):
            # A comment ends with its line.
            end = text.find("\n", place)
            text = text[:place] + (" " * (end - place) + text[end:] if end > 0 else "")
        elif char in _OPEN or (char == "<" and _GENERIC.match(text, place, place + 300)):
            stack.append(char)
        elif char in _CLOSE or (char == ">" and stack[-1] == "<"):
            stack.pop()
            if not stack:
                return [*parts, " ".join(text[start:place].split())]
        elif char == "," and len(stack) == 1:
            parts.append(" ".join(text[start:place].split()))
            start = place + 1
        place += 1
    return None


def misfit(call: Call, listed: Sequence[Parameter]) -> tuple[str, bool]:
    """Return why a call does not fit parameters, "" where it may, and whether that is sure.

    A name or a place that is not there is sure; what a call leaves out may stand elsewhere.
    """
    names = {each.name for each in listed if each.name}
    if not any(each.many == "**" for each in listed):
        for name in call.named:
            if name not in names:
                return f"it takes no {name}", True
    places = [each for each in listed if each.placed and not each.many]
    if len(call.placed) > len(places) and not call.open and not any(each.many == "*" for each in listed):
        return f"it takes {len(places) or 'nothing'} by place, not {len(call.placed)}", True
    if call.open:
        return "", False
    needed = [
        each
        for each in listed
        if not (each.optional or each.many or (each.name and each.name in call.named))
        and each not in places[: len(call.placed)]
    ]
    # The last arguments by place may fill labels that come later: counted together, they are not.
    if needed and len(call.texts) < sum(not (each.optional or each.many) for each in listed):
        return f"it needs {needed[0].name or needed[0].text}", False
    return "", False


def moved(call: Call, before: Sequence[Parameter], after: Sequence[Parameter]) -> tuple[str, bool]:
    """Return what a call means otherwise than before though it fits, "" where nothing; and whether it is an error."""
    names = [each.name for each in after]
    for old, new, argument in zip(before, after, call.placed, strict=False):
        if old.many or new.many:
            break
        if old.type != new.type:
            # What was no pointer to this type is none now.
            return f"{argument} was {old.type}, and {new.type} is asked for", new.type.startswith("*")
        if old.name and new.name and old.name != new.name and old.name in names:
            return f"{new.name} stands where {old.name} stood", False
    return "", False
