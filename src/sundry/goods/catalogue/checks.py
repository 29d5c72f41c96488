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
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from typing import Final

from sundry.goods.catalogue.categories import tree
from sundry.goods.catalogue.rules import (
    DESCRIPTION_MAX,
    ITEM_NUMBER_MAX,
    LANGUAGES,
    NAME_MAX,
    PRICE_MINOR_MAX,
    QUANTITY_MAX,
    STEPS_MAX,
    VARIANTS_MAX,
    Carton,
    Category,
    Draft,
    Ladder,
    MixedBatch,
    Supply,
    Variant,
    fold_brand,
)
from sundry.goods.catalogue.texts import clean, hides
from sundry.kernel.findings import Finding, Severity, error, note, warning
from sundry.kernel.parameters import parameters
from sundry.kernel.tariff_codes import TariffCodes

BRAND_MAX: Final = 80
UNITS: Final = (
    *("piece", "pair", "set", "dozen", "pack", "box", "bag", "card", "roll", "bundle"),
    *("metre", "square_metre", "kilogram", "gram", "litre"),
)
"""What one of a good is called."""

_SHOWN_MAX: Final = 60  # characters of a value in a message


@dataclass(frozen=True, slots=True)
class Limits:
    """What a carton and a delivery can be on a day."""

    density_min_kg_m3: int
    density_max_kg_m3: int
    side_max_mm: int
    weight_max_g: int
    carton_pieces_max: int
    piece_weight_min_mg: int
    lead_time_days_max: int

    @classmethod
    def at(cls, day: date) -> Limits:
        known = parameters("catalogue").at(day)
        return cls(
            density_min_kg_m3=known.whole("carton.density_min_kg_m3"),
            density_max_kg_m3=known.whole("carton.density_max_kg_m3"),
            side_max_mm=known.whole("carton.side_max_mm"),
            weight_max_g=known.whole("carton.weight_max_g"),
            carton_pieces_max=known.whole("carton.pieces_max"),
            piece_weight_min_mg=known.whole("carton.piece_weight_min_mg"),
            lead_time_days_max=known.whole("supply.lead_time_days_max"),
        )


def cleaned(draft: Draft) -> Draft:
    """The draft as it is kept: its texts without what cannot be seen, empty ones left out, variants without any too."""
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
    categories: Mapping[str, Category] | None = None,
) -> tuple[Finding, ...]:
    """What is wrong with a draft, errors first; those alone keep it from being written.

    `for_show`: what a buyer needs must be there. `day`: whose limits and tariff hold. `photos`: how many it has.
    `brands`: those, folded, that the stall has an accepted paper for; None: nobody asks. `categories`: else the tree.
    """
    limits = Limits.at(day)
    tidy = cleaned(draft)
    found = [
        *_texts(draft),
        *_category(tidy, tree() if categories is None else categories),
        *_unit(tidy),
        *_ladder(tidy.ladder),
        *_carton(tidy.carton, limits),
        *_code(tidy, codes or TariffCodes.at(day)),
        *_supply(tidy, limits),
        *_variants(tidy),
        *_brand(tidy, brands),
        *(_missing(tidy, photos) if for_show else ()),
    ]
    return tuple(sorted(found, key=lambda finding: list(Severity).index(finding.severity)))


def errors(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in found if finding.severity is Severity.ERROR)


def nearest(key: str, categories: Mapping[str, Category]) -> str:
    """The category that is written most like `key`, in any language; "" where nothing is like it."""
    by_text = {category.key.casefold(): category.key for category in categories.values()}
    for category in categories.values():
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
                yield _unknown_language(f"{place}.{_shown(language)}", language)
    yield from _text("item_number", draft.item_number, ITEM_NUMBER_MAX)
    yield from _text("brand", draft.brand, BRAND_MAX)


def _text(field: str, text: str, most: int, *, lines: bool = False) -> Iterator[Finding]:
    kept = clean(text, lines=lines)
    if len(kept) > most:
        yield error(
            "catalogue_text_too_long", header=field, value=_shown(kept), details={"count": len(kept), "most": most}
        )
    if hides(text):
        yield note("catalogue_text_cleaned", header=field, value=_shown(kept))


def _unknown_language(field: str, language: str) -> Finding:
    return error(
        "catalogue_language_unknown", header=field, value=_shown(language), details={"known": ", ".join(LANGUAGES)}
    )


def _category(draft: Draft, categories: Mapping[str, Category]) -> Iterator[Finding]:
    if draft.category and draft.category not in categories:
        value = _shown(clean(draft.category))
        if like := nearest(draft.category, categories):
            yield error("catalogue_category_unknown", header="category", value=value, details={"nearest": like})
        else:
            yield error("catalogue_category_unlike_any", header="category", value=value)


def _unit(draft: Draft) -> Iterator[Finding]:
    if draft.unit not in UNITS:
        known = {"known": ", ".join(UNITS)}
        yield error("catalogue_unit_unknown", header="unit", value=_shown(clean(draft.unit)), details=known)


def _ladder(ladder: Ladder) -> Iterator[Finding]:
    if len(ladder) > STEPS_MAX:
        counts = {"count": len(ladder), "most": STEPS_MAX}
        yield error("catalogue_ladder_too_long", header="ladder", value=str(len(ladder)), details=counts)
    for index, step in enumerate(ladder):
        if not 1 <= step.quantity <= QUANTITY_MAX:
            yield _beyond("catalogue_quantity_impossible", f"ladder.{index}.quantity", step.quantity, QUANTITY_MAX)
        if not 1 <= step.price_minor <= PRICE_MINOR_MAX:
            yield error(
                "catalogue_price_impossible",
                header=f"ladder.{index}.price_minor",
                value=_money(step.price_minor),
                details={"most": _money(PRICE_MINOR_MAX)},
            )
    for index, (before, step) in enumerate(pairwise(ladder), start=1):
        if step.quantity <= before.quantity:
            yield error(
                "catalogue_ladder_does_not_rise",
                header=f"ladder.{index}.quantity",
                value=str(step.quantity),
                details={"before": before.quantity},
            )
        if step.price_minor > before.price_minor:
            yield error(
                "catalogue_ladder_price_rises",
                header=f"ladder.{index}.price_minor",
                value=_money(step.price_minor),
                details={"before": _money(before.price_minor), "quantity": step.quantity},
            )


def _carton(carton: Carton, limits: Limits) -> Iterator[Finding]:
    sides = ("length_mm", "width_mm", "height_mm")
    for rule, names, most in (
        ("catalogue_carton_pieces_impossible", ("pieces",), limits.carton_pieces_max),
        ("catalogue_carton_side_impossible", sides, limits.side_max_mm),
        ("catalogue_carton_weight_impossible", ("gross_g", "net_g"), limits.weight_max_g),
    ):
        for name in names:
            value: int | None = getattr(carton, name)
            if value is not None and not 1 <= value <= most:
                yield _beyond(rule, f"carton.{name}", value, most)
    if carton.net_g is not None and carton.gross_g is not None and carton.net_g > carton.gross_g:
        weights = {"gross_g": carton.gross_g}
        yield error("catalogue_net_above_gross", header="carton.net_g", value=str(carton.net_g), details=weights)
    yield from _density(carton, limits)
    yield from _piece_weight(carton, limits)


def _density(carton: Carton, limits: Limits) -> Iterator[Finding]:
    if carton.gross_g is None or carton.volume_mm3 is None or carton.gross_g <= 0 or carton.volume_mm3 <= 0:
        return
    density_kg_m3 = carton.gross_g * 1_000_000 // carton.volume_mm3
    if not limits.density_min_kg_m3 <= density_kg_m3 <= limits.density_max_kg_m3:
        yield warning(
            "catalogue_carton_density",
            header="carton.gross_g",
            value=str(carton.gross_g),
            details={
                "density": density_kg_m3,
                "least": limits.density_min_kg_m3,
                "most": limits.density_max_kg_m3,
            },
        )


def _piece_weight(carton: Carton, limits: Limits) -> Iterator[Finding]:
    weight_g = carton.net_g or carton.gross_g
    if carton.pieces is None or weight_g is None or carton.pieces <= 0 or weight_g <= 0:
        return
    if weight_g * 1_000 < carton.pieces * limits.piece_weight_min_mg:
        weights = {"weight_g": weight_g, "least": limits.piece_weight_min_mg}
        yield warning(
            "catalogue_carton_pieces_too_light", header="carton.pieces", value=str(carton.pieces), details=weights
        )


def _code(draft: Draft, codes: TariffCodes) -> Iterator[Finding]:
    if draft.hs_code and not codes.is_code(draft.hs_code):
        yield error("catalogue_code_impossible", header="hs_code", value=_shown(clean(draft.hs_code)))


def _supply(draft: Draft, limits: Limits) -> Iterator[Finding]:
    for rule, name, least, most in (
        ("catalogue_stock_impossible", "stock_pieces", 0, QUANTITY_MAX),
        ("catalogue_lead_time_impossible", "lead_time_days", 0, limits.lead_time_days_max),
        ("catalogue_capacity_impossible", "weekly_capacity_pieces", 1, QUANTITY_MAX),
    ):
        value: int | None = getattr(draft, name)
        if value is not None and not least <= value <= most:
            yield _beyond(rule, name, value, most)
    if draft.supply is Supply.MADE and draft.lead_time_days is None:
        yield warning("catalogue_made_without_lead_time", header="lead_time_days")


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
                yield error("catalogue_variants_alike", header=f"{place}.names.{language}", value=_shown(name))


def _variant(variant: Variant, place: str, lowest_minor: int | None) -> Iterator[Finding]:
    if not variant.names and not variant.item_number:
        yield error("catalogue_variant_unnamed", header=place)
    for language, name in variant.names.items():
        yield from _text(f"{place}.names.{language}", name, NAME_MAX)
        if language not in LANGUAGES:
            yield _unknown_language(f"{place}.names.{_shown(language)}", language)
    yield from _text(f"{place}.item_number", variant.item_number, ITEM_NUMBER_MAX)
    if variant.stock_pieces is not None and not 0 <= variant.stock_pieces <= QUANTITY_MAX:
        yield _beyond("catalogue_stock_impossible", f"{place}.stock_pieces", variant.stock_pieces, QUANTITY_MAX)
    if abs(variant.difference_minor) > PRICE_MINOR_MAX or (
        lowest_minor is not None and lowest_minor + variant.difference_minor < 1
    ):
        yield error(
            "catalogue_difference_impossible",
            header=f"{place}.difference_minor",
            value=_money(variant.difference_minor),
            details={"price": _money(lowest_minor or 0)},
        )


def _brand(draft: Draft, brands: Collection[str] | None) -> Iterator[Finding]:
    if draft.brand and brands is not None and fold_brand(draft.brand) not in brands:
        yield warning("catalogue_brand_needs_paper", header="brand", value=_shown(draft.brand))


def _missing(draft: Draft, photos: int) -> Iterator[Finding]:
    if not draft.names and not photos:
        yield error("catalogue_needs_name_or_photo", header=f"names.{draft.language}")
    if not draft.ladder:
        yield error("catalogue_needs_price", header="ladder")


def _beyond(rule: str, field: str, value: int, most: int) -> Finding:
    return error(rule, header=field, value=_shown(str(value)), details={"most": most})


def _money(amount_minor: int) -> str:
    """As it is typed, in yuan: 285 is "2.85"."""
    sign, amount_minor = ("-" if amount_minor < 0 else ""), abs(amount_minor)
    return _shown(f"{sign}{amount_minor // 100}.{amount_minor % 100:02d}")


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN_MAX else f"{text[:_SHOWN_MAX]}…"


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
            yield _unknown_language(f"about.{_shown(of)}", of)
    if mixed_batch.amount_minor is not None and not 1 <= mixed_batch.amount_minor <= PRICE_MINOR_MAX:
        yield error(
            "catalogue_price_impossible",
            header="mixed_batch.amount_minor",
            value=_money(mixed_batch.amount_minor),
            details={"most": _money(PRICE_MINOR_MAX)},
        )
    if mixed_batch.pieces is not None and not 1 <= mixed_batch.pieces <= QUANTITY_MAX:
        yield _beyond("catalogue_quantity_impossible", "mixed_batch.pieces", mixed_batch.pieces, QUANTITY_MAX)
