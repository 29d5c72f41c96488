"""A market as a person meets it: how soon it is open, how much it takes, what its pages cost and weigh.

Wanted: a second start < 8 s, the whole idle market < 400 MB (PSS), a page <= 60 ms of CPU, the phone page of the main
job <= 60 kB compressed. The market is a real `sundry run` on a free port with a folder of data of its own; CPU is what
the web process really used. The raw limits of the same run: starting Python with Django's set-up alone, and `/health`,
the smallest page there is.
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
PAGES = ("", "findings/", "lines/", "options/", "containers/", "declarations/", "files/")


def run(quick: bool, console: Any) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="sundry-bench-") as folder:
        data = Path(folder) / "data"
        figures = {"django_alone_seconds": _django_alone(data)}
        console.print("a first start, with empty data")
        with _market(data) as (_browser, _processes, seconds):
            figures["first_start_seconds"] = round(seconds, 1)
        console.print("a second start, and its pages")
        with _market(data) as (browser, supervisor, seconds):
            figures["second_start_seconds"] = round(seconds, 1)
            figures["second_start_to_django_alone"] = round(seconds / figures["django_alone_seconds"], 1)
            time.sleep(5)  # let it become idle
            figures["idle_megabytes"] = round(sum(_pss_bytes(pid) for pid in _tree(supervisor)) / 1e6)
            figures |= _pages(browser, supervisor, quick, console)
            stopping = time.perf_counter()
        figures["stop_seconds"] = round(time.perf_counter() - stopping, 1)
    return figures


def _django_alone(data: Path) -> float:
    """The raw limit of a start: the interpreter, Django and our applications, no database."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "sundry.web.settings", "SUNDRY_DATA_DIR": str(data)},
        check=True,
    )
    return round(time.perf_counter() - start, 2)


class Browser:
    """Just enough of one: cookies, a language, forms with their token."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.opener.addheaders = [("Accept-Encoding", "gzip"), ("Accept-Language", "zh-CN,zh")]

    def get(self, path: str) -> tuple[bytes, str]:
        """The body as it travelled (compressed), and the address at which it ended."""
        with self.opener.open(self.address + path) as answer:
            return answer.read(), answer.geturl().removeprefix(self.address)

    def page(self, path: str) -> str:
        import gzip

        body, _address = self.get(path)
        return (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode()

    def post(self, path: str, form: dict[str, str], seen_at: str) -> str:
        """Send `form` as from the page `seen_at`; the address at which it ended."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.page(seen_at))
        assert token is not None, seen_at
        body = urllib.parse.urlencode(form | {"csrfmiddlewaretoken": token.group(1)}).encode()
        request = urllib.request.Request(self.address + path, body, {"Referer": self.address + seen_at})
        with self.opener.open(request) as answer:
            return str(answer.geturl()).removeprefix(self.address)


@contextmanager
def _market(data: Path) -> Iterator[tuple[Browser, int, float]]:
    """A market on a free port: (browser, process of the supervisor, seconds until /health answered)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "sundry.web.cli", "run", "--port", str(port)],
        env=environ | {"SUNDRY_DATA_DIR": str(data)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        browser = Browser(f"http://127.0.0.1:{port}")
        while process.poll() is None:
            try:
                browser.get("/health")
                break
            except OSError:
                time.sleep(0.02)
        yield browser, process.pid, time.perf_counter() - started
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _tree(root: int) -> list[int]:
    """The process, its children and theirs. PostgreSQL runs in a session of its own and is a child all the same."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    found, queue = [], [root]
    while queue:
        found.append(queue.pop())
        queue += parents.get(found[-1], [])
    return found


def _pss_bytes(pid: int) -> int:
    """Memory of a process, with its share of what it shares."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    return int(found.group(1)) * 1024 if found else 0


def _web_processes(supervisor: int) -> list[int]:
    return [pid for pid in _tree(supervisor) if b"sundry.web.serve" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def _cpu_seconds(pids: list[int]) -> float:
    spent = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        spent += int(fields[11]) + int(fields[12])
    return spent / CLOCK_TICKS


def _pages(browser: Browser, supervisor: int, quick: bool, console: Any) -> dict[str, Any]:
    """CPU and weight of the pages of the main job, with the sample book planned."""
    job = browser.post("/ship/sample", {}, "/ship/")
    console.print("waiting for the sample to be read and planned")
    _await(browser, job, f'action="{job}plan"')
    browser.post(f"{job}plan", {}, job)
    _await(browser, job, f'href="{job}containers/"')
    repeats = 20 if quick else 200
    web = _web_processes(supervisor)
    cpu_ms = {}
    for path in ("/health", *(job + page for page in PAGES)):
        browser.get(path)  # the first one loads templates
        before = _cpu_seconds(web)
        for _ in range(repeats):
            browser.get(path)
        cpu_ms[path] = 1000 * (_cpu_seconds(web) - before) / repeats
    smallest = cpu_ms.pop("/health")
    told = {f"cpu_ms_{path.removeprefix(job).strip('/') or 'job'}": round(ms, 1) for path, ms in cpu_ms.items()}
    return told | {
        "cpu_ms_health": round(smallest, 1),
        "cpu_ms_largest": round(max(cpu_ms.values()), 1),
        "median_page_to_health": round(statistics.median(cpu_ms.values()) / max(smallest, 0.1), 1),
        "phone_page_kilobytes": round(_weight_bytes(browser, job) / 1000, 1),
    }


def _await(browser: Browser, job: str, markup: str) -> None:
    """Until the page of the job holds `markup`."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if markup in browser.page(job):
            return
        time.sleep(0.5)
    raise TimeoutError(f"{job} never held {markup}")


def _weight_bytes(browser: Browser, path: str) -> int:
    """What a phone fetches for the page the first time: itself, its styles, its scripts, its pictures."""
    page = browser.page(path)
    parts = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    return len(browser.get(path)[0]) + sum(len(browser.get(part)[0]) for part in parts)
