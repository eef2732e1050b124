"""GitHub's own description of its API, cut to what we ask (MIT, npm @octokit/openapi; see openapi.LICENSE).

``python -m tests.forge.openapi`` fetches the pinned package and writes ``openapi.json`` anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.forge.published import published

HERE = Path(__file__).resolve().parent
CUT = HERE / "openapi.json"
PACKAGE = "@octokit/openapi@23.0.2"
_NOTICE = b"The cut of GitHub's OpenAPI description in openapi.json is made from npm @octokit/openapi:\n\n"
_REPO = "/repos/{owner}/{repo}"
KEPT = {
    "/user": ["get"],
    f"{_REPO}/pulls": ["get"],
    f"{_REPO}/pulls/{{pull_number}}": ["get"],
    f"{_REPO}/pulls/{{pull_number}}/files": ["get"],
    f"{_REPO}/pulls/{{pull_number}}/reviews": ["get", "post"],
    f"{_REPO}/pulls/{{pull_number}}/reviews/{{review_id}}": ["put"],
    f"{_REPO}/pulls/{{pull_number}}/reviews/{{review_id}}/dismissals": ["put"],
    f"{_REPO}/pulls/{{pull_number}}/comments": ["get", "post"],
    f"{_REPO}/pulls/comments/{{comment_id}}": ["patch"],
    f"{_REPO}/git/ref/{{ref}}": ["get"],
    f"{_REPO}/git/refs": ["post"],
    f"{_REPO}/git/refs/{{ref}}": ["patch", "delete"],
    f"{_REPO}/git/matching-refs/{{ref}}": ["get"],
    f"{_REPO}/git/blobs": ["post"],
    f"{_REPO}/git/blobs/{{file_sha}}": ["get"],
    f"{_REPO}/git/trees": ["post"],
    f"{_REPO}/git/trees/{{tree_sha}}": ["get"],
    f"{_REPO}/git/commits": ["post"],
    f"{_REPO}/git/commits/{{commit_sha}}": ["get"],
}
_PROSE = {"examples", "example", "externalDocs", "tags", "summary", "x-github"}


def cut(whole: dict[str, Any]) -> dict[str, Any]:
    """Return the kept operations with everything they refer to, without prose."""
    paths: dict[str, Any] = {}
    for path, methods in KEPT.items():
        operations = whole["paths"][path]
        paths[path] = {key: value for key, value in operations.items() if key in {*methods, "parameters"}}
    kept: dict[str, Any] = {"components": {}}
    waiting = [paths]
    while waiting:
        for reference in _references(waiting.pop()):
            _, _, kind, name = reference.split("/")
            held = kept["components"].setdefault(kind, {})
            if name not in held:
                held[name] = whole["components"][kind][name]
                waiting.append(held[name])
    info = {"title": "GitHub's REST API, cut", "version": whole["info"]["version"]}
    servers = [{"url": "http://127.0.0.1"}]
    return {
        "openapi": whole["openapi"],
        "info": info,
        "servers": servers,
        "paths": _plain(paths),
        **_plain(kept),
    }


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [
            found for key, value in node.items() if key not in _PROSE for found in _references(value)
        ]
    return [found for item in node for found in _references(item)] if isinstance(node, list) else []


def _plain(node: Any, *, names: bool = False) -> Any:
    """Leave out prose; a response must have a description. With ``names`` the keys are properties' names."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    plain = {}
    for key, value in node.items():
        if key == "description" and isinstance(value, str):
            plain[key] = ""
        elif names or key not in _PROSE:
            plain[key] = _plain(value, names=key == "properties" and not names)
    return plain


def main() -> None:
    """Write the cut anew from the published package."""
    described, licence = published(PACKAGE, "generated/api.github.com.json", "LICENSE")
    (HERE / "openapi.LICENSE").write_bytes(_NOTICE + licence)
    made = cut(json.loads(described))
    CUT.write_text(json.dumps(made, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8")
    print(f"{CUT}: {len(made['paths'])} paths, {CUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
