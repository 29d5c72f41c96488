"""What a code is called, in the language of the page."""

from __future__ import annotations

from datetime import date

from django.utils import translation

from sundry.base.reference.rules import Entry, Held
from sundry.web.templatetags.reference import called

TOYS: Entry[str] = Entry("x", Held(date(2022, 1, 1), None, ""), {"en": "<Toys>", "zh": "玩具"})


def test_another_language_than_the_pages_is_marked() -> None:
    with translation.override("zh-hans"):
        assert called(TOYS) == "<bdi>玩具</bdi>"
    with translation.override("fr"):
        assert called(TOYS) == '<bdi lang="en">&lt;Toys&gt;</bdi>'
    with translation.override("en"):
        assert called(TOYS) == "<bdi>&lt;Toys&gt;</bdi>"
