"""Makes the helpers beside the scenarios importable; one running market for all of them, and browsers to look at it.

Pictures go to the folder that SCREENSHOTS_DIR names, else into pytest's own.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]  # these, and the books of tests/books

if TYPE_CHECKING:
    from running_market import RunningMarket, Visitor

# Where nobody's link leads, but everybody comes.
BESIDE_THE_WAY = ("/account/logout/", "/nowhere")
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 800}}
DRAWN_BY_SOFTWARE = re.compile(r"GL Driver Message|GPU stall|swiftshader", re.IGNORECASE)  # of this browser, not ours


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser that a busy machine keeps waiting is asked once more, and the report says so (R).

    Only for what the browser itself calls a timeout, and only here: whatever is seen and wrong fails at once, and
    what never comes fails the second time too.
    """
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and "browser" in item.path.name:
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=["^TimeoutError: "]))


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMarket]:
    """A market that `sundry run` opened; Ctrl-C ends it without a trace at the end."""
    from running_market import RunningMarket, wait_for

    running = RunningMarket(tmp_path_factory.mktemp("market") / "data")
    try:
        wait_for("the market to open", lambda: running.is_healthy() and "Ctrl-C" in running.said.read_text())
        yield running
        assert running.stop() == 130, running.said.read_text()
        assert [process.cmdline() for process in running.processes()] == []
    finally:
        for process in running.processes():
            process.kill()
        running.process.wait()


@pytest.fixture
def visitor(market: RunningMarket) -> Callable[..., Visitor]:
    """visitor("ar") is somebody new who reads Arabic; visitor(person="agent") is one of the sample people."""
    from running_market import Visitor

    def make(language: str = "en", person: str = "") -> Visitor:
        made = Visitor(market.address, language)
        if person:
            made.sign_in(person)
        return made

    return make


@pytest.fixture(scope="session")
def planned(market: RunningMarket) -> str:
    """The address of the sample, read and planned by a visitor: whoever knows it may look."""
    from running_market import Visitor

    somebody = Visitor(market.address)
    page = somebody.submit(somebody.get("/ship/").form("/ship/sample"))
    assert somebody.ready(page.path).tree.xpath("//form[contains(@action, '/plan')]")
    planned = somebody.plan(page.path, seconds="1")
    assert planned.tree.xpath("//a[contains(@href, 'all.zip')]"), planned.words
    return page.path


@pytest.fixture(scope="session")
def people(market: RunningMarket) -> dict[str, Visitor]:
    """Who walks through the market: a visitor, who has not signed in, and two of the sample people."""
    from running_market import Visitor

    walking = {name: Visitor(market.address) for name in ("visitor", "agent", "operator")}
    for name in ("agent", "operator"):
        walking[name].sign_in(name)
    return walking


@pytest.fixture(scope="session")
def found(people: dict[str, Visitor], planned: str) -> dict[str, dict[str, str]]:
    """The pages that each of them finds by following links, one of each kind: {who: {path: kind}}."""
    begin = ["/", "/ship/", planned, *BESIDE_THE_WAY]
    return {name: somebody.find_pages(begin, alike_most=1) for name, somebody in people.items()}


@pytest.fixture(scope="session")
def pages(people: dict[str, Visitor], found: dict[str, dict[str, str]]) -> list[tuple[Visitor, str]]:
    """Every kind of page once, with the first who finds it; the front page of each."""
    once: list[tuple[Visitor, str]] = []
    kinds: set[str] = set()
    for name, somebody in people.items():
        once += [(somebody, path) for path, kind in found[name].items() if kind not in kinds - {"home"}]
        kinds |= set(found[name].values())
    return once


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(os.environ.get("SCREENSHOTS_DIR") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def take_picture(pictures: Path) -> Callable[..., None]:
    """take_picture(page, "name") keeps the whole page; whole=False what stands on the screen."""

    def take(page: Any, name: str, *, whole: bool = True) -> None:
        page.screenshot(path=pictures / f"{name}.png", full_page=whole, animations="disabled")

    return take


@pytest.fixture(scope="session")
def complaints() -> list[str]:
    """What browsers complain of: errors of scripts, of the policy, of what is not there, and calls to other hosts."""
    return []


@pytest.fixture(autouse=True)
def nothing_is_complained_of(complaints: list[str]) -> Iterator[None]:
    """Who brings about an error on purpose empties the list."""
    yield
    told = complaints.copy()
    complaints.clear()
    assert not told


@pytest.fixture(scope="module")
def open_browser(chromium: Any, market: RunningMarket, complaints: list[str]) -> Iterator[Callable[..., Any]]:
    """open_browser(size="phone", language="ar") opens a page in a browser that nobody has used before.

    `like`: a visitor whose session it shares. Other options are those of Playwright's new_context.
    """
    with ExitStack() as opened:

        def make(*, size: str = "desk", language: str = "en", like: Visitor | None = None, **options: Any) -> Any:
            context = chromium.new_context(viewport=SIZES[size], base_url=market.address, locale="en-GB", **options)
            opened.callback(context.close)
            context.set_default_timeout(40_000)
            cookies = [(cookie.name, cookie.value or "") for cookie in like.jar] if like else []
            context.add_cookies(
                [
                    {"name": name, "value": value, "url": market.address}
                    for name, value in (*cookies, ("language", language))
                ]
            )
            page = context.new_page()
            page.on("console", lambda said: _complained(said.type, said.text) and complaints.append(said.text))
            page.on("pageerror", lambda fault: complaints.append(str(fault)))
            page.on("request", lambda asked: _is_ours(asked.url, market) or complaints.append(asked.url))
            return page

        yield make


def _complained(kind: str, said: str) -> bool:
    return kind in ("error", "warning") and not DRAWN_BY_SOFTWARE.search(said)


def _is_ours(address: str, market: RunningMarket) -> bool:
    return address.startswith((market.address, "blob:", "data:", "file:"))


@pytest.fixture(scope="session")
def say() -> Callable[..., str]:
    """say("zh-hans", "Plan the containers") is what the page says there; blanks are given by name."""
    from django.utils import translation

    def said(language: str, text: str, **blanks: Any) -> str:
        with translation.override(language):
            translated = translation.gettext(text)
        assert language == "en" or translated != text, f"{text!r} is no text of a page"
        return translated % blanks if blanks else translated

    return said
