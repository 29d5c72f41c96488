"""The pictures that lie in the rows of a workbook, kept as photos: by two processes, which read a stranger's files.

Problem: a list of 5,000 rows has 2,000 pictures, and each is decoded, made smaller and written anew in three sizes,
eight milliseconds of a core. One process after the other takes twice as long as two, and a picture that breaks its
decoder must not take the worker with it. Therefore the names are dealt out to children with limits of memory and time;
what a child of which something went wrong did not tell is told as broken, and no row is lost.

Worked case: 2,000 JPEGs of 400 x 400 take 16 s of CPU and 8 s on two cores. A picture that lies in forty rows is one.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from sundry.kernel.children import end_with_parent, leads_its_session
from sundry.kernel.errors import SundryError

PICTURES_MAX: Final = 3_000
PROCESSES: Final = 2
MEMORY_BYTES_MAX: Final = 1_500_000_000
SECONDS_MAX: Final = 300
_FEW: Final = 8  # what one child does as fast as two begin
_EFFORT: Final = 0
_MEDIA: Final = "/media/"


@dataclass(frozen=True, slots=True)
class RowPicture:
    """`file`: as it is kept, "" where it could not be: then `rule` and `details` say why."""

    file: str
    rule: str = ""
    details: Mapping[str, Any] | None = None


_BROKEN: Final = RowPicture("", "catalogue_photo_broken", {})


def keep_pictures(path: Path, names: Collection[str], *, files: Path) -> dict[str, RowPicture]:
    """The pictures of an .xlsx by these names (`Line.picture`), kept below `files`; of others nothing is told."""
    wanted = sorted(set(names))[:PICTURES_MAX]
    if not wanted:
        return {}
    count = 1 if len(wanted) <= _FEW else PROCESSES
    children = [_start(path, wanted[at::count], files) for at in range(count)]
    told: dict[str, RowPicture] = {}
    try:
        for child in children:
            told |= _answer_of(child)
    finally:
        for child in children:
            if child.poll() is None:
                child.kill()
                child.wait()
    return {name: told.get(name, _BROKEN) for name in wanted}


def _start(path: Path, names: list[str], files: Path) -> subprocess.Popen[bytes]:
    request = {"path": str(path.absolute()), "names": names, "files": str(files.absolute()), "parent": os.getpid()}
    child = subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=not leads_its_session(),
    )
    assert child.stdin is not None
    child.stdin.write(json.dumps(request).encode())
    child.stdin.close()
    child.stdin = None  # it is told all it needs; communicate() would write to it again
    return child


def _answer_of(child: subprocess.Popen[bytes]) -> dict[str, RowPicture]:
    """What a child told before it ended, or was ended."""
    try:
        out, _errors = child.communicate(timeout=SECONDS_MAX)
    except subprocess.TimeoutExpired:
        child.kill()
        out, _errors = child.communicate()
    told = {}
    for line in out.decode(errors="replace").splitlines():
        try:
            name, file, rule, details = json.loads(line)
        except ValueError:
            continue  # the line in which it fell
        told[name] = RowPicture(file, rule, details)
    return told


def _keep(request: Mapping[str, Any]) -> None:
    """The child's work: a line of JSON a picture, written as soon as it is kept."""
    from sundry.goods.catalogue import pictures
    from sundry.goods.catalogue.rules import PHOTO_BYTES_MAX

    known: dict[bytes, RowPicture] = {}  # by SHA-256
    try:
        package = ZipFile(request["path"])
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return  # no .xlsx: other workbooks' pictures are not read
    with package:
        parts = {name.rpartition("/")[2]: name for name in package.namelist() if _MEDIA in name}
        for name in request["names"]:
            if name not in parts:
                continue
            try:
                with package.open(parts[name]) as stream:
                    data = stream.read(PHOTO_BYTES_MAX + 1)
                if (key := hashlib.sha256(data).digest()) not in known:
                    known[key] = RowPicture(pictures.keep(data, effort=_EFFORT).file)
                one = known[key]
            except SundryError as refusal:
                one = RowPicture("", refusal.rule, dict(refusal.details))
            except (BadZipFile, EOFError, OSError, ValueError, NotImplementedError):
                one = _BROKEN
            sys.stdout.write(json.dumps([name, one.file, one.rule, one.details or {}]) + "\n")
            sys.stdout.flush()


def main() -> None:
    """The child."""
    request = json.load(sys.stdin)
    end_with_parent(request["parent"])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))
    from django.conf import settings

    settings.configure(FILES_DIR=request["files"])
    _keep(request)


if __name__ == "__main__":
    main()
