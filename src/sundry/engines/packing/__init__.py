"""Cartons into containers: `pack` fills one, `load` takes as many as an order needs. See README.md."""

from sundry.engines.packing.engine import pack
from sundry.engines.packing.fleet import load
from sundry.engines.packing.rules import (
    BoxType,
    Container,
    Load,
    Loaded,
    Packing,
    Placed,
    fits,
    obstacles,
)

__all__ = [
    "BoxType",
    "Container",
    "Load",
    "Loaded",
    "Packing",
    "Placed",
    "fits",
    "load",
    "obstacles",
    "pack",
]
