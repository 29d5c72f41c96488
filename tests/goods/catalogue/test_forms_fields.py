from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from sundry.goods.catalogue.forms_fields import QuantityField, ScaledField

PRICE = ScaledField(decimals=2, required=False)
SIGNED = ScaledField(decimals=2, signed=True, required=False)
SIDE = ScaledField(decimals=1, required=False)


@pytest.mark.parametrize(
    ("written", "minor"),
    [
        *(("3.2", 320), ("3,20", 320), (" 12 ", 1_200), ("0.05", 5), ("٣٫٢٠", 320), ("３．２", None), ("", None)),
        *(("１２", 1_200), ("۴", 400)),
    ],
)
def test_a_price_is_read_as_it_is_typed(written: str, minor: int | None) -> None:
    if written == "３．２":  # a full-width point is no decimal sign of ours: it is told, not guessed
        with pytest.raises(ValidationError):
            PRICE.clean(written)
    else:
        assert PRICE.clean(written) == minor


def test_what_has_no_decimals_is_read_whole_and_shown_so() -> None:
    yen = ScaledField(decimals=0)
    assert yen.clean("1200") == 1_200
    assert yen.prepare_value(1_200) == "1200"
    with pytest.raises(ValidationError, match="cannot be read"):
        yen.clean("1200.5")


@pytest.mark.parametrize("written", ["1,200", "3.201", "-1", "1e3", "NaN", "3.", ".5", "²", "9" * 400, "3 yuan", "--1"])
def test_what_could_mean_two_prices_is_none(written: str) -> None:
    with pytest.raises(ValidationError, match="cannot be read"):
        PRICE.clean(written)


def test_a_difference_may_be_less_than_nothing() -> None:
    assert SIGNED.clean("-0.10") == -10
    assert SIGNED.clean("\u22120.10") == -10
    assert SIGNED.clean("+1") == 100


@pytest.mark.parametrize(("value", "typed"), [(320, "3.20"), (300, "3"), (-10, "-0.10"), (None, None), ("x", "x")])
def test_a_price_is_shown_as_it_would_be_typed(value: object, typed: object) -> None:
    assert SIGNED.prepare_value(value) == typed


def test_centimetres_are_kept_as_millimetres() -> None:
    assert SIDE.clean("60.5") == 605
    assert SIDE.prepare_value(605) == "60.5"
    assert SIDE.prepare_value(600) == "60"


@pytest.mark.parametrize(
    ("written", "pieces"), [("1,200", 1_200), ("1 200", 1_200), ("١٢٠", 120), ("120", 120), ("", None)]
)
def test_pieces_with_signs_between_the_thousands(written: str, pieces: int | None) -> None:
    assert QuantityField(required=False).clean(written) == pieces


@pytest.mark.parametrize("written", ["1.5", "-1", "many", "²", "9" * 40])
def test_what_is_no_whole_number_is_told(written: str) -> None:
    with pytest.raises(ValidationError, match="no whole number"):
        QuantityField(required=False).clean(written)


@pytest.mark.parametrize("field", [QuantityField(), ScaledField(decimals=2)], ids=["pieces", "price"])
def test_what_is_asked_for_must_be_there(field: QuantityField | ScaledField) -> None:
    with pytest.raises(ValidationError, match="required"):
        field.clean("")
