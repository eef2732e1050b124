"""kill -9 at random moments of `translate apply`: every file is the old one or the finished one.

    python -m evals.localize_kill [--times 200] [--seed 1]

A project with 40 locales in three formats; each round starts `hunkworks translate apply` with the same answers, kills
it after a random part of the time a whole run takes, and compares every file with the two versions it may be. At the
end one undisturbed run has to finish the work, and one more to change nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from evals.localize_replay import write

LOCALES = [
    "af",
    "ar",
    "bg",
    "bn",
    "ca",
    "cs",
    "da",
    "de",
    "el",
    "es",
    "et",
    "eu",
    "fa",
    "fi",
    "fr",
    "gl",
    "he",
    "hi",
    "hr",
    "hu",
    "id",
    "it",
    "ja",
    "ka",
    "ko",
    "lt",
    "lv",
    "ms",
    "nb",
    "nl",
    "pl",
    "pt",
    "ro",
    "ru",
    "sk",
    "sv",
    "th",
    "tr",
    "uk",
    "vi",
]
UNITS = 200


def files(english: str, name: str) -> dict[str, bytes]:
    """Return the three catalogs of one locale; ``english`` is what every tenth unit says."""
    texts = {f"k{index:03}": english if index % 10 == 0 else f"text {index}" for index in range(UNITS)}
    values = "values" if name == "en" else "values-in" if name == "id" else f"values-{name}"
    rows = "\n".join(f'    <string name="{key}">{text}</string>' for key, text in texts.items())
    return {
        f"web/locales/{name}.json": json.dumps(texts, indent=2).encode() + b"\n",
        f"app/res/{values}/strings.xml": f"<resources>\n{rows}\n</resources>\n".encode(),
        f"ios/{name}.lproj/L.strings": "".join(
            f'"{key}" = "{text}";\n' for key, text in texts.items()
        ).encode(),
    }


def git(root: Path, *arguments: str) -> None:
    """Run git with an identity of its own."""
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def main() -> int:
    """Print how many files stood old and finished, and return 1 if one stood otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        git(root, "init", "-q")
        for name in ["en", *LOCALES]:
            for path, data in files("before", name).items():
                write(root, path, data)
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", "before")
        for path, data in files("after", "en").items():
            write(root, path, data)
        old = {path: data for name in LOCALES for path, data in files("before", name).items()}
        finished = {path: data for name in LOCALES for path, data in files("danach", name).items()}
        command = [sys.executable, "-m", "hunkworks", "translate"]
        planned = subprocess.run([*command, "plan", "--json"], cwd=root, check=True, capture_output=True)
        units = json.loads(planned.stdout)["units"]
        answers = json.dumps(
            {"translations": [{"id": unit["id"], "text": "danach"} for unit in units]}
        ).encode()
        began = time.perf_counter()
        subprocess.run(
            [*command, "apply", "--json"], cwd=root, input=answers, check=True, capture_output=True
        )
        whole = time.perf_counter() - began
        print(f"{len(units)} units in {len(old)} files; a whole run takes {whole:.2f} s")
        stood: Counter[str] = Counter()
        for _ in range(arguments.times):
            for path, data in old.items():
                write(root, path, data)
            process = subprocess.Popen(
                [*command, "apply", "--json"],
                cwd=root,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            if process.stdin is not None:
                process.stdin.write(answers)
                process.stdin.close()
            time.sleep(rng.uniform(0.2, 1.0) * whole)
            process.kill()
            process.wait()
            kinds = {path: _kind((root / path).read_bytes(), old[path], finished[path]) for path in old}
            stood.update(kinds.values())
            stood["killed between files"] += len(set(kinds.values())) > 1
        subprocess.run([*command, "apply"], cwd=root, input=answers, check=True, capture_output=True)
        complete = all((root / path).read_bytes() == data for path, data in finished.items())
        again = subprocess.run(
            [*command, "apply", "--json"], cwd=root, input=answers, check=True, capture_output=True
        )
        left = sorted(path.name for path in root.rglob("*.hunkworks"))
    for kind, count in stood.items():
        print(f"{kind}: {count}")
    print(
        f"finished by the next run: {complete}; files changed by one more: {json.loads(again.stdout)['files']}"
    )
    print(f"temporary files left behind by {arguments.times} kills: {len(left)}")
    return 0 if complete and not stood["neither"] else 1


def _kind(found: bytes, old: bytes, finished: bytes) -> str:
    return "old" if found == old else "finished" if found == finished else "neither"


if __name__ == "__main__":
    sys.exit(main())
