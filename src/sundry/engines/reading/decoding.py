"""The bytes of a page as text, and what of them could not be read.

Problem: a page saved by one program is UTF-8, by another GB18030, by a third UTF-16; a file put together of two of
them is neither. Guessing wrongly gives a page of rare characters that looks like text, and dropping what is broken
moves every place that follows.

    B3 F6 BF DA  in UTF-8: nothing whole        in GB18030: 出口
    E5 87 BA FF E5 8F A3                         a whole character, a broken byte, a whole one: UTF-8, 出\\ufffd口

Therefore a byte order mark decides, else UTF-8 where all of it is, else the one of the two to which most of the bytes
above 127 belong. What is broken becomes U+FFFD and is told with the place of its first byte. Lines end as they ended.
The mark of UTF-8 stays as U+FEFF, since places are those of the file read as UTF-8 with newline=''; that of UTF-16 is
no character. A NUL becomes U+FFFD, one for one: no database keeps it.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from sundry.kernel.findings import Finding, warning

_PDF = b"%PDF-"
_PDF_WITHIN = 1024  # bytes: readers of PDF allow for something before
_SAMPLE = 65_536  # bytes by which a file is judged to be text
_JUDGED = 1_048_576  # bytes by which one of two encodings is chosen
_CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f]")
_STRANGE_MAX = 0.1  # of the characters: beyond it a file is no text
_NUL, _REPLACED = "\0", "\ufffd"
# Whole characters of UTF-8 above 127: of two, three and four bytes.
_WHOLE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """`encoding` by its Python name: utf-8, utf-16, gb18030. `findings`: what was replaced."""

    text: str
    encoding: str
    findings: tuple[Finding, ...] = ()


def is_pdf(data: bytes) -> bool:
    return _PDF in data[:_PDF_WITHIN]


def is_text(data: bytes) -> bool:
    """Whether a person wrote it: not a picture, not a workbook, not a program."""
    if is_pdf(data):
        return False
    sample = data[:_SAMPLE]
    text = sample.decode(_encoding(sample), errors="replace")
    strange = len(_CONTROL.findall(text)) + text.count(_NUL) + text.count(_REPLACED)
    return strange <= _STRANGE_MAX * len(text)


def decode(data: bytes) -> Decoded:
    """The text of a page, as long as the file read in its encoding with newline=''. Never raises."""
    encoding = _encoding(data)
    place = _first_broken(data, encoding)
    text = data.decode(encoding, errors="replace")
    findings: list[Finding] = []
    if place is not None:
        details = {"encoding": encoding, "place": place, "count": text.count(_REPLACED)}
        findings.append(warning("reading_bytes_broken", details=details))
    if _NUL in text:
        details = {"place": text.index(_NUL), "count": text.count(_NUL)}
        findings.append(warning("reading_nul", details=details))
        text = text.replace(_NUL, _REPLACED)
    return Decoded(text, encoding, tuple(findings))


def _encoding(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if data.startswith(codecs.BOM_UTF8) or _first_broken(data, "utf-8") is None:
        return "utf-8"
    return "utf-8" if _is_rather_utf_8(data) else "gb18030"


def _is_rather_utf_8(data: bytes) -> bool:
    """Half of the bytes above 127 and more are of whole characters; in a text of GB18030 it is about a quarter."""
    known = data[:_JUDGED]
    whole = sum(match.end() - match.start() for match in _WHOLE.finditer(known))
    return 2 * whole >= len(_HIGH.findall(known))


def _first_broken(data: bytes, encoding: str) -> int | None:
    """The place of the first byte that is of no character, from 0."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError as fault:
        return fault.start
    return None
