"""Which failure of a call is tried again, which passes the question on, and which ends the task."""

from __future__ import annotations

from enum import StrEnum

LONGEST = 200  # characters of a stranger's words


class Cause(StrEnum):
    """Why a call gave no answer."""

    BUSY = "has too much to do"  # 429, 529
    BROKEN = "fails"  # other 5xx
    SLOW = "does not answer in time"
    UNREACHABLE = "cannot be reached"
    CUT = "broke off its answer"
    GARBLED = "answered what is no message"
    FORBIDDEN = "refused the key"  # 401, 402, 403
    REJECTED = "refused the request"  # other 4xx

    @property
    def passes(self) -> bool:
        """Whether asking the same again may help."""
        return self not in {Cause.FORBIDDEN, Cause.REJECTED}

    @property
    def falls_back(self) -> bool:
        """Whether another endpoint is asked when retries did not help: it cannot answer now, whatever was asked."""
        return self in {Cause.BUSY, Cause.BROKEN, Cause.SLOW, Cause.UNREACHABLE}


class CallError(Exception):
    """A call that gave no answer.

    Args:
        cause: What decides about retries and fallbacks.
        words: The particulars, such as ``status 529: Overloaded``.
        retry_after: The seconds that the endpoint asked to be left alone, if it did.
        charged: Whether the endpoint may have charged for it: it was sent, and no status said no.
    """

    def __init__(
        self, cause: Cause, words: str, *, retry_after: float | None = None, charged: bool = False
    ) -> None:
        # A stranger's words stand in terminals, logs and reports: one short line that does nothing there.
        words = "".join(c if c.isprintable() else "�" for c in " ".join(words.split()))[:LONGEST]
        super().__init__(f"{cause} ({words})")
        self.cause = cause
        self.words = words
        self.retry_after = retry_after
        self.charged = charged


def of_status(
    status: int, words: str, *, retry_after: float | None = None, charged: bool = False
) -> CallError:
    """Return the failure that an HTTP status means."""
    cause = Cause.REJECTED
    if status in {429, 529}:
        cause = Cause.BUSY
    elif status in {408, 504}:
        cause = Cause.SLOW
    elif status >= 500:
        cause = Cause.BROKEN
    elif status in {401, 402, 403}:
        cause = Cause.FORBIDDEN
    elif status < 400:
        cause = Cause.GARBLED
    return CallError(cause, f"status {status}: {words}", retry_after=retry_after, charged=charged)


# What an error event inside a stream says instead of a status: https://docs.claude.com/en/api/errors
OF_KIND = {
    "overloaded_error": 529,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "authentication_error": 401,
    "permission_error": 403,
    "billing_error": 402,
    "not_found_error": 404,
    "request_too_large": 413,
    "invalid_request_error": 400,
}


def seconds(retry_after: str | None) -> float | None:
    """Return what a ``retry-after`` header asks for, in seconds or as a date; None where it says nothing sane."""
    if not retry_after:
        return None
    try:
        asked = float(retry_after)
    except ValueError:
        from datetime import UTC, datetime
        from email.utils import parsedate_to_datetime

        try:
            asked = (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError):  # a date without a zone cannot be compared
            return None
    return max(0.0, asked) if asked < 86_400 else None  # also drops nan and inf
