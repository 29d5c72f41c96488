"""Tiny pictures of goods, drawn in code: every row of a sample book has its own, and none was taken from anybody.

A PNG is a signature and three chunks (width and height, the pixels deflated, the end); for a small icon that is too
little to ask a library for.
"""

from __future__ import annotations

import random
import struct
import zlib

SIDE_PX = 20
_PAPER = (250, 248, 242)


def picture(chance: random.Random) -> bytes:
    """A PNG of SIDE_PX x SIDE_PX: a box, a ball or a bag in a colour of its own, with a stripe, on paper."""
    shape = chance.choice((_in_box, _in_ball, _in_bag))
    body = (chance.randrange(30, 230), chance.randrange(30, 230), chance.randrange(30, 230))
    stripe = (255 - body[0], 255 - body[1], 255 - body[2])
    stripe_row = chance.randrange(6, 15)
    rows = bytearray()
    for y in range(SIDE_PX):
        rows.append(0)  # the filter of this row of pixels: none
        for x in range(SIDE_PX):
            if not shape(x, y):
                rows += bytes(_PAPER)
            else:
                rows += bytes(stripe if y == stripe_row else body)
    header = struct.pack(">IIBBBBB", SIDE_PX, SIDE_PX, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(bytes(rows), 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _in_box(x: int, y: int) -> bool:
    return 3 <= x <= 16 and 5 <= y <= 15


def _in_ball(x: int, y: int) -> bool:
    return (x - 10) ** 2 + (y - 10) ** 2 <= 56


def _in_bag(x: int, y: int) -> bool:
    body = 4 <= x <= 15 and 7 <= y <= 16
    handle = (y in (3, 4, 5, 6) and x in (7, 12)) or (y == 3 and 7 <= x <= 12)
    return body or handle
