"""Orders of 20 lines over 5 stalls, placed and confirmed: statements, and how many a second of one core.

Wanted: at most 25 SQL statements for placing and confirming, as many at 200 lines; at least 50 orders a core-second.
CPU is what our process and PostgreSQL with all its processes computed together; on a busy machine nothing else says
much. An order is asked for as a page asks (`decide` for both operations), is placed by `place_wishes` and confirmed by
one `confirm`: five stalls of one merchant. Everything is on: findings, locks, stock counts, ledger, audit log, webhook
events, notices, the timeline. Statements are counted as they are sent, on psycopg's own cursors too, all but those that
begin and end a transaction.

    key                                 what it is
    statements_20_lines                 of placing and confirming, 5 stalls
    statements_200_lines                the same, 20 stalls
    statements_confirmed_one_by_one     where five merchants confirm: placing, and five times confirming
    orders_per_core_second              median of the rounds, goods that were ordered before
    first_orders_per_core_second        goods that nobody has ordered before: their accounts are opened, too
    rows_per_order                      that an order leaves, in all tables
    bare_inserts_per_core_second        the same number of rows of the same width, INSERTed by one prepared statement
                                        an order into tables without keys and indexes
    orders_to_bare_inserts              how many times the CPU of these an order takes
    edit_of_one_line_ms_cpu             `change_line` in a basket of 1,000 lines
    http_orders_per_core_second         over the API with two tokens, from `sundry run` (gunicorn): what the web
                                        processes and PostgreSQL computed; who asks is not counted
    sheet_import_seconds                a workbook of 5,000 lines with 2,000 pictures becomes a basket; wanted: under
                                        20 (`_orders_sheet.py`)

The database is told to look at its tables (ANALYZE) after the first orders, as it does by itself within minutes.

`--with peers=yes` measures the first four and, in rounds that alternate with ours, django-oscar and Tryton on the same
server (`_orders_peers.py`): their orders a core-second, and how many of ours cost as much as one of theirs. These
figures are kept apart, in `results/orders-peers.json`.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, NamedTuple

import _orders_peers as beside
from _orders_round import listening
from _orders_sheet import run as import_of_a_list

from sundry.kernel.errors import UsageError
from sundry.web import bench

STALLS = 40
GOODS_A_STALL = 50
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
PLENTY = 100_000_000


class Effort(NamedTuple):
    """How much is measured."""

    rounds: int
    orders: int  # of a round


QUICK = Effort(3, 40)
FULL = Effort(7, 200)

ABOUT_PEERS = """\
Orders of 20 lines beside django-oscar and Tryton, on the same server in rounds that alternate with ours. CPU of client
and server together. Not the same work: theirs is one order of one shop, without ledger, guarded stock, webhooks and
rights, and in Tryton's case without stalls; what is done and what is left out in their favour is said in
`_orders_oscar.py` and `_orders_tryton.py`. `only_placed_per_core_second`: Oscar's without the status that confirms;
Tryton's quoted and confirmed without a shipment."""
SETTINGS = {"peers": "yes: beside django-oscar and Tryton, in environments of their own; no"}


def run(quick: bool, console: Any, settings: Mapping[str, str]) -> dict[str, Any]:
    effort = QUICK if quick else FULL
    if settings.get("peers", "no") not in ("yes", "no"):
        wrong = f"peers={settings['peers']}"
        raise UsageError("bench_setting_unknown", setting=wrong, name="orders", known=SETTINGS["peers"])
    if settings.get("peers") == "yes":
        return _with_peers(quick, effort, console)
    console.print(f"{effort.rounds} rounds of {effort.orders} orders, each of 20 lines over 5 stalls")
    figures = _in_a_process_of_its_own(effort)
    console.print("A list with pictures becomes a basket")
    return figures | import_of_a_list(quick)


def _with_peers(quick: bool, effort: Effort, console: Any) -> dict[str, Any]:
    pythons, left_out = beside.pythons(console)
    of_theirs = beside.QUICK if quick else beside.FULL
    console.print(f"{effort.rounds} rounds, of {effort.orders} orders of ours and {of_theirs.orders} of each peer")
    figures = _in_a_process_of_its_own(effort, json.dumps([pythons, of_theirs]))
    figures["left_out"] = left_out | figures["left_out"]
    if not quick:
        bench.record(bench.BENCH, _result(figures))
    return figures


def _result(figures: dict[str, Any]) -> dict[str, Any]:
    return {
        "bench": "orders-peers",
        "about": ABOUT_PEERS,
        "command": "sundry bench orders --with peers=yes",
        "day": datetime.now(UTC).date().isoformat(),
        "seconds": figures["took_s"],
        "machine": bench.machine(),
        "figures": figures,
    }


def _in_a_process_of_its_own(effort: Effort, *more: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="sundry-bench-") as folder:
        environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environ |= {"SUNDRY_DATA_DIR": f"{folder}/data", "SUNDRY_MARKET": "sample", "SUNDRY_SAMPLE_GOODS": "0"}
        environ |= {"DJANGO_SETTINGS_MODULE": "sundry.web.settings"}
        command = [sys.executable, __file__, *map(str, effort), *more]
        done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, check=True, text=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


class Market:
    """A merchant with stalls, five others with one each, a buyer; goods by stall, of which nothing was ordered yet."""

    def __init__(self) -> None:
        from sundry.base.access.rules import Kind

        self.operator = _founder("Operator", Kind.OPERATOR)
        self.merchant, self.buyer = _founder("Merchant", Kind.MERCHANT), _founder("Buyer", Kind.BUYER)
        self.others = [_founder(f"Stall {at}", Kind.STALL) for at in range(5)]
        self.goods = self._stalls([self.merchant] * STALLS)
        self.of_others = self._stalls(self.others)

    def _stalls(self, holders: Sequence[Any]) -> list[list[int]]:
        """The numbers of each stall's goods."""
        from sundry.goods.catalogue import bulk
        from sundry.goods.catalogue.bulk_rows import LoadedGood, LoadedStall
        from sundry.goods.catalogue.models import Good
        from sundry.goods.catalogue.rules import Carton, Draft, Hall, Place, Step
        from sundry.kernel.identifiers import new_id

        ids = [new_id() for _ in holders]
        stalls = [
            LoadedStall(
                id_, Place("1", 2, "C", id_.hex[-8:]), {"zh": "日用百货"}, f"s-{id_}", organisation=one.organisation
            )
            for id_, one in zip(ids, holders, strict=True)
        ]
        bulk.load_stalls(stalls, halls=[Hall("1", {"zh": "一区"}, {})])
        draft = Draft(
            names={"zh": "不锈钢吸管杯 500ml", "en": "Stainless steel straw cup, 500 ml"},
            item_number="YS-1204",
            ladder=(Step(12, 1280), Step(240, 1130), Step(1200, 980)),
            carton=Carton(48, 600, 400, 400, 16_500, 15_200),
            hs_code="732393",
            stock_pieces=PLENTY,
        )
        goods = [LoadedGood(new_id(), stall, draft, NOON) for stall in ids for _ in range(GOODS_A_STALL)]
        bulk.load_goods(goods, announce=False)
        numbers = dict(Good.objects.filter(id__in=[good.id for good in goods]).values_list("id", "number"))
        return [[numbers[good.id] for good in goods if good.stall == stall] for stall in ids]

    def wishes(self, chance: Random, stalls: int = 5, lines: int = 20, of: list[list[int]] | None = None) -> list[Any]:
        from sundry.goods.orders.order_rules import Wish

        chosen = chance.sample(of or self.goods, stalls)
        each = lines // stalls
        return [
            Wish(pieces=12 * chance.randint(1, 120), good=good)
            for goods in chosen
            for good in chance.sample(goods, each)
        ]

    def place(self, wishes: Sequence[Any]) -> Any:
        from sundry.base.access.rules import Decision, decide
        from sundry.goods.orders.actions_placing import place_wishes
        from sundry.goods.orders.operations import ORDER_PLACE
        from sundry.goods.orders.order_rules import Head
        from sundry.kernel.identifiers import new_id

        assert decide(ORDER_PLACE, self.buyer) is Decision.ALLOWED
        return place_wishes(
            actor=self.buyer, head=Head(destination="SN"), wishes=wishes, key=new_id(), now=datetime.now(UTC)
        )

    def confirm(self, actor: Any, subs: Sequence[Any]) -> None:
        from sundry.base.access.rules import Decision, decide
        from sundry.goods.orders.actions_answering import confirm
        from sundry.goods.orders.operations import SALE_ANSWER

        assert decide(SALE_ANSWER, actor) is Decision.ALLOWED
        confirm(actor=actor, subs=subs, now=datetime.now(UTC))

    def subs(self, order: int) -> list[Any]:
        """Which a page has read before it asks for anything, so it is not measured with it."""
        from sundry.goods.orders.models import SubOrder

        return list(SubOrder.objects.filter(order__number=order).order_by("position").values_list("id", flat=True))


class Bench:
    def __init__(self, effort: Effort, server: Any, owner: dict[str, Any]) -> None:
        self.effort, self.server, self.owner = effort, server, owner
        self.market = Market()
        self.chance = Random(7)

    def figures(self) -> dict[str, Any]:
        figures: dict[str, Any] = self._statements()
        first = self._prepared()
        before = self._rows()
        rounds = [self._rate(self._some()) for _ in range(self.effort.rounds)]
        rows = (self._rows() - before) / (self.effort.rounds * self.effort.orders)
        bare = median(self._bare(round(rows)) for _ in range(self.effort.rounds))
        figures |= _told(rounds) | {
            "first_orders_per_core_second": round(first, 1),
            "rows_per_order": round(rows, 1),
            "bare_inserts_per_core_second": round(bare),
            "orders_to_bare_inserts": round(bare / median(rate for rate, _, _ in rounds), 1),
        }
        return figures | self._edit() | {"http_orders_per_core_second": round(self._over_http(), 1)}

    def figures_beside(self, pythons: Mapping[str, str], effort: beside.Effort) -> dict[str, Any]:
        """Ours and those of each driver; who fails is left out from there on, with what it said."""
        shop, place = effort.shop, (self.owner["host"], self.owner["user"])
        figures, left_out = self._statements(), {}
        with ExitStack() as working:
            drivers = [
                working.enter_context(beside.started(driver, python, *place, shop, self._server_cpu))
                for driver, python in pythons.items()
            ]

            def work(orders: int) -> None:
                for driver in [one for one in drivers if one.name not in left_out]:
                    try:
                        driver.round(beside.some(self.chance, orders, shop))
                    except RuntimeError as fault:
                        left_out[driver.name] = str(fault)

            self._prepared()
            work(effort.warm_up)
            self._analyse(*(one.database for one in drivers if one.name not in left_out))
            for driver in drivers:
                driver.forget()
            rounds = []
            for _ in range(self.effort.rounds):
                rounds.append(self._rate(self._some()))
                work(effort.orders)
            known = [driver for driver in drivers if driver.name not in left_out]
            return figures | _told(rounds) | {"peers": beside.figures(rounds, known), "left_out": left_out}

    def _prepared(self) -> float:
        """Every good was ordered before, and what is prepared is prepared. The rate of first orders."""
        first, _, _ = self._rate(every_good_once(self.market, min(self.effort.orders, STALLS * GOODS_A_STALL // 20)))
        self._rate(every_good_once(self.market, STALLS * GOODS_A_STALL // 20))
        self._analyse()
        self._rate(self._some()[:20])  # planned anew
        return first

    def _analyse(self, *others: str) -> None:
        import psycopg

        for name in others or (self.owner["dbname"],):
            with psycopg.connect(**self.owner | {"dbname": name}, autocommit=True) as database:
                database.execute("ANALYZE")

    def _over_http(self) -> float:
        """Orders a core-second that come as JSON, by connections that stay open."""
        orders = [self.market.wishes(self.chance) for _ in range(min(self.effort.orders, 100))]
        buyer, merchant = _token(self.market.buyer), _token(self.market.merchant)
        with _served() as (port, supervisor):
            placing = [{"head": {}, "lines": [{"pieces": one.pieces, "good": one.good} for one in of]} for of in orders]
            door = http.client.HTTPConnection("127.0.0.1", port)
            _ask(door, "/api/orders/placed", buyer, placing[0])  # everything is loaded
            before = _cpu_of_tree(supervisor) + self._server_cpu()
            placed = [_ask(door, "/api/orders/placed", buyer, body) for body in placing[1:]]
            spent = _cpu_of_tree(supervisor) + self._server_cpu() - before
            subs = [self.market.subs(one["order"]) for one in placed]
            before = _cpu_of_tree(supervisor) + self._server_cpu()
            for of_one in subs:
                _ask(door, "/api/sales/confirm", merchant, {"subs": list(map(str, of_one))})
            spent += _cpu_of_tree(supervisor) + self._server_cpu() - before
        return len(placed) / spent

    def _server_cpu(self) -> float:
        return float(self._cpu()._server_cpu())

    def _some(self) -> list[list[Any]]:
        return [self.market.wishes(self.chance) for _ in range(self.effort.orders)]

    def _cpu(self) -> Any:
        postmaster = self.server.postmaster()
        assert postmaster is not None
        return _catalogue().Cpu(postmaster)

    def _rate(self, orders: Sequence[Sequence[Any]]) -> tuple[float, float, float]:
        """Orders a core-second; milliseconds of the client, of the server, for one. All are placed, then all are
        confirmed: looking at the processes' clocks takes longer than an order. What a confirming stall has to know (the
        ids of its sub-orders) is looked up outside of what is measured."""
        cpu = self._cpu()
        placed = [self.market.place(wishes) for wishes in orders]
        spent = [cpu.spent()]
        subs = [self.market.subs(one.order) for one in placed]
        cpu = self._cpu()
        for of_one in subs:
            self.market.confirm(self.market.merchant, of_one)
        spent.append(cpu.spent())
        client, server = map(sum, zip(*spent, strict=True))
        count = len(orders)
        return count / (client + server), 1e3 * client / count, 1e3 * server / count

    def _statements(self) -> dict[str, Any]:
        counted = {}
        for name, stalls, lines in (("20", 5, 20), ("200", 20, 200)):
            wishes = self.market.wishes(self.chance, stalls, lines)
            with listening() as sent:
                placed = self.market.place(wishes)
            placing = len(sent)
            subs = self.market.subs(placed.order)
            with listening() as sent:
                self.market.confirm(self.market.merchant, subs)
            counted[f"statements_{name}_lines"] = placing + len(sent)
            counted[f"statements_{name}_lines_placing"] = placing
        wishes = self.market.wishes(self.chance, of=self.market.of_others)
        with listening() as sent:
            placed = self.market.place(wishes)
        total = len(sent)
        for sub in self.market.subs(placed.order):
            holder = next(one for one in self.market.others if one.organisation == _seller(sub))
            with listening() as sent:
                self.market.confirm(holder, [sub])
            total += len(sent)
        return counted | {"statements_confirmed_one_by_one": total}

    def _rows(self) -> int:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {' + '.join(f'(SELECT count(*) FROM {table})' for table in TABLES)}")
            return int(cursor.fetchone()[0])

    def _bare(self, rows: int) -> float:
        """Orders a core-second whose rows are only INSERTed: as many, of a usual width, in a transaction each."""
        import psycopg

        text = "x" * 400
        with psycopg.connect(**self.owner, options="-c role=sundry", autocommit=True) as database:
            database.execute("DROP TABLE IF EXISTS bare_order")
            database.execute("CREATE TABLE bare_order (id uuid, row text)")
            from sundry.kernel.identifiers import new_id

            cpu = self._cpu()
            for _ in range(self.effort.orders):
                ids = [new_id() for _ in range(rows)]
                database.execute(
                    "INSERT INTO bare_order SELECT id, %s FROM unnest(%s::uuid[]) AS id", [text, ids], prepare=True
                )
            return self.effort.orders / sum(cpu.spent())

    def _edit(self) -> dict[str, Any]:
        from sundry.goods.orders import actions_basket
        from sundry.goods.orders.models import Order, OrderLine
        from sundry.goods.orders.order_rules import Head

        now = datetime.now(UTC)
        actor = self.market.buyer
        basket = actions_basket.start(actor=actor, head=Head(), now=now)
        wishes = self.market.wishes(self.chance, 20, 1_000)
        actions_basket.put(actor=actor, order=basket, wishes=wishes, version=None, now=now)
        lines = list(OrderLine.objects.filter(order__number=basket).order_by("position").values_list("id", flat=True))
        spent = []
        for at in range(30):
            version = Order.objects.values_list("version", flat=True).get(number=basket)
            cpu = self._cpu()
            actions_basket.change_line(
                actor=actor, order=basket, line=lines[at * 7], pieces=24 + at, version=version, now=now
            )
            spent.append(sum(cpu.spent()) * 1e3)
        return {"edit_of_one_line_ms_cpu": round(sum(spent[5:]) / len(spent[5:]), 2), "edited_lines": len(lines)}


def _told(rounds: Sequence[tuple[float, float, float]]) -> dict[str, Any]:
    rates, client, server = zip(*rounds, strict=True)
    return {
        "orders_per_core_second": round(median(rates), 1),
        "orders_per_core_second_rounds": [round(rate, 1) for rate in rates],
        "client_ms_an_order": round(median(client), 2),
        "server_ms_an_order": round(median(server), 2),
    }


TABLES = (
    *("orders_order", "orders_suborder", "orders_orderline", "orders_orderevent", "ledger_event", "ledger_transfer"),
    *("ledger_account", "access_auditentry", "webhooks_event", "notifications_notice"),
)


def every_good_once(market: Market, orders: int) -> list[list[Any]]:
    """Orders in which every good comes once: five stalls, four goods of each."""
    from sundry.goods.orders.order_rules import Wish

    found = []
    for at in range(orders):
        group, turn = divmod(at, GOODS_A_STALL // 4)
        stalls = [market.goods[(group * 5 + place) % STALLS] for place in range(5)]
        found.append([Wish(pieces=24, good=good) for goods in stalls for good in goods[turn * 4 : turn * 4 + 4]])
    return found


def _token(actor: Any) -> str:
    from sundry.base.access import actions
    from sundry.goods.orders.operations import ORDER_PLACE, SALE_ANSWER

    scopes = [ORDER_PLACE.name, SALE_ANSWER.name]
    return str(actions.create_token(actor=actor, name="bench", scopes=scopes, days=1, now=datetime.now(UTC)).secret)


@contextmanager
def _served() -> Iterator[tuple[int, int]]:
    """`sundry run` on the market that is there: its port, its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "sundry.web.cli", "run", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        while process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health"):
                    break
            except OSError:
                time.sleep(0.05)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _ask(door: http.client.HTTPConnection, address: str, token: str, body: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    door.request("POST", address, json.dumps(body), headers)
    answer = door.getresponse()
    told = answer.read()
    assert answer.status in (200, 201, 204), (answer.status, told)
    return json.loads(told) if told else None


def _cpu_of_tree(root: int) -> float:
    """Seconds that the web processes have computed, PostgreSQL and the jobs aside."""
    import psutil

    spent = 0.0
    for process in psutil.Process(root).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if "sundry.web.serve" in process.cmdline():
                times = process.cpu_times()
                spent += times.user + times.system
    return spent


def _catalogue() -> Any:
    sys.path.insert(0, str(Path(__file__).parent))
    import catalogue

    sys.path.pop(0)
    return catalogue


def _seller(sub: Any) -> Any:
    from sundry.goods.orders.models import SubOrder

    return SubOrder.objects.values_list("seller", flat=True).get(id=sub)


def _founder(name: str, kind: Any) -> Any:
    from sundry.base.access.rules import PERSON, Actor, Kind, Position, Through, role_of
    from sundry.base.parties import actions as parties
    from sundry.base.parties import queries as people
    from sundry.base.parties.rules import Address

    address = Address(email=f"{name.replace(' ', '').lower()}@market.example")
    person = parties.register_person(actor=Actor(), address=address, name=name)
    if kind is Kind.OPERATOR:
        parties.found_operator(actor=Actor(), name=name, administrator=person)
    else:
        parties.register_organisation(
            actor=Actor(role=PERSON, person=person), kind=kind, name=name, administrator=person
        )
    (capacity,) = people.capacities(person)
    role = role_of(capacity.kind, Position.ADMINISTRATOR)
    return Actor(role=role, person=person, organisation=capacity.organisation, through=Through.PAGE)


@contextmanager
def _bench(effort: Effort) -> Iterator[Bench]:
    """An embedded server with the tables of a market; Django is set up in this process from here on."""
    from sundry.web.embedded import Server

    server = Server(Path(os.environ["SUNDRY_DATA_DIR"]))
    with server.used() as place:
        subprocess.run([sys.executable, "-m", "sundry.web.cli", "migrate"], stdout=subprocess.DEVNULL, check=True)
        import django

        django.setup()
        yield Bench(effort, server, place.libpq())


if __name__ == "__main__":
    started = time.monotonic()
    rounds, orders, *peers = sys.argv[1:]
    with _bench(Effort(int(rounds), int(orders))) as measured:
        if peers:
            pythons, of_theirs = json.loads(peers[0])
            found = measured.figures_beside(pythons, beside.Effort(*of_theirs))
        else:
            found = measured.figures()
        print(json.dumps(found | {"took_s": round(time.monotonic() - started)}))
