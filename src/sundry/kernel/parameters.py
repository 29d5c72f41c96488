"""Dated parameters: the law, the tariffs and the thresholds, as data with a source.

Problem: USD 150,000 a form is true today, was written by somebody, and will change on a day. A number in code knows
neither. Therefore every value is a record in `sundry/parameters/*.yaml`:

    market_procurement:
      form_value_max_usd_cents:
        - value: 15000000
          from: 2014-07-01          # the first day on which it holds
          until: null               # the first day on which it no longer holds; null: it still holds
          source: GACC announcement 54 of 2014, article 1
          confidence: S             # S source seen, C seen in working code, M from memory, X contradictory
          reviewer: null            # who checked it, null: nobody yet

and is asked for by the day of the event, never by today:

    parameters("customs").at(day).whole("market_procurement.form_value_max_usd_cents")

A folder of one's own takes the place of ours file by file: parameters("lanes", folder=Path("ours")).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from sundry.kernel.errors import SundryError, UsageError
from sundry.kernel.period import Period

FOLDER_VARIABLE = "SUNDRY_PARAMETERS_DIR"
_FIELDS = {"value", "from", "until", "source", "confidence", "reviewer"}
_OPTIONAL_FIELDS = {"note"}


class Confidence(StrEnum):
    """How well a value is known."""

    SOURCE = "S"  # the source's text was seen
    CODE = "C"  # seen in public working code or data
    MEMORY = "M"  # from memory, to be confirmed by a qualified person
    DOUBTFUL = "X"  # seen, but contradictory or unreliable


class UnknownParameter(SundryError):
    """No such name in the file: a mistake of ours, or of the person's own parameter file."""


class NoValueOnDay(UsageError):
    """The parameter is known, but not for that day."""


class MalformedParameters(UsageError):
    """A parameter file breaks a rule of this module."""


@dataclass(frozen=True, slots=True)
class Record:
    """One dated value of one parameter."""

    name: str
    value: Any
    period: Period
    source: str
    confidence: Confidence
    reviewer: str | None
    note: str = ""


@dataclass(frozen=True)
class Parameters:
    """One file of parameters: the records of each dotted name, in the order of their periods."""

    book: str
    records: Mapping[str, tuple[Record, ...]]

    @classmethod
    def parse(cls, book: str, text: str) -> Parameters:
        """Read the YAML text of a file. MalformedParameters: a record lacks a field, or two periods overlap."""
        try:
            tree = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except yaml.YAMLError as fault:
            raise MalformedParameters("parameters_malformed", book=book, name="-", fault=str(fault)) from None
        return cls(book, {name: _dated(book, name, found) for name, found in _leaves(book, "", tree)})

    def at(self, day: date) -> ParametersAt:
        return ParametersAt(self, day)

    def history(self, name: str) -> tuple[Record, ...]:
        """All records of `name`, oldest first. UnknownParameter."""
        if name not in self.records:
            raise UnknownParameter("parameter_unknown", book=self.book, name=name)
        return self.records[name]


@dataclass(frozen=True)
class ParametersAt:
    """The parameters of one file as they stand on one day."""

    parameters: Parameters
    day: date

    def record(self, name: str) -> Record:
        """UnknownParameter: no such name. NoValueOnDay: known, but not for this day."""
        history = self.parameters.history(name)
        for record in history:
            if self.day in record.period:
                return record
        raise NoValueOnDay(
            "parameter_not_on_day",
            book=self.parameters.book,
            name=name,
            day=self.day.isoformat(),
            first=history[0].period.start.isoformat(),
        )

    def value(self, name: str) -> Any:
        return self.record(name).value

    def whole(self, name: str) -> int:
        """A whole number."""
        return int(self._typed(name, int))

    def text(self, name: str) -> str:
        return str(self._typed(name, str))

    def decimal(self, name: str) -> Decimal:
        """A decimal, written as text in the file so that it stays exact."""
        return self._decimal(name, self._typed(name, str))

    def decimals(self, name: str) -> dict[str, Decimal]:
        """A mapping of names to decimals, written as texts."""
        return {key: self._decimal(name, text) for key, text in self._typed(name, dict).items()}

    def wholes(self, name: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        return tuple(self._typed(name, list))

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(self._typed(name, list))

    def names(self, group: str) -> tuple[str, ...]:
        """The next part of every name below `group`, in the order of the file: names("types") -> 20GP, 40GP, ..."""
        below = (
            name[len(group) + 1 :].split(".")[0] for name in self.parameters.records if name.startswith(group + ".")
        )
        return tuple(dict.fromkeys(below))

    def _typed(self, name: str, kind: type[Any]) -> Any:
        value = self.value(name)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self._wrong(name, value)
        return value

    def _decimal(self, name: str, text: str) -> Decimal:
        try:
            return Decimal(text)
        except (InvalidOperation, TypeError):
            raise self._wrong(name, text) from None

    def _wrong(self, name: str, value: Any) -> MalformedParameters:
        return MalformedParameters(
            "parameters_malformed", book=self.parameters.book, name=name, fault=f"{value!r} is of the wrong kind"
        )


def parameters(book: str, folder: Path | None = None) -> Parameters:
    """The parameters of `book`: `folder/book.yaml` where it exists, else our own file. UnknownParameter: neither.

    Without `folder` the one named by the environment's SUNDRY_PARAMETERS_DIR counts, if any.
    """
    if folder is None and os.environ.get(FOLDER_VARIABLE):
        folder = Path(os.environ[FOLDER_VARIABLE])
    if folder is not None and (own := folder / f"{book}.yaml").is_file():
        return _own(book, own, own.stat().st_mtime_ns)
    return _shipped(book)


@lru_cache(maxsize=64)
def _own(book: str, file: Path, _changed_ns: int) -> Parameters:
    """Read once, and anew when it has changed: it is asked for with every order."""
    return Parameters.parse(book, file.read_text("utf-8"))


@cache
def _shipped(book: str) -> Parameters:
    file = files("sundry.parameters") / f"{book}.yaml"
    if not file.is_file():
        raise UnknownParameter("parameter_unknown", book=book, name="-")
    return Parameters.parse(book, file.read_text("utf-8"))


def _leaves(book: str, prefix: str, tree: Any) -> Iterator[tuple[str, list[Any]]]:
    """Every list of records with its dotted name."""
    if isinstance(tree, list):
        yield prefix, tree
    elif isinstance(tree, dict):
        for key, below in tree.items():
            yield from _leaves(book, f"{prefix}.{key}" if prefix else str(key), below)
    else:
        raise MalformedParameters("parameters_malformed", book=book, name=prefix, fault="neither a group nor records")


def _dated(book: str, name: str, found: list[Any]) -> tuple[Record, ...]:
    def refused(fault: str) -> MalformedParameters:
        return MalformedParameters("parameters_malformed", book=book, name=name, fault=fault)

    if not found:
        raise refused("no record")
    records = []
    for raw in found:
        if not isinstance(raw, dict):
            raise refused("a record is not a mapping")
        if wrong := (_FIELDS - raw.keys()) | (raw.keys() - _FIELDS - _OPTIONAL_FIELDS):
            raise refused(f"fields missing or unknown: {', '.join(sorted(map(str, wrong)))}")
        try:
            if not isinstance(raw["from"], date) or not isinstance(raw["until"], date | None):
                raise refused("from and until must be dates")
            period = Period(raw["from"], raw["until"])
            confidence = Confidence(raw["confidence"])
        except ValueError as fault:
            raise refused(str(fault)) from None
        if not isinstance(raw["source"], str) or not raw["source"]:
            raise refused("a value without a source")
        records.append(
            Record(name, raw["value"], period, raw["source"], confidence, raw["reviewer"], raw.get("note") or "")
        )
    records.sort(key=lambda record: record.period.start)
    for before, after in pairwise(records):
        if before.period.overlaps(after.period):
            raise refused(f"two values hold on {after.period.start}")
    return tuple(records)
