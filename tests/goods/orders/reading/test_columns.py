"""Headers in five languages, taken apart."""

from __future__ import annotations

import pytest

from sundry.goods.orders.reading.columns import inherit, read_header, under


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("店面\nTienda", "stall"),
        ("工厂货号\nRef.", "item"),
        ("件数\nCajas", "cartons"),
        ("装箱量\nPzs/caja", "pieces_per_carton"),
        ("总数量", "pieces"),
        ("قطعة/كرتون", "pieces_per_carton"),
        ("عدد الكراتين", "cartons"),
        ("إجمالي القطع", "pieces"),
        ("المبلغ", "value"),
        ("QTY/CTN", "pieces_per_carton"),
        ("QTY (CTNS)", "cartons"),
        ("C/NO.", "carton_numbers"),
        ("N° CAJAS", "cartons"),
        ("Nb colis", "cartons"),
        ("Qté/colis", "pieces_per_carton"),
        ("Désignation", "name"),
        ("P.U. (¥)", "price"),
        ("Partida arancelaria", "hs"),
        ("货号/唛头", "item"),
        ("MEAS. (CBM)", "volume"),
        ("MEAS (CM)", "size"),
        ("箱 数", "cartons"),
        ("ＣＴＮＳ", "cartons"),
        ("رقم الكرتون", "carton_numbers"),
        ("PRECIO DOCENA", "price"),
        ("USD/DZ", "price"),
        ("CANTIDAD DOC", "pieces"),
        ("起箱号", "carton_from"),
        ("C/NO. TO", "carton_to"),
        ("ART.NO", "item"),
        ("T.PRICE", "value"),
    ],
)
def test_a_header_is_known(header: str, field: str) -> None:
    column = read_header(header)
    assert column is not None
    assert column.field == field


def test_qualifiers_are_taken_apart() -> None:
    price = read_header("PRECIO US$/DOC")
    assert price is not None
    assert (price.currency, price.price_per) == ("USD", "dozen")
    packed = read_header("DOC/CAJA")
    assert packed is not None
    assert (packed.field, packed.counted_in, packed.per_carton) == ("pieces_per_carton", "dozen", True)
    gross = read_header("الوزن القائم الإجمالي (كغ)")
    assert gross is not None
    assert (gross.field, gross.total, gross.weight_unit) == ("gross", True, "kg")
    long_side = read_header("外箱长(mm)")
    assert long_side is not None
    assert (long_side.field, long_side.length_unit) == ("length", "mm")
    jin = read_header("毛重（斤）/箱")
    assert jin is not None
    assert (jin.weight_unit, jin.per_carton) == ("jin", True)


@pytest.mark.parametrize("text", ["", "义乌市蓝榕贸易商行", "x" * 200, "Kodas"])
def test_what_is_no_header_is_none(text: str) -> None:
    assert read_header(text) is None


def test_a_group_gives_what_the_header_below_leaves_out() -> None:
    gross = read_header("P. BRUTO (KG)")
    assert gross is not None
    assert not gross.per_carton
    assert inherit(gross, "POR CAJA").per_carton
    price = under("PRICE", "USD/DOZ")
    assert price is not None
    assert (price.field, price.currency, price.price_per) == ("price", "USD", "dozen")
    assert under("CARTON", "L") is None
