"""Cell comments ("notes") of one sheet: the comments part and the old drawing that gives each one its box.

A comment is told twice: its text in commentsN.xml, its box in a VML drawing that Excel has demanded since 1997. Without
the box Excel calls the book damaged. VML is often not even XML, so it is spliced as bytes.

Her own comments stay. Where she has one in a cell that we mark, ours goes beneath hers, after a line that we know
again:

    ask Mr Wang            (hers)
    ──── Sundry ────
    Error: cartons missing (ours, taken off at the next check)
"""

from __future__ import annotations

import re

from lxml import etree

from sundry.goods.orders.formats.checked_package import parse, serialise
from sundry.goods.orders.formats.checked_sheet import cell_place
from sundry.goods.orders.formats.grid import column_letter

AUTHOR = "Sundry"
SEPARATOR = "──── Sundry ────"
TEXT_MAX = 4_000  # characters of one comment; the findings sheet holds all
SHAPES_PER_BLOCK = 1024

_SHAPE = re.compile(rb"<(?P<name>(?:\w+:)?shape)\b(?:(?!</(?P=name)>).)*?</(?P=name)>", re.DOTALL)
_ROW = re.compile(rb"<(?:\w+:)?Row>\s*(\d+)\s*<", re.IGNORECASE)
_COLUMN = re.compile(rb"<(?:\w+:)?Column>\s*(\d+)\s*<", re.IGNORECASE)
_BLOCKS = re.compile(rb"(<(?:\w+:)?idmap\b[^>]*?\bdata=[\"'])([0-9, ]*)")
_EMPTY_VML = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data=""/>'
    b"</o:shapelayout></xml>"
)
_NAMESPACES = (
    (b"v", b"urn:schemas-microsoft-com:vml"),
    (b"o", b"urn:schemas-microsoft-com:office:office"),
    (b"x", b"urn:schemas-microsoft-com:office:excel"),
)
_SHAPE_TYPE = (
    b'<v:shapetype%s id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


class Notes:
    """The comments of one sheet. `comments`/`vml`: the parts as they stand, None where the sheet has none."""

    def __init__(self, comments: bytes | None, vml: bytes | None, namespace: str) -> None:
        self.root = parse(comments) if comments is not None else _empty_comments(namespace)
        self.namespace = etree.QName(self.root).namespace or namespace
        self.vml = vml if vml is not None else _EMPTY_VML
        self._authors = self._child("authors")
        self._list = self._child("commentList")
        self._new_boxes: list[tuple[int, int, str]] = []
        self._cache: dict[str, etree._Element] | None = None

    def __len__(self) -> int:
        return len(self._list)

    @property
    def has_shapes(self) -> bool:
        return _SHAPE.search(self.vml) is not None

    def has_ours(self) -> bool:
        return any(self._is_ours(note) or SEPARATOR in _text(note) for note in self._list)

    def remove_ours(self) -> None:
        """Take off every comment of ours, and our part of hers."""
        gone = set()
        for note in list(self._list):
            if self._is_ours(note):
                self._list.remove(note)
                gone.add(cell_place(note.get("ref", "")))
            else:
                self._cut_ours(note)
        if gone:
            self.vml = _SHAPE.sub(lambda shape: b"" if _place(shape[0]) in gone else shape[0], self.vml)

    def add(self, row: int, column: int, text: str) -> None:
        """A comment at row (from 1), column (from 0); beneath hers where she has one."""
        text = text if len(text) <= TEXT_MAX else text[: TEXT_MAX - 1] + "…"
        reference = f"{column_letter(column)}{row}"
        hers = self._by_reference().get(reference)
        if hers is not None:
            body = hers.find(self._tag("text"))
            if body is None:
                body = etree.SubElement(hers, self._tag("text"))
            for plain in body.findall(self._tag("t")):  # plain text and runs may not stand side by side
                run = etree.Element(self._tag("r"))
                body.replace(plain, run)
                run.append(plain)
            self._add_run(body, f"\n{SEPARATOR}\n{text}")
            return
        note = etree.SubElement(self._list, self._tag("comment"))
        note.set("ref", reference)
        note.set("authorId", str(self._author()))
        self._add_run(etree.SubElement(note, self._tag("text")), text)
        self._by_reference()[reference] = note
        self._new_boxes.append((row, column, text))

    def comments_bytes(self) -> bytes:
        """The comments part, in the order of rows and columns, as Excel writes it."""
        places = {note: cell_place(note.get("ref", "")) or (0, 0) for note in self._list}
        self._list[:] = sorted(self._list, key=lambda note: places[note])
        return serialise(self.root)

    def vml_bytes(self, first_block: int) -> tuple[bytes, int]:
        """The drawing with the new boxes, whose ids start in block `first_block`; and the next free block."""
        if not self._new_boxes:
            return self.vml, first_block
        missing = b"".join(
            b' xmlns:%s="%s"' % (prefix, uri)
            for prefix, uri in _NAMESPACES
            if b"xmlns:%s=" % prefix not in self.vml[:1500]
        )
        shapes = [] if b"_x0000_t202" in self.vml else [_SHAPE_TYPE % missing]
        for index, (row, column, text) in enumerate(self._new_boxes):
            shapes.append(_box(first_block * SHAPES_PER_BLOCK + 1 + index, index + 1, row, column, text, missing))
        end = self.vml.rfind(b"</")
        vml = self.vml[:end] + b"".join(shapes) + self.vml[end:]
        blocks = blocks_used(vml)
        listed = b",".join(b"%d" % block for block in blocks)
        return _BLOCKS.sub(lambda found: found[1] + listed, vml, count=1), max(blocks[-1] + 1, first_block)

    # -- the tree

    def _tag(self, name: str) -> str:
        return f"{{{self.namespace}}}{name}"

    def _child(self, name: str) -> etree._Element:
        found = self.root.find(self._tag(name))
        return etree.SubElement(self.root, self._tag(name)) if found is None else found

    def _author(self) -> int:
        for index, author in enumerate(self._authors):
            if author.text == AUTHOR:
                return index
        etree.SubElement(self._authors, self._tag("author")).text = AUTHOR
        return len(self._authors) - 1

    def _is_ours(self, note: etree._Element) -> bool:
        number = note.get("authorId", "")
        return number.isdigit() and int(number) < len(self._authors) and self._authors[int(number)].text == AUTHOR

    def _by_reference(self) -> dict[str, etree._Element]:
        if self._cache is None:
            self._cache = {note.get("ref", ""): note for note in self._list}
        return self._cache

    def _add_run(self, body: etree._Element, text: str) -> None:
        run = etree.SubElement(body, self._tag("r"))
        style = etree.SubElement(run, self._tag("rPr"))
        for name, value in (("sz", "10"), ("rFont", "Tahoma")):
            etree.SubElement(style, self._tag(name)).set("val", value)
        leaf = etree.SubElement(run, self._tag("t"))
        leaf.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        leaf.text = text

    def _cut_ours(self, note: etree._Element) -> None:
        """Cut her comment before our line; runs that become empty go."""
        keep = _text(note).find(SEPARATOR)
        if keep < 0:
            return
        keep = len(_text(note)[:keep].rstrip("\r\n"))
        for leaf in list(note.iter(self._tag("t"))):
            text = leaf.text or ""
            leaf.text, keep = text[: max(0, keep)], keep - len(text)
            run = leaf.getparent()
            if not leaf.text and run is not None and run.tag == self._tag("r"):
                above = run.getparent()
                assert above is not None
                above.remove(run)


def blocks_used(vml: bytes) -> list[int]:
    """The blocks of shape ids that a drawing uses, in order."""
    return sorted({int(number) // SHAPES_PER_BLOCK for number in re.findall(rb"_x0000_s(\d{1,9})\b", vml)})


def _empty_comments(namespace: str) -> etree._Element:
    return parse(f'<comments xmlns="{namespace}"/>'.encode())


def _text(note: etree._Element) -> str:
    return "".join(leaf.text or "" for leaf in note.iter("{*}t"))


def _place(shape: bytes) -> tuple[int, int] | None:
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    return (int(row[1]) + 1, int(column[1])) if row and column and b'"Note"' in shape.replace(b"'", b'"') else None


def _box(identifier: int, layer: int, row: int, column: int, text: str, namespaces: bytes) -> bytes:
    """One hidden box beside its cell, as high as its text needs."""
    lines = sum(1 + sum(2 if ord(c) > 0x2E7F else 1 for c in line) // 42 for line in text.split("\n"))
    high = min(max(lines + 1, 4), 24)
    top = max(row - 2, 0)
    anchor = f"{column + 1}, 15, {top}, 10, {column + 5}, 15, {top + high}, 4"
    return (
        f'<v:shape{namespaces.decode()} id="_x0000_s{identifier}" type="#_x0000_t202" style="position:absolute;'
        f'margin-left:60pt;margin-top:1.5pt;width:220pt;height:{high * 15}pt;z-index:{layer};visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
        '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row>"
        f"<x:Column>{column}</x:Column></x:ClientData></v:shape>"
    ).encode()
