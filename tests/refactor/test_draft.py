"""A draft begins with the expression that differs, whatever else a whole file brings along."""

from __future__ import annotations

import pytest

from hunkworks.refactor.draft import Case, Examples, draft
from hunkworks.rules.recipe import Safety

GO = """\
package p

import (
	"errors"
	"fmt"
)

func f(name string) error {
	if name == "" {
		return errors.New(fmt.Sprintf("no %s", name))
	}
	return nil
}
"""


@pytest.mark.parametrize(
    ("language", "before", "after", "pattern", "fix"),
    [
        (
            "Go",
            GO,
            GO.replace('\t"errors"\n', "")
            .replace("errors.New(fmt.Sprintf(", "fmt.Errorf(")
            .replace("))\n", ")\n"),
            r"errors.New(fmt.Sprintf(\"no %s\", name))",
            r"fmt.Errorf(\"no %s\", name)",
        ),
        (
            "Python",
            "import os\nimport sys\n\n\ndef f(a):\n    x = os.path.join(a, 'b')\n    return x\n",
            "import sys\nfrom pathlib import Path\n\n\ndef f(a):\n    x = Path(a) / 'b'\n    return x\n",
            "os.path.join(a, 'b')",
            "Path(a) / 'b'",
        ),
        ("Python", "def f():\n    Log.d(x)\n", "def f():\n    log.debug(x)\n", "Log.d(x)", "log.debug(x)"),
        ("Python", "Log.d(1)\ny = 2\nLog.d(3)\n", "log.d(1)\ny = 2\nlog.d(3)\n", "Log.d(1)", "log.d(1)"),
        ("Python", "f(a, old=1)\n", "f(a, new=1)\n", "f(a, old=1)", "f(a, new=1)"),
        ("Python", "x = 1\nf(x)\n", "f(1)\n", r"x = 1\nf(x)", "f(1)"),
        (
            "Kotlin",
            "fun f() {\n    Log.d(T, m)\n}\n",
            "fun f() {\n    Timber.d(m)\n}\n",
            "Log.d(T, m)",
            "Timber.d(m)",
        ),
        (
            "Kotlin",
            "fun f() {\n    Log.d(T, m)\n}\n",
            "fun f() {\n    Log.d(m)\n}\n",
            "Log.d(T, m)",
            "Log.d(m)",
        ),
        ("Swift", "let a = b.c(1).d(e: 2)\n", "let a = b.c(1).d(f: 2)\n", "b.c(1).d(e: 2)", "b.c(1).d(f: 2)"),
        (
            "Java",
            "class A { void f() { b.c(1); } }\n",
            "class A { void f() { b.d(1); } }\n",
            "b.c(1)",
            "b.d(1)",
        ),
        ("Python", "a = 1\n", "b = 1\n", "a = 1", "b = 1"),
        (
            "TypeScript",
            "if (a.indexOf(b) !== -1) c()\n",
            "if (a.includes(b)) c()\n",
            "a.indexOf(b) !== -1",
            "a.includes(b)",
        ),
    ],
)
def test_the_smallest_expression_outside_of_imports(
    language: str, before: str, after: str, pattern: str, fix: str
) -> None:
    text = draft("r", language, Safety.MECHANICAL, Examples(rewrite=(Case(before, after),)))
    assert f'  pattern: "{pattern}"\n' in text
    assert f'fix: "{fix}"\n' in text
