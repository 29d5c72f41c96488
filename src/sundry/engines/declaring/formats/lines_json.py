"""Lines from what Sundry itself prints: a shipment.json, or the object of `sundry read-orders --json`.

A shipment says which cartons stand in a container, so only those are declared; read orders are declared whole. A
shipment's dollars are taken as they stand: each line is converted once, and a rate given again converts it anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sundry.engines.declaring.formats.given import Given, GivenLine
from sundry.kernel.errors import UnusableInput
from sundry.kernel.findings import Finding, error
from sundry.kernel.money import CURRENCIES


def read_lines_json(path: Path) -> Given:
    """UnusableInput: not JSON, no lines, or placements of lines that are not there. Unusable lines are set aside."""
    try:
        document = json.loads(path.read_bytes())
    except (UnicodeDecodeError, ValueError, RecursionError) as fault:
        raise UnusableInput("lines_json_malformed", file=path.name, fault=str(fault)) from None
    raws = document.get("lines") if isinstance(document, dict) else None
    if not isinstance(raws, list) or not all(isinstance(raw, dict) for raw in raws):
        raise UnusableInput("lines_json_without_lines", file=path.name)
    loaded = _loaded_cartons(document, len(raws), path.name)
    lines: list[GivenLine] = []
    findings: list[Finding] = []
    for index, raw in enumerate(raws):
        wrong = [field for field, usable in _CHECKS.items() if not usable(raw.get(field))]
        if not wrong and loaded is not None and loaded[index] > raw["cartons"]:
            wrong = ["cartons"]
        if wrong:
            findings += [_told(path.name, index, raw, field) for field in wrong]
        else:
            lines.append(_line(index, raw, None if loaded is None else loaded[index]))
    return Given(tuple(lines), tuple(findings))


def _line(index: int, raw: dict[str, Any], loaded: int | None) -> GivenLine:
    return GivenLine(
        line=index,
        sheet=raw.get("sheet") or "",
        row=raw.get("row") or 0,
        hs=raw.get("hs") or None,
        name=raw.get("name") or "",
        unit=raw.get("unit") or "",
        cartons=raw["cartons"],
        pieces=raw["pieces"],
        value_minor=raw["value_minor"],
        currency=raw["currency"],
        gross_g=raw.get("gross_g"),
        net_g=raw.get("net_g"),
        inspection=bool(raw.get("inspection")),
        export_duty=bool(raw.get("export_duty")),
        restricted=bool(raw.get("restricted")),
        value_usd_cents=raw.get("value_usd_cents"),
        cartons_loaded=loaded,
    )


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_whole_or_none(value: Any) -> bool:
    return value is None or _is_whole(value)


def _is_text_or_none(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_flag_or_none(value: Any) -> bool:
    return value is None or isinstance(value, bool)


_CHECKS = {
    "cartons": lambda value: _is_whole(value) and value > 0,
    "pieces": _is_whole,
    "value_minor": _is_whole,
    "currency": lambda value: isinstance(value, str) and value in CURRENCIES,
    "gross_g": _is_whole_or_none,
    "net_g": _is_whole_or_none,
    "value_usd_cents": _is_whole_or_none,
    "row": _is_whole_or_none,
    "sheet": _is_text_or_none,
    "hs": _is_text_or_none,
    "name": _is_text_or_none,
    "unit": _is_text_or_none,
    "inspection": _is_flag_or_none,
    "export_duty": _is_flag_or_none,
    "restricted": _is_flag_or_none,
}


def _loaded_cartons(document: dict[str, Any], count: int, file: str) -> list[int] | None:
    """Cartons of each line that stand in a container; None where the document has no containers."""
    containers = document.get("containers")
    if containers is None:
        return None
    loaded = [0] * count
    try:
        for container in containers:
            for placement in container["placements"]:
                line = placement["line"]
                if not _is_whole(line):
                    raise TypeError(line)
                loaded[line] += 1
    except (TypeError, KeyError, IndexError):
        raise UnusableInput("lines_json_bad_placements", file=file) from None
    return loaded


def _told(file: str, index: int, raw: dict[str, Any], field: str) -> Finding:
    sheet, row = raw.get("sheet"), raw.get("row")
    return error(
        "lines_json_field_unusable",
        file=file,
        sheet=sheet if isinstance(sheet, str) else "",
        row=row if _is_whole(row) and isinstance(row, int) else 0,
        header=field,
        value=json.dumps(raw.get(field), ensure_ascii=False)[:60],
        line=index,
        details={"number": index},
    )
