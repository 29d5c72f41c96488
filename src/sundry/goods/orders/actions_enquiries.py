"""What happens to enquiries: a buyer asks many stalls at once, a stall answers a request, an enquiry is closed.

Thirty stalls are asked by as many statements as three: conversations, messages, notices and announcements are each
written at once.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from sundry.base.access.rules import Actor, Kind
from sundry.base.parties import queries as parties
from sundry.goods.catalogue import queries_stalls
from sundry.goods.catalogue.queries_orderable import orderable, orderable_stalls
from sundry.goods.catalogue.rules import Wanted
from sundry.goods.catalogue.texts import clean
from sundry.goods.orders import attachments as files
from sundry.goods.orders import events
from sundry.goods.orders.actions_conversations import said_before, saying
from sundry.goods.orders.enquiry_rules import ASKED_MAX, Asked, Attachment, EnquiryState, MessageKind, Question
from sundry.goods.orders.errors import AlreadyDone, NotNow, NotThere, Refused, is_of_key
from sundry.goods.orders.models import Conversation, ConversationMessage, Enquiry
from sundry.goods.orders.order_rules import Side
from sundry.goods.orders.phrases import Turn
from sundry.goods.orders.talk_checks import question_findings
from sundry.goods.orders.talking import (
    check_open,
    country_of,
    drawn_number,
    held,
    message,
    tell,
    tell_message,
    write,
)
from sundry.goods.orders.writing import Buying, buying
from sundry.kernel.findings import Finding, error, note
from sundry.kernel.identifiers import new_id

GOODS_MAX: Final = 500  # that one enquiry names
SUBJECT_MAX: Final = 200


@dataclass(slots=True)
class _Target:
    """A stall that is to be asked, about which of its goods."""

    id: uuid.UUID
    seller: uuid.UUID
    goods: list[int] = field(default_factory=list)


# Asked ----------------------------------------------------------------------------------------------------------------


def ask(
    *,
    actor: Actor,
    question: Question,
    mandate: uuid.UUID | None = None,
    key: uuid.UUID | None = None,
    now: datetime,
) -> Asked:
    """Ask the stalls of the goods, and the further ones, the same thing; a conversation with each. Refused: what is
    wrong with the question, or no stall is left to be asked. Those that are shut, nobody's or the asker's own are left
    out and told. The same key again: the same enquiry. NotThere, NotNow: the mandate."""
    asked = replace(question, text=clean(question.text, lines=True))
    try:
        with transaction.atomic():
            if (before := _asked_before(key, actor, asked)) is not None:
                return before
            if key is not None and queries_stalls.one_wanted(key) is not None:
                raise NotNow("talk_key_taken")  # under it the answers to that request will stand: they are not hers
            kept, findings = _kept(asked.photos)
            findings += question_findings(asked)
            if len(asked.goods) + len(asked.stalls) > GOODS_MAX:
                findings.append(error("talk_too_many_stalls", value=_many(asked), details={"most": ASKED_MAX}))
            if findings:
                raise Refused(findings)
            who = buying(actor=actor, mandate=mandate, day=timezone.localdate(now))
            country = country_of(who.buyer, who.mandate)
            targets, left_out = _targets(asked, {actor.organisation, who.buyer})
            _check_targets(targets, left_out)
            row = _new_enquiry(asked, who, person=actor.person, photos=kept, key=key, now=now)
            rows = _open(row, targets, country=country, person=actor.person, photos=kept, now=now)
            tell(kind=events.ENQUIRY_ASKED, rows=rows, to=Side.STALL, now=now)
            return Asked(row.number, len(targets), tuple(left_out))
    except IntegrityError as fault:  # sent twice at the same moment: the other one has asked
        if is_of_key(fault) and (before := _asked_before(key, actor, asked)) is not None:
            return before
        raise


def _asked_before(key: uuid.UUID | None, actor: Actor, question: Question) -> Asked | None:
    """The enquiry that this key names. NotNow: somebody else's, or another question."""
    row = Enquiry.objects.filter(key=key).first() if key is not None else None
    if row is None:
        return None
    if actor.organisation not in (row.buyer_id, row.agent_id) or _said(row) != _said(question):
        raise NotNow("talk_key_taken")
    asked = Conversation.objects.filter(enquiry=row).values_list("stall__number", "goods")
    if any(not goods and stall not in question.stalls for stall, goods in asked):
        raise NotNow("talk_key_taken")
    return Asked(row.number, len(asked), again=True)


def _said(one: Enquiry | Question) -> tuple[object, ...]:
    """By which an enquiry is known again, besides the further stalls: of these some may have been left out."""
    figures = (one.quantity, one.unit, one.target_price_minor, one.currency, one.destination, one.wanted)
    return (one.text, one.language, list(dict.fromkeys(one.goods)), *figures)


def _kept(photos: Sequence[str]) -> tuple[list[Attachment], list[Finding]]:
    found = [files.known(photo) for photo in photos]
    kept = [replace(one, name=f"{place}.{one.name.rpartition('.')[2]}") for place, one in enumerate(found, 1) if one]
    wrong = [] if all(found) else [error("talk_attachment_not_there", header="photos")]
    return kept, wrong


def _many(question: Question) -> str:
    return str(len({*question.goods}) + len({*question.stalls}))


def _targets(question: Question, own: set[uuid.UUID | None]) -> tuple[list[_Target], list[Finding]]:
    """Whom to ask, in the order in which they are named, and who is left out and why. At most two statements."""
    goods = orderable(question.goods, lock=False)
    named: dict[int, _Target | None] = {}
    about: dict[int, list[int]] = defaultdict(list)
    left_out: list[Finding] = []
    for number in dict.fromkeys(question.goods):
        good = goods.get(number)
        if good is None or not good.is_listed:
            left_out.append(note("talk_good_not_there", value=str(number)))
            continue
        about[good.stall_number].append(number)
        if good.stall_number not in named:
            named[good.stall_number] = _target(
                good.stall, good.stall_number, good.seller, good.is_open, own=own, left_out=left_out
            )
    further = [number for number in dict.fromkeys(question.stalls) if number not in named]
    stalls = orderable_stalls(further)
    for number in further:
        stall = stalls.get(number)
        if stall is None:
            left_out.append(note("talk_stall_not_there", value=str(number)))
        else:
            named[number] = _target(stall.id, number, stall.seller, stall.is_open, own=own, left_out=left_out)
    found = [replace(target, goods=about[number]) for number, target in named.items() if target is not None]
    return found, left_out


def _target(
    id_: uuid.UUID,
    number: int,
    seller: uuid.UUID | None,
    is_open: bool,
    *,
    own: set[uuid.UUID | None],
    left_out: list[Finding],
) -> _Target | None:
    if seller is None:
        left_out.append(note("talk_stall_unclaimed", value=str(number)))
    elif seller in own:
        left_out.append(note("talk_stall_own", value=str(number)))
    elif not is_open:
        left_out.append(note("talk_stall_closed", value=str(number)))
    else:
        return _Target(id_, seller)
    return None


def _check_targets(targets: Sequence[_Target], left_out: Sequence[Finding]) -> None:
    if not targets:
        raise Refused([error("talk_nobody_asked", header="stalls"), *left_out])
    if len(targets) > ASKED_MAX:
        details = {"most": ASKED_MAX}
        raise Refused([error("talk_too_many_stalls", header="stalls", value=str(len(targets)), details=details)])


def _new_enquiry(
    question: Question,
    who: Buying,
    *,
    person: uuid.UUID | None,
    photos: Sequence[Attachment],
    key: uuid.UUID | None,
    now: datetime,
) -> Enquiry:
    row = Enquiry(
        id=new_id(),
        number=drawn_number(),
        buyer_id=who.buyer,
        agent_id=who.agent,
        mandate_id=who.mandate,
        person_id=person,
        text=question.text,
        language=question.language,
        goods=list(dict.fromkeys(question.goods)),
        quantity=question.quantity,
        unit=question.unit,
        target_price_minor=question.target_price_minor,
        currency=question.currency,
        destination=question.destination,
        attachments=[asdict(one) for one in photos],
        wanted=question.wanted,
        key=key,
        asked_at=now,
    )
    row.save(force_insert=True)
    return row


def _open(
    enquiry: Enquiry,
    targets: Sequence[_Target],
    *,
    country: str,
    person: uuid.UUID | None,
    photos: Sequence[Attachment],
    now: datetime,
) -> list[Conversation]:
    """A conversation with each, in which the question stands. Two statements."""
    rows = [
        Conversation(
            id=new_id(),
            enquiry=enquiry,
            stall_id=target.id,
            seller_id=target.seller,
            buyer_id=enquiry.buyer_id,
            agent_id=enquiry.agent_id,
            mandate_id=enquiry.mandate_id,
            country=country,
            goods=target.goods,
            subject=enquiry.text.partition("\n")[0][:SUBJECT_MAX],
            language=enquiry.language,
        )
        for target in targets
    ]
    text, language = enquiry.text, enquiry.language
    questions = [
        message(row, Side.BUYER, person=person, now=now, text=text, language=language, attachments=photos)
        for row in rows
    ]
    Conversation.objects.bulk_create(rows)
    ConversationMessage.objects.bulk_create(questions)
    return rows


# A request for quotation answered -------------------------------------------------------------------------------------


def answer_wanted(
    *,
    actor: Actor,
    wanted: uuid.UUID,
    stall: int,
    text: str,
    language: str,
    attachments: Sequence[Attachment] = (),
    key: uuid.UUID | None = None,
    now: datetime,
) -> uuid.UUID:
    """A stall answers a request for quotation: the conversation in which it stands. The first answer makes an enquiry
    of the request, each stall has a conversation of it. The same key again: said once. NotThere; NotNow; Refused."""
    mine = orderable_stalls([stall]).get(stall)
    asked = queries_stalls.one_wanted(wanted)
    if asked is None or mine is None or mine.seller is None or mine.seller != actor.organisation:
        raise NotThere("talk_wanted_not_there")
    with transaction.atomic():
        enquiry, country = _enquiry_of(asked, now)
        if actor.organisation in (enquiry.buyer_id, enquiry.agent_id):
            raise NotNow("talk_stall_own", value=str(stall))
        there = Conversation.objects.filter(enquiry=enquiry)
        row_id = there.filter(stall=mine.id).values_list("id", flat=True).first()
        if row_id is None:
            if len(there.values_list("id")[:ASKED_MAX]) == ASKED_MAX:
                raise NotNow("talk_wanted_enough", most=ASKED_MAX)
            target = _Target(mine.id, mine.seller)
            (row,) = _open(enquiry, [target], country=country, person=asked.person, photos=(), now=now)
            row.stall_unread, row.stall_seen = 0, 1  # whoever answers has read it
        else:
            row = held([row_id])[row_id]
        if said_before(key, row, Side.STALL, text=text, template="", attachments=attachments) is not None:
            return row.id
        check_open(row)
        said = saying(Side.STALL, text=text, language=language, attachments=attachments)
        answer = message(row, Side.STALL, person=actor.person, now=now, key=key, **said)
        write([row], [answer])
        tell_message([row], to=Side.BUYER, now=now)
        return row.id


def _enquiry_of(asked: Wanted, now: datetime) -> tuple[Enquiry, str]:
    """The enquiry that stands for a request, locked, made when it is first answered; and the buyer's country. The
    request's own id is its key, so that of two stalls that answer first at once both find one."""
    if asked.organisation is None:
        raise NotNow("talk_wanted_of_person")
    buyer = parties.organisation(asked.organisation)
    if not asked.is_open or buyer is None:
        raise NotNow("talk_wanted_closed")
    made = Enquiry(
        id=new_id(),
        number=drawn_number(),
        buyer_id=buyer.id,
        agent_id=buyer.id if buyer.kind is Kind.AGENT else None,
        person_id=asked.person,
        text=asked.text,
        language=asked.language,
        quantity=asked.quantity,
        wanted=asked.id,
        key=asked.id,
        asked_at=now,
    )
    Enquiry.objects.bulk_create([made], ignore_conflicts=True)
    return Enquiry.objects.select_for_update().get(key=asked.id), buyer.country


# Closed ---------------------------------------------------------------------------------------------------------------


def close_enquiry(*, actor: Actor, enquiry: int, now: datetime) -> None:
    """The buyer has what she wanted: no stall has to answer any more, and each is told. NotThere; AlreadyDone."""
    with transaction.atomic():
        row = Enquiry.objects.select_for_update().filter(number=enquiry).first()
        if row is None or actor.organisation is None or actor.organisation not in (row.buyer_id, row.agent_id):
            raise NotThere("talk_enquiry_not_there", enquiry=enquiry)
        if row.state == EnquiryState.CLOSED.value:
            raise AlreadyDone("talk_enquiry_closed_already", enquiry=enquiry)
        Enquiry.objects.filter(id=row.id).update(state=EnquiryState.CLOSED.value)
        rows = list(held(Conversation.objects.filter(enquiry=row).values_list("id", flat=True)).values())
        notes = [
            message(
                one,
                Side.BUYER,
                person=actor.person,
                now=now,
                kind=MessageKind.NOTE,
                turn=Turn.ENDS,
                template="talk_note_closed",
                values={"enquiry": enquiry},
            )
            for one in rows
        ]
        write(rows, notes)
        tell_message(rows, to=Side.STALL, now=now)
