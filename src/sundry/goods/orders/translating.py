"""Who translates what people write, where the market has somebody.

A market translates nothing by itself: its words go to nobody. A package beside sundry may bring a translator, by the
entry point group `sundry.translation`, and `SUNDRY_TRANSLATION=on` switches it on (docs/enquiries.md).

    [project.entry-points."sundry.translation"]
    anything = "our_translator:Translator"          # a class, made without arguments

It is asked by a job, never while somebody waits for a page, outside of any transaction; what it fails at is written in
the log, and the reader has the words as they were written, with their terms beside them.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cache
from importlib.metadata import entry_points
from typing import Final, Protocol

from django.conf import settings

from sundry.goods.catalogue.texts import clean
from sundry.goods.orders.enquiry_rules import TEXT_MAX

ENTRY_POINTS: Final = "sundry.translation"
TRANSLATION_MAX: Final = 3 * TEXT_MAX  # characters: Chinese grows when it is translated

log = logging.getLogger("sundry.orders")


class Translator(Protocol):
    """What such a package brings. It may take its time, and may raise whatever it likes."""

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> Sequence[str]:
        """Each text in the language `target`, in the same order; "" for one that it cannot translate. Languages are
        zh, en, ar, es, fr, ru."""
        ...


def is_on() -> bool:
    """Whether this market has somebody who translates."""
    return settings.SUNDRY.translation == "on" and _installed() is not None


def translated(texts: Sequence[str], *, source: str, target: str) -> tuple[str, ...]:
    """Each text in `target`, "" where there is none. Never raises."""
    nothing = ("",) * len(texts)
    if source == target or not texts or not is_on():
        return nothing
    translator = _installed()
    assert translator is not None
    try:
        answer = [str(one or "") for one in translator.translate(texts, source=source, target=target)]
    except Exception:  # somebody else's program: nothing of it may be in the way
        log.exception("the translator failed at %d texts from %s into %s", len(texts), source, target)
        return nothing
    if len(answer) != len(texts):
        log.error("the translator gave %d texts for %d", len(answer), len(texts))
        return nothing
    return tuple(clean(one, lines=True)[:TRANSLATION_MAX] for one in answer)


@cache
def _installed() -> Translator | None:
    for point in entry_points(group=ENTRY_POINTS):
        try:
            made: Translator = point.load()()
        except Exception:
            log.exception("the translator %s cannot be made", point.value)
            continue
        return made
    return None
