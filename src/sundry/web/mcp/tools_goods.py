"""Tools by which an assistant finds goods and stalls, and knows whom it acts for."""

from __future__ import annotations

from typing import Final

from sundry.web.mcp.tools import (
    CURSOR,
    LANGUAGE_SCHEMA,
    Json,
    Shown,
    Tool,
    choice,
    counted,
    foreign,
    in_language,
    language_of,
    page,
    picked,
    text,
    whole,
    yes_or_no,
)

GOOD: Final[Json] = whole("The number of the good, as the search answers.")


def card(good: Json, language: str) -> Json:
    """A good in a list."""
    return {
        "number": good["number"],
        **foreign(name=in_language(good["names"], language), item_number=good["item_number"], brand=good["brand"]),
        **picked(good, "category", "unit", "supply", "currency"),
        "prices": [[step["quantity"], step["price_minor"]] for step in good["ladder"]],
        "stall": {
            "number": good["stall"]["number"],
            "place": good["stall"]["place"],
            **foreign(name=in_language(good["stall"]["names"], language)),
        },
    }


def _me(answer: Json, _asked: Json) -> Shown:
    acting = next((one for one in answer["capacities"] if one["organisation"] == answer["organisation"]), None)
    told = picked(answer, "person", "organisation", "role", "scopes")
    told |= {"name": acting["name"], "kind": acting["kind"]} if acting else {}
    return told, f"You act as {answer['role']}, with {counted(len(answer['scopes'] or ()), 'right', 'rights')}."


def _found(answer: Json, asked: Json) -> Shown:
    shown, _ = page(answer, asked, card, "good", "goods")
    shown |= {"count": answer["count"], "understood": [picked(one, "name", "zh") for one in answer["understood"]]}
    corrected = " What was typed was corrected." if answer["corrected"] else ""
    return shown, f"{counted(answer['count'], 'good', 'goods')} found, {len(shown['items'])} shown.{corrected}"


def _good(answer: Json, asked: Json) -> Shown:
    draft, language = answer["draft"], language_of(asked)
    told = card(answer["card"], language)
    told |= foreign(description=in_language(draft["descriptions"], language))
    told |= {"carton": picked(draft["carton"], *draft["carton"]), "is_sold_out": answer["is_sold_out"]}
    told |= picked(draft, "stock_pieces", "lead_time_days", "weekly_capacity_pieces", "hs_code")
    told |= {"smallest_order_pieces": draft["ladder"][0]["quantity"]} if draft["ladder"] else {}
    told["variants"] = [_variant(one, language) for one in draft["variants"]]
    return told, f"Good {told['number']} of stall {told['stall']['number']}."


def _variant(one: Json, language: str) -> Json:
    named = foreign(name=in_language(one["names"], language), item_number=one["item_number"])
    return named | picked(one, "id", "difference_minor", "stock_pieces")


def _similar(answer: list[Json], asked: Json) -> Shown:
    return page({"items": answer}, asked, card, "similar good", "similar goods")


def _stall(answer: Json, asked: Json) -> Shown:
    shown, language = answer["card"], language_of(asked)
    told = {
        **picked(shown, "number", "place", "goods"),
        **foreign(name=in_language(shown["names"], language), about=in_language(answer["about"], language)),
        **picked(answer, "mixed_amount_minor", "mixed_pieces"),
    }
    return told, f"Stall {shown['number']} at {shown['place']}, {counted(shown['goods'], 'good', 'goods')} on show."


PRICES: Final = "prices are [from pieces, price_minor of one]"
TOOLS: Final[tuple[Tool, ...]] = (
    Tool(
        name="who_am_i",
        title="Who am I",
        description="For whom you act, and what your token lets you do (`scopes`).",
        operation="parties.me",
        method="GET",
        path="me",
        show=_me,
        answers={"role": "The kind of organisation.", "scopes": "What the token may be used for."},
    ),
    Tool(
        name="search_goods",
        title="Search goods",
        description="Search what the stalls show, by words in any of six languages, with filters. At most three goods "
        f"of a stall are on one page. In each item {PRICES}, in the catalogue's currency.",
        operation="catalogue.search.read",
        method="GET",
        path="catalogue/search",
        show=_found,
        arguments={
            "q": text("What is looked for. Nothing: all that passes the filters.", 200),
            "language": LANGUAGE_SCHEMA,
            "quantity": whole("For how many pieces prices are compared.", most=100_000_000),
            "category": text("A key of a category, as an item has it.", 60),
            "stall": whole("Of this stall only, by its number."),
            "price_min_minor": whole("One costs at least this.", least=0, most=1_000_000_000),
            "price_max_minor": whole("One costs at most this.", least=0, most=1_000_000_000),
            "minimum_max": whole("The smallest order is at most so many pieces.", most=100_000_000),
            "ready": yes_or_no("In stock only."),
            "sort": choice("In which order.", "relevance", "price", "newest"),
            "limit": whole("How many at most.", most=20) | {"default": 10},
            "cursor": CURSOR,
        },
        answers={"items": "Goods.", "next": "The cursor of what follows.", "count": "All that are found."},
    ),
    Tool(
        name="read_good",
        title="Read a good",
        description=f"A good whole: {PRICES}, its carton, stock or weekly capacity, variants (order one by its id).",
        operation="catalogue.good.read",
        method="GET",
        path="catalogue/goods/{good}",
        show=_good,
        arguments={"good": GOOD},
        required=("good",),
        answers={"number": "Of the good.", "prices": PRICES, "carton": "The outer carton.", "stall": "Who sells it."},
    ),
    Tool(
        name="similar_goods",
        title="List similar goods",
        description="Goods like this one, those of other stalls first: for comparing offers.",
        operation="catalogue.good.read",
        method="GET",
        path="catalogue/goods/{good}/similar",
        show=_similar,
        arguments={"good": GOOD},
        required=("good",),
        answers={"items": "Goods."},
    ),
    Tool(
        name="read_stall",
        title="Read a stall",
        description="A stall: where it is, what it says of itself, what an order of many kinds must come to.",
        operation="catalogue.stall.read",
        method="GET",
        path="catalogue/stalls/{stall}",
        show=_stall,
        arguments={"stall": whole("The number of the stall.")},
        required=("stall",),
        answers={"number": "Of the stall.", "place": "Hall, floor, street, booth."},
    ),
)
