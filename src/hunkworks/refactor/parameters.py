"""The values of a recipe's parameters: chosen, checked against their type, or their defaults."""

from __future__ import annotations

from collections.abc import Mapping

from hunkworks.errors import UsageError
from hunkworks.rules.recipe import Parameter, ParameterType, Recipe

_FORMS = {
    ParameterType.IDENTIFIER: "one name of letters, digits and _",
    ParameterType.NAME: "names with dots between them",
    ParameterType.TEXT: "one line without quotes, backslashes, backticks, $, % and braces",
    ParameterType.NUMBER: "a number",
    ParameterType.BOOLEAN: "true or false",
}


def chosen(recipe: Recipe, given: Mapping[str, str], *, asked: bool = False) -> dict[str, str]:
    """Return the value of every parameter that has one.

    Args:
        recipe: Whose parameters.
        given: What the run chose, by name.
        asked: Also take values that a judge names; else giving one is an error.

    Raises:
        UsageError: No such parameter, a value that is not of its type, or one that is missing.
    """
    known = {parameter.name: parameter for parameter in recipe.parameters}
    for name in given:
        if name not in known:
            from hunkworks.rules.schema import nearest

            raise UsageError(
                f"the recipe has no parameter {name!r}", fix=nearest(name, known, "hunkworks recipe show ID")
            )
    values: dict[str, str] = {}
    for name, parameter in known.items():
        if name in given:
            if parameter.ask and not asked:
                raise UsageError(
                    f"{name} is named for each match by whoever judges it", fix=f"leave out --set {name}"
                )
            values[name] = _checked(parameter, given[name])
        elif parameter.default is not None and not (parameter.ask and not asked):
            values[name] = parameter.default
        elif not parameter.ask:
            raise UsageError(
                f"the parameter {name} has no value", fix=f"--set {name}=…: {parameter.description}"
            )
    return values


def _checked(parameter: Parameter, value: str) -> str:
    if parameter.allows(value):
        return value
    expected = (
        "one of " + ", ".join(parameter.choices)
        if parameter.type is ParameterType.CHOICE
        else _FORMS[parameter.type]
    )
    raise UsageError(f"{value!r} cannot be {parameter.name}", expected=expected)
