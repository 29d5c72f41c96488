"""Programs elsewhere hear of goods that come on show, change there and go, and of nothing that nobody saw."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from sundry.goods.catalogue.events import GOOD_CHANGED, GOOD_LISTED, GOOD_WITHDRAWN, KINDS, of_good, of_stall
from sundry.goods.catalogue.rules import State
from sundry.web import events

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ID = uuid.UUID(int=7)


@pytest.mark.parametrize(
    ("was", "now_is", "kind"),
    [
        (State.DRAFT, State.LISTED, GOOD_LISTED),
        (State.SUBMITTED, State.LISTED, GOOD_LISTED),
        (State.LISTED, State.LISTED, GOOD_CHANGED),
        (State.LISTED, State.WITHDRAWN, GOOD_WITHDRAWN),
        (State.LISTED, State.REFUSED, GOOD_WITHDRAWN),
        (State.LISTED, State.SUBMITTED, GOOD_WITHDRAWN),
        (State.DRAFT, State.SUBMITTED, None),
        (State.SUBMITTED, State.REFUSED, None),
        (State.DRAFT, State.DRAFT, None),
    ],
)
def test_what_is_told_of_a_good(was: State, now_is: State, kind: str | None) -> None:
    told = of_good(id=ID, number=1204, version=3, was=was, now_is=now_is, at=NOON)
    assert (told.kind if told else None) == kind
    if told:
        assert (told.subject, told.organisation, dict(told.data)) == (ID, None, {"good": 1204, "version": 3})


def test_every_kind_has_an_example_that_looks_like_what_is_told() -> None:
    good = of_good(id=ID, number=1, version=1, was=State.DRAFT, now_is=State.LISTED, at=NOON)
    assert good is not None
    told = {GOOD_LISTED: good.data, GOOD_CHANGED: good.data, GOOD_WITHDRAWN: good.data}
    told["stall.changed"] = of_stall(id=ID, number=1, version=1, at=NOON).data
    assert {kind.name: set(kind.example) for kind in KINDS} == {name: set(data) for name, data in told.items()}
    assert all(kind in events.KINDS for kind in KINDS)
