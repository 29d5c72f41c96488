"""What goods and their lists are called, in the reader's language.

    {% load catalogue %}  {{ offer.name|told }}  {{ choice|choice_text }}  {{ cover|photo:480 }}  {{ place|place_text }}

A text in another language than the page says so (`lang`), so that it is spoken and drawn rightly.
"""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, gettext, ngettext, pgettext

from sundry.engines.searching.model import Facet, Sort
from sundry.goods.catalogue import categories, pictures, words
from sundry.goods.catalogue.facets import Choice
from sundry.goods.catalogue.rules import CURRENCY, PHOTO_WIDTHS, Place, Told
from sundry.web import formatting
from sundry.web.templatetags.sundry import page_language

register = template.Library()

_HTML: Final = {"zh": "zh-hans"}


@register.filter
def unit_of_good(unit: str) -> str:
    """What one of a good is called; one that we do not know as its stall wrote it."""
    return str(words.UNIT_WORDS.get(unit, unit))


@register.filter
def told(text: Told) -> SafeString:
    """A name, whose language is said where it is not that of the page."""
    language = text.language
    if not language or language == page_language():
        return format_html('<bdi class="text">{}</bdi>', text.text)
    return format_html('<bdi class="text" lang="{}">{}</bdi>', _HTML.get(language, language), text.text)


@register.filter
def paragraphs(text: Told) -> SafeString:
    """A description: each line a paragraph, in its own language and direction."""
    language = text.language
    other = f' lang="{_HTML.get(language, language)}"' if language and language != page_language() else ""
    lines = (line for line in text.text.splitlines() if line.strip())
    return SafeString("".join(f'<p{other} dir="auto">{escape(line)}</p>' for line in lines))


@register.filter
def language_name(language: str) -> str:
    """What a language calls itself; "" for none."""
    return str(get_language_info(_HTML.get(language, language))["name_local"]) if language else ""


@register.filter
def photo(file: str, width: int) -> str:
    return pictures.address(file, width)


@register.filter
def photo_set(file: str) -> str:
    """Its widths, for the browser to choose from."""
    return ", ".join(f"{pictures.address(file, width)} {width}w" for width in PHOTO_WIDTHS)


@register.filter
def category_name(key: str) -> str:
    """What a category is called; a key that is none stands as it is."""
    return categories.name(key, page_language()) if key in categories.tree() else key


@register.filter
def facet_name(facet: Facet) -> str:
    return str(words.FACETS[facet])


@register.filter
def sort_name(sort: str) -> str:
    return str(words.SORTS[Sort(sort)])


@register.filter
def choice_text(choice: Choice) -> SafeString:
    """What a choice of a facet means."""
    match choice.facet:
        case Facet.CATEGORY:
            return SafeString(escape(category_name(choice.key)))
        case Facet.AREA:
            return SafeString(escape(area_text(choice.key)))
        case Facet.PRICE:
            return _range(choice.low, choice.high)
        case Facet.MINIMUM:
            most = choice.high or 0
            said = ngettext("At most %(count)s piece", "At most %(count)s pieces", most)
            return SafeString(escape(said % {"count": formatting.number(most, page_language())}))
        case Facet.READY:
            return SafeString(escape(pgettext("supply of a good", "Ready now")))


def _range(low: int | None, high: int | None) -> SafeString:
    """A range of prices, whose ends are both in it."""
    first, last = (None if end is None else _price(end) for end in (low, high))
    if first is None and last is None:
        return SafeString(escape(gettext("Any price")))
    if first is None:
        return _said(gettext("Up to %(price)s"), price=last)
    if last is None:
        return _said(gettext("From %(price)s"), price=first)
    return _said(gettext("%(low)s to %(high)s"), low=first, high=last)


def _price(price_minor: int) -> SafeString:
    text = formatting.money(price_minor, CURRENCY, page_language())
    return format_html('<bdi class="money" dir="ltr">{}</bdi>', text)


def _said(sentence: str, **values: SafeString | None) -> SafeString:
    """A translated sentence with markup in its blanks."""
    return mark_safe(escape(sentence) % values)


@register.filter
def area_text(area: str) -> str:
    """ "1-F2" as a reader says it: hall 1, floor 2."""
    hall, separator, floor = area.rpartition("-F")
    if not separator:
        return area
    return gettext("Hall %(hall)s, floor %(floor)s") % {"hall": hall, "floor": floor}


@register.filter
def place_text(place: Place) -> str:
    """Where a stall stands, in words."""
    return gettext("Hall %(hall)s, floor %(floor)s, street %(street)s, booth %(booth)s") % {
        "hall": place.hall,
        "floor": place.floor,
        "street": place.street,
        "booth": place.booth,
    }
