"""The pages of the sample paper in the observatory: imported, read, and looked at by the county here and there.

They go the way that every page goes, with the actions that the county's office uses. What the pages say on purpose that
does not come out, a misprint and a revision, is left for whoever looks to find. The parts of the sum that fails were
asked about; the county says that they are printed so, and everybody sees the check and the repair that it proposes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sundry.base.access.rules import Actor
from sundry.insight.observatory import actions, queries
from sundry.insight.observatory.rules import Sought, Verdict
from sundry.simulation.sample_press import SamplePage, home

# Page, words of the statement, what the county says of it.
SAID: Final = (
    ("page-1", "手机上点一点", Verdict.NOT_A_QUANTITY),
    ("page-2", "61.8亿元", Verdict.RIGHT),
    ("page-2", "1.28亿元", Verdict.RIGHT),
    ("page-3", "两台烘干机", Verdict.RIGHT),
)


def file_name(page: SamplePage) -> str:
    return f"{page.name}.txt"


def is_there(page: SamplePage) -> bool:
    return queries.page_of_file(page.text.encode()) is not None


def add(page: SamplePage, *, actor: Actor, now: datetime) -> None:
    """Import and read it, with its day only where it does not say that itself; then what the county says."""
    made = actions.import_files(
        actor=actor,
        files=[(file_name(page), page.text.encode())],
        issued=None if page.tells_issue else page.issued,
        home=home(),
        then_read=False,
    )
    read = actions.next_page(import_id=made)
    assert read is not None
    actions.read_page(page=read, now=now)
    said = queries.statements(Sought(page=read, standing=None), limit=500)
    for name, words, verdict in SAID:
        if name == page.name:
            one = next(one for one in said if words in one.quote)
            actions.correct(actor=actor, statement=one.id, verdict=verdict, changes={}, now=now)


def take_away(page: SamplePage, *, actor: Actor) -> None:
    found = queries.page_of_file(page.text.encode())
    if found is not None:
        actions.remove_page(actor=actor, page=found)
