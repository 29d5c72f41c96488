"""Tools by which an assistant fills a basket, places an order and follows it."""

from __future__ import annotations

from typing import Final

from sundry.web.mcp.tools import (
    LIST,
    PAGE,
    Json,
    Shown,
    Tool,
    an_id,
    choice,
    counted,
    foreign,
    in_language,
    language_of,
    many,
    page,
    picked,
    text,
    whole,
    yes_or_no,
)

ORDER: Final = whole("The number of the order or basket.")
VERSION: Final = whole("Of the basket as you read it: if it was changed since, nothing is done.", most=2**31 - 1)
TOTALS: Final = ("lines", "pieces", "cartons", "value_minor", "deposit_minor", "paid_minor", "balance_minor")
LINES: Final = many(
    "What is wanted.",
    {
        "type": "object",
        "properties": {
            "good": whole("The number of a good."),
            "variant": an_id("The id of its variant, where it has some."),
            "pieces": whole("How many.", most=100_000_000),
            "price_minor": whole("An offer of another price than listed, which the stall sees.", most=1_000_000_000),
            "note": text("For the stall.", 1_000),
        },
        "required": ["good", "pieces"],
        "additionalProperties": False,
    },
    200,
    1,
)


# What is shown ------------------------------------------------------------------------------------------------------


def _card(order: Json, _language: str) -> Json:
    """Its name may be the agent's word, or the buyer's."""
    told = picked(order, "number", "state", "currency", "destination", "stalls", "late", "promised_day")
    told |= picked(order, "placed_at", "changed_at", "version", "states") | foreign(name=order["name"])
    return told | {"totals": {name: order["totals"][name] for name in TOTALS}}


def _orders(answer: Json, asked: Json) -> Shown:
    return page(answer, asked, _card, "order", "orders")


def _part(sub: Json, language: str) -> Json:
    """A stall's part of an order."""
    return {
        **picked(sub, "id", "code", "stall", "state", "promised_day", "answer_by", "has_proposal", "ticket"),
        "totals": {name: sub["totals"][name] for name in TOTALS},
        **foreign(stall_name=in_language(sub["stall_names"], language), reason=sub["reason"]),
    }


def _order(answer: Json, asked: Json) -> Shown:
    card, language = answer["card"], language_of(asked)
    told = _card(card, language) | picked(answer, "port", "repeats", "fills") | foreign(note=answer["note"])
    told["parts"] = [_part(sub, language) for sub in answer["subs"]]
    stalls = counted(card["stalls"], "stall", "stalls")
    sentence = f"Order {card['number']} is {card['state']}: {stalls}, {card['totals']['value_minor']} in the smallest "
    return told, f"{sentence}unit of {card['currency']}, {counted(card['late'], 'part', 'parts')} late."


def _line(line: Json, language: str) -> Json:
    told = picked(line, "id", "sub", "good", "variant", "pieces", "price_minor", "price_per", "list_price_minor")
    told |= picked(
        line, "value_minor", "cartons", "unit", "supply", "promised_day", "handed_pieces", "cancelled_pieces"
    )
    named = foreign(name=in_language(line["names"], language), item_number=line["item_number"], note=line["note"])
    return told | named


def _lines(answer: Json, asked: Json) -> Shown:
    return page(answer, asked, _line, "line", "lines")


def _entry(entry: Json, _language: str) -> Json:
    told = picked(entry, "kind", "at", "sub", "side")
    return told | foreign(who=entry["who"], organisation=entry["organisation"], details=entry["details"])


def _timeline(answer: Json, asked: Json) -> Shown:
    return page(answer, asked, _entry, "entry", "entries")


def _started(answer: Json, _asked: Json) -> Shown:
    return dict(answer), f"Basket {answer['order']} is started. Nothing is ordered yet."


def _changed(answer: Json, asked: Json) -> Shown:
    return answer | {"order": asked["order"]}, f"Basket {asked['order']} is changed. Nothing is ordered yet."


def _placed(answer: Json, asked: Json) -> Shown:
    again = " It had been placed before, by this key." if answer["again"] else ""
    parts = counted(len(answer["codes"]), "stall has", "stalls have")
    value = f"{answer['value_minor']} in the smallest unit of {answer['currency']}"
    return dict(answer), f"Order {answer['order']} is placed, {value}; {parts} to confirm.{again}"


def _head(rest: Json) -> Json:
    """A basket's head and lines, of arguments that lie side by side."""
    head = {name: rest.pop(name) for name in ("currency", "name", "destination", "port", "note") if name in rest}
    return rest | {"head": head}


def _cancelled(answer: Json, asked: Json) -> Shown:
    return answer | {"order": asked["order"]}, f"{counted(len(answer['codes']), 'part is', 'parts are')} cancelled."


def _exportable(answer: Json, asked: Json) -> Shown:
    def item(one: Json, _language: str) -> Json:
        return picked(one, "sub", "code", "rule", "message") | {"may": one["rule"] is None}

    return page(answer, asked, item, "part", "parts")


# The tools ----------------------------------------------------------------------------------------------------------

TOOLS: Final[tuple[Tool, ...]] = (
    Tool(
        name="list_orders",
        title="List orders",
        description="What your owner buys, the newest first; baskets are in the state draft.",
        operation="orders.order.list",
        method="GET",
        path="orders",
        show=_orders,
        arguments={
            "state": choice("Only those in this state.", "draft", "open", "done", "cancelled"),
            "late": yes_or_no("Only those of which a part should have been handed over."),
            "stall": whole("Only those with a part of this stall."),
            "words": text("In the name or the number.", 120),
            **PAGE,
        },
        answers=LIST,
    ),
    Tool(
        name="read_order",
        title="Read an order",
        description="An order or a basket with each stall's part of it: its state, the day it is promised, what is to "
        "be paid. The lines are read with read_order_lines.",
        operation="orders.order.read",
        method="GET",
        path="orders/{order}",
        show=_order,
        arguments={"order": ORDER},
        required=("order",),
        answers={
            "state": "Of the order.",
            "totals": "Sums.",
            "parts": "One a stall.",
            "version": "For changing it.",
            "fills": "How much of a container it would fill, in hundredths of a percent.",
        },
    ),
    Tool(
        name="read_order_lines",
        title="Read the lines of an order",
        description="The lines of an order, of one stall or of all.",
        operation="orders.order.read",
        method="GET",
        path="orders/{order}/lines",
        show=_lines,
        arguments={"order": ORDER, "sub": an_id("The id of one stall's part."), **PAGE},
        required=("order",),
        answers=LIST,
    ),
    Tool(
        name="read_order_timeline",
        title="Read what happened to an order",
        description="What happened to an order, the newest first: placed, confirmed, changed, paid, handed over.",
        operation="orders.order.read",
        method="GET",
        path="orders/{order}/timeline",
        show=_timeline,
        arguments={"order": ORDER, **PAGE},
        required=("order",),
        answers=LIST,
    ),
    Tool(
        name="read_exportable",
        title="Ask what may be exported",
        description="Of each stall's part, whether its trade ticket is confirmed by both sides, and if not, why.",
        operation="orders.order.read",
        method="GET",
        path="orders/{order}/exportable",
        show=_exportable,
        arguments={"order": ORDER},
        required=("order",),
        answers=LIST,
    ),
    Tool(
        name="start_basket",
        title="Start a basket",
        description="A new basket with lines of any stalls, all or none. Nothing is ordered by it. Without a price the "
        "listed one counts.",
        operation="orders.basket.write",
        method="POST",
        path="orders",
        show=_started,
        arguments={
            "lines": LINES,
            "name": text("What your owner calls it.", 120),
            "currency": text("ISO 4217; CNY where it is not said.", 3),
            "destination": text("The country, ISO 3166-1: MA.", 2),
            "port": text("UN/LOCODE: MACAS.", 5),
            "note": text("For all stalls.", 1_000),
            "mandate": an_id("Under which an agent buys for her buyer."),
        },
        required=("lines",),
        body=_head,
        answers={"order": "The number of the basket.", "version": "For changing it."},
    ),
    Tool(
        name="add_lines",
        title="Add lines to a basket",
        description="Further lines, all or none. The same good at the same price again adds its pieces.",
        operation="orders.basket.write",
        method="POST",
        path="orders/{order}/lines",
        show=_changed,
        arguments={"order": ORDER, "lines": LINES, "version": VERSION},
        required=("order", "lines"),
        answers={"version": "Of the basket now."},
    ),
    Tool(
        name="change_line",
        title="Change a line of a basket",
        description="Another quantity, offer or note of one line.",
        operation="orders.basket.write",
        method="PATCH",
        path="orders/{order}/lines/{line}",
        show=_changed,
        arguments={
            "order": ORDER,
            "line": an_id("The id of the line."),
            "pieces": whole("How many.", most=100_000_000),
            "price_minor": whole("An offer, for `price_per` pieces.", most=1_000_000_000),
            "price_per": whole("For how many pieces the offer is.", most=100_000),
            "note": text("For the stall.", 1_000),
            "version": VERSION,
        },
        required=("order", "line"),
        answers={"version": "Of the basket now."},
    ),
    Tool(
        name="remove_lines",
        title="Take lines out of a basket",
        description="Take lines out of a basket.",
        operation="orders.basket.write",
        method="POST",
        path="orders/{order}/lines/remove",
        show=_changed,
        arguments={"order": ORDER, "lines": many("Ids of lines.", an_id("A line."), 200, 1), "version": VERSION},
        required=("order", "lines"),
        answers={"version": "Of the basket now."},
    ),
    Tool(
        name="place_order",
        title="Place an order",
        description="Order what is in a basket, all or nothing. Stock is kept for it at once, and it binds your owner "
        "as soon as a stall confirms. Only after your owner has seen the stalls, the pieces and the sum, and said yes.",
        operation="orders.order.place",
        method="POST",
        path="orders/{order}/place",
        show=_placed,
        arguments={"order": ORDER, "version": VERSION},
        required=("order", "version", "key"),
        answers={"order": "Its number.", "codes": "Of its parts.", "value_minor": "Of all of it."},
        binding=True,
    ),
    Tool(
        name="cancel_order",
        title="Cancel an order",
        description="Cancel an order, or one stall's part of it, that no stall has confirmed yet.",
        operation="orders.order.cancel",
        method="POST",
        path="orders/{order}/cancel",
        show=_cancelled,
        arguments={
            "order": ORDER,
            "sub": an_id("One stall's part only."),
            "reason": text("The stalls read it.", 500) | {"minLength": 1},
        },
        required=("order", "reason"),
        answers={"order": "Its number.", "codes": "Of the parts that are cancelled."},
        binding=True,
    ),
)
