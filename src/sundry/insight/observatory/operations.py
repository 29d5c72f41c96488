"""What may be asked of the observatory, by a page or the API.

Pages, statements, series and checks are nobody's: who may look sees all that is published. What waits for review is for
the offices that answer for the figures, the county's and the market's; they import, set dates and correct. Where the
market opens its observatory to the public (`Operation.open_pages`), visitors read what is published, and nothing else.
"""

from __future__ import annotations

from typing import Final

from sundry.base.access.rules import SIGNED_IN, Actor, Kind, Operation, of_kinds

OFFICES: Final = of_kinds(Kind.COUNTY, Kind.OPERATOR)
LOOKING_ON: Final = of_kinds(Kind.COUNTY, Kind.OPERATOR, Kind.AUDITOR)

PAGE_LIST = Operation("observatory.page.list", own=SIGNED_IN, open_pages=True)
PAGE_READ = Operation("observatory.page.read", own=SIGNED_IN, open_pages=True)
STATEMENT_LIST = Operation("observatory.statement.list", own=SIGNED_IN, open_pages=True)
STATEMENT_READ = Operation("observatory.statement.read", own=SIGNED_IN, open_pages=True)
SERIES_LIST = Operation("observatory.series.list", own=SIGNED_IN, open_pages=True)
SERIES_READ = Operation("observatory.series.read", own=SIGNED_IN, open_pages=True)
CHECK_LIST = Operation("observatory.check.list", own=SIGNED_IN, open_pages=True)
ENTITY_LIST = Operation("observatory.entity.list", own=SIGNED_IN, open_pages=True)
EXPORT = Operation("observatory.statement.export", own=SIGNED_IN, open_pages=True)

IMPORT = Operation("observatory.page.import", own=OFFICES, audited=True)
IMPORT_READ = Operation("observatory.import.read", own=OFFICES)
IMPORT_STOP = Operation("observatory.import.stop", own=OFFICES, audited=True)
DATE = Operation("observatory.page.date", own=OFFICES, audited=True)
REMOVE = Operation("observatory.page.remove", own=OFFICES, audited=True)
REVIEW = Operation("observatory.statement.review", own=LOOKING_ON)
CORRECT = Operation("observatory.statement.correct", own=OFFICES, audited=True)


def sees_unpublished(actor: Actor) -> bool:
    """Whether statements that wait, and those that were rejected, are shown to her."""
    return actor.role in LOOKING_ON
