"""Stalls and goods by the ten thousand: an import of another system's market, or a simulated one.

Problem: `actions.add_good` asks the database some ten times for one good, which is right for a person and a week's wait
for two million. Therefore rows are gathered into blocks; each block is one transaction of a few statements (numbers,
COPY of goods, variants and photos, one UPDATE of the stalls' counters), whatever its size. Every constraint of the
tables holds, and a block that breaks one is not written at all; those before it stay.

Whoever loads has looked at the drafts (`checks.findings`), and rebuilds the index afterwards, or lets it be told by
`announce`; `analyse` tells the database what it holds now, which it would otherwise find out minutes later.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any, Final, LiteralString, TypeVar

import psycopg
from django.db import DatabaseError, connection, transaction

from sundry.goods.catalogue import bulk_rows
from sundry.goods.catalogue.bulk_rows import LoadedGood, LoadedPaper, LoadedProduct, LoadedStall
from sundry.goods.catalogue.rules import Hall, Place, State, fold_brand

BLOCK: Final = 5_000  # goods in one transaction
_WRITTEN_AT_ONCE: Final = 500  # lines

_NUMBERS: Final = "SELECT ARRAY(SELECT nextval('catalogue_number') FROM generate_series(1, %s))"
_COUNT: Final = """
UPDATE catalogue_stall SET goods = catalogue_stall.goods + new.goods
FROM unnest(%s::uuid[], %s::integer[]) AS new (id, goods) WHERE catalogue_stall.id = new.id
"""
_ANNOUNCE: Final = "INSERT INTO catalogue_change (number) SELECT unnest(%s::bigint[])"
_HALLS: Final = """
INSERT INTO catalogue_hall (code, names, trade, position)
SELECT * FROM unnest(%s::text[], %s::jsonb[], %s::jsonb[], %s::smallint[]) ON CONFLICT (code) DO NOTHING
"""
_LAST: Final = "SELECT id FROM catalogue_good WHERE id BETWEEN %s AND %s ORDER BY id DESC LIMIT 1"
_STANDING: Final = "SELECT count(*) FROM catalogue_stall WHERE id = ANY(%s::uuid[])"
_ON_SHOW: Final = "SELECT coalesce(sum(goods), 0) FROM catalogue_stall WHERE is_open"
_TAKEN: Final = "SELECT hall_id, floor, street, booth FROM catalogue_stall"
_ROLE: Final = "SELECT set_config('role', %s, true)"
_ANALYSE: Final = (
    "ANALYZE catalogue_stall, catalogue_product, catalogue_good, catalogue_goodvariant, catalogue_goodphoto"
)
_LOADING: Final = 0x6001D5  # of pg_try_advisory_lock: one market is loaded at a time

_Row = TypeVar("_Row")


def load_stalls(
    stalls: Sequence[LoadedStall],
    *,
    halls: Sequence[Hall] = (),
    papers: Iterable[LoadedPaper] = (),
    products: Sequence[LoadedProduct] = (),
) -> None:
    """All of them or none, with the brands they may sell and what several of them offer. Halls that are there stay as
    they are. django.db.IntegrityError: a booth or an address is taken."""
    with _block() as database:
        _write_halls(database, halls)
        numbers = iter(_numbers(database, len(stalls) + len(products)))
        _copy(database, "stall", bulk_rows.STALL_COLUMNS, (bulk_rows.stall_row(one, next(numbers)) for one in stalls))
        rows = (bulk_rows.paper_row(paper, fold_brand(paper.brand)) for paper in papers)
        _copy(database, "brandpaper", bulk_rows.PAPER_COLUMNS, rows)
        rows = (bulk_rows.product_row(product, next(numbers)) for product in products)
        _copy(database, "product", bulk_rows.PRODUCT_COLUMNS, rows)


def load_goods(
    goods: Iterable[LoadedGood],
    *,
    block: int = BLOCK,
    announce: bool = True,
    progress: Callable[[int], None] = lambda loaded: None,
) -> int:
    """How many were loaded, of stalls and products that are there; `progress` hears it after each block.

    `announce`: search is told of each; without it the caller rebuilds the index. django.db.IntegrityError: a good
    breaks a constraint; nothing of its block is written.
    """
    loaded = 0
    for part in _blocks(goods, block):
        _load(part, announce)
        loaded += len(part)
        progress(loaded)
    return loaded


def last_between(first: uuid.UUID, last: uuid.UUID) -> uuid.UUID | None:
    """The greatest id of a good from `first` to `last`: how far a load came that went by its ids."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [first, last])
        row = cursor.fetchone()
    return row[0] if row else None


def are_there(stalls: Sequence[uuid.UUID]) -> bool:
    """Whether all of these stalls stand."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [list(stalls)])
        row = cursor.fetchone()
    return bool(row and row[0] == len(stalls))


def on_show() -> int:
    """How many goods all open stalls show, by their counters: what an index should hold."""
    with connection.cursor() as cursor:
        cursor.execute(_ON_SHOW)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def taken_places() -> Collection[Place]:
    """Every booth where a stall stands."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN)
        return {Place(*row) for row in cursor.fetchall()}


def analyse() -> None:
    """Count anew what the tables hold: until then the database may read a whole table where it has an index.

    It needs the right of who owns them, so for this statement we are who signed in (settings: `assume_role`); who owns
    nothing is warned by the database, and nothing happens.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        (role,) = cursor.fetchone() or ("none",)
        cursor.execute(_ROLE, ["none"])
        cursor.execute(_ANALYSE)
        cursor.execute(_ROLE, [role])  # who called us may go on in the same transaction


@contextmanager
def alone() -> Iterator[bool]:
    """False: somebody loads a market into this database already. The lock goes with the connection, however this
    process ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOADING])
        (held,) = cursor.fetchone() or (False,)
    try:
        yield bool(held)
    finally:
        if held:
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOADING])


def _load(goods: Sequence[LoadedGood], announce: bool) -> None:
    with _block() as database:
        numbers = _numbers(database, len(goods))
        _copy(database, "good", bulk_rows.GOOD_COLUMNS, map(bulk_rows.good_row, goods, numbers))
        variants = (row for good in goods if good.draft.variants for row in bulk_rows.variant_rows(good))
        _copy(database, "goodvariant", bulk_rows.VARIANT_COLUMNS, variants)
        photos = (row for good in goods for row in bulk_rows.photo_rows(good))
        _copy(database, "goodphoto", bulk_rows.PHOTO_COLUMNS, photos)
        listed = Counter(good.stall for good in goods if good.state is State.LISTED)
        database.execute(_COUNT, [list(listed), list(listed.values())])
        if announce:
            database.execute(_ANNOUNCE, [numbers])


def _write_halls(database: psycopg.Connection[Any], halls: Sequence[Hall]) -> None:
    names, trades = [json.dumps(hall.names) for hall in halls], [json.dumps(hall.trade) for hall in halls]
    database.execute(_HALLS, [[hall.code for hall in halls], names, trades, list(range(len(halls)))])


@contextmanager
def _block() -> Iterator[psycopg.Connection[Any]]:
    """A transaction, and psycopg's own connection in it: Django's cursors have no COPY. Its errors become Django's."""
    with transaction.atomic(), connection.wrap_database_errors:
        yield connection.connection
        connection.check_constraints()  # foreign keys too, which wait for the end otherwise


def _numbers(database: psycopg.Connection[Any], count: int) -> list[int]:
    row = database.execute(_NUMBERS, [count]).fetchone()
    return list(row[0]) if row else []


def _copy(database: psycopg.Connection[Any], table: LiteralString, columns: LiteralString, rows: Iterable[str]) -> None:
    with database.cursor().copy(f"COPY catalogue_{table} ({columns}) FROM STDIN") as copy:
        for lines in _blocks(rows, _WRITTEN_AT_ONCE):
            copy.write("".join(lines))


def _blocks(rows: Iterable[_Row], size: int) -> Iterator[list[_Row]]:
    ahead = iter(rows)
    while part := list(islice(ahead, size)):
        yield part
