"""A pull request becomes a range of commits, through GitHub's REST API or `gh`, and no branch is made."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from hunkworks.change.pull_request import find_remote
from hunkworks.change.repository import Repository
from hunkworks.change.select import Selector, select
from hunkworks.errors import RepositoryError
from tests.repo import Repo

TOKEN = "ghp_verysecretverysecret"


class Forge:
    """GitHub's one endpoint that we ask, on loopback: answers are scripted, requests are kept."""

    def __init__(self) -> None:
        forge = self
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.seen: list[tuple[str, str | None]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                forge.seen.append((self.path, self.headers.get("Authorization")))
                status, headers, body = forge.answers.get(self.path, (404, {}, b'{"message": "Not Found"}'))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, path: str, body: object, status: int = 200, **headers: str) -> None:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers[path] = (
            status,
            {name.replace("_", "-"): value for name, value in headers.items()},
            text,
        )


@pytest.fixture
def forge(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Forge]:
    made = Forge()
    monkeypatch.setenv("GITHUB_API_URL", made.url + "/")
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    for name in ("GITHUB_REPOSITORY", "GH_TOKEN", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    only_git = tmp_path / "bin"
    only_git.mkdir()
    import shutil

    (only_git / "git").symlink_to(shutil.which("git") or "git")
    monkeypatch.setenv("PATH", str(only_git))
    yield made
    made.server.shutdown()
    made.server.server_close()


class Pull:
    """A bare repository as GitHub keeps it, a pull request in refs/pull/7, and a clone that has not seen it."""

    def __init__(self, repo: Repo) -> None:
        repo.write("f.py", "one\n")
        self.base = repo.commit()
        repo.git("checkout", "-q", "-b", "topic")
        repo.write("g.py", "new\n")
        self.head = repo.commit()
        repo.git("checkout", "-q", "main")
        repo.write("f.py", "later\n")
        self.tip = repo.commit()
        bare = repo.root.parent / "octo/hello.git"
        repo.git("clone", "-q", "--bare", ".", str(bare))
        repo.git("-C", str(bare), "update-ref", "refs/pull/7/head", self.head)
        repo.git("-C", str(bare), "branch", "-D", "-q", "topic")
        repo.git("clone", "-q", bare.as_uri(), "../clone")
        self.clone = Repo.__new__(Repo)
        self.clone.root = repo.root.parent / "clone"
        self.bare = bare
        self.body = {"base": {"sha": self.tip, "ref": "main"}, "head": {"sha": self.head, "ref": "topic"}}

    def select(self) -> list[str]:
        made = select(Repository.discover(self.clone.root), Selector(pr=7))
        assert (made.base, made.head) == (self.base, self.head)
        return [file.path for file in made.files()]

    def references(self) -> str:
        return self.clone.git("for-each-ref")


@pytest.fixture
def pull(repo: Repo, forge: Forge) -> Pull:
    made = Pull(repo)
    # The remote's URL names octo/hello on GitHub; git is sent to the bare repository beside.
    made.clone.git("config", f"url.{made.bare.as_uri()}.insteadOf", "https://github.com/octo/hello.git")
    made.clone.git("remote", "set-url", "origin", "https://github.com/octo/hello.git")
    return made


PATH = "/repos/octo/hello/pulls/7"


def test_through_rest(pull: Pull, forge: Forge) -> None:
    forge.answer(PATH, pull.body)
    before = pull.references()
    assert pull.select() == ["g.py"]
    assert pull.references() == before
    assert not (pull.clone.root / ".git/FETCH_HEAD").exists()
    assert forge.seen == [(PATH, f"Bearer {TOKEN}")]


def test_a_second_time_nothing_is_fetched(pull: Pull, forge: Forge) -> None:
    forge.answer(PATH, pull.body)
    pull.select()
    pull.bare.rename(pull.bare.with_name("gone.git"))
    assert pull.select() == ["g.py"]


def test_without_a_token_none_is_sent(pull: Pull, forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    forge.answer(PATH, pull.body)
    pull.select()
    assert forge.seen == [(PATH, None)]


def test_through_gh_where_it_is_installed(pull: Pull, forge: Forge, tmp_path: Path) -> None:
    gh = tmp_path / "bin/gh"
    arguments = tmp_path / "arguments"
    gh.write_text(
        f"#!/bin/sh\necho \"$@\" > {arguments}\ncat <<'E'\n{json.dumps(pull.body)}\nE\n".replace(
            "cat", "/bin/cat"
        )
    )
    gh.chmod(0o755)
    assert pull.select() == ["g.py"]
    assert arguments.read_text().split() == ["api", "--hostname", "github.com", "repos/octo/hello/pulls/7"]
    assert forge.seen == []


def test_gh_without_a_login_leaves_it_to_rest(pull: Pull, forge: Forge, tmp_path: Path) -> None:
    gh = tmp_path / "bin/gh"
    gh.write_text(
        "#!/bin/sh\necho 'To get started with GitHub CLI, please run:  gh auth login' >&2\nexit 4\n"
    )
    gh.chmod(0o755)
    forge.answer(PATH, pull.body)
    assert pull.select() == ["g.py"]


def test_gh_refusing_is_told(pull: Pull, tmp_path: Path) -> None:
    gh = tmp_path / "bin/gh"
    gh.write_text("#!/bin/sh\necho 'gh: Not Found (HTTP 404)' >&2\nexit 1\n")
    gh.chmod(0o755)
    with pytest.raises(
        RepositoryError, match=r"gh could not read pull request 7 of octo/hello: gh: Not Found"
    ) as caught:
        pull.select()
    assert caught.value.fix == "gh auth login"


@pytest.mark.parametrize(
    ("status", "headers", "body", "says", "fix"),
    [
        (401, {}, b"{}", "refused the token", "GITHUB_TOKEN"),
        (403, {}, b"{}", "does not let us read", "GITHUB_TOKEN"),
        (403, {"x-ratelimit-remaining": "0"}, b"{}", "rate limit", "wait"),
        (429, {"x-ratelimit-remaining": "0"}, b"{}", "rate limit", "wait"),
        (404, {}, b"{}", "there is no pull request 7 of octo/hello, or it is private", "check the number"),
        (500, {}, b"oops", "answered 500", "again"),
        (200, {}, b"<html>", "did not answer with JSON", "GITHUB_API_URL"),
        (200, {}, b"[]", "names no base commit", "GITHUB_API_URL"),
        (200, {}, b'{"base": {"sha": "--upload-pack=x"}}', "names no base commit", "GITHUB_API_URL"),
    ],
)
def test_every_refusal_is_a_sentence_without_the_token(
    pull: Pull, forge: Forge, status: int, headers: dict[str, str], body: bytes, says: str, fix: str
) -> None:
    forge.answer(PATH, body, status, **headers)
    with pytest.raises(RepositoryError, match=says) as caught:
        pull.select()
    assert fix in caught.value.fix
    assert TOKEN not in str(caught.value)


def test_the_token_is_not_carried_to_another_host(pull: Pull, forge: Forge) -> None:
    other = Forge()
    forge.answer(PATH, b"", 302, Location=f"{other.url}/steal")
    with pytest.raises(RepositoryError, match="another host"):
        pull.select()
    assert other.seen == []
    other.server.shutdown()
    other.server.server_close()


def test_a_renamed_repository_is_followed(pull: Pull, forge: Forge) -> None:
    forge.answer(PATH, b"", 301, Location=f"{forge.url}/repositories/1/pulls/7")
    forge.answer("/repositories/1/pulls/7", pull.body)
    assert pull.select() == ["g.py"]
    assert forge.seen[1] == ("/repositories/1/pulls/7", f"Bearer {TOKEN}")


def test_nobody_at_home_is_told(pull: Pull, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9")
    with pytest.raises(RepositoryError, match=r"GitHub did not answer at 127\.0\.0\.1:9") as caught:
        pull.select()
    assert "--range BASE...HEAD" in caught.value.fix


def test_a_pull_request_that_moved_on_meanwhile_is_told(pull: Pull, forge: Forge) -> None:
    forge.answer(PATH, {**pull.body, "head": {"sha": "0" * 39 + "1"}})
    with pytest.raises(RepositoryError, match="does not hold commit 000000000000"):
        pull.select()


@pytest.mark.parametrize(
    ("url", "host", "slug"),
    [
        ("https://github.com/octo/hello", "github.com", "octo/hello"),
        ("https://github.com/octo/hello.git", "github.com", "octo/hello"),
        ("https://me:secret@github.com/octo/hello.js.git", "github.com", "octo/hello.js"),
        ("git@github.com:octo/hello.git", "github.com", "octo/hello"),
        ("ssh://git@ghe.example.com:2222/octo/hello/", "ghe.example.com", "octo/hello"),
    ],
)
def test_the_remote_names_the_repository(repo: Repo, url: str, host: str, slug: str) -> None:
    repo.git("remote", "add", "origin", url)
    found = find_remote(Repository.discover())
    assert (found.name, found.host, found.slug) == ("origin", host, slug)


def test_upstream_comes_before_a_fork_and_actions_says_which(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, owner in (("another", "x"), ("origin", "fork"), ("upstream", "octo")):
        repo.git("remote", "add", name, f"https://github.com/{owner}/hello")
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    assert find_remote(Repository.discover()).name == "upstream"
    monkeypatch.setenv("GITHUB_REPOSITORY", "Fork/hello")
    assert find_remote(Repository.discover()).name == "origin"


def test_no_remote_is_told(repo: Repo) -> None:
    repo.git("remote", "add", "origin", "../somewhere")
    with pytest.raises(RepositoryError, match="no remote of this clone names a repository"):
        find_remote(Repository.discover())


def test_a_workflow_reviews_the_commit_of_its_event_and_asks_nobody(
    repo: Repo, forge: Forge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A push while the workflow waited is another run's work."""
    pull = Pull(repo)
    repo.git("remote", "add", "origin", "https://github.com/octo/hello.git")
    event = tmp_path / "event.json"
    sides = {"base": {"sha": pull.tip}, "head": {"sha": pull.head}}
    event.write_text(json.dumps({"pull_request": {"number": 7, **sides}}))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    monkeypatch.setenv("GITHUB_REPOSITORY", "octo/hello")
    change = select(Repository.discover(repo.root), Selector(pr=7))
    assert (change.base, change.head) == (pull.base, pull.head)
    assert forge.seen == []
