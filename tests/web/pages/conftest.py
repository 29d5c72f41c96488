"""The market as visitors see it, served on the loopback, and a browser that tells of everything wrong with a page."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import cache
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler

SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 800}}


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="session")
def market() -> Iterator[str]:
    """The address of a market without a database: what a visitor reads needs none."""
    server = make_server("127.0.0.1", 0, WSGIHandler(), server_class=_Server, handler_class=_Quiet)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    serving.join()


@pytest.fixture(scope="session")
def context(chromium: Any, market: str) -> Callable[..., Any]:
    """context(size=..., language=..., ...) is one browsing context for each set of options: a new one takes long."""

    @cache
    def make(size: str, language: str, **options: Any) -> Any:
        made = chromium.new_context(viewport=SIZES[size], **options)
        made.add_cookies([{"name": "language", "value": language, "url": market}])
        return made

    return make


@pytest.fixture
def browse(context: Callable[..., Any], market: str) -> Iterator[Callable[..., Any]]:
    """browse("/style", language="ar", size="phone") opens a page; what it complains of fails the test at its end."""
    pages, wrong = [], []

    def open_page(path: str, *, language: str = "en", size: str = "desk", **options: Any) -> Any:
        page = context(size, language, **options).new_page()
        pages.append(page)
        page.on("console", lambda said: said.type in ("error", "warning") and wrong.append(said.text))
        page.on("pageerror", lambda fault: wrong.append(str(fault)))
        page.on("request", lambda asked: asked.url.startswith(market) or wrong.append(asked.url))
        page.goto(market + path)
        return page

    yield open_page
    for page in pages:
        page.close()
    # A test that cuts the network itself may see that a picture could not be fetched meanwhile.
    assert not [said for said in wrong if "ERR_INTERNET_DISCONNECTED" not in said]
