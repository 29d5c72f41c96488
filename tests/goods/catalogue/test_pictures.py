"""What of a photo is kept, and what is no photo."""

from __future__ import annotations

import io
import re
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from sundry.engines.searching.likeness import hamming
from sundry.goods.catalogue import pictures
from sundry.goods.catalogue.errors import BadPicture, Busy
from sundry.goods.catalogue.rules import PHOTO_BYTES_MAX, PHOTO_WIDTHS

SCRIPT = b"<script>alert(document.domain)</script>"
ORIENTATION, GPS, GPS_LATITUDE = 0x0112, 0x8825, 2


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_DIR = tmp_path
    return tmp_path


def scene(width: int = 200, height: int = 150, mode: str = "RGB") -> Image.Image:
    """A picture with something to see: red to the left, green at the top."""
    across, down = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    dots = np.stack([255 - across, 255 - down, np.full_like(across, 90)], axis=-1).astype(np.uint8)
    return Image.fromarray(dots, "RGB").convert(mode)


def noise(size: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(7).integers(0, 255, (size, size, 3), dtype=np.uint8))


def encoded(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def drawn(file: str, width: int = PHOTO_WIDTHS[-1]) -> Image.Image:
    picture = Image.open(pictures.path(file, width))
    picture.load()
    return picture


def dot(file: str, x: float, y: float) -> tuple[int, ...]:
    picture = drawn(file)
    found = picture.getpixel((int(x * picture.width), int(y * picture.height)))
    assert isinstance(found, tuple)
    return found


def all_kept(folder: Path) -> Iterator[bytes]:
    yield from (file.read_bytes() for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_photo_is_kept_in_each_width_and_never_enlarged(folder: Path, kind: str) -> None:
    kept = pictures.keep(encoded(scene(640, 480), kind))
    assert (kept.width, kept.height) == (640, 480)
    assert [drawn(kept.file, width).size for width in PHOTO_WIDTHS] == [(160, 120), (480, 360), (640, 480)]
    assert {drawn(kept.file, width).format for width in PHOTO_WIDTHS} == {"WEBP"}
    assert pictures.address(kept.file, 480) == f"/photos/{kept.file}-480.webp"
    assert pictures.known(kept.file) == kept
    assert len(list(folder.rglob("*.webp"))) == len(PHOTO_WIDTHS)


def test_the_same_photo_twice_is_one_file(folder: Path) -> None:
    first, again = pictures.keep(encoded(scene())), pictures.keep(encoded(scene()))
    assert first == again
    assert sum(1 for _ in all_kept(folder)) == len(PHOTO_WIDTHS)


def test_a_photo_that_was_made_smaller_looks_alike_and_another_does_not() -> None:
    shapes, other_shapes = (
        Image.fromarray(np.random.default_rng(seed).integers(0, 255, (9, 12), dtype=np.uint8)).resize((800, 600))
        for seed in (1, 2)
    )
    first = pictures.keep(encoded(shapes))
    smaller = pictures.keep(encoded(shapes.resize((400, 300)), quality=60))
    other = pictures.keep(encoded(other_shapes))
    assert hamming(first.likeness, smaller.likeness) <= 6 < hamming(first.likeness, other.likeness)
    assert -(1 << 63) <= first.likeness < 1 << 63


def test_a_photo_is_turned_upright_and_tells_nothing_of_where_it_was_taken(folder: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # the camera lay on its side
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(GPS)[GPS_LATITUDE] = (29.0, 18.0, 21.0)
    data = encoded(scene(), exif=exif, comment=b"of my daughter")
    assert b"SecretCamera" in data
    kept = pictures.keep(data)
    assert (kept.width, kept.height) == (150, 200)
    # What was to the left is at the top now: 6 says to turn it a quarter clockwise.
    assert dot(kept.file, 0.9, 0.02)[0] > 200
    assert dot(kept.file, 0.9, 0.98)[0] < 60
    for data in all_kept(folder):
        assert b"SecretCamera" not in data
        assert b"of my daughter" not in data
        assert not dict(Image.open(io.BytesIO(data)).getexif())


@pytest.mark.parametrize(
    ("turned", "size"),
    [*((turned, (90, 60)) for turned in range(1, 9)), *((turned, (1500, 800)) for turned in (3, 6))],
)
def test_all_eight_ways_to_hold_a_camera(turned: int, size: tuple[int, int]) -> None:
    """As it is, and made smaller."""
    exif = Image.Exif()
    exif[ORIENTATION] = turned
    picture = scene(*size)
    kept = pictures.keep(encoded(picture, exif=exif, quality=95))
    upright = picture.transpose(pictures._UPRIGHT[turned]) if turned > 1 else picture
    expected = upright.resize((kept.width, kept.height))
    difference = np.abs(np.asarray(expected, int) - np.asarray(drawn(kept.file), int))
    assert difference.mean() < 6


def test_a_large_jpeg_is_never_held_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a phone of 50 megapixels sends is decoded at a half of each side, or less."""
    seen: list[tuple[int, int]] = []
    plain = pictures._plain
    monkeypatch.setattr(pictures, "_plain", lambda picture: seen.append(picture.size) or plain(picture))
    kept = pictures.keep(encoded(Image.new("L", (8_160, 6_120), 200), quality=20))
    assert (kept.width, kept.height) == (1_280, 960)
    assert seen == [(4_080, 3_060)]


def test_what_shines_through_is_white() -> None:
    clear = Image.new("RGBA", (64, 64), (200, 0, 0, 0))
    clear.paste((0, 0, 200, 255), (0, 0, 32, 64))
    for data in (encoded(clear, "PNG"), encoded(clear, "WEBP", lossless=True), encoded(clear.convert("LA"), "PNG")):
        assert min(dot(pictures.keep(data).file, 0.9, 0.5)) > 245
    with_palette = Image.new("P", (64, 64), 0)
    with_palette.putpalette([255, 0, 0, 0, 0, 255])
    assert min(dot(pictures.keep(encoded(with_palette, "GIF", transparency=0)).file, 0.5, 0.5)) > 245


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png(mode: str) -> None:
    grey = np.tile(np.linspace(0, 65535, 64).astype(np.uint16), (64, 1))
    picture = Image.fromarray(grey) if mode == "I;16" else scene(64, 64).convert(mode)
    kept = pictures.keep(encoded(picture, "PNG"))
    assert np.asarray(drawn(kept.file)).std() > 20


def test_colours_of_another_space_are_told_in_srgb() -> None:
    """In a space whose red and blue are exchanged, what is written as red is blue."""
    odd = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = odd.index(b"rXYZ"), odd.index(b"bXYZ")
    odd[red : red + 4], odd[blue : blue + 4] = b"bXYZ", b"rXYZ"
    picture = Image.new("RGB", (64, 64), (250, 10, 10))
    plain, told = (encoded(picture, "PNG", icc_profile=profile) for profile in (b"", bytes(odd)))
    assert dot(pictures.keep(plain).file, 0.5, 0.5)[0] > 230
    assert dot(pictures.keep(told).file, 0.5, 0.5)[2] > 200
    assert drawn(pictures.keep(told).file).info.get("icc_profile") is None
    broken = encoded(picture, "PNG", icc_profile=b"no profile at all")
    assert dot(pictures.keep(broken).file, 0.5, 0.5)[0] > 230


def test_a_cmyk_photo_is_taken() -> None:
    kept = pictures.keep(encoded(scene().convert("CMYK")))
    assert dot(kept.file, 0.02, 0.98)[0] > 150


def payload_in_metadata(payload: bytes) -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", payload.decode())
    told.add_itxt("XML:com.adobe.xmp", payload.decode())
    return encoded(scene(), "PNG", pnginfo=told)


def archive(payload: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("index.html", payload)
    return out.getvalue()


POLYGLOTS: dict[str, Callable[[], bytes]] = {
    "a JPEG with a page behind": lambda: encoded(scene()) + SCRIPT,
    "a JPEG with an archive behind": lambda: encoded(scene()) + archive(SCRIPT),
    "a JPEG with a comment": lambda: encoded(scene(), comment=SCRIPT),
    "a JPEG whose Exif is a page": lambda: encoded(scene(), exif=b"Exif\0\0" + SCRIPT),
    "a GIF that is an archive (GIFAR)": lambda: encoded(scene(), "GIF") + archive(SCRIPT),
    "a GIF with a comment": lambda: encoded(scene(), "GIF", comment=SCRIPT),
    "a PNG with texts": lambda: payload_in_metadata(SCRIPT),
    "a PNG with a page behind": lambda: encoded(scene(), "PNG") + SCRIPT,
    "a WebP with XMP": lambda: encoded(scene(), "WEBP", xmp=SCRIPT),
    "a PNG whose dots are a page": lambda: encoded(
        Image.frombytes("L", (64, 64), (SCRIPT * 200)[:4096]), "PNG", compress_level=0
    ),
}


@pytest.mark.parametrize("kind", sorted(POLYGLOTS))
def test_nothing_of_an_upload_survives(folder: Path, kind: str) -> None:
    data = POLYGLOTS[kind]()
    pictures.keep(data)
    for kept in all_kept(folder):
        assert not re.search(rb"script|alert|PK\x03\x04|index\.html", kept)
        assert kept[:4] == b"RIFF"
        assert len(kept) == 8 + int.from_bytes(kept[4:8], "little")  # nothing stands behind the picture
        assert kept[12:16] == b"VP8 "  # dots and nothing else: no Exif, no profile, no animation


def test_no_long_run_of_bytes_of_an_upload_is_kept(folder: Path) -> None:
    data = encoded(noise(100), "WEBP", quality=80) + np.random.default_rng(8).bytes(4_000)
    pictures.keep(data)
    runs = {data[at : at + 16] for at in range(len(data) - 16)}
    for kept in all_kept(folder):
        assert not [at for at in range(20, len(kept) - 16) if kept[at : at + 16] in runs and any(kept[at : at + 16])]


NO_PHOTOS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nothing": ("catalogue_photo_unknown", lambda: b""),
    "SVG": ("catalogue_photo_unknown", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
    "SVG with a declaration": ("catalogue_photo_unknown", lambda: b'<?xml version="1.0"?><svg onload="alert(1)"/>'),
    "HTML": ("catalogue_photo_unknown", lambda: b"<!doctype html>" + SCRIPT),
    "PDF": ("catalogue_photo_unknown", lambda: b"%PDF-1.7\n"),
    "an archive": ("catalogue_photo_unknown", lambda: archive(SCRIPT)),
    "a TIFF": ("catalogue_photo_unknown", lambda: encoded(scene(), "TIFF")),
    "a BMP": ("catalogue_photo_unknown", lambda: encoded(scene(), "BMP")),
    "an AVIF": ("catalogue_photo_unknown", lambda: encoded(scene(), "AVIF")),
    "PostScript": ("catalogue_photo_unknown", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n"),
    "HEIC": ("catalogue_photo_heic", lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)),
    "a page that begins as a GIF": ("catalogue_photo_unknown", lambda: b"GIF89a=1;" + SCRIPT),
    "half a JPEG": ("catalogue_photo_broken", lambda: encoded(noise(100))[:3_000]),
    "half a PNG": ("catalogue_photo_broken", lambda: encoded(noise(100), "PNG")[:3_000]),
    "a dot": ("catalogue_photo_too_small", lambda: encoded(scene(1, 1), "PNG")),
    "too many bytes": ("catalogue_photo_too_heavy", lambda: b"\xff\xd8" + bytes(PHOTO_BYTES_MAX)),
}


@pytest.mark.parametrize("kind", sorted(NO_PHOTOS))
def test_what_is_no_photo_is_refused_by_its_rule_and_leaves_nothing(folder: Path, kind: str) -> None:
    rule, data = NO_PHOTOS[kind]
    with pytest.raises(BadPicture) as refused:
        pictures.keep(data())
    assert refused.value.rule == rule
    assert not list(all_kept(folder))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that is this large: its header says so, its dots are all black."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)

    head = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 2, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1_000))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(6_000, 6_000), (30_000, 30_000), (2_000_000_000, 10), (1_000_000, 1_000_000)])
def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]) -> None:
    monkeypatch.setattr(pictures, "_drawn", lambda picture: pytest.fail("it was decoded"))
    with pytest.raises(BadPicture) as refused:
        pictures.keep(bomb(*size))
    assert refused.value.rule in ("catalogue_photo_too_large", "catalogue_photo_broken")


def test_a_bomb_of_texts_is_refused() -> None:
    head = encoded(scene(64, 64), "PNG")
    text = b"zTXt", b"Comment\0\0" + zlib.compress(bytes(80_000_000), 9)
    chunk = len(text[1]).to_bytes(4) + text[0] + text[1] + zlib.crc32(text[0] + text[1]).to_bytes(4)
    with pytest.raises(BadPicture, match="read to its end"):
        pictures.keep(head[:33] + chunk + head[33:])


def test_a_large_progressive_jpeg_is_refused_for_it_would_be_held_whole() -> None:
    data = encoded(Image.new("L", (4_000, 4_100)), progressive=True, quality=10)
    with pytest.raises(BadPicture) as refused:
        pictures.keep(data)
    assert refused.value.details == {"most": 16}


def test_a_strip_is_no_mile_long() -> None:
    kept = pictures.keep(encoded(scene(100, 3_000), "PNG"))
    assert (kept.width, kept.height) == (100, 3_000)
    assert drawn(kept.file, 160).size == (16, 480)


def test_while_one_is_decoded_another_is_told_to_wait() -> None:
    with pictures._one_at_a_time(1), pytest.raises(Busy) as refused:
        pictures.keep(encoded(scene()), busy_seconds=0.01)
    assert refused.value.rule == "catalogue_photo_busy"
    assert pictures.keep(encoded(scene())).width == 200


def test_two_that_send_the_same_photo_at_once_both_have_it(folder: Path) -> None:
    data, found = encoded(scene()), []
    threads = [threading.Thread(target=lambda: found.append(pictures.keep(data))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 4
    assert not list(folder.rglob("*.part"))


def test_a_photo_that_cannot_be_written_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space"):
        pictures.keep(encoded(scene()))
    assert not list(all_kept(folder))


@pytest.mark.parametrize(("file", "width"), [("../../etc/passwd", 160), ("a" * 64, 161), ("A" * 64, 160), ("", 160)])
def test_no_other_file_is_reached(file: str, width: int) -> None:
    with pytest.raises(ValueError, match="no photo is kept"):
        pictures.path(file, width)


def test_what_is_not_kept_is_not_known() -> None:
    assert pictures.known("a" * 64) is None
    assert pictures.known("../x") is None
