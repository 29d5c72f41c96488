"""kill -9 of the worker, of PostgreSQL and of the web server while a shipment is planned: nothing acknowledged is lost,
nothing half-made is shown, and the market mends itself."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from running_market import Page, RunningMarket, Visitor, wait_for

from sundry.simulation.order_book import write_sample

MENDED_S = 20  # in which a market whose database was killed answers again
PLAN_S = "2"
BOOKS_MOST = 6  # brought while the database dies

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("book") / "order.xlsx", stalls=10, lines=120).path


@pytest.fixture(scope="module")
def shipper(market: RunningMarket) -> Visitor:
    """Somebody of the warehouse, with a job of her own."""
    made = Visitor(market.address)
    made.sign_in("warehouse")
    return made


@pytest.fixture(scope="module")
def job(shipper: Visitor, book: Path) -> str:
    return shipper.ship(book)


def be_planned(shipper: Visitor, job: str) -> None:
    """Ask for the plan, and return when a worker has loaded its first cartons."""
    container = "40HC" if "40GP" in shipper.get(f"{job}options/").form("options/set").fields["container"] else "40GP"
    shipper.submit(shipper.get(f"{job}options/").form("options/set"), plan="yes", seconds=PLAN_S, container=container)
    wait_for("the plan to begin", lambda: shipper.get(job).tree.xpath("//*[@id='progress']//progress[@max]"))


@contextmanager
def watched(shipper: Visitor, job: str) -> Iterator[list[str]]:
    """Somebody looks at the job all the while; what she is shown that is neither "in progress" nor whole is kept."""
    wrong: list[str] = []
    is_over = threading.Event()

    def look() -> None:
        while not is_over.wait(0.1):
            for path in ("", "containers/", "files/"):
                try:
                    page = shipper.get(job + path)
                except OSError:
                    continue  # nobody answers for a moment
                if fault := half_made(page):
                    wrong.append(f"{path}: {page.status} {fault}")

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield wrong
    finally:
        is_over.set()
        looking.join()


def half_made(page: Page) -> str:
    """What is wrong about a page of a job that is being planned; "" if it is honest."""
    if page.status >= 500:
        return ""  # a fault of ours, told as one
    if page.status != 200:
        return page.words
    is_running = bool(page.tree.xpath("//*[@id='progress']"))
    shows_plan = bool(page.tree.xpath("//a[contains(@href, 'all.zip')][contains(@class, 'button')]"))
    if page.path.endswith("/files/"):
        papers = page.tree.xpath("//tbody/tr")
        drawings = [row for row in papers if row.xpath(".//a[contains(@href, 'layers-')]")]
        is_all = bool(drawings) and len(papers) == 7 + len(drawings)
        return "" if is_all or len(papers) in (0, 1) else f"{len(papers)} papers"
    if page.path.endswith("/containers/"):
        return "half a plan" if is_running and page.tree.xpath("//*[@class='loading-view']") else ""
    return "both running and planned" if is_running and shows_plan else ""


def is_whole(shipper: Visitor, job: str) -> None:
    """The job is planned, and all of it is there."""
    page = shipper.ready(job)
    assert page.tree.xpath("//a[contains(@href, 'all.zip')]"), page.words
    shipment = shipper.get(f"{job}files/shipment.json").json
    view = shipper.get(f"{job}containers.json").json
    loaded = [len(container["placements"]) for container in shipment["containers"]]
    assert [len(container["columns"][0]) for container in view["containers"]] == loaded
    left = sum(one["cartons"] for one in shipment["left_out"])
    assert sum(loaded) + left == sum(line["cartons"] for line in shipment["lines"])
    # The seven papers, and a drawing of each container.
    assert len(shipper.get(f"{job}files/").tree.xpath("//tbody/tr")) == 7 + len(loaded)


def unfinished(market: RunningMarket) -> list[Path]:
    return list((market.data_dir / "files" / "shipping").glob("*/unfinished-*"))


@pytest.mark.night  # tests/goods/shipping/test_jobs.py kills one by day
def test_a_worker_that_is_killed_in_the_middle_of_a_plan(market: RunningMarket, shipper: Visitor, job: str) -> None:
    be_planned(shipper, job)
    worker = market.part("sundry.web.worker")
    children = worker.children(recursive=True)
    with watched(shipper, job) as wrong:
        worker.kill()
        wait_for("what it had started to end with it", lambda: not any(child.is_running() for child in children))
        wait_for("another worker", lambda: market.part("sundry.web.worker").pid != worker.pid)
        shipper.ready(job)
    assert wrong == []
    is_whole(shipper, job)
    wait_for("what was left half-made to be cleared away", lambda: not unfinished(market))


def test_a_database_that_is_killed_in_the_middle_of_a_plan(
    market: RunningMarket, shipper: Visitor, job: str, visitor: Visit
) -> None:
    """Meanwhile others bring their books: whoever was told "it is here" finds it afterwards."""
    be_planned(shipper, job)
    acknowledged: list[tuple[Visitor, str]] = []
    is_over = threading.Event()
    busy = visitor("en", "carrier.member")

    def bring() -> None:
        while not is_over.wait(0.1) and len(acknowledged) < BOOKS_MOST:
            try:
                page = busy.upload((f"book {len(acknowledged)}.csv", b"a,b\n1,2\n"))
            except (OSError, AssertionError):  # nobody answers, or with a page that has no form
                continue
            if page.status == 200 and page.path.count("/") == 3:
                acknowledged.append((busy, page.path))

    bringing = threading.Thread(target=bring)
    with watched(shipper, job) as wrong:
        bringing.start()
        wait_for("a first book", lambda: acknowledged)
        before = market.postmaster()
        os.kill(before, signal.SIGKILL)
        killed_at = time.monotonic()
        wait_for("another server", lambda: market.postmaster() not in (0, before), MENDED_S)
        wait_for("the market to answer", market.is_healthy, MENDED_S)
        mended_s = time.monotonic() - killed_at
        is_over.set()
        bringing.join()
        shipper.ready(job)
    assert mended_s < MENDED_S
    assert wrong == []
    is_whole(shipper, job)
    for somebody, path in acknowledged:
        assert somebody.ready(path).path == path
    assert busy.ready(busy.upload(("after.csv", b"a,b\n1,2\n")).path).status == 200


def test_a_web_server_that_is_killed_in_the_middle_of_a_plan(market: RunningMarket, shipper: Visitor, job: str) -> None:
    be_planned(shipper, job)
    serve = market.part("sundry.web.serve")
    orphans = {child.pid for child in serve.children()}  # they take requests until they see that nobody watches them
    with watched(shipper, job) as wrong:
        serve.kill()
        wait_for("another server", lambda: market.part("sundry.web.serve").pid != serve.pid, MENDED_S)
        wait_for("the end of the old one", lambda: orphans.isdisjoint(one.pid for one in market.processes()), MENDED_S)
        wait_for("the market to answer", market.is_healthy, MENDED_S)
        shipper.ready(job)
    assert wrong == []
    is_whole(shipper, job)
