"""A human is called by the ways that are configured, with both sides' arguments, once per stop."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hunkworks.config import Paging
from hunkworks.errors import EngineError
from hunkworks.review.manifest import ChangeRef
from hunkworks.review.memory import Loop, Memory, Remembered, Round
from hunkworks.review.paging import Page, deliver, page_of
from tests.review.test_fate import FINDING

CHANGE = ChangeRef("c0ffee", "base", "worktree", "the working tree", "main")
STOPPED = Memory(
    findings=(Remembered(finding=FINDING, reopened=1, disputes=("every caller holds the lock",)),),
    loop=Loop((Round("a", 10), Round("b", 12)), "2 rounds did not settle it"),
)


class Hook(HTTPServer):
    """A webhook on loopback that answers as it is told and keeps what it got."""

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.pages: list[Any] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/page"


class _Handler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.server.answers.pop(0)
        if answer < 300:
            self.server.pages.append(json.loads(body))
        self.send_response(answer)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[Hook]:
    server = Hook()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def page() -> Page:
    return page_of(STOPPED, CHANGE)


def send(config: Paging, hook: Hook | None = None, trusted: bool = False) -> list[str]:
    waited: list[float] = []
    environment = {"PAGE": hook.address} if hook else {}
    return deliver(page(), config, lambda _: trusted, waited.append, environment)


def test_the_page_holds_the_reason_the_findings_and_both_sides(hook: Hook) -> None:
    hook.answers = [200]
    assert send(Paging(webhook="PAGE"), hook) == ["webhook"]
    (told,) = hook.pages
    assert told["why"] == "2 rounds did not settle it"
    assert told["rounds"] == [10, 12]
    assert told["open"][0]["finding"]["message"] == FINDING.message
    assert told["open"][0]["disputes"] == ["every caller holds the lock"]


def test_a_webhook_that_fails_for_a_moment_is_tried_again(hook: Hook) -> None:
    hook.answers = [503, 429, 200]
    assert send(Paging(webhook="PAGE"), hook) == ["webhook"]
    assert len(hook.pages) == 1


def test_a_webhook_that_refuses_is_not_asked_again(hook: Hook) -> None:
    hook.answers = [403]
    with pytest.raises(EngineError, match="refused the page: 403"):
        send(Paging(webhook="PAGE"), hook)


def test_a_webhook_that_stays_down_is_an_error(hook: Hook) -> None:
    hook.answers = [500, 500, 500]
    with pytest.raises(EngineError, match="did not take the page in 3 tries: 500"):
        send(Paging(webhook="PAGE"), hook)


def test_a_webhook_without_an_address_says_which_variable_to_set() -> None:
    with pytest.raises(EngineError, match="fix: export PAGE=https://"):
        send(Paging(webhook="PAGE"))


def test_a_command_runs_only_when_it_is_trusted(tmp_path: Path) -> None:
    out = tmp_path / "page.json"
    command = (sys.executable, "-c", f"import sys; open({str(out)!r}, 'w').write(sys.stdin.read())")
    with pytest.raises(EngineError, match="fix: hunkworks trust"):
        send(Paging(command=command))
    assert not out.exists()
    assert send(Paging(command=command), trusted=True) == ["command"]
    assert msgspec.json.decode(out.read_bytes(), type=Page) == page()


def test_a_command_that_fails_is_an_error() -> None:
    with pytest.raises(EngineError, match="ended with 3"):
        send(Paging(command=(sys.executable, "-c", "raise SystemExit(3)")), trusted=True)


def test_nothing_configured_sends_nothing() -> None:
    assert send(Paging()) == []


def test_as_a_comment_it_reads_well() -> None:
    text = page().text()
    assert text.startswith("**Hunkworks stopped and asks a human**: 2 rounds did not settle it")
    assert "the author's side: every caller holds the lock" in text
