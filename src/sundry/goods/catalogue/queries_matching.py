"""Which goods the rows of somebody's list mean: by the stall as people write it, and its item number.

Problem: a list of 5,000 rows names stalls as it pleases ("1-F2-C-1205", "1205", "红星玩具"), and an item number means
nothing without its stall. Asked one by one that is 10,000 statements. Therefore all rows are asked in one, and a name
that several stalls have comes back as several: whoever reads it tells so.

Worked case: ("1205", "k-1"): two halls have a booth 1205, and only one of their stalls has a K-1: that one is meant.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import psycopg
from django.db import connection

from sundry.goods.catalogue.rules import State

STALLS_MAX: Final = 5  # that are told of a name that many have

_MATCHING: Final = """
WITH asked AS (
  SELECT * FROM unnest(%s::integer[], %s::text[], %s::text[]) AS asked (place, stall, item)
), key AS (
  SELECT DISTINCT stall AS key, CASE WHEN stall ~ '^#?[0-9]{1,18}$' THEN ltrim(stall, '#')::bigint END AS number
  FROM asked WHERE stall <> ''
), placed AS (
  SELECT key.key, stall.id, stall.number FROM key JOIN catalogue_stall AS stall ON stall.number = key.number
  UNION SELECT key.key, stall.id, stall.number FROM key JOIN catalogue_stall AS stall ON stall.slug = key.key
  UNION SELECT key.key, stall.id, stall.number FROM key JOIN catalogue_stall AS stall ON lower(stall.booth) = key.key
  UNION SELECT key.key, stall.id, stall.number FROM key JOIN catalogue_stall AS stall
    ON lower(stall.hall_id || '-F' || stall.floor || '-' || stall.street || '-' || stall.booth) = key.key
), named AS (
  SELECT key.key, stall.id, stall.number FROM key
  JOIN (catalogue_stall AS stall CROSS JOIN LATERAL jsonb_each_text(stall.names) AS name)
    ON replace(lower(name.value), ' ', '') = key.key
  WHERE NOT EXISTS (SELECT 1 FROM placed WHERE placed.key = key.key)
), stall AS (SELECT * FROM placed UNION SELECT * FROM named), offered AS MATERIALIZED (
  SELECT id, number, stall_id, state, lower(item_number) AS item
  FROM catalogue_good WHERE stall_id IN (SELECT id FROM stall)
), item AS MATERIALIZED (
  SELECT number, stall_id, state, item, NULL::uuid AS variant FROM offered WHERE item <> ''
  UNION ALL
  SELECT offered.number, offered.stall_id, offered.state, lower(kind.item_number), kind.id
  FROM offered JOIN catalogue_goodvariant AS kind ON kind.good_id = offered.id WHERE kind.item_number <> ''
)
SELECT asked.place, stall.number, NULL, NULL, NULL FROM asked JOIN stall ON stall.key = asked.stall
UNION ALL
SELECT asked.place, stall.number, item.number, item.variant, item.state
FROM asked JOIN stall ON stall.key = asked.stall
JOIN item ON item.stall_id = stall.id AND item.item = asked.item
ORDER BY 1, 2, 3 NULLS FIRST
"""


@dataclass(frozen=True, slots=True)
class MatchedGood:
    """`variant`: where the item number is one of its kinds'."""

    number: int
    variant: uuid.UUID | None
    stall: int
    is_listed: bool


@dataclass(frozen=True, slots=True)
class Matched:
    """Of one row: the numbers of the stalls that its words may mean, at most `STALLS_MAX` and one more; the goods there
    with its item number, a kind of a good before the good itself."""

    stalls: tuple[int, ...] = ()
    goods: tuple[MatchedGood, ...] = ()


def matching(asked: Sequence[tuple[str, str]]) -> tuple[Matched, ...]:
    """For each (stall, item number) what it may mean. One statement, or none for no rows."""
    if not asked:
        return ()
    keys = [(folded(stall), folded_item(item)) for stall, item in asked]
    columns = [list(range(len(keys))), [stall for stall, _ in keys], [item for _, item in keys]]
    connection.ensure_connection()
    with connection.wrap_database_errors:
        rows = psycopg.Cursor(connection.connection).execute(_MATCHING, columns).fetchall()
    stalls: dict[int, list[int]] = defaultdict(list)
    goods: dict[int, list[MatchedGood]] = defaultdict(list)
    for place, stall, good, variant, state in rows:
        if good is None:
            stalls[place].append(stall)
        else:
            goods[place].append(MatchedGood(good, variant, stall, state == State.LISTED.value))
    return tuple(
        Matched(tuple(stalls[place][: STALLS_MAX + 1]), tuple(sorted(goods[place], key=_kinds_first)))
        for place in range(len(keys))
    )


def _kinds_first(good: MatchedGood) -> tuple[bool, bool, int]:
    return not good.is_listed, good.variant is None, good.number


def folded(text: str) -> str:
    """A stall as it is compared: no case, no spaces, one kind of dash, no word for "number" behind; of a place with a
    name beside it ("1-F2-C-1205 红星玩具") the place."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_DASHES)
    if place := _PLACE.match(plain.strip()):
        return place[0]
    return "".join(plain.split()).removesuffix("号").replace("\0", "")


def folded_item(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower().replace("\0", "")


_PLACE: Final = re.compile(r"[^\s-]{1,8}-f-?\d{1,3}-[^\s-]{1,8}-[^\s]{1,12}(?=\s|$)")
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
