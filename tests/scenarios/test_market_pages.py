"""Every page that a visitor, an agent and the operator find by following links, in all six languages.

Each is there, sound for a screen reader and the policy, and says nothing in English to who reads something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from running_market import Page, RunningMarket, Visitor

LANGUAGES = ("zh-hans", "en", "ar", "es", "fr", "ru")
# Words in Latin letters that are the same in every language: names, formats, units, codes, examples to type.
LATIN = re.compile(
    r"Sundry|Excel|English|[Ee]spañol|[Ff]rançais|Enter|Incoterms|https|Parquet|asof|beancount|LibreOffice|OpenDocument|JavaScript|OpenAPI|[Ee]-mail|xls[mx]?|cursor|next|Authorization|"
    r"(?:[A-Z][A-Za-z]+-)+[A-Za-z]+|https?://\S*|\S+@\S+|\S*[/_.=]\S*|[A-Z0-9]+(?:-[A-Z0-9]+)*"
)
FOREIGN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]{4,}")

Accessible = Callable[[str | bytes], None]


@pytest.mark.parametrize("who", ["visitor", "agent", "operator"])
def test_links_lead_to_every_kind_of_page(found: dict[str, dict[str, str]], who: str) -> None:
    wanted = {"ship_containers", "ship_declared_item", "ship_delete", "outbox", "style", "api_reference"}
    if who == "visitor":
        wanted |= {"account_login", "account_signup"}
    else:
        wanted |= {"organisation_invite", "member_change", "account_sessions", "mfa_activate_totp", "token_create"}
        wanted |= {"audit", "device", "organisation_verify"}
    assert wanted <= set(found[who].values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_sound_and_speaks_the_language(
    people: dict[str, Visitor], pages: list[tuple[Visitor, str]], language: str, assert_accessible: Accessible
) -> None:
    for somebody in people.values():
        somebody.speak(language)
    wrong: list[str] = []
    for somebody, path in pages:
        page = somebody.get(path)
        expected = {404} if path == "/nowhere" else {200, 410}  # 410: an invitation of the sample that was accepted
        if page.status not in expected:
            wrong.append(f"{path}: {page.status}")
            continue
        root = page.tree
        if root.get("lang") != language:
            wrong.append(f"{path}: lang={root.get('lang')}")
        try:
            assert_accessible(page.body)
        except AssertionError as fault:
            wrong.append(f"{path}: {fault}")
        wrong += [f"{path}: {text}" for text in untranslated(page, language)]
    assert wrong == []


def untranslated(page: Page, language: str) -> list[str]:
    """What stands on a page in English although there is a translation, or, where the language has a script of its own,
    in Latin letters without being a name or a code."""
    if language == "en":
        return []
    own = catalogue(language)
    said = set(texts(page.tree, language))
    found = {text for text in (*said, *labels(page.tree)) if own.get(text, text) != text}
    if language in ("zh-hans", "ar", "ru"):
        found |= {text for text in said if FOREIGN_WORD.search(LATIN.sub(" ", text))}
    return sorted(text[:100] for text in found if re.search(r"\w", text))


def catalogue(language: str) -> dict[str, str]:
    """What each whole text of a page is in `language`."""
    from django.utils import translation

    with translation.override(language):
        messages = translation.trans_real.catalog()._catalog
    return {text: said for text, said in messages.items() if isinstance(text, str) and text and said}


def texts(root: Any, language: str) -> Iterator[str]:
    """What a page says in its own language: not names and codes, not what is marked as somebody else's language."""
    name = "ancestor::*[self::bdi or self::code or self::kbd or self::pre or self::script or self::samp]"
    marked = f"ancestor::*[@lang][1][@lang!='{language}']"
    of_the_book = "ancestor::*[@dir='auto']"
    of_languages = "ancestor::select[@name='language']"
    spoken = f"not({name}) and not({marked}) and not({of_the_book}) and not({of_languages})"
    yield from (" ".join(str(text).split()) for text in root.xpath(f"//body//text()[normalize-space()][{spoken}]"))


def labels(root: Any) -> Iterator[str]:
    """What only a screen reader says, and the title: names may stand in them."""
    yield from (
        " ".join(str(text).split()) for text in (*root.xpath("//body//@aria-label"), root.findtext("head/title"))
    )


def test_somebody_signs_in_with_the_code_of_the_outbox(market: RunningMarket, assert_accessible: Accessible) -> None:
    """Not the short way of the sample: the address, the message, the code."""
    newcomer = Visitor(market.address, "ru")
    code_page = newcomer.submit(newcomer.get("/account/login/").form("/account/login/"), login="county@market.example")
    assert code_page.path == "/account/login/code/"
    assert_accessible(code_page.body)
    assert untranslated(code_page, "ru") == []
    message = newcomer.get("/outbox/?to=county%40market.example")
    code = re.search(r"\b[0-9]{6}\b", message.words)
    assert code, message.words
    inside = newcomer.submit(code_page.form(field="code"), code=code[0])
    assert inside.status == 200
    assert newcomer.get("/account/me").path == "/account/me"


def test_english_on_a_chinese_page_would_be_found(visitor: Callable[..., Visitor]) -> None:
    english = visitor("en").get("/ship/")
    body = english.body.replace(b'lang="en"', b'lang="zh-hans"', 1)
    found = untranslated(Page(english.status, english.address, english.headers, body), "zh-hans")
    assert "Ship an order book" in found
    assert len(found) > 20


def test_the_languages_are_those_of_the_settings() -> None:
    assert tuple(code for code, _ in settings.LANGUAGES) == LANGUAGES
