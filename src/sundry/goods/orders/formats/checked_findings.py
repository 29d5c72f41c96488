"""The sheet that we add to her book: every finding in one list, with a link to its cell.

It also remembers, in two hidden columns far to the right, what lay beneath the coloured cells (see checked_styles.py),
so that a later check can take the marks off. Texts are inline, so that her book's table of strings is not touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from sundry.goods.orders.formats.checked_package import parse
from sundry.goods.orders.formats.checked_styles import NUMBERS, Styles
from sundry.kernel.findings import Finding, Severity
from sundry.kernel.messages import RIGHT_TO_LEFT, render

FINDINGS_SHEET_PREFIX = "Sundry 检查"
"""A sheet whose name begins so is ours: a reader skips it."""

FINDINGS_SHEET_NAME = "Sundry 检查 Findings"

LISTED_MAX = 200_000  # rows of the list
LINKS_MAX = 60_000  # Excel opens a sheet with at most 65,530 links
TEXT_MAX = 32_000  # characters of one cell; Excel's limit is 32,767
_RECORD_COLUMNS = ("Y", "Z")  # number, what was beneath
_HEAD_ROW = 4
_WIDTHS = (10, 18, 10, 20, 24, 95)
_HEADS = ("severity", "sheet", "cell", "header", "value", "message")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def plain_text(text: str) -> str:
    """Text as it may stand in a cell or comment: no control characters, within Excel's limit, `_x000A_` as typed."""
    return _LOOKS_ESCAPED.sub("_x005F_", _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)[:TEXT_MAX])


def findings_sheet(
    findings: Sequence[Finding], marked: Sequence[str], styles: Styles, namespace: str, language: str
) -> bytes:
    """The XML of the sheet. `marked`: for each finding the reference of the cell that carries it, "" if none does."""
    order = sorted(range(len(findings)), key=lambda index: _ORDER[findings[index].severity])
    listed = order[:LISTED_MAX]
    last = _HEAD_ROW + len(listed)
    direction = ' rightToLeft="1"' if language in RIGHT_TO_LEFT else ""
    pieces = [
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
        f'<worksheet xmlns="{namespace}"><sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>',
        f'<sheetViews><sheetView showGridLines="0"{direction} workbookViewId="0">',
        f'<pane ySplit="{_HEAD_ROW}" topLeftCell="A{_HEAD_ROW + 1}" activePane="bottomLeft" state="frozen"/>',
        '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>',
        *(f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(_WIDTHS, 1)),
        '<col min="25" max="26" width="9" hidden="1" customWidth="1"/></cols><sheetData>',
        *_rows(findings, marked, listed, len(order) - len(listed), styles, language),
        "</sheetData>",
    ]
    if listed:
        pieces.append(f'<autoFilter ref="A{_HEAD_ROW}:F{last}"/>')
        pieces += _links(findings, marked, listed)
    pieces.append('<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>')
    pieces.append('<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>')
    return "".join(pieces).encode()


def _rows(
    findings: Sequence[Finding],
    marked: Sequence[str],
    listed: Sequence[int],
    more: int,
    styles: Styles,
    language: str,
) -> Iterator[str]:
    bold, top, wrap, link = styles.plain(bold=True), styles.plain(), styles.plain(wrap=True), styles.plain(link=True)
    fills = {severity: styles.plain(fill=severity) for severity in Severity}
    words = {severity: render(f"checked_severity_{severity}", language, {}) for severity in Severity}
    counts = {severity: sum(finding.severity == severity for finding in findings) for severity in Severity}
    count_values = {
        "errors": counts[Severity.ERROR],
        "warnings": counts[Severity.WARNING],
        "notes": counts[Severity.NOTE],
    }
    intro = render("checked_intro" if findings else "checked_none", language, count_values)
    yield from _row(1, [("A", render("checked_title", language, {}), bold)])
    yield from _row(2, [("A", intro, top)])
    heads = [
        (letter, render(f"checked_column_{head}", language, {}), bold)
        for letter, head in zip("ABCDEF", _HEADS, strict=True)
    ]
    # The record of what was beneath stands beside the list, one number a row.
    record = iter(sorted(styles.record.items()))
    yield from _row(_HEAD_ROW, heads if listed else [])
    row = _HEAD_ROW
    for index in listed:
        row += 1
        finding = findings[index]
        place = marked[index] or (render("checked_row", language, {"row": finding.row}) if finding.row else "")
        cells = [
            ("A", words[finding.severity], fills[finding.severity]),
            ("B", finding.sheet, top),
            ("C", place, link if marked[index] else top),
            ("D", " ".join(finding.header.split()), wrap),
            ("E", finding.value, wrap),
            ("F", finding.message(language), wrap),
        ]
        yield from _row(row, cells + _record_cells(record))
    if more:
        row += 1
        yield from _row(row, [("F", render("checked_more", language, {"more": more}), wrap)])
    while rest := _record_cells(record):
        row += 1
        yield from _row(row, rest)


def _record_cells(record: Iterator[tuple[int, str]]) -> list[tuple[str, str, int]]:
    number, beneath = _RECORD_COLUMNS
    for kept, what in record:
        return [(number, str(kept), 0), (beneath, what, 0)]
    return []


def _row(number: int, cells: Sequence[tuple[str, str, int]]) -> Iterator[str]:
    yield f'<row r="{number}">'
    for letter, text, style in cells:
        if text:
            shown = escape(plain_text(text), quote=False)
            yield f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'
    yield "</row>"


def _links(findings: Sequence[Finding], marked: Sequence[str], listed: Sequence[int]) -> Iterator[str]:
    links = []
    for place, index in enumerate(listed, _HEAD_ROW + 1):
        if marked[index]:
            sheet = findings[index].sheet.replace("'", "''")
            location = escape(f"'{sheet}'!{marked[index]}")
            links.append(f'<hyperlink ref="C{place}" location="{location}" display="{marked[index]}"/>')
    if links:
        yield "<hyperlinks>"
        yield from links[:LINKS_MAX]
        yield "</hyperlinks>"


def read_record(xml: bytes, strings: Sequence[str]) -> dict[int, str]:
    """number -> what was beneath, from a findings sheet.

    `strings` is the book's table of strings: Excel moves our texts there when it saves. The sheet came back through
    other hands: numbers out of range are left out, the rest is judged in checked_styles.py.
    """
    texts: dict[tuple[str, int], str] = {}
    for cell in parse(xml).iter("{*}c"):
        place = re.fullmatch(r"([A-Z]+)([0-9]+)", cell.get("r", ""))
        if place is None or place[1] not in _RECORD_COLUMNS:
            continue
        text = "".join(t.text or "" for t in cell.iter("{*}t"))
        value = cell.find("{*}v")
        if value is not None and value.text:
            index = int(value.text) if cell.get("t") == "s" and value.text.isdigit() else -1
            text = strings[index] if 0 <= index < len(strings) else value.text
        texts[place[1], int(place[2])] = text
    number, beneath = _RECORD_COLUMNS
    return {
        int(text): texts[beneath, row]
        for (column, row), text in texts.items()
        if column == number and text.isdecimal() and 0 < int(text) < NUMBERS and (beneath, row) in texts
    }


def shared_texts(xml: bytes) -> list[str]:
    """A book's table of strings, in order."""
    return ["".join(t.text or "" for t in item.iter("{*}t")) for item in parse(xml) if isinstance(item.tag, str)]
