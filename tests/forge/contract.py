"""Hold requests and answers against GitHub's OpenAPI description, and make answers that fit it."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from typing import Any

from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from tests.forge.openapi import CUT

_REF = re.compile(r"(/git/(?:matching-)?refs?/)(.+)")
_MADE = {"date-time": "2026-01-02T03:04:05Z", "uri": "https://github.com/octo", "email": "a@example.com"}


@functools.cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(CUT.read_text(encoding="utf-8"))
    return document


@functools.cache
def _api() -> OpenAPI:
    return OpenAPI.from_dict(_document())


class _Request:
    """A request as openapi-core wants it."""

    content_type = "application/json"
    host_url = "http://127.0.0.1"

    def __init__(self, method: str, path: str, query: Mapping[str, str], body: bytes | None) -> None:
        self.method = method.lower()
        self.path = _REF.sub(r"\1ref", path)  # a ref holds slashes, which OpenAPI's templates do not
        self.body = body
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(query), header=Headers(), cookie=ImmutableMultiDict(), path={}
        )


class _Response:
    content_type = "application/json"
    headers: Mapping[str, Any] = {}

    def __init__(self, status: int, data: bytes) -> None:
        self.status_code = status
        self.data = data


def breaches(
    method: str, path: str, query: Mapping[str, str], sent: bytes | None, status: int, answer: bytes
) -> list[str]:
    """Return what in a request and its answer GitHub's description does not allow.

    A request that was refused is refused for a reason, and is not held against it.
    """
    found = [] if status >= 400 else refused(method, path, query, sent)
    try:
        _api().validate_response(_Request(method, path, query, sent), _Response(status, answer))
    except OpenAPIError as error:
        found.append(f"{method} {path}: the answer {status}: {_reason(error)}")
    return found


def refused(method: str, path: str, query: Mapping[str, str], sent: bytes | None) -> list[str]:
    """Return what in a request GitHub's description does not allow."""
    try:
        _api().validate_request(_Request(method, path, query, sent))
    except OpenAPIError as error:
        return [f"{method} {path}: the request: {_reason(error)}"]
    return []


def _reason(error: BaseException) -> str:
    inner = getattr(error.__cause__, "schema_errors", None) or []
    return f"{error}: " + "; ".join(f"{list(item.absolute_path)} {item.message}" for item in inner)[:600]


def instance(name: str, **own: Any) -> dict[str, Any]:
    """Return the smallest value of a named schema, with these of its keys."""
    made: dict[str, Any] = _smallest({"$ref": f"#/components/schemas/{name}"})
    return made | own


def _smallest(schema: Mapping[str, Any]) -> Any:
    if "$ref" in schema:
        node: Any = _document()
        for part in schema["$ref"].removeprefix("#/").split("/"):
            node = node[part]
        return _smallest(node)
    if schema.get("nullable"):
        return None
    for several in ("allOf", "anyOf", "oneOf"):
        if several in schema:
            parts = [_smallest(part) for part in schema[several]]
            return (
                {key: value for part in parts for key, value in part.items()}
                if several == "allOf"
                else parts[0]
            )
    if schema.get("enum"):
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            known = schema.get("properties", {})
            return {key: _smallest(known.get(key, {})) for key in schema.get("required", [])}
        case "array":
            return [_smallest(schema["items"])] * schema.get("minItems", 0)
        case "string":
            return _MADE.get(schema.get("format", ""), "x")
        case "integer" | "number":
            return 1
        case "boolean":
            return False
    return {}
