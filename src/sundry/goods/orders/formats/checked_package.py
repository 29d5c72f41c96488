"""The zip package of a workbook: read one part at a time, change a few, copy the rest as it is.

Problem: her book holds things we do not know (WPS pictures, slicers, a printer's settings). A library that loads and
saves a workbook drops what it does not know. Therefore we never load the book: we replace single parts and copy every
other entry of the zip with the same bytes, name, order and date.
"""

from __future__ import annotations

import posixpath
import shutil
import zipfile
from pathlib import Path
from types import TracebackType

from lxml import etree

CONTENT_TYPES = "[Content_Types].xml"
TYPES_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONSHIPS_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_TYPE = "application/vnd.ms-office.vbaProject"
PRINTER_SETTINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"

_NO_RELATIONSHIPS = f'<Relationships xmlns="{RELATIONSHIPS_NAMESPACE}"/>'.encode()
_NO_DATE = (1980, 1, 1, 0, 0, 0)  # of the parts we add: no clock, the same book gives the same bytes


def parse(xml: bytes) -> etree._Element:
    """The root of one part. No entities, no network, no limit on text length. etree.XMLSyntaxError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    return etree.fromstring(xml, parser)


def serialise(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


class Relationships:
    """The relationships of one part: ids, types, targets as names inside the package."""

    def __init__(self, xml: bytes | None, part: str) -> None:
        self._folder = posixpath.dirname(part)
        self.root = parse(xml if xml is not None else _NO_RELATIONSHIPS)

    def target(self, relationship_id: str) -> str | None:
        """The name of the part that the id points to; None: unknown or outside of the package."""
        for entry in self.root:
            if entry.get("Id") == relationship_id and entry.get("TargetMode") != "External":
                return self._name(entry.get("Target", ""))
        return None

    def of_type(self, ending: str) -> tuple[str, str] | None:
        """(id, part) of the first relationship whose type ends with `/ending`."""
        for entry in self.root:
            if entry.get("Type", "").endswith("/" + ending) and entry.get("TargetMode") != "External":
                return entry.get("Id", ""), self._name(entry.get("Target", ""))
        return None

    def add(self, kind: str, part: str) -> str:
        """A new relationship of the full type `kind` to `part`; its id."""
        taken = {entry.get("Id") for entry in self.root}
        number = len(self.root) + 1
        while f"rId{number}" in taken:
            number += 1
        entry = etree.SubElement(self.root, f"{{{RELATIONSHIPS_NAMESPACE}}}Relationship")
        entry.set("Id", f"rId{number}")
        entry.set("Type", kind)
        entry.set("Target", "/" + part)
        return f"rId{number}"

    def remove(self, relationship_id: str) -> None:
        for entry in list(self.root):
            if entry.get("Id") == relationship_id:
                self.root.remove(entry)

    def _name(self, target: str) -> str:
        target = target.replace("\\", "/")
        if target.startswith("/"):
            return target.lstrip("/")
        return posixpath.normpath(posixpath.join(self._folder, target))


class Package:
    """One workbook file being changed. Use as a context manager; `write` copies it with its changes."""

    def __init__(self, source: Path) -> None:
        self._zip = zipfile.ZipFile(source)
        self._names = {name.replace("\\", "/").lower(): name for name in self._zip.namelist()}
        self._changed: dict[str, bytes] = {}  # by the name as the zip has it, in the order of change
        self._removed: set[str] = set()
        self.types = parse(self.read(CONTENT_TYPES))

    def __enter__(self) -> Package:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()

    def _stored_name(self, part: str) -> str:
        """Part names are equal without regard to case; the zip's own spelling is kept."""
        return self._names.get(part.lower(), part)

    def has(self, part: str) -> bool:
        name = self._stored_name(part)
        return name not in self._removed and (name in self._changed or part.lower() in self._names)

    def read(self, part: str) -> bytes:
        """KeyError: no such part."""
        name = self._stored_name(part)
        if name in self._removed:
            raise KeyError(part)
        return self._changed[name] if name in self._changed else self._zip.read(name)

    def put(self, part: str, content: bytes) -> None:
        name = self._stored_name(part)
        self._removed.discard(name)
        self._changed[name] = content

    def remove(self, part: str) -> None:
        """Take out a part, its relationships and its content type. Nothing happens if it is not there."""
        for name in (self._stored_name(part), self._stored_name(relationships_name(part))):
            self._changed.pop(name, None)
            self._removed.add(name)
        for entry in list(self.types):
            if entry.get("PartName", "").lower() == "/" + part.lower():
                self.types.remove(entry)

    def free_name(self, pattern: str) -> str:
        """The first free part name of a pattern with one `{}`."""
        number = 1
        while self.has(pattern.format(number)):
            number += 1
        return pattern.format(number)

    def relationships(self, part: str) -> Relationships:
        name = relationships_name(part)
        return Relationships(self.read(name) if self.has(name) else None, part)

    def put_relationships(self, part: str, relationships: Relationships) -> None:
        name = relationships_name(part)
        if len(relationships.root):
            self.put(name, serialise(relationships.root))
        elif self.has(name):
            self.remove(name)

    def set_type(self, part: str, content_type: str) -> None:
        for entry in self.types:
            if entry.get("PartName", "").lower() == "/" + part.lower():
                entry.set("ContentType", content_type)
                return
        entry = etree.SubElement(self.types, f"{{{TYPES_NAMESPACE}}}Override")
        entry.set("PartName", "/" + part)
        entry.set("ContentType", content_type)

    def set_default_type(self, extension: str, content_type: str) -> None:
        """For an extension that has none yet."""
        if any(entry.get("Extension", "").lower() == extension for entry in self.types):
            return
        entry = etree.Element(f"{{{TYPES_NAMESPACE}}}Default")
        entry.set("Extension", extension)
        entry.set("ContentType", content_type)
        self.types.insert(0, entry)

    def drop_macros(self, book: str) -> None:
        """Make it a book without macros (.xlsx): Excel refuses an .xlsx that says it has some."""
        relationships = self.relationships(book)
        while (found := relationships.of_type("vbaProject")) is not None:
            identifier, part = found
            beneath = self.relationships(part)
            for entry in beneath.root:
                if (signature := beneath.target(entry.get("Id", ""))) is not None:
                    self.remove(signature)
            self.remove(part)
            relationships.remove(identifier)
            self.put_relationships(book, relationships)
        for entry in list(self.types):
            if entry.get("ContentType") == MACRO_TYPE:
                self.types.remove(entry)  # ".bin" was said to be macros; what is left of that name is a printer's
        if any(name.endswith(".bin") for name in self._names):
            self.set_default_type("bin", PRINTER_SETTINGS_TYPE)
        self.set_type(book, SHEET_BOOK_TYPE)

    def write(self, target: Path) -> None:
        """Write the changed package. Unchanged entries keep bytes, order, date and compression."""
        self.put(CONTENT_TYPES, serialise(self.types))
        waiting = dict(self._changed)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out:
            written: set[str] = set()
            for info in self._zip.infolist():
                if info.filename in self._removed or info.filename in written:
                    continue
                written.add(info.filename)
                entry = zipfile.ZipInfo(info.filename, info.date_time)
                entry.external_attr = info.external_attr
                if info.filename in waiting:
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    out.writestr(entry, waiting.pop(info.filename))
                    continue
                stored = info.compress_type == zipfile.ZIP_STORED
                entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
                entry.file_size = info.file_size  # lets zipfile choose ZIP64 where needed
                with self._zip.open(info) as source, out.open(entry, "w") as copy:
                    shutil.copyfileobj(source, copy, 1 << 20)
            for name, content in waiting.items():
                entry = zipfile.ZipInfo(name, _NO_DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                out.writestr(entry, content)


def relationships_name(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")
