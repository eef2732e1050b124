"""The methods that Python calls by its syntax: https://docs.python.org/3/reference/datamodel.html"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_OPERATORS = {"add": r"\+", "sub": "-", "mul": r"\*", "truediv": "/", "floordiv": "//", "mod": "%", "matmul": "@",
              "pow": r"\*\*", "and": "&", "or": r"\|", "xor": r"\^", "lshift": "<<", "rshift": ">>"}  # fmt: skip
SYNTAX: Mapping[str, str] = MappingProxyType(
    {f"__{prefix}{name}__": sign for name, sign in _OPERATORS.items() for prefix in ("", "r", "i")}
    | dict.fromkeys(("__enter__", "__exit__"), r"(?<!async )\bwith\b|\benter_context\b")
    | dict.fromkeys(("__aenter__", "__aexit__"), r"\basync with\b|\benter_async_context\b")
    | dict.fromkeys(("__iter__", "__next__"), r"(?<!async )\bfor\b|\b(?:list|tuple|set|iter|next|sorted|any|all)\(")
    | dict.fromkeys(("__aiter__", "__anext__"), r"\basync for\b|\b(?:aiter|anext)\(")
    | dict.fromkeys(("__eq__", "__hash__"), r"==|!=|\bassert\w*Equal|\b(?:set|dict|hash)\(|\{|\bin\b")
    | {"__ne__": "!=", "__lt__": r"[<>]|\bsorted\(|\b(?:min|max)\(|\.sort\(", "__le__": "[<>]=", "__gt__": "[<>]",
       "__ge__": "[<>]=", "__len__": r"\blen\(", "__contains__": r"\bin\b", "__getitem__": r"[\w)\]]\[",
       "__setitem__": r"\]\s*=(?!=)", "__delitem__": r"\bdel\b", "__bool__": r"\b(?:if|not|bool|assert|and|or)\b",
       "__repr__": r"\brepr\(|!r|\bstr\(", "__str__": r"\bstr\(|\bformat\(|\bprint\(", "__call__": r"\w\(",
       "__await__": r"\bawait\b", "__getattr__": r"\w\.\w", "__getattribute__": r"\w\.\w",
       "__setattr__": r"\.\w+\s*=(?!=)", "__int__": r"\bint\(", "__float__": r"\bfloat\(",
       "__bytes__": r"\bbytes\(", "__format__": r"\bformat\(",
       "__del__": r"\bdel\b", "__neg__": r"-\w", "__invert__": r"~\w", "__reversed__": r"\breversed\(",
       "__abs__": r"\babs\(",
       "__copy__": r"\bcopy\(", "__deepcopy__": r"\bdeepcopy\(", "__reduce__": r"\bpickle\b|\bdumps\(",
       "__getstate__": r"\bpickle\b|\bdumps\(", "__setstate__": r"\bpickle\b|\bloads\(", "__delattr__": r"\bdel\b",
       "__init_subclass__": r"\bclass\b", "__class_getitem__": r"\w\[",
       "__index__": r"\[", "__fspath__": r"\b(?:open|fspath|Path)\("}
)  # fmt: skip
