"""The photos of the simulated market: drawn, kept as photos are, none taken for another."""

from io import BytesIO
from itertools import combinations

from PIL import Image

from sundry.goods.catalogue import pictures
from sundry.simulation.market import drawings
from sundry.simulation.market.composing import COLOURS_DRAWN
from sundry.simulation.market.words import TRADES


def test_every_trade_has_a_sign():
    assert set(drawings.SIGN_OF) == set(TRADES)
    assert set(drawings.SIGN_OF.values()) == set(drawings.SIGNS)
    for boxes in drawings.SIGNS.values():
        assert all(0 <= low < high <= 100 for _, *box in boxes for low, high in zip(box[:2], box[2:], strict=True))


def test_a_drawing_is_the_same_again_and_no_other():
    told = {drawings.drawing(trade, colour) for trade in ("toys", "pets") for colour in range(COLOURS_DRAWN)}
    assert len(told) == 2 * COLOURS_DRAWN
    assert drawings.drawing("toys", 0) == drawings.drawing("toys", 0)
    assert Image.open(BytesIO(drawings.drawing("toys", 0))).size == (drawings.SIDE_PX, drawings.SIDE_PX)


def test_an_album_is_kept_where_photos_of_goods_are(tmp_path, settings):
    settings.FILES_DIR = tmp_path
    heard: list[int] = []
    album = drawings.album(["toys"], progress=heard.append)
    assert heard == list(range(1, COLOURS_DRAWN + 1))
    assert set(album) == {("toys", colour) for colour in range(COLOURS_DRAWN)}
    for photo in album.values():
        assert pictures.path(photo.file, 480).is_file()
        assert (photo.width, photo.height) == (drawings.SIDE_PX, drawings.SIDE_PX)
    likenesses = [(photo.likeness or 0) & (2**64 - 1) for photo in album.values()]
    assert min((one ^ other).bit_count() for one, other in combinations(likenesses, 2)) > 6
