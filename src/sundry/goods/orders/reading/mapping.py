"""What a person said her columns are (`--map FILE`), and the memory of it.

The file is YAML or JSON: `columns` maps a header text, or a column letter, to a field; `header_row` may name the row of
the header where we do not recognise one. A measure may say what it means: gross_carton, gross_total, volume_total, ...

    columns: {Kodas: item, Prekė: name, Dėžės: cartons, Kaina: price, G: gross_total}

The map is remembered for that header row (by its words, in any book), so that the next book of the same office is read
without it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sundry.goods.orders.reading.drafts import MEASURES
from sundry.goods.orders.reading.layout import ColumnMap
from sundry.goods.orders.reading.vocabulary import plain, vocabulary
from sundry.goods.orders.rules import FieldChoice
from sundry.kernel.errors import UsageError

# Not offered: a picture and a number of the row are left out like `other`, a weight is the gross one.
_NOT_OFFERED = frozenset({"picture", "sequence", "weight"})


@cache
def known_fields() -> tuple[str, ...]:
    """The names that a map may give to a column, in the order of the vocabulary; each measure with its meanings."""
    named = dict.fromkeys(field for field, _, _ in vocabulary().fields.values())
    return tuple(known for field in named for known in (field, *(m for m in MEASURES if m.startswith(f"{field}_"))))


def field_choices() -> tuple[FieldChoice, ...]:
    """The fields for a person to choose from; the last one, `other`, leaves a column out."""
    return tuple(FieldChoice(name, f"field_{name}") for name in known_fields() if name not in _NOT_OFFERED)


def load_map(path: Path) -> dict[str, Any]:
    """The map as data. UsageError: unreadable, or a field that does not exist."""
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise UsageError("map_unreadable", file=path.name, fault=" ".join(str(fault).split())) from fault
    return checked_map(data, path.name)


def checked_map(data: Any, name: str = "-") -> dict[str, Any]:
    """A map's data, which may have come from anywhere. UsageError: not of that form, or a field that does not exist."""
    columns = data.get("columns") if isinstance(data, Mapping) else None
    row = data.get("header_row") if isinstance(data, Mapping) else None
    if not isinstance(columns, Mapping) or not columns or not (row is None or type(row) is int):
        raise UsageError("map_unreadable", file=name, fault="columns")
    for field in columns.values():
        if not isinstance(field, str) or field not in known_fields():
            raise UsageError("map_field_unknown", value=field, known=", ".join(sorted(known_fields())))
    return {"columns": {str(header): field for header, field in columns.items()}, "header_row": row}


def map_from(data: Mapping[str, Any]) -> ColumnMap:
    return ColumnMap(data["columns"], data.get("header_row"))


def header_key(headers: Sequence[str]) -> str:
    """The same words in the same order give the same key, whatever the file is called."""
    words = "\n".join(plain(header) for header in headers)
    return hashlib.sha256(words.encode()).hexdigest()[:24]


def memory_file() -> Path:
    """Where maps are remembered: SUNDRY_DATA_DIR, else the user's data folder."""
    folder = os.environ.get("SUNDRY_DATA_DIR")
    base = Path(folder) if folder else Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "sundry"
    return base / "column-maps.json"


def remembered_maps() -> dict[str, Any]:
    """All remembered maps by header key; a damaged memory counts as none."""
    try:
        data = json.loads(memory_file().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def remember(headers: Sequence[str], data: Mapping[str, Any]) -> None:
    """Keep a map for a header row. A read-only home only means that nothing is remembered."""
    maps = remembered_maps()
    maps[header_key(headers)] = {"columns": dict(data["columns"])}
    target = memory_file()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_suffix(".new")
        temporary.write_text(json.dumps(maps, ensure_ascii=False, indent=1), "utf-8")
        temporary.replace(target)
    except OSError:
        return
