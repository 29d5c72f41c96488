"""One PDF from a typst template and plain data.

Problem: a stall may be named `#panic()` or `=cmd|...`, and an item `$12_*`. Pasted into the source of a paper such a
name would be markup, or code. Therefore data never becomes source: it goes in beside the template as JSON, and the
template shows it as text. And a font that is missing is only a warning to typst, which then prints boxes instead of
Chinese: therefore such a warning ends the paper.

Worked case: the data {"name": "#panic()"} and the template `#data.name` print #panic().

Guarantees: the same data give the same bytes (no clock is asked); no font of the machine is used.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from sundry.kernel.money import Money, exponent

_RUN_MAX = 14  # letters of a word before it may break anywhere
_RUN = re.compile(rf"[!-~\u00a1-\u052f]{{{_RUN_MAX + 1},}}")  # Latin, Greek, Cyrillic; Chinese breaks by itself
_BREAK = "\u200b"


class FontMissing(RuntimeError):
    """A paper names a font that is not installed with sundry."""


def write_pdf(path: Path, template: str, data: Mapping[str, Any]) -> None:
    """Write the paper to `path`. FontMissing; OSError: cannot be written."""
    path.write_bytes(typeset(template, data))


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """The PDF of `template` (typst, after the house's own prelude), in which `data` is a dictionary of the same name.

    `data` is anything that JSON can say, with `title` and `language` (zh | en) at least. FontMissing.
    """
    import typst

    source = files("sundry.base.papers").joinpath("pages.typ").read_text("utf-8") + template
    compiled: Any = typst.compile_with_warnings(  # type: ignore[misc]
        source.encode(),
        font_paths=_font_folders(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    pdf, warnings = compiled
    missing = [warning.message for warning in warnings if "font" in warning.message]
    if missing:
        raise FontMissing("; ".join(missing))
    return bytes(pdf)


@cache
def _font_folders() -> list[str]:
    return [str(files("noto_cjk_sans_otc")), str(files("fontpkg_noto_sans_arabic").joinpath("files"))]


def one_line(text: str) -> str:
    """`text` without line breaks, control characters, and the two that no XML may hold."""
    kept = (" " if c.isspace() else c for c in text if c.isspace() or _is_shown(c))
    return " ".join("".join(kept).split())


def _is_shown(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs", "Co") and character not in "\ufffe\uffff"


def wrappable(text: str) -> str:
    """One line in which a long word may break: typst would let `ABCDEFGHIJKLMNOPQRSTUVWXYZ` run out of its column."""
    return _RUN.sub(_with_breaks, one_line(text))


def _with_breaks(run: re.Match[str]) -> str:
    word, step = run.group(), _RUN_MAX // 2
    return _BREAK.join(word[at : at + step] for at in range(0, len(word), step))


def shortened(text: str, width: int) -> str:
    """One line of at most `width` columns, a Chinese character counting two, an end cut off shown by an ellipsis."""
    text = one_line(text)
    used = 0
    for at, character in enumerate(text):
        used += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if used > width:
            return text[: max(0, at - 1)].rstrip() + "…"
    return text


def amount(amount_minor: int, currency: str) -> str:
    """With thousands separators, without the currency: 1234567 fen is 12,345.67."""
    return grouped(Money(amount_minor, currency).format())


def grouped(decimal: str) -> str:
    """Decimal text with thousands separators; nothing is rounded."""
    whole, point, decimals = decimal.partition(".")
    sign = "\u2212" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-') or '0'):,}{point}{decimals}"


def unit_price(decimal: str, currency: str) -> str:
    """With at least the decimals of the currency: 3.8 CNY is 3.80; 0.035 stays."""
    whole, _, decimals = decimal.partition(".")
    decimals = decimals.ljust(exponent(currency), "0")
    return grouped(f"{whole}.{decimals}" if decimals else whole)


def kilograms(grams: int) -> str:
    """Exactly, with as many decimals as it takes: 20,512.5 for 20,512,500 g."""
    return grouped(f"{grams // 1000}.{grams % 1000:03d}".rstrip("0").rstrip("."))


def cubic_metres(volume_mm3: int) -> str:
    """Half-up to the litre: 0.066 for 66,042,770 mm3."""
    litres = (volume_mm3 + 500_000) // 1_000_000
    return f"{litres // 1000:,}.{litres % 1000:03d}"
