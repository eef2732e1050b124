"""Beside pr-agent on the same diffs and the same scripted endpoint: `python -m evals.bench_peers --diffs FOLDER`.

pr-agent is installed into an environment of its own under .work/ and never into ours. Each diff becomes a repository
whose last commit is that diff, with invented credentials planted into one added line; both tools are asked for one
review through the same endpoint on loopback, which answers both that it found nothing. This measures cost and
mechanics, not how well anybody reviews.

What is counted, for both alike: bytes of request bodies, requests, seconds from the start of the process to its first
request, the share of non-blank changed lines that stand in a request, and planted credentials that do.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

import click
from rich.console import Console
from rich.table import Table

from evals.scripted_api import Asked, Call, Says, events
from hunkworks.change.content import apply
from hunkworks.change.diff import parse_patch
from hunkworks.change.model import FileChange, LineKind, Status
from hunkworks.errors import HunkworksError
from tests.repo import Repo

ROOT = Path(__file__).resolve().parents[1]
PEER = ROOT / ".work" / "peers" / "pr-agent"
VERSION = "0.49.0"
MODEL = "claude-sonnet-4-5"
CODE = re.compile(r"\.(c|cc|cpp|cs|go|h|hpp|java|js|jsx|kt|m|mm|php|py|rb|rs|scala|swift|ts|tsx)$")
# Invented; whole forms only here, so that no scanner of this repository takes them for real.
SECRETS = ("AKIA" + "Q3EGRIYBN7WX4KDL", "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a")
SETTINGS = "[engine]\nrequests_per_minute = 0\n"
_NOTHING = "```yaml\nreview:\n  estimated_effort_to_review_[1-5]: |\n    1\n  relevant_tests: |\n    No\n"
_NOTHING += "  key_issues_to_review: []\n  security_concerns: |\n    No\n```\n"


@dataclass(frozen=True)
class Sent:
    """What one run sent, and how it ended."""

    size: int
    calls: int
    first: float
    seconds: float
    seen: float
    seen_code: float
    leaked: int
    code: int
    lines: int  # changed lines that stand in a request


class Endpoint:
    """An Anthropic-compatible API that finds nothing and keeps every request."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.first = 0.0
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("content-length", 0)))
                endpoint.first = endpoint.first or time.monotonic()
                endpoint.bodies.append(raw)
                body = json.loads(raw)
                if body.get("stream"):
                    asked = Asked(len(endpoint.bodies), {}, body, len(raw), 0.0)
                    stream, _ = events(asked, _says(asked))
                    data = "".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in stream)
                    self._send("text/event-stream", data)
                else:
                    usage = {"input_tokens": len(raw) // 4, "output_tokens": 40}
                    whole = {"id": "msg_1", "type": "message", "role": "assistant", "model": body["model"]}
                    content = [{"type": "text", "text": _NOTHING}]
                    end = {"stop_reason": "end_turn", "stop_sequence": None, "usage": usage}
                    self._send("application/json", json.dumps({**whole, "content": content, **end}))

            def _send(self, kind: str, text: str) -> None:
                self.send_response(200)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def begin(self) -> None:
        """Forget what came before."""
        self.bodies.clear()
        self.first = 0.0


def _says(asked: Asked) -> Says:
    packet = re.search(r"Review packet (\w+)\.", asked.said)
    return Says((Call("record", {"packet": packet[1] if packet else "", "findings": []}),))


def project(diff: bytes, folder: Path) -> tuple[Repo, list[FileChange]]:
    """Make a repository whose last commit is ``diff``, with credentials planted; return it and what changed."""
    repo = Repo(folder)
    repo.write("hunkworks.toml", SETTINGS)
    after: dict[str, bytes | None] = {}
    for file in parse_patch(line + b"\n" for line in diff.removesuffix(b"\n").split(b"\n")):
        if file.binary or not file.hunks:
            continue
        before = _before(file)
        if file.status is not Status.ADDED:
            repo.write(file.old_path, before)
        after |= {file.old_path: None} | {
            file.path: None if file.status is Status.DELETED else apply(before, file.hunks)
        }
    repo.commit("before")
    planted = next(
        (path for path, text in after.items() if text is not None and CODE.search(path)), "planted.py"
    )
    lines = "".join(f'key_{number} = "{secret}"\n' for number, secret in enumerate(SECRETS))
    after[planted] = (after.get(planted) or b"") + b"\n" + lines.encode()
    for path, text in after.items():
        if text is None:
            (repo.root / path).unlink(missing_ok=True)
        else:
            repo.write(path, text)
    repo.commit("after")
    patch = repo.git("diff", "--no-color", "HEAD~1", "HEAD").encode("utf-8", "surrogateescape")
    return repo, list(parse_patch(line + b"\n" for line in patch.removesuffix(b"\n").split(b"\n")))


def _before(file: FileChange) -> bytes:
    known = {line.old: line.text for hunk in file.hunks for line in hunk.lines if line.old is not None}
    return b"".join(known.get(number, b"\n") for number in range(1, max(known, default=0) + 1))


def hunkworks(_repo: Repo, endpoint: Endpoint, state: Path) -> tuple[list[str], dict[str, str]]:
    """Return how we are started."""
    command = [sys.executable, "-m", "hunkworks", "review", "run", "--range", "HEAD~1..HEAD"]
    own = {
        "ANTHROPIC_BASE_URL": endpoint.url,
        "ANTHROPIC_API_KEY": "scripted",
        "HUNKWORKS_STATE_DIR": str(state),
    }
    return [*command, "--json", "--output", str(state / "report.json")], own


def pr_agent(repo: Repo, endpoint: Endpoint, state: Path) -> tuple[list[str], dict[str, str]]:
    """Return how pr-agent is started, in its mode for plain diffs."""
    patch = state / "change.diff"
    patch.write_bytes(repo.git("diff", "--no-color", "HEAD~1", "HEAD").encode("utf-8", "surrogateescape"))
    command = [
        str(PEER / "bin" / "pr-agent"),
        "--diff-file",
        str(patch),
        "--json-output",
        str(state / "report.json"),
    ]
    command += ["review", f"--config.model=anthropic/{MODEL}"]
    tokenizers = next(PEER.glob("lib/*/site-packages/litellm/litellm_core_utils/tokenizers"))
    own = {
        "ANTHROPIC_API_KEY": "scripted",
        "ANTHROPIC_API_BASE": endpoint.url,
        "ANTHROPIC_BASE_URL": endpoint.url,
        "CUSTOM_TIKTOKEN_CACHE_DIR": str(tokenizers),
        "TIKTOKEN_CACHE_DIR": str(tokenizers),
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "NO_PROXY": "127.0.0.1",
    }
    return command, own


TOOLS = {"hunkworks": hunkworks, f"pr-agent {VERSION}": pr_agent}


def measure(tool: str, repo: Repo, files: Sequence[FileChange], endpoint: Endpoint) -> Sent:
    """Run one tool once and return what it sent."""
    with tempfile.TemporaryDirectory() as folder:
        command, own = TOOLS[tool](repo, endpoint, Path(folder))
        endpoint.begin()
        began = time.monotonic()
        quiet = {"PATH": os.environ["PATH"], "HOME": folder, "GIT_CONFIG_GLOBAL": os.devnull}
        done = subprocess.run(
            command, cwd=repo.root, env=quiet | own, capture_output=True, check=False, timeout=600
        )
        seconds = time.monotonic() - began
    said = "\n".join(_texts(json.loads(body)) for body in endpoint.bodies)
    if not endpoint.bodies:
        sys.stderr.write(done.stderr.decode("utf-8", "replace")[-2_000:])
    return Sent(
        size=sum(map(len, endpoint.bodies)),
        calls=len(endpoint.bodies),
        first=(endpoint.first or time.monotonic()) - began,
        seconds=seconds,
        seen=_seen(files, said),
        seen_code=_seen([file for file in files if CODE.search(file.path)], said),
        leaked=sum(secret in said for secret in SECRETS),
        code=done.returncode,
        lines=sum(line in said for line in _changed(files)),
    )


def _texts(node: object) -> str:
    if isinstance(node, str):
        return node
    items = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return "\n".join(_texts(item) for item in items)


def _seen(files: Sequence[FileChange], said: str) -> float:
    counted = _changed(files)
    return sum(line in said for line in counted) / len(counted) if counted else 1.0


def _changed(files: Sequence[FileChange]) -> list[str]:
    """Return the changed lines that are counted: not blank, and none of the planted ones."""
    lines = [
        line.text.decode("utf-8", "replace").strip()
        for file in files
        for hunk in file.hunks
        for line in hunk.lines
        if line.kind is not LineKind.CONTEXT
    ]
    return [line for line in lines if line and not any(secret in line for secret in SECRETS)]


def install() -> None:
    """Install pr-agent into its own environment, once; it needs Python 3.12 or newer."""
    if (PEER / "bin" / "pr-agent").exists():
        return
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        raise SystemExit("uv is not installed. fix: make .venv/.installed")
    subprocess.run([uv, "venv", "--quiet", "--python", ">=3.12", str(PEER)], check=True)
    subprocess.run(
        [uv, "pip", "install", "--quiet", "--python", str(PEER), f"pr-agent=={VERSION}"], check=True
    )


def chosen(folder: Path, count: int) -> list[Path]:
    """Return diffs at even steps through all sizes, the largest included."""
    by_size = sorted(folder.glob("*.diff"), key=lambda path: (path.stat().st_size, path.name))
    if not by_size:
        raise SystemExit(f"no *.diff in {folder}. fix: --diffs FOLDER")
    steps = max(count - 1, 1)
    return list(dict.fromkeys(by_size[round(step * (len(by_size) - 1) / steps)] for step in range(count)))


@click.command()
@click.option("--diffs", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
@click.option("--count", default=9, show_default=True, help="How many, at even steps through all sizes.")
def main(diffs: Path, count: int) -> None:
    """Print what each tool sends for each diff, the sums, and their ratio."""
    install()
    endpoint = Endpoint()
    console = Console(width=140)
    columns = (
        "diff",
        "bytes",
        "tool",
        "sent",
        "requests",
        "first request",
        "whole",
        "lines seen",
        "of code",
        "secrets",
        "exit",
    )
    table = Table(*columns, title="one review of each diff, same endpoint")
    sums: dict[str, list[Sent]] = {tool: [] for tool in TOOLS}
    for path in chosen(diffs, count):
        with tempfile.TemporaryDirectory(prefix="hunkworks-peers-") as folder:
            try:
                repo, files = project(path.read_bytes(), Path(folder) / "project")
            except (HunkworksError, OSError, AssertionError) as error:
                console.print(f"left out: {path.name}: {str(error)[:200]}")
                continue
            for number, tool in enumerate(TOOLS):
                sent = measure(tool, repo, files, endpoint)
                sums[tool].append(sent)
                name = (path.stem[:34], f"{path.stat().st_size:,}") if not number else ("", "")
                table.add_row(*name, *_cells(tool, sent), end_section=number == len(TOOLS) - 1)
    console.print(table)
    console.print(_summary(sums))


def _cells(tool: str, sent: Sent) -> tuple[str, ...]:
    shares = (f"{sent.seen:.0%}", f"{sent.seen_code:.0%}")
    times = (f"{sent.first:.1f} s", f"{sent.seconds:.1f} s")
    return (
        tool,
        f"{sent.size:,}",
        str(sent.calls),
        *times,
        *shares,
        f"{sent.leaked} of {len(SECRETS)}",
        str(sent.code),
    )


def _summary(sums: dict[str, list[Sent]]) -> Table:
    ours, theirs = sums.values()
    table = Table(
        "sum or median",
        *sums,
        "ratio theirs : ours",
        title=f"{len(ours)} diffs, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
    )

    def add(name: str, values: list[float], form: str) -> None:
        ratio = f"{values[1] / values[0]:.2f}" if values[0] else "–"
        table.add_row(name, *(form.format(value) for value in values), ratio)

    add("bytes sent", [sum(one.size for one in some) for some in (ours, theirs)], "{:,.0f}")
    per_line = [
        sum(one.size for one in some) / max(sum(one.lines for one in some), 1) for some in (ours, theirs)
    ]
    add("bytes sent for each changed line seen", per_line, "{:,.0f}")
    add("requests", [sum(one.calls for one in some) for some in (ours, theirs)], "{:.0f}")
    add(
        "seconds to the first request, median",
        [median(one.first for one in some) for some in (ours, theirs)],
        "{:.2f}",
    )
    add(
        "changed lines seen, mean",
        [sum(one.seen for one in some) / len(some) for some in (ours, theirs)],
        "{:.1%}",
    )
    add("of code", [sum(one.seen_code for one in some) / len(some) for some in (ours, theirs)], "{:.1%}")
    add("planted credentials sent", [sum(one.leaked for one in some) for some in (ours, theirs)], "{:.0f}")
    return table


if __name__ == "__main__":
    main()
