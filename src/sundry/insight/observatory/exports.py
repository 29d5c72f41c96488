"""Published figures as files: for the pages, the API and the command alike.

    xlsx             statements, their quotations, observations; for people
    parquet          a zip of statements.parquet and observations.parquet, every vintage; for programs
    sdmx-csv         the latest vintage of every key, as statistical offices exchange it
    sdmx-structure   what its columns and codes are called; no figures

Every file is of one moment. What waits for review, what was rejected and what we only worked out is in none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from sundry.base.access.actions import take
from sundry.base.access.rules import Actor
from sundry.insight.observatory.formats import parquet, sdmx_csv, sdmx_structure, statements_xlsx
from sundry.insight.observatory.formats.citing import Sourced
from sundry.insight.observatory.operations import sees_unpublished
from sundry.insight.observatory.queries_exports import observed, published, snapshot
from sundry.insight.observatory.rules import Sought, StatementView

EXPORTS, EXPORTS_S = 10, 600  # of a person, or of visitors from one network, in so many seconds


@dataclass(frozen=True, slots=True)
class Format:
    """What the file is called, and what a browser is told that it is."""

    file_name: str
    media_type: str


FORMATS: Final[Mapping[str, Format]] = {
    "xlsx": Format("figures.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "parquet": Format("figures-parquet.zip", "application/zip"),
    "sdmx-csv": Format("figures.csv", sdmx_csv.MEDIA_TYPE),
    "sdmx-structure": Format("figures-structure.json", sdmx_structure.MEDIA_TYPE),
}


def count_export(actor: Actor, now: datetime) -> None:
    """TooMany: she takes along more than a person reads, and each export takes the server's time."""
    take(f"observatory.export:{actor.person or actor.address}", EXPORTS, EXPORTS_S, now)


def write_export(
    file: IO[bytes], *, format: str, sought: Sought, market: str, language: str, now: datetime, names: bool
) -> None:
    """What is published of `sought` into `file`, in one of FORMATS.

    `market`: the address at which the pages are read. `now`: in the reader's zone. `names`: whether it may say who
    corrected a statement. KeyError: no such format. FiguresMissing: it needs the extra `figures`. RuntimeError: called
    inside a transaction.
    """
    write = _WRITERS[format]
    with snapshot():
        write(file, _Figures(sought, market, language, now, names))


def exported(*, format: str, sought: Sought, market: str, language: str, now: datetime, actor: Actor) -> IO[bytes]:
    """The file for `actor`, at its beginning; whoever gets it closes it. As `write_export`; TooMany: `count_export`."""
    count_export(actor, now)
    file = _new_file()
    try:
        write_export(
            file,
            format=format,
            sought=sought,
            market=market,
            language=language,
            now=now,
            names=sees_unpublished(actor),  # the offices know who corrected what, the public need not
        )
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _new_file() -> IO[bytes]:
    return TemporaryFile()


@dataclass(frozen=True, slots=True)
class _Figures:
    """What is exported, and for whom."""

    sought: Sought
    market: str
    language: str
    now: datetime
    names: bool

    def statements(self) -> Iterator[StatementView]:
        return map(self._told, published(self.sought))

    def observations(self) -> Iterator[Sourced]:
        return ((observation, self._told(statement)) for observation, statement in observed(self.sought))

    def _told(self, statement: StatementView) -> StatementView:
        return statement if self.names or not statement.corrected_by else replace(statement, corrected_by="")


def _write_xlsx(file: IO[bytes], figures: _Figures) -> None:
    statements_xlsx.write_workbook(
        file,
        statements=figures.statements(),
        observations=figures.observations(),
        market=figures.market,
        language=figures.language,
        now=figures.now,
    )


def _write_parquet(file: IO[bytes], figures: _Figures) -> None:
    with ZipFile(file, "w", ZIP_STORED) as archive:  # the files are packed by themselves
        for name in ("statements.parquet", "observations.parquet"):
            with TemporaryFile() as part:
                if name == "statements.parquet":
                    parquet.write_statements(part, figures.statements(), market=figures.market, now=figures.now)
                else:
                    parquet.write_observations(part, figures.observations(), market=figures.market, now=figures.now)
                part.seek(0)
                entry = ZipInfo(name, figures.now.timetuple()[:6])
                with archive.open(entry, "w", force_zip64=True) as packed:
                    copyfileobj(part, packed)


def _write_sdmx_csv(file: IO[bytes], figures: _Figures) -> None:
    sdmx_csv.write_csv(file, figures.observations(), market=figures.market)


def _write_sdmx_structure(file: IO[bytes], figures: _Figures) -> None:
    sdmx_structure.write_structure(file, now=figures.now)


_WRITERS: Final = {
    "xlsx": _write_xlsx,
    "parquet": _write_parquet,
    "sdmx-csv": _write_sdmx_csv,
    "sdmx-structure": _write_sdmx_structure,
}
