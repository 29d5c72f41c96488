"""The text layer of a PDF, page by page.

Problem: a PDF is a program in disguise. One of ten kilobytes unpacks to gigabytes, another refers to itself for ever,
a third breaks the library that reads it. Therefore a child process reads it, which may use so much memory and so many
seconds and no more; whatever becomes of it, the caller has the texts or a `PdfRefused` that says why not.

    parent --- the bytes, on standard input --->  child: python -m sundry.insight.observatory.formats.pdf_pages
           <-- {"texts": ["...", ...]}
               | {"refused": "pdf_encrypted", "details": {}}
"""

from __future__ import annotations

import json
import logging
import os
import resource
import subprocess
import sys
from io import BytesIO
from typing import Any, Final

from sundry.kernel.children import end_with_parent
from sundry.kernel.errors import SundryError

SECONDS_MAX: Final = 20
MEMORY_BYTES_MAX: Final = 1_000_000_000
CHARACTERS_MAX: Final = 5_000_000  # of all pages
_MODULE: Final = "sundry.insight.observatory.formats.pdf_pages"


class PdfRefused(SundryError):
    """pdf_encrypted, pdf_broken, pdf_too_many_pages, pdf_too_much_text, pdf_takes_too_much."""


def texts_of(data: bytes, *, pages_max: int, seconds_max: float = SECONDS_MAX) -> tuple[str, ...]:
    """The text of each page, "" where it has none. PdfRefused: it cannot be read, or not within the limits."""
    command = [sys.executable, "-m", _MODULE, str(pages_max), str(os.getpid())]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds_max, check=False)
    except subprocess.TimeoutExpired:  # run() has killed it
        raise PdfRefused("pdf_takes_too_much", file="") from None
    if done.returncode:
        raise PdfRefused("pdf_takes_too_much", file="")
    answer: dict[str, Any] = json.loads(done.stdout)
    if "refused" in answer:
        raise PdfRefused(answer["refused"], file="", **answer["details"])
    return tuple(answer["texts"])


def read(data: bytes, pages_max: int) -> dict[str, Any]:
    """What the child answers."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return _refused("pdf_encrypted")
        if len(reader.pages) > pages_max:
            return _refused("pdf_too_many_pages", pages=len(reader.pages), most=pages_max)
        texts: list[str] = []
        for page in reader.pages:
            texts.append(_sound(page.extract_text()))
            if sum(map(len, texts)) > CHARACTERS_MAX:
                return _refused("pdf_too_much_text", most=CHARACTERS_MAX)
    except (MemoryError, RecursionError):
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError, OSError):
        return _refused("pdf_broken")  # whatever the library stumbles over in a broken file
    return {"texts": texts} if texts else _refused("pdf_broken")


def _sound(text: str) -> str:
    """Without halves of surrogate pairs, which neither JSON nor a database takes."""
    return text.encode("utf-8", errors="replace").decode()


def _refused(rule: str, **details: int) -> dict[str, Any]:
    return {"refused": rule, "details": details}


def main() -> None:
    end_with_parent(int(sys.argv[2]))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))
    logging.disable(logging.CRITICAL)  # of each oddity the library would write a line
    answer = read(sys.stdin.buffer.read(), int(sys.argv[1]))
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
