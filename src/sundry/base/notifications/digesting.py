"""What stands in a digest: whole sentences in its reader's language, grouped by kind, each with the page it speaks of.

Worked case: seven stalls confirmed and two orders are late. Subject: "2 late orders · 7 confirmations". Body, what is
urgent first:

    2 late orders

    Order 10234-3 was to be handed over on 20 Nov 2026.
    https://market.example/orders/10234/
    ...
    7 confirmations
    ...
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from babel.dates import format_date
from django.utils import translation
from django.utils.translation import gettext, ngettext

from sundry.base.notifications.rules import NoticeKind, NoticeView, Way
from sundry.kernel.messages import LANGUAGES, render

SENTENCES_MAX: Final = 5  # of one kind; the rest is counted
SUBJECT_MAX: Final = 180
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

log = logging.getLogger("sundry.notifications")


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Links:
    """Whole addresses. `market`: without a slash at its end."""

    market: str
    notices: str
    preferences: str
    stop: str


def sentence(kind: NoticeKind, values: Mapping[str, Any], language: str) -> str:
    """What one notice says, in `language` (zh, en, ...): days and names in it too."""
    try:
        return render(kind.rule, language, {name: _told(value, language) for name, value in values.items()})
    except (KeyError, ValueError):  # a notice of an older release, whose blanks were others: never hold up the rest
        log.exception("a notice cannot be worded", extra={"kind": kind.name})
        return many(kind, 1)


def many(kind: NoticeKind, count: int) -> str:
    """So many of a kind, in the language that is active."""
    return str(kind.many % {"count": count})


def letter(notices: Sequence[NoticeView], *, way: Way, locale: str, names: Mapping[UUID, str], links: Links) -> Letter:
    """The digest of `notices` (at least one), for a reader of `locale` (`zh-hans`, `en`, ...) who is told by `way`.

    `names`: of the organisations that she acts for; it is said for which of them where there are several.
    """
    with translation.override(locale):
        language = locale.partition("-")[0]
        grouped = _grouped(notices)
        if len(notices) == 1:
            short = _one_line(sentence(notices[0].kind, notices[0].values, language))
        else:
            counts = [many(group[0].kind, sum(one.times for one in group)) for group in grouped]
            short = _one_line(" · ".join(counts))
        if way is not Way.EMAIL:
            return Letter("", f"{short}\n{links.market + notices[0].link if len(notices) == 1 else links.notices}")
        blocks = [_block(group, language, names if len(names) > 1 else {}, links) for group in grouped]
        return Letter(short, "\n\n\n".join([*blocks, _foot(links)]) + "\n")


def _grouped(notices: Sequence[NoticeView]) -> list[list[NoticeView]]:
    """By kind, what is urgent first, else as the kinds come."""
    groups: dict[str, list[NoticeView]] = {}
    for notice in sorted(notices, key=lambda one: (not one.kind.urgent, one.at, one.id)):
        groups.setdefault(notice.kind.name, []).append(notice)
    return list(groups.values())


def _block(group: Sequence[NoticeView], language: str, names: Mapping[UUID, str], links: Links) -> str:
    told = [_paragraph(one, language, names, links) for one in group[:SENTENCES_MAX]]
    if len(group) == 1:
        return told[0]
    if more := len(group) - len(told):
        said = ngettext("%(count)d more stands on your page.", "%(count)d more stand on your page.", more)
        told.append(f"{said % {'count': more}}\n{links.notices}")
    return "\n\n".join([many(group[0].kind, sum(one.times for one in group)), *told])


def _paragraph(one: NoticeView, language: str, names: Mapping[UUID, str], links: Links) -> str:
    lines = [_one_line(sentence(one.kind, one.values, language))]
    if one.organisation in names:
        lines.append(gettext("For: %(name)s") % {"name": names[one.organisation]})
    return "\n".join([*lines, links.market + one.link])


def _foot(links: Links) -> str:
    return "\n".join(
        [
            "-- ",
            gettext("Choose how and how often you are told:"),
            links.preferences,
            gettext("Stop these messages, without signing in:"),
            links.stop,
        ]
    )


def _told(value: Any, language: str) -> Any:
    if isinstance(value, Mapping):  # a name in several languages
        return next((value[one] for one in (language, "en", *LANGUAGES) if value.get(one)), "")
    if isinstance(value, str) and _DAY.fullmatch(value):
        return format_date(date.fromisoformat(value), "medium", locale="zh_Hans" if language == "zh" else language)
    return value


def _one_line(text: str) -> str:
    return " ".join(text.split())[:SUBJECT_MAX]
