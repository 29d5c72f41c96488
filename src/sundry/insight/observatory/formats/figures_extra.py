"""The packages of the extra `figures`, looked for where a file needs them.

pyarrow alone is larger than all that serves pages. A market that never writes Parquet does without it, and is told what
to install when somebody asks.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sundry.kernel.errors import EnvironmentFault


class FiguresMissing(EnvironmentFault):
    """A package of the extra `figures` is not installed."""

    def __init__(self, package: str) -> None:
        super().__init__("observatory_figures_missing", package=package, command="pip install 'sundry[figures]'")


def package(name: str) -> Any:
    """The module `name`. FiguresMissing: it, or what it stands on, is not installed."""
    try:
        return import_module(name)
    except ImportError as missing:
        raise FiguresMissing(name.partition(".")[0]) from missing
