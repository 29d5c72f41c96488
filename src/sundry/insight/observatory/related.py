"""Which statements of other pages may say the same as those of this one, or follow them along the year.

Problem: an archive holds a million statements, and a page of two hundred is checked against it while somebody waits.
Therefore only published statements of the same indicator and place, or with the same number in the same base unit,
are fetched: the newest few of each, by an index, in two statements however many there are.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import Any, Final

from django.db import connection

from sundry.engines.reading.model import Type
from sundry.insight.observatory.rules import Standing, StatementView
from sundry.insight.observatory.views import statement_rows, statement_views

OF_ONE_NAME_MAX: Final = 40
OF_ONE_NUMBER_MAX: Final = 10
NUMBERS_MAX: Final = 2_000
"""Of a page that are looked up: what has more is a table."""
FETCHED_MAX: Final = 2_000
_TOLD = (Type.LEVEL, Type.COUNT)  # the same 12.5 亿元 is perhaps one thing; the same 3% is not

_FIND = """
    SELECT found.id
    FROM unnest(%(keys)s::varchar[], %(regions)s::varchar[]) AS wanted (key, region)
    CROSS JOIN LATERAL (
        SELECT id FROM observatory_statement AS other
        WHERE other.indicator_key = wanted.key AND other.region_code = wanted.region
            AND other.standing = 'published' AND other.page_id <> %(page)s
        ORDER BY other.ends_on DESC NULLS LAST, other.id DESC LIMIT %(of_name)s
    ) AS found
    UNION
    SELECT found.id
    FROM unnest(%(units)s::varchar[], %(values)s::numeric[]) AS wanted (unit, value)
    CROSS JOIN LATERAL (
        SELECT id FROM observatory_statement AS other
        WHERE other.base_unit = wanted.unit AND other.base_value = wanted.value
            AND other.type IN ('level', 'count')
            AND other.standing = 'published' AND other.page_id <> %(page)s
        ORDER BY other.id DESC LIMIT %(of_number)s
    ) AS found
    LIMIT %(most)s
"""


def related(
    statements: Sequence[StatementView], *, apart_from: uuid.UUID, and_also: Collection[uuid.UUID] = ()
) -> tuple[StatementView, ...]:
    """Published statements of other pages than `apart_from`, and those of the ids `and_also`, if of other pages."""
    published = [one for one in statements if one.standing is Standing.PUBLISHED]
    names = dict.fromkeys((one.indicator_key, one.region_code) for one in published if one.indicator_key)
    numbers = dict.fromkeys((one.base_unit, one.base_value) for one in published if _is_told(one))
    wanted_names, wanted_numbers = list(names)[:NUMBERS_MAX], list(numbers)[:NUMBERS_MAX]
    values: dict[str, Any] = {
        "keys": [key for key, _ in wanted_names],
        "regions": [region for _, region in wanted_names],
        "units": [unit for unit, _ in wanted_numbers],
        "values": [value for _, value in wanted_numbers],
        "page": apart_from,
        "of_name": OF_ONE_NAME_MAX,
        "of_number": OF_ONE_NUMBER_MAX,
        "most": FETCHED_MAX,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIND, values)
        found = [row[0] for row in cursor.fetchall()]
    return statements_of([*found, *and_also], apart_from=apart_from)


def statements_of(ids: Collection[uuid.UUID], *, apart_from: uuid.UUID) -> tuple[StatementView, ...]:
    """The statements of these ids that are not of that page."""
    return statement_views(statement_rows().filter(id__in=ids).exclude(page=apart_from).order_by("id"))


def _is_told(one: StatementView) -> bool:
    return one.type in _TOLD and one.base_value is not None and one.base_value != 0
