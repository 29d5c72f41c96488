import io
import math

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from sundry.engines.searching.likeness import WITHIN, hamming, nearest, phash


def photo(seed: int, side: int = 480) -> Image.Image:
    """A drawn thing on a lit table: shapes and light from a seed."""
    drawn = np.random.default_rng(seed)
    across, down = np.meshgrid(np.linspace(0, 1, side), np.linspace(0, 1, side * 3 // 4))
    light = 150 + 80 * np.sin(across * drawn.uniform(1, 5) + drawn.uniform(0, 6)) * np.cos(down * drawn.uniform(1, 5))
    picture = Image.fromarray(np.clip(light, 0, 255).astype(np.uint8)).convert("RGB")
    pen = ImageDraw.Draw(picture)
    for _ in range(6):
        left, top, width, height = (int(value) for value in drawn.integers(0, side // 2, 4))
        colour = tuple(int(value) for value in drawn.integers(0, 255, 3))
        pen.ellipse((left, top, left + width + 40, top + height + 40), fill=colour)
    return picture.filter(ImageFilter.GaussianBlur(1))


def grey(picture: Image.Image) -> npt.NDArray[np.uint8]:
    return np.asarray(picture.convert("L"))


def compressed(picture: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return Image.open(io.BytesIO(file.getvalue()))


@pytest.mark.parametrize("seed", range(8))
def test_the_same_photo_is_found_however_it_was_saved(seed: int) -> None:
    whole = photo(seed)
    width, height = whole.size
    wanted = phash(grey(whole))
    saved = {
        "half": whole.resize((width // 2, height // 2)),
        "odd": whole.resize((333, 251)),
        "jpeg": compressed(whole, 35),
        "brighter": ImageEnhance.Brightness(whole).enhance(1.1),
        "cropped": whole.crop((width // 100, height // 100, width - width // 100, height - height // 100)),
        "small and poor": compressed(whole.resize((120, 90)), 50),
    }
    assert {name: bits for name, other in saved.items() if (bits := hamming(wanted, phash(grey(other)))) > WITHIN} == {}


def test_another_photo_is_another() -> None:
    hashes = [phash(grey(photo(seed))) for seed in range(24)]
    apart = [hamming(one, other) for at, one in enumerate(hashes) for other in hashes[:at]]
    assert min(apart) > WITHIN
    assert 20 < sum(apart) / len(apart) < 40


def test_its_waves_are_those_of_the_cosine_transform() -> None:
    """A picture that is one wave alone has that bit, and no other wave is as strong."""
    across = np.array([math.cos(math.pi * 3 * (2 * place + 1) / 64) for place in range(32)])
    picture = np.clip(128 + 100 * across[None, :] * np.ones((32, 1)), 0, 255).astype(np.uint8)
    bits = f"{phash(picture):064b}"
    assert bits[0] == "1"  # how bright it is
    assert bits[3] == "1"
    assert phash(np.zeros((1, 1), np.uint8)) == 0


def test_the_nearest_come_first() -> None:
    hashes = np.array([0b111, 0b1, 0xFFFF, 0, 0b10], np.uint64)
    assert nearest(hashes, 0, within=3).tolist() == [3, 1, 4, 0]
    assert nearest(hashes, 0, within=0).tolist() == [3]
    assert nearest(hashes[:0], 5).tolist() == []


def test_hashes_that_a_table_keeps_signed_are_the_same() -> None:
    high = 1 << 63 | 5
    assert hamming(high, high - (1 << 64)) == 0
    assert nearest(np.array([high], np.uint64), high - (1 << 64), within=0).tolist() == [0]


def test_what_is_no_grey_picture_is_refused() -> None:
    for wrong in (np.zeros((2, 2, 3), np.uint8), np.zeros((0, 5), np.uint8)):
        with pytest.raises(ValueError, match="two dimensions"):
            phash(wrong)
