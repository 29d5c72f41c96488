"""Ports as JSON become the rows of a list."""

from __future__ import annotations

import json

from sundry.base.reference.columns import recognised
from sundry.base.reference.formats.ports_json import read_ports
from sundry.base.reference.rules import Kind


def test_a_port_is_a_row() -> None:
    told = {
        "CNNGB": {"name": "Ningbo", "coordinates": [121.55, 29.9334], "alias": ["Ningpo", "a|b"]},
        "CNYIW": {"name": "Yiwu", "alias": []},
        "CNSHA": {"name": "Shanghai", "coordinates": "unknown", "alias": None},
    }
    rows = list(read_ports("f", json.dumps(told).encode()))
    found = recognised([rows[0][1]])
    assert found is not None
    assert found.kind is Kind.PORT
    assert rows[1:] == [
        (2, ["CNNGB", "Ningbo", "CN", "29.9334", "121.55", "Ningpo|a b"]),
        (3, ["CNYIW", "Yiwu", "CN", "", "", ""]),
        (4, ["CNSHA", "Shanghai", "CN", "", "", ""]),
    ]
