"""A market as `sundry run` starts it, and people who visit it: helpers of the scenarios beside this file."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode, urljoin, urlsplit

import lxml.html
import psutil
from django.urls import Resolver404, resolve

T = TypeVar("T")
PATIENCE_S = 90  # for what a busy machine may take long over; nothing waits that long that goes well

NOT_PAGES = re.compile(r"/files/[^/]+$|\.json$|\.xlsx(?:\?|$)|\.webp$|\.svg$|/export|/recovery/file|/papers/[^/]+/file")
PAGES_MOST = 150  # of one person: more means that links run round

Sent = Path | tuple[str, bytes]
"""A file that is sent: where it lies, or the name it claims and what is in it."""


def wait_for(what: str, found: Callable[[], T], seconds: float = PATIENCE_S) -> T:
    """What `found` gives as soon as it is true; AssertionError with the name of what was waited for."""
    until = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < until, f"waited {seconds} s for {what}"
        time.sleep(0.05)
    return value


class RunningMarket:
    """`sundry run` in a process group of its own, with a data folder of its own."""

    def __init__(self, data_dir: Path, **environment: str) -> None:
        self.data_dir = data_dir
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.said = data_dir.parent / "said.txt"
        own = {"SUNDRY_DATA_DIR": str(data_dir), "SUNDRY_SAMPLE_GOODS": "60"} | environment
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL" and name[:7] != "SUNDRY_"}
        if cache := os.environ.get("SUNDRY_CACHE_DIR"):
            own["SUNDRY_CACHE_DIR"] = cache
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sundry.web.cli", "run", "--port", str(self.port)],
                env=kept | own,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def is_healthy(self) -> bool:
        """Whether it answers /health with "all is well"; AssertionError: it has ended."""
        assert self.process.poll() is None, f"the market has ended:\n{self.said.read_text()}"
        try:
            with urllib.request.urlopen(f"{self.address}/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self) -> int:
        """As Ctrl-C does it; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def processes(self) -> list[psutil.Process]:
        """Every living process of this market; zombies are none."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error, FileNotFoundError):
                told = process.environ().get("SUNDRY_DATA_DIR") == str(self.data_dir)
                told = told or process.cwd() == str(self.data_dir / "postgres")
                if told and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    def part(self, module: str) -> psutil.Process:
        """The eldest process of web ("sundry.web.serve") or worker ("sundry.web.worker"), as soon as there is one."""

        def eldest() -> psutil.Process | None:
            found = [one for one in self.processes() if module in _words(one)]
            return min(found, key=lambda one: one.create_time(), default=None)

        return wait_for(module, eldest)

    def postmaster(self) -> int:
        """The id of the process of PostgreSQL that started all others of it; 0 where there is none."""
        try:
            return int((self.data_dir / "postgres" / "postmaster.pid").read_text().split()[0])
        except (OSError, IndexError):
            return 0

    def job_folders(self) -> set[str]:
        """The folders of shipping jobs, by name."""
        jobs = self.data_dir / "files" / "shipping"
        return {folder.name for folder in jobs.iterdir()} if jobs.is_dir() else set()


def _words(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except (psutil.Error, FileNotFoundError):
        return []


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Page:
    """What came back: `status`, `address` (after redirects), `headers`, `body`."""

    def __init__(self, status: int, address: str, headers: Mapping[str, str], body: bytes) -> None:
        self.status, self.address, self.headers, self.body = status, address, headers, body

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    @property
    def tree(self) -> Any:
        parser = lxml.html.HTMLParser(encoding="utf-8")
        return lxml.html.document_fromstring(self.body, parser=parser, base_url=self.address)

    @property
    def words(self) -> str:
        """What the page says, in one line."""
        return " ".join(self.tree.find(".//main").text_content().split()) if self.body else ""

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def form(self, action: str = "", field: str = "") -> Any:
        """The form that is sent to an address that ends so, or that has this field."""
        for form in self.tree.forms:
            if (form.get("action") or "").split("?")[0].endswith(action) and (not field or field in form.fields):
                return form
        raise AssertionError(f"{self.address} has no form {action or field}")

    def links(self) -> list[str]:
        """Where its links lead on this market, without fragments, each once."""
        here = urlsplit(self.address).netloc
        found = (urljoin(self.address, link) for link in self.tree.xpath("//a/@href"))
        return list(dict.fromkeys(link.partition("#")[0] for link in found if urlsplit(link).netloc == here))


class Visitor:
    """Somebody with a browser that knows no script: cookies, links and forms. Who she is, her cookies say."""

    def __init__(self, address: str, language: str = "en") -> None:
        self.address = address
        self.language = language
        self.jar = CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.jar)
        )

    def get(self, path: str, language: str = "") -> Page:
        request = urllib.request.Request(urljoin(self.address, path))
        return self._ask(request, language)

    def post(self, path: str, fields: Sequence[tuple[str, str]], **files: Sent) -> Page:
        """Send a form. Files make it one of many parts."""
        request = urllib.request.Request(urljoin(self.address, path), method="POST")
        if files:
            boundary = uuid.uuid4().hex
            request.data = b"".join(_parts(boundary, fields, files))
            request.add_header("Content-Type", f"multipart/form-data; boundary={boundary}")
        else:
            request.data = urlencode(fields).encode()
        return self._ask(request, "")

    def submit(self, form: Any, files: Mapping[str, Sent] | None = None, **values: str) -> Page:
        """Send a form of a page as it stands, with these values in the place of its own."""
        fields = [(name, value) for name, value in form.form_values() if name not in values]
        return self.post(form.get("action") or form.base_url, [*fields, *values.items()], **(files or {}))

    def sign_in(self, person: str) -> Page:
        """Be one of the people of the sample market."""
        return self.submit(self.get("/account/login/").form("/sample/sign-in"), person=person)

    def upload(self, book: Sent | str, **values: str) -> Page:
        """Bring a book, or paste rows: the page of the new job, or the form again with what is wrong."""
        form = self.get("/ship/").form("/ship/new")
        if isinstance(book, str):
            return self.submit(form, pasted=book, **values)
        return self.submit(form, {"book": book}, **values)

    def ship(self, book: Sent | str, **values: str) -> str:
        """Bring a book that is fine, and wait until it is read: the address of the job."""
        page = self.upload(book, **values)
        assert page.path.count("/") == 3, page.words
        return self.ready(page.path).path

    def plan(self, job: str, **options: str) -> Page:
        """Plan with these options and wait for the end."""
        form = self.get(f"{job}options/").form("options/set")
        self.submit(form, plan="yes", **options)
        return self.ready(job)

    def ready(self, job: str) -> Page:
        """The page of a job as soon as no worker is awaited."""

        def done() -> Page | None:
            page = self.get(job)
            return page if page.status != 200 or not page.tree.xpath("//*[@id='progress']") else None

        return wait_for(f"the end of what is done for {job}", done)

    def speak(self, language: str) -> None:
        """Switch the language as anybody does it, in the header."""
        self.submit(self.get("/").form("/language"), language=language)

    def find_pages(self, begin: Sequence[str], alike_most: int) -> dict[str, str]:
        """The pages to which links lead, by their path, with the name of their kind; so many of each kind."""
        found: dict[str, str] = {}
        waiting = list(begin)
        for path in waiting:
            try:
                kind = resolve(path.split("?")[0]).view_name
            except Resolver404:
                kind = "nowhere"
            if list(found.values()).count(kind) == alike_most or NOT_PAGES.search(path):
                continue
            found[path] = kind
            links = (link.removeprefix(self.address) for link in self.get(path).links())
            waiting += [link for link in links if link not in waiting]
            assert len(found) < PAGES_MOST
        return found

    def _ask(self, request: urllib.request.Request, language: str) -> Page:
        chosen = language or self.language
        request.add_header("Accept-Language", chosen)
        try:
            answer = self._opener.open(request, timeout=PATIENCE_S)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            return Page(answer.status, answer.url, dict(answer.headers), answer.read())


def _parts(boundary: str, fields: Sequence[tuple[str, str]], files: Mapping[str, Sent]) -> Iterator[bytes]:
    for name, value in fields:
        yield f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    for name, file in files.items():
        claimed, content = (file.name, file.read_bytes()) if isinstance(file, Path) else file
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{claimed}"\r\n'
        yield f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content + b"\r\n"
    yield f"--{boundary}--\r\n".encode()
