"""A process that ends with the one that started it."""

from __future__ import annotations

import subprocess
import sys
import time

import psutil
import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's order to a child is Linux's")

CHILD = """
import os, sys, time
from sundry.web.dying import die_with_parent
die_with_parent(int(sys.argv[1]) or os.getppid())
print("up", flush=True)
time.sleep(60)
"""
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", sys.argv[1], "0"], start_new_session=True)
print(child.pid, flush=True)
time.sleep(60)
"""


def test_a_child_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, CHILD], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    assert parent.stdout.readline() == "up\n"
    parent.kill()
    parent.communicate()
    until = time.monotonic() + 5
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE and time.monotonic() < until:
        time.sleep(0.01)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_child_whose_parent_has_ended_before_it_could_ask_ends_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", CHILD, "1234567"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
