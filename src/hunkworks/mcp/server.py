"""The pack's MCP server: the tools of agents that read what strangers wrote.

`packet`, `show`, `grep`, `record` and `vote` review a change; `units` and `translations` translate it; `residue` and
`answers` judge what a recipe could not decide.

One file beside the tools' definitions in `agents/tools.json`, standard library only, from Python 3.9: it is up at once
and needs no environment. Each call of a tool runs the command of that name in a process of its own, so that calls of
several agents run side by side, a crash costs one answer, and the environment is looked for only when a tool is first
called.

Protocol: Model Context Protocol over stdio, JSON-RPC 2.0, one message per line
(https://modelcontextprotocol.io/specification).
"""

from __future__ import annotations

import json
import os
import sys
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing alone would cost a tenth of the start
    from typing import Any

# The revision answered when the client asks for one that is not known here.
PROTOCOLS = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]
TIMEOUT = 300  # seconds: the first call may build the environment
AT_ONCE = 8

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

# What agents may call, in one text: a headless run hands the same to an API.
with open(os.path.join(ROOT, "agents", "tools.json"), encoding="utf-8") as _file:
    TOOLS: list[dict[str, Any]] = json.load(_file)
READ_STDIN = ("record", "vote", "translations", "answers")
# Which command a tool is, where that is not `hunkworks review TOOL`.
COMMANDS = {
    "units": ["translate", "units"],
    "translations": ["translate", "apply", "--answered"],
    "residue": ["recipe", "residue"],
    "answers": ["recipe", "answer"],
}


class BadCallError(Exception):
    """The arguments of a call are not of its form."""


def command(tool: str, arguments: dict[str, Any]) -> tuple[list[str], bytes | None]:
    """Return the command line of a call, the tool's name first, and what it reads on standard input.

    Every value is one argument, behind ``--option=`` or ``--``: none can be taken for an option.
    """
    schema = next((item["inputSchema"] for item in TOOLS if item["name"] == tool), None)
    if schema is None:
        raise BadCallError("there is no tool " + json.dumps(tool))
    for name in schema["required"]:
        if name not in arguments:
            raise BadCallError(tool + " needs " + name)
    for name, value in arguments.items():
        kind = schema["properties"].get(name, {}).get("type")
        expected = {"string": str, "integer": int, "array": list}.get(kind)
        if expected is None:
            raise BadCallError(tool + " takes no " + json.dumps(name))
        if not isinstance(value, expected) or isinstance(value, bool):
            raise BadCallError(name + " has to be of type " + kind)
    if tool in READ_STDIN:
        return [tool, "--json"], json.dumps(arguments).encode("utf-8")
    position = schema["required"][0]
    options = ["--{}={}".format(name, value) for name, value in arguments.items() if name != position]
    return [tool, *options, "--", arguments[position]], None


def call(tool: str, arguments: dict[str, Any]) -> tuple[str, bool]:
    """Run a tool and return its text, and whether it failed."""
    import subprocess

    try:
        line, stdin = command(tool, arguments)
        launcher = os.path.join(ROOT, "bin", "hunkworks.cmd" if os.name == "nt" else "hunkworks")
        done = subprocess.run(
            [launcher, *COMMANDS.get(tool, ["review", tool]), *line[1:]],
            input=stdin or b"",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=TIMEOUT,
            check=False,
        )
    except BadCallError as error:
        return str(error), True
    except subprocess.TimeoutExpired:
        return "no answer within {} s; fix: hunkworks doctor".format(TIMEOUT), True
    except (OSError, ValueError) as error:
        return "the command could not be started: {}; fix: reinstall the plugin".format(error), True
    text = done.stdout.decode("utf-8", "replace")
    # An answer of which something was refused exits 1 and says so on stdout: that is an answer.
    failed = done.returncode not in ((0, 1) if tool in READ_STDIN else (0,))
    if failed:
        text = (
            done.stderr.decode("utf-8", "replace")
            or text
            or "failed with exit code {}".format(done.returncode)
        )
    return text, failed


def answer(message: dict[str, Any]) -> dict[str, Any] | None:
    """Return the response to one JSON-RPC message, or None where none is due (a notification, a response)."""
    method, ident = message.get("method"), message.get("id")
    if not isinstance(method, str) or "id" not in message:
        return None
    parameters = message.get("params") or {}
    if method == "initialize":
        asked = parameters.get("protocolVersion")
        result: dict[str, Any] = {
            "protocolVersion": asked if asked in PROTOCOLS else PROTOCOLS[-1],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "hunkworks", "version": version()},
        }
    elif method == "ping":
        result = {}
    elif method == "tools/list":
        result = {"tools": TOOLS}
    elif method == "tools/call":
        arguments = parameters.get("arguments") or {}
        if not isinstance(arguments, dict):
            return _error(ident, -32602, "arguments have to be an object")
        text, failed = call(str(parameters.get("name")), arguments)
        result = {"content": [{"type": "text", "text": text}], "isError": failed}
    else:
        return _error(ident, -32601, "there is no method " + method)
    return {"jsonrpc": "2.0", "id": ident, "result": result}


def version() -> str:
    """Return the pack's version from its manifest; "0" where it cannot be read."""
    try:
        with open(os.path.join(ROOT, ".claude-plugin", "plugin.json"), encoding="utf-8") as file:
            return str(json.load(file)["version"])
    except (OSError, ValueError, KeyError):
        return "0"


def _error(ident: Any, code: int, text: str) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": ident, "error": {"code": code, "message": text}}


def serve() -> None:
    """Answer until standard input ends. Calls run side by side; each answer is written as one line."""
    writing = threading.Lock()
    places = threading.BoundedSemaphore(AT_ONCE)
    calls: list[threading.Thread] = []

    def respond(response: dict[str, Any] | None) -> None:
        if response is not None:
            with writing:
                sys.stdout.buffer.write(json.dumps(response).encode("utf-8") + b"\n")
                sys.stdout.buffer.flush()

    def run(message: dict[str, Any]) -> None:
        with places:
            respond(answer(message))

    for line in sys.stdin.buffer:
        if not line.strip():
            continue
        try:
            message = json.loads(line)
        except ValueError:
            respond(_error(None, -32700, "not JSON"))
            continue
        if not isinstance(message, dict):
            respond(_error(None, -32600, "expected one JSON-RPC message per line"))
        elif message.get("method") == "tools/call":
            thread = threading.Thread(target=run, args=(message,))
            thread.start()
            calls = [running for running in calls if running.is_alive()]
            calls.append(thread)
        else:
            respond(answer(message))
    for thread in calls:
        thread.join()


if __name__ == "__main__":
    serve()
