"""The text layer of a PDF: the texts of its pages, or why not. The files are made here."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from io import BytesIO

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from sundry.insight.observatory.formats import pdf_pages
from sundry.insight.observatory.formats.pdf_pages import PdfRefused, texts_of


def pdf(*texts: str, password: str = "") -> bytes:
    """A PDF whose pages show these texts, line by line; "" is a page without a text layer."""
    writer = PdfWriter()
    for text in texts:
        page = writer.add_blank_page(595, 842)
        if not text:
            continue
        signs = sorted(set(text) - {"\n"})
        codes = {sign: f"{number:04X}" for number, sign in enumerate(signs, start=1)}
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type0"),
                NameObject("/BaseFont"): NameObject("/Made"),
                NameObject("/Encoding"): NameObject("/Identity-H"),
                NameObject("/ToUnicode"): writer._add_object(stream(_map(codes.items()))),
            }
        )
        lines = [f"<{''.join(codes[sign] for sign in line)}> Tj" for line in text.split("\n")]
        shown = f"BT /F1 12 Tf 72 700 Td {' 0 -20 Td '.join(lines)} ET"
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        page[NameObject("/Contents")] = writer._add_object(stream(shown))
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def stream(words: str) -> DecodedStreamObject:
    made = DecodedStreamObject()
    made.set_data(words.encode())
    return made


def _map(codes: Iterable[tuple[str, str]]) -> str:
    pairs = "\n".join(f"<{code}> <{sign.encode('utf-16-be').hex()}>" for sign, code in codes)
    return (
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"100 beginbfchar\n{pairs}\nendbfchar endcmap end"
    )


def texts_or_rule(data: bytes) -> str:
    try:
        return "".join(texts_of(data, pages_max=5))
    except PdfRefused as fault:
        return fault.rule


def test_each_page_gives_its_text() -> None:
    assert texts_of(pdf("出口12.5亿元", "", "进口3.4亿元\n增长8.1%"), pages_max=3) == (
        "出口12.5亿元",
        "",
        "进口3.4亿元\n增长8.1%",
    )


def test_a_scan_has_no_text() -> None:
    assert texts_of(pdf("", ""), pages_max=5) == ("", "")


def test_a_locked_file_is_told() -> None:
    with pytest.raises(PdfRefused) as refused:
        texts_of(pdf("出口", password="open sesame"), pages_max=5)
    assert refused.value.rule == "pdf_encrypted"


@pytest.mark.parametrize("most", [2, 3])
def test_a_file_of_too_many_pages_is_told(most: int) -> None:
    file = pdf("一", "二", "三")
    if most == 3:
        assert len(texts_of(file, pages_max=most)) == 3
        return
    with pytest.raises(PdfRefused) as refused:
        texts_of(file, pages_max=most)
    assert refused.value.rule == "pdf_too_many_pages"
    assert refused.value.details["pages"] == 3


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_broken_file_is_told(kept: float) -> None:
    whole = pdf("出口12.5亿元" * 20)
    found = texts_or_rule(whole[: int(len(whole) * kept)])
    assert found in ("pdf_broken", "出口12.5亿元" * 20)  # what is cut off behind the last page is put right


def test_a_file_that_only_begins_like_one_is_told() -> None:
    with pytest.raises(PdfRefused) as refused:
        texts_of(b"%PDF-1.7\n" + b"\x00\xff" * 500, pages_max=5)
    assert refused.value.rule == "pdf_broken"


def test_a_bomb_does_no_harm() -> None:
    """Some hundred kilobytes that unpack to ten million orders to draw."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"(a) Tj " * 100_000) for _ in range(100)) + packer.flush()
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    made = stream("")
    made._data = packed
    made[NameObject("/Filter")] = NameObject("/FlateDecode")
    page[NameObject("/Contents")] = writer._add_object(made)
    file = BytesIO()
    writer.write(file)
    assert len(file.getvalue()) < 400_000
    # The library gives it up by itself, or the child is ended.
    assert texts_or_rule(file.getvalue()) in ("", "pdf_broken", "pdf_takes_too_much")


def test_what_hangs_is_ended() -> None:
    with pytest.raises(PdfRefused) as refused:
        texts_of(pdf("出口"), pages_max=5, seconds_max=0.01)
    assert refused.value.rule == "pdf_takes_too_much"


def test_a_child_that_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages, "_MODULE", "sundry.insight.observatory.formats.no_such_module")
    with pytest.raises(PdfRefused) as refused:
        texts_of(pdf("出口"), pages_max=5)
    assert refused.value.rule == "pdf_takes_too_much"


def test_too_much_text_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages, "CHARACTERS_MAX", 5)
    assert pdf_pages.read(pdf("出口", "进口额"), 5) == {"texts": ["出口", "进口额"]}
    told = pdf_pages.read(pdf("出口", "进口额度"), 5)
    assert told == {"refused": "pdf_too_much_text", "details": {"most": 5}}
