"""A process that ends with the one that started it, however that one ends.

Problem: `kill -9` of a watcher gives it no time to end those it watches over, and they would hold the port and do jobs
a second time beside those of the next start. Therefore the kernel is asked to kill them then (Linux: PR_SET_PDEATHSIG).
Elsewhere they stay, and the next start says that the port is used.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_SET_PDEATHSIG = 1
_LIBRARY = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(parent: int) -> None:
    """From now on SIGKILL ends this process when `parent`, the pid of who started it, ends; at once if it has ended."""
    if _LIBRARY is None:
        return
    _LIBRARY.prctl(_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
