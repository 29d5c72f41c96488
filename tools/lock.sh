#!/bin/sh
# Writes requirements.lock from pyproject.toml: every package of run, plan, figures, mcp, dev and build, for Python 3.11 and newer, with
# hashes. Pins that stand in the lock stay where they still fit; arguments are passed on (--upgrade-package NAME).
set -eu
cd "$(dirname "$0")/.."
exec .venv/bin/uv pip compile pyproject.toml --extra plan --extra figures --extra mcp --group dev --group build --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
    --quiet --output-file requirements.lock "$@"
