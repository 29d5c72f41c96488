"""Who may do what in the observatory."""

from __future__ import annotations

import pytest

from sundry.base.access.rules import SIGNED_IN, VISITOR, Actor, Decision, Kind, Operation, Position, decide, role_of
from sundry.insight.observatory import operations
from sundry.insight.observatory.operations import (
    CORRECT,
    DATE,
    EXPORT,
    IMPORT,
    PAGE_READ,
    REMOVE,
    REVIEW,
    sees_unpublished,
)

ALL = [one for one in vars(operations).values() if isinstance(one, Operation)]
WRITING = [IMPORT, operations.IMPORT_STOP, DATE, REMOVE, CORRECT]


def actor(kind: Kind, *, open_pages: bool = False) -> Actor:
    return Actor(role=role_of(kind, Position.MEMBER), open_pages=open_pages)


@pytest.mark.parametrize("kind", sorted(Kind))
def test_whoever_is_signed_in_reads_what_is_published(kind: Kind) -> None:
    for operation in (PAGE_READ, EXPORT):
        assert decide(operation, actor(kind)) is Decision.ALLOWED


@pytest.mark.parametrize("kind", sorted(Kind))
def test_only_the_offices_change_anything(kind: Kind) -> None:
    is_office = kind in (Kind.COUNTY, Kind.OPERATOR)
    for operation in WRITING:
        assert (decide(operation, actor(kind)) is Decision.ALLOWED) == is_office
        assert operation.audited


@pytest.mark.parametrize("kind", sorted(Kind))
def test_auditors_see_what_waits_and_decide_nothing(kind: Kind) -> None:
    sees = kind in (Kind.COUNTY, Kind.OPERATOR, Kind.AUDITOR)
    assert sees_unpublished(actor(kind)) is sees
    assert (decide(REVIEW, actor(kind)) is Decision.ALLOWED) is sees


def test_a_visitor_reads_only_where_the_market_has_opened_its_pages() -> None:
    for operation in ALL:
        is_open = decide(operation, Actor(role=VISITOR, open_pages=True)) is Decision.ALLOWED
        assert is_open == operation.open_pages
        assert decide(operation, Actor(role=VISITOR)) is not Decision.ALLOWED
    assert not sees_unpublished(Actor(role=VISITOR, open_pages=True))


def test_what_is_open_to_visitors_changes_nothing() -> None:
    opened = [one for one in ALL if one.open_pages]
    assert opened
    assert not set(opened) & {*WRITING, REVIEW}
    assert all(one.own == SIGNED_IN for one in opened)


def test_names_are_those_of_the_module_and_each_its_own() -> None:
    names = [one.name for one in ALL]
    assert len(names) == len(set(names))
    assert all(name.startswith("observatory.") for name in names)
