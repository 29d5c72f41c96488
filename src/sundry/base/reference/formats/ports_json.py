"""Sea ports as JSON: {"CNNGB": {"name", "country", "coordinates": [longitude, latitude], "alias": [...]}, ...}."""

from __future__ import annotations

import json
from typing import Any

from sundry.base.reference.formats.shape import Rows
from sundry.kernel.errors import UnusableInput

_HEADER = ["unlocode", "name", "country", "latitude", "longitude", "aliases"]


def read_ports(file: str, data: bytes) -> Rows:
    """A header of our own, then a row a port, numbered from 2. UnusableInput: no JSON, or of another shape."""
    try:
        told = json.loads(data)
    except (ValueError, RecursionError) as fault:
        raise UnusableInput("reference_file_damaged", file=file, fault=type(fault).__name__) from fault
    if not isinstance(told, dict) or not all(isinstance(port, dict) and "name" in port for port in told.values()):
        raise UnusableInput("reference_file_unknown", file=file)
    yield 1, _HEADER
    for number, (code, port) in enumerate(told.items(), 2):
        yield number, [code, str(port["name"]), code[:2], *_place(port.get("coordinates")), _aliases(port)]


def _place(told: Any) -> tuple[str, str]:
    if isinstance(told, list) and len(told) == 2:
        return repr(told[1]), repr(told[0])
    return "", ""


def _aliases(port: dict[str, Any]) -> str:
    told = port.get("alias", [])
    return "|".join(str(one).replace("|", " ") for one in told) if isinstance(told, list) else ""
