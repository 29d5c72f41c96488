"""A market translates nothing by itself; what another's program fails at is in nobody's way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from sundry.goods.orders import translating


class Backwards:
    def translate(self, texts: Sequence[str], *, source: str, target: str) -> Sequence[str]:
        return [f"{target}: {text[::-1]}\u202e" for text in texts]


class Breaks:
    def translate(self, texts: Sequence[str], *, source: str, target: str) -> Sequence[str]:
        raise ConnectionError("the network is down")


class Forgets:
    def translate(self, texts: Sequence[str], *, source: str, target: str) -> Sequence[str]:
        return texts[1:]


class CannotBeMade:
    def __init__(self) -> None:
        raise RuntimeError("no key")


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Any]:
    def installed(*classes: type, on: str = "on") -> None:
        group = translating.ENTRY_POINTS
        points = [EntryPoint(one.__name__, f"{__name__}:{one.__name__}", group) for one in classes]
        monkeypatch.setattr(EntryPoint, "load", lambda point: globals()[point.name])
        monkeypatch.setattr(translating, "entry_points", lambda group: points)
        settings.SUNDRY = replace(settings.SUNDRY, translation=on)
        translating._installed.cache_clear()

    yield installed
    translating._installed.cache_clear()


def translated(*texts: str, source: str = "zh", target: str = "es") -> tuple[str, ...]:
    return translating.translated(texts, source=source, target=target)


def test_it_is_off_until_somebody_switches_it_on(install: Any) -> None:
    assert not translating.is_on()
    install(Backwards, on="off")
    assert not translating.is_on()
    assert translated("好") == ("",)
    install(on="on")
    assert not translating.is_on()
    assert translated("好") == ("",)


def test_each_text_is_translated_in_its_place_and_cleaned(install: Any) -> None:
    install(Backwards)
    assert translating.is_on()
    assert translated("好的", "谢谢") == ("es: 的好", "es: 谢谢")
    assert translated("好的", source="es") == ("",)
    assert translated() == ()


@pytest.mark.parametrize("translator", [Breaks, Forgets, CannotBeMade])
def test_one_that_fails_is_in_nobodys_way(install: Any, translator: type, caplog: pytest.LogCaptureFixture) -> None:
    install(translator)
    assert translated("好的", "谢谢") == ("", "")
    assert caplog.records


def test_one_that_cannot_be_made_leaves_room_for_the_next(install: Any) -> None:
    install(CannotBeMade, Backwards)
    assert translated("好的") == ("es: 的好",)
