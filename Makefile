# Sundry: the two commands a newcomer needs are `make run` and `make test`; each sets everything up first.
# Needs Python 3.11 or newer, make and git. Another interpreter: make PYTHON=/path/to/python3.12 run
.DEFAULT_GOAL := help
.PHONY: help setup run test nightly check bench bench-packing-full packing-results lock clean
.SILENT:
# Hundreds of processes are started here and import the same modules: what was compiled is kept.
unexport PYTHONDONTWRITEBYTECODE

help:
	echo "make run    set up, start a market on this machine and say where (PORT=8001 takes another port)"
	echo "make test   set up, run every test in three processes (CORES=4 takes four)"
	echo "make nightly  the ledger for hours: 10,000 histories, 100 kills, 16 writers; 1,000 packings a constraint; every role"
	echo "make check  format, lint, types, import contracts, tests (FAST=1 leaves the tests out)"
	echo "make bench  every benchmark; then bench/README.md (QUICK=1 for small ones, which are not recorded)"
	echo "make bench-packing-full  all 1,500 instances of BR1 to BR15, 2.1 hours; goes on where it was stopped"
	echo "make packing-results     docs/packing-results.md anew from bench/results (the bench does it too)"
	echo "make setup  only set up: .venv with the locked packages, sundry itself, the compiled packing kernels"
	echo "make lock   choose versions anew: requirements.lock from pyproject.toml"
	echo "make clean  remove .venv, caches and results"

setup:
	PYTHON="$(PYTHON)" sh tools/setup.sh

# exec: Ctrl-C and kill reach the one process that watches over the market, and its exit code is make's.
run: setup
	exec .venv/bin/sundry run $(if $(PORT),--port $(PORT)) $(if $(HOST),--host $(HOST))

test: setup
	exec .venv/bin/python -m pytest -rs --numprocesses $(or $(CORES),3) --dist loadfile --no-loadscope-reorder

# Each of these is a variable of the environment that a test reads: what it is by day stands there.
nightly: setup
	exec env HISTORIES=$(or $(HISTORIES),2500) ROUNDS=$(or $(ROUNDS),100) WRITERS_S=$(or $(WRITERS_S),600) \
	  CUT_BYTES=$(or $(CUT_BYTES),1) INSTANCES=$(or $(INSTANCES),1000) RETAIL_DAYS=374 MATRIX=whole EXAMPLES=100 NIGHT=yes .venv/bin/python \
	  -m pytest -rs \
	  tests/engines/packing/test_constraints.py tests/base/ledger \
	  tests/scenarios tests/goods/consolidation/formats tests/web/test_access_matrix.py

check: setup
	exec .venv/bin/python tools/check.py $(if $(FAST),--fast)

bench: setup
	exec .venv/bin/sundry bench $(if $(QUICK),--quick) --all

bench-packing-full: setup
	exec .venv/bin/sundry bench packing --with part=br --with first=100 --with seconds=$(or $(SECONDS),5)

packing-results: setup
	exec .venv/bin/python bench/_packing_document.py

lock: setup
	exec sh tools/lock.sh

clean:
	rm -rf .venv out .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests tools bench -name __pycache__ -type d -exec rm -rf {} +
