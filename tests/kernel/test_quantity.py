from __future__ import annotations

import pytest

from sundry.kernel.quantity import Quantity, UnitMismatch


def test_a_quantity_adds_to_its_own_unit_only() -> None:
    assert Quantity(12, "piece") + Quantity(3, "piece") * 2 - Quantity(1, "piece") == Quantity(17, "piece")
    assert str(Quantity(12, "piece")) == "12 piece"
    for mix in (lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a <= b):
        with pytest.raises(UnitMismatch, match="piece and set"):
            mix(Quantity(12, "piece"), Quantity(3, "set"))


def test_order() -> None:
    assert Quantity(1, "g") < Quantity(2, "g")
    assert Quantity(2, "g") <= Quantity(2, "g")


def test_a_quantity_without_a_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="unit"):
        Quantity(1, "")
