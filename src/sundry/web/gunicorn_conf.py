"""Settings of gunicorn, the server of pages and API: one process with threads, which ends when its watcher does.

One process, because a laptop has 400 MB for all of it; threads, because a page waits for the database most of its time.
The socket comes from `sundry run`, already listening, so that nobody finds the door closed while it is started again.
"""

from __future__ import annotations

from typing import Any

from sundry.web import logs
from sundry.web.configuration import configuration
from sundry.web.dying import die_with_parent

SUNDRY = configuration()

wsgi_app = "sundry.web.wsgi:application"
worker_class = "gthread"
workers = 1
threads = SUNDRY.web_threads
graceful_timeout = 2
timeout = 60
keepalive = 5
forwarded_allow_ips = "*" if SUNDRY.behind_proxy else "127.0.0.1,::1"
control_socket_disable = True
access_log_format = "%(m)s %(U)s"
logconfig_dict = logs.settings(SUNDRY, "web")


def post_fork(server: Any, worker: Any) -> None:
    """A killed gunicorn leaves no worker behind that holds the port."""
    die_with_parent(worker.ppid)
