"""What a file that somebody imports holds: pages of text, or the reason why none.

Problem: of twenty files that are dropped at once one is a picture, one is locked and one was there already, and the
other seventeen shall be read. Therefore each file is opened by itself, and what cannot be used is a `Problem` with the
file's name, for the person to read; nothing is raised.

Text may be in UTF-8, UTF-16 or GB18030 (engines/reading/decoding.py). Of a PDF the text layer is taken, page by page,
in a process of its own with a limit of time and memory; what is only scanned has none and is told so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from sundry.engines.reading.decoding import Decoded, decode, is_pdf, is_text
from sundry.insight.observatory.formats.pdf_pages import PdfRefused, texts_of
from sundry.insight.observatory.rules import BYTES_MAX, PDF_PAGES_MAX
from sundry.kernel.findings import Finding

TEXT_TYPE: Final = "text/plain"
PDF_TYPE: Final = "application/pdf"
NAME_MAX: Final = 200
_NUL, _REPLACED = "\0", "\ufffd"
# What decoding tells, as the observatory's pages tell it.
_TOLD: Final[Mapping[str, str]] = {
    "reading_bytes_broken": "observatory_bytes_broken",
    "reading_nul": "observatory_nul",
}

Told = tuple[str, tuple[int, int] | None]
"""A rule and a place of the text."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file was not taken in."""

    file: str
    rule: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> list[Any]:
        return [self.file, self.rule, dict(self.values)]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file with the text of its pages; `findings` of each page: what was replaced in its text."""

    name: str
    data: bytes
    sha256: str
    media_type: str
    encoding: str
    texts: tuple[str, ...]
    findings: tuple[tuple[Told, ...], ...]


def opened(name: str, data: bytes) -> Opened | Problem:
    """One file."""
    name = shown_name(name)
    if not data.strip(b"\x00 \r\n\t"):
        return Problem(name, "observatory_file_empty", {"file": name})
    if len(data) > BYTES_MAX:
        return Problem(name, "observatory_file_too_large", {"file": name, "megabytes": BYTES_MAX // 1_000_000})
    if is_pdf(data):
        return _pdf(name, data)
    if not is_text(data):
        return Problem(name, "observatory_file_not_text", {"file": name})
    found = decode(data)
    if not _says_anything(found.text):
        return Problem(name, "observatory_file_empty", {"file": name})
    return Opened(name, data, digest(data), TEXT_TYPE, found.encoding, (found.text,), (_findings(found),))


def opened_all(files: Sequence[tuple[str, bytes]]) -> tuple[list[Opened], list[Problem]]:
    """All files, each once: what is brought twice at once is taken the first time."""
    good: dict[str, Opened] = {}
    bad: list[Problem] = []
    for name, data in files:
        one = opened(name, data)
        if isinstance(one, Problem):
            bad.append(one)
        elif one.sha256 in good:
            bad.append(Problem(one.name, "observatory_file_twice", {"file": one.name, "other": good[one.sha256].name}))
        else:
            good[one.sha256] = one
    return list(good.values()), bad


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def shown_name(name: str) -> str:
    """A file's name as it is kept: without folders and without what no person sees."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in bare if sign.isprintable())[:NAME_MAX] or "page"


def _says_anything(text: str) -> bool:
    """Whether there is a sign that a person sees: a byte order mark and spaces of any width are none."""
    return any(sign.isprintable() and sign != " " for sign in text)


def _pdf(name: str, data: bytes) -> Opened | Problem:
    try:
        texts = texts_of(data, pages_max=PDF_PAGES_MAX)
    except PdfRefused as fault:
        return Problem(name, fault.rule, {**fault.details, "file": name})
    if not any(_says_anything(text) for text in texts):
        return Problem(name, "pdf_has_no_text", {"file": name})
    findings = tuple(
        (("observatory_nul", (text.index(_NUL), text.index(_NUL) + 1)),) if _NUL in text else () for text in texts
    )
    kept = tuple(text.replace(_NUL, _REPLACED) for text in texts)
    return Opened(name, data, digest(data), PDF_TYPE, "pdf", kept, findings)


def _findings(found: Decoded) -> tuple[Told, ...]:
    return tuple((_TOLD[one.rule], _place(one, found.text)) for one in found.findings)


def _place(finding: Finding, text: str) -> tuple[int, int] | None:
    """The first character that was replaced; the finding of a broken byte counts in bytes."""
    at = finding.details["place"] if finding.rule == "reading_nul" else text.find(_REPLACED)
    return (at, at + 1) if at >= 0 else None
