"""What a column holds, told from its header.

Problem: `P. BRUTO TOTAL (KG)`, `总毛重KG`, `الوزن القائم الإجمالي (كغ)` are one thing, and `DOC/CAJA` is three
(a quantity, counted in dozens, in one carton). Lists of whole headers never end. Therefore a header is taken
apart: currency, unit, "total", "per carton", "per dozen" are qualifiers; what remains is looked up.

    PRECIO US$/DOC  ->  USD, per dozen, `precio`  ->  price
    قطعة/كرتون      ->  per carton, `قطعه`        ->  pieces, per carton  ->  pieces_per_carton
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from sundry.goods.orders.reading.vocabulary import plain, vocabulary

_PARENTHESES = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
_SCRIPTS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+|[\u0600-\u06ff ]*[\u0600-\u06ff][\u0600-\u06ff ]*")
COUNTS = {"dozens": "dozen", "sets": "set", "pairs": "pair"}
_QUALIFIED_BELOW = frozenset({"price", "value", "pieces", "cartons"})
HEADER_CHARACTERS_MAX = 80
_HEADERS_MAX = 20_000  # remembered; a sheet has up to 16,384 columns


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `field` is a name of vocabulary.yaml, the rest are qualifiers (None: the header does not say)."""

    field: str
    otherwise: str = ""  # the field it is if another column already is `field`
    rank: int = 0  # names that stand earlier in the vocabulary are stronger
    exact: bool = True  # the header is a known name, not merely contains one
    total: bool = False
    per_carton: bool = False
    counted_in: str | None = None  # piece | dozen | set | pair | gross: what a quantity counts
    price_per: str | None = None  # piece | dozen | set | pair | carton
    length_unit: str | None = None
    volume_unit: str | None = None
    weight_unit: str | None = None
    currency: str | None = None
    language: str = ""  # of a name column
    index: int = -1
    header: str = ""  # as it stands in the book


@lru_cache(maxsize=_HEADERS_MAX)
def read_header(text: str) -> Column | None:
    """The column that a header means, None if its words are unknown."""
    if not text.strip() or len(text) > HEADER_CHARACTERS_MAX:
        return None
    words = vocabulary()
    whole = plain(text)
    found: Column | None = None
    for fragment in _fragments(text):
        looked_up = words.fields.get(fragment)
        stripped = _stripped(fragment)
        if looked_up is None:
            looked_up = words.fields.get(stripped)
        if looked_up is None and not stripped:
            looked_up = _only_qualifiers(fragment)
        if looked_up is not None:
            found = Column(*looked_up)
            break
    if found is None:
        longest = next(filter(None, map(_longest_inside, dict.fromkeys((_stripped(whole), whole)))), None)
        if longest is None:
            return None
        found = Column(*longest, exact=False)
    return _qualified(found, text, whole)


def _qualified(column: Column, text: str, whole: str) -> Column:
    words = vocabulary()
    inner = next((plain(match[1]) for match in _PARENTHESES.finditer(text)), "")
    unit_inside = words.pieces_units.exactly(inner)
    price_per = words.price_per.inside(whole) or unit_inside or _dozen_or_set(whole)
    per_carton = words.per_carton.inside(whole) is not None
    total = words.total.inside(whole) is not None
    field, counted_in = column.field, None
    if field in COUNTS:
        field, counted_in = "pieces", COUNTS[field]
    currency = words.currencies.inside(whole)
    if field == "pieces" and currency and price_per and not total:  # USD/DZ
        field, counted_in = "price", None
    if field in ("pieces", "pieces_per_carton"):
        counted_in = counted_in or words.pieces_units.exactly(_trimmed(inner)) or _counted_by_word(whole)
        if field == "pieces" and counted_in == "carton":
            field, counted_in = "cartons", None
        elif field == "pieces" and per_carton:
            field = "pieces_per_carton"
        if counted_in == "carton":
            counted_in = None
    if field == "price" and total:
        field = "value"
    if field == "price" and per_carton:
        price_per = "carton"
    volume_unit = _unit_of(words.volume_units.inside(whole), words.volume_units.exactly(inner))
    if field == "size" and volume_unit and column.otherwise == "volume":
        field = "volume"
    return replace(
        column,
        field=field,
        total=total,
        per_carton=per_carton,
        counted_in=counted_in,
        price_per=price_per if field == "price" else None,
        length_unit=words.length_units.exactly(inner) or _last_unit(whole, "length"),
        volume_unit=volume_unit,
        weight_unit=words.weight_units.exactly(inner) or _last_unit(whole, "weight"),
        currency=currency,
        language=_language(text, whole) if field == "name" else "",
        header=text,
    )


def under(group: str, own: str) -> Column | None:
    """What a header means that only qualifies the group above it: "USD/DOZ" under PRICE, "合计" under 数量."""
    above = read_header(group)
    whole = plain(own)
    words = vocabulary()
    if above is None or above.field not in _QUALIFIED_BELOW or _stripped(whole):
        return None
    if words.volume_units.inside(whole) or words.weight_units.inside(whole):
        return None
    return _qualified(above, own, whole)


def inherit(column: Column, group: str) -> Column:
    """The column with the qualifiers of the header above it, where its own does not say ("POR CAJA" over "CBM")."""
    words = vocabulary()
    above = plain(group)
    said = column.total or column.per_carton
    return replace(
        column,
        total=column.total or (not said and words.total.inside(above) is not None),
        per_carton=column.per_carton or (not said and words.per_carton.inside(above) is not None),
        length_unit=column.length_unit or _last_unit(above, "length"),
        volume_unit=column.volume_unit or words.volume_units.inside(above),
        weight_unit=column.weight_unit or _last_unit(above, "weight"),
        currency=column.currency or words.currencies.inside(above),
    )


def _fragments(text: str) -> Iterator[str]:
    """The header, then its parts, from the most to the least telling."""
    yield plain(text)
    outside = _PARENTHESES.sub(" ", text)
    yield plain(outside)
    lines = [line for line in text.splitlines() if line.strip()]
    for line in lines if len(lines) > 1 else ():
        yield plain(line)
        yield plain(_PARENTHESES.sub(" ", line))
    for run in _SCRIPTS.findall(outside):
        yield plain(run)
    rest = _SCRIPTS.sub(" ", outside)
    if rest != outside:
        yield plain(rest)
    if "/" in outside or "／" in outside:
        for part in re.split(r"[/／]", outside):
            yield plain(part)


@lru_cache(maxsize=_HEADERS_MAX)
def _stripped(text: str) -> str:
    """A plain header without its qualifiers. Longer words first, so that "per carton" goes before "carton" could."""
    words = vocabulary()
    for qualifier in (words.per_carton, words.price_per, words.currencies):
        text = qualifier.without(text)
    text = words.total.without(text)
    for kind in (words.volume_units, words.weight_units, words.length_units):
        text = _without_last_word(text, kind.meanings)
    return text.strip("/ ")


def _without_last_word(text: str, units: object) -> str:
    """A unit stands last: "LARGO CM". Inside a word or before it, the same letters may be something else."""
    head, _, last = text.rpartition(" ")
    if last in units:  # type: ignore[operator]
        return head
    match = re.fullmatch(r"(.*[\u3400-\u9fff])([a-z0-9]+)", text)  # 件毛重kg
    if match and match[2] in units:  # type: ignore[operator]
        return match[1]
    glued = re.fullmatch(r"([a-z/]{2,})(kgs?|cm|mm)", text)  # gwkg, from G.W.KG
    return glued[1] if glued and glued[1] in vocabulary().fields else text


def _only_qualifiers(fragment: str) -> tuple[str, str, int] | None:
    """A header of nothing but qualifiers: CBM, KGS, /CTN."""
    words = vocabulary()
    if words.volume_units.inside(fragment):
        return "volume", "", 0
    if words.weight_units.inside(fragment):
        return "weight", "", 0
    if words.per_carton.inside(fragment):
        return "pieces_per_carton", "", 0
    return None


def _longest_inside(text: str) -> tuple[str, str, int] | None:
    """The longest known header inside a longer text."""
    padded = f" {text} "
    return next((field for name, field in _looked_for_inside() if name in padded), None)


@cache
def _looked_for_inside() -> list[tuple[str, tuple[str, str, int]]]:
    """Known headers, the longest first: of two Chinese characters or more, or words of four letters with spaces round
    them. Put in order once, because a table of 10,000 unknown columns asks for each of them."""
    found = []
    for name, field in vocabulary().fields.items():
        chinese = not name.isascii() and "\u3400" <= name[0] <= "\u9fff"
        weight = len(name) - 4 * (field[0] in COUNTS)  # PRECIO DOCENA is a price, counted in dozens
        if len(name) >= (2 if chinese else 4) and weight > 0:
            found.append((weight, name if chinese else f" {name} ", field))
    return [(name, field) for _, name, field in sorted(found, key=lambda one: -one[0])]


def _dozen_or_set(text: str) -> str | None:
    """PRECIO DOCENA: a price that names its dozen or set without "per"."""
    unit = vocabulary().pieces_units.inside(text)
    return unit if unit in ("dozen", "set", "gross") else None


def _counted_by_word(text: str) -> str | None:
    """CANTIDAD DOC, EMPAQUE DOC: a quantity that names its dozen; but PCS/DZ counts pieces."""
    unit = _dozen_or_set(text)
    return unit if unit in ("dozen", "gross") and vocabulary().price_per.inside(text) is None else None


def _trimmed(text: str) -> str:
    """`元/打` -> `打`: what stands after the slash is what is counted."""
    return text.rpartition("/")[2]


def _unit_of(*found: str | None) -> str | None:
    return next((unit for unit in found if unit), None)


def _last_unit(text: str, kind: str) -> str | None:
    """The unit as a word of its own; single letters (m, g, t, l) only at the end."""
    words = vocabulary()
    units = words.length_units if kind == "length" else words.weight_units
    for word in reversed(text.replace("/", " ").split()):
        if units.exactly(word):
            return units.exactly(word)
    match = re.search(r"[\u3400-\u9fff]([a-z]+)$", text)
    if match:
        return units.exactly(match[1])
    chinese = (word for word in units.meanings if "\u3400" <= word[0] <= "\u9fff" and len(word) > 1)
    return next((units.meanings[word] for word in chinese if word in text), None)


def _language(text: str, whole: str) -> str:
    for language, signs in _LANGUAGES:
        if any(sign in whole for sign in signs):
            return language
    if re.search(r"[\u3400-\u9fff]", text):
        return "zh"
    return "ar" if re.search(r"[\u0600-\u06ff]", text) else ""


_LANGUAGES = (
    ("en", ("英文", "english", "description of goods", "goods", "انجليزي")),
    ("es", ("西班牙", "西语", "西文", "espanol", "descripcion", "articulo", "producto", "nombre", "mercancia")),
    ("ar", ("阿语", "阿拉伯", "arabic", "arabe")),
    ("fr", ("法语", "法文", "francais", "designation", "libelle", "marchandise")),
    ("ru", ("俄语", "俄文", "наименование")),
    ("zh", ("中文", "chinese", "chino")),
)  # fmt: skip
