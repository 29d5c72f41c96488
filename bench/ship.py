"""The whole main job: 300 lines, about 1,000 cartons, all files, in a process of its own as a person runs it.

Target: < 30 s wall with `--seconds 5`, < 1 GB. The raw limit is a process that only starts Python and imports what the
job imports; the loading plan's own seconds are a choice of the person.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any


def run(quick: bool, console: Any) -> dict[str, Any]:
    from sundry.simulation.order_book import write_sample

    plan_seconds = 1 if quick else 5
    with tempfile.TemporaryDirectory() as folder:
        book, out = Path(folder) / "orders.xlsx", Path(folder) / "out"
        write_sample(book)
        console.print(f"shipping the sample with --seconds {plan_seconds}")
        command = [sys.executable, "-m", "sundry.web.cli", "ship", str(book), "--out", str(out), "--date", "2026-04-20"]
        start = time.perf_counter()
        done = subprocess.run(
            [*command, "--rate", "USDCNY=7.10", "--seconds", str(plan_seconds), "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        seconds = time.perf_counter() - start
        megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        shipment = json.loads(done.stdout)
        bytes_written = sum(path.stat().st_size for path in out.iterdir())
        start = time.perf_counter()
        imports = "import sundry.engines.packing, sundry.goods.shipping.actions, typst, xlsxwriter, lxml.etree"
        subprocess.run([sys.executable, "-c", imports], check=True)
        raw_seconds = time.perf_counter() - start
    totals = shipment["totals"]
    fills = [container["fill"] for container in shipment["containers"]]
    return {
        "lines": totals["lines"],
        "cartons": totals["cartons"],
        "containers": totals["containers"],
        "fills_percent": [round(100 * fill, 1) for fill in fills],
        "forms": totals["forms"],
        "plan_seconds_allowed": plan_seconds,
        "seconds": round(seconds, 2),
        "seconds_beside_the_plan": round(seconds - plan_seconds, 2),
        "imports_alone_seconds": round(raw_seconds, 2),
        "ratio_to_imports_alone": round(seconds / raw_seconds, 1),
        "largest_process_megabytes": round(megabytes),
        "files_kilobytes": round(bytes_written / 1000),
    }
