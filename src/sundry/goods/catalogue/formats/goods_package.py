"""A workbook as a zip: refused before anything of it is unpacked, and searched for what openpyxl does not tell.

Problem: a zip of 40 kB may unpack to 40 GB, name its parts "../../etc/passwd", or hold XML that defines a billion
laughs. Therefore its directory is looked at first (zipfile gives no more of a part than the directory says), nothing of
it ever touches the disk, and a part that declares a document type is refused.
"""

from __future__ import annotations

import posixpath
import re
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from lxml import etree

from sundry.kernel.errors import UnusableInput

UNPACKED_MAX: Final = 200_000_000
ENTRIES_MAX: Final = 5_000
TAGS_MAX: Final = 6_000_000  # of all XML: what openpyxl makes of one is far larger than what is written
RATIO_MAX: Final = 150
RATIO_FREE_BYTES: Final = 20_000_000  # below this any ratio is harmless

_DOCTYPE: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_WITHOUT_VALUE: Final = re.compile(
    rb'<c\s[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
_EMBED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"


def opened(data: bytes) -> ZipFile:
    """UnusableInput: a bomb, locked, damaged, or with names that lead out of it."""
    try:
        package = ZipFile(BytesIO(data))
        entries = package.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError) as fault:
        raise UnusableInput("catalogue_sheet_damaged", fault=type(fault).__name__) from fault
    unpacked = sum(entry.file_size for entry in entries)
    is_bomb = unpacked > UNPACKED_MAX or (unpacked > RATIO_FREE_BYTES and unpacked > RATIO_MAX * len(data))
    if is_bomb or len(entries) > ENTRIES_MAX:
        raise UnusableInput("catalogue_sheet_bomb", size_mb=unpacked // 1_000_000, parts=len(entries))
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnusableInput("catalogue_sheet_locked")
    if len({entry.filename for entry in entries}) < len(entries) or any(_leads_out(e.filename) for e in entries):
        raise UnusableInput("catalogue_sheet_damaged", fault="names")
    tags = 0
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels")):
            text = part(package, entry.filename)
            tags += text.count(b"<")
            if _DOCTYPE.search(text[:4096]):
                raise UnusableInput("catalogue_sheet_damaged", fault="DOCTYPE")
    if tags > TAGS_MAX:
        raise UnusableInput("catalogue_sheet_bomb", size_mb=unpacked // 1_000_000, parts=tags)
    return package


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name


def part(package: ZipFile, name: str) -> bytes:
    """UnusableInput: damaged."""
    try:
        return package.read(name)
    except (BadZipFile, KeyError, EOFError, ValueError, NotImplementedError, OSError) as fault:
        raise UnusableInput("catalogue_sheet_damaged", fault=type(fault).__name__) from fault
    except Exception as fault:  # zlib.error and its like of other packings
        raise UnusableInput("catalogue_sheet_damaged", fault=type(fault).__name__) from fault


def xml(data: bytes) -> Any:
    """The root. UnusableInput: damaged."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as fault:
        raise UnusableInput("catalogue_sheet_damaged", fault=type(fault).__name__) from fault


def formulas_without_value(data: bytes) -> frozenset[str]:
    """The cells ("F7") of a sheet's part that hold a formula, and nothing that a program has computed of it."""
    return frozenset(found.decode() for found in _WITHOUT_VALUE.findall(data))


def cell_images(package: ZipFile) -> dict[str, bytes]:
    """Pictures inside of cells, as WPS keeps them: by the name that =DISPIMG("name") calls."""
    names = {name.lower(): name for name in package.namelist()}
    if "xl/cellimages.xml" not in names:
        return {}
    targets = {}
    if rels := names.get("xl/_rels/cellimages.xml.rels"):
        for relation in xml(part(package, rels)):
            targets[relation.get("Id")] = posixpath.normpath(f"xl/{relation.get('Target', '').lstrip('/')}")
    images = {}
    for picture in xml(part(package, names["xl/cellimages.xml"])).iter("{*}pic"):
        name = next((node.get("name") for node in picture.iter("{*}cNvPr")), None)
        target = targets.get(next((node.get(_EMBED) for node in picture.iter("{*}blip")), None), "")
        if name and target.lower() in names:
            images[name] = part(package, names[target.lower()])
    return images
