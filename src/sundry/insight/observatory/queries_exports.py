"""What leaves as files: published statements and their observations, in an order and without ever holding them all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Final

from django.db import connection, transaction
from django.db.models import F

from sundry.insight.observatory.models import Observation as Row
from sundry.insight.observatory.queries import exportable, found, key_of
from sundry.insight.observatory.queries_figures import observation_view
from sundry.insight.observatory.queries_said import statements_of
from sundry.insight.observatory.rules import Observation, Sought, Standing, StatementView
from sundry.insight.observatory.views import series_key

AT_ONCE: Final = 1_000


@contextmanager
def snapshot() -> Iterator[None]:
    """Whatever is asked inside is answered of one moment, also while pages are read again; nothing can be written.

    RuntimeError: called inside a transaction, which has its own moments.
    """
    with transaction.atomic(durable=True):
        if not connection.savepoint_ids:  # a test that is one transaction is alone, and is let in
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def published(sought: Sought) -> Iterator[StatementView]:
    """The published statements of `sought`, newest issue first. Read them inside one `snapshot`."""
    after = None
    while part := exportable(sought, after=after, limit=AT_ONCE):
        yield from part
        after = key_of(part[-1])


def observed(sought: Sought) -> Iterator[tuple[Observation, StatementView]]:
    """The observations whose statement is of `sought`, each with that statement. Read them inside one `snapshot`.

    One series after the other, in it the earliest period first, and within a period the latest vintage first.
    """
    said = found(replace(sought, standing=Standing.PUBLISHED)).values("id")
    rows = Row.objects.select_related("series").filter(statement__in=said)
    rows = rows.order_by(
        "series__indicator_key",
        "series",
        F("ends_on").asc(nulls_first=True),
        F("starts_on").asc(nulls_first=True),
        F("vintage").desc(nulls_last=True),
        "id",
    )
    stream = (observation_view(row, series_key(row.series)) for row in rows.iterator(chunk_size=AT_ONCE))
    while part := list(islice(stream, AT_ONCE)):
        statements = statements_of([one.statement for one in part], unpublished=False)
        yield from ((one, statements[one.statement]) for one in part)
