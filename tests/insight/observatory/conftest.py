"""The pages of the sample paper, read; and browsers of people who look at them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from sundry.base.access.rules import Kind
    from sundry.insight.observatory.rules import StatementView

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
Asked = Callable[..., "Client"]
Read = Callable[..., uuid.UUID]


@pytest.fixture
def read(db: None) -> Read:
    """read(text, issued) imports a page and reads it; its id. Without a day the page says its own, if it does."""
    from sundry.base.access.rules import Actor
    from sundry.insight.observatory import actions
    from sundry.simulation import sample_press

    def make(text: str, issued: object = None, name: str = "page.txt") -> uuid.UUID:
        made = actions.import_files(
            actor=Actor(), files=[(name, text.encode())], issued=issued, home=sample_press.home(), then_read=False
        )
        page = actions.next_page(import_id=made)
        assert page is not None
        actions.read_page(page=page, now=NOW)
        return page

    return make


@pytest.fixture
def press(read: Read) -> list[uuid.UUID]:
    """The pages of the sample paper, each with its day of issue; their ids in the order of their days."""
    from sundry.simulation import sample_press

    return [read(page.text, page.issued, f"{page.name}.txt") for page in sample_press.pages()]


@pytest.fixture
def one_page(read: Read) -> uuid.UUID:
    """The first of them alone."""
    from sundry.simulation import sample_press

    page, *_ = sample_press.pages()
    return read(page.text, page.issued, f"{page.name}.txt")


@pytest.fixture
def asked(db: None) -> Asked:
    """asked(Kind.COUNTY) is the browser of somebody of such an office; without a kind, of a person for herself."""
    from django.test import Client

    from sundry.base.access.rules import Position
    from sundry.base.parties.models import Membership, Organisation, Person

    def make(kind: Kind | None = None, language: str = "en") -> Client:
        person = Person.objects.create(name="Li Wen", email=f"{uuid.uuid4().hex}@example.com")
        if kind is not None:
            office = Organisation.objects.create(kind=kind.value, name="Office")
            Membership.objects.create(person=person, organisation=office, position=Position.MEMBER.value)
        client = Client(headers={"host": "localhost"})
        client.force_login(person)
        client.cookies["language"] = language
        client.get("/health")
        return client

    return make


@pytest.fixture
def make_statement() -> Callable[..., StatementView]:
    """make_statement("7.1", "%") as the reader would have it, of no page; other fields by their names."""
    from sundry.engines.reading.figures import base_of
    from sundry.engines.reading.model import BasisSource, Bound, Type
    from sundry.insight.observatory.rules import Standing, StatementView

    def make(value: str | None, unit: str, **fields: Any) -> StatementView:
        number = None if value is None else Decimal(value)
        factor, base_unit = base_of(unit)
        given: dict[str, Any] = {
            "id": uuid.uuid4(), "page": uuid.UUID(int=1), "page_name": "page.txt", "issued": None, "article": 0,
            "spans": ((0, 4),), "quote": f"{value}{unit}", "context": f"{value}{unit}。", "context_start": 0,
            "type": Type.LEVEL, "indicator": "", "indicator_key": "", "subject": "", "region_code": None, "region": "",
            "period": None, "starts_on": None, "ends_on": None, "value": number, "low": None, "high": None,
            "unit": unit, "base_value": None if number is None else number * factor, "base_unit": base_unit,
            "bound": Bound.EQ, "kinds": (), "basis": None, "basis_source": BasisSource.UNKNOWN, "versus": None,
            "confidence": 0.9, "standing": Standing.PUBLISHED, "inherited": {}, "passed": 0, "failed": 0,
            "decimals": 0 if number is None else max(0, -int(number.as_tuple().exponent)),
        }  # fmt: skip
        return StatementView(**(given | fields))

    return make
