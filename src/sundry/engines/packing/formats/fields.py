"""What the formats share: reading a file, fields that say where they stand when they are wrong, and all faults at once.

Problem: who is told of one wrong row at a time sends the file thirty times. Therefore a reader goes on after a fault
with a harmless value in its place, and tells of up to 20 together.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sundry.engines.packing.rules import (
    BEARING_MAX_KG_M2,
    LENGTH_MAX,
    QUANTITY_MAX,
    WEIGHT_MAX_G,
    BoxType,
    Container,
    Requirements,
)
from sundry.kernel.errors import UnusableInput
from sundry.kernel.messages import render

BYTES_MAX = 50_000_000
FAULTS_MAX = 20
NAMES_SHOWN_MAX = 20
NUMBER_MAX = 1_000_000  # of a zone or a priority
SHOWN_MAX = 60
EDGES = "lwh"
YES, NO = frozenset({"1", "true", "yes", "y"}), frozenset({"0", "false", "no", "n"})
NEEDED = ("length_mm", "width_mm", "height_mm", "quantity")
OPTIONAL = ("vertical", "weight_g", "bearing_kg_m2", "nothing_on_top", "zone", "priority")

NOTHING_ASKED = Requirements()

T = TypeVar("T")


class Place(NamedTuple):
    """Where a field stands: the file's name, the line (or the box, in JSON) from 1 or 0 for none, the field's name."""

    file: str
    row: int
    field: str


@dataclass(frozen=True, slots=True)
class Order:
    """What a file asks for. `rows`: where each type stands, counted as in `Place`. `unread`: columns nobody knows."""

    boxes: tuple[BoxType, ...]
    rows: tuple[int, ...]
    requirements: Requirements = NOTHING_ASKED
    containers: tuple[Container | str, ...] = ()
    containers_max: int | None = None
    is_load: bool = False  # as many containers as needed, not one
    unread: tuple[str, ...] = ()


class WrongFields(UnusableInput):
    """All faults of a file, up to FAULTS_MAX: `rule` and `details` are those of the first."""

    def __init__(self, faults: Iterable[UnusableInput]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults[0].rule, **self.faults[0].details)

    def message(self, language: str = "en") -> str:
        lines = [fault.message(language) for fault in self.faults]
        if len(lines) == FAULTS_MAX:
            lines.append(render("packing_reading_stopped", language, {"faults": FAULTS_MAX}))
        return "\n".join(lines)

    def to_json(self, language: str = "en") -> dict[str, Any]:
        """The fault as any other, and `faults`: each with its place."""
        faults = [
            {"rule": fault.rule, "message": fault.message(language)}
            | {key: fault.details[key] for key in ("row", "field", "value") if key in fault.details}
            for fault in self.faults
        ]
        return super().to_json(language) | {"faults": faults}


class Faults:
    """Collects what is wrong with a file. WrongFields is raised when it is full, and by `end`."""

    def __init__(self) -> None:
        self.found: list[UnusableInput] = []

    def add(self, fault: UnusableInput) -> None:
        self.found.append(fault)
        if len(self.found) == FAULTS_MAX:
            self.end()

    def take(self, instead: T, read: Callable[..., T], *arguments: Any, **options: Any) -> T:
        """What `read` returns, or `instead` where it finds a fault, which is kept."""
        try:
            return read(*arguments, **options)
        except UnusableInput as fault:
            self.add(fault)
            return instead

    def end(self) -> None:
        if self.found:
            raise WrongFields(self.found)


def read_text(path: Path) -> str:
    """The file's text, UTF-8 with or without a byte order mark. UnusableInput: not there, too large, not text."""
    try:
        with path.open("rb") as file:
            content = file.read(BYTES_MAX + 1)  # a device or a pipe does not tell its size
    except OSError as fault:
        name = path.name or str(path)
        raise UnusableInput("packing_file_unreadable", file=name, fault=fault.strerror or "") from None
    if len(content) > BYTES_MAX:
        raise UnusableInput("packing_file_too_large", file=path.name, most=BYTES_MAX // 1_000_000)
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise UnusableInput("packing_file_not_text", file=path.name) from None


def whole(value: Any, place: Place, *, least: int = 1, most: int = LENGTH_MAX) -> int:
    """A whole number from `least` to `most`, given as text or number. UnusableInput names the place."""
    if is_missing(value):
        rule = "packing_number_missing" if place.row else "packing_entry_missing"
        raise UnusableInput(rule, file=place.file, row=place.row, field=place.field, least=least, most=most)
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if isinstance(value, bool) or not least <= number <= most or number != int(number):
        raise UnusableInput(
            "packing_number_wrong" if place.row else "packing_entry_wrong",
            file=place.file,
            row=place.row,
            field=place.field,
            value=shown(value),
            least=least,
            most=most,
        )
    return int(number)


def box(fields: dict[str, Any], file: str, row: int, faults: Faults) -> BoxType:
    """A type of carton from named fields; all but NEEDED may be missing or empty. Faults go to `faults`."""

    def number(name: str, least: int, most: int) -> int:
        return faults.take(least, whole, fields.get(name), Place(file, row, name), least=least, most=most)

    def optional(name: str, most: int) -> int | None:
        return None if is_missing(fields.get(name)) else number(name, 0, most)

    return BoxType(
        length_mm=number("length_mm", 1, LENGTH_MAX),
        width_mm=number("width_mm", 1, LENGTH_MAX),
        height_mm=number("height_mm", 1, LENGTH_MAX),
        quantity=number("quantity", 0, QUANTITY_MAX),
        vertical=faults.take((True, True, True), vertical, fields.get("vertical"), Place(file, row, "vertical")),
        weight_g=optional("weight_g", WEIGHT_MAX_G) or 0,
        bearing_kg_m2=optional("bearing_kg_m2", BEARING_MAX_KG_M2),
        nothing_on_top=faults.take(False, flag, fields.get("nothing_on_top"), Place(file, row, "nothing_on_top")),
        zone=optional("zone", NUMBER_MAX),
        priority=optional("priority", NUMBER_MAX) or 0,
    )


def vertical(value: Any, place: Place) -> tuple[bool, bool, bool]:
    """Which edges may stand upright: letters of "lwh", three booleans, or nothing for all."""
    if is_missing(value):
        return (True, True, True)
    if isinstance(value, list) and len(value) == 3 and all(isinstance(given, bool) for given in value) and any(value):
        return (value[0], value[1], value[2])
    if isinstance(value, str):
        letters = set(value.strip().lower())
        if letters <= set(EDGES):
            return ("l" in letters, "w" in letters, "h" in letters)
    raise UnusableInput("packing_vertical_wrong", file=place.file, row=place.row, field=place.field, value=shown(value))


def flag(value: Any, place: Place) -> bool:
    """Yes or no: a boolean, 1, 0, yes, no, true, false; nothing is no."""
    if is_missing(value):
        return False
    word = str(value).strip().lower()
    if word in YES or word in NO:
        return word in YES
    raise UnusableInput("packing_flag_wrong", file=place.file, row=place.row, field=place.field, value=shown(value))


def is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def shown(value: Any) -> str:
    """A value in a message, as its file writes it: a cell may hold a whole book, and line ends of its own."""
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):  # more digits, or deeper, than may be written out
        text = "…"
    cut = text[:SHOWN_MAX]
    readable = "".join(repr(c)[1:-1] if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in cut)
    return readable + "…" * (len(text) > SHOWN_MAX)


def listed(names: Sequence[str]) -> str:
    """Names in a message, as many as one reads."""
    more = ["…"] * (len(names) > NAMES_SHOWN_MAX)
    return ", ".join([*map(shown, names[:NAMES_SHOWN_MAX]), *more])
