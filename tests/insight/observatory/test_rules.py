"""The shapes: what they say of themselves."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from sundry.engines.reading.model import Type
from sundry.engines.reading.reader import LONGEST
from sundry.insight.observatory.rules import TEXT_MAX, Anchor, ImportView, SeriesKey, Sought, Standing


@pytest.mark.parametrize(
    ("total", "done", "failed", "stopped", "is_over"),
    [
        (3, 2, 0, False, False),
        (3, 2, 1, False, True),
        (3, 3, 0, False, True),
        (3, 1, 0, True, True),
        (0, 0, 0, False, True),
    ],
)
def test_an_import_is_over_when_nothing_is_left_or_it_was_stopped(
    total: int, done: int, failed: int, stopped: bool, is_over: bool
) -> None:
    view = ImportView(uuid.uuid4(), total, done, failed, stopped, datetime(2031, 6, 10, tzinfo=UTC))
    assert view.is_over is is_over


def test_what_is_published_is_asked_for_unless_somebody_says_otherwise() -> None:
    assert Sought().standing is Standing.PUBLISHED


def test_places_and_keys_may_be_keys_of_a_mapping() -> None:
    assert Anchor(1, 2, Type.RANK) != Anchor(1, 2, Type.RANK, 1)
    assert len({Anchor(1, 2, Type.LEVEL), Anchor(1, 2, Type.LEVEL, 0)}) == 1
    assert (
        len(
            {
                SeriesKey("gdp", Type.LEVEL, "990182", "元", "ytd"),
                SeriesKey("gdp", Type.LEVEL, "990182", "元", "ytd", ""),
            }
        )
        == 1
    )


def test_a_page_is_as_long_as_the_reader_has_it() -> None:
    assert TEXT_MAX == LONGEST
