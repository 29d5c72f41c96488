"""A child ends with the process that started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from sundry.kernel.children import leads_its_session

CHILD = """
import os, time
from sundry.kernel.children import end_with_parent
{}
print("up", flush=True)
time.sleep(60)
"""
# Starts a child that starts a grandchild, and tells the grandchild's number.
PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
child.wait()
"""


def is_running(process: int) -> bool:
    """An ended one may still be listed until somebody asks for it."""
    try:
        with open(f"/proc/{process}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can do this")
def test_it_ends_when_its_parent_is_killed() -> None:
    child = CHILD.format("end_with_parent(os.getppid())")
    with subprocess.Popen([sys.executable, "-c", PARENT, child], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        grandchild = int(parent.stdout.readline())
        assert is_running(grandchild)
        parent.kill()
        deadline = time.monotonic() + 5
        while is_running(grandchild) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not is_running(grandchild)


def test_it_ends_at_once_where_the_parent_is_gone_already() -> None:
    done = subprocess.run([sys.executable, "-c", CHILD.format("end_with_parent(1 << 30)")], timeout=30, check=False)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize("own", [True, False])
def test_it_knows_whether_the_session_is_its_own(own: bool) -> None:
    ask = "from sundry.kernel.children import leads_its_session; print(leads_its_session())"
    said = subprocess.run([sys.executable, "-c", ask], start_new_session=own, capture_output=True, check=True).stdout
    assert said.strip() == str(own).encode()
    assert leads_its_session() == (os.getsid(0) == os.getpid())
