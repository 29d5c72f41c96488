#!/bin/sh
# Sets up .venv: the packages of requirements.lock (checked by their hashes), sundry itself, the compiled kernels.
#
# The environment is a function of a few files. Their checksums stand in .venv/.ready, so a second run ends at once; a
# new lock makes a new environment, a new pyproject.toml only installs sundry itself again, a new packing engine only
# compiles. PYTHON=... names an interpreter.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }

recorded() { sed -n "$1p" .venv/.ready 2>/dev/null || true; }
works() { [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null; }
place=$PWD # a virtual environment does not survive being moved
lock=$(cat requirements.lock tools/setup.sh | cksum)
project=$(cksum <pyproject.toml)
kernels=$(cat src/sundry/engines/packing/*.py | cksum)
same_packages() { [ "$(recorded 1)" = "$place" ] && [ "$(recorded 2)" = "$lock" ] && works; }
same_project() { same_packages && [ "$(recorded 3)" = "$project" ] && [ -x .venv/bin/sundry ]; }
if same_project && [ "$(recorded 4)" = "$kernels" ]; then
    exit 0
fi

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
complete() { "$1" -c 'import venv, ensurepip' 2>/dev/null; }
find_python() { # leaves its find in $python; what is wrong is said with its cure
    if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; else set -- python3.13 python3.12 python3.11 python3; fi
    incomplete=
    for python in "$@"; do
        if new_enough "$python"; then
            if complete "$python"; then return; fi
            incomplete=${incomplete:-$python}
        fi
    done
    if [ -n "$incomplete" ]; then
        say "sundry: $incomplete ($("$incomplete" --version)) has no venv or ensurepip module."
        say "        Debian, Ubuntu: apt-get install python3-venv"
    else
        found=$("$python" --version 2>&1) || found="not found"
        say "sundry: needs Python 3.11 or newer; $python here is: $found."
        say "        Debian, Ubuntu: apt-get install python3 python3-venv; or name one: make PYTHON=/path/to/python3.12 setup"
    fi
    exit 1
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM
quietly() { # what the tools print is shown only when they fail
    if ! "$@" >"$log" 2>&1; then
        tail -n 25 "$log" >&2
        say "sundry: set-up stopped at: $*"
        exit 1
    fi
}

if ! same_packages; then
    find_python
    say "Setting up .venv with $("$python" --version) and the packages of requirements.lock ..."
    rm -f .venv/.ready
    quietly "$python" -m venv --clear .venv
    # --no-deps: the lock is complete, nothing is left to choose. Why pip and not uv: docs/decisions/0005.
    quietly .venv/bin/python -m pip install --require-hashes --no-deps --disable-pip-version-check -r requirements.lock
    printf '%s\n' "$place" "$lock" >.venv/.ready
fi
if ! same_project; then
    # What builds sundry comes from the lock, so this needs no network.
    quietly .venv/bin/python -m pip install --no-build-isolation --no-deps --no-index --disable-pip-version-check -e .
fi
say "Compiling the packing kernels ..."
quietly .venv/bin/sundry warm
printf '%s\n' "$place" "$lock" "$project" "$kernels" >.venv/.ready
say "Ready."
