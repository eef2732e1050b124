"""GitHub's API for one repository: state in memory and in a real bare repository, every answer held to the contract.

It refuses what GitHub refuses: a review with a comment outside the diff (whole), a request for changes from the
author, a write with a token that may not, a ref that is moved from elsewhere.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.forge import graphql
from tests.forge.contract import breaches, instance
from tests.forge.gitdata import ROUTES, Answer, GitData, NoError
from tests.forge.threads import Threads

BOT = "github-actions[bot]"
WRITE, READ, ADA = "ghs_write", "ghs_read", "ghp_ada"


@dataclass
class Pull:
    """One pull request."""

    number: int
    base: str
    head: str
    author: str = "ada"
    state: str = "open"
    listed: bool = True  # a list that is read page by page may leave out one that moved meanwhile
    reviews: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    resolved: dict[int, str] = field(default_factory=dict)  # who resolved the thread that a comment began


class FakeGitHub(GitData):
    """The server. ``url`` is its API; ``written`` lists the writes that were done.

    ``breaches`` says where a request or an answer is not what GitHub describes. A fault is asked before every request:
    a status and headers stand for the answer, status 0 does what was asked and cuts the line.
    """

    def __init__(self, bare: Path, slug: str = "octo/hello") -> None:
        super().__init__(bare)
        self.slug = slug
        self.pulls: dict[int, Pull] = {}
        self.logins = {WRITE: BOT, READ: BOT, ADA: "ada"}
        self.written: list[str] = []
        self.asked: list[str] = []
        self.breaches: list[str] = []
        self.faults: list[Callable[[str, str], tuple[int, dict[str, str]] | None]] = []
        self.page = 100
        self.resolves = True  # the token's right to, which GitHub ties to ``contents: write``
        self.hidden: set[int] = set()  # lines that the diff lists and that take no comment all the same
        self._next = 1000
        self._diffs: dict[tuple[str, str], dict[str, str]] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def answer(
        self, method: str, target: str, token: str, body: bytes | None
    ) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body for a request."""
        with self._lock:
            parts = urlsplit(target)
            query = dict(parse_qsl(parts.query))
            self.asked.append(f"{method} {parts.path}")
            if parts.path == "/graphql":
                return self._graphql(token, json.loads(body or b""))
            try:
                status, found = self._routed(method, parts.path, token, body)
            except NoError as no:
                status, found = (
                    no.status,
                    {"message": no.message, "documentation_url": "https://docs.github.com/rest"},
                )
            headers: dict[str, str] = {}
            if isinstance(found, list):
                found, headers = self._paged(found, query, target)
            data = b"" if found is None else json.dumps(found).encode()
            # GitHub answers these everywhere and does not describe them everywhere.
            if status != 401 and (method, status) != ("DELETE", 403):
                self.breaches += breaches(method, parts.path, query, body, status, data)
            if method != "GET" and status < 400:
                self.written.append(f"{method} {parts.path.removeprefix(f'/repos/{self.slug}/')}")
            return status, headers, data

    def _paged(
        self, items: list[Any], query: dict[str, str], target: str
    ) -> tuple[list[Any], dict[str, str]]:
        page, size = int(query.get("page", 1)), min(int(query.get("per_page", 30)), self.page)
        if page * size >= len(items):
            return items[(page - 1) * size :], {}
        link = f"{self.url}{urlsplit(target).path}?per_page={size}&page={page + 1}"
        return items[(page - 1) * size : page * size], {"Link": f'<{link}>; rel="next"'}

    def _routed(self, method: str, path: str, token: str, body: bytes | None) -> Answer:
        login = self.logins.get(token)
        if login is None:
            raise NoError(401, "Bad credentials")
        if path == "/user":
            if login == BOT:
                raise NoError(403, "Resource not accessible by integration")
            return 200, instance("private-user", login=login, user_view_type="private")
        if method != "GET" and token == READ:
            raise NoError(403, "Resource not accessible by integration")
        rest = path.removeprefix(f"/repos/{self.slug}/")
        sent = json.loads(body) if body else {}
        for pattern, function in [*_ROUTES, *ROUTES]:
            found = re.fullmatch(pattern, f"{method} {rest}")
            if found and rest != path:
                return function(self, login, sent, *found.groups())
        raise NoError(404, "Not Found")

    # Pull requests

    def _pull(self, number: str) -> Pull:
        if int(number) not in self.pulls:
            raise NoError(404, "Not Found")
        return self.pulls[int(number)]

    def get_pull(self, _login: str, _sent: Any, number: str) -> Answer:
        pull = self._pull(number)
        made = instance("pull-request", number=pull.number, state=pull.state)
        made["head"] |= {"sha": pull.head}
        made["base"] |= {"sha": pull.base}
        return 200, made | {"user": _user(pull.author)}

    def get_pulls(self, _login: str, _sent: Any) -> Answer:
        """List those that are open; nobody here asks for others."""
        pulls = [pull for pull in self.pulls.values() if pull.state == "open" and pull.listed]
        return 200, [instance("pull-request-simple", number=one.number, state=one.state) for one in pulls]

    def get_files(self, _login: str, _sent: Any, number: str) -> Answer:
        pull = self._pull(number)
        files = []
        for path, patch in self._diff(pull).items():
            one = instance("diff-entry", filename=path, status="modified")
            files.append(one | ({"patch": patch} if patch else {}))
        return 200, files

    def _diff(self, pull: Pull) -> dict[str, str]:
        span = (pull.base, pull.head)
        if span not in self._diffs:
            self._diffs[span] = self._patches(pull)
        return self._diffs[span]

    def _patches(self, pull: Pull) -> dict[str, str]:
        patches = {}
        names = self.git("diff", "-z", "--name-only", f"{pull.base}...{pull.head}").split(b"\0")
        for name in filter(None, names):
            text = self.git(
                "diff",
                "--no-color",
                f"{pull.base}...{pull.head}",
                "--",
                f":(literal){name.decode('utf-8', 'replace')}",
            )
            start = text.find(b"\n@@ ")
            patches[name.decode("utf-8", "replace")] = (
                text[start + 1 :].decode("utf-8", "replace").removesuffix("\n") if start >= 0 else ""
            )
        return patches

    def _shown(self, pull: Pull, path: str, side: str, line: int) -> int | None:
        """Return the number of the hunk that shows a line, or None."""
        hunk = old = new = 0
        if line in self.hidden:
            return None
        for row in self._diff(pull).get(path, "").split("\n"):
            if header := re.match(r"@@ -(\d+)(?:,\d+)? \+(\d+)", row):
                hunk, old, new = hunk + 1, int(header[1]), int(header[2])
            elif row.startswith("-"):
                if (side, line) == ("LEFT", old):
                    return hunk
                old += 1
            elif row.startswith("+"):
                if (side, line) == ("RIGHT", new):
                    return hunk
                new += 1
            elif row.startswith(" "):
                if line == (new if side == "RIGHT" else old):
                    return hunk
                old, new = old + 1, new + 1
        return None

    def get_reviews(self, _login: str, _sent: Any, number: str) -> Answer:
        return 200, self._pull(number).reviews

    def post_review(self, login: str, sent: Any, number: str) -> Answer:
        pull = self._pull(number)
        event = sent.get("event")
        if event in ("APPROVE", "REQUEST_CHANGES") and login == pull.author:
            raise NoError(422, f"Can not {event.lower().replace('_', ' ')} on your own pull request")
        if len(sent.get("body", "")) > 65_536:
            raise NoError(422, "Body is too long (maximum is 65536 characters)")
        made = [
            self._comment(pull, login, {"commit_id": sent["commit_id"], **one})
            for one in sent.get("comments", [])
        ]
        state = {"COMMENT": "COMMENTED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "APPROVE": "APPROVED"}[event]
        review = instance(
            "pull-request-review", id=self._id(), user=_user(login), body=sent["body"], state=state
        )
        pull.reviews.append(review | {"commit_id": sent["commit_id"]})
        pull.comments += [comment | {"pull_request_review_id": review["id"]} for comment in made]
        return 200, pull.reviews[-1]

    def _comment(self, pull: Pull, login: str, sent: Any) -> dict[str, Any]:
        hunk = self._shown(pull, sent["path"], sent["side"], sent["line"])
        first = self._shown(pull, sent["path"], sent["side"], sent.get("start_line", sent["line"]))
        if hunk is None or first != hunk or sent["commit_id"] != pull.head:
            raise NoError(422, "Line could not be resolved")
        if sent.get("start_line", 0) >= sent["line"] or len(sent["body"]) > 65_536:
            raise NoError(422, "start_line must precede the end line, or the body is too long")
        own = {key: sent[key] for key in ("path", "body", "commit_id", "line", "side")}
        start = {key: sent[key] for key in ("start_line", "start_side") if key in sent}
        return instance("pull-request-review-comment", id=self._id(), user=_user(login), **own, **start)

    def put_review(self, login: str, sent: Any, number: str, review: str) -> Answer:
        found = self._own(self._pull(number).reviews, review, login)
        found["body"] = sent["body"]
        return 200, found

    def put_dismissal(self, _login: str, _sent: Any, number: str, review: str) -> Answer:
        (found,) = [one for one in self._pull(number).reviews if one["id"] == int(review)]
        found["state"] = "DISMISSED"
        return 200, found

    def get_comments(self, _login: str, _sent: Any, number: str) -> Answer:
        return 200, self._pull(number).comments

    def post_comment(self, login: str, sent: Any, number: str) -> Answer:
        pull = self._pull(number)
        pull.comments.append(self._comment(pull, login, sent))
        return 201, pull.comments[-1]

    def patch_comment(self, login: str, sent: Any, comment: str) -> Answer:
        found = self._own([one for pull in self.pulls.values() for one in pull.comments], comment, login)
        found["body"] = sent["body"]
        return 200, found

    @staticmethod
    def _own(items: list[dict[str, Any]], name: str, login: str) -> dict[str, Any]:
        found = [one for one in items if one["id"] == int(name)]
        if not found or found[0]["user"]["login"] != login:
            raise NoError(403, "Resource not accessible by integration")
        return found[0]

    def _graphql(self, token: str, sent: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        if token not in self.logins:
            return 401, {}, b'{"message": "Bad credentials"}'
        self.breaches += graphql.breaches(sent["query"])
        answer = graphql.answer(
            sent, Threads(self, self.logins[token], writes=self.resolves and token != READ)
        )
        return 200, {}, json.dumps(answer).encode()

    def _id(self) -> int:
        self._next += 1
        return self._next


def _user(login: str) -> dict[str, Any]:
    return instance("simple-user", login=login, type="Bot" if login.endswith("[bot]") else "User")


_N = r"pulls/(\d+)"
_ROUTES: list[tuple[str, Callable[..., Answer]]] = [
    (r"GET pulls", FakeGitHub.get_pulls),
    (rf"GET {_N}", FakeGitHub.get_pull),
    (rf"GET {_N}/files", FakeGitHub.get_files),
    (rf"GET {_N}/reviews", FakeGitHub.get_reviews),
    (rf"POST {_N}/reviews", FakeGitHub.post_review),
    (rf"PUT {_N}/reviews/(\d+)", FakeGitHub.put_review),
    (rf"PUT {_N}/reviews/(\d+)/dismissals", FakeGitHub.put_dismissal),
    (rf"GET {_N}/comments", FakeGitHub.get_comments),
    (rf"POST {_N}/comments", FakeGitHub.post_comment),
    (r"PATCH pulls/comments/(\d+)", FakeGitHub.patch_comment),
]


def _handler(fake: FakeGitHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size) if size else None
            token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            fault = next(filter(None, (one(self.command, self.path) for one in fake.faults)), None)
            if fault is not None and fault[0] != 0:
                status, headers, data = *fault, b'{"message": "a fault"}'
            else:
                status, headers, data = fake.answer(self.command, self.path, token, body)
                if fault is not None:  # done, and then the line goes dead
                    self.close_connection = True
                    return
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    return Handler
