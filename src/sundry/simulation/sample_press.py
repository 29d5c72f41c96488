"""Pages of a newspaper and a town that do not exist, so that the observatory has something to read.

Problem: the pages of a real paper may not be given away, and figures of a real town under words that nobody printed
would be a lie.

    pages()[1].text      the first quarter of 麓泽市, in 岑江市, in 苍原省: codes 990182, 990100, 990000
    read(page.text, issued=page.issued, home=home())

Therefore town, paper, people and figures are invented (press/manifest.yaml says what is deliberate in them), and since
no list of places knows the town's prefecture, the home brings it along.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from sundry.engines.reading.model import Region


@dataclass(frozen=True, slots=True)
class SamplePage:
    """One page as stored, line ends untouched. `tells_issue`: the page says the day `issued` itself, year and all."""

    name: str  # page-1, as its file
    text: str
    issued: date
    tells_issue: bool
    holds: str  # what it is about, in a few words of English
    deliberate: tuple[str, ...]  # what is odd in it on purpose


def pages() -> tuple[SamplePage, ...]:
    """The pages in the order of their days; the last revises a figure of the second."""
    return tuple(
        SamplePage(
            name=entry["file"].removesuffix(".txt"),
            text=_stored(entry["file"]),
            issued=entry["issued"],
            tells_issue=entry["tells_issue"],
            holds=entry["holds"],
            deliberate=tuple(entry["deliberate"]),
        )
        for entry in _manifest()["pages"]
    )


def home() -> Region:
    """The invented town, with the invented prefecture and province it lies in."""
    manifest = _manifest()
    parents = tuple(Region(one["code"], one["name"]) for one in manifest["parents"])
    return Region(manifest["home"]["code"], manifest["home"]["name"], parents)


def paper() -> str:
    """The name of the paper."""
    name: str = _manifest()["paper"]
    return name


@cache
def _manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_stored("manifest.yaml"))
    return loaded


def _stored(name: str) -> str:
    return files("sundry.simulation").joinpath("press", name).read_bytes().decode()
