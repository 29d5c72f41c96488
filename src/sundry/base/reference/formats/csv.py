"""Tables as text: commas, semicolons or tabs; UTF-8 with or without its mark, UTF-16 with it, GB18030."""

from __future__ import annotations

import codecs
import csv
import io

from sundry.base.reference.formats.shape import COLUMNS_MAX, Rows
from sundry.kernel.errors import UnusableInput

_SNIFFED = 4_000
_DELIMITERS = ",;\t"


def read_csv(file: str, data: bytes) -> Rows:
    """The rows. UnusableInput: no text, or in an unknown encoding; damaged."""
    text = _decoded(file, data)
    if "\0" in text:
        raise UnusableInput("reference_file_unknown", file=file)
    head = text[:_SNIFFED]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, cells[:COLUMNS_MAX]
    except csv.Error as fault:
        raise UnusableInput("reference_file_damaged", file=file, fault=f"{fault} ({reader.line_num})") from fault


def _decoded(file: str, data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnusableInput("reference_encoding_unknown", file=file)
