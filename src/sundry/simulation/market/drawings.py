"""Photos of goods, drawn in code: an umbrella is shown as an umbrella, and none was taken from anybody.

Problem: two million goods with photos of their own are two million files, and a market whose photos are all alike shows
nothing of what finds photos that are. Therefore some hundreds of drawings serve all goods: a pictogram for each kind of
goods (and a better one for nouns whose kind is broad), in four colours, each arranged in another way (one, two or three
pieces, here or there, on plain, striped, dotted or parted ground), so that no two of them are taken for the same
photo. What no good shows is never drawn.

A pictogram is drawn once, not in colours but in parts: how much of the good's colour (red), of its dark (green) and of
white (blue) a dot has; black is ground. Made smaller, edges are mixtures; one matrix then gives all its colours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final
from zlib import crc32

from PIL import Image, ImageChops, ImageDraw, ImageOps

from sundry.goods.catalogue import pictures
from sundry.goods.catalogue.bulk_rows import Photo
from sundry.goods.catalogue.rules import PHOTO_WIDTHS
from sundry.simulation.market.pictograms import Shape, pictograms
from sundry.simulation.market.words import INKS

SIDE_PX: Final = 480
LARGE_PX: Final = 384
MIDDLE_PX: Final = 256
SMALL_PX: Final = 192
OVER: Final = 3  # times larger it is drawn, so that edges are smooth

Rgb = tuple[int, int, int]

_PARTS: Final[Mapping[str, Rgb]] = {
    "b": (255, 0, 0),  # the good's colour
    "d": (0, 255, 0),  # its dark
    "s": (150, 105, 0),  # between them
    "w": (0, 0, 255),  # white
    "g": (0, 0, 0),  # ground
}
GROUNDS: Final[Sequence[Rgb]] = ((244, 241, 235), (232, 238, 243), (240, 235, 240))
# Where pieces stand: their size, left and top in dots, mirrored.
_ARRANGEMENTS: Final[Sequence[Sequence[tuple[int, int, int, bool]]]] = (
    ((LARGE_PX, 48, 48, False),),
    ((MIDDLE_PX, 14, 200, False), (MIDDLE_PX, 212, 20, True)),
    ((MIDDLE_PX, 200, 190, True), (SMALL_PX, 14, 30, False)),
    ((MIDDLE_PX, 112, 6, True), (SMALL_PX, 30, 276, False), (SMALL_PX, 258, 276, True)),
)
_GROUNDS_DRAWN: Final = ("plain", "table", "stripes", "corner", "dots", "disc")


@dataclass(slots=True)
class Album:
    """The photos of all goods, drawn and kept when first asked for: `album.photo` is what composing takes."""

    kept: dict[tuple[str, int], Photo] = field(default_factory=dict)

    def photo(self, name: str, ink: int) -> Photo:
        """Of a pictogram in one of INKS. What is kept already is the same file."""
        found = self.kept.get((name, ink))
        if found is None:
            kept = pictures.keep_drawn(drawing(name, ink))
            found = self.kept[name, ink] = Photo(kept.file, kept.width, kept.height, kept.likeness)
        return found


def drawing(name: str, ink: int) -> Mapping[int, Image.Image]:
    """The photo of a pictogram in one of INKS, at each of PHOTO_WIDTHS or SIDE_PX if that is less."""
    seed = crc32(name.encode())
    ground = GROUNDS[(seed + ink) % len(GROUNDS)]
    inks = INKS[ink]
    body = inks[seed // 7 % len(inks)]
    arranged = _arranged(name, ink, seed)
    dark = (body[0] * 2 // 5, body[1] * 2 // 5, body[2] * 2 // 5 + 12)
    matrix: list[float] = []
    for channel in range(3):
        base = ground[channel]
        matrix += [(part[channel] - base) / 255 for part in (body, dark, (254, 254, 252))]
        matrix.append(base)
    whole = arranged.convert("RGB", tuple(matrix))
    return {width: whole if width >= SIDE_PX else whole.reduce(SIDE_PX // width) for width in PHOTO_WIDTHS}


def _arranged(name: str, ink: int, seed: int) -> Image.Image:
    """In parts, SIDE_PX a side. No two inks of a pictogram are arranged alike."""
    told = _ground(_GROUNDS_DRAWN[(seed // 5 + ink) % len(_GROUNDS_DRAWN)]).copy()
    arrangement = _ARRANGEMENTS[(seed + ink) % len(_ARRANGEMENTS)]
    for place, (size, left, top, is_mirrored) in enumerate(arrangement):
        piece, cover = _pieces(name)[size]
        left = _moved(left, size, seed >> 4 * place)
        top = _moved(top, size, seed >> 4 * place + 8)
        if is_mirrored:
            piece, cover = ImageOps.mirror(piece), ImageOps.mirror(cover)
        box = (left, top, left + size, top + size)
        under = told.crop(box)
        under.paste((0, 0, 0), mask=cover)
        told.paste(ImageChops.add(under, piece), box)
    return told


def _moved(at: int, size: int, chance: int) -> int:
    """A little to either side, within the picture."""
    return min(max(at + (chance % 16 - 8) * 6, 0), SIDE_PX - size)


@lru_cache(maxsize=256)
def _pieces(name: str) -> Mapping[int, tuple[Image.Image, Image.Image]]:
    """The pictogram in parts, and how much of each dot it covers, at each size that is arranged."""
    drawn = Image.new("RGB", (LARGE_PX * OVER, LARGE_PX * OVER))
    pen = ImageDraw.Draw(drawn)
    for shape in pictograms()[name]:
        _draw(pen, shape)
    large = drawn.reduce(OVER)
    middle = large.resize((MIDDLE_PX, MIDDLE_PX), Image.Resampling.BILINEAR)
    pieces = {LARGE_PX: large, MIDDLE_PX: middle, SMALL_PX: large.reduce(2)}
    return {size: (piece, piece.convert("L", (1, 1, 1, 0))) for size, piece in pieces.items()}


def _draw(pen: ImageDraw.ImageDraw, shape: Shape) -> None:
    """O: oval in a box. R: box with round corners. P: corners of an area. L: width, then the corners of a line.
    A: arc in a box from one angle to another, width. S: slice of an oval in a box, from one angle to another."""
    kind, part, numbers = shape
    ink, unit = _PARTS[part], LARGE_PX * OVER / 100
    if kind == "A":
        *box, first, last, width = numbers
        pen.arc([unit * one for one in box], first, last, ink, int(width * unit))
    elif kind == "S":
        *box, first, last = numbers
        pen.pieslice([unit * one for one in box], first, last, ink)
    elif kind == "R":
        *box, radius = numbers
        pen.rounded_rectangle([unit * one for one in box], radius * unit, ink)
    elif kind == "L":
        points = [unit * one for one in numbers[1:]]
        width = numbers[0] * unit
        pen.line(points, ink, int(width), joint="curve")
        for x, y in (points[:2], points[-2:]):
            pen.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], ink)
    elif kind == "P":
        pen.polygon([unit * one for one in numbers], ink)
    else:
        pen.ellipse([unit * one for one in numbers], ink)


@cache
def _ground(kind: str) -> Image.Image:
    """In parts: a breath of the good's colour or of white on bare ground."""
    told = Image.new("RGB", (SIDE_PX, SIDE_PX))
    pen = ImageDraw.Draw(told)
    tint = (34, 0, 0)
    if kind == "table":
        pen.rectangle((0, 330, SIDE_PX, SIDE_PX), tint)
    elif kind == "stripes":
        for left in range(0, SIDE_PX, 80):
            pen.rectangle((left, 0, left + 39, SIDE_PX), tint)
    elif kind == "corner":
        pen.polygon((0, 0, 340, 0, 0, 340), tint)
    elif kind == "dots":
        for place in range(36):
            x, y = place % 6 * 80 + 20, place // 6 * 80 + 20
            pen.ellipse((x, y, x + 40, y + 40), tint)
    elif kind == "disc":
        pen.ellipse((40, 40, 440, 440), (0, 0, 190))
    return told
