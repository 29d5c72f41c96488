"""What changes in the database is found a moment later, and what is gone is not, whatever happens in between."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from sundry.engines.searching.embedded import EmbeddedIndex
from sundry.engines.searching.model import Filters
from sundry.engines.searching.port import IndexUnusable
from sundry.goods.catalogue import indexing, searching
from sundry.goods.catalogue.models import Change, Good, Hall, LexiconForm, Stall

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(autouse=True)
def apart(settings: Any, tmp_path: Path) -> Iterator[None]:
    """An index of this test's own."""
    settings.SUNDRY = replace(settings.SUNDRY, data_dir=tmp_path)
    indexing.forget()
    yield
    indexing.forget()


@pytest.fixture
def stall() -> Stall:
    hall = Hall.objects.create(code="1", names={"zh": "一区"})
    return Stall.objects.create(number=1, slug="a", hall=hall, floor=1, street="A", booth="1", names={"zh": "阿芳伞业"})


def shown(stall: Stall, number: int, name: str, **fields: Any) -> Good:
    made = Good.objects.create(
        number=number,
        stall=stall,
        names={"zh": name},
        ladder_quantities=[12, 120],
        ladder_prices_minor=[900, 750],
        state="listed",
        listed_at=NOW,
        **fields,
    )
    Change.objects.create(number=number)
    return made


def numbers(text: str, **more: Any) -> list[int]:
    return [card.number for card in searching.search(text, language="en", reader="en", **more).cards]


def test_without_an_index_it_is_said_and_then_made(stall: Stall) -> None:
    shown(stall, 2, "红色雨伞")
    with pytest.raises(IndexUnusable):
        numbers("umbrella")
    assert searching.similar(2) == ()
    with pytest.raises(IndexUnusable):
        indexing.feed()
    assert not indexing.is_usable()
    assert indexing.bring_up_to_date() == 1
    assert indexing.is_usable()
    assert numbers("umbrella") == [2]


def test_what_changes_is_found_and_what_goes_is_not(stall: Stall) -> None:
    indexing.rebuild()
    good = shown(stall, 2, "红色雨伞")
    assert indexing.feed() == 1
    assert numbers("umbrella") == [2]
    assert not Change.objects.exists()
    good.state = "withdrawn"
    good.save()
    assert numbers("umbrella") == []  # the index still has it: the page asks the database
    Change.objects.create(number=2)
    indexing.feed()
    assert searching.search("umbrella", language="en", reader="en").page.count == 0


def test_a_price_is_that_at_the_quantity(stall: Stall) -> None:
    shown(stall, 2, "红色雨伞")
    indexing.rebuild()
    assert numbers("umbrella", filters=Filters(quantity=100, price_max_minor=800)) == []
    assert numbers("umbrella", filters=Filters(quantity=500, price_max_minor=800)) == [2]


def test_a_writer_that_is_killed_loses_nothing(stall: Stall, monkeypatch: pytest.MonkeyPatch) -> None:
    indexing.rebuild()
    shown(stall, 2, "红色雨伞")

    def killed(index: EmbeddedIndex) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(EmbeddedIndex, "commit", killed)
        with pytest.raises(KeyboardInterrupt):
            indexing.feed()
    assert Change.objects.count() == 1
    assert numbers("umbrella") == []
    assert indexing.feed() == 1
    assert numbers("umbrella") == [2]


def test_what_changes_while_an_index_is_made_is_told_to_the_new_one(stall: Stall) -> None:
    shown(stall, 2, "红色雨伞")
    indexing.rebuild(lambda written: shown(stall, 1, "蓝色雨伞"))  # behind those that were read already
    assert numbers("umbrella") == [2]
    assert indexing.feed() == 2
    assert sorted(numbers("umbrella")) == [1, 2]


def test_as_many_statements_for_many_goods_as_for_one(stall: Stall) -> None:
    indexing.rebuild()
    shown(stall, 2, "红色雨伞")
    with CaptureQueriesContext(
        connection,
    ) as one:
        indexing.feed()
    for number in range(10, 60):
        shown(stall, number, "红色雨伞")
    with CaptureQueriesContext(connection) as many:
        assert indexing.feed() == 50
    assert len(many) == len(one)


def test_a_search_is_one_statement(stall: Stall) -> None:
    for number in range(10, 40):
        shown(stall, number, "红色雨伞")
    indexing.rebuild()
    with CaptureQueriesContext(connection) as asked:
        found = searching.search("umbrella", language="en", reader="ar")
    assert len(asked) == 1
    assert found.page.count == 30
    assert [meant.zh for meant in found.meant] == ["雨伞"]


def test_what_an_operator_adds_is_understood_and_the_index_made_anew(stall: Stall) -> None:
    shown(stall, 2, "红色雨伞")
    indexing.rebuild()
    assert numbers("brolliwog") == []
    LexiconForm.objects.create(id=uuid.uuid4(), concept="umbrella", language="en", text="brolliwog", added_at=NOW)
    indexing.forget()
    assert numbers("brolliwog") == [2]
    assert not indexing.is_usable()
    indexing.bring_up_to_date()
    assert indexing.is_usable()


def test_a_form_of_a_concept_that_is_no_more_is_passed_over(stall: Stall) -> None:
    LexiconForm.objects.create(id=uuid.uuid4(), concept="no_such", language="en", text="thing", added_at=NOW)
    indexing.forget()
    indexing.rebuild()
    assert indexing.is_usable()


def test_search_is_made_ready_and_a_database_that_is_away_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching.connection, "close", lambda: None)
    searching.warm()
    reading = indexing.live().understanding
    assert reading.understand("paraguas", language="es").head

    def away() -> None:
        raise OperationalError

    monkeypatch.setattr(indexing, "live", away)
    searching.warm()
