from __future__ import annotations

from pathlib import Path

import pytest

from sundry.engines.packing.formats.csv_boxes import read_csv
from sundry.engines.packing.formats.fields import FAULTS_MAX, Order, WrongFields
from sundry.engines.packing.rules import BoxType
from sundry.kernel.errors import UnusableInput

HEADER = "length_mm,width_mm,height_mm,quantity"


def read(tmp_path: Path, text: str) -> Order:
    (tmp_path / "goods.csv").write_text(text, "utf-8")
    return read_csv(tmp_path / "goods.csv")


def test_columns_in_any_order_and_some_missing(tmp_path: Path) -> None:
    text = "Quantity, width_mm,length_mm,height_mm,name,vertical,weight_g\n20,400,600,350,mugs,h,14500\n1,2,3,4,,,\n"
    order = read(tmp_path, text)
    assert order.boxes == (BoxType(600, 400, 350, 20, (False, False, True), 14500), BoxType(3, 2, 4, 1))
    assert order.rows == (2, 3)
    assert order.unread == ("name",)
    assert read(tmp_path, f"{HEADER}\n3,2,1,5\n") == Order((BoxType(3, 2, 1, 5),), (2,))


def test_what_a_carton_bears_its_zone_and_its_priority(tmp_path: Path) -> None:
    text = f"{HEADER},bearing_kg_m2,nothing_on_top,zone,priority\n3,2,1,5,500,yes,2,1\n3,2,1,5,,,,\n3,2,1,5,0,No,0,0\n"
    assert read(tmp_path, text).boxes == (
        BoxType(3, 2, 1, 5, bearing_kg_m2=500, nothing_on_top=True, zone=2, priority=1),
        BoxType(3, 2, 1, 5),
        BoxType(3, 2, 1, 5, bearing_kg_m2=0, zone=0),
    )


@pytest.mark.parametrize(
    ("text", "rule", "said"),
    [
        ("", "packing_columns_missing", "length_mm, width_mm, height_mm, quantity"),
        ("length_mm,width_mm,quantity\n", "packing_columns_missing", "no column height_mm"),
        ("length_mm,width_mm,height_mm,quantity\n", "packing_no_boxes", "no cartons"),
        ("length_mm,width_mm,height_mm,quantity\n3,2,1,5\n3,2,,5\n", "packing_number_missing", "row 3, height_mm"),
        ("length_mm,width_mm,height_mm,quantity\n3,2,1\n", "packing_number_missing", "row 2, quantity"),
        ("length_mm,width_mm,height_mm,quantity,vertical\n3,2,1,1,z\n", "packing_vertical_wrong", "row 2, vertical: z"),
        (f"{HEADER},zone,Zone\n3,2,1,1,1,1\n", "packing_columns_twice", "more than one column zone"),
        (f"{HEADER}\n3,2,1,1,7\n", "packing_row_long", "row 2"),
        (f"{HEADER},nothing_on_top\n3,2,1,1,maybe\n", "packing_flag_wrong", "row 2, nothing_on_top: maybe"),
        (f"{HEADER},bearing_kg_m2\n3,2,1,1,-1\n", "packing_number_wrong", "row 2, bearing_kg_m2: -1"),
        (f"{HEADER},weight_g\n3,2,1,1,1.5\n", "packing_number_wrong", "row 2, weight_g: 1.5"),
        (f"{HEADER}\n3,2,1,50000\n", "packing_number_wrong", "50000 is not a whole number from 0 to 30000"),
        (f'{HEADER}\n3,2,1,"{"9" * 200_000}"\n', "packing_csv_malformed", "row 2"),
        (f"{HEADER}\n3,2,1,{'9' * 100_000}\n", "packing_number_wrong", f"quantity: {'9' * 60}… is"),
    ],
)
def test_faults(tmp_path: Path, text: str, rule: str, said: str) -> None:
    with pytest.raises(UnusableInput) as caught:
        read(tmp_path, text)
    assert caught.value.rule == rule
    assert said in caught.value.message("en")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(WrongFields) as caught:
        read(tmp_path, f"{HEADER},vertical\n0,2,1,5,h\n3,2,1,5,h\n3,x,1,-5,q\n")
    places = [(fault.details["row"], fault.details["field"]) for fault in caught.value.faults]
    assert places == [(2, "length_mm"), (4, "width_mm"), (4, "quantity"), (4, "vertical")]
    assert caught.value.message("zh").count("\n") == 3
    told = caught.value.to_json("en")
    assert told["rule"] == "packing_number_wrong"
    assert [fault["row"] for fault in told["faults"]] == [2, 4, 4, 4]
    assert told["faults"][3]["value"] == "q"


def test_reading_stops_after_twenty_faults(tmp_path: Path) -> None:
    with pytest.raises(WrongFields) as caught:
        read(tmp_path, HEADER + "\n0,0,0,1" * 2000)
    assert len(caught.value.faults) == FAULTS_MAX
    assert caught.value.message("en").endswith("Reading stopped after 20 faults. Correct these first.")
