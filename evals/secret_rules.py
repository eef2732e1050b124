"""Turn betterleaks' rule file (MIT) into the data that hunkworks.privacy reads: Go's regular expressions into Python's.

    python -m evals.secret_rules betterleaks.toml > src/hunkworks/privacy/betterleaks.json

What is left out, and why, is said on stderr.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import warnings
from pathlib import Path
from typing import Any

# Ours do these better (privacy/shapes.py), or they need a path, or they are no secret by themselves.
LEFT_OUT = {
    "generic-api-key": "ours looks at the name and the value together",
    "mongodb-connection-string": "ours marks the password and not the whole URL, for every scheme",
    "private-key": "ours also takes a key that a hunk cut at either end",
    "pkcs12-file": "a path and not a text",
    "hashicorp-tf-password": "any short password in a file of a certain name",
    "freemius-secret-key": "only in a file of a certain name",
}
PARTS_THAT_ARE_SECRET = {
    "alibaba-access-key-id",
    "alibaba-sts-access-key-id",
    "aws-secret-access-key",
    "alibaba-sts-security-token",
    "exoscale-api-secret",
    "ovh-consumer-key",
    "polymarket-api-secret",
    "polymarket-passphrase",
}
# betterleaks' keywords admit a whole file, ours say where to look: these stand in the token itself.
NEARER = {
    "airtable-personnal-access-token": ['"pat', "'pat", "=pat", " pat", ":pat"],
    "authress-service-client-access-key": [".acc-", ".acc_"],
    "cloudflare-origin-ca-key": ["v1.0-"],
    "facebook-page-access-token": ["eaac", "eaam"],
    "github-app-token": ["ghs_", "ghu_"],
    "harness-api-key": ["pat.", "sat."],
    "minimax-api-key": ["sk-api-"],
    "salesforce-access-token": ["!"],
    "slack-legacy-token": ["xoxo-", "xoxs-"],
    "slack-legacy-workspace-token": ["xoxa-", "xoxr-"],
    "tableau-personal-access-token": ["==:"],
    "twilio-api-key": ['"sk', "'sk", "=sk", " sk", ":sk", "twilio"],
    "vault-service-token": ["hvs.", "vault"],
}
RENAMED = {"aws-access-token": "aws-access-key-id"}
# betterleaks wants a quote, a space or a semicolon behind a token. In a path, a URL or a call there is none of them.
_ENDINGS = (
    r"""(?:\\?['"\x60]|[\s;]|\\[nr]|$)""",
    r"""(?:['"\s;\x60]|\\[nr]|$)""",
    r"""(?:[\x60'"\s;]|\\[nr]|$)""",
)
# Go's engine is linear whatever the pattern, Python's is not: what spans lines is given a length.
_BOUNDS = {
    r"(?:.*|.*(?:[\r\n]{1,2}.*){1,5})": r"[^\n]{0,300}?(?:\n[^\n]{0,200}?){0,5}?",
    r"(?:.*?|.*?(?:[\r\n]{1,2}.*?){1,5})": r"[^\n]{0,300}?(?:\n[^\n]{0,200}?){0,5}?",
    "(?s:.){0,1000}?": "(?s:.){0,300}?",
}
_ENTROPY = re.compile(r'entropy\(finding\["secret"\]\) <=? ([\d.]+)')
_QUOTED = re.compile(r'`([^`]*)`|("(?:[^"\\]|\\.)*")')
_LIST = r'((?:\s*(?:`[^`]*`|"(?:[^"\\]|\\.)*"),?)*\s*)'
_ALLOWED = re.compile(r'(!?)(?:filter\.)?matchesAny\(finding\["secret"\], \[' + _LIST + r"\]\)")


def python_pattern(pattern: str) -> str:
    """Return a Go (RE2) pattern in Python's syntax; Go's classes are ASCII, so it wants ``re.ASCII``."""
    for ending in _ENDINGS:
        pattern = pattern.replace(ending, r"(?![\w=+-])")
    for unbounded, bounded in _BOUNDS.items():
        pattern = pattern.replace(unbounded, bounded)
    pattern = (
        pattern.replace(r"\z", r"\Z").replace("[[:alnum:]]", "[a-zA-Z0-9]").replace("[:alnum:]", "a-zA-Z0-9")
    )
    while (found := re.search(r"(?<!\\)(?<!^)\(\?i\)", pattern)) is not None:
        end = _end_of_group(pattern, found.end())
        pattern = f"{pattern[: found.start()]}(?i:{pattern[found.end() : end]}){pattern[end:]}"
    return pattern


def _end_of_group(pattern: str, start: int) -> int:
    """Return where the group around ``start`` closes: a flag in the middle holds until there."""
    depth, position, in_class = 0, start, False
    while position < len(pattern):
        char = pattern[position]
        if char == "\\":
            position += 1
        elif in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
            position += pattern[position + 1] == "]"
        elif char == "(":
            depth += 1
        elif char == ")":
            if depth == 0:
                return position
            depth -= 1
        position += 1
    return len(pattern)


def convert(rule: dict[str, Any]) -> dict[str, Any] | str:
    """Return one rule as privacy/ reads it, or why it is left out."""
    name = re.sub(r"\.\d+$", "", rule["id"])
    if name in LEFT_OUT:
        return LEFT_OUT[name]
    if rule.get("skipReport") and name not in PARTS_THAT_ARE_SECRET:
        return "a part of a rule, and no secret"
    filters = rule.get("filter", "")
    found: dict[str, Any] = {
        "kind": RENAMED.get(name, name),
        "keywords": NEARER.get(name) or sorted({keyword.lower() for keyword in rule["keywords"]}),
        "pattern": python_pattern(rule["regex"]),
    }
    if entropy := _ENTROPY.search(filters):
        found["entropy"] = float(entropy[1])
    for negated, patterns in _ALLOWED.findall(filters):
        texts = [python_pattern(raw or json.loads(quoted)) for raw, quoted in _QUOTED.findall(patterns)]
        found.setdefault("demanded" if negated else "allowed", []).extend(texts)
    if "secretGroup" in rule:
        found["group"] = rule["secretGroup"]
    for pattern in [found["pattern"], *found.get("allowed", []), *found.get("demanded", [])]:
        re.compile(pattern, re.ASCII)
    return found


def main() -> None:
    """Print the rules as JSON, one to a line."""
    warnings.simplefilter("ignore", FutureWarning)  # Go allows an unescaped [ in a class
    rules = tomllib.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["rules"]
    lines = []
    for rule in rules:
        found = convert(rule)
        if isinstance(found, str):
            print(f"left out: {rule['id']}: {found}", file=sys.stderr)
        else:
            lines.append(json.dumps(found, ensure_ascii=False))
    print("[\n" + ",\n".join(lines) + "\n]")


if __name__ == "__main__":
    main()
