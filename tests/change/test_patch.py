"""A patch on standard input: read as it is, or refused with a way out."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from hunkworks.change.model import Side, Status
from hunkworks.change.patch import Patch
from hunkworks.errors import InputError

GIT = b"diff --git a/%s b/%s\nindex 1..2 100644\n--- a/%s\n+++ b/%s\n@@ -1 +1 @@\n-a\n+b\n"


def one(path: bytes) -> bytes:
    return GIT % (path, path, path, path)


def test_a_patch_can_be_read_twice_and_at_once() -> None:
    patch = Patch(io.BytesIO(one(b"f") + one(b"g")))
    assert [(a.path, b.path) for a, b in zip(patch.files(), patch.files(), strict=True)] == [
        ("f", "f"),
        ("g", "g"),
    ]


def test_content_is_at_hand_where_the_patch_holds_all_of_it() -> None:
    added = b"diff --git a/n b/n\nnew file mode 100644\nindex 0000000..1\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+x\n"
    patch = Patch(io.BytesIO(added + one(b"f")))
    new, changed = patch.files()
    assert (patch.content(new, Side.OLD), patch.content(new, Side.NEW)) == (None, b"x\n")
    assert (patch.content(changed, Side.OLD), patch.content(changed, Side.NEW)) == (None, None)


def test_an_empty_patch_is_an_empty_change() -> None:
    assert list(Patch(io.BytesIO(b"")).files()) == []


def test_paths_narrow_a_patch() -> None:
    text = one(b"src/a.py") + one(b"src/b.js") + one(b"docs/c.md")
    assert [file.path for file in Patch(io.BytesIO(text), ("src",)).files()] == ["src/a.py", "src/b.js"]
    assert [file.path for file in Patch(io.BytesIO(text), ("*.md",)).files()] == ["docs/c.md"]
    assert list(Patch(io.BytesIO(text), ("other",)).files()) == []


@pytest.mark.parametrize(
    ("text", "says", "fix"),
    [
        (b"hello\n", "not a unified diff", "git diff"),
        (b"1c1\n< a\n---\n> b\n", "not a unified diff", "git diff"),
        (b"\x1b[1mdiff --git a/f b/f\x1b[m\n", "coloured", "--no-color"),
        (one(b"f") + one(b"f"), "names f twice", "git diff A..B"),
    ],
)
def test_what_is_no_single_change_is_refused(text: bytes, says: str, fix: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        list(Patch(io.BytesIO(text)).files())
    assert fix in caught.value.fix


def test_a_type_change_is_one_file() -> None:
    text = (
        b"diff --git a/f b/f\ndeleted file mode 100644\nindex 1..0\n--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-text\n"
        b"diff --git a/f b/f\nnew file mode 120000\nindex 0..2\n--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+target\n"
        b"\\ No newline at end of file\n"
    )
    patch = Patch(io.BytesIO(text))
    (file,) = patch.files()
    assert (file.status, file.old_mode, file.new_mode) == (Status.TYPE_CHANGED, 0o100644, 0o120000)
    assert (patch.content(file, Side.OLD), patch.content(file, Side.NEW)) == (b"text\n", b"target")


def test_order_does_not_change_the_id() -> None:
    assert Patch(io.BytesIO(one(b"f") + one(b"g"))).id == Patch(io.BytesIO(one(b"g") + one(b"f"))).id


MEASURE = """
import resource, sys
from hunkworks.change.patch import Patch
class Big:
    "A diff of 50 KB files, made while it is read."
    def __init__(self, files):
        hunk = b"".join(b"+%048d\\n" % n for n in range(1000))
        head = b"diff --git a/%d b/%d\\nnew file mode 100644\\n--- /dev/null\\n+++ b/%d\\n@@ -0,0 +1,1000 @@\\n"
        self.parts = (head % (n, n, n) + hunk for n in range(files))
    def read(self, size=-1):
        return next(self.parts, b"")
files = lines = 0
for file in Patch(Big(int(sys.argv[1]))).files():
    files += 1
    lines += file.added
print(files, lines, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def measure(files: int) -> tuple[int, int, int]:
    source = Path(__file__).resolve().parents[2] / "src"
    command = [sys.executable, "-c", MEASURE, str(files)]
    told = subprocess.run(command, env={"PYTHONPATH": str(source)}, capture_output=True, check=True)
    found, lines, memory = map(int, told.stdout.split())
    return found, lines, memory


def test_a_great_patch_is_read_whole_in_the_memory_of_one_file() -> None:
    small, large = measure(4), measure(200)
    assert large[:2] == (200, 200_000)
    assert large[2] < 1.2 * small[2]
