"""Runs of the packing bench that can be stopped and go on: a journal of instances, and who and what was measured.

Problem: 1,500 instances at 5 s take two hours, and a machine is switched off, or a cable pulled, after one. A small
case: after 700 instances Ctrl-C; the same command again measures the other 800 and none twice. Therefore every measured
instance is one line of JSON in a journal in the cache folder, written at once. Its key holds everything on which the
figures depend: the machine, the engine's own source, the settings and the instance. Another engine or another machine
begins anew, and a line that was cut in two by a crash is measured again.

The engine is known by a digest of the files that `pack`, `load` and the checker import, not by the commit: a commit of
a document would throw two hours away, and files changed but not committed would pass for those of the commit.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

from _environment import cache_folder
from rich.console import Console

from sundry.kernel.errors import EnvironmentFault
from sundry.web import bench

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "sundry.engines.packing"
ENGINE = ROOT / "src" / PACKAGE.replace(".", "/")

Record = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a call of the bench asks for; None: what the part takes by itself."""

    console: Console
    quick: bool = False
    first: int | None = None
    seconds: float | None = None
    classes: tuple[int, ...] | None = None
    support: str = "full"


class Job(NamedTuple):
    """One instance: what names it, beside engine and machine, and what measures it."""

    key: Mapping[str, Any]
    measure: Callable[[], Record]


class Journal:
    """What was measured, by key; each new record is on disk before the next instance begins. No file: none is kept."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self._known: dict[str, Record] = {}
        if file is not None and file.is_file():
            for line in file.read_text("utf-8").splitlines():
                try:
                    kept = json.loads(line)
                except json.JSONDecodeError:
                    continue  # cut in two by a crash
                self._known[_text(kept["key"])] = kept["record"]

    def known(self, key: Mapping[str, Any]) -> Record | None:
        return self._known.get(_text(key))

    def add(self, key: Mapping[str, Any], record: Record) -> None:
        self._known[_text(key)] = record
        if self.file is None:
            return
        self.file.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"key": key, "record": record}) + "\n"
        with self.file.open("ab+") as out:
            if out.tell():
                out.seek(-1, os.SEEK_END)
                line = ("" if out.read() == b"\n" else "\n") + line
            out.write(line.encode())
            out.flush()
            os.fsync(out.fileno())


def gather(jobs: Sequence[Job], journal: Journal, console: Console, tell: Callable[[Record], str]) -> list[Record]:
    """The records of all jobs in their order; those that the journal has are not measured again."""
    common = {"machine": place(), "engine": engine()}
    known = [journal.known(common | job.key) for job in jobs]
    console.print(f"{len(jobs)} instances, {sum(record is not None for record in known)} of them measured before")
    records = []
    for done, (job, record) in enumerate(zip(jobs, known, strict=True), 1):
        if record is None:
            record = {**job.key, **job.measure(), "commit": commit(), "load": round(os.getloadavg()[0], 2)}
            journal.add(common | job.key, record)
            console.print(f"{done}/{len(jobs)} {tell(record)}", markup=False, highlight=False)
        records.append(record)
    return records


def _text(key: Mapping[str, Any]) -> str:
    return json.dumps(key, sort_keys=True)


def require(folder: Path) -> None:
    """EnvironmentFault: the published data of a part are not here."""
    if not folder.is_dir():
        raise EnvironmentFault("bench_data_not_here", folder=os.path.relpath(folder, ROOT))


def journal(name: str, asked: Asked) -> Journal:
    return Journal(None if asked.quick else cache_folder() / f"{name}.jsonl")


@cache
def engine() -> str:
    """A digest of `engine_files`, as they are when it is first asked for: before the first instance."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in engine_files())).hexdigest()[:12]


def engine_files() -> list[Path]:
    """The sources that `pack`, `load` and the checker import from the engine, directly or not."""
    found: set[Path] = set()
    waiting = ["engine", "fleet", "checker"]
    while waiting:
        file = ENGINE / f"{waiting.pop().replace('.', '/')}.py"
        if file in found or not file.is_file():
            continue
        found.add(file)
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
                module = (node.module or "").removeprefix(PACKAGE).removeprefix(".")
                waiting += [module] if module else [alias.name for alias in node.names]
    return sorted(found)


@cache
def commit() -> str | None:
    """The commit that was measured, with a plus where the engine's files are not those of the commit."""
    found = _git("rev-parse", "--short", "HEAD")
    return (found + ("+" if _git("status", "--porcelain", "--", str(ENGINE)) else "")) if found else None


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


@cache
def numba_version() -> str | None:
    try:
        return version("numba")
    except PackageNotFoundError:
        return None


def place() -> dict[str, Any]:
    """What of the machine the figures depend on."""
    facts = bench.machine()
    return {"cpu": facts["cpu"], "cores": facts["cores"], "python": facts["python"], "numba": numba_version()}


def result(
    name: str, command: str, figures: Mapping[str, Any], records: Sequence[Record], *, about: str, **more: Any
) -> Record:
    """A file of results: what, who, when, the figures, and `more` before the instances."""
    facts = bench.machine()
    loads = [record["load"] for record in records] or [facts["load_before"]]
    return {
        "bench": name,
        "about": about,
        "page": "docs/packing-results.md",
        "command": command,
        "day": datetime.now(UTC).date().isoformat(),
        "machine": facts | {"numba": numba_version(), "load_before": loads[0], "load_highest": max(loads)},
        "commit": ", ".join(sorted({record["commit"] or "unknown" for record in records})) or commit(),
        "engine": engine(),
        "figures": dict(figures),
        **more,
        "instances": list(records),
    }


def keep(folder: Path, result: Mapping[str, Any]) -> Path:
    """Write a file of results, an instance a line, and make bench/README.md anew. One of more instances is left."""
    head = {name: value for name, value in result.items() if name != "instances"}
    lines = ",\n".join(f"    {json.dumps(row, ensure_ascii=False)}" for row in result["instances"])
    text = json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}")
    file = folder / "results" / f"{result['bench']}.json"
    if file.is_file() and _is_less(result, json.loads(file.read_text("utf-8"))):
        return file
    file.parent.mkdir(exist_ok=True)
    file.write_text(f'{text},\n  "instances": [\n{lines}\n  ]\n}}\n', "utf-8")
    (folder / "README.md").write_text(bench.readme(folder), "utf-8")
    return file


def _is_less(result: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
    """The same engine on the same machine, but fewer instances: a look at ten must not cost the table of all."""
    same = all(result["machine"][fact] == kept["machine"].get(fact) for fact in place())
    return same and result["engine"] == kept["engine"] and len(result["instances"]) < len(kept["instances"])
