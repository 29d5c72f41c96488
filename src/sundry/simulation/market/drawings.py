"""Photos of goods, drawn in code: some for each trade, and none was taken from anybody.

Problem: two million goods with photos of their own are two million files, and a market whose photos are all alike shows
nothing of what finds photos that are. Therefore some hundreds of drawings serve all goods. Each is the sign of its
trade (a cup, a ring, a shoe) on tiles that no other has, so that no two of them are taken for the same photo.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from sundry.goods.catalogue import pictures
from sundry.goods.catalogue.bulk_rows import Photo
from sundry.simulation.market.composing import COLOURS_DRAWN, Album
from sundry.simulation.market.words import TRADES

SIDE_PX: Final = 240
TILES: Final = 6  # in a row

_Box = tuple[str, int, int, int, int]
SIGNS: Final[dict[str, tuple[_Box, ...]]] = {
    "cup": (("round", 58, 38, 86, 66), ("paper", 64, 44, 80, 60), ("box", 24, 30, 68, 78)),
    "ring": (("round", 22, 34, 78, 90), ("paper", 33, 45, 67, 79), ("round", 40, 14, 60, 38)),
    "bag": (("round", 34, 12, 66, 52), ("paper", 41, 19, 59, 45), ("box", 20, 36, 80, 88)),
    "shirt": (("box", 32, 24, 68, 86), ("box", 12, 26, 88, 46), ("paper", 42, 16, 58, 32)),
    "shoe": (("box", 14, 62, 86, 78), ("box", 14, 34, 46, 66), ("round", 44, 50, 86, 78)),
    "lamp": (("round", 26, 12, 74, 60), ("box", 40, 54, 60, 74), ("box", 34, 78, 66, 86)),
    "flower": (
        *(("round", 36, 12, 64, 40), ("round", 14, 32, 42, 60), ("round", 58, 32, 86, 60)),
        *(("round", 36, 46, 64, 74), ("paper", 42, 36, 58, 52), ("box", 47, 72, 53, 94)),
    ),
    "pencil": (("box", 40, 10, 60, 72), ("round", 40, 62, 60, 92), ("paper", 40, 22, 60, 26)),
    "bottle": (("box", 42, 8, 58, 30), ("box", 32, 28, 68, 90), ("paper", 38, 46, 62, 66)),
    "ball": (("round", 16, 16, 84, 84), ("paper", 46, 16, 54, 84), ("paper", 16, 46, 84, 54)),
    "bear": (
        ("round", 14, 10, 42, 38),
        ("round", 58, 10, 86, 38),
        ("round", 20, 20, 80, 84),
        ("paper", 40, 52, 60, 68),
    ),
    "car": (("box", 10, 44, 90, 68), ("box", 26, 26, 70, 48), ("round", 18, 58, 40, 80), ("round", 60, 58, 82, 80)),
    "paw": (
        *(("round", 30, 46, 70, 86), ("round", 10, 32, 30, 54), ("round", 30, 14, 48, 38)),
        *(("round", 52, 14, 70, 38), ("round", 70, 32, 90, 54)),
    ),
    "clock": (("round", 16, 16, 84, 84), ("paper", 26, 26, 74, 74), ("box", 47, 32, 53, 54), ("box", 47, 48, 66, 54)),
    "tool": (("box", 44, 34, 56, 92), ("box", 24, 12, 76, 38), ("paper", 24, 24, 36, 38)),
    "house": (("box", 22, 42, 78, 88), ("box", 14, 34, 86, 46), ("paper", 42, 60, 58, 88)),
    "gift": (("box", 18, 36, 82, 88), ("paper", 46, 36, 54, 88), ("round", 28, 14, 50, 36), ("round", 50, 14, 72, 36)),
    "phone": (("box", 32, 8, 68, 92), ("paper", 37, 18, 63, 78), ("round", 47, 81, 53, 87)),
}
"""What is drawn, in hundredths of the side: boxes, rounds, and what is left out of them again ("paper")."""

_TRADES_OF_SIGNS: Final = {
    "bear": "toys baby",
    "ring": "jewellery haberdashery",
    "tool": "hardware",
    "pencil": "stationery",
    "gift": "gifts packaging",
    "shirt": "accessories clothing",
    "bag": "bags",
    "cup": "kitchen tableware",
    "lamp": "electrical",
    "bottle": "beauty cleaning",
    "ball": "sports",
    "shoe": "shoes",
    "house": "storage home_textiles",
    "flower": "decoration flowers garden",
    "phone": "electronics",
    "clock": "appliances watches_eyewear",
    "car": "vehicles",
    "paw": "pets",
}
SIGN_OF: Final = {trade: sign for sign, trades in _TRADES_OF_SIGNS.items() for trade in trades.split()}


def album(trades: Iterable[str] = TRADES, *, progress: Callable[[int], None] = lambda kept: None) -> Album:
    """The photos of these trades, kept as photos of goods are. A drawing that is kept already is the same file."""
    told: dict[tuple[str, int], Photo] = {}
    for trade in trades:
        for colour in range(COLOURS_DRAWN):
            kept = pictures.keep(drawing(trade, colour))
            told[trade, colour] = Photo(kept.file, kept.width, kept.height, kept.likeness)
            progress(len(told))
    return told


def drawing(trade: str, colour: int) -> bytes:
    """A PNG of SIDE_PX x SIDE_PX."""
    chance = random.Random(f"{trade} in colour {colour}")
    ink = tuple(chance.randrange(20, 170) for _ in range(3))
    paper = tuple(chance.randrange(225, 256) for _ in range(3))
    picture = Image.new("RGB", (SIDE_PX, SIDE_PX), paper)
    draw = ImageDraw.Draw(picture)
    side = SIDE_PX // TILES
    for tile in range(TILES * TILES):
        row, column = divmod(tile, TILES)
        shade = chance.randrange(0, 90)
        tint = tuple(part - shade for part in paper)
        draw.rectangle((column * side, row * side, (column + 1) * side - 1, (row + 1) * side - 1), tint)
    for kind, *corners in SIGNS[SIGN_OF[trade]]:
        box = [corner * SIDE_PX // 100 for corner in corners]
        (draw.rectangle if kind == "box" else draw.ellipse)(box, paper if kind == "paper" else ink)
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
