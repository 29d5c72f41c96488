from __future__ import annotations

from pathlib import Path

import pytest

from sundry.engines.packing.formats.csv_boxes import read_csv
from sundry.engines.packing.rules import BoxType
from sundry.kernel.errors import UnusableInput


def read(tmp_path: Path, text: str) -> tuple[BoxType, ...]:
    (tmp_path / "goods.csv").write_text(text, "utf-8")
    return read_csv(tmp_path / "goods.csv")


def test_columns_in_any_order_and_some_missing(tmp_path: Path) -> None:
    text = "Quantity, width_mm,length_mm,height_mm,name,vertical,weight_g\n20,400,600,350,mugs,h,14500\n1,2,3,4,,,\n"
    assert read(tmp_path, text) == (
        BoxType(600, 400, 350, 20, (False, False, True), 14500),
        BoxType(3, 2, 4, 1),
    )
    assert read(tmp_path, "length_mm,width_mm,height_mm,quantity\n3,2,1,5\n") == (BoxType(3, 2, 1, 5),)


@pytest.mark.parametrize(
    ("text", "rule", "said"),
    [
        ("", "packing_columns_missing", "length_mm, width_mm, height_mm, quantity"),
        ("length_mm,width_mm,quantity\n", "packing_columns_missing", "no column height_mm"),
        ("length_mm,width_mm,height_mm,quantity\n", "packing_no_boxes", "no cartons"),
        ("length_mm,width_mm,height_mm,quantity\n3,2,1,5\n3,2,,5\n", "packing_number_wrong", "row 3, height_mm"),
        ("length_mm,width_mm,height_mm,quantity\n3,2,1\n", "packing_number_wrong", "row 2, quantity"),
        ("length_mm,width_mm,height_mm,quantity,vertical\n3,2,1,1,z\n", "packing_vertical_wrong", "row 2, vertical: z"),
    ],
)
def test_faults(tmp_path: Path, text: str, rule: str, said: str) -> None:
    with pytest.raises(UnusableInput) as caught:
        read(tmp_path, text)
    assert caught.value.rule == rule
    assert said in caught.value.message("en")
