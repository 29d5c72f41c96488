"""Goods by the hundred thousand: composed, loaded by COPY, and shown; against a bare COPY and against one by one.

Wanted: at least 4,000 goods loaded a second of one core; a page of the shop window within 60 ms of CPU (p95). CPU is
what our process and PostgreSQL with all its processes computed together; on a busy machine nothing else says much.

    key                                 what it is
    composed_a_core_second              goods of the simulated market, no database
    loaded_a_core_second                `bulk.load_goods` of goods that lie ready, with variants and photos, all keys,
                                        indexes and constraints: a round is one market, in blocks of 5,000
    bare_copy_a_core_second             the same lines, written before, COPY into tables without any of these
    load_to_bare_copy                   how many times the CPU of the bare COPY a load takes
    one_by_one_a_core_second            `actions.add_good`, as a page calls it, for some of the same goods
    load_to_one_by_one                  how many times the rate of one by one a load has
    search_page_cpu_ms_p95 ...          Django's test client against the address, the whole stack of middleware
    index_goods_a_core_second           `indexing.rebuild` of all of it

Pages are asked for when all rounds are loaded, or in a larger market (`--with goods=2100000`), whose goods come after
what was measured. Rounds alternate; a key is the median of its rounds. The work is done by a process of its own, so
that neither its data folder nor Django's settings stay behind.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple
from urllib.parse import quote

import psutil

GOODS_A_STALL = 50
LANGUAGES = ("zh-hans", "en", "ar", "es", "fr", "ru")


class Effort(NamedTuple):
    """How much is measured."""

    rounds: int
    goods: int  # of a round
    one_by_one: int
    pages: int  # of each kind
    shown: int = 0  # goods that are in the market when its pages are asked for, if more than the rounds loaded


QUICK = Effort(2, 5_000, 50, 30)
FULL = Effort(3, 20_000, 200, 200)
SETTINGS = {"goods": "how many goods are in the market when its pages are asked for (2,100,000 take an hour)"}


def run(quick: bool, console: Any, settings: dict[str, str]) -> dict[str, Any]:
    effort = (QUICK if quick else FULL)._replace(shown=int(settings.get("goods", "0").replace(",", "")))
    console.print(f"{effort.rounds} markets of {effort.goods:,} goods, and {effort.pages} pages of each kind")
    with tempfile.TemporaryDirectory(prefix="sundry-bench-") as folder:
        environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environ |= {"SUNDRY_DATA_DIR": f"{folder}/data", "SUNDRY_MARKET": "sample", "SUNDRY_SAMPLE_GOODS": "0"}
        environ |= {"DJANGO_SETTINGS_MODULE": "sundry.web.settings"}
        command = [sys.executable, __file__, *map(str, effort)]
        done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, check=True, text=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


class Cpu:
    """CPU of this process and of the database server, in seconds, since it was made."""

    def __init__(self, postmaster: int) -> None:
        self._server = psutil.Process(postmaster)
        self._server_s = self._server_cpu()  # which takes some CPU itself: before our clock is read
        self._client_s = time.process_time()

    def spent(self) -> tuple[float, float]:
        """By our process, by the server."""
        return time.process_time() - self._client_s, self._server_cpu() - self._server_s

    def _server_cpu(self) -> float:
        """Of processes that have ended too: they are counted by the first."""
        times = self._server.cpu_times()
        spent = times.user + times.system + times.children_user + times.children_system
        for child in self._server.children():
            try:
                times = child.cpu_times()
            except psutil.Error:
                continue
            spent += times.user + times.system
        return float(spent)


class Bench:
    """A market without goods, and how things are measured in it."""

    def __init__(self, effort: Effort, server: Any, owner: dict[str, Any]) -> None:
        self.effort, self.server, self.owner = effort, server, owner
        self.album: Any = None

    def cpu(self) -> Cpu:
        postmaster = self.server.postmaster()
        assert postmaster is not None
        return Cpu(postmaster)

    def rate(self, items: int, work: Callable[[], object]) -> float:
        """Items a second of one core."""
        cpu = self.cpu()
        work()
        return items / sum(cpu.spent())

    def figures(self) -> dict[str, Any]:
        rounds = [self._round(seed) for seed in range(self.effort.rounds)]
        told = {name: median(one[name] for one in rounds) for name in rounds[0]}
        figures: dict[str, Any] = {f"{name}_a_core_second": round(rate) for name, rate in told.items()}
        figures["load_to_bare_copy"] = round(median(one["bare_copy"] / one["loaded"] for one in rounds), 2)
        figures["load_to_one_by_one"] = round(median(one["loaded"] / one["one_by_one"] for one in rounds), 1)
        figures["goods_of_a_round"] = self.effort.goods
        figures["loaded_rounds"] = [round(one["loaded"]) for one in rounds]
        self._fill()
        return figures | self._index() | self._pages()

    def _fill(self) -> None:
        """Goods of one more market, as many as are missing."""
        from sundry.simulation.market import Market, loading

        missing = self.effort.shown - self.effort.rounds * self.effort.goods
        if missing > 0:
            loading.load(Market(missing, max(missing // GOODS_A_STALL, 1), self.effort.rounds))

    def _round(self, seed: int) -> dict[str, float]:
        """One market of its own: composed, loaded, copied bare; some of its goods once more, one by one."""
        from sundry.goods.catalogue import bulk
        from sundry.simulation.market import Market, composing, loading

        market = Market(self.effort.goods, max(self.effort.goods // GOODS_A_STALL, 1), seed)
        goods = list(composing.goods(market, album=self.album))  # what was never drawn is drawn now
        composed = self.rate(market.goods, lambda: sum(1 for _ in composing.goods(market, album=self.album)))
        loading.load_stalls(market, self.album("paper", 0).file)
        loaded = self.rate(market.goods, lambda: bulk.load_goods(goods, announce=False))
        bare = self._bare_copy(goods)
        return {"composed": composed, "loaded": loaded, "bare_copy": bare, "one_by_one": self._one_by_one(goods)}

    def _bare_copy(self, goods: list[Any]) -> float:
        """COPY of the lines that a load writes, into tables that have its columns and nothing else."""
        import psycopg

        from sundry.goods.catalogue import bulk_rows

        tables = {
            "good": (bulk_rows.GOOD_COLUMNS, [bulk_rows.good_row(good, at) for at, good in enumerate(goods)]),
            "goodvariant": (bulk_rows.VARIANT_COLUMNS, [row for good in goods for row in bulk_rows.variant_rows(good)]),
            "goodphoto": (bulk_rows.PHOTO_COLUMNS, [row for good in goods for row in bulk_rows.photo_rows(good)]),
        }
        with psycopg.connect(**self.owner, options="-c role=sundry") as database:
            for table in tables:
                database.execute(f"DROP TABLE IF EXISTS bare_{table}")
                database.execute(f"CREATE TABLE bare_{table} AS SELECT * FROM catalogue_{table} WHERE false")
            database.commit()

            def copied() -> None:
                for table, (columns, rows) in tables.items():
                    with database.cursor().copy(f"COPY bare_{table} ({columns}) FROM STDIN") as copy:
                        for start in range(0, len(rows), 500):
                            copy.write("".join(rows[start : start + 500]))
                database.commit()

            return self.rate(len(goods), copied)

    def _one_by_one(self, goods: list[Any]) -> float:
        """As whoever holds the first stall adds goods to it."""
        from django.utils import timezone

        from sundry.goods.catalogue import actions

        actor = _stall_holder(goods[0].stall)
        few = goods[: self.effort.one_by_one]

        def added() -> None:
            for good in few:
                photos = list(dict.fromkeys(photo.file for photo in good.photos))
                actions.add_good(
                    actor=actor, stall=few[0].stall, draft=good.draft, photos=photos, submit=True, now=timezone.now()
                )

        return self.rate(len(few), added)

    def _index(self) -> dict[str, Any]:
        from sundry.goods.catalogue import indexing

        cpu = self.cpu()
        indexed = indexing.rebuild()
        return {"index_goods_a_core_second": round(indexed / sum(cpu.spent())), "goods_on_show": indexed}

    def _pages(self) -> dict[str, Any]:
        """Each address is asked once before; every question comes from an address of its own, so nobody has to wait."""
        from django.test import Client

        figures: dict[str, Any] = {}
        visitors = count(1)
        handler = Client().handler  # a server makes its middleware once, which looks at all static files
        for kind, addresses in self._addresses().items():
            spent: list[tuple[float, float]] = []
            for at, address in enumerate([*addresses[:6], *addresses]):
                browser = Client(headers={"host": "127.0.0.1", "accept-language": LANGUAGES[at % len(LANGUAGES)]})
                browser.handler = handler
                visitor = next(visitors)
                cpu = self.cpu()
                answer = browser.get(address, REMOTE_ADDR=f"10.{visitor >> 16}.{visitor >> 8 & 255}.{visitor & 255}")
                assert answer.status_code == 200, (address, answer.status_code)
                if at >= 6:
                    spent.append(cpu.spent())
            ours = [client * 1e3 for client, _ in spent]
            figures[f"{kind}_page_cpu_ms_p95"] = round(quantiles(ours, n=20)[-1], 1)
            figures[f"{kind}_page_cpu_ms_median"] = round(median(ours), 1)
            figures[f"{kind}_page_server_cpu_ms_mean"] = round(1e3 * sum(server for _, server in spent) / len(spent), 1)
        return figures

    def _addresses(self) -> dict[str, list[str]]:
        """Searches for names of concepts in each language, goods and stalls from here and there."""
        from sundry.engines.searching.lexicon import LANGUAGES as SPOKEN
        from sundry.goods.catalogue.models import Good, Stall
        from sundry.simulation.market.kinds import kinds

        nouns = [noun for of in kinds().values() for kind in of for noun in kind.nouns]
        pages = self.effort.pages
        said = [nouns[at * len(nouns) // pages].forms[SPOKEN[at % len(SPOKEN)]][0] for at in range(pages)]
        goods = list(Good.objects.filter(state="listed").order_by("id").values_list("number", flat=True))
        stalls = list(Stall.objects.order_by("id").values_list("number", flat=True))
        return {
            "search": [f"/search/?q={quote(words)}" for words in said],
            "good": [f"/goods/{goods[at * len(goods) // pages]}/" for at in range(pages)],
            "stall": [f"/stalls/{stalls[at * len(stalls) // pages]}/" for at in range(pages)],
        }


def _stall_holder(stall: uuid.UUID) -> Any:
    """Somebody whom the stall was given to."""
    from django.utils import timezone

    from sundry.base.access.rules import Actor, Kind, Position, Through, role_of
    from sundry.base.parties import actions as parties
    from sundry.base.parties.rules import Address
    from sundry.goods.catalogue import actions_stalls

    operator = Actor(role=role_of(Kind.OPERATOR, Position.ADMINISTRATOR), through=Through.COMMAND)
    address = Address(email=f"{stall.hex}@market.example")
    person = parties.register_person(actor=Actor(through=Through.COMMAND), address=address, name="Stall holder")
    own = parties.register_organisation(actor=Actor(person=person), kind=Kind.STALL, name="Stall")
    actions_stalls.claim(actor=operator, stall=stall, organisation=own, now=timezone.now())
    role = role_of(Kind.STALL, Position.ADMINISTRATOR)
    return Actor(role=role, person=person, organisation=own, through=Through.PAGE)


@contextmanager
def _market(effort: Effort) -> Iterator[Bench]:
    """An embedded server with the tables of a market; Django is set up in this process from here on."""
    from sundry.web.embedded import Server

    server = Server(Path(os.environ["SUNDRY_DATA_DIR"]))
    with server.used() as place:
        subprocess.run([sys.executable, "-m", "sundry.web.cli", "migrate"], stdout=subprocess.DEVNULL, check=True)
        import django

        django.setup()
        from django.conf import settings

        from sundry.simulation.market import drawings
        from sundry.web.prepare import collect_static

        collect_static(settings.STATIC_ROOT)
        bench = Bench(effort, server, place.libpq())
        bench.album = drawings.Album().photo
        yield bench


if __name__ == "__main__":
    with _market(Effort(*map(int, sys.argv[1:]))) as measured:
        print(json.dumps(measured.figures()))
