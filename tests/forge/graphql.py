"""GitHub's own description of its GraphQL API, cut to what we ask (MIT, npm @octokit/graphql-schema), and its answers.

``python -m tests.forge.graphql`` fetches the pinned package and writes ``schema.graphql`` anew.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from graphql import (
    DefinitionNode,
    GraphQLError,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    NoDeprecatedCustomRule,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    build_schema,
    execute_sync,
    parse,
    print_ast,
    specified_rules,
    validate,
)

from tests.forge.published import published

HERE = Path(__file__).resolve().parent
CUT = HERE / "schema.graphql"
PACKAGE = "@octokit/graphql-schema@15.26.1"
_NOTICE = (
    b"The cut of GitHub's GraphQL schema in schema.graphql is made from npm @octokit/graphql-schema:\n\n"
)
KEPT: dict[str, list[str]] = {
    "BigInt": [],
    "Mutation": ["resolveReviewThread", "unresolveReviewThread"],
    "PageInfo": ["endCursor", "hasNextPage"],
    "PullRequest": ["reviewThreads"],
    "PullRequestReviewComment": ["databaseId", "fullDatabaseId"],
    "PullRequestReviewCommentConnection": ["nodes"],
    "PullRequestReviewThread": ["comments", "id", "isResolved", "resolvedBy"],
    "PullRequestReviewThreadConnection": ["nodes", "pageInfo"],
    "Query": ["repository"],
    "Repository": ["pullRequest"],
    "ResolveReviewThreadInput": ["clientMutationId", "threadId"],
    "ResolveReviewThreadPayload": ["thread"],
    "UnresolveReviewThreadInput": ["clientMutationId", "threadId"],
    "UnresolveReviewThreadPayload": ["thread"],
    "User": ["login"],
}


@functools.cache
def _schema() -> GraphQLSchema:
    return build_schema(CUT.read_text(encoding="utf-8"))


def breaches(query: str) -> list[str]:
    """Return what in a query GitHub's description does not allow, or will not for long."""
    try:
        found = validate(_schema(), parse(query), [*specified_rules, NoDeprecatedCustomRule])
    except GraphQLError as error:
        found = [error]
    return [f"POST /graphql: {error.message}" for error in found]


def answer(sent: Mapping[str, Any], root: object) -> dict[str, Any]:
    """Return GitHub's answer, errors included; fields come from ``root``'s keys and methods."""
    done = execute_sync(
        _schema(), parse(sent["query"]), root_value=root, variable_values=dict(sent.get("variables") or {})
    )
    if not done.errors:
        return {"data": done.data}
    # As GitHub words it: the kind of the error beside its message.
    errors = [
        {
            "type": getattr(error.original_error, "kind", "INVALID"),
            "message": error.message,
            "path": error.path,
        }
        for error in done.errors
    ]
    return {"data": done.data, "errors": errors}


def cut(whole: str) -> str:
    """Return the kept types and fields of a schema, without prose."""
    definitions = {
        node.name.value: node
        for node in parse(whole, no_location=True).definitions
        if isinstance(
            node, ObjectTypeDefinitionNode | InputObjectTypeDefinitionNode | ScalarTypeDefinitionNode
        )
    }
    return "\n\n".join(print_ast(_trimmed(definitions[name], kept)) for name, kept in KEPT.items()) + "\n"


def _trimmed(node: Any, kept: list[str]) -> DefinitionNode:
    """Return a definition with these of its fields; the directives that stay say what is deprecated."""
    if isinstance(node, ScalarTypeDefinitionNode):
        return replace(node, description=None, directives=())
    fields = [_field(field) for field in node.fields or () if field.name.value in kept]
    plain = {"interfaces": ()} if isinstance(node, ObjectTypeDefinitionNode) else {}
    trimmed: DefinitionNode = replace(node, description=None, directives=(), fields=tuple(fields), **plain)
    return trimmed


def _field(field: Any) -> Any:
    arguments = [
        replace(one, description=None) for one in getattr(field, "arguments", None) or () if _known(one.type)
    ]
    own = {"arguments": tuple(arguments)} if hasattr(field, "arguments") else {}
    deprecated = [one for one in field.directives or () if one.name.value == "deprecated"]
    return replace(field, description=None, directives=tuple(deprecated), **own)


def _known(kind: Any) -> bool:
    """Return whether the cut has the type of an argument."""
    while hasattr(kind, "type"):
        kind = kind.type
    return kind.name.value in {*KEPT, "Boolean", "Float", "ID", "Int", "String"}


def main() -> None:
    """Write the cut anew from the published package."""
    described, licence = published(PACKAGE, "schema.graphql", "LICENSE.md")
    (HERE / "schema.LICENSE").write_bytes(_NOTICE + licence)
    made = cut(described.decode("utf-8"))
    CUT.write_text(made, encoding="utf-8")
    print(f"{CUT}: {len(KEPT)} types, {CUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
