"""How a command ends, and how it speaks on the way.

Every module's `commands.py` holds `register(subparsers)`; it adds a parser and sets a `handler`, a function
`handler(arguments, console) -> Outcome`. `console` is a rich console that goes to standard error under `--json`.
`web/cli.py` alone prints `Outcome.data` as the one JSON line on standard output.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Progress = Callable[[str, int, int], None]
"""progress(stage, done, total): called on long work with real counts; total 0 where it is not known."""


def silent(stage: str, done: int, total: int) -> None:
    """A progress that says nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`exit_code` as documented in docs/commands.md; `data` is printed as one JSON line when `--json` was asked for.

    A list is printed as a line an object: only where a command was given several things that do not know each other.
    """

    exit_code: int = 0
    data: dict[str, Any] | list[dict[str, Any]] | None = None
