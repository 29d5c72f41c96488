"""Cartons into containers: `pack` fills one, `load` takes as many as an order needs. See README.md.

Only who packs pays for numpy and numba: `pack` and `load` are fetched when they are first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sundry.engines.packing.contradictions import Clash, Contradiction
from sundry.engines.packing.rules import (
    BoxType,
    Container,
    LeftBehind,
    Load,
    Loaded,
    Packing,
    Placed,
    Reason,
    Requirements,
    fits,
    obstacles,
)

if TYPE_CHECKING:
    from sundry.engines.packing.engine import pack
    from sundry.engines.packing.fleet import load

__all__ = [
    "BoxType",
    "Clash",
    "Container",
    "Contradiction",
    "LeftBehind",
    "Load",
    "Loaded",
    "Packing",
    "Placed",
    "Reason",
    "Requirements",
    "fits",
    "load",
    "obstacles",
    "pack",
]


def __getattr__(name: str) -> Any:
    if name == "pack":
        from sundry.engines.packing.engine import pack

        return pack
    if name == "load":
        from sundry.engines.packing.fleet import load

        return load
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
