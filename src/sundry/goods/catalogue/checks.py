"""What is wrong with a good as its stall wrote it.

Problem: a stall holder fills in a third of a form between two customers, and types 28.5 for 2.85. What is missing must
not stop her from keeping what she has; what cannot be must not reach a buyer.

Therefore a draft may be nearly empty, and what is written is looked at as it stands. Before it goes on show, a name or
a photo, a price and with it a smallest order must be there. Each finding names its field in `header`, as "names.en",
"ladder.1.price_minor" (steps, variants from 0), "carton.gross_g", and the value as it was written.

Worked case: 3.20 yuan from 120 pieces, 28.50 from 1,200: an error at "ladder.1.price_minor", for whoever takes more
never pays more for each. A carton of 60 x 40 x 40 cm that weighs 1 kg: a warning, 10 kg in a cubic metre is air.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from sundry.goods.catalogue.categories import tree
from sundry.goods.catalogue.checks_figures import Limits, beyond, money, of_carton, of_ladder, of_supply, shown
from sundry.goods.catalogue.rules import (
    DESCRIPTION_MAX,
    ITEM_NUMBER_MAX,
    LANGUAGES,
    NAME_MAX,
    PRICE_MINOR_MAX,
    QUANTITY_MAX,
    VARIANTS_MAX,
    Draft,
    MixedBatch,
    Variant,
    fold_brand,
)
from sundry.goods.catalogue.texts import clean, hides
from sundry.kernel.findings import Finding, Severity, error, note, warning
from sundry.kernel.tariff_codes import TariffCodes

BRAND_MAX: Final = 80
CATEGORY_MAX: Final = 60
UNITS: Final = (
    *("piece", "pair", "set", "dozen", "pack", "box", "bag", "card", "roll", "bundle"),
    *("metre", "square_metre", "kilogram", "gram", "litre"),
)
"""What one of a good is called."""


def cleaned(draft: Draft) -> Draft:
    """The draft as it is kept: its texts without what cannot be seen, empty ones left out."""
    return replace(
        draft,
        names=_cleaned(draft.names),
        descriptions=_cleaned(draft.descriptions, lines=True),
        item_number=clean(draft.item_number),
        hs_code="".join(draft.hs_code.replace(".", "").split()),
        brand=clean(draft.brand),
        variants=tuple(
            replace(one, names=_cleaned(one.names), item_number=clean(one.item_number)) for one in draft.variants
        ),
    )


def _cleaned(texts: Mapping[str, str], *, lines: bool = False) -> dict[str, str]:
    kept = {language: clean(text, lines=lines) for language, text in texts.items()}
    return {language: text for language, text in kept.items() if text}


def findings(
    draft: Draft,
    *,
    for_show: bool,
    day: date,
    codes: TariffCodes | None = None,
    photos: int = 0,
    brands: Collection[str] | None = None,
) -> tuple[Finding, ...]:
    """What is wrong with a draft, errors first; those alone keep it from being written.

    `for_show`: what a buyer needs must be there. `day`: whose limits and tariff hold. `photos`: how many it has.
    `brands`: those, folded, that the stall has an accepted paper for; None: nobody asks.
    """
    limits = Limits.at(day)
    tidy = cleaned(draft)
    found = [
        *_texts(draft),
        *_category(tidy),
        *_unit(tidy),
        *of_ladder(tidy.ladder),
        *of_carton(tidy.carton, limits),
        *_code(tidy, codes or TariffCodes.at(day)),
        *of_supply(tidy, limits),
        *_variants(tidy),
        *_brand(tidy, brands),
        *(_missing(tidy, photos) if for_show else ()),
    ]
    return tuple(sorted(found, key=lambda finding: list(Severity).index(finding.severity)))


def errors(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in found if finding.severity is Severity.ERROR)


@lru_cache(maxsize=1_000)  # a sheet has the same mistake in each row
def nearest(key: str) -> str:
    """The category that is written most like `key`, in any language; "" where nothing is like it."""
    by_text = {category.casefold(): category for category in tree()}
    for category in tree().values():
        for name in category.names.values():
            by_text.setdefault(name.casefold(), category.key)
    like = get_close_matches(key.casefold(), by_text, n=1, cutoff=0.5)
    return by_text[like[0]] if like else ""


def _texts(draft: Draft) -> Iterator[Finding]:
    if draft.language not in LANGUAGES:
        yield _unknown_language("language", draft.language)
    for place, texts, most in (("names", draft.names, NAME_MAX), ("descriptions", draft.descriptions, DESCRIPTION_MAX)):
        for language, text in texts.items():
            yield from _text(f"{place}.{language}", text, most, lines=place == "descriptions")
            if language not in LANGUAGES:
                yield _unknown_language(f"{place}.{shown(language)}", language)
    yield from _text("item_number", draft.item_number, ITEM_NUMBER_MAX)
    yield from _text("brand", draft.brand, BRAND_MAX)


def _text(field: str, text: str, most: int, *, lines: bool = False) -> Iterator[Finding]:
    kept = clean(text, lines=lines)
    if len(kept) > most:
        yield error(
            "catalogue_text_too_long", header=field, value=shown(kept), details={"count": len(kept), "most": most}
        )
    if hides(text):
        yield note("catalogue_text_cleaned", header=field, value=shown(kept))


def _unknown_language(field: str, language: str) -> Finding:
    return error(
        "catalogue_language_unknown", header=field, value=shown(language), details={"known": ", ".join(LANGUAGES)}
    )


def _category(draft: Draft) -> Iterator[Finding]:
    if draft.category and draft.category not in tree():
        value = shown(clean(draft.category))
        if like := nearest(draft.category[:CATEGORY_MAX]):
            yield error("catalogue_category_unknown", header="category", value=value, details={"nearest": like})
        else:
            yield error("catalogue_category_unlike_any", header="category", value=value)


def _unit(draft: Draft) -> Iterator[Finding]:
    if draft.unit not in UNITS:
        known = {"known": ", ".join(UNITS)}
        yield error("catalogue_unit_unknown", header="unit", value=shown(clean(draft.unit)), details=known)


def _code(draft: Draft, codes: TariffCodes) -> Iterator[Finding]:
    if draft.hs_code and not codes.is_code(draft.hs_code):
        yield error("catalogue_code_impossible", header="hs_code", value=shown(clean(draft.hs_code)))


def _variants(draft: Draft) -> Iterator[Finding]:
    if len(draft.variants) > VARIANTS_MAX:
        counts = {"count": len(draft.variants), "most": VARIANTS_MAX}
        yield error("catalogue_too_many_variants", header="variants", value=str(len(draft.variants)), details=counts)
    seen: dict[tuple[str, str], int] = {}
    lowest = min((step.price_minor for step in draft.ladder), default=None)
    for index, variant in enumerate(draft.variants):
        place = f"variants.{index}"
        yield from _variant(variant, place, lowest)
        for language, name in variant.names.items():
            if seen.setdefault((language, name.casefold()), index) != index:
                yield error("catalogue_variants_alike", header=f"{place}.names.{language}", value=shown(name))


def _variant(variant: Variant, place: str, lowest_minor: int | None) -> Iterator[Finding]:
    if not variant.names and not variant.item_number:
        yield error("catalogue_variant_unnamed", header=place)
    for language, name in variant.names.items():
        yield from _text(f"{place}.names.{language}", name, NAME_MAX)
        if language not in LANGUAGES:
            yield _unknown_language(f"{place}.names.{shown(language)}", language)
    yield from _text(f"{place}.item_number", variant.item_number, ITEM_NUMBER_MAX)
    if variant.stock_pieces is not None and not 0 <= variant.stock_pieces <= QUANTITY_MAX:
        yield beyond("catalogue_stock_impossible", f"{place}.stock_pieces", variant.stock_pieces, QUANTITY_MAX)
    if abs(variant.difference_minor) > PRICE_MINOR_MAX or (
        lowest_minor is not None and lowest_minor + variant.difference_minor < 1
    ):
        yield error(
            "catalogue_difference_impossible",
            header=f"{place}.difference_minor",
            value=money(variant.difference_minor),
            details={"price": money(lowest_minor or 0)},
        )


def _brand(draft: Draft, brands: Collection[str] | None) -> Iterator[Finding]:
    if draft.brand and brands is not None and fold_brand(draft.brand) not in brands:
        yield warning("catalogue_brand_needs_paper", header="brand", value=shown(draft.brand))


def _missing(draft: Draft, photos: int) -> Iterator[Finding]:
    if not draft.names and not photos:
        yield error("catalogue_needs_name_or_photo", header=f"names.{draft.language}")
    if not draft.ladder:
        yield error("catalogue_needs_price", header="ladder")


def stall_errors(
    *, names: Mapping[str, str], about: Mapping[str, str], mixed_batch: MixedBatch, language: str
) -> tuple[Finding, ...]:
    """What is wrong with what a stall says of itself; its fields: "names.en", "about.en", "mixed_batch.pieces" ..."""
    return tuple(
        finding for finding in _stall(names, about, mixed_batch, language) if finding.severity is Severity.ERROR
    )


def _stall(
    names: Mapping[str, str], about: Mapping[str, str], mixed_batch: MixedBatch, language: str
) -> Iterator[Finding]:
    yield from _texts(Draft(language=language, names=names))
    for of, text in about.items():
        yield from _text(f"about.{of}", text, DESCRIPTION_MAX, lines=True)
        if of not in LANGUAGES:
            yield _unknown_language(f"about.{shown(of)}", of)
    if mixed_batch.amount_minor is not None and not 1 <= mixed_batch.amount_minor <= PRICE_MINOR_MAX:
        yield error(
            "catalogue_price_impossible",
            header="mixed_batch.amount_minor",
            value=money(mixed_batch.amount_minor),
            details={"most": money(PRICE_MINOR_MAX)},
        )
    if mixed_batch.pieces is not None and not 1 <= mixed_batch.pieces <= QUANTITY_MAX:
        yield beyond("catalogue_quantity_impossible", "mixed_batch.pieces", mixed_batch.pieces, QUANTITY_MAX)
