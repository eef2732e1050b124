"""The hook door: every hook of the pack comes in here; docs/decisions/0005-hooks.md says why it is as it is.

It runs on Python 3.9 with the standard library alone, and with nothing to say it loads only os and sys.
When it cannot decide it says why on stderr and exits 1, which lets the tool call pass; a defect of ours ends
the same way, as a traceback. It never exits 2, which would block the call.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

MOST_BYTES = 32 * 1024 * 1024  # of an event: an agent's prompt is text
SECONDS = 8.0  # for git: below the timeout in hooks.json, so that our sentence still gets out
MOST_SHOWN = 10
ALIASES = ("opus", "sonnet", "haiku")  # the client refuses any other word
TWINS = ("reviewer", "deep-reviewer")  # the route names one; it is swapped for the other
ROUTED = (*TWINS, "skeptic")  # the agents that a review's route is about


class UndecidedError(Exception):
    """The hook cannot do its work; the sentence says why, and what happens instead."""


def main(arguments: list[str]) -> int:
    """Answer one event and return the exit code."""
    acts = {
        "session-start": session_start,
        "route-agent": route_agent,
        "guard-commit": guard_commit,
        "check-catalogs": check_catalogs,
    }
    try:
        decision = acts[arguments[0]](_read())
    except UndecidedError as reason:
        sys.stderr.write(f"hunkworks: {reason}\n")
        return 1
    if decision:
        import json

        sys.stdout.write(json.dumps({"hookSpecificOutput": {"hookEventName": "PreToolUse", **decision}}))
    return 0


# ── the environment ───────────────────────────────────────────────────────────────────────────────────


def session_start(raw: bytes) -> None:
    """Start building the pack's environment in a process that outlives the session; say nothing."""
    if os.environ.get("HUNKWORKS_PYTHON"):
        return
    root, _ = _repository(_cwd(raw))
    if root and _switched_off(root, "session_start"):
        return
    windows = os.name == "nt"
    pack = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    launcher = os.path.join(pack, "bin", "hunkworks.cmd" if windows else "hunkworks")
    if not os.access(launcher, os.X_OK):
        raise UndecidedError(f"the environment is not being built: {launcher} cannot be run")
    _detach([launcher, "environment", "build", "--quiet"])


def _cwd(raw: bytes) -> object:
    """Return the event's cwd, without the price of a JSON parser unless the path is escaped."""
    path = _text(raw, b'"cwd"')
    return os.fsdecode(path) if path else _parse(raw).get("cwd")


def _detach(command: list[str]) -> None:
    """Start ``command`` in a session of its own: the client ends its hooks with the session."""
    if os.name == "nt":
        import subprocess

        silent = subprocess.DEVNULL
        apart = 0x00000208  # DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP
        subprocess.Popen(command, stdin=silent, stdout=silent, stderr=silent, creationflags=apart)
    elif os.fork() == 0:
        try:
            os.setsid()
            silence = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(silence, stream)
            os.execv(command[0], command)
        finally:
            os._exit(127)


# ── the route ─────────────────────────────────────────────────────────────────────────────────────────


def route_agent(raw: bytes) -> dict[str, Any] | None:
    """Give our reviewing agents the routed type and model, in the foreground, whatever the call asked for."""
    if b'"hunkworks:' not in raw:
        return None
    event = _parse(raw)
    call = event.get("tool_input")
    ours = [f"hunkworks:{name}" for name in ROUTED]
    if not isinstance(call, dict) or call.get("subagent_type") not in ours:
        return None
    session = event.get("session_id")
    if not isinstance(session, str) or not _is_name(session):
        raise UndecidedError("the session's id cannot name a folder; the agent's own model holds")
    # The session may have moved to another folder since it planned.
    for place in (event.get("cwd"), os.environ.get("CLAUDE_PROJECT_DIR")):
        root, common = _repository(place)
        plan = _plan(common, session) if root else None
        if plan:
            # The plan knows the base's switch; the work tree's may be part of the change under review.
            enforced = plan["enforced"] if "enforced" in plan else not _switched_off(root, "route_agent")
            return _rerouted(call, plan) if enforced else None
    return None


def _rerouted(call: dict[str, Any], plan: dict[str, Any]) -> dict[str, Any] | None:
    # What a skill allows ends with its turn: after agents in the background the user would be asked at every step.
    routed = {**call, "model": plan["model"], "run_in_background": False}
    if call["subagent_type"] != "hunkworks:skeptic":
        routed["subagent_type"] = f"hunkworks:{plan['agent']}"
    return {"updatedInput": routed} if routed != call else None


def _plan(common: str, session: str) -> dict[str, Any] | None:
    """Return what the session's plan decided: agent, model; None if it planned nothing here."""
    path = os.path.join(common, "hunkworks", "sessions", session, "route.json")
    try:
        with open(path, "rb") as file:
            plan = _parse(file.read(65536))
    except OSError:
        return None
    if plan.get("schema") != 1 or plan.get("agent") not in TWINS or plan.get("model") not in ALIASES:
        raise UndecidedError(f"{path} is not a route of this version; the agent's own model holds")
    return plan


def _is_name(text: str) -> bool:
    return len(text) <= 64 and text.isascii() and text.replace("-", "").replace("_", "").isalnum()


# ── the commit ────────────────────────────────────────────────────────────────────────────────────────


def guard_commit(raw: bytes) -> dict[str, Any] | None:
    """Deny a commit that would hold a conflict marker or a credential; name the place, never the value."""
    if b"commit" not in raw:
        return None
    event = _parse(raw)
    cwd, call = event.get("cwd"), event.get("tool_input")
    root, _ = _repository(cwd)
    if not root or _switched_off(root, "guard_commit"):
        return None
    found = _problems(str(cwd), root, call.get("command") if isinstance(call, dict) else None)
    if not found:
        return None
    lines = ["hunkworks: this commit would hold what a commit should not:"]
    lines += [f"  {path}:{number}: {kind}" for path, number, kind in found[:MOST_SHOWN]]
    if len(found) > MOST_SHOWN:
        lines.append(f"  and {len(found) - MOST_SHOWN} more")
    lines.append(
        "Take it out and commit again. If it is meant to be there, ask the user: "
        "guard_commit = false under [hooks] in hunkworks.toml switches this check off."
    )
    return {"permissionDecision": "deny", "permissionDecisionReason": "\n".join(lines)}


def _staged_by(command: object) -> tuple[list[str], list[str]]:
    """Return the pathspecs of what the command itself stages first: of tracked files, and of untracked ones."""
    import shlex

    operators = "();<>|&\n"
    lexer = shlex.shlex(str(command), posix=True, punctuation_chars=operators)
    lexer.whitespace, lexer.whitespace_split, lexer.commenters = " \t\r", True, ""
    try:
        words = list(lexer)
    except ValueError:  # quoting that only a shell understands: the index is looked at all the same
        return [], []
    tracked: list[str] = []
    untracked: list[str] = []
    verb = ""
    for before, word in zip(["", *words], words):  # noqa: B905 (not in 3.9)
        short = word[1:].split("m")[0] if word[:1] == "-" and word[:2] != "--" else ""
        if not word.strip(operators):
            verb = ""
        elif before == "git":
            verb = word
        elif (verb == "commit" and (word == "--all" or "a" in short)) or (
            verb == "add" and (word == "--update" or "u" in short)
        ):
            tracked.append(":/")
        elif verb == "add" and (word == "--all" or "A" in short):
            untracked.append(":/")
        elif verb == "add" and word[:1] not in ("-", ""):
            untracked.append(word)
    return tracked + untracked, untracked


def _problems(cwd: str, root: str, command: object) -> list[tuple[str, int, str]]:
    """Return (path, line, kind) for what the index, or what the command adds to it, would bring in."""
    import time

    deadline = time.monotonic() + SECONDS
    git = ["git", "-c", "core.quotePath=false", "-c", "core.fsmonitor=false"]
    diff = [*git, "diff", "-U0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames"]
    diff += ["--ignore-submodules", "--src-prefix=a/", "--dst-prefix=b/"]
    found = _suspicious(_added_lines(_lines([*diff, "--cached"], cwd, deadline)))
    tracked, untracked = _staged_by(command)
    if tracked and not found:
        # `--ours` shows a file whose conflict is not resolved as a plain change instead of a combined one.
        found = _suspicious(_added_lines(_lines([*diff, "--ours", "--", *tracked], cwd, deadline)))
    if untracked and not found:
        listed = [*git, "ls-files", "-o", "-z", "--exclude-standard", "--full-name", "--", *untracked]
        for path in b"".join(_lines(listed, cwd, deadline)).split(b"\0")[:-1]:
            if time.monotonic() > deadline:
                raise UndecidedError("this commit was not checked: it adds more than can be read in time")
            found += _suspicious(_untracked_lines(root, path))
    return found


def _lines(command: list[str], cwd: str, deadline: float) -> Iterator[bytes]:
    """Yield what git prints, as it prints it."""
    import subprocess
    import threading
    import time

    try:
        process = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    except OSError as error:
        raise UndecidedError(f"this commit was not checked: git does not start ({error})") from error
    alarm = threading.Timer(deadline - time.monotonic(), process.kill)
    alarm.start()
    with process:
        try:
            yield from process.stdout or ()
            code = process.wait()
        finally:
            alarm.cancel()
            process.kill()
    if code != 0:
        why = "git took too long" if time.monotonic() > deadline else f"git {command[5]} ended with {code}"
        raise UndecidedError(f"this commit was not checked: {why}")


def _added_lines(patch: Iterable[bytes]) -> Iterator[tuple[bytes, int, bytes]]:
    """Yield (path, line number, text) for every added line of a patch without context."""
    path, number, old, new = b"", 0, 0, 0
    for line in patch:
        if new and line[:1] == b"+":
            yield path, number, line[1:]
            number, new = number + 1, new - 1
        elif old and line[:1] == b"-":
            old -= 1
        elif line[:3] == b"@@ ":
            _, removed, added = line.split(b" ")[:3]
            number = int(added[1:].split(b",")[0])
            old, new = (int(span.split(b",")[1]) if b"," in span else 1 for span in (removed, added))
        elif line[:4] == b"+++ ":
            path = line[6:].rstrip(b"\n\t")  # git quotes a name that holds a control character


def _untracked_lines(root: str, path: bytes) -> Iterator[tuple[bytes, int, bytes]]:
    full = os.path.join(os.fsencode(root), path)
    if os.path.islink(full) or not os.path.isfile(full):
        return
    with open(full, "rb") as file:
        if b"\0" in file.read(8000):  # what git calls binary
            return
        file.seek(0)
        for number, line in enumerate(file, 1):
            yield path, number, line


def _suspicious(lines: Iterable[tuple[bytes, int, bytes]]) -> list[tuple[str, int, str]]:
    import re

    # Only what has a fixed form: the whole list of rules is the pre-commit hook's, which holds.
    kinds = re.compile(
        rb"(?P<conflict_marker>^(?:<{7}|>{7}) )"
        rb"|(?P<private_key>-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY)"
        rb"|(?P<AWS_access_key>\b(?:AKIA|ASIA)[A-Z2-7]{16}\b(?<!EXAMPLE))"
        rb"|(?P<GitHub_token>\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{82})\b)"
        rb"|(?P<GitLab_token>\bglpat-[A-Za-z0-9_-]{20})"
        rb"|(?P<Slack_token>\bxox[abprs]-[0-9]{10,}-[A-Za-z0-9-]{20,})"
        rb"|(?P<Stripe_key>\b[rs]k_live_[A-Za-z0-9]{24,})"
        rb"|(?P<Anthropic_key>\bsk-ant-[a-z]+[0-9]{2}-[A-Za-z0-9_-]{80,})"
        rb"|(?P<Google_key>\bAIza[A-Za-z0-9_-]{35}\b)"
    )
    found = []
    for path, number, line in lines:
        match = kinds.search(line)
        if match:
            name = "".join(c if c.isprintable() else "?" for c in path.decode("utf-8", "replace"))
            found.append((name[:200], number, str(match.lastgroup).replace("_", " ")))
    return found


# ── the catalogs ──────────────────────────────────────────────────────────────────────────────────────


def check_catalogs(raw: bytes) -> dict[str, Any] | None:
    """Tell the agent what its edit broke in a localization catalog; for other files that ends at the path."""
    path: object = os.fsdecode(_text(raw, b'"file_path"'))
    if not path and b'"file_path"' in raw:  # Windows writes paths that JSON escapes
        call = _parse(raw).get("tool_input")
        path = call.get("file_path") if isinstance(call, dict) else ""
    if not isinstance(path, str) or not path:
        return None
    import edited

    if not edited.may_be_catalog(path):
        return None
    root, _ = _repository(os.path.dirname(path))
    if root and _switched_off(root, "check_catalogs"):
        return None
    try:
        said = edited.ask(raw, os.path.dirname(path), SECONDS)
    except edited.NobodyError as error:
        raise UndecidedError(f"this catalog was not checked: {error}") from error
    return {"hookEventName": "PostToolUse", "additionalContext": said} if said else None


# ── shared ────────────────────────────────────────────────────────────────────────────────────────────


def _read() -> bytes:
    raw = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise UndecidedError("the event is larger than 32 MiB; it was not read, and the call goes on")
    return raw


def _text(raw: bytes, key: bytes) -> bytes:
    """Return the text behind the first ``key``; b"" where there is none, or none without escapes."""
    value = raw.partition(key)[2].lstrip(b" :")
    text, closed, _ = value[1:].partition(b'"')
    return text if value[:1] == closed == b'"' and b"\\" not in text else b""


def _parse(raw: bytes) -> dict[str, Any]:
    import json

    try:
        document = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise UndecidedError(f"what was handed over is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise UndecidedError("what was handed over is not a JSON object")
    return document


def _repository(place: object) -> tuple[str, str]:
    """Return (work tree, common git directory) around ``place`` without starting git; empty if none.

    gitrepository-layout(5): `.git` is the directory, or a file that names it; `commondir` in it names the
    directory that linked work trees share.
    """
    folder = place if isinstance(place, str) and os.path.isabs(place) and "\0" not in place else ""
    while folder:
        git = os.path.join(folder, ".git")
        if os.path.isfile(git):
            named = _first_line(git)
            git = os.path.join(folder, named[8:]) if named[:8] == "gitdir: " else git
        if os.path.isfile(os.path.join(git, "HEAD")):
            return folder, os.path.normpath(os.path.join(git, _first_line(os.path.join(git, "commondir"))))
        parent = os.path.dirname(folder)
        folder = parent if parent != folder else ""
    return "", ""


def _first_line(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return os.fsdecode(file.read(4096).partition(b"\n")[0].rstrip(b"\r"))
    except OSError:
        return ""


def _switched_off(root: str, hook: str) -> bool:
    """Tell whether `[hooks]` in the work tree's hunkworks.toml says `HOOK = false`.

    Python 3.9 reads no TOML, so this sees the one form that the documentation shows.
    """
    try:
        with open(os.path.join(root, "hunkworks.toml"), encoding="utf-8", errors="replace") as file:
            text = file.read(1_000_000)
    except OSError:
        return False
    section = ""
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if line.lstrip()[:1] == "[":
            section = "".join(words)
        elif section == "[hooks]" and "".join(words) == f"{hook}=false":
            return True
    return False
