"""What buyers ask for, and words that nothing was found for."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from sundry.base.access.models import AuditEntry
from sundry.base.access.rules import Actor
from sundry.engines.searching.lexicon import ExtraForm
from sundry.goods.catalogue import actions_wanted, queries_stalls
from sundry.goods.catalogue.errors import NotNow, NotThere
from sundry.goods.catalogue.models import LexiconForm, SearchMiss, Wanted
from sundry.goods.catalogue.rules import MissState


def test_what_is_wanted_is_asked_and_closed(bazaar: Any) -> None:
    amina, other = bazaar.buyer(), bazaar.buyer()
    made = actions_wanted.ask_wanted(
        actor=amina, text=" رمادي\u202e كوب ", language="ar", quantity=500, category="nonsense", now=bazaar.now
    )
    (wanted,) = queries_stalls.wanted()
    assert (wanted.id, wanted.text, wanted.quantity, wanted.category) == (made, "رمادي كوب", 500, "")
    assert (wanted.person, wanted.organisation) == (amina.person, amina.organisation)
    for actor in (other, Actor()):
        with pytest.raises(NotThere):
            actions_wanted.close_wanted(actor=actor, wanted=made, now=bazaar.now)
    actions_wanted.close_wanted(actor=amina, wanted=made, now=bazaar.now)
    assert queries_stalls.wanted() == ()
    assert [one.is_open for one in queries_stalls.wanted_of(amina.person)] == [False]
    assert queries_stalls.one_wanted(made).is_open is False
    with pytest.raises(NotThere):
        actions_wanted.close_wanted(actor=amina, wanted=made, now=bazaar.now)


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"text": "\u200b"}, "catalogue_wanted_empty"),
        ({"actor": Actor()}, "catalogue_wanted_empty"),
        ({"language": "de"}, "catalogue_wanted_empty"),
        ({"text": "x" * 501}, "catalogue_wanted_too_long"),
        ({"quantity": 0}, "catalogue_wanted_quantity_impossible"),
        ({"quantity": 10**9}, "catalogue_wanted_quantity_impossible"),
    ],
)
def test_what_cannot_be_asked(bazaar: Any, fields: dict[str, Any], rule: str) -> None:
    usual = {"actor": bazaar.buyer(), "text": "cup", "language": "en", "now": bazaar.now}
    with pytest.raises(NotNow) as refused:
        actions_wanted.ask_wanted(**(usual | fields))
    assert refused.value.rule == rule
    assert not Wanted.objects.exists()


def test_nobody_floods_the_stalls(bazaar: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions_wanted, "OPEN_MAX", 2)
    amina = bazaar.buyer()

    def ask() -> uuid.UUID:
        return actions_wanted.ask_wanted(actor=amina, text="cup", language="en", now=bazaar.now)

    first, _ = ask(), ask()
    with pytest.raises(NotNow, match="open already"):
        ask()
    actions_wanted.close_wanted(actor=amina, wanted=first, now=bazaar.now)
    ask()


def miss(bazaar: Any, text: str, language: str = "es", days: int = 0) -> None:
    actions_wanted.count_miss(language=language, text=text, now=bazaar.now + timedelta(days=days))


def test_misses_are_counted_together(bazaar: Any) -> None:
    with CaptureQueriesContext(connection) as asked:
        miss(bazaar, " Taza\u200b  AZUL ")
    assert len(asked) == 1
    miss(bazaar, "taza azul", days=1)
    miss(bazaar, "taza azul", days=-1)
    miss(bazaar, "taza azul", "fr")
    for nothing in ("", "x" * 81):
        miss(bazaar, nothing)
    miss(bazaar, "taza", "de")
    first, second = queries_stalls.misses()
    assert (first.text, first.language, first.searches) == ("taza azul", "es", 3)
    assert first.last_at == bazaar.now + timedelta(days=1)
    assert (second.language, second.searches) == ("fr", 1)


def test_what_nobody_asked_for_again_is_forgotten(bazaar: Any) -> None:
    for text, days in (("once", -61), ("lately", -59), ("twice", -61), ("twice", -61), ("known", -61)):
        miss(bazaar, text, days=days)
    SearchMiss.objects.filter(text="known").update(state=MissState.IGNORED.value)
    assert actions_wanted.forget_misses(now=bazaar.now) == 1
    assert set(SearchMiss.objects.values_list("text", flat=True)) == {"lately", "twice", "known"}


def test_of_very_many_words_that_a_program_typed_the_latest_are_kept(
    bazaar: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions_wanted, "MISSES_KEPT_MAX", 2)
    for minutes, text in enumerate(("first", "second", "third", "fourth")):
        actions_wanted.count_miss(language="en", text=text, now=bazaar.now + timedelta(minutes=minutes))
    actions_wanted.count_miss(language="en", text="first", now=bazaar.now)
    assert actions_wanted.forget_misses(now=bazaar.now) == 1
    assert set(SearchMiss.objects.values_list("text", flat=True)) == {"first", "third", "fourth"}
    assert actions_wanted.forget_misses(now=bazaar.now) == 0


def test_the_operator_says_what_words_mean(bazaar: Any) -> None:
    miss(bazaar, "tacita")
    (open_one,) = queries_stalls.misses()
    given = {"actor": bazaar.operator, "miss": open_one.id, "now": bazaar.now}
    with pytest.raises(NotThere, match="nearest is"):
        actions_wanted.decide_miss(concept="toothbrush_cupp", **given)
    assert not LexiconForm.objects.exists()
    assert queries_stalls.misses() == (open_one,)
    actions_wanted.decide_miss(concept="toothbrush_cup", **given)
    assert queries_stalls.forms() == (ExtraForm("toothbrush_cup", "es", "tacita"),)
    assert queries_stalls.misses() == ()
    actions_wanted.decide_miss(concept=None, **given)  # said anew: it is nothing
    assert queries_stalls.forms() == ()
    assert SearchMiss.objects.get().state == MissState.IGNORED
    with pytest.raises(NotThere):
        actions_wanted.decide_miss(actor=bazaar.operator, miss=uuid.uuid4(), concept=None, now=bazaar.now)
    told = AuditEntry.objects.filter(operation="catalogue.miss.decide").order_by("id")
    assert [entry.details["concept"] for entry in told] == ["toothbrush_cup", ""]


@pytest.mark.django_db(transaction=True)
def test_words_that_many_look_for_at_once_are_all_counted(bazaar: Any) -> None:
    def count(_turn: int) -> None:
        try:
            miss(bazaar, "taza")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(count, range(20)))
    assert SearchMiss.objects.get().searches == 20
