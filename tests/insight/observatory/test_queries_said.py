"""The statements behind figures, and places by the names that pages give them."""

from __future__ import annotations

import uuid

from sundry.insight.observatory.models import Statement
from sundry.insight.observatory.queries_said import region_named, statements_of


def test_statements_are_found_by_their_ids_as_far_as_they_may_be_seen(press: list[uuid.UUID]) -> None:
    published = Statement.objects.filter(standing="published").values_list("id", flat=True)[:3]
    waiting = Statement.objects.filter(standing="review").values_list("id", flat=True)[:1]
    ids = {*published, *waiting, uuid.uuid4()}
    assert set(statements_of(ids, unpublished=False)) == set(published)
    assert set(statements_of(ids, unpublished=True)) == {*published, *waiting}
    assert all(view.id == id_ for id_, view in statements_of(ids, unpublished=True).items())


def test_nothing_is_asked_for_nothing(db: None, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert statements_of((), unpublished=True) == {}


def test_a_place_that_no_list_has_is_known_from_the_pages(press: list[uuid.UUID]) -> None:
    assert region_named("麓泽市") == "990182"
    assert region_named("无此市") == ""
