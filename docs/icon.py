"""Draw `.claude-plugin/icon.png`: one hunk in a file: context fades, one line goes, two come.

    python docs/icon.py

Every shape is a rounded box described by its signed distance, which gives smooth edges without a library.
"""

from __future__ import annotations

import math
import struct
import zlib
from pathlib import Path
from typing import NamedTuple

SIZE = 512
OUT = Path(__file__).resolve().parents[1] / ".claude-plugin" / "icon.png"

NIGHT, DUSK = (0x14, 0x17, 0x26), (0x2A, 0x2F, 0x4A)
CONTEXT, AMBER = (0x6B, 0x74, 0x99), (0xFF, 0xC8, 0x57)
GONE, COME = (0xFF, 0x6B, 0x7A), (0x4A, 0xDE, 0x9C)

Colour = tuple[int, int, int]


class Box(NamedTuple):
    """A rounded box by its edges; ``opacity`` between 0 and 1."""

    left: float
    top: float
    right: float
    bottom: float
    radius: float
    colour: Colour
    opacity: float = 1.0

    def coverage(self, x: float, y: float) -> float:
        """Return how much of the pixel centred at (x, y) the box covers."""
        dx = max(self.left + self.radius - x, x - self.right + self.radius)
        dy = max(self.top + self.radius - y, y - self.bottom + self.radius)
        outside = math.hypot(max(dx, 0.0), max(dy, 0.0))
        distance = outside + min(max(dx, dy), 0.0) - self.radius
        return min(max(0.5 - distance, 0.0), 1.0)


def line(top: float, right: float, colour: Colour, opacity: float = 1.0) -> Box:
    """Return one line of code."""
    return Box(176, top, right, top + 36, 18, colour, opacity)


def sign(top: float, colour: Colour, *, plus: bool) -> list[Box]:
    """Return the sign before a changed line."""
    middle = top + 18
    bar = Box(108, middle - 6, 148, middle + 6, 6, colour)
    return [bar, Box(122, middle - 20, 134, middle + 20, 6, colour)] if plus else [bar]


def shapes() -> list[Box]:
    """Return the drawing from back to front."""
    return [
        line(92, 368, CONTEXT, 0.55),
        Box(84, 146, 452, 366, 30, (255, 255, 255), 0.06),
        Box(56, 146, 68, 366, 6, AMBER),
        Box(56, 146, 92, 158, 6, AMBER),
        Box(56, 354, 92, 366, 6, AMBER),
        *sign(174, GONE, plus=False),
        line(174, 344, GONE),
        *sign(238, COME, plus=True),
        line(238, 424, COME),
        *sign(302, COME, plus=True),
        line(302, 304, COME),
        line(384, 408, CONTEXT, 0.55),
    ]


def render() -> bytes:
    """Return the picture as rows of RGBA, each behind a PNG filter byte (2: difference to the row above)."""
    frame = Box(8, 8, SIZE - 8, SIZE - 8, 108, NIGHT)
    boxes = shapes()
    rows: list[bytes] = []
    above = bytes(SIZE * 4)
    for row in range(SIZE):
        y = row + 0.5
        near = [box for box in boxes if box.top - 1 < y < box.bottom + 1]
        pixels = bytearray()
        shade = row / SIZE
        ground = [NIGHT[i] * shade + DUSK[i] * (1 - shade) for i in range(3)]
        for column in range(SIZE):
            x = column + 0.5
            colour = ground
            for box in near:
                amount = box.coverage(x, y) * box.opacity
                if amount:
                    colour = [old + (new - old) * amount for old, new in zip(colour, box.colour, strict=True)]
            pixels += bytes((*(round(value) for value in colour), round(255 * frame.coverage(x, y))))
        rows.append(b"\x02" + bytes((new - old) % 256 for new, old in zip(pixels, above, strict=True)))
        above = bytes(pixels)
    return b"".join(rows)


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return one PNG chunk with its length and checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def main() -> None:
    """Write the icon."""
    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)
    picture = zlib.compress(render(), 9)
    OUT.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", picture) + chunk(b"IEND", b"")
    )


if __name__ == "__main__":
    main()
