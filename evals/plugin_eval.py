"""Run the cases of evals/review through `claude plugin eval`: from recorded answers, scripted, or live.

    python -m evals.plugin_eval [--live | --scripted] [--case GLOB] [--threshold 1.0] [--cassettes DIR]

What is on record in evals/cassettes/SUITE is scored, offline; a request that is not is refused with the first field
that differs, and an answer that nothing asked for fails a run of all cases. ``--live`` asks the real API for what is
not on record, and records it; it costs money and needs ANTHROPIC_API_KEY. Where nothing is on record, or with
``--scripted``, a scripted API answers: reviewers record the findings in each case's answers.json, if the code they
quote was handed to them. That scores the pack (routes, packets, anchors, votes, verdicts, reports, what a hostile
change may cause), not a model. Both switches together rehearse a recording: the scripted API stands for the real one.

All need `bubblewrap` and `socat` (Debian: apt install bubblewrap socat): without a sandbox the client refuses to
grant a shell. Exit codes: 0 · 1 a case is below the threshold, or an answer is missing or an orphan · 2 cannot run.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from evals.cassettes import Cassettes
from evals.plugin_eval_translate import COMMAND, TRANSLATOR, Translators
from evals.recorder import Recorder
from tests.client.binary import ClientMissingError, install
from tests.client.changes import TOOLS, agent, named, session_of
from tests.client.client import QUIET
from tests.client.messages_api import MessagesAPI, Reply, Request, ToolUse
from tests.client.plugins import ROOT, pack_repository

SUITES = ("review", "localize")
RECORDED = Path("evals") / "cassettes"
ANTHROPIC = "https://api.anthropic.com"
GRANTED = ["Bash(hunkworks review *)", "Bash(hunkworks translate *)", f"{TOOLS}*"]
PER_AGENT = 4  # packets that one reviewer is given


class Scripted(MessagesAPI):
    """A model that follows the skill and knows the answers; it keeps no state, so sessions may run side by side."""

    def __init__(self, cases: Path) -> None:
        super().__init__()
        answers = [json.loads(path.read_bytes()) for path in sorted(cases.glob("*/answers.json"))]
        self.findings: list[dict[str, Any]] = [
            item for answer in answers for item in answer.get("findings", ())
        ]
        self.translators = Translators(answers)

    def reply(self, request: Request) -> Reply:
        """Return what the model in question does next."""
        self.requests.append(request)  # their number makes the ids of messages and calls
        if "You review a change" in request.system:
            return self._review(request)
        if "You vote on findings" in request.system:
            return self._vote(request)
        if TRANSLATOR in request.system:
            return self.translators.translate(request)
        return self.translators.lead(request) if COMMAND in request.typed else self._lead(request)

    def _lead(self, request: Request) -> Reply:
        planned = named("[pq]", "\n".join(_PLANNED.findall(request.typed)))
        if not request.results:
            groups = [planned[i : i + PER_AGENT] for i in range(0, len(planned), PER_AGENT)]
            return [agent("reviewer", f"Review packets {', '.join(group)}.") for group in groups] or _shell(
                request, "verify"
            )
        last, text = _last_command(request), request.results[-1].text
        if "review report" in last:
            return [text[text.find("## Review") :]]
        if "review verify" in last and named("v", text):
            return [agent("skeptic", f"Vote on ballot {ballot}.") for ballot in named("v", text)]
        if "Review packets" in last:
            return _shell(request, "verify")
        return _shell(request, "report --format markdown")

    def _review(self, request: Request) -> Reply:
        packets = _told(request, "packets", "[pq]")
        if not request.results:
            return [ToolUse(f"{TOOLS}packet", {"id": packet}) for packet in packets]
        if _last_command(request) != "packet" or any(
            "user in owner" in item.text for item in request.results
        ):
            return ["Recorded."]
        return [
            ToolUse(f"{TOOLS}record", {"packet": packet, "findings": self._in(packet, request)})
            for packet in packets
        ]

    def _in(self, packet: str, request: Request) -> list[dict[str, Any]]:
        (text,) = [item.text for item in request.results if f"Packet {packet}. Columns" in item.text]
        lines = {line[16:] for line in text.splitlines() if line[14:15] in "+-"}
        return [item for item in self.findings if f"## {item['path']} [" in text and item["quote"] in lines]

    def _vote(self, request: Request) -> Reply:
        if not request.results:
            return [ToolUse(f"{TOOLS}packet", {"id": ballot}) for ballot in _told(request, "ballot", "v")]
        if _last_command(request) != "packet":
            return ["Voted."]
        claims = re.findall(r"# finding ([0-9a-f]{16}): \S+ at (\S+):(\d+)", request.results[-1].text)
        yes = {
            "true": True,
            "new": True,
            "reachable": True,
            "defended": False,
            "asked": 90,
            "why": "Nothing guards it.",
        }
        votes = [
            {"finding": name, **yes, "places": [f"{path}:{1 if line != '1' else 2}"]}
            for name, path, line in claims
        ]
        (ballot,) = _told(request, "ballot", "v")
        return [ToolUse(f"{TOOLS}vote", {"ballot": ballot, "votes": votes})]


_PLANNED = re.compile(r"^Packets? [pq]\d{3}", re.MULTILINE)


def _told(request: Request, what: str, letter: str) -> list[str]:
    """Return the packets or ballots that an agent was told; the client's own notes name files of the change."""
    return named(
        letter, "\n".join(re.findall(rf"^(?:Review|Vote on) {what} (.*)$", request.typed, re.MULTILINE))
    )


def _shell(request: Request, verb: str) -> Reply:
    command = f"hunkworks review {verb} --session {session_of(request)}"
    return [ToolUse("Bash", {"command": command, "description": verb})]


def _last_command(request: Request) -> str:
    """Return what the model called last: the command, an agent's prompt, or one of our tools."""
    uses = [
        block
        for message in request.body["messages"]
        if message["role"] == "assistant" and isinstance(message["content"], list)
        for block in message["content"]
        if block["type"] == "tool_use"
    ]
    given = uses[-1]["input"]
    return str(given.get("command") or given.get("prompt") or uses[-1]["name"].removeprefix(TOOLS))


def main() -> int:
    """Run the cases and print the client's table."""
    parser = argparse.ArgumentParser(description="Score the pack's review with `claude plugin eval`.")
    parser.add_argument("--suite", choices=SUITES, default=SUITES[0], help="which cases")
    parser.add_argument("--live", action="store_true", help="ask the real API, with ANTHROPIC_API_KEY")
    parser.add_argument("--scripted", action="store_true", help="ask the scripted API")
    parser.add_argument("--cassettes", type=Path, default=RECORDED, help="where answers are on record")
    parser.add_argument("--case", default="*")
    parser.add_argument("--threshold", type=float, default=1.0)
    parser.add_argument("--model", help="the session's model")
    options = parser.parse_args()
    missing = [tool for tool in ("bwrap", "socat") if shutil.which(tool) is None]
    if missing:
        print(f"cannot run: {', '.join(missing)} is missing; apt install bubblewrap socat", file=sys.stderr)
        return 2
    if options.live and not options.scripted and not os.environ.get("ANTHROPIC_API_KEY"):
        print("cannot run: --live needs ANTHROPIC_API_KEY", file=sys.stderr)
        return 2
    try:
        program = install()
    except ClientMissingError as error:
        print(f"cannot run: {error}", file=sys.stderr)
        return 2
    # Not below /tmp: the client's sandbox closes that, and with it the case's own folder.
    folder = ROOT / ".work" / f"eval-{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    try:
        return _run(program, folder, options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(program: Path, folder: Path, options: argparse.Namespace) -> int:
    pack = pack_repository(
        folder / "pack"
    )  # a copy: the client takes no plugin with hard-linked files, as .venv has
    environment = _environment(folder, pack)
    command = [
        *(
            str(program),
            "plugin",
            "eval",
            str(pack),
            "--eval-dir",
            f"evals/{options.suite}",
            "--case",
            options.case,
        ),
        *("--runs", "1", "--ablation", "none", "--mocks", "off"),
        *("--concurrency", "2"),
        *("--scaffold", "--trust-plugin", "--no-publish", "--threshold", str(options.threshold)),
        *(["--model", options.model] if options.model else []),
        *("--output-dir", str(folder / "out"), "--allow-tools", *GRANTED),
    ]
    cassettes = Cassettes(options.cassettes / options.suite)
    with contextlib.ExitStack() as stack:
        url, kind = _model(stack, cassettes, pack, options)
        environment |= {**QUIET, "ANTHROPIC_BASE_URL": url}
        if options.live and not options.scripted:
            environment["ANTHROPIC_API_KEY"] = os.environ["ANTHROPIC_API_KEY"]
        code = subprocess.run(
            command, cwd=pack, env=environment, stdin=subprocess.DEVNULL, check=False
        ).returncode
    result = folder / "out" / "aggregate-result.json"
    if result.exists():
        totals = json.loads(result.read_bytes())["aggregates"]
        print(f"{totals['casesPassed']} of {totals['casesTotal']} cases passed; {kind}")
    return code or _unsound(cassettes, options)


def _model(
    stack: contextlib.ExitStack, cassettes: Cassettes, pack: Path, options: argparse.Namespace
) -> tuple[str, str]:
    """Open who answers; return its address, and who it is in words."""
    if not options.live and not options.scripted and cassettes:
        return stack.enter_context(Recorder(cassettes)).url, "answers on record"
    upstream = (
        ANTHROPIC
        if not options.scripted and options.live
        else stack.enter_context(Scripted(pack / "evals" / options.suite)).url
    )
    if not options.live:
        return upstream, "scripted model"
    recorder = stack.enter_context(Recorder(cassettes, upstream))
    return (
        recorder.url,
        f"recorded {'a scripted model' if options.scripted else 'live'} in {options.cassettes}",
    )


def _unsound(cassettes: Cassettes, options: argparse.Namespace) -> int:
    """Print requests that are not on record, and answers that nothing asked for; return 1 if there are any."""
    for miss in cassettes.misses:
        print(miss, file=sys.stderr)
    replayed = not options.live and not options.scripted and options.case == "*"
    orphans = cassettes.orphans() if replayed else []
    for path in orphans:
        print(f"nothing asked for {path}: remove it", file=sys.stderr)
    return 1 if cassettes.misses or orphans else 0


def _environment(folder: Path, pack: Path) -> dict[str, str]:
    """Give the run a home, and the pack's command this interpreter: the client hands no variable of ours on."""
    launcher = pack / "bin" / "hunkworks"
    first, _, rest = launcher.read_text().partition("\n")
    launcher.write_text(f"{first}\nexport HUNKWORKS_PYTHON='{sys.executable}'\n{rest}")
    for name in ("home", "bin", "tmp"):
        (folder / name).mkdir()
    (folder / "bin" / "hunkworks").symlink_to(launcher)
    kept = {"LANG": os.environ["LANG"]} if "LANG" in os.environ else {}
    path = f"{folder}/bin:/usr/local/bin:/usr/bin:/bin"
    root = {"IS_SANDBOX": "1"} if os.geteuid() == 0 else {}
    return {**kept, **root, "HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"), "PATH": path}


if __name__ == "__main__":
    sys.exit(main())
