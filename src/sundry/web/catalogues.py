"""The gettext catalogues of pages: `sundry/locale/<language>/LC_MESSAGES/django.po` made ready for gettext.

Problem: gettext reads .mo files, which are made by a system tool (msgfmt) that a laptop does not have, and a binary
file that somebody forgot to make again shows yesterday's words. Therefore Babel compiles the .po files when they are
newer than what was compiled, into the folder of data, at the start of whatever uses Django.
"""

from __future__ import annotations

import os
import tempfile
from importlib.resources import files
from pathlib import Path

DOMAIN = "django"
# Directory names of gettext. English is what the templates are written in, so it has no catalogue.
LOCALES = ("zh_Hans", "ar", "es", "fr", "ru")


def sources() -> Path:
    """Where the .po files stand."""
    return Path(str(files("sundry"))) / "locale"


def compiled(target: Path) -> Path:
    """`target` with a .mo file of each language, no older than its .po. A language without a .po file is left out."""
    for locale in LOCALES:
        source = _file(sources(), locale, "po")
        made = _file(target, locale, "mo")
        if source.is_file() and not _is_fresh(made, source):
            _compile(source, locale, made)
    return target


def _file(folder: Path, locale: str, ending: str) -> Path:
    return folder / locale / "LC_MESSAGES" / f"{DOMAIN}.{ending}"


def _is_fresh(made: Path, source: Path) -> bool:
    return made.is_file() and made.stat().st_mtime_ns == source.stat().st_mtime_ns


def _compile(source: Path, locale: str, made: Path) -> None:
    """Moved to its name when it is whole: two processes may start at once."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as text:
        catalogue = read_po(text, locale=locale, domain=DOMAIN)
    made.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=made.parent)
    with os.fdopen(handle, "wb") as target:
        write_mo(target, catalogue)
    stamp = source.stat()
    os.utime(unfinished, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    os.chmod(unfinished, 0o644)
    os.replace(unfinished, made)
