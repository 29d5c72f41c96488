"""What web and worker write down: one JSON object a line, with people and keys covered; errors to the terminal too.

    {"at":"2026-04-11T08:00:00.123Z","level":"INFO","from":"sundry.web","said":"GET /style","status":200,"ms":12}

Each process has a file of its own in `DATA/logs`, which may be moved away while it is written to: `put_aside` does it,
the writer notices and begins a new one. SUNDRY_LOG_FORMAT=text writes lines for reading instead.
"""

from __future__ import annotations

import json
import logging
import logging.config
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sundry.kernel.masking import mask
from sundry.web.configuration import Configuration

BYTES_MAX = 10_000_000

# What every record has; anything else was added by whoever spoke, and is written down beside what was said. The queue
# adds at length what its sentence says already.
_USUAL = {*vars(logging.LogRecord("", 0, "", 0, "", (), None)), "message", "asctime", "taskName"}
_REPEATED = {"worker", "job", "start_timestamp", "end_timestamp", "result", "kwargs", "request"}


class JsonLines(logging.Formatter):
    """One object a line: at (UTC), level, from, said, fields of the record's own, and the trace of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "at": _at(record),
            "level": record.levelname,
            "from": record.name,
            "said": mask(record.getMessage()),
        }
        told |= {key: _masked(value) for key, value in _own(record).items()}
        if record.exc_info:
            told["trace"] = mask(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=lambda value: mask(str(value)))


class Lines(logging.Formatter):
    """One line for reading, and the trace of an exception below it."""

    def format(self, record: logging.LogRecord) -> str:
        own = "".join(f" {key}={value}" for key, value in _own(record).items())
        trace = f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""
        return mask(f"{_at(record)} {record.levelname} {record.name}: {record.getMessage()}{own}{trace}")


class Short(logging.Formatter):
    """What the terminal gets of an error: a sentence and the kind of exception; the trace stands in the file."""

    def __init__(self, part: str, file: Path) -> None:
        super().__init__()
        self.part, self.file = part, file

    def format(self, record: logging.LogRecord) -> str:
        kind = record.exc_info[0] if record.exc_info else None
        cause = f" ({kind.__name__}: {record.exc_info[1]})" if kind and record.exc_info else ""
        said = " ".join(f"{record.getMessage()}{cause}".split())
        return mask(f"{self.part}: {record.levelname} {record.name}: {said}") + f"  [{self.file}]"


def is_our_matter(record: logging.LogRecord) -> bool:
    """A filter: whether more has happened than that somebody fell silent in the middle of asking."""
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError))


def settings(configuration: Configuration, part: str) -> dict[str, Any]:
    """For logging.config: `part` (web, worker) writes to DATA/logs/PART.log."""
    file = configuration.logs_dir / f"{part}.log"
    written = JsonLines if configuration.log_format == "json" else Lines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"file": {"()": written}, "terminal": {"()": Short, "part": part, "file": file}},
        "filters": {"ours": {"()": lambda: is_our_matter}},
        "handlers": {
            "file": {
                "class": "logging.handlers.WatchedFileHandler",
                "filename": str(file),
                "encoding": "utf-8",
                "formatter": "file",
            },
            "terminal": {"class": "logging.StreamHandler", "level": "ERROR", "formatter": "terminal"},
        },
        "root": {"level": "INFO", "handlers": ["file", "terminal"]},
        "loggers": {
            # Gunicorn would give these two handlers of their own.
            "gunicorn.error": {"handlers": [], "propagate": True, "filters": ["ours"]},
            "gunicorn.access": {"handlers": [], "propagate": True},
            # At each start the queue lists what it knows.
            "procrastinate.blueprints": {"level": "WARNING"},
            "procrastinate.periodic": {"level": "WARNING"},
        },
    }


def begin(configuration: Configuration, part: str) -> None:
    """Write down from now on what this process says, warnings of Python included."""
    configuration.logs_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    logging.config.dictConfig(settings(configuration, part))
    logging.captureWarnings(True)


def put_aside(file: Path) -> None:
    """Move a log that has grown too long to its name with .1, in the place of the one before it."""
    try:
        if file.stat().st_size > BYTES_MAX:
            file.replace(file.with_name(f"{file.name}.1"))
    except FileNotFoundError:
        return


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _own(record: logging.LogRecord) -> dict[str, Any]:
    """The fields that the speaker added. Of gunicorn's we take what says nothing of who asked."""
    if record.name == "gunicorn.access" and isinstance(record.args, dict):
        return {"status": int(record.args["s"]), "bytes": record.args["B"], "ms": record.args["M"]}
    return {key: value for key, value in vars(record).items() if key not in _USUAL | _REPEATED}


def _masked(value: Any) -> Any:
    """`value` with every text in it masked; what JSON does not know becomes text."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {str(key): _masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [_masked(inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | float) else mask(str(value))
