"""What the pages of the shop window share: the reader's language, the head for lists and shares, who may.

A page has one address and six languages: the address alone is in the language of whoever asks, `?lang=es` is in that
one. The head says so (hreflang), so that a list of the world shows each reader her own; what is asked besides (a
quantity, a filter) makes no other page, and is not in the canonical address.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext

from sundry.base.access.guard import AccessRefused, actor_of
from sundry.base.access.rules import Decision, Operation, decide
from sundry.goods.catalogue import structured
from sundry.goods.catalogue.rules import LANGUAGES

DESCRIPTION_MAX: Final = 160  # characters that a list shows


@dataclass(frozen=True, slots=True)
class Alternate:
    """The page in another language: its code as HTML names it, the whole address."""

    language: str
    address: str


@dataclass(frozen=True, slots=True)
class Head:
    """`canonical`: the whole address, "" where no list should have the page. `data`: JSON that may stand in HTML."""

    title: str
    description: str
    canonical: str
    alternates: tuple[Alternate, ...]
    image: str
    data: tuple[str, ...]


def language_of_reader() -> str:
    """zh, en, ar, es, fr or ru."""
    language = (get_language() or "en").partition("-")[0]
    return language if language in LANGUAGES else "en"


def may(request: HttpRequest, operation: Operation) -> bool:
    return decide(operation, actor_of(request)) is Decision.ALLOWED


def nothing_there(operation: Operation) -> AccessRefused:
    """There is no such thing, or none that is on show: the answer is the same."""
    return AccessRefused(Decision.NOT_FOUND, operation)


def head(
    request: HttpRequest,
    title: str,
    description: str = "",
    *,
    path: str = "",
    image: str = "",
    data: Sequence[structured.Data] = (),
) -> Head:
    """The head of a page that lists should have. `path`: where the page is at home, else where it was asked for.

    `image`: its path in the market.
    """
    plain = request.build_absolute_uri(path or request.path)
    named = request.GET.get("lang", "")
    codes = language_addresses(plain)
    own = next((address for code, address in codes if code.lower() == get_language() and named), plain)
    return Head(
        title,
        _short(description),
        own,
        (*(Alternate(code, address) for code, address in codes), Alternate("x-default", plain)),
        request.build_absolute_uri(image) if image else "",
        tuple(map(structured.embedded, data)),
    )


def unlisted(title: str, description: str = "") -> Head:
    """The head of a page that no list should have: results of a search, pages of a list after its first."""
    return Head(title, _short(description), "", (), "", ())


def language_addresses(plain: str) -> tuple[tuple[str, str], ...]:
    """(code as HTML names it, whole address) for each language of the market."""
    return tuple((_html_code(code), f"{plain}?lang={code.partition('-')[0]}") for code, _ in settings.LANGUAGES)


def _html_code(code: str) -> str:
    language, _, script = code.partition("-")
    return f"{language}-{script.title()}" if script else language


def _short(text: str) -> str:
    """At most DESCRIPTION_MAX characters in one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= DESCRIPTION_MAX:
        return line
    cut = line[:DESCRIPTION_MAX]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[DESCRIPTION_MAX // 2 :] else cut}…"


def way(request: HttpRequest, steps: Iterable[tuple[str, str]]) -> structured.Data:
    """The way to a page for programs; `steps`: (name, path), without the market itself."""
    whole = [(gettext("Market"), reverse("home")), *steps]
    return structured.breadcrumbs((name, request.build_absolute_uri(path)) for name, path in whole)


def context(head: Head, **more: Any) -> dict[str, Any]:
    """What every template of the shop window is given."""
    return {"head": head, **more}
