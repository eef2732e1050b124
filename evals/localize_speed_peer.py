"""Load and save by translate-toolkit, timed inside its own process: run by evals.localize_speed in its environment."""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path

CLASSES = {
    "android": ["translate.storage.aresource:AndroidResourceFile"],
    "arb": ["translate.storage.jsonl10n:ARBJsonFile"],
    "chrome": ["translate.storage.jsonl10n:WebExtensionJsonFile"],
    "json_catalog": [
        "translate.storage.jsonl10n:I18NextV4File",
        "translate.storage.jsonl10n:JsonNestedFile",
        "translate.storage.jsonl10n:JsonFile",
    ],
    "po": ["translate.storage.pypo:pofile"],
    "properties": ["translate.storage.properties:javautf8file"],
    "strings": ["translate.storage.properties:stringsutf8file", "translate.storage.properties:stringsfile"],
    "stringsdict": ["translate.storage.stringsdict:StringsDictFile"],
    "xliff": ["translate.storage.xliff:xlifffile"],
    "yaml_catalog": ["translate.storage.yaml:RubyYAMLFile", "translate.storage.yaml:YAMLFile"],
}


def main() -> None:
    """Read a list of [format, file] from standard input; print seconds, class and error for each."""
    rounds, wanted = json.load(sys.stdin)
    found = []
    for format_name, file in wanted:
        data = Path(file).read_bytes()
        best, error = None, ""
        for name in CLASSES.get(format_name, []):
            module, _, attribute = name.partition(":")
            kind = getattr(importlib.import_module(module), attribute)
            try:
                least = float("inf")
                for _ in range(rounds):
                    start = time.process_time()
                    store = kind()
                    store.parse(data)
                    bytes(store)
                    least = min(least, time.process_time() - start)
            except Exception as problem:  # whatever a library may raise on a file that it does not read
                error = f"{type(problem).__name__}: {str(problem)[:80]}"
                continue
            if store.units and (best is None or least < best[0]):
                best = least, attribute
        found.append({"seconds": best and best[0], "by": best and best[1], "error": "" if best else error})
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
