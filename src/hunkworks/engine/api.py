"""One call of one endpoint through the ``anthropic`` SDK: the only file that imports it (2 s, the extra ``[api]``).

The SDK reads keys, base URLs and headers from the environment by itself and follows redirects. Here every client
belongs to one base URL and one key, follows none, and its last step before the network replaces all headers by an
allow-list: what leaves is what stands in ``_headers``, whatever the environment holds.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import Any, Protocol

from hunkworks import paths
from hunkworks.engine.endpoints import Endpoint
from hunkworks.engine.failures import OF_KIND, CallError, Cause, of_status, seconds
from hunkworks.engine.reply import Reply, assemble
from hunkworks.errors import ConfigError

VERSION = "2023-06-01"  # of the API: https://docs.claude.com/en/api/versioning
LONGEST = 16_000_000  # bytes of one answer: an endless stream is no answer
_CONNECT = 15.0  # seconds
_SILENCE = 120.0  # seconds without a byte: an API that thinks sends pings
_DEADLINE = "hunkworks.deadline"
_FROM_HTTP = ("host", "connection", "content-type", "content-length", "transfer-encoding")


class Sender(Protocol):
    """Who makes one call."""

    def ready(self) -> None:
        """Load what a call needs, so that it leaves as soon as its turn has come."""

    def send(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Reply:
        """Return the answer to one request of the Messages API.

        Raises:
            CallError: There was none.
        """

    def close(self) -> None:
        """Break off what is under way and give connections back."""


class Api:
    """Calls endpoints, each through a client of its own.

    Args:
        environment: Where keys are looked up.
        timeout: Seconds that one call may take.
        header: How a host wants its key, by base URL: ``x-api-key`` where not ``authorization``.

    Raises:
        ConfigError: The ``anthropic`` package is not installed.
    """

    def __init__(
        self, environment: Mapping[str, str], timeout: float, header: Mapping[str, str] | None = None
    ) -> None:
        if not _installed():
            raise ConfigError(
                "judging through an API needs the anthropic package, which is not installed", fix=_install()
            )
        self._environment = environment
        self._timeout = timeout
        self._header = header or {}
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def ready(self) -> None:
        """Import the SDK, which takes two seconds the first time."""
        import anthropic  # noqa: F401

    def send(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Reply:
        """Return the answer to one request of the Messages API.

        Raises:
            CallError: There was none; the SDK's and the network's errors as one.
        """
        import anthropic
        import httpx2

        try:
            with self._client(endpoint).post(
                "/v1/messages",
                cast_to=object,
                body={**body, "stream": True},
                stream=True,
                stream_cls=anthropic.Stream[object],
            ) as stream:
                kind = stream.response.headers.get("content-type", "none").partition(";")[0].strip().lower()
                if kind != "text/event-stream":
                    words = f"content type {kind} instead of text/event-stream"
                    raise CallError(Cause.GARBLED, words, charged=kind == "application/json")
                return assemble(stream)
        except anthropic.APIStatusError as error:
            raise _of_status_error(error) from error
        except anthropic.APITimeoutError as error:
            unsent = isinstance(error.__cause__, httpx2.ConnectTimeout | httpx2.PoolTimeout)
            cause = Cause.UNREACHABLE if unsent else Cause.SLOW
            raise CallError(cause, "no answer in time", charged=not unsent) from error
        except anthropic.APIConnectionError as error:
            raise _of_network(error.__cause__ or error, begun=False) from error
        except httpx2.TransportError as error:  # while the stream is read, the SDK does not translate
            raise _of_network(error, begun=True) from error
        except (ValueError, anthropic.AnthropicError) as error:  # an event that is not JSON, or not UTF-8
            raise CallError(Cause.GARBLED, f"{type(error).__name__}: {error}", charged=True) from error

    def close(self) -> None:
        """Break off what is under way and give connections back."""
        with self._lock:
            clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            client.close()

    def _client(self, endpoint: Endpoint) -> Any:
        with self._lock:
            made = self._clients.get((endpoint.base_url, endpoint.key))
            if made is None:
                made = self._clients[endpoint.base_url, endpoint.key] = self._make(endpoint)
            return made

    def _make(self, endpoint: Endpoint) -> Any:
        import anthropic
        import httpx2

        key = self._environment[endpoint.key].strip()
        place = httpx2.URL(endpoint.base_url).netloc

        def leave(request: httpx2.Request) -> None:
            if request.url.netloc != place:
                raise httpx2.UnsupportedProtocol(
                    f"a call of {endpoint.host} was turned to {request.url.host}"
                )
            kept = {name: request.headers[name] for name in _FROM_HTTP if name in request.headers}
            request.headers = httpx2.Headers({**kept, **_headers(key, self._header.get(endpoint.base_url))})
            request.extensions[_DEADLINE] = time.monotonic() + self._timeout

        def arrive(response: httpx2.Response) -> None:
            stream: Any = response.stream

            class Bounded(httpx2.SyncByteStream):
                def __iter__(self) -> Iterator[bytes]:
                    return _bounded(stream, response.request.extensions[_DEADLINE])

                def close(self) -> None:
                    stream.close()

            response.stream = Bounded()

        timeout = httpx2.Timeout(min(_SILENCE, self._timeout), connect=min(_CONNECT, self._timeout))
        http = httpx2.Client(
            timeout=timeout,
            follow_redirects=False,
            event_hooks={"request": [leave], "response": [arrive]},
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=20),
        )
        return anthropic.Anthropic(
            api_key=key,
            base_url=endpoint.base_url,
            max_retries=0,
            timeout=timeout,
            http_client=http,
            open_telemetry=False,
        )


def _headers(key: str, header: str | None) -> dict[str, str]:
    secret = {"x-api-key": key} if header == "x-api-key" else {"authorization": f"Bearer {key}"}
    return {
        "accept": "text/event-stream, application/json",
        "accept-encoding": "identity",  # a few compressed bytes could hold an endless answer
        "anthropic-version": VERSION,
        "user-agent": f"hunkworks/{paths.version()}",
        **secret,
    }


def _bounded(stream: Any, deadline: float) -> Iterator[bytes]:
    """Yield what arrives until the deadline: a host that sends a byte now and then never meets a read's timeout."""
    received = 0
    for chunk in stream:
        received += len(chunk)
        if time.monotonic() > deadline:
            raise CallError(Cause.SLOW, "the answer took too long", charged=True)
        if received > LONGEST:
            raise CallError(Cause.GARBLED, f"the answer is longer than {LONGEST:,} bytes", charged=True)
        yield chunk


def _of_status_error(error: Any) -> CallError:
    status = int(error.status_code)
    inside = status < 300  # an error event, after the stream had begun
    kind = str(error.type or "")
    words = str(error.api_message or kind or "no reason given")
    if inside:
        status = OF_KIND.get(kind, 500)
    after = seconds(error.response.headers.get("retry-after"))
    return of_status(status, words, retry_after=after, charged=inside)


def _of_network(error: BaseException, *, begun: bool) -> CallError:
    import httpx2

    if isinstance(error, CallError):  # ours, through the SDK
        return error
    words = f"{type(error).__name__}: {error}"
    if isinstance(error, httpx2.ConnectError | httpx2.UnsupportedProtocol | httpx2.ProxyError):
        return CallError(Cause.UNREACHABLE, words)
    if isinstance(error, httpx2.TimeoutException):
        return CallError(Cause.SLOW, words, charged=True)
    return CallError(Cause.CUT if begun else Cause.UNREACHABLE, words, charged=True)


def _installed() -> bool:
    """Return whether the SDK is there, without the two seconds that importing it takes."""
    try:
        return find_spec("anthropic") is not None
    except ValueError:  # somebody put None in its place
        return False


def _install() -> str:
    plugin = (paths.pack("requirements") / "api.lock").is_file()
    return "hunkworks environment build --extra api" if plugin else "pip install 'hunkworks[api]'"


def size(body: Mapping[str, Any]) -> int:
    """Return the bytes of a request as it is sent."""
    return len(json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"))
