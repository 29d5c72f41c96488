"""The photos of the simulated market: drawn, kept as photos are, none of a good taken for another."""

from itertools import combinations

import pytest
from PIL import Image, ImageStat

from sundry.goods.catalogue import pictures
from sundry.goods.catalogue.rules import PHOTO_WIDTHS
from sundry.simulation.market import drawings
from sundry.simulation.market.pictograms import pictograms
from sundry.simulation.market.words import COLOURS, INK_OF, INKS


def test_every_colour_has_an_ink():
    assert set(INK_OF) == set(COLOURS)
    assert set(INK_OF.values()) == set(range(len(INKS)))


def test_every_pictogram_can_be_seen_and_leaves_ground():
    for name in pictograms():
        _, cover = drawings._pieces(name)[drawings.SMALL_PX]
        assert 0.08 < ImageStat.Stat(cover).mean[0] / 255 < 0.8, name


@pytest.mark.parametrize("ink", range(len(INKS)))
def test_a_drawing_has_the_size_of_each_width_and_is_the_same_again(ink):
    told, again = drawings.drawing("umbrella", ink), drawings.drawing("umbrella", ink)
    assert {width: picture.size for width, picture in told.items()} == {
        width: (min(width, drawings.SIDE_PX),) * 2 for width in PHOTO_WIDTHS
    }
    assert all(told[width].tobytes() == again[width].tobytes() for width in PHOTO_WIDTHS)


def test_it_is_drawn_in_its_colour():
    red, _, blue = ImageStat.Stat(drawings.drawing("umbrella", 0)[160]).mean
    assert red > blue + 10
    red, _, blue = ImageStat.Stat(drawings.drawing("umbrella", 2)[160]).mean
    assert blue > red + 10


def test_an_album_keeps_what_is_asked_for_where_photos_of_goods_are(tmp_path, settings):
    settings.FILES_DIR = tmp_path
    album = drawings.Album()
    photos = [album.photo(name, ink) for name in ("umbrella", "cup", "teddy") for ink in range(len(INKS))]
    assert album.photo("cup", 0) is photos[len(INKS)]
    assert len({photo.file for photo in photos}) == len(photos) == len(album.kept)
    for photo in photos:
        with Image.open(pictures.path(photo.file, 480)) as kept:
            assert kept.size == (photo.width, photo.height) == (drawings.SIDE_PX, drawings.SIDE_PX)
        assert pictures.known(photo.file).likeness == photo.likeness
    likenesses = [(photo.likeness or 0) & (2**64 - 1) for photo in photos]
    assert min((one ^ other).bit_count() for one, other in combinations(likenesses, 2)) > 6
