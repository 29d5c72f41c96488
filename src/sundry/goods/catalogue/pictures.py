"""Photos of goods, as they come from phones, and what of them is kept.

Problem: what calls itself a photo may be a page of HTML, an archive behind a picture, a bomb of ten thousand by ten
thousand black dots, or an honest picture that tells where its owner lives. Whatever we pass on, browsers open.
Therefore nothing of an upload is ever kept: its dots are decoded, turned upright, laid on white, told in sRGB, made
smaller, and written anew.

Worked case: a phone's 50 megapixels, 8160 x 6120 lying on its side, with its place on the map. The decoder is asked for
half of each side, which it does without ever holding the whole; three WebP files of 160, 480 and 1280 dots across are
written, of which the largest names all three by its SHA-256. The same photo sent again is the same three files.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
import tempfile
import threading
import warnings
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from django.conf import settings
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from sundry.goods.catalogue.errors import BadPicture, Busy
from sundry.goods.catalogue.rules import PHOTO_BYTES_MAX, PHOTO_WIDTHS

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
PIXELS_MAX: Final = 16_000_000  # of what must be decoded whole: up to 140 MB in memory
PIXELS_MAX_SCALED: Final = 64_000_000  # of a JPEG that is decoded at a fraction of its size
SIDE_MIN: Final = 32
TALLNESS_MAX: Final = 3  # a strip is no taller than this many widths, so that no list is a mile long
QUALITY: Final = 80
EFFORT: Final = 4
BUSY_SECONDS: Final = 20.0

_WHITE: Final = (255, 255, 255)
_ORIENTATION: Final = 0x0112
_FILE: Final = re.compile(r"[0-9a-f]{64}")
_HEIC: Final = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1"})
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ON_ITS_SIDE: Final = frozenset({5, 6, 7, 8})
# What decoders raise about broken data: none of it is a fault of ours.
_BROKEN: Final = (
    *(OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError, ArithmeticError, AttributeError),
    *(struct.error, zlib.error),
)

_decoding = threading.Lock()  # one at a time in a process: it is the most memory that a request can ask for


@dataclass(frozen=True, slots=True)
class Kept:
    """A photo that is kept. `width`, `height`: of its largest file. `likeness`: signed 64 bits; photos that look alike
    differ in few of them."""

    file: str
    width: int
    height: int
    likeness: int


def keep(data: bytes, *, busy_seconds: float = BUSY_SECONDS, effort: int = EFFORT) -> Kept:
    """Decode a photo and write it anew. BadPicture: it is none, or too large; Busy: others are being decoded.

    `effort`: of making the file small, from 0 to 6; where thousands come at once, 0 takes half of the time.
    """
    _check_kind(data)
    with _one_at_a_time(busy_seconds):
        whole = _decoded(data)
        return _written(whole, effort)


def drawn_anew(data: bytes) -> bytes:
    """What `keep` would keep, in its largest size, for who keeps it elsewhere. BadPicture; Busy."""
    _check_kind(data)
    with _one_at_a_time(BUSY_SECONDS):
        return _webp(_at(_decoded(data), PHOTO_WIDTHS[-1]), effort=EFFORT)


def unused(*, before: datetime, is_used: Callable[[Collection[str]], Collection[str]]) -> int:
    """Take the photos away that were last sent before a moment and that nothing shows; how many.

    `is_used`: of these files, those that something shows. A photo that is sent meanwhile is young again, and stays.
    """
    gone = 0
    for folder in sorted((Path(settings.FILES_DIR) / "photos").glob("*")):
        old = {
            place.name.partition("-")[0]
            for place in folder.glob(f"*-{PHOTO_WIDTHS[-1]}.webp")
            if _is_old(place, before)
        }
        for file in old - set(is_used(old)):
            if _is_old(path(file, PHOTO_WIDTHS[-1]), before):
                for width in reversed(PHOTO_WIDTHS):
                    path(file, width).unlink(missing_ok=True)
                gone += 1
    return gone


def _is_old(place: Path, before: datetime) -> bool:
    with suppress(FileNotFoundError):
        return place.stat().st_mtime < before.timestamp()
    return False


def known(file: str) -> Kept | None:
    """What is kept under that name; None: nothing is."""
    try:
        with Image.open(path(file, PHOTO_WIDTHS[-1])) as largest, Image.open(path(file, PHOTO_WIDTHS[0])) as smallest:
            return Kept(file, largest.width, largest.height, _likeness(smallest))
    except (OSError, ValueError):
        return None


def path(file: str, width: int) -> Path:
    """Where one of its files lies. ValueError: no name of a photo, or a width that is not kept."""
    if not _FILE.fullmatch(file) or width not in PHOTO_WIDTHS:
        raise ValueError(f"no photo is kept as {file!r} at {width} pixels")
    return Path(settings.FILES_DIR) / "photos" / file[:2] / f"{file}-{width}.webp"


def address(file: str, width: int) -> str:
    """Its address in the market."""
    return f"/photos/{file}-{width}.webp"


@contextmanager
def _one_at_a_time(seconds: float) -> Iterator[None]:
    if not _decoding.acquire(timeout=seconds):
        raise Busy("catalogue_photo_busy")
    try:
        yield
    finally:
        _decoding.release()


def _check_kind(data: bytes) -> None:
    if len(data) > PHOTO_BYTES_MAX:
        raise BadPicture("catalogue_photo_too_heavy", size_mb=len(data) // 1_000_000, most=PHOTO_BYTES_MAX // 1_000_000)
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        raise BadPicture("catalogue_photo_heic")


def _decoded(data: bytes) -> Image.Image:
    """Upright, in RGB, on white, no larger than what is kept at most; it carries nothing but its dots."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's of large pictures: we look ourselves
            with Image.open(BytesIO(data), formats=FORMATS) as picture:
                _check_size(picture)
                return _drawn(picture)
    except UnidentifiedImageError:
        raise BadPicture("catalogue_photo_unknown") from None
    except Image.DecompressionBombError:
        raise BadPicture("catalogue_photo_too_large", most=PIXELS_MAX_SCALED // 1_000_000) from None
    except _BROKEN:
        raise BadPicture("catalogue_photo_broken") from None


def _check_size(picture: Image.Image) -> None:
    # A progressive JPEG is held whole before its first dot is known, whatever size is asked for.
    is_scaled = picture.format in ("JPEG", "MPO") and not picture.info.get("progressive")
    most = PIXELS_MAX_SCALED if is_scaled else PIXELS_MAX
    if picture.width * picture.height > most:
        raise BadPicture("catalogue_photo_too_large", most=most // 1_000_000)
    if min(picture.size) < SIDE_MIN:
        raise BadPicture("catalogue_photo_too_small", width=picture.width, height=picture.height, least=SIDE_MIN)


def _drawn(picture: Image.Image) -> Image.Image:
    turned = _orientation(picture)
    across, down = _fitted(picture.size, PHOTO_WIDTHS[-1], is_turned=turned in _ON_ITS_SIDE)
    profile = picture.info.get("icc_profile")
    picture.draft("RGB", (2 * across, 2 * down))  # of a JPEG: decoded at a half, a quarter or an eighth
    picture.load()
    small = _plain(picture).resize((across, down), Image.Resampling.LANCZOS, reducing_gap=2.0)
    told = _in_srgb(small, profile)
    if turned in _UPRIGHT:
        told = told.transpose(_UPRIGHT[turned])
    return _on_white(told)


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # whatever stands there is the camera's, and may be anything
        return 1


def _fitted(size: tuple[int, int], width: int, *, is_turned: bool) -> tuple[int, int]:
    """The largest size of the same shape that is at most `width` across once upright, and no strip."""
    across, down = reversed(size) if is_turned else size
    scale = min(1.0, width / across, width * TALLNESS_MAX / down)
    fitted = max(1, round(across * scale)), max(1, round(down * scale))
    return (fitted[1], fitted[0]) if is_turned else fitted


def _plain(picture: Image.Image) -> Image.Image:
    """In a mode that can be resized with sense: colours and what shines through, no palette, 8 bits a channel."""
    if picture.mode.startswith(("I", "F")):  # 16 bits of grey
        return picture.convert("F").point(lambda value: value / 257).convert("L")
    mode = "RGBA" if picture.has_transparency_data else picture.mode
    mode = mode if mode in ("RGB", "RGBA", "L", "CMYK") else "RGB"
    return picture if picture.mode == mode else picture.convert(mode)


def _in_srgb(picture: Image.Image, profile: object) -> Image.Image:
    """A picture of another colour space as screens show it. A profile that cannot be read says nothing."""
    if isinstance(profile, bytes) and picture.mode != "L":
        try:
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            mode = "RGBA" if picture.mode == "RGBA" else "RGB"
            told = ImageCms.profileToProfile(picture, given, ImageCms.createProfile("sRGB"), outputMode=mode)
            picture = told or picture
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return picture if picture.mode == "RGBA" else picture.convert("RGB")


def _on_white(picture: Image.Image) -> Image.Image:
    """A new picture: of the old one nothing but its dots."""
    drawn = Image.new("RGB", picture.size, _WHITE)
    drawn.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    return drawn


def keep_drawn(pieces: Mapping[int, Image.Image]) -> Kept:
    """Write what a program drew itself at each of PHOTO_WIDTHS (or smaller), in RGB: in a tenth of the time."""
    return _kept(pieces, effort=0)


def _written(whole: Image.Image, effort: int) -> Kept:
    return _kept({width: _at(whole, width) for width in PHOTO_WIDTHS}, effort=effort)


def _kept(pieces: Mapping[int, Image.Image], *, effort: int) -> Kept:
    whole = pieces[PHOTO_WIDTHS[-1]]
    encoded = {size: _webp(piece, effort) for size, piece in {piece.size: piece for piece in pieces.values()}.items()}
    files = {width: encoded[piece.size] for width, piece in pieces.items()}
    file = hashlib.sha256(files[PHOTO_WIDTHS[-1]]).hexdigest()
    for width, data in files.items():  # the largest last: where it is, the others are
        write(path(file, width), data)
    with Image.open(BytesIO(files[PHOTO_WIDTHS[0]])) as smallest:
        return Kept(file, whole.width, whole.height, _likeness(smallest))


def _at(whole: Image.Image, width: int) -> Image.Image:
    size = _fitted(whole.size, width, is_turned=False)
    return whole if size == whole.size else whole.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _webp(picture: Image.Image, effort: int) -> bytes:
    out = BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=effort)
    return out.getvalue()


def write(place: Path, data: bytes) -> None:
    """Whole or not at all, also where two write the same photo at once."""
    if place.exists():
        os.utime(place)  # it was sent again: `unused` counts its days anew
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.chmod(name, 0o644)
        os.replace(name, place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _likeness(picture: Image.Image) -> int:
    """As the table keeps it: a signed number of 64 bits."""
    import numpy as np  # here: a process that only serves pages is to be light

    from sundry.engines.searching.likeness import phash

    value = phash(np.asarray(ImageOps.grayscale(picture)))
    return value - (1 << 64) if value >> 63 else value
