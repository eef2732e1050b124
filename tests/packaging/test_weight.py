"""What a user installs is small, and its picture is what the directory asks for."""

from __future__ import annotations

import struct
import sys
import zlib
from pathlib import Path

from evals.size import MOST_BYTES, installed, tracked
from hunkworks.scaffold.project import RUN_FROM

ROOT = Path(__file__).resolve().parents[2]


def test_an_installed_plugin_weighs_less_than_three_megabytes() -> None:
    sizes = {path: size for path, size in tracked().items() if installed(path)}
    assert sizes, "nothing was weighed"
    heaviest = sorted(sizes.items(), key=lambda item: -item[1])[:5]
    assert sum(sizes.values()) < MOST_BYTES, f"the heaviest: {heaviest}"


def test_the_readme_has_the_client_check_out_what_the_pack_runs_from() -> None:
    assert f"--sparse {' '.join(RUN_FROM)}\n" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_icon_is_a_small_square_png() -> None:
    data = (ROOT / ".claude-plugin" / "icon.png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    assert width == height
    assert 512 <= width <= 2048
    assert len(data) < 50_000


def test_the_icon_is_what_its_script_draws() -> None:
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        import icon  # type: ignore[import-not-found]
    finally:
        sys.path.remove(str(ROOT / "docs"))
    data = (ROOT / ".claude-plugin" / "icon.png").read_bytes()
    start = data.index(b"IDAT")
    length = struct.unpack(">I", data[start - 4 : start])[0]
    assert zlib.decompress(data[start + 4 : start + 4 + length]) == icon.render()
