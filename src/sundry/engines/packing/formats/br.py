"""The text format of the published test sets (Bischoff and Ratcliff, OR-Library, files thpack1 to thpack7).

    2                       instances
    1 2502505               number and seed of the first
    587 233 220             inside length, width, height
    1                       types
    1 108 0 76 0 30 1 40    number, three edges each with "may stand upright" (1) or not (0), quantity

White space separates the numbers, however they are laid out in lines; a fault names its line all the same. A wrong
number is told with the others, unless it says how many more there are: then nothing after it is known.
"""

from __future__ import annotations

from pathlib import Path

from sundry.engines.packing.formats.fields import Faults, Place, WrongFields, read_text, whole
from sundry.engines.packing.rules import LENGTH_MAX, QUANTITY_MAX, BoxType, Container
from sundry.kernel.errors import UnusableInput, UsageError

ANY_NUMBER = 1 << 53


def read_br(path: Path, instance: int) -> tuple[Container, tuple[BoxType, ...]]:
    """Instance number `instance`, from 1. UnusableInput: not this format. UsageError: no such instance."""
    numbers = _Numbers(path.name, read_text(path))
    instances = numbers.next("instances")
    numbers.faults.end()  # a wrong count leaves nothing to go on with
    if not 1 <= instance <= instances:
        raise UsageError("packing_instance_unknown", value=instance, file=path.name, instances=instances)
    for _ in range(instance - 1):
        _read_instance(numbers)
    found = _read_instance(numbers)
    numbers.faults.end()
    return found


def _read_instance(numbers: _Numbers) -> tuple[Container, tuple[BoxType, ...]]:
    numbers.next("number", least=0, most=ANY_NUMBER)
    numbers.next("seed", least=0, most=ANY_NUMBER)
    length, width, height = (numbers.next(name) for name in ("inside length", "inside width", "inside height"))
    types = numbers.next("types")
    numbers.faults.end()
    return Container("br", length, width, height), tuple(_read_type(numbers) for _ in range(types))


def _read_type(numbers: _Numbers) -> BoxType:
    numbers.next("type", least=0)
    edges, upright = [], []
    faults = len(numbers.faults.found)
    for name in ("length", "width", "height"):
        edges.append(numbers.next(name))
        upright.append(numbers.next(f"{name} upright", least=0, most=1) == 1)
    if not any(upright) and len(numbers.faults.found) == faults:
        numbers.faults.add(
            UnusableInput("packing_vertical_wrong", file=numbers.file, row=numbers.row, field="upright", value="0 0 0")
        )
    quantity = numbers.next("quantity", least=0, most=QUANTITY_MAX)
    ways = (upright[0], upright[1], upright[2]) if any(upright) else (True, True, True)
    return BoxType(edges[0], edges[1], edges[2], quantity, ways)


class _Numbers:
    """The file's numbers one after the other; `row` is the line of the last."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.row = 0
        self.faults = Faults()
        self._words = iter([(row, word) for row, line in enumerate(text.splitlines(), 1) for word in line.split()])

    def next(self, name: str, *, least: int = 1, most: int = LENGTH_MAX) -> int:
        found = next(self._words, None)
        if found is None:
            raise WrongFields(
                [*self.faults.found, UnusableInput("packing_file_ends", file=self.file, row=self.row, field=name)]
            )
        self.row, word = found
        return self.faults.take(least, whole, word, Place(self.file, self.row, name), least=least, most=most)
