"""What happens in the reference: a file is loaded, a folder, our own set. Each file is one transaction.

Whoever loads a table waits for who loads it just now. A file with faults changes nothing, and is kept as a refused load
with its findings; a file that stands already changes nothing, and says so.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction
from django.utils.timezone import localdate

from sundry.base.access.actions import record
from sundry.base.access.rules import Actor
from sundry.base.reference import loading, writing
from sundry.base.reference.loading import Content, File
from sundry.base.reference.models import Load
from sundry.base.reference.operations import LOAD
from sundry.base.reference.rules import DATED_BY_LAW, IN_PARTS, WHOLE, Given, Kind, Origin, changes
from sundry.base.reference.sheet import Read, key_of
from sundry.kernel.errors import SundryError, UnusableInput
from sundry.kernel.findings import Finding
from sundry.kernel.identifiers import new_id

_LOCK: Final = 0x4EF  # of pg_advisory_xact_lock, with the number of the kind
_KINDS: Final = list(Kind)


class AlreadyLoaded(SundryError):
    """The table stands as this file has it."""

    exit_code = 0


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. Where `is_refused`, it did nothing. `findings`: the first of them; `found`: how many.

    `kept_away`: rows of our own set for which the operator's stand.
    """

    id: uuid.UUID
    file: str
    kind: Kind
    valid_from: date
    is_refused: bool
    rows: int
    added: int
    ended: int
    kept_away: int
    found: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file of a folder that was not loaded, and why."""

    file: str
    fault: SundryError


def load_file(
    *,
    actor: Actor,
    file: File,
    now: datetime,
    kind: Kind | None = None,
    valid_from: date | None = None,
    source: str = "",
    aliases: File | None = None,
) -> Loaded:
    """Load the edition that a file holds; it takes the place of what stood, from its first day on.

    `kind`: where the header shall not decide. `valid_from`: the first day of the edition. `source`: who says so, the
    file's name where it is not told. `aliases`: other names of the ports of a register. AlreadyLoaded. UnusableInput:
    no table of ours; a law without its day; an edition older than the one that stands. Seven statements, and two more
    where rows are added and ended.
    """
    content = loading.read(file, day=localdate(now), kind=kind, valid_from=valid_from, aliases=aliases)
    if content.kind in DATED_BY_LAW and valid_from is None:
        raise UnusableInput("reference_day_needed", file=file.name)
    with transaction.atomic():
        return _load(actor, content, Origin.GIVEN, source.strip() or file.name, localdate(now))


def load_folder(
    *, actor: Actor, given: Sequence[File], now: datetime, valid_from: date | None = None, source: str = ""
) -> tuple[Loaded | LeftOut, ...]:
    """Load what tables there are among the files, each in a transaction of its own; and say why the others are none."""
    chosen = loading.chosen(given)
    done: list[Loaded | LeftOut] = []
    for file, aliases in chosen.taken:
        try:
            done.append(
                load_file(actor=actor, file=file, now=now, valid_from=valid_from, source=source, aliases=aliases)
            )
        except SundryError as fault:
            done.append(LeftOut(file.name, fault))
    return (*done, *(LeftOut(name, fault) for name, fault in chosen.left_out))


def load_own(*, actor: Actor, now: datetime) -> tuple[Loaded, ...]:
    """The small set that comes with Sundry, as far as the operator gave nothing for it. Those files that changed."""
    done = []
    with transaction.atomic():
        for kind, file in loading.own():
            content = loading.read(file, day=localdate(now), kind=kind)
            try:
                done.append(_load(actor, content, Origin.OWN, "Sundry", localdate(now)))
            except AlreadyLoaded:
                continue
    return tuple(done)


def _load(actor: Actor, content: Content, origin: Origin, source: str, day: date) -> Loaded:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, _KINDS.index(content.kind)])
    _look_back(content, origin)
    load = Load(
        kind=content.kind.value,
        origin=origin.value,
        file=content.name[:200],
        sha256=content.sha256,
        source=source[:300],
        valid_from=content.valid_from,
        is_refused=content.is_refused,
        rows=len(content.values),
        findings=[_kept(one) for one in content.findings],
        person=actor.person,
        through=actor.through.value,
    )
    kept_away = 0
    if content.is_refused:
        load.save(force_insert=True)
    else:
        kept_away = _write(content, origin, load, source, day)
    details = {"kind": load.kind, "rows": load.rows, "added": load.added, "ended": load.ended}
    record(
        actor=actor,
        operation=LOAD,
        object_kind="load",
        object_id=load.id,
        details=details | {"refused": load.is_refused},
    )
    return Loaded(
        load.id,
        content.name,
        content.kind,
        content.valid_from,
        load.is_refused,
        load.rows,
        load.added,
        load.ended,
        kept_away,
        content.found,
        content.findings,
    )


def _look_back(content: Content, origin: Origin) -> None:
    """AlreadyLoaded: the last edition was the same file. UnusableInput: it begins later than this one."""
    loads = Load.objects.filter(kind=content.kind.value, origin=origin.value, is_refused=False)
    last = loads.order_by("-id").first()
    if last is None:
        return
    if last.sha256 == content.sha256 and (origin is Origin.OWN or last.valid_from == content.valid_from):
        raise AlreadyLoaded("reference_already_loaded", file=content.name, day=last.valid_from)
    is_edition = content.kind in WHOLE - IN_PARTS and origin is Origin.GIVEN
    if is_edition and content.valid_from < last.valid_from:
        raise UnusableInput(
            "reference_edition_older", file=content.name, day=content.valid_from, newest=last.valid_from
        )


def _write(content: Content, origin: Origin, load: Load, source: str, day: date) -> int:
    """Rows are added and ended; how many of ours stayed away."""
    read = {key_of(one.value): one for one in content.values}
    digests = {key: writing.digest_of(one.value) for key, one in read.items()}
    given = {key: Given(digests[key], writing.scope_of(one.value), _since(one, content)) for key, one in read.items()}
    done = changes(
        writing.standing(content.kind),
        given,
        origin=origin,
        day=content.valid_from if origin is Origin.GIVEN else day,
        whole=content.kind in WHOLE,
    )
    load.added, load.ended = len(done.added), len(done.ended)
    load.save(force_insert=True)
    writing.end(content.kind, done.ended)
    if done.added:
        rows = (
            writing.New(
                new_id(),
                read[key].value,
                digests[key],
                given[key].valid_from,
                read[key].source or source[:300],
                read[key].confidence,
            )
            for key in done.added
        )
        writing.add(content.kind, rows, origin=origin, load=load.id)
    return len(done.kept_away)


def _since(one: Read, content: Content) -> date:
    if content.kind is Kind.RATE:
        return one.value.day  # type: ignore[union-attr]  # a table of rates holds nothing else
    return one.valid_from or content.valid_from


def _kept(finding: Finding) -> dict[str, object]:
    """A finding as it is kept: its rule and its blanks, so that it can be told in any language."""
    told = finding.to_json()
    del told["message"]
    return told
