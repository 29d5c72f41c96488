"""A process that is started for one piece of work ends with the one that started it, however that ends.

Problem: a parent that is killed (-9, out of memory) cannot tidy up; its child would go on for minutes, unseen, writing
for nobody. On Linux a child can ask to be killed when its parent ends; but a parent that ended before the child asked
is not noticed, and the wish is bound to the THREAD that started the child. Therefore the child is told who its parent
is, asks first and looks then, and whoever starts it waits for it in the same thread.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_LIBRARY = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded here: after a fork it might wait for ever


def end_with_parent(parent: int) -> None:
    """To be called by a child before its work. `parent`: the number of the process that started it."""
    if _LIBRARY is not None:  # where the system cannot, only the second half holds
        _LIBRARY.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def leads_its_session() -> bool:
    """Whether this process has a session of its own, so that no terminal's Ctrl-C reaches it or its children."""
    return os.getsid(0) == os.getpid()
