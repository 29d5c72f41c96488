"""The terms of the trade that stand in a text, told in the reader's language."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sundry.engines.searching.lexicon import Language
from sundry.goods.orders.terms import TERMS_MAX, terms_in


def found(text: str, language: str, reader: str) -> list[tuple[str, str]]:
    return [(text[term.start : term.end], term.name) for term in terms_in(text, language=language, reader=reader)]


@pytest.mark.parametrize(
    ("text", "language", "reader", "expected"),
    [
        ("发夹用亚克力的，一卡六只", "zh", "es", [("发夹", "broche para el cabello"), ("亚克力", "acrílico")]),
        ("請問有１００個鬧鐘嗎", "zh", "fr", [("鬧鐘", "réveil")]),
        ("Toothbrush cups, of acrylic.", "en", "zh", [("Toothbrush cups", "牙刷杯"), ("acrylic", "亚克力")]),
        ("500 vasos para cepillos de dientes", "es", "zh", [("vasos para cepillos de dientes", "牙刷杯")]),
        ("أريد مظلات وأكواب", "ar", "zh", [("مظلات", "雨伞"), ("وأكواب", "杯")]),
        ("зонты и ещё зонты", "ru", "en", [("зонты", "umbrella")]),
        ("Porte-clés", "fr", "zh", [("Porte-clés", "钥匙扣")]),
        ("السلام عليكم، نريد معرفة السعر والشحن إلى ميناء جبل علي", "ar", "zh", []),
        ("Hello, can you send cans?", "en", "zh", [("cans", "罐")]),
        ("你好老板，白板有现货吗", "zh", "en", [("白板", "whiteboard"), ("现货", "in stock")]),
    ],
)
def test_terms_are_found_where_they_stand(
    text: str, language: str, reader: str, expected: list[tuple[str, str]]
) -> None:
    assert found(text, language, reader) == expected


def test_nothing_is_told_to_who_reads_the_language_or_of_one_that_nobody_knows() -> None:
    assert terms_in("发夹", language="zh", reader="zh") == ()
    assert terms_in("gancho", language="pt", reader="zh") == ()
    assert terms_in("发夹", language="zh", reader="pt") == ()
    assert terms_in("", language="zh", reader="en") == ()
    assert found("T-shirt", "en", "fr") == []  # it is called so there too


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_long_text_has_not_more_than_some(language: Language) -> None:
    from sundry.engines.searching.lexicon import lexicon

    names = [concept.forms[language][0] for concept in list(lexicon().concepts.values())[:200]]
    told = terms_in("，".join(names), language=language, reader="ru")
    assert len(told) == TERMS_MAX
    assert all(one.end <= other.start for one, other in pairwise(told))
