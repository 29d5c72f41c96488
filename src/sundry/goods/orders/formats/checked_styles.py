"""Cell styles of a checked book: a fill for each severity, and the way back to what was beneath.

Problem: a mark must be taken off again when the mended book comes back. In between Excel or WPS has saved the book: it
renumbered all styles, and rows were inserted, sorted, deleted. A list "cell F7 had style 12" is worthless then. What
survives every program is the colour of a cell.

    marked as a warning, beneath it was fill no. 5 of our list   ->  colour F8D878 + 5  =  F8D87D

Therefore the colour itself carries the number of what was beneath, in the three low bits of red, green and blue (512
numbers, too little to see), and the findings sheet keeps the list "number -> fill". Number 0 is "no fill", which is
nearly every cell. A cell whose text could not be read on the mark (white on navy) gets black text, and its colour is in
the list.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy

from lxml import etree

from sundry.goods.orders.formats.checked_package import parse, serialise
from sundry.goods.orders.formats.grid import is_date_format
from sundry.kernel.findings import Severity

# The three low bits of every byte are free for the number.
MARK_RGB = {
    Severity.ERROR: (0xF8, 0xB8, 0xB0),
    Severity.WARNING: (0xF8, 0xD8, 0x78),
    Severity.NOTE: (0xB0, 0xD8, 0xF0),
}
NUMBERS = 512
READABLE_CONTRAST = 3.0

_FILL_TAGS = {"fill", "patternFill", "fgColor", "bgColor", "gradientFill", "stop", "color"}
_LIGHT_THEME = {"0", "2"}  # the two backgrounds of a theme
_BUILTIN_DATES = {str(number) for number in (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))}
_LIGHT_INDEXED = {"1", "5", "7", "9", "13", "15"}  # white, yellow, cyan of the old palette


def mark_colour(severity: Severity, number: int) -> str:
    """The colour RRGGBB of a mark over fill `number` (0..511)."""
    red, green, blue = MARK_RGB[severity]
    return f"{red + (number >> 6):02X}{green + (number >> 3 & 7):02X}{blue + (number & 7):02X}"


def list_colour(severity: Severity) -> str:
    """The colour RRGGBB of a severity in the findings sheet: like the mark's, but never taken for one."""
    red, green, blue = MARK_RGB[severity]
    return f"{red:02X}{green:02X}{blue ^ 8:02X}"


def mark_number(colour: str) -> int | None:
    """The number that a mark's colour (RRGGBB or AARRGGBB) carries; None: not a mark of ours."""
    try:
        red, green, blue = bytes.fromhex(colour[-6:])
    except ValueError:
        return None
    if (red & 0xF8, green & 0xF8, blue & 0xF8) not in MARK_RGB.values():
        return None
    return (red & 7) << 6 | (green & 7) << 3 | blue & 7


class Styles:
    """styles.xml of one book. `record` is the list from the findings sheet of an earlier check, {} without one."""

    def __init__(self, xml: bytes, record: Mapping[int, str], checked_before: bool) -> None:
        self.root = parse(xml)
        self.namespace = etree.QName(self.root).namespace or ""
        self._fonts = self._family("fonts")
        self._fills = self._family("fills")
        self._xfs = self._family("cellXfs")
        self._known: dict[str, dict[str, int]] = {}
        self._beneath: dict[int, str] = {}  # number -> what was beneath, as JSON
        self._number: dict[str, int] = {_beneath_json(None, None, None, None): 0}
        self._marked: dict[tuple[int, Severity], int] = {}
        self._typed: dict[tuple[int, bool], int] = {}
        self.restored: dict[int, int] = self._restore(record) if checked_before else {}

    @property
    def record(self) -> Mapping[int, str]:
        """What the findings sheet must keep so that this book's marks can be taken off again."""
        return self._beneath

    def to_bytes(self) -> bytes:
        for family in (self._fonts, self._fills, self._xfs):
            family.set("count", str(len(family)))
        return serialise(self.root)

    def marked(self, xf: int, severity: Severity) -> int:
        """The style of a cell of style `xf` (already restored) with the mark of `severity`."""
        xf = xf if xf < len(self._xfs) else 0
        if (xf, severity) not in self._marked:
            self._marked[xf, severity] = self._mark(xf, severity)
        return self._marked[xf, severity]

    def typed(self, xf: int, *, is_number: bool) -> int:
        """The style of a cell of style `xf` (already restored) into which a person typed: not struck through, and a
        number is no date."""
        xf = xf if xf < len(self._xfs) else 0
        if (xf, is_number) not in self._typed:
            self._typed[xf, is_number] = self._index(self._xfs, self._for_typing(self._xfs[xf], is_number))
        return self._typed[xf, is_number]

    def _for_typing(self, base: etree._Element, is_number: bool) -> etree._Element:
        xf = deepcopy(base)
        font = self._at(self._fonts, base.get("fontId"))
        if font is not None and font.find(self._tag("strike")) is not None:
            plain = deepcopy(font)
            for strike in plain.findall(self._tag("strike")):
                plain.remove(strike)
            xf.set("fontId", str(self._index(self._fonts, plain)))
        if is_number and self._is_date(base.get("numFmtId", "0")):
            xf.set("numFmtId", "0")
        return xf

    def _is_date(self, identifier: str) -> bool:
        formats = (node for node in self.root.iter(self._tag("numFmt")) if node.get("numFmtId") == identifier)
        code = next((node.get("formatCode") or "" for node in formats), None)
        return identifier in _BUILTIN_DATES if code is None else is_date_format(code)

    def plain(self, *, bold: bool = False, wrap: bool = False, link: bool = False, fill: Severity | None = None) -> int:
        """A style for the findings sheet."""
        xf = self._element("xf", numFmtId="0", fontId="0", fillId="0", borderId="0", xfId="0")
        if bold or link:
            xf.set("fontId", str(self._font_index(bold, link)))
            xf.set("applyFont", "1")
        if fill is not None:
            xf.set("fillId", str(self._index(self._fills, self._solid(list_colour(fill)))))
            xf.set("applyFill", "1")
        xf.set("applyAlignment", "1")
        alignment = etree.SubElement(xf, self._tag("alignment"))
        alignment.set("vertical", "top")
        if wrap:
            alignment.set("wrapText", "1")
        return self._index(self._xfs, xf)

    # -- marks on

    def _mark(self, xf: int, severity: Severity) -> int:
        base = self._xfs[xf]
        fill = self._at(self._fills, base.get("fillId"))
        font = self._at(self._fonts, base.get("fontId"))
        colour = None if font is None else font.find(self._tag("color"))
        blackened = colour is not None and not _readable(colour, MARK_RGB[severity])
        bare = fill is None or _is_none(fill)
        beneath = _beneath_json(
            None if bare or fill is None else _xml(fill),
            base.get("applyFill"),
            _xml(colour) if blackened and colour is not None else None,
            base.get("applyFont") if blackened else None,
        )
        number = self._number.setdefault(beneath, len(self._number))
        if number >= NUMBERS:
            return xf  # we could not take it off again: the note and the list must do
        if number:
            self._beneath[number] = beneath
        marked = deepcopy(base)
        marked.set("fillId", str(self._index(self._fills, self._solid(mark_colour(severity, number)))))
        marked.set("applyFill", "1")
        if blackened and font is not None:
            marked.set("fontId", str(self._index(self._fonts, self._with_colour(font, '<color rgb="FF000000"/>'))))
            marked.set("applyFont", "1")
        return self._index(self._xfs, marked)

    # -- marks off

    def _restore(self, record: Mapping[int, str]) -> dict[int, int]:
        """Marked style -> style without the mark, for every style that carries one."""
        restored = {}
        for index in range(len(self._xfs)):
            xf = self._xfs[index]
            number = self._number_of(self._at(self._fills, xf.get("fillId")))
            if number is None:
                continue
            clean = deepcopy(xf)
            self._put_back(clean, record.get(number, ""))
            restored[index] = self._index(self._xfs, clean)
        return restored

    def _number_of(self, fill: etree._Element | None) -> int | None:
        colour = None if fill is None else fill.find(f"{self._tag('patternFill')}/{self._tag('fgColor')}")
        return None if colour is None else mark_number(colour.get("rgb", ""))

    def _put_back(self, xf: etree._Element, beneath_json: str) -> None:
        beneath = _read_beneath(beneath_json)
        fill = self._trusted(beneath.get("fill"), "fill")
        xf.set("fillId", "0" if fill is None else str(self._index(self._fills, fill)))
        _set_or_drop(xf, "applyFill", beneath.get("applyFill"))
        font = self._at(self._fonts, xf.get("fontId"))
        colour = self._trusted(beneath.get("colour"), "color")
        if font is not None and colour is not None:
            xf.set("fontId", str(self._index(self._fonts, self._with_colour(font, _xml(colour)))))
            _set_or_drop(xf, "applyFont", beneath.get("applyFont"))

    def _trusted(self, xml: str | None, name: str) -> etree._Element | None:
        """An element from the record, which came back through other hands: only a fill or a colour, nothing else."""
        if not xml or "<!" in xml:
            return None
        try:
            element = self._adopt(xml)
        except etree.XMLSyntaxError:
            return None
        names = [etree.QName(node).localname if isinstance(node.tag, str) else "?" for node in element.iter()]
        text = "".join(str(part) for part in element.itertext())
        return element if names[0] == name and set(names) <= _FILL_TAGS and not text.strip() else None

    # -- the tree

    def _tag(self, name: str) -> str:
        return f"{{{self.namespace}}}{name}"

    def _element(self, name: str, **attributes: str) -> etree._Element:
        element = parse(f'<{name} xmlns="{self.namespace}"/>'.encode())
        for key, value in attributes.items():
            element.set(key, value)
        return element

    def _adopt(self, xml: str) -> etree._Element:
        """A fragment without namespaces as elements of this book's namespace."""
        element = parse(xml.encode())
        for node in element.iter():
            if isinstance(node.tag, str):
                node.tag = self._tag(etree.QName(node).localname)
        return element

    def _family(self, name: str) -> etree._Element:
        family = self.root.find(self._tag(name))
        if family is not None:
            return family
        family = self._element(name)  # a book so bare that it has none: the order of the schema is kept
        order = ["numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs"]
        before = {self._tag(other) for other in order[: order.index(name)]}
        place = sum(1 for child in self.root if child.tag in before)
        self.root.insert(place, family)
        first = {"fonts": "<font/>", "fills": '<fill><patternFill patternType="none"/></fill>', "cellXfs": "<xf/>"}
        family.append(self._adopt(first[name]))
        if name == "fills":
            family.append(self._adopt('<fill><patternFill patternType="gray125"/></fill>'))
        return family

    def _at(self, family: etree._Element, index: str | None) -> etree._Element | None:
        place = int(index) if index and index.isdigit() else 0
        return family[place] if place < len(family) else None

    def _index(self, family: etree._Element, element: etree._Element) -> int:
        """Where an equal element stands in the family; appended if there is none."""
        if family.tag not in self._known:
            known: dict[str, int] = {}
            for place, member in enumerate(family):
                known.setdefault(_xml(member), place)
            self._known[family.tag] = known
        key = _xml(element)
        if key not in self._known[family.tag]:
            self._known[family.tag][key] = len(family)
            family.append(element)
        return self._known[family.tag][key]

    def _solid(self, colour: str) -> etree._Element:
        colours = f'<fgColor rgb="FF{colour}"/><bgColor indexed="64"/>'
        return self._adopt(f'<fill><patternFill patternType="solid">{colours}</patternFill></fill>')

    def _with_colour(self, font: etree._Element, colour_xml: str) -> etree._Element:
        changed = deepcopy(font)
        old = changed.find(self._tag("color"))
        if old is not None:
            changed.replace(old, self._adopt(colour_xml))
        return changed

    def _font_index(self, bold: bool, link: bool) -> int:
        """The book's own first font, bold or as a link."""
        size, name = '<sz val="11"/>', '<name val="Calibri"/>'
        first = self._at(self._fonts, "0")
        for tag in ("sz", "name"):
            found = None if first is None else first.find(self._tag(tag))
            if found is not None and tag == "sz":
                size = _xml(found)
            elif found is not None:
                name = _xml(found)
        colour = '<color rgb="FF0563C1"/>' if link else '<color rgb="FF000000"/>'
        font = f"<font>{'<b/>' if bold else ''}{'<u/>' if link else ''}{size}{colour}{name}</font>"
        return self._index(self._fonts, self._adopt(font))


def _xml(element: etree._Element) -> str:
    """One element without namespaces, attributes in order: equal text means equal style."""
    name = etree.QName(element).localname
    attributes = "".join(
        f' {key}="{_escaped(value)}"'
        for key, value in sorted((str(key), str(value)) for key, value in element.attrib.items())
    )
    children = "".join(_xml(child) for child in element if isinstance(child.tag, str))
    return f"<{name}{attributes}>{children}</{name}>" if children else f"<{name}{attributes}/>"


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _beneath_json(fill: str | None, apply_fill: str | None, colour: str | None, apply_font: str | None) -> str:
    beneath = {"fill": fill, "applyFill": apply_fill, "colour": colour, "applyFont": apply_font}
    return json.dumps({key: value for key, value in beneath.items() if value is not None}, ensure_ascii=False)


def _read_beneath(text: str) -> dict[str, str]:
    try:
        beneath = json.loads(text or "{}")
    except ValueError:
        return {}
    return {k: v for k, v in beneath.items() if isinstance(v, str)} if isinstance(beneath, dict) else {}


def _set_or_drop(element: etree._Element, name: str, value: str | None) -> None:
    if value is not None and value in {"0", "1", "true", "false"}:
        element.set(name, value)
    elif name in element.attrib:
        del element.attrib[name]


def _is_none(fill: etree._Element) -> bool:
    return _xml(fill) in ('<fill><patternFill patternType="none"/></fill>', "<fill><patternFill/></fill>", "<fill/>")


def _readable(colour: etree._Element, on: tuple[int, int, int]) -> bool:
    """Whether text of a font's colour can be read on a mark; theme and palette colours by a rough rule."""
    if (rgb := colour.get("rgb")) is not None:
        try:
            text = tuple(bytes.fromhex(rgb[-6:]))
        except ValueError:
            return True
        return contrast(text, on) >= READABLE_CONTRAST
    if (theme := colour.get("theme")) is not None:
        tint = float(colour.get("tint") or 0)
        return not (theme in _LIGHT_THEME and tint > -0.4) and not tint > 0.4
    return colour.get("indexed") not in _LIGHT_INDEXED


def contrast(one: Sequence[int], other: Sequence[int]) -> float:
    """The contrast ratio of WCAG 2 of two colours of red, green, blue 0..255: 1 (equal) to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(rgb: Sequence[int]) -> float:
    linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
