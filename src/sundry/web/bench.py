"""`sundry bench NAME`: run a benchmark of the repository, show its figures, keep the last ones.

Problem: "it is fast" ages badly. A figure is worth reading with its machine, its command and its day beside it, and
with a raw limit or a peer measured in the same run. Therefore every `bench/NAME.py` holds `run(quick, console) -> dict`
and measures such a ratio itself; this file runs it, adds the facts about the machine, writes `bench/results/NAME.json`
and makes `bench/README.md` anew from all of them. A quick run is for trying: it is shown and not recorded.

A bench that has `SETTINGS = {name: what it is}` is run as `run(quick, console, settings)` with those that `--with
NAME=VALUE` gave. Such a run is recorded by the bench itself, if at all: it is not the one that the page tells of.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import json
import os
import platform
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from rich.console import Console
from rich.table import Table

from sundry.kernel.errors import EnvironmentFault, UsageError
from sundry.kernel.messages import render
from sundry.kernel.outcome import Outcome

BENCH = Path(__file__).resolve().parents[3] / "bench"

README_HEAD = """\
# Benchmarks

One file a benchmark. Each prints its figures beside a raw limit or a peer taken in the same run, because a ratio
travels between machines and seconds do not. `make bench` runs them all, `sundry bench NAME` one; with `--quick` a small
version runs, which is shown and not recorded. The last full results follow. Programs that a bench compares with are
installed in environments of their own in the cache folder and are no dependencies. `sundry bench` writes this page from
`bench/results/`: mend its words in `src/sundry/web/bench.py`.
"""


def register(subparsers: Any) -> None:
    command = subparsers.add_parser("bench", help="run a benchmark and keep its figures (in the repository)")
    command.add_argument("name", nargs="?", metavar="NAME", help="a file of bench/, without .py")
    command.add_argument("--all", action="store_true", help="every benchmark, one after the other")
    command.add_argument("--list", action="store_true", help="show the benchmarks and run none")
    command.add_argument("--quick", action="store_true", help="a small version; its figures are not recorded")
    command.add_argument(
        "--with", dest="settings", action="append", default=[], metavar="NAME=VALUE", help="a setting of the bench"
    )
    command.set_defaults(handler=handle)


def handle(arguments: argparse.Namespace, console: Console) -> Outcome:
    known = benches(BENCH)
    if not known:
        raise EnvironmentFault("bench_not_here")
    if arguments.list:
        for name, about in known.items():
            console.print(f"{name:12} {about}", markup=False)
        return Outcome(data={"benches": [{"name": name, "about": about} for name, about in known.items()]})
    names = list(known) if arguments.all else [arguments.name]
    if names == [None]:
        raise UsageError("bench_none_named")
    if unknown := set(names) - set(known):
        raise UsageError("bench_unknown", name=unknown.pop(), known=", ".join(known))
    results = [_measure(name, arguments.quick, arguments.settings, arguments.language, console) for name in names]
    return Outcome(data={"benches": results} if arguments.all else results[0])


def benches(folder: Path) -> dict[str, str]:
    """The benchmarks in `folder`: name and the first line of what each says about itself."""
    return {
        file.stem.replace("_", "-"): (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").partition("\n")[0]
        for file in sorted(folder.glob("*.py"))
        if not file.stem.startswith("_")
    }


def machine() -> dict[str, Any]:
    """What a reader must know to judge a figure. No host name, no user."""
    model = platform.processor()
    memory_kib = 0
    if Path("/proc/cpuinfo").exists():
        model = dict(_pairs("/proc/cpuinfo")).get("model name", model)
        memory_kib = int(dict(_pairs("/proc/meminfo"))["MemTotal"].split()[0])
    return {
        "cpu": model,
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gib": round(memory_kib / 1024**2, 1) if memory_kib else None,
        "system": platform.system(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def readme(folder: Path) -> str:
    """bench/README.md, made from the recorded results and from what each benchmark says about itself."""
    known = benches(folder)
    sections = [README_HEAD]
    for file in sorted((folder / "results").glob("*.json")):
        result = json.loads(file.read_text("utf-8"))
        facts = result["machine"]
        memory = f", {facts['memory_gib']} GiB" if facts["memory_gib"] else ""
        lines = [
            f"## {result['bench']}",
            "",
            result.get("about") or known.get(result["bench"], ""),
            "",
            f"`{result['command']}`, {result['day']}, {facts['cpu']}, {facts['cores']} cores{memory}, "
            f"{facts['system']}, Python {facts['python']}, load before {facts['load_before']}.",
            "",
            *_shown(result),
            "",
        ]
        sections.append("\n".join(lines))
    return "\n".join(sections)


def _shown(result: Mapping[str, Any]) -> list[str]:
    """The figures; where a page of docs/ is made from the file, that page."""
    if page := result.get("page"):
        return [f"[{page}](../{page}) shows it."]
    rows = [f"| {name} | {value} |" for name, value in _flat(result["figures"])]
    return ["| figure | value |", "|---|---:|", *rows]


def _measure(name: str, quick: bool, settings: Sequence[str], language: str, console: Console) -> dict[str, Any]:
    module = _load(BENCH / f"{name.replace('-', '_')}.py")
    given = _settings(name, settings, getattr(module, "SETTINGS", {}))
    facts = machine()
    begun = time.monotonic()
    figures = module.run(quick, console, given) if hasattr(module, "SETTINGS") else module.run(quick, console)
    seconds = round(time.monotonic() - begun, 1)
    result = {
        "bench": name,
        "command": " ".join(
            ["sundry bench", name, *(["--quick"] if quick else []), *(f"--with {setting}" for setting in settings)]
        ),
        "day": datetime.now(UTC).date().isoformat(),
        "seconds": seconds,
        "machine": facts,
        "figures": figures,
    }
    table = Table(
        render("bench_figure", language, {}),
        title=render("bench_title", language, {"name": name, "seconds": seconds}),
    )
    table.add_column(render("bench_value", language, {}), justify="right")
    for figure, value in _flat(figures):
        table.add_row(figure, value)
    console.print(table)
    if quick:
        console.print(render("bench_not_recorded", language, {}), markup=False)
    elif not given:
        record(BENCH, result)
        recorded = render("bench_recorded", language, {"path": f"bench/results/{name}.json"})
        console.print(recorded, markup=False)
    return result


def record(folder: Path, result: Mapping[str, Any]) -> None:
    """Keep `result` as the last one of its bench and make the page anew."""
    results = folder / "results"
    results.mkdir(exist_ok=True)
    text = json.dumps(result, ensure_ascii=False, indent=2) + "\n"
    (results / f"{result['bench']}.json").write_text(text, "utf-8")
    (folder / "README.md").write_text(readme(folder), "utf-8")


def _settings(name: str, settings: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    given = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or key not in known:
            raise UsageError("bench_setting_unknown", setting=setting, name=name, known=", ".join(known) or "-")
        given[key] = value
    return given


def _load(file: Path) -> ModuleType:
    """The module of a bench. Its folder is where it finds the files that it shares with others (`_*.py`)."""
    if str(file.parent) not in sys.path:
        sys.path.append(str(file.parent))
    spec = importlib.util.spec_from_file_location(f"bench_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses and worker processes look their module up by name
    spec.loader.exec_module(module)
    return module


def _flat(figures: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Figures as they are shown: nested ones under dotted names, fractions with four digits that matter."""
    for name, value in figures.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, float):
            yield prefix + name, f"{value:.4g}" if abs(value) < 1000 else f"{value:,.0f}"
        elif isinstance(value, int) and not isinstance(value, bool):
            yield prefix + name, f"{value:,}"
        else:
            yield prefix + name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _pairs(file: str) -> Iterator[tuple[str, str]]:
    for line in Path(file).read_text("utf-8", errors="replace").splitlines():
        key, colon, value = line.partition(":")
        if colon:
            yield key.strip(), value.strip()
