"""GitHub's API with the standard library: one request at a time, its limits kept, its token told to nobody.

https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api: writes one after the other with a
second between them; ``retry-after`` and ``x-ratelimit-reset`` are waited for.
"""

from __future__ import annotations

import json
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.parse import urlencode, urlsplit

from hunkworks.errors import RepositoryError, UsageError

_TIMEOUT = 30
_TRIES = 4
_LONGEST_WAIT = 600.0
_BETWEEN_WRITES = 1.0
_PER_PAGE = 100
_MOST_PAGES = 40  # GitHub lists at most 3,000 files of a pull request
_MOST_BYTES = 64 << 20
_HOME = "github.com"
_TOKENS = ("GITHUB_TOKEN", "GH_TOKEN")
_SERVER_TOKENS = ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")
_SLUG = re.compile(r"[A-Za-z0-9_-]+/(?!\.\.?\Z)[A-Za-z0-9._-]+")
_CHECK_URL = "check GITHUB_API_URL"
_FIXES = {
    401: "set {} to a token that is valid",
    403: "give the token the permission that this needs (in a workflow: permissions)",
    404: "check the number and the repository, or give the token access to it",
}


class RefusedError(RepositoryError):
    """GitHub understood and said no; nothing was done. ``status`` is its answer's."""

    def __init__(self, status: int, what: str, fix: str) -> None:
        super().__init__(what, fix=fix)
        self.status = status


class LimitedError(RefusedError):
    """GitHub asks to wait, ``seconds`` long, and nobody here does."""

    def __init__(self, status: int, seconds: float) -> None:
        what = f"GitHub's rate limit is used up: it asks to wait {seconds:.0f} s"
        super().__init__(status, what, "run it again later")
        self.seconds = seconds


class UnansweredError(RepositoryError):
    """No answer, or one that does not say whether a write was done: look before it is tried again."""


class GitHub:
    """One repository on GitHub."""

    def __init__(
        self,
        api: str,
        slug: str,
        token: str,
        *,
        variable: str = "GITHUB_TOKEN",
        tries: int = 0,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Nothing is asked yet.

        Args:
            api: The API's address, such as ``https://api.github.com``.
            slug: ``OWNER/NAME``.
            token: Sent to ``api`` and nowhere else; "" asks as nobody.
            variable: Where a token is looked for, as messages name it.
            tries: How often a request is made that may be made again; 1 where a person waits.
            pause: Waits so many seconds.

        Raises:
            UsageError: ``api`` is no web address, or ``slug`` is no repository's name.
        """
        if urlsplit(api).scheme not in ("http", "https"):
            raise UsageError("GITHUB_API_URL is not a web address", expected="https://…", found=api)
        if not _SLUG.fullmatch(slug):
            raise UsageError(f"{slug!r} is not a repository on GitHub", expected="OWNER/NAME")
        self.slug = slug
        self._api = api.rstrip("/")
        # A server of one's own has it at /api/graphql, beside /api/v3.
        self._graphql = self._api.removesuffix("/v3") + "/graphql"
        self._token = token
        self.variable = variable
        self._tries = tries or _TRIES
        self._pause = pause
        self._wrote = False
        self._opener = urllib.request.build_opener(_SameHost)

    @classmethod
    def of_environment(
        cls,
        slug: str = "",
        host: str = _HOME,
        environment: Mapping[str, str] = os.environ,
        *,
        anonymous: bool = False,
        tries: int = 0,
    ) -> GitHub:
        """Return the repository ``slug``, or the one that GITHUB_REPOSITORY names, with the token of the environment.

        Args:
            slug: ``OWNER/NAME``.
            host: Where it is, as its clone's address says; GITHUB_API_URL overrides.
            environment: Where address, name and token stand.
            anonymous: Ask as nobody where there is no token.
            tries: As for the class.

        Raises:
            UsageError: No repository or no token is named.
        """
        api = environment.get("GITHUB_API_URL")
        # https://cli.github.com/manual/gh_help_environment: the token of github.com is not for every server.
        names = _TOKENS if api or _is_home(host) else _SERVER_TOKENS
        token = next(filter(None, map(environment.get, names)), "")
        if not token and not anonymous:
            raise UsageError("there is no token for GitHub", fix=f"export {names[0]}=… (or: gh auth token)")
        name = slug or environment.get("GITHUB_REPOSITORY", "")
        if not name:
            raise UsageError("which repository on GitHub is meant", fix="export GITHUB_REPOSITORY=OWNER/NAME")
        return cls(api or _api_of(host), name, token, variable=names[0], tries=tries)

    def get(self, path: str) -> Any:
        """Return what stands at ``path`` of the repository.

        Raises:
            RefusedError, UnansweredError: As for :meth:`write`.
        """
        return self._ask("GET", self._url(path), None)[0]

    def pages(self, path: str, **query: str) -> Iterator[Any]:
        """Yield every item of a list, page by page.

        Raises:
            UnansweredError: The list has no end.
        """
        url = f"{self._url(path)}?{urlencode({**query, 'per_page': _PER_PAGE})}"
        for _ in range(_MOST_PAGES):
            items, headers = self._ask("GET", url, None)
            if not isinstance(items, list):
                raise UnansweredError(f"GitHub's answer for {path} is no list", fix=_CHECK_URL)
            yield from items
            following = re.search(r'<([^<>]+)>;\s*rel="next"', headers.get("link", ""))
            if following is None:
                return
            url = following[1]
            if not url.startswith(self._api + "/"):
                raise UnansweredError("GitHub sends us to another host", fix=_CHECK_URL)
        raise UnansweredError(f"GitHub's list for {path} has no end", fix=_CHECK_URL)

    def write(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Create, change or delete something and return GitHub's answer.

        Raises:
            RefusedError: GitHub said no.
            UnansweredError: It may be done or not.
        """
        self._keep_distance()
        sent = None if body is None else json.dumps(body).encode("ascii")
        return self._ask(method, self._url(path), sent)[0]

    def graphql(self, query: str, **variables: Any) -> Any:
        """Return the data of an answer of GitHub's GraphQL API.

        Args:
            query: What is asked, or a mutation that says what is to hold: either may be sent more than once.
            variables: Its variables.

        Raises:
            RefusedError: GitHub said no, to a part of it or to all.
            UnansweredError: There is no answer.
        """
        if query.startswith("mutation"):
            self._keep_distance()
        body = json.dumps({"query": query, "variables": variables}).encode("ascii")
        answer = self._ask("POST", self._graphql, body, again=True)[0]
        if not isinstance(answer, dict):
            raise UnansweredError("GitHub's answer is none of its GraphQL API", fix=_CHECK_URL)
        if errors := _errors(answer):
            said = _line(one.get("message") if isinstance(one, dict) else one for one in errors)
            raise RefusedError(200, f"GitHub's GraphQL API refuses: {said}", _FIXES[403])
        return answer.get("data")

    def login(self) -> str:
        """Return who the token belongs to; the one of a workflow may not ask, and is the actions' own."""
        try:
            user = self._ask("GET", f"{self._api}/user", None)[0]
        except RefusedError as error:
            if error.status in (401, 404):
                raise
            return "github-actions[bot]"
        return str(user.get("login", "")) if isinstance(user, dict) else ""

    def _url(self, path: str) -> str:
        return f"{self._api}/repos/{self.slug}" + (f"/{path}" if path else "")

    def _keep_distance(self) -> None:
        if self._wrote:
            self._pause(_BETWEEN_WRITES)
        self._wrote = True

    def _ask(
        self, method: str, url: str, body: bytes | None, *, again: bool = False
    ) -> tuple[Any, HTTPMessage]:
        """Ask once, and again where nothing was done: a limit, or no answer to a read; or where twice is as once."""
        again = again or method == "GET"
        for left in reversed(range(self._tries)):
            tried = self._tries - left
            try:
                with self._opener.open(self._request(method, url, body), timeout=_TIMEOUT) as response:
                    return _json(response.read(_MOST_BYTES + 1)), response.headers
            except urllib.error.HTTPError as error:
                with error:
                    told = _message(error)
                wait = _wait(error, told, tried)
                if wait is None and not (error.code >= 500 and again and left):
                    raise self._refused(error, told, method, url) from None
                if wait is not None and (wait > _LONGEST_WAIT or not left):
                    raise LimitedError(error.code, wait) from None
                self._pause(wait if wait is not None else 2.0**tried)
            except (OSError, HTTPException) as error:
                if not again or not left:
                    reason = getattr(error, "reason", error)
                    raise UnansweredError(
                        f"GitHub did not answer at {urlsplit(url).netloc}: {reason}",
                        fix="run the same command again",
                    ) from None
                self._pause(2.0**tried)
        raise AssertionError("the last try returns or raises")

    def _request(self, method: str, url: str, body: bytes | None) -> urllib.request.Request:
        request = urllib.request.Request(url, data=body, method=method)  # noqa: S310 (checked in __init__)
        request.add_header("Accept", "application/vnd.github+json")
        request.add_header("X-GitHub-Api-Version", "2022-11-28")
        request.add_header("User-Agent", "hunkworks")
        if body is not None:
            request.add_header("Content-Type", "application/json")
        if self._token:
            request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        return request

    def _refused(self, error: urllib.error.HTTPError, told: str, method: str, url: str) -> RepositoryError:
        path = urlsplit(url).path
        what = f"GitHub answered {error.code} to {method} {path}" + (f": {told}" if told else "")
        if error.code >= 500:
            return UnansweredError(what, fix="run the same command again")
        moved = "the repository has moved: name it as it is called now"
        fix = _FIXES.get(error.code, moved if error.code < 400 else "")
        return RefusedError(error.code, what, fix.format(self.variable))


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follow a renamed repository when reading, on the same host; a write is never sent elsewhere."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if req.get_method() != "GET":
            return None
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if (old.scheme, old.netloc) != (new.scheme, new.netloc):
            what = f"{old.netloc} sends us to another host, {new.netloc}"
            raise RefusedError(code, what, "correct GITHUB_API_URL")
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        if following is not None and (token := req.get_header("Authorization")):
            following.add_unredirected_header("Authorization", token)
        return following


def _api_of(host: str) -> str:
    """Return the address of the API of a forge, by the host that clones name (docs.github.com, "GitHub API URL")."""
    return f"https://api.{host}" if _is_home(host) else f"https://{host}/api/v3"


def _is_home(host: str) -> bool:
    """Return whether GitHub itself runs the host."""
    return host == _HOME or host.endswith(".ghe.com")


def _wait(error: urllib.error.HTTPError, told: str, tries: int) -> float | None:
    """Return for how long GitHub asks to wait, or None where it refuses for another reason."""
    if error.code not in (403, 429):
        return None
    after, left = error.headers.get("retry-after", ""), error.headers.get("x-ratelimit-remaining", "")
    if after.isdigit():
        return float(after)
    reset = error.headers.get("x-ratelimit-reset", "")
    if left == "0" and reset.isdigit():
        return max(float(reset) - time.time(), 0.0) + 1
    if error.code == 429 or left == "0" or "rate limit" in told.lower():
        return 60.0 * tries
    return None


def _message(error: urllib.error.HTTPError) -> str:
    """Return GitHub's own words, "" where it says none."""
    try:
        answer = json.loads(error.read(65_536))
    except (ValueError, RecursionError, OSError, HTTPException):
        return ""
    return _line([answer.get("message"), *_errors(answer)]) if isinstance(answer, dict) else ""


def _errors(answer: Mapping[str, Any]) -> list[Any]:
    errors = answer.get("errors") or []
    return errors if isinstance(errors, list) else [errors]


def _line(parts: Iterable[object]) -> str:
    """Return parts in one line that is not too long and moves no cursor."""
    return re.sub(r"[^\x21-\x7e]+", " ", "; ".join(str(part) for part in parts if part))[:300]


def _json(text: bytes) -> Any:
    if not text:
        return None
    if len(text) > _MOST_BYTES:
        raise UnansweredError(f"GitHub's answer is larger than {_MOST_BYTES:,} bytes", fix=_CHECK_URL)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnansweredError(f"GitHub did not answer with JSON: {error}", fix=_CHECK_URL) from None
