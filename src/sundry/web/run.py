"""Commands of this module, see sundry.kernel.outcome."""

from __future__ import annotations

from typing import Any


def register(subparsers: Any) -> None:
    """Nothing yet."""
