"""The one command before a commit: format, lint, types, import contracts, tests. `--fast` leaves the tests out.

Every step runs even when one before it failed, so that one run tells everything; the exit code is 1 when any failed.
Any Python can run this file; the tools themselves are those of .venv (`make setup`).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"

FAST = {
    "format": ["ruff", "format", "--check", "."],
    "lint": ["ruff", "check", "."],
    "types": ["mypy"],
    "imports": ["lint-imports", "--no-cache", "--no-logo"],
}
TESTS = {"tests": ["pytest", "-q", "--numprocesses", "3", "--dist", "loadfile", "--no-loadscope-reorder"]}


def run(command: list[str]) -> tuple[bool, str, float]:
    """Whether it passed, what it printed, how many seconds it took."""
    begun = time.monotonic()
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        env=os.environ | {"TERM": "dumb", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return done.returncode == 0, done.stdout, time.monotonic() - begun


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Format, lint, types, import contracts, tests.")
    parser.add_argument("--fast", action="store_true", help="leave the tests out")
    fast = parser.parse_args(argv).fast
    if not BIN.is_dir():
        print("check: no .venv here; run `make setup` first", file=sys.stderr)
        return 1
    failed = []
    for name, command in (FAST if fast else FAST | TESTS).items():
        passed, output, seconds = run(command)
        print(f"{'ok    ' if passed else 'FAILED'} {name:8} {seconds:6.1f} s", flush=True)
        if not passed:
            failed.append(name)
            print(output, flush=True)
    if failed:
        print(f"check: {', '.join(failed)} failed", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
