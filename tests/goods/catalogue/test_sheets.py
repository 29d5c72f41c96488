"""A good as a row of a sheet, and a row as a good: nothing is lost, and what is wrong is told in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sundry.goods.catalogue import sheets_intake
from sundry.goods.catalogue.categories import tree
from sundry.goods.catalogue.checks import UNITS, cleaned
from sundry.goods.catalogue.formats.goods_xlsx import Line, read_sheets, write_sheet
from sundry.goods.catalogue.rules import (
    LANGUAGES,
    Carton,
    Collection,
    Draft,
    Step,
    Supply,
    Variant,
    Verdict,
)
from sundry.goods.catalogue.sheets import ROW, Column, Judged, Known, digest, judge, mark, row_of
from sundry.goods.catalogue.sheets_drafts import canonical, from_json, to_json
from sundry.goods.catalogue.sheets_export import heads
from sundry.kernel.tariff_codes import TariffCodes

DAY = date(2026, 11, 22)
CODES = TariffCodes.at(DAY)
CUP = Draft(
    names={"zh": "牙刷杯", "en": "Toothbrush cup"},
    item_number="K-1",
    category="bathroom_accessories",
    ladder=(Step(120, 320), Step(1200, 285)),
    carton=Carton(120, 605, 400, 400, 12_500, 11_000),
    variants=(Variant({"zh": "红", "en": "Red|dish \\"}, "K-1R", 20, 300), Variant({"zh": "蓝"})),
)

texts = st.text(max_size=30)
names = st.dictionaries(st.sampled_from(LANGUAGES), texts, max_size=6)
whole = st.none() | st.integers(1, 99_000_000)
small = st.none() | st.integers(1, 3_000)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    quantities = sorted(draw(st.sets(st.integers(1, 1_000_000), max_size=5)))
    prices = sorted((draw(st.integers(1, 99_999_999)) for _ in quantities), reverse=True)
    variants = draw(st.lists(st.builds(Variant, names, texts, st.integers(-99, 99_999), whole), max_size=3))
    draft = cleaned(
        Draft(
            language=draw(st.sampled_from(LANGUAGES)),
            names=draw(names),
            descriptions=draw(st.dictionaries(st.sampled_from(LANGUAGES), st.text(max_size=80), max_size=6)),
            item_number=draw(texts),
            category=draw(st.sampled_from(["", *sorted(tree())])),
            unit=draw(st.sampled_from(UNITS)),
            ladder=tuple(map(Step, quantities, prices)),
            carton=Carton(draw(small), draw(small), draw(small), draw(small), draw(whole), draw(whole)),
            hs_code=draw(st.sampled_from(["", "392410", "3924100000"])),
            brand=draw(texts),
            supply=draw(st.sampled_from(Supply)),
            stock_pieces=draw(st.none() | st.integers(0, 999)),
            lead_time_days=draw(st.none() | st.integers(0, 90)),
            weekly_capacity_pieces=draw(whole),
            collections=draw(st.frozensets(st.sampled_from(Collection))),
            variants=tuple(variants),
        )
    )
    return replace(draft, variants=tuple(one for one in draft.variants if one.names or one.item_number))


def through_a_book(lines: list[dict[str, str]], language: str) -> sheets_intake.Intake:
    columns = heads(language)
    book = write_sheet(
        columns, [Line(cells) for cells in lines], name="Goods", photo_column=1, right_to_left=language == "ar"
    )
    return sheets_intake.taken_in(read_sheets(book))


def judged(cells: Mapping[str, str], columns: tuple[Column, ...], **more: Any) -> Judged:
    return judge(cells, columns, **{"language": "zh", "known": {}, "day": DAY, "codes": CODES, **more})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(drafts(), min_size=1, max_size=6), st.sampled_from(LANGUAGES), st.booleans())
def test_every_field_comes_back_as_it_went(goods: list[Draft], language: str, is_marked: bool) -> None:
    known = {number: Known(number, good, 1) for number, good in enumerate(goods, 1)}
    lines = [row_of(good, language) | {ROW: mark(number, good)} for number, good in enumerate(goods, 1)]
    if not is_marked:
        lines, known = [{**cells, ROW: ""} for cells in lines], {}
    intake = through_a_book(lines, language)
    found = {row.row - 2: judged(row.cells, intake.columns, known=known) for row in intake.rows}
    for index, good in enumerate(goods):
        assert canonical(found[index].draft) == canonical(good)
        if is_marked:
            assert found[index].differences == ()


def test_a_draft_is_kept_as_json_whole() -> None:
    assert from_json(to_json(CUP)) == CUP
    assert digest(CUP) != digest(replace(CUP, brand="x"))
