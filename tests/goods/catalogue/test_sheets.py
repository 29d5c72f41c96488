"""A good as a row of a sheet, and a row as a good: nothing is lost, and what is wrong is told in its place."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sundry.goods.catalogue import sheets_intake, sheets_variants
from sundry.goods.catalogue.categories import tree
from sundry.goods.catalogue.checks import UNITS, cleaned
from sundry.goods.catalogue.formats.goods_paste import read_pasted
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
from sundry.kernel.findings import Severity
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


def of_text(text: str) -> dict[int, Judged]:
    """What becomes of the rows of a pasted sheet, by row."""
    intake = sheets_intake.taken_in([read_pasted(text)])
    return {row.row: judged(row.cells, intake.columns, row=row.row) for row in intake.rows}


def test_the_quotation_of_an_agent_is_read() -> None:
    """The columns of the sheet that most agents use, with its title, its formulas' values and its sums."""
    text = (
        "报价单\t\t\t\t\t\t\n店面\t工厂货号\t图片\t中文描述\t西班牙语描述\t装箱量\t单价\n"
        "A-12\tK-1\t\t牙刷杯\tvaso\t12件/箱\t¥3.5\n合计\t\t\t\t\t\t3.5\n"
    )
    (found,) = of_text(text).values()
    assert found.verdict is Verdict.NEW
    assert found.draft == Draft(
        names={"zh": "牙刷杯", "es": "vaso"}, item_number="K-1", carton=Carton(pieces=12), ladder=(Step(1, 350),)
    )


def test_a_name_is_in_the_language_of_its_letters() -> None:
    found = of_text("Name\tPrice\n牙刷杯\t3\nكوب\t3\nчашка\t3\ncup\t3\n")
    assert [dict(one.draft.names) for one in found.values()] == [
        {"zh": "牙刷杯"}, {"ar": "كوب"}, {"ru": "чашка"}, {"en": "cup"},
    ]  # fmt: skip
    assert of_text("品名\t单价\nUSB-C\t3\n")[2].draft.names == {"zh": "USB-C"}


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("单位", "吨", "catalogue_sheet_word_unknown"),
        ("类目", "bathroom accesories", "catalogue_sheet_category_unknown"),
        ("类目", "☃☃☃☃☃☃☃", "catalogue_category_unlike_any"),
        ("专区", "新品, 老品", "catalogue_sheet_word_unknown"),
        ("款式", "zh: 红 | price: much", "catalogue_sheet_variant_unreadable"),
        ("数量2", "500", "catalogue_sheet_price_missing"),
        ("价格2", "2.80", "catalogue_sheet_quantity_missing"),
        ("外箱尺寸", "60*40", "catalogue_sheet_not_three_sides"),
        ("毛重", "heavy", "catalogue_sheet_no_number"),
        ("语言", "Klingon", "catalogue_sheet_word_unknown"),
        ("HS编码", "99", "catalogue_code_impossible"),
        ("Sundry row", "12-junk", "catalogue_sheet_good_unknown"),
    ],
)
def test_what_is_wrong_is_told_in_its_place(column: str, value: str, rule: str) -> None:
    (found,) = of_text(f"品名\t单价\t{column}\n杯\t3.20\t{value}\n").values()
    assert found.verdict is Verdict.WRONG
    (told,) = (one for one in found.findings if one.severity is Severity.ERROR)
    assert (told.rule, told.row) == (rule, 2)
    assert told.column == "C" or rule.endswith("_missing")
    for language in LANGUAGES:
        assert told.message(language)


def test_a_step_that_rises_is_told_at_its_own_columns() -> None:
    (found,) = of_text("品名\t起订量\t单价\t数量3\t价格3\n杯\t12\t3\t120\t4\n").values()
    assert [(one.rule, one.column) for one in found.findings] == [("catalogue_ladder_price_rises", "E")]


def test_a_column_that_is_not_there_leaves_its_field_and_an_empty_cell_empties_it() -> None:
    columns = (Column("A", "", ROW), Column("B", "品牌", "brand"), Column("C", "单价", "step_1_price"))
    good = replace(CUP, brand="Acme")
    known = {7: Known(7, good, 1)}
    found = judged({ROW: mark(7, good), "brand": "", "step_1_price": "3.10"}, columns, known=known)
    assert found.draft == replace(good, brand="", ladder=(Step(120, 310), Step(1200, 285)))
    assert [one.field for one in found.differences] == ["step_1_price", "brand"]


def test_kinds_are_written_as_a_stall_writes_them_and_keep_their_ids() -> None:
    ids = [uuid.uuid4(), uuid.uuid4(), uuid.uuid4()]
    before = [Variant({"zh": one}, id=known) for one, known in zip("红蓝绿", ids, strict=True)]
    assert [dict(one.names) for one in sheets_variants.read("红、蓝，绿", "zh")] == [dict(one.names) for one in before]
    after = sheets_variants.with_ids(sheets_variants.read("zh: 绿\nzh: 大红\nzh: 黄 | no: 9", "zh"), before)
    assert [one.id for one in after] == [ids[2], ids[1], None]


def test_a_sheet_without_header_or_rows_says_so() -> None:
    assert [one.rule for one in sheets_intake.taken_in([read_pasted("a\tb\n1\t2")]).problems] == [
        "catalogue_sheet_no_header"
    ]
    assert [one.rule for one in sheets_intake.taken_in([read_pasted("品名\t单价\n")]).problems] == [
        "catalogue_sheet_no_rows"
    ]
    (found,) = sheets_intake.taken_in([read_pasted("品名\t单价\t天气\n杯\t3\t晴")]).problems
    assert (found.rule, found.column, found.header) == ("catalogue_sheet_column_unknown", "C", "天气")
    assert sheets_intake.finding_from_json(sheets_intake.finding_to_json(found)) == found
