"""Where the stalls stand: five halls, each with its trades, floors, streets and booths.

Problem: in a real market a trade has a floor, because buyers compare. Therefore stalls stand in the order of their
trades, floor by floor and street by street; a booth that is taken already (a second market in one database) is passed
over for the next free number of the street.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from sundry.goods.catalogue import categories
from sundry.goods.catalogue.bulk_rows import LoadedStall
from sundry.goods.catalogue.rules import LANGUAGES, Hall, MixedBatch, Place
from sundry.simulation.market.plan import Market, Part
from sundry.simulation.market.words import HALL_NAMES, SECOND_HALVES

FLOORS: Final = (("1", 4), ("2", 5), ("3", 4), ("4", 5), ("5", 3))
"""The halls and how many floors each has."""
STREETS: Final = "ABCDEFGH"
CLAIMED: Final = 0.7  # of the stalls ask for a smallest order of many kinds together

_LEVELS: Final = tuple((hall, floor) for hall, floors in FLOORS for floor in range(1, floors + 1))


def halls(market: Market) -> tuple[Hall, ...]:
    """What is sold in each: the trade of most of its stalls."""
    trades = {
        code: [market.trades[stall] for stall in range(market.stalls) if _level(market, stall)[0] == code]
        for code, _ in FLOORS
    }
    return tuple(
        Hall(
            code,
            {language: HALL_NAMES[language].format(code) for language in LANGUAGES},
            dict(categories.tree()[max(set(there), key=lambda trade: (there.count(trade), trade))].names)
            if there
            else {},
            tuple(range(1, floors + 1)),
        )
        for (code, floors), there in zip(FLOORS, trades.values(), strict=True)
    )


def stalls(market: Market, taken: Collection[Place] = ()) -> Iterator[LoadedStall]:
    """All of them, in the order of their goods. Numbers of booths begin at 1001 in each street."""
    used = set(taken)
    following: dict[tuple[str, int, str], int] = {}
    drawn = market.draws(Part.STALL, 1, market.stalls, 4).tolist()
    for stall, row in enumerate(drawn):
        place = _free(market, stall, used, following)
        used.add(place)
        shop, latin = market.sign(stall)
        second, second_latin = SECOND_HALVES[int(row[0] * len(SECOND_HALVES))]
        trade = categories.tree()[market.trades[stall]].names
        sign = {"zh": f"{shop}{trade['zh']}{second}"}
        if row[1] < 0.5:
            sign["en"] = f"{latin} {trade['en']} {second_latin}"
        mixed = MixedBatch(int(1 + row[3] * 20) * 10_000) if row[2] < CLAIMED else MixedBatch()
        yield LoadedStall(
            market.id(Part.STALL, stall),
            place,
            sign,
            f"{latin.lower()}-{place.code.lower()}",
            {"zh": f"{shop}{second}，专营{trade['zh']}，位于{place.code}。"} if row[1] < 0.7 else {},
            mixed_batch=mixed,
            trusted=row[3] < 0.8,
        )


def _level(market: Market, stall: int) -> tuple[str, int]:
    return _LEVELS[stall * len(_LEVELS) // market.stalls]


def _free(market: Market, stall: int, used: Collection[Place], following: dict[tuple[str, int, str], int]) -> Place:
    hall, floor = _level(market, stall)
    within = stall * len(_LEVELS) % market.stalls  # how far along its floor, of market.stalls
    street = STREETS[within * len(STREETS) // market.stalls]
    number = following.get((hall, floor, street), 1001)
    while (place := Place(hall, floor, street, str(number))) in used:
        number += 1
    following[hall, floor, street] = number + 1
    return place
