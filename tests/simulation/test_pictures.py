"""The drawn pictures are real PNGs."""

from __future__ import annotations

import random
from io import BytesIO

from PIL import Image

from sundry.simulation.pictures import SIDE_PX, picture


def test_a_picture_opens_and_has_three_colours() -> None:
    drawn = Image.open(BytesIO(picture(random.Random(7))))
    drawn.load()  # checks every chunk
    assert (drawn.format, drawn.size, drawn.mode) == ("PNG", (SIDE_PX, SIDE_PX), "RGB")
    assert len(drawn.getcolors()) == 3


def test_chance_makes_the_difference_and_nothing_else() -> None:
    assert picture(random.Random(7)) == picture(random.Random(7))
    chance = random.Random(7)
    assert picture(chance) != picture(chance)
