"""A turn for everybody in front of the shop window: who copies the whole market waits, and nobody else.

Problem: what is on show is for the public, and a program that takes it all at a hundred pages a second leaves nothing
for a buyer on a phone. A counter in the database would be asked a hundred times a second as well. Therefore each
address has a bucket of turns in this process, which fills as time goes by and is looked at before anything else is:
no session, no statement of SQL. There is one process that serves pages (web/serve.py), so one set of buckets is all.

Worked case: a page costs one turn, 60 lie in a full bucket, ten come back a second. Who opens sixty results in sixty
tabs gets them; of a hundred a second the sixty-seventh or so is refused, with "come again in a second", and from then
on ten a second are answered. Photos have buckets of their own, twenty times as large, since a page shows that many.
Lists for machines have small ones: a part of the sitemap names ten thousand goods, and costs as much as ten pages.

Who asks is counted by her whole IPv4 address or her /64 (`counted_address`). A bucket that is full again is the same as
none, so what nobody asked for lately is forgotten and the table stays small.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from time import monotonic
from typing import Final

from django.http import HttpRequest, HttpResponse

from sundry.base.access.rules import counted_address
from sundry.web.middleware import address_of

ADDRESSES_MAX: Final = 50_000  # whose bucket is remembered
SHOP_WINDOW: Final = (
    *("/search/", "/goods/", "/products/", "/stalls/", "/s/", "/categories/", "/collections/", "/map/"),
    "/wanted/",
)
LISTS: Final = "/sitemap"
PHOTOS: Final = "/photos/"

Answer = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Pace:
    """`at_once`: turns in a full bucket. `a_second`: how many come back."""

    at_once: int
    a_second: int


PAGES: Final = Pace(at_once=60, a_second=10)
MACHINES: Final = Pace(at_once=10, a_second=1)
PICTURES: Final = Pace(at_once=1_200, a_second=200)


class Buckets:
    """The buckets of all addresses, for many threads. `clock`: seconds that never go back."""

    def __init__(self, pace: Pace, *, clock: Callable[[], float] = monotonic, most: int = ADDRESSES_MAX) -> None:
        self.pace = pace
        self._clock = clock
        self._most = most
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # turns, and when there were as many
        self._lock = threading.Lock()

    def wait_seconds(self, address: str) -> int:
        """0 and one turn less, or after how many whole seconds there will be one."""
        now = self._clock()
        with self._lock:
            turns, since = self._left.pop(address, (float(self.pace.at_once), now))
            turns = min(self.pace.at_once, turns + (now - since) * self.pace.a_second)
            wait = 0 if turns >= 1 else max(1, ceil((1 - turns) / self.pace.a_second))
            self._left[address] = (turns if wait else turns - 1, now)
            if len(self._left) > self._most:
                self._left.popitem(last=False)  # who has not asked for the longest time
        return wait

    def clear(self) -> None:
        with self._lock:
            self._left.clear()

    def __len__(self) -> int:
        return len(self._left)


pages, pictures, lists = Buckets(PAGES), Buckets(PICTURES), Buckets(MACHINES)


class Turns:
    """The middleware. It stands behind the language, so that the refusal speaks it, and before everything else."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        buckets = _buckets(request.path_info)
        if buckets is not None and (wait := buckets.wait_seconds(counted_address(address_of(request)))):
            from sundry.web.pages.refusals import too_many

            return too_many(request, wait)
        return self.get_response(request)


def _buckets(path: str) -> Buckets | None:
    if path.startswith(PHOTOS):
        return pictures
    if path.startswith(LISTS):
        return lists
    return pages if path == "/" or path.startswith(SHOP_WINDOW) else None
