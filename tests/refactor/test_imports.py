"""Imports are sorted in, never doubled, and dropped only where nothing else uses the name."""

from __future__ import annotations

import pytest

from hunkworks.refactor.proposing import with_imports
from hunkworks.refactor.source import Source
from hunkworks.rules import tree
from hunkworks.rules.recipe import Recipe, Safety

PATHS = {
    "Python": "a.py",
    "TypeScript": "a.ts",
    "Go": "a.go",
    "Kotlin": "A.kt",
    "Java": "A.java",
    "Swift": "A.swift",
}


def imported(language: str, text: str, add: tuple[str, ...] = (), drop: tuple[str, ...] = ()) -> str:
    recipe = Recipe(Safety.MECHANICAL, imports_add=add, imports_drop=drop)
    done = with_imports(recipe, Source(PATHS[language], text.encode(), language))
    assert tree.faults(tree.parse(done.text, language)) == 0
    assert with_imports(recipe, done).data == done.data, "a second pass changes nothing"
    return done.text


@pytest.mark.parametrize(
    ("language", "text", "add", "expected"),
    [
        ("Python", "import os\nimport sys\n\nx\n", "import re", "import os\nimport re\nimport sys\n\nx\n"),
        ("Python", "x = 1\n", "import os", "import os\n\nx = 1\n"),
        (
            "Python",
            '#!/usr/bin/env python\n# Licence.\n\n"""Promise."""\n\nx = 1\n',
            "import os",
            '#!/usr/bin/env python\n# Licence.\n\n"""Promise."""\n\nimport os\n\nx = 1\n',
        ),
        ("Python", "import six\n\nx\n", "import os", "import os\n\nimport six\n\nx\n"),
        ("Python", "\ufeffx = 1\r\n", "import os", "\ufeffimport os\r\n\r\nx = 1\r\n"),
        ("Python", "from typing import Any\n", "from typing import Any", "from typing import Any\n"),
        ("Python", "from a import B, D\n", "from a import C", "from a import B, C, D\n"),
        ("Python", "from a import D, B\n", "from a import C", "from a import D, B, C\n"),
        ("Python", "from a import (\n    B,\n)\n", "from a import C", "from a import (\n    B,\n    C,\n)\n"),
        (
            "Python",
            "try:\n    import re\nexcept E: ...\n",
            "import re",
            "import re\n\ntry:\n    import re\nexcept E: ...\n",
        ),
        (
            "TypeScript",
            "import { a } from 'x';\n",
            'import { b as c } from "x"',
            "import { a, b as c } from 'x';\n",
        ),
        (
            "TypeScript",
            '"use client"\nf()\n',
            "import a from 'b'",
            '"use client"\n\nimport a from "b"\n\nf()\n',
        ),
        (
            "TypeScript",
            "import a from 'b';\n",
            "import z from './z'",
            "import a from 'b';\n\nimport z from './z';\n",
        ),
        ("Go", "package a\n\nfunc f() {}\n", 'import "fmt"', 'package a\n\nimport "fmt"\n\nfunc f() {}\n'),
        ("Go", 'package a\n\nimport (\n\t"os"\n)\n', '"fmt"', 'package a\n\nimport (\n\t"fmt"\n\t"os"\n)\n'),
        ("Go", 'package a\n\nimport "os"\n', 'import "fmt"', 'package a\n\nimport "fmt"\nimport "os"\n'),
        ("Kotlin", "package a\n\nimport b.c\n", "import b.d", "package a\n\nimport b.c\nimport b.d\n"),
        ("Kotlin", "package a\n\nimport b.*\n", "import b.d", "package a\n\nimport b.*\n"),
        ("Java", "package a;\n\nimport c.D;\n", "import b.B", "package a;\n\nimport b.B;\nimport c.D;\n"),
        ("Swift", "// Licence.\n\nlet x = 1\n", "import os", "// Licence.\n\nimport os\n\nlet x = 1\n"),
        ("Swift", "// About x.\nlet x = 1\n", "import os", "import os\n\n// About x.\nlet x = 1\n"),
        (
            "Swift",
            "#if os(iOS)\nimport UIKit\n#endif\nlet x = 1\n",
            "import os",
            "import os\n\n#if os(iOS)\nimport UIKit\n#endif\nlet x = 1\n",
        ),
    ],
)
def test_an_import_is_added_where_it_belongs(language: str, text: str, add: str, expected: str) -> None:
    assert imported(language, text, (add,)) == expected


@pytest.mark.parametrize(
    ("language", "text", "drop", "expected"),
    [
        ("Python", "import os\nx = 1\n", "import os", "x = 1\n"),
        ("Python", "import os\nx = os.sep\n", "import os", "import os\nx = os.sep\n"),
        ("Python", "from a import B, C, D\nC\n", "from a import B, D", "from a import C\nC\n"),
        (
            "Python",
            "from a import (\n    B,\n    C,\n)\nC\n",
            "from a import B",
            "from a import (\n    C,\n)\nC\n",
        ),
        ("Python", "from a import B\n# B is old\n", "from a import B", "from a import B\n# B is old\n"),
        (
            "TypeScript",
            "import { a, b } from 'x'\nb()\n",
            'import { a } from "x"',
            "import { b } from 'x'\nb()\n",
        ),
        (
            "Go",
            'package a\n\nimport (\n\t"os"\n\t"fmt"\n)\n\nvar x = os.A\n',
            '"fmt"',
            'package a\n\nimport (\n\t"os"\n)\n\nvar x = os.A\n',
        ),
        ("Java", "package a;\nimport b.C;\nclass X {}\n", "import b.C", "package a;\nclass X {}\n"),
    ],
)
def test_an_import_goes_where_nothing_uses_it(language: str, text: str, drop: str, expected: str) -> None:
    assert imported(language, text, drop=(drop,)) == expected


def test_what_comes_and_goes_in_one_statement() -> None:
    text = "from typing import Any, Dict\nx: Any\n"
    assert imported("Python", text, ("from typing import cast",), ("from typing import Dict",)) == (
        "from typing import Any, cast\nx: Any\n"
    )
