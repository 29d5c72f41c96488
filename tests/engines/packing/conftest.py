"""Cargo to pack, and the kernels as plain Python."""

from __future__ import annotations

import importlib
import random
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from sundry.engines.packing import BoxType, Container

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT.parent / "shared" / "data" / "packing"
REFERENCE = ROOT.parent / "shared" / "reference" / "packing_checker.py"

Goods = Callable[..., list[BoxType]]


@pytest.fixture
def br_file() -> Path:
    """A published test file that we did not write."""
    if not (DATA / "br" / "BR1.txt").is_file():
        pytest.skip("the published test sets are not here")
    return DATA / "br" / "BR1.txt"


@pytest.fixture(scope="session")
def reference() -> ModuleType:
    """A checker that somebody else wrote."""
    if not REFERENCE.is_file():
        pytest.skip("the reference checker is not here")
    spec = importlib.util.spec_from_file_location("packing_reference_checker", REFERENCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def containers() -> list[Container]:
    """Four usual types, in round figures, dearer by the cubic metre the smaller they are."""
    return [
        Container("small", 5900, 2350, 2390, 2340, 2270, 28_000_000, 1500_00),
        Container("long", 12000, 2350, 2390, 2340, 2270, 26_600_000, 2600_00),
        Container("high", 12000, 2350, 2690, 2340, 2570, 26_500_000, 2750_00),
        Container("longest", 13500, 2350, 2690, 2340, 2570, 25_700_000, 3400_00),
    ]


@pytest.fixture(scope="session")
def goods() -> Goods:
    """goods(lines, cartons, seed=..., least=200, most=900): cartons as a market ships them, in mm."""

    def make(lines: int, cartons: int, *, seed: int = 1, least: int = 200, most: int = 900) -> list[BoxType]:
        rng = random.Random(seed)
        quantities = [1] * lines
        for _ in range(cartons - lines):
            quantities[rng.randrange(lines)] += 1
        boxes = []
        for quantity in quantities:
            length, width, height = sorted((rng.randrange(least, most, 10) for _ in range(3)), reverse=True)
            weight_g = length * width * height * rng.randrange(100, 400) // 1_000_000
            vertical = (False, False, True) if rng.random() < 0.2 else (True, True, True)
            boxes.append(BoxType(length, width, height, quantity, vertical, weight_g))
        return boxes

    return make


@pytest.fixture(scope="session")
def plain() -> SimpleNamespace:
    """The kernel modules and the search, imported anew as if numba were not installed."""
    package = "sundry.engines.packing"
    names = [
        "jit",
        "shapes",
        "bearing",
        "lengths",
        "joining",
        "spaces",
        "placing",
        "choosing",
        "rollouts",
        "blocks",
        "search",
    ]
    kept = {name: sys.modules.pop(f"{package}.{name}", None) for name in names}
    numba = sys.modules.get("numba")
    sys.modules["numba"] = None  # type: ignore[assignment]
    try:
        modules = {name: importlib.import_module(f"{package}.{name}") for name in names}
    finally:
        del sys.modules["numba"]
        if numba is not None:
            sys.modules["numba"] = numba
        # A module is known to Python in two places: by its full name, and as an attribute of its package.
        for name, module in kept.items():
            sys.modules.pop(f"{package}.{name}", None)
            vars(sys.modules[package]).pop(name, None)
            if module is not None:
                sys.modules[f"{package}.{name}"] = module
                setattr(sys.modules[package], name, module)
    return SimpleNamespace(**modules)


@pytest.fixture
def tray(plain: SimpleNamespace) -> SimpleNamespace:
    """A container 10 x 10 x 10 with cartons of 4 x 4 x 4 (three) and 2 x 2 x 3 (five, upright), not yet begun.

    `search`, `problem`, `state`, `desk`, and `block(dx, dy, dz)`: the number of the block of that size.
    """
    from sundry.engines.packing.cargo import kinds_of

    boxes = [BoxType(4, 4, 4, 3), BoxType(2, 2, 3, 5, (False, False, True))]
    container = Container("tray", 10, 10, 10)
    search = plain.search.Search((10, 10, 10), kinds_of(container, boxes, [3, 5]), threads=1)
    run = plain.search._Run(search, None, 1, lambda rollouts: None)
    many = run._states(1)
    run._start(many)
    sizes = [tuple(int(edge) for edge in size) for size in search.problem.blocks.size]
    return SimpleNamespace(
        search=search,
        problem=search.problem,
        state=plain.shapes.state(many, 0),
        desk=plain.shapes.desk(search.problem, 8, search.placed_max),
        block=lambda *size: sizes.index(size),
    )
