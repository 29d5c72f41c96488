"""What a stall may write, what a buyer must find, and what each mistake is called."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.goods.catalogue.categories import tree
from sundry.goods.catalogue.checks import UNITS, cleaned, errors, findings, nearest, stall_errors
from sundry.goods.catalogue.rules import (
    DESCRIPTION_MAX,
    ITEM_NUMBER_MAX,
    NAME_MAX,
    PRICE_MINOR_MAX,
    QUANTITY_MAX,
    STEPS_MAX,
    VARIANTS_MAX,
    Carton,
    Draft,
    MixedBatch,
    Step,
    Supply,
    Variant,
)
from sundry.kernel.findings import Severity
from sundry.kernel.messages import LANGUAGES

DAY = date(2026, 11, 22)
CUP = Draft(
    names={"zh": "牙刷杯"},
    category="bathroom_accessories",
    ladder=(Step(120, 320), Step(1200, 285)),
    carton=Carton(144, 600, 400, 400, 12_000, 11_000),
    hs_code="392490",
)


def found(draft: Draft, **options: Any) -> list[tuple[str, str]]:
    given = {"for_show": False, "day": DAY} | options
    return [(finding.rule, finding.header) for finding in findings(draft, **given)]


def test_a_good_as_it_should_be() -> None:
    assert found(CUP, for_show=True) == []


def test_a_draft_may_be_empty_and_is_not_shown() -> None:
    assert found(Draft()) == []
    assert found(Draft(), for_show=True) == [
        ("catalogue_needs_name_or_photo", "names.zh"),
        ("catalogue_needs_price", "ladder"),
    ]
    assert found(Draft(ladder=(Step(1, 100),)), for_show=True, photos=1) == []
    unseen = Draft(language="ru", names={"ru": "\u200b "}, ladder=(Step(1, 100),))
    assert found(unseen, for_show=True)[0] == ("catalogue_needs_name_or_photo", "names.ru")


def steps(*pairs: tuple[int, int]) -> dict[str, Any]:
    return {"ladder": tuple(Step(quantity, price) for quantity, price in pairs)}


def carton(**sizes: int) -> dict[str, Any]:
    return {"carton": replace(Carton(), **sizes)}


def variants(*some: Variant) -> dict[str, Any]:
    return {"variants": some}


PINK, BLUE = Variant({"zh": "粉色"}), Variant({"zh": "蓝色"})


@pytest.mark.parametrize(
    ("fields", "rule", "field"),
    [
        ({"language": "de"}, "catalogue_language_unknown", "language"),
        ({"names": {"de": "Becher"}}, "catalogue_language_unknown", "names.de"),
        ({"descriptions": {"xx": "x"}}, "catalogue_language_unknown", "descriptions.xx"),
        ({"names": {"en": "x" * (NAME_MAX + 1)}}, "catalogue_text_too_long", "names.en"),
        ({"descriptions": {"en": "x" * (DESCRIPTION_MAX + 1)}}, "catalogue_text_too_long", "descriptions.en"),
        ({"item_number": "x" * (ITEM_NUMBER_MAX + 1)}, "catalogue_text_too_long", "item_number"),
        ({"brand": "x" * 81}, "catalogue_text_too_long", "brand"),
        ({"category": "bathroom"}, "catalogue_category_unknown", "category"),
        ({"category": "zzzzzzzzzzzz"}, "catalogue_category_unlike_any", "category"),
        ({"unit": "thing"}, "catalogue_unit_unknown", "unit"),
        (steps((0, 100)), "catalogue_quantity_impossible", "ladder.0.quantity"),
        (steps((QUANTITY_MAX + 1, 100)), "catalogue_quantity_impossible", "ladder.0.quantity"),
        (steps((1, 0)), "catalogue_price_impossible", "ladder.0.price_minor"),
        (steps((1, PRICE_MINOR_MAX + 1)), "catalogue_price_impossible", "ladder.0.price_minor"),
        (steps((10, 100), (10, 90)), "catalogue_ladder_does_not_rise", "ladder.1.quantity"),
        (steps((10, 100), (20, 101)), "catalogue_ladder_price_rises", "ladder.1.price_minor"),
        (steps(*((n, 100) for n in range(1, STEPS_MAX + 2))), "catalogue_ladder_too_long", "ladder"),
        (carton(pieces=0), "catalogue_carton_pieces_impossible", "carton.pieces"),
        (carton(length_mm=3001), "catalogue_carton_side_impossible", "carton.length_mm"),
        (carton(height_mm=0), "catalogue_carton_side_impossible", "carton.height_mm"),
        (carton(gross_g=2_000_001), "catalogue_carton_weight_impossible", "carton.gross_g"),
        (carton(net_g=0), "catalogue_carton_weight_impossible", "carton.net_g"),
        (carton(net_g=12_001, gross_g=12_000), "catalogue_net_above_gross", "carton.net_g"),
        ({"hs_code": "3924"}, "catalogue_code_impossible", "hs_code"),
        ({"hs_code": "770000"}, "catalogue_code_impossible", "hs_code"),
        ({"hs_code": "٣٩٢٤٩٠"}, "catalogue_code_impossible", "hs_code"),
        ({"stock_pieces": -1}, "catalogue_stock_impossible", "stock_pieces"),
        ({"lead_time_days": 366}, "catalogue_lead_time_impossible", "lead_time_days"),
        ({"weekly_capacity_pieces": 0}, "catalogue_capacity_impossible", "weekly_capacity_pieces"),
        (variants(*(Variant({}, str(n)) for n in range(VARIANTS_MAX + 1))), "catalogue_too_many_variants", "variants"),
        (variants(Variant({})), "catalogue_variant_unnamed", "variants.0"),
        (variants(PINK, BLUE, PINK), "catalogue_variants_alike", "variants.2.names.zh"),
        (variants(Variant({"zh": "x" * 201})), "catalogue_text_too_long", "variants.0.names.zh"),
        (variants(Variant({"xx": "x"})), "catalogue_language_unknown", "variants.0.names.xx"),
        (variants(replace(PINK, item_number="x" * 41)), "catalogue_text_too_long", "variants.0.item_number"),
        (variants(replace(PINK, stock_pieces=-1)), "catalogue_stock_impossible", "variants.0.stock_pieces"),
        (
            steps((1, 100)) | variants(replace(PINK, difference_minor=-100)),
            "catalogue_difference_impossible",
            "variants.0.difference_minor",
        ),
        (
            variants(replace(PINK, difference_minor=PRICE_MINOR_MAX + 1)),
            "catalogue_difference_impossible",
            "variants.0.difference_minor",
        ),
    ],
)
def test_a_mistake_is_called_by_its_rule_at_its_field(fields: dict[str, Any], rule: str, field: str) -> None:
    draft = Draft(**fields)
    assert found(draft) == [(rule, field)]
    (finding,) = errors(findings(draft, for_show=False, day=DAY))
    for language in LANGUAGES:
        assert "{" not in finding.message(language)


@pytest.mark.parametrize(
    "fields",
    [
        {"names": {"en": "x" * NAME_MAX}},
        steps((QUANTITY_MAX, PRICE_MINOR_MAX)),
        steps((10, 100), (11, 100)),
        steps(*((n, 100) for n in range(1, STEPS_MAX + 1))),
        carton(net_g=12_000, gross_g=12_000),
        carton(length_mm=3000, gross_g=2_000_000),
        {"stock_pieces": 0},
        {"lead_time_days": 365, "supply": Supply.MADE},
        {"hs_code": "3924.90 00.10"},
        steps((1, 100)) | variants(replace(PINK, difference_minor=-99)),
        variants(PINK, BLUE),
        *({"unit": unit} for unit in UNITS),
    ],
)
def test_at_the_limit_it_is_taken(fields: dict[str, Any]) -> None:
    assert found(Draft(**fields)) == []


def test_a_price_that_rises_names_both_prices_and_the_decimal_point() -> None:
    (finding,) = findings(Draft(**steps((120, 320), (1200, 2850))), for_show=True, day=DAY, photos=1)
    assert finding.message("en").startswith("From 1200 pieces on the price is 28.50 yuan, above the 3.20 yuan")


def test_the_nearest_category_is_named_in_any_language() -> None:
    bathroom = tree()["bathroom_accessories"]
    for written in ("bathroom_acessories", "Bathrom accessories", *bathroom.names.values()):
        assert nearest(written) == bathroom.key
    (finding,) = findings(Draft(category="bathroom_acessories"), for_show=False, day=DAY)
    assert bathroom.key in finding.message("fr")


@pytest.mark.parametrize(
    ("sizes", "rules"),
    [
        # 0.1 m3: 2 kg are 20 kg/m3, 150 kg are 1,500.
        ({"gross_g": 2_000}, []),
        ({"gross_g": 1_999}, ["catalogue_carton_density"]),
        ({"gross_g": 150_000}, []),
        ({"gross_g": 150_200}, ["catalogue_carton_density"]),
        ({"gross_g": 5_000, "pieces": 1_000_000}, []),
        ({"gross_g": 4_999, "pieces": 1_000_000}, ["catalogue_carton_pieces_too_light"]),
    ],
)
def test_a_carton_that_is_hard_to_believe_is_only_warned_of(sizes: dict[str, int], rules: list[str]) -> None:
    box = replace(Carton(length_mm=500, width_mm=500, height_mm=400), **sizes)
    told = findings(Draft(carton=box), for_show=False, day=DAY)
    assert [finding.rule for finding in told] == rules
    assert all(finding.severity is Severity.WARNING for finding in told)


def test_what_is_made_to_order_should_say_how_long_it_takes() -> None:
    assert found(Draft(supply=Supply.MADE)) == [("catalogue_made_without_lead_time", "lead_time_days")]


def test_a_brand_without_paper_is_warned_of() -> None:
    draft = Draft(brand=" DISNEY")
    assert found(draft) == []
    assert found(draft, brands=["disney"]) == []
    assert found(draft, brands=[]) == [("catalogue_brand_needs_paper", "brand")]


def test_what_cannot_be_seen_is_taken_out_and_told() -> None:
    draft = Draft(names={"en": "cup\u202egpj.exe\u0000", "ar": "\u2066"}, brand=" Acme\u200b ", item_number=" A 1 ")
    kept = cleaned(draft)
    assert (kept.names, kept.brand, kept.item_number) == ({"en": "cupgpj.exe"}, "Acme", "A 1")
    notes = findings(draft, for_show=False, day=DAY)
    assert {finding.header for finding in notes} == {"names.en", "names.ar", "brand"}
    assert {finding.severity for finding in notes} == {Severity.NOTE}


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "'; DROP TABLE goods; --", "{{7*7}}", "=cmd|' /C calc'!A0"]
)
def test_what_looks_like_a_program_is_text(text: str) -> None:
    draft = Draft(names={"en": text}, descriptions={"en": text})
    assert cleaned(draft).names == {"en": text}
    assert found(draft) == []


def test_a_long_value_is_told_in_short() -> None:
    (finding,) = findings(Draft(names={"en": "x" * 10_000}), for_show=False, day=DAY)
    assert len(finding.value) <= 61
    assert finding.details["count"] == 10_000


def test_errors_stand_first() -> None:
    draft = Draft(names={"en": "a\u200bb"}, supply=Supply.MADE, stock_pieces=-1)
    told = [finding.severity for finding in findings(draft, for_show=False, day=DAY)]
    assert told == [Severity.ERROR, Severity.WARNING, Severity.NOTE]


@given(
    st.builds(
        Draft,
        language=st.text(max_size=3),
        names=st.dictionaries(st.text(max_size=3), st.text(max_size=300), max_size=4),
        descriptions=st.dictionaries(st.sampled_from(LANGUAGES), st.text(max_size=50), max_size=2),
        item_number=st.text(max_size=60),
        category=st.text(max_size=80),
        unit=st.text(max_size=10),
        ladder=st.lists(st.builds(Step, st.integers(), st.integers()), max_size=7).map(tuple),
        carton=st.builds(Carton, *[st.none() | st.integers() for _ in fields(Carton)]),
        hs_code=st.text(max_size=12),
        brand=st.text(max_size=100),
        stock_pieces=st.none() | st.integers(),
        variants=st.lists(
            st.builds(Variant, st.dictionaries(st.text(max_size=2), st.text(max_size=9)), st.text()), max_size=4
        ).map(tuple),
    )
)
def test_whatever_is_written_is_answered_and_what_is_kept_stays_as_it_is(draft: Draft) -> None:
    for finding in findings(draft, for_show=True, day=DAY):
        assert finding.message("ar")
    kept = cleaned(draft)
    assert cleaned(kept) == kept


def test_what_a_stall_says_of_itself() -> None:
    def rules(**said: Any) -> list[tuple[str, str]]:
        given: dict[str, Any] = {"names": {}, "about": {}, "mixed_batch": MixedBatch(), "language": "zh"} | said
        return [(finding.rule, finding.header) for finding in stall_errors(**given)]

    assert rules() == []
    assert rules(names={"en": "x" * 201}) == [("catalogue_text_too_long", "names.en")]
    assert rules(about={"xx": "x"}) == [("catalogue_language_unknown", "about.xx")]
    assert rules(mixed_batch=MixedBatch(0, None)) == [("catalogue_price_impossible", "mixed_batch.amount_minor")]
    assert rules(mixed_batch=MixedBatch(None, 0)) == [("catalogue_quantity_impossible", "mixed_batch.pieces")]
    assert rules(language="de") == [("catalogue_language_unknown", "language")]
