"""`python -m sundry.web.serve`: makes a market ready, then serves its pages and its API; started by `sundry run`.

One process with threads, because a laptop has 400 MB for all of it and a page mostly waits for the database. It loads
Django once: first it makes ready what a start needs, then gunicorn forks the server from it, and forks another one if
that dies. The socket comes from `sundry run`, already listening, so nobody finds the door closed meanwhile.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import threading
from typing import Any, Final

from gunicorn.app.base import BaseApplication

from sundry.kernel.children import end_with_parent
from sundry.kernel.errors import SundryError
from sundry.kernel.messages import LANGUAGES, render
from sundry.web import logs
from sundry.web.configuration import Configuration, configuration
from sundry.web.prepare import prepare

WARM_AFTER_S: Final = 20.0


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m sundry.web.serve", description="Serve the pages of a market.")
    parser.add_argument("--door", type=int, required=True, metavar="FD", help="the listening socket")
    parser.add_argument("--ready", type=int, metavar="FD", help="gets a byte when the database is ready for others")
    parser.add_argument("--language", choices=LANGUAGES, default="en")
    parser.add_argument("--no-sample", action="store_true", help="leave an empty sample market empty")
    given = parser.parse_args(argv)

    def say(rule: str, **values: Any) -> None:
        sys.stdout.write(render(rule, given.language, values) + "\n")
        sys.stdout.flush()

    own = configuration()
    logs.begin(own, "web")
    try:
        is_changed = prepare(own, say, sample=not given.no_sample, language=given.language)
    except SundryError as fault:
        sys.stderr.write(f"sundry: {fault.message(given.language)}\n")
        return fault.exit_code
    if is_changed:  # the settings of Django were made from what was there before
        os.execv(sys.executable, sys.orig_argv)
    if given.ready is not None:
        os.write(given.ready, b"!")
        os.close(given.ready)
    Pages(own, given.door).run()
    return 0


class Pages(BaseApplication):  # type: ignore[misc]
    """gunicorn, told by us and by nobody else: no command line, no file, no variable of its own."""

    def __init__(self, own: Configuration, door: int) -> None:
        self.settings = settings(own, door)
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from sundry.web.wsgi import application

        return application


def settings(own: Configuration, door: int) -> dict[str, Any]:
    """What gunicorn is told, by its own names."""
    return {
        "bind": f"fd://{door}",
        "worker_class": "gthread",
        "workers": 1,
        "threads": own.web_threads,
        "preload_app": True,
        "graceful_timeout": 2,
        "timeout": 60,
        "keepalive": 5,
        "limit_request_line": 8_190,  # its most: what was taken out of a basket comes back by an address
        "forwarded_allow_ips": "*" if own.behind_proxy else "",
        "forwarder_headers": "",  # else SCRIPT_NAME and PATH_INFO might be told by a client
        "control_socket_disable": True,
        "access_log_format": "%(m)s %(U)s",
        "logconfig_dict": logs.settings(own, "web"),
        "pre_fork": share_memory,
        "post_fork": begin_to_serve,
    }


def share_memory(_arbiter: Any, _worker: Any) -> None:
    """What is imported so far is never looked through again for rubbish: else each process would soon have a copy."""
    gc.collect()
    gc.freeze()


def begin_to_serve(_arbiter: Any, worker: Any) -> None:
    """A killed gunicorn leaves nobody behind who holds the port. Search is made ready when the first pages are out."""
    from sundry.goods.catalogue.searching import warm

    end_with_parent(worker.ppid)
    later = threading.Timer(WARM_AFTER_S, warm)
    later.daemon = True
    later.start()


if __name__ == "__main__":
    sys.exit(main())
