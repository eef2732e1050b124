"""GitHub's API from the client's side: limits are kept, and a token goes to one host."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hunkworks.change.github import GitHub, LimitedError, RefusedError, UnansweredError
from hunkworks.errors import UsageError

Answer = tuple[int, dict[str, str], bytes]


class Host:
    """A host on loopback that gives its answers in order, then 200, and keeps what it was asked."""

    def __init__(self) -> None:
        host = self
        self.answers: list[Answer] = []
        self.asked: list[tuple[str, str, str | None]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                host.asked.append((self.command, self.path, self.headers.get("Authorization")))
                status, headers, body = host.answers.pop(0) if host.answers else (200, {}, b"{}")
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def hosts() -> Iterator[tuple[Host, Host]]:
    made = Host(), Host()
    yield made
    for host in made:
        host.server.shutdown()
        host.server.server_close()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def github(hosts: tuple[Host, Host], waits: list[float]) -> GitHub:
    return GitHub(hosts[0].url + "/", "octo/hello", "a-token", pause=waits.append)


def test_a_renamed_repository_is_followed_on_the_same_host(github: GitHub, hosts: tuple[Host, Host]) -> None:
    hosts[0].answers = [(301, {"Location": "/repositories/1/pulls/7"}, b""), (200, {}, b'{"number": 7}')]
    assert github.get("pulls/7") == {"number": 7}
    assert [token for _, _, token in hosts[0].asked] == ["Bearer a-token"] * 2


def test_the_token_goes_to_no_other_host(github: GitHub, hosts: tuple[Host, Host]) -> None:
    here, elsewhere = hosts
    here.answers = [
        (302, {"Location": f"{elsewhere.url}/x"}, b""),
        (200, {"Link": f'<{elsewhere.url}/y>; rel="next"'}, b"[1]"),
    ]
    with pytest.raises(RefusedError, match="sends us to another host"):
        github.get("pulls/7")
    with pytest.raises(UnansweredError, match="another host"):
        list(github.pages("pulls/7/files"))
    assert elsewhere.asked == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_write_is_never_sent_on(github: GitHub, hosts: tuple[Host, Host], status: int) -> None:
    hosts[0].answers = [(status, {"Location": "/repositories/1/pulls/7/reviews"}, b"")]
    with pytest.raises(RefusedError, match="has moved"):
        github.write("POST", "pulls/7/reviews", {})
    assert len(hosts[0].asked) == 1


def test_writes_keep_a_distance_and_reads_do_not(github: GitHub, waits: list[float]) -> None:
    github.get("a")
    github.write("POST", "b", {})
    github.get("c")
    github.write("POST", "d", {})
    assert waits == [1.0]


def test_a_limit_is_waited_for_in_githubs_own_words(
    github: GitHub, hosts: tuple[Host, Host], waits: list[float]
) -> None:
    told = json.dumps({"message": "You have exceeded a secondary rate limit"}).encode()
    hosts[0].answers = [(429, {"retry-after": "3"}, b""), (403, {}, told), (429, {}, b""), (200, {}, b"[]")]
    github.write("POST", "a", {})
    assert waits == [3.0, 120.0, 180.0]


def test_a_refusal_says_why_in_one_line(github: GitHub, hosts: tuple[Host, Host]) -> None:
    body = json.dumps({"message": "Validation\n::error::Failed \x1b[31m", "errors": [{"field": "line"}, "x"]})
    hosts[0].answers = [(422, {}, body.encode())]
    with pytest.raises(RefusedError) as caught:
        github.write("POST", "pulls/7/reviews", {})
    assert caught.value.status == 422
    assert "Validation ::error::Failed [31m; {'field': 'line'}; x" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("body", [b"<html>", b"\xff", b'{"a":'])
def test_what_is_not_json_is_no_answer(github: GitHub, hosts: tuple[Host, Host], body: bytes) -> None:
    hosts[0].answers = [(200, {}, body)] * 4
    with pytest.raises(UnansweredError):
        github.get("pulls/7")


def test_a_list_without_an_end_ends(github: GitHub, hosts: tuple[Host, Host]) -> None:
    hosts[0].answers = [(200, {"Link": f'<{hosts[0].url}/z>; rel="next"'}, b"[]")] * 60
    with pytest.raises(UnansweredError, match="has no end"):
        list(github.pages("pulls/7/files"))


def test_graphql_stands_beside_rest_and_a_refusal_is_one(
    github: GitHub, hosts: tuple[Host, Host], waits: list[float]
) -> None:
    refused = {"data": {"x": None}, "errors": [{"type": "FORBIDDEN", "message": "Resource not\n accessible"}]}
    hosts[0].answers = [
        (502, {}, b""),
        (200, {}, b'{"data": {"x": 1}}'),
        (200, {}, json.dumps(refused).encode()),
    ]
    assert github.graphql("query { x }") == {"x": 1}
    with pytest.raises(RefusedError, match="refuses: Resource not accessible"):
        github.graphql("mutation { x }")
    hosts[0].answers = [(200, {}, b"[]")]
    with pytest.raises(UnansweredError):
        github.graphql("query { x }")
    assert {path for _, path, _ in hosts[0].asked} == {"/graphql"}
    assert (
        GitHub("https://ghe.example.com/api/v3", "octo/hello", "t")._graphql
        == "https://ghe.example.com/api/graphql"
    )


def test_an_answer_without_measure_is_not_read(
    github: GitHub, hosts: tuple[Host, Host], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hunkworks.change.github._MOST_BYTES", 10)
    hosts[0].answers = [(200, {}, b'"' + b"x" * 20 + b'"')]
    with pytest.raises(UnansweredError, match="larger than 10 bytes"):
        github.get("pulls/7")


def test_where_a_person_waits_nothing_is_tried_again(hosts: tuple[Host, Host], waits: list[float]) -> None:
    hosts[0].answers = [(502, {}, b""), (429, {"retry-after": "7"}, b"")]
    github = GitHub(hosts[0].url, "octo/hello", "", tries=1, pause=waits.append)
    with pytest.raises(UnansweredError, match="502"):
        github.get("pulls/7")
    with pytest.raises(LimitedError, match="asks to wait 7 s"):
        github.get("pulls/7")
    assert (waits, [token for _, _, token in hosts[0].asked]) == ([], [None, None])


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("github.com", "https://api.github.com/repos/octo/hello/x"),
        ("octo.ghe.com", "https://api.octo.ghe.com/repos/octo/hello/x"),
        ("ghe.example.com", "https://ghe.example.com/api/v3/repos/octo/hello/x"),
    ],
)
def test_every_forge_is_asked_at_its_own_address(host: str, address: str) -> None:
    github = GitHub.of_environment("octo/hello", host, {}, anonymous=True)
    assert github._url("x") == address


@pytest.mark.parametrize(
    ("host", "more", "token"),
    [
        ("github.com", {}, "home"),
        ("octo.ghe.com", {}, "home"),
        ("ghe.example.com", {}, ""),
        ("ghe.example.com", {"GH_ENTERPRISE_TOKEN": "server"}, "server"),
        ("ghe.example.com", {"GITHUB_API_URL": "https://ghe.example.com/api/v3"}, "home"),
    ],
)
def test_the_token_of_github_is_not_sent_to_a_server_that_a_clone_names(
    host: str, more: dict[str, str], token: str
) -> None:
    """In Actions GITHUB_API_URL says whose GITHUB_TOKEN is."""
    github = GitHub.of_environment("octo/hello", host, {"GITHUB_TOKEN": "home", **more}, anonymous=True)
    assert github._token == token
    if not token:
        with pytest.raises(UsageError) as caught:
            GitHub.of_environment("octo/hello", host, {"GITHUB_TOKEN": "home"})
        assert "GH_ENTERPRISE_TOKEN" in caught.value.fix


@pytest.mark.parametrize("slug", ["", "hello", "a/b/c", "../x", "a/b?x", "a b/c"])
def test_a_name_that_is_no_repository_is_refused(slug: str) -> None:
    with pytest.raises(UsageError):
        GitHub("https://api.github.com", slug, "t")
