"""A market with a hall, stalls and people, made by the very actions."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from sundry.base.access.rules import PERSON, Actor, Kind, Position, role_of
from sundry.base.parties import actions as parties
from sundry.base.parties import queries as people
from sundry.base.parties.rules import Address
from sundry.goods.catalogue import actions, actions_stalls, paper_files, pictures, queries, queries_stalls
from sundry.goods.catalogue.rules import Draft, GoodView, Hall, NewStall, Place, StallView, State, Step

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CUP: Mapping[str, Any] = {"names": {"zh": "牙刷杯"}, "ladder": (Step(120, 320), Step(1200, 285))}


class Bazaar:
    """holder("Li") has a stall of her own, `stall_of` names it; `operator` decides. add(holder) makes a good."""

    now = NOON

    def __init__(self) -> None:
        self.count = itertools.count(1)
        self.operator = self._founder("Wu", Kind.OPERATOR)
        actions_stalls.register_halls(actor=self.operator, halls=[Hall("1", {"zh": "一区"}, {})], now=NOON)
        self.stalls: dict[uuid.UUID, uuid.UUID] = {}

    def person(self, name: str = "Li") -> uuid.UUID:
        address = Address(f"{name.lower()}{next(self.count)}@market.example", None)
        return parties.register_person(actor=Actor(), address=address, name=name, language="en", proven_at=NOON)

    def _founder(self, name: str, kind: Kind) -> Actor:
        person = self.person(name)
        if kind is Kind.OPERATOR:
            parties.found_operator(actor=Actor(), name=name, administrator=person)
        else:
            parties.register_organisation(
                actor=Actor(role=PERSON, person=person), kind=kind, name=name, administrator=person
            )
        (capacity,) = people.capacities(person)
        role = role_of(capacity.kind, Position.ADMINISTRATOR)
        return Actor(role=role, person=person, organisation=capacity.organisation)

    def booth(self) -> uuid.UUID:
        """A stall that nobody has claimed."""
        place = Place("1", 2, "C", str(1200 + next(self.count)))
        (stall,) = actions_stalls.register_stalls(
            actor=self.operator, stalls=[NewStall(place, {"zh": "日用百货"})], now=NOON
        )
        return stall

    def holder(self, name: str = "Li", *, trusted: bool = False) -> Actor:
        holder, stall = self._founder(name, Kind.STALL), self.booth()
        assert holder.organisation is not None
        actions_stalls.claim(actor=self.operator, stall=stall, organisation=holder.organisation, now=NOON)
        if trusted:
            actions_stalls.trust(actor=self.operator, stall=stall, trusted=True, now=NOON)
        self.stalls[holder.organisation] = stall
        return holder

    def buyer(self) -> Actor:
        return self._founder("Amina", Kind.BUYER)

    def stall_of(self, holder: Actor) -> uuid.UUID:
        assert holder.organisation is not None
        return self.stalls[holder.organisation]

    def stall(self, holder: Actor) -> StallView:
        found = queries_stalls.stall(self.stall_of(holder))
        assert found is not None
        return found

    def add(self, holder: Actor, *, submit: bool = False, **fields: Any) -> int:
        draft = Draft(**{**CUP, **fields})
        return actions.add_good(actor=holder, stall=self.stall_of(holder), draft=draft, submit=submit, now=NOON)

    def good(self, number: int) -> GoodView:
        found = queries.good(number)
        assert found is not None
        return found

    def state(self, number: int) -> State:
        return self.good(number).card.state


@pytest.fixture(scope="session")
def make_bazaar() -> type[Bazaar]:
    """For whoever makes a market for a whole file of tests."""
    return Bazaar


@pytest.fixture
def bazaar(db: None) -> Bazaar:
    return Bazaar()


@pytest.fixture
def enter(tmp_path: Path, settings: Any) -> Callable[..., Any]:
    """enter(actor, "ar") is her browser; what it keeps of files goes when the test ends."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    settings.FILES_DIR = tmp_path

    def sign_in(actor: Actor, language: str = "en", **options: Any) -> Any:
        made = Client(**options)
        made.force_login(get_user_model().objects.get(pk=actor.person))
        made.cookies["language"] = language
        return made

    return sign_in


@pytest.fixture
def photo(tmp_path: Path, settings: Any) -> Callable[[str], str]:
    """photo("red") keeps a picture of one colour and says its file."""
    settings.FILES_DIR = tmp_path

    def keep(colour: str) -> str:
        out = BytesIO()
        Image.new("RGB", (64, 48), colour).save(out, "PNG")
        return pictures.keep(out.getvalue()).file

    return keep


@pytest.fixture
def paper(bazaar: Bazaar, photo: Callable[[str], str]) -> Callable[[Actor, str], uuid.UUID]:
    """paper(holder, "Acme") hands in a paper for a brand that holds for a year."""

    def hand_in(holder: Actor, brand: str) -> uuid.UUID:
        return actions_stalls.submit_paper(
            actor=holder,
            stall=bazaar.stall_of(holder),
            brand=brand,
            file=paper_files.keep(b"%PDF-1.7 authorisation"),
            valid_from=NOON.date(),
            valid_until=NOON.date() + timedelta(days=365),
            now=NOON,
        )

    return hand_in
