"""What goods are drawn as: which pictogram stands for which kind of goods, and of what shapes each is (pictograms.tsv).

A good is shown as its noun where that has a pictogram (a camera for children is a camera), else as its kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

Shape = tuple[str, str, tuple[float, ...]]
"""Kind, part and numbers in hundredths of the side; drawings.py draws it."""


def pictogram_of(leaf: str, noun: str) -> str:
    """What a good of that kind and noun is drawn as."""
    of_leaves, of_nouns = _mapped()
    return of_nouns.get(noun) or of_leaves[leaf]


@cache
def pictograms() -> Mapping[str, tuple[Shape, ...]]:
    """All that can be drawn: name -> shapes, the undermost first."""
    return {name: tuple(map(_shape, shapes.split(";"))) for name, _, _, shapes in _rows()}


@cache
def _mapped() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Leaf -> pictogram, and noun -> pictogram."""
    of_leaves = {leaf: name for name, leaves, _, _ in _rows() for leaf in leaves.split()}
    return of_leaves, {noun: name for name, _, nouns, _ in _rows() for noun in nouns.split()}


@cache
def _rows() -> tuple[list[str], ...]:
    table = (files("sundry.simulation.market") / "pictograms.tsv").read_text(encoding="utf-8")
    return tuple(line.split("\t") for line in table.splitlines() if not line.startswith("#"))


def _shape(told: str) -> Shape:
    kind, part, *numbers = told.split()
    return kind, part, tuple(map(float, numbers))
