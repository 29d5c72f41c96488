"""A shipping job: what somebody asked for, how far it is, and what may happen to it next.

Problem: a job takes seconds to minutes, and in the meantime a person corrects a cell, presses the button twice, closes
the laptop; a worker is killed. Whatever comes back must never be shown as the answer to a question that was not asked:

- Everything that a person can change counts up the job's `revision`; what changes the reading of her book (the book, a
  cell, a column, the currency, the day) sets `book_revision` to the new number. A result carries the number of its
  question and is current only while that number is the job's own.
- A worker's attempt has a token. Its progress and its result are taken only while the job still has that token: an
  attempt that was overtaken, or stopped, or comes back from the dead, is told so and its result is thrown away.

Worked case: revision 4 is being planned; she leaves out a line. Revision 5, state `read`; the worker's next word is
answered with "stop". She presses Plan: `planning`, waiting. A worker takes it, token B; killed; found again, token C;
`planned`, result of revision 5. Nothing of revision 4 was ever to be seen.

    uploaded -> reading -> read -> planning -> planned        stopped, failed: from where a worker is awaited
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sundry.base.access.rules import SIGNED_IN, Kind, Operation, Owner, of_kinds
from sundry.goods.orders.rules import Correction
from sundry.goods.shipping.rules import Profile
from sundry.kernel.errors import SundryError, UsageError
from sundry.kernel.exchange import parse_rate
from sundry.kernel.identifiers import is_uscc
from sundry.kernel.messages import LANGUAGES, render
from sundry.kernel.money import CURRENCIES

BOOK_BYTES_MAX = 20_000_000
ATTEMPTS_MAX = 3
KEEP_ANONYMOUS = timedelta(hours=24)
JOBS_WAITING_MAX = 10  # of one owner
JOBS_WAITING_ANONYMOUS_MAX = 100  # of all visitors together
CORRECTIONS_MAX = 5_000
CORRECTION_CHARACTERS_MAX = 1_000
LINES_CHOSEN_MAX = 50_000
CONTAINERS = ("auto", "20GP", "40GP", "40HC", "45HC")
CONTAINERS_MOST = 50
SECONDS_MOST = 60
SECONDS_MOST_ANONYMOUS = 15
INCOTERMS = ("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP")
RATES_MOST = 12
PROFILE_CHARACTERS_MAX = 200
FILE_NAME_BYTES_MAX = 180


# Who may. The market's anonymous desk is open for all of it where the market says so; nobody sees another's goods, but
# for the auditor, who may look and take copies.
_AUDITORS = of_kinds(Kind.AUDITOR)
START = Operation("shipping.start", own=SIGNED_IN, open_desk=True)
UPLOAD = Operation("shipping.job.upload", own=SIGNED_IN, open_desk=True)
READ_JOB = Operation("shipping.job.read", own=SIGNED_IN, foreign=_AUDITORS, open_desk=True)
DOWNLOAD = Operation("shipping.job.download", own=SIGNED_IN, foreign=_AUDITORS, open_desk=True, audited=True)
CHANGE = Operation("shipping.job.change", own=SIGNED_IN, open_desk=True)
PLAN = Operation("shipping.job.plan", own=SIGNED_IN, open_desk=True)
DELETE = Operation("shipping.job.delete", own=SIGNED_IN, open_desk=True)
CLAIM = Operation("shipping.job.claim", own=SIGNED_IN)


class State(StrEnum):
    UPLOADED = "uploaded"  # waits to be read
    READING = "reading"
    READ = "read"  # the lines and findings are there
    PLANNING = "planning"  # waits to be planned, or is
    PLANNED = "planned"
    STOPPED = "stopped"  # by a person
    FAILED = "failed"  # `error_rule` says why


AWAITED = (State.UPLOADED, State.READING, State.PLANNING)
"""A worker is expected to do something."""

_NEXT: Mapping[State, frozenset[State]] = {
    State.UPLOADED: frozenset({State.UPLOADED, State.READING, State.STOPPED, State.FAILED}),
    State.READING: frozenset({State.UPLOADED, State.READ, State.STOPPED, State.FAILED}),
    State.READ: frozenset({State.UPLOADED, State.READ, State.PLANNING}),
    State.PLANNING: frozenset({State.UPLOADED, State.READ, State.PLANNED, State.STOPPED, State.FAILED}),
    State.PLANNED: frozenset({State.UPLOADED, State.READ}),
    State.STOPPED: frozenset({State.UPLOADED, State.READ, State.PLANNING}),
    State.FAILED: frozenset({State.UPLOADED, State.READ, State.PLANNING}),
}


class NotNow(SundryError):
    """The job is in a state in which this cannot happen."""


class AlreadyDone(Exception):
    """What was asked for has happened already (a second click). The caller decides what that means."""


def may_become(state: State, new: State) -> bool:
    return new in _NEXT[state]


def checked(state: State, new: State) -> State:
    """`new`. NotNow: the job cannot go from `state` to it."""
    if not may_become(state, new):
        raise NotNow("job_not_now")
    return new


def state_after_change(state: State, *, rereads: bool, has_reading: bool) -> State:
    """Where a job stands after a person changed something: to be read again, or else read and not planned. What waits
    for its first reading goes on waiting."""
    if rereads:
        return checked(state, State.UPLOADED)
    return checked(state, State.READ) if has_reading else state


def check_seen(book_revision: int, seen: int | None) -> None:
    """NotNow: the book reads otherwise since the revision of the job that she looked at; None: she does not say."""
    if seen is not None and book_revision > seen:
        raise NotNow("job_book_changed")


class Work(StrEnum):
    """What a worker does for a job."""

    READ = "read"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class LinePlace:
    """A line by its place in the book. `item` tells whether it is still the same line when the book was replaced."""

    sheet: str
    row: int
    item: str = ""

    def to_json(self) -> list[Any]:
        return [self.sheet, self.row, self.item]


@dataclass(frozen=True, slots=True)
class JobOptions:
    """What the agent chose. `rates` are texts like USDCNY=7.10; `language` is that of the papers."""

    day: date
    container: str = "auto"
    containers_max: int | None = None
    rates: tuple[str, ...] = ()
    currency: str = "CNY"
    split_lines: bool = False
    upright: bool = False
    seconds: int = 5
    language: str = "en"
    profile: Profile = field(default_factory=Profile)

    def to_json(self) -> dict[str, Any]:
        told = {item.name: getattr(self, item.name) for item in fields(self)}
        profile = {item.name: getattr(self.profile, item.name) for item in fields(Profile)}
        return told | {"day": self.day.isoformat(), "rates": list(self.rates), "profile": profile}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> JobOptions:
        """What `to_json` wrote."""
        return cls(
            **{**data, "day": date.fromisoformat(data["day"]), "rates": tuple(data["rates"])}
            | {"profile": Profile(**data["profile"])}
        )

    def reads_like(self, other: JobOptions) -> bool:
        """Whether a book reads the same under both."""
        return (self.day, self.currency) == (other.day, other.currency)


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong value: the name of its field, and the rule of its text."""

    name: str
    rule: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def message(self, language: str) -> str:
        return render(self.rule, language, self.details)


class OptionsWrong(UsageError):
    """All wrong values at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("options_wrong", count=len(faults))


PROFILE_FIELDS = tuple(item.name for item in fields(Profile))
OPTION_FIELDS = tuple(item.name for item in fields(JobOptions) if item.name != "profile")


def options_from(given: Mapping[str, Any], before: JobOptions, *, seconds_max: int = SECONDS_MOST) -> JobOptions:
    """`before` with what a person or a program gave: texts as from a form, or JSON values; fields of the profile stand
    beside the others. What is not given stays. OptionsWrong: every value that makes no sense.
    """
    reader = _Reader(given)
    changed = replace(
        before,
        day=reader.day("day", before.day),
        container=reader.choice("container", CONTAINERS, before.container),
        containers_max=reader.whole("containers_max", 1, CONTAINERS_MOST, before.containers_max, is_optional=True),
        rates=reader.rates("rates", before.rates),
        currency=reader.choice("currency", CURRENCIES, before.currency, rule="currency_not_known"),
        split_lines=reader.flag("split_lines", before.split_lines),
        upright=reader.flag("upright", before.upright),
        seconds=reader.whole("seconds", 1, seconds_max, min(before.seconds, seconds_max)) or before.seconds,
        language=reader.choice("language", LANGUAGES, before.language),
        profile=Profile(**{name: reader.profile(name, getattr(before.profile, name)) for name in PROFILE_FIELDS}),
    )
    if reader.faults:
        raise OptionsWrong(reader.faults)
    return changed


class _Reader:
    """Reads one field after the other and keeps what is wrong."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given
        self.faults: list[Fault] = []

    def _text(self, name: str) -> str | None:
        """None: not given."""
        value = self.given.get(name)
        return None if value is None else " ".join(str(value).split())

    def _wrong(self, name: str, rule: str, **details: Any) -> None:
        self.faults.append(Fault(name, rule, details))

    def day(self, name: str, before: date) -> date:
        text = self._text(name)
        if text is None:
            return before
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = date.min
        if not 2014 <= day.year <= 2099:  # mode 1039 began in 2014
            self._wrong(name, "option_day", value=text)
            return before
        return day

    def choice(self, name: str, choices: Collection[str], before: str, rule: str = "option_choice") -> str:
        text = self._text(name)
        if text is None or text == before:
            return before
        if text not in choices:
            self._wrong(name, rule, value=text)
            return before
        return text

    def whole(self, name: str, low: int, high: int, before: int | None, *, is_optional: bool = False) -> int | None:
        if name not in self.given:
            return before
        text = self._text(name)
        if not text and is_optional:
            return None
        if text and re.fullmatch(r"[0-9]{1,6}(\.0)?", text) and low <= int(float(text)) <= high:
            return int(float(text))
        self._wrong(name, "option_number", value=text or "", low=low, high=high)
        return before

    def flag(self, name: str, before: bool) -> bool:
        text = self._text(name)
        return before if text is None else text.lower() in ("true", "on", "yes", "1")

    def rates(self, name: str, before: tuple[str, ...]) -> tuple[str, ...]:
        if name not in self.given:
            return before
        value = self.given[name]
        texts = value if isinstance(value, (list, tuple)) else re.split(r"[\s,;，；]+", str(value or ""))
        rates: dict[frozenset[str], str] = {}
        for text in (str(text).strip() for text in texts if str(text).strip()):
            try:
                rate = parse_rate(text)
            except UsageError as fault:
                self._wrong(name, fault.rule, **fault.details)
                continue
            if frozenset({rate.base, rate.quote}) in rates:
                self._wrong(name, "rate_given_twice", value=rate.pair)
            rates[frozenset({rate.base, rate.quote})] = f"{rate.pair}={rate.units}"
        if len(rates) > RATES_MOST:
            self._wrong(name, "option_rates_too_many", most=RATES_MOST)
        return tuple(sorted(rates.values()))

    def profile(self, name: str, before: str) -> str:
        text = self._text(name)
        if text is None:
            return before
        text = "".join(c for c in text if c.isprintable())
        if len(text) > PROFILE_CHARACTERS_MAX:
            self._wrong(name, "option_too_long", most=PROFILE_CHARACTERS_MAX)
        elif name == "consignor_uscc" and text and not is_uscc(text):
            self._wrong(name, "option_uscc", value=text)
        elif name == "incoterm" and text and text.upper() not in INCOTERMS:
            self._wrong(name, "option_incoterm", value=text, known=", ".join(INCOTERMS))
        return text.upper() if name in ("incoterm", "consignor_uscc") else text


def merged_corrections(before: Sequence[Correction], new: Sequence[Correction]) -> tuple[Correction, ...]:
    """The later of two corrections of one cell counts. OptionsWrong: one that makes no sense, or too many."""
    faults = [
        Fault("corrections", "correction_wrong", {"cell": f"{one.column_letter}{one.row}"[:40]})
        for one in new
        if not (
            re.fullmatch("[A-Z]{1,3}", one.column_letter)
            and 1 <= one.row <= 1_048_576
            and len(one.sheet) <= 200
            and len(one.value) <= CORRECTION_CHARACTERS_MAX
            and "\0" not in one.value
        )
    ]
    merged = {(one.sheet, one.row, one.column_letter): one for one in (*before, *new)}
    if len(merged) > CORRECTIONS_MAX:
        faults.append(Fault("corrections", "corrections_too_many", {"most": CORRECTIONS_MAX}))
    if faults:
        raise OptionsWrong(faults)
    return tuple(merged.values())


_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")


def safe_file_name(name: str) -> str:
    """The name of an uploaded file as it may stand on a disk and in a page: no folders, no control or direction marks,
    no leading dot, not long. "book" where nothing is left.

    Worked case: "..\\\\..\\\\订单 <b>.xlsx" -> "订单 _b_.xlsx".
    """
    last = re.split(r"[/\\]", name)[-1]
    clean = "".join(c for c in _UNSAFE.sub("_", last) if c.isprintable()).strip(" ._")
    stem, dot, suffix = clean.rpartition(".")
    if not dot or len(suffix) > 5 or not suffix.isalnum():
        stem, suffix = clean, ""
    room = FILE_NAME_BYTES_MAX - len(suffix) - 1
    stem = stem.encode()[:room].decode(errors="ignore").strip()
    return f"{stem or 'book'}{'.' + suffix if suffix else ''}"


@dataclass(frozen=True, slots=True)
class Job:
    """A job as pages and the API see it."""

    id: uuid.UUID
    key: str
    owner: Owner
    file_name: str
    book_bytes: int
    language: str
    options: JobOptions
    corrections: tuple[Correction, ...]
    column_maps: Mapping[str, Any]
    left_out: tuple[LinePlace, ...]  # by her, not by the plan
    must_travel: tuple[LinePlace, ...]
    state: State
    revision: int
    book_revision: int
    read_revision: int | None
    plan_revision: int | None
    kept_revision: int | None
    read_summary: Mapping[str, Any] | None
    plan_summary: Mapping[str, Any] | None
    stage: str
    done: int
    total: int
    attempts: int
    error_rule: str
    error_details: Mapping[str, Any]
    made_at: datetime
    changed_at: datetime
    queued_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    expires_at: datetime | None

    @property
    def is_anonymous(self) -> bool:
        return self.expires_at is not None

    @property
    def is_awaited(self) -> bool:
        """Whether a worker is doing something for it, or will."""
        return self.state in AWAITED

    @property
    def is_waiting(self) -> bool:
        """Whether no worker has taken it up yet."""
        return self.is_awaited and self.started_at is None

    @property
    def has_reading(self) -> bool:
        """Whether there are lines and findings of the book as it is now."""
        return self.read_revision == self.book_revision

    @property
    def has_plan(self) -> bool:
        """Whether there is a plan of everything as it is now."""
        return self.state is State.PLANNED and self.plan_revision == self.revision

    @property
    def was_planned(self) -> bool:
        """Whether there was a plan, which something changed since."""
        return self.plan_revision is not None and not self.has_plan

    def error_message(self, language: str) -> str:
        return render(self.error_rule, language, self.error_details) if self.error_rule else ""


@dataclass(frozen=True, slots=True)
class Run:
    """One attempt of a worker: everything it needs to know."""

    token: uuid.UUID
    job: Job
    work: Work

    @property
    def revision(self) -> int:
        return self.job.revision if self.work is Work.PLAN else self.job.book_revision


def expiry(owner: Owner, now: datetime) -> datetime | None:
    """When a job of nobody's is deleted; None for one that has an owner."""
    return now + KEEP_ANONYMOUS if owner == Owner() else None


def seconds_most(owner: Owner) -> int:
    return SECONDS_MOST_ANONYMOUS if owner == Owner() else SECONDS_MOST
