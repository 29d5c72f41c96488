"""Words at places of a page, and what else stands at the words of a statement."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sundry.insight.observatory import queries
from sundry.insight.observatory.queries_reader import beside, words_at
from sundry.insight.observatory.rules import Sought, Standing

TEXT = "一季度出口增长9.1%\n\n本报讯 4月22日，一季度，全市出口12.5亿元，增长9.1%，高于全省（7.6%）1.5个百分点。"


def test_words_stand_where_they_are_said(read: Any, django_assert_num_queries: Any) -> None:
    page = read(TEXT, date(2026, 4, 23))
    at = TEXT.index("全市")
    with django_assert_num_queries(1):
        assert words_at(page, [(0, 3), (at, at + 2)]) == ("一季度", "全市")
    with django_assert_num_queries(0):
        assert words_at(page, []) == ()
    assert words_at(uuid.UUID(int=7), [(0, 3)]) == ("",)


def test_a_figure_inside_another_stands_beside_it(read: Any, django_assert_num_queries: Any) -> None:
    page = read(TEXT, date(2026, 4, 23))
    told = queries.statements(Sought(page=page, standing=None))
    gap, growth = (
        next(one for one in told if part in one.quote and one.type == kind)
        for part, kind in (("1.5", "gap"), ("7.6", "growth"))
    )
    with django_assert_num_queries(1):
        found = beside(gap.id, unpublished=True)
    assert [one.id for one in found] == [growth.id]
    assert [one.id for one in beside(growth.id, unpublished=True)] == [gap.id]
    level = next(one for one in told if "12.5" in one.quote)
    assert beside(level.id, unpublished=True) == ()
    assert beside(uuid.UUID(int=7), unpublished=True) == ()


def test_what_waits_stands_beside_it_for_the_offices_alone(one_page: uuid.UUID) -> None:
    told = queries.statements(Sought(page=one_page, standing=None), limit=500)
    for one in told:
        everything, published = (beside(one.id, unpublished=unpublished) for unpublished in (True, False))
        assert list(published) == [other for other in everything if other.standing is Standing.PUBLISHED]
