"""What web and worker write down: whole lines of JSON, nobody's address, and errors where a person sees them."""

from __future__ import annotations

import json
import logging
import logging.config
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sundry.web import logs
from sundry.web.configuration import Configuration, configuration


@pytest.fixture
def own(tmp_path: Path) -> Configuration:
    return configuration({"SUNDRY_DATA_DIR": str(tmp_path)})


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """The loggers of a test end with it, and pytest's own handlers come back."""
    root, handlers, level = logging.getLogger(), [*logging.getLogger().handlers], logging.getLogger().level
    yield
    for handler in [*root.handlers]:
        if handler not in handlers:
            handler.close()
    root.handlers, root.level = handlers, level
    logging.captureWarnings(False)


def written(own: Configuration, part: str = "web") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (own.logs_dir / f"{part}.log").read_text("utf-8").splitlines()]


def fail() -> None:
    try:
        raise ValueError("no such person: li.na@example.com")
    except ValueError:
        logging.getLogger("sundry.test").exception("Lost %s\nfor good", "wang@example.com")


def test_a_line_is_one_object_with_what_was_added_and_nobody_in_it(own: Configuration) -> None:
    logs.begin(own, "web")
    log = logging.getLogger("sundry.test")
    log.info("Sent to %s", "li.na@example.com", extra={"to": ["+86 138 0013 8000"], "tries": 3, "where": Path("/x")})
    (line,) = written(own)
    assert line.pop("at").endswith("Z")
    assert line == {
        "level": "INFO",
        "from": "sundry.test",
        "said": "Sent to l...@example.com",
        "to": ["+86 ...00"],
        "tries": 3,
        "where": "/x",
    }


def test_an_error_is_a_trace_in_the_file_and_a_sentence_on_the_terminal(
    own: Configuration, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.begin(own, "worker")
    fail()
    logging.getLogger("sundry.test").warning("only in the file")
    error, warning = written(own, "worker")
    assert error["said"] == "Lost w...@example.com\nfor good"
    assert "ValueError: no such person: l...@example.com" in error["trace"]
    assert "Traceback" in error["trace"]
    assert warning["said"] == "only in the file"
    told = capsys.readouterr().err
    assert told == (
        "worker: ERROR sundry.test: Lost w...@example.com for good (ValueError: no such person: l...@example.com)"
        f"  [{own.logs_dir / 'worker.log'}]\n"
    )


def test_lines_for_reading_are_covered_too(tmp_path: Path) -> None:
    own = configuration({"SUNDRY_DATA_DIR": str(tmp_path), "SUNDRY_LOG_FORMAT": "text"})
    logs.begin(own, "web")
    logging.getLogger("sundry.test").info("Hello", extra={"to": "li.na@example.com"})
    fail()
    first, *rest = (own.logs_dir / "web.log").read_text("utf-8").splitlines()
    assert first.endswith("Z INFO sundry.test: Hello to=l...@example.com")
    assert rest[-1] == "ValueError: no such person: l...@example.com"


def test_gunicorn_says_what_was_asked_and_nothing_of_who_asked(own: Configuration) -> None:
    from gunicorn.glogging import SafeAtoms

    from sundry.web import serve

    logs.begin(own, "web")
    atoms = {
        "m": "GET",
        "U": "/ship/Xq3vT8LmZr0aW5yKcB7dNg",
        "q": "x=1",
        "s": "200",
        "B": 512,
        "M": 12,
        "h": "10.0.0.9",
    }
    logging.getLogger("gunicorn.access").info(serve.settings(own, 3)["access_log_format"], SafeAtoms(atoms))
    (line,) = written(own)
    del line["at"]
    assert line == {
        "level": "INFO",
        "from": "gunicorn.access",
        "said": "GET /ship/Xq3v...",
        "status": 200,
        "bytes": 512,
        "ms": 12,
    }


def test_who_falls_silent_while_asking_is_no_error_of_ours(own: Configuration) -> None:
    logs.begin(own, "web")
    for fault in (BlockingIOError(11, "nothing came"), OSError(5, "lost")):
        try:
            raise fault
        except OSError:
            logging.getLogger("gunicorn.error").exception("Socket error processing request.")
    (line,) = written(own)
    assert "lost" in line["trace"]


def test_gunicorn_takes_these_settings(own: Configuration) -> None:
    """As it does it: its own defaults first, ours over them."""
    from gunicorn.glogging import CONFIG_DEFAULTS

    own.logs_dir.mkdir()
    logging.config.dictConfig(CONFIG_DEFAULTS | logs.settings(own, "web"))
    logging.getLogger("gunicorn.error").info("Listening")
    assert [line["said"] for line in written(own)] == ["Listening"]


def test_warnings_of_python_are_written_down(own: Configuration) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        logs.begin(own, "web")
        warnings.warn("old thing", DeprecationWarning, stacklevel=1)
        logging.captureWarnings(False)
    assert "old thing" in written(own)[0]["said"]


def test_a_log_that_has_grown_is_put_aside_while_it_is_written_to(
    own: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "BYTES_MAX", 200)
    logs.begin(own, "web")
    file = own.logs_dir / "web.log"
    logging.getLogger("sundry.test").info("short")
    logs.put_aside(file)
    assert file.exists()
    logging.getLogger("sundry.test").info("long " * 100)
    logs.put_aside(file)
    assert not file.exists()
    logging.getLogger("sundry.test").info("new")
    assert [line["said"] for line in written(own)] == ["new"]
    assert len(file.with_name("web.log.1").read_text().splitlines()) == 2
    logs.put_aside(own.logs_dir / "none.log")
