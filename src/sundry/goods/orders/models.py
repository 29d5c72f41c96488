"""Orders of one buyer over many stalls, mandates, trade tickets, payments; enquiries, conversations, quotations."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from sundry.goods.orders.enquiry_rules import EnquiryState, MessageKind, QuotationState
from sundry.goods.orders.import_rules import ImportState
from sundry.goods.orders.mark_rules import WORD_MAX
from sundry.goods.orders.order_rules import (
    NAME_MAX,
    NOTE_MAX,
    REASON_MAX,
    WHOLE_BP,
    ChangeKind,
    ChangeState,
    Collector,
    EventKind,
    MandateState,
    OrderState,
    PaymentKind,
    PaymentState,
    Side,
    State,
    Supply,
)
from sundry.kernel.identifiers import new_id

SHA256 = r"^[0-9a-f]{64}$"


def _one_of(field: str, values: type[StrEnum], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": [one.value for one in values]}), name=name)


def _to(target: str, **more: object) -> models.ForeignKey[Any, Any]:
    """To a table of another module, which never loses a row of ours."""
    options: dict[str, object] = {"on_delete": models.PROTECT, "related_name": "+", "db_index": False} | more
    return models.ForeignKey(target, **options)  # type: ignore[arg-type]


def _perhaps(target: str) -> models.ForeignKey[Any, Any]:
    return _to(target, null=True, blank=True)


# Orders -------------------------------------------------------------------------------------------------------------


class Mandate(models.Model):
    """An agent buys on behalf of a buyer, who is in the market (`buyer`) or is named here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agent = _to("parties.Organisation")
    buyer = _perhaps("parties.Organisation")
    client_name = models.CharField(max_length=NAME_MAX, blank=True)
    client_country = models.CharField(max_length=2, blank=True)
    state = models.CharField(max_length=8, default=MandateState.OFFERED.value)
    reference = models.CharField(max_length=80, blank=True)  # of the paper that says so
    currency = models.CharField(max_length=3, default="CNY")
    limit_minor = models.BigIntegerField(null=True, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    made_by = _perhaps("parties.Person")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = _perhaps("parties.Person")

    class Meta:
        constraints = [
            _one_of("state", MandateState, "mandate_state_is_known"),
            models.CheckConstraint(
                condition=Q(buyer__isnull=False) | ~Q(client_name=""), name="mandate_is_of_somebody"
            ),
            models.CheckConstraint(
                condition=Q(limit_minor__isnull=True) | Q(limit_minor__gt=0), name="mandate_limit_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="mandate_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["agent", "buyer"],
                condition=Q(state__in=[MandateState.OFFERED.value, MandateState.IN_FORCE.value], buyer__isnull=False),
                name="one_mandate_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["agent", "id"], name="mandates_of_agent"),
            models.Index(fields=["buyer", "id"], condition=Q(buyer__isnull=False), name="mandates_of_buyer"),
        ]


class TotalsOfLines(models.Model):
    """What lines come to: kept up by the difference of each change, so that no change reads all lines again."""

    lines = models.IntegerField(default=0)
    pieces = models.BigIntegerField(default=0)
    cartons = models.BigIntegerField(default=0)
    value_minor = models.BigIntegerField(default=0)
    deposit_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField(default=0)
    volume_mm3 = models.DecimalField(max_digits=24, decimal_places=0, default=0)
    gross_g = models.BigIntegerField(default=0)
    unmeasured = models.IntegerField(default=0)

    class Meta:
        abstract = True


class Order(TotalsOfLines):
    """One order; `buyer` None: of a client whom only the mandate names. `key`: the caller's, placed once by it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.BigIntegerField(unique=True)  # in addresses; drawn from order_number
    buyer = _perhaps("parties.Organisation")
    agent = _perhaps("parties.Organisation")
    mandate = _perhaps("orders.Mandate")
    person = _perhaps("parties.Person")
    state = models.CharField(max_length=10, default=OrderState.DRAFT.value)
    currency = models.CharField(max_length=3, default="CNY")
    name = models.CharField(max_length=NAME_MAX, blank=True)
    destination = models.CharField(max_length=2, blank=True)
    port = models.CharField(max_length=5, blank=True)
    collector = models.CharField(max_length=8, default=Collector.AGENT.value)
    note = models.CharField(max_length=NOTE_MAX, blank=True)
    stalls = models.IntegerField(default=0)
    repeats = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    key = models.UUIDField(unique=True, null=True, blank=True)
    version = models.IntegerField(default=1)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    placed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = _perhaps("parties.Person")

    class Meta:
        constraints = [
            _one_of("state", OrderState, "order_state_is_known"),
            _one_of("collector", Collector, "order_collector_is_known"),
            models.CheckConstraint(
                condition=Q(buyer__isnull=False) | Q(agent__isnull=False), name="order_is_of_somebody"
            ),
            models.CheckConstraint(
                condition=Q(state=OrderState.DRAFT.value) | Q(placed_at__isnull=False), name="order_is_placed_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(value_minor__gte=0, deposit_minor__gte=0, paid_minor__gte=0, pieces__gte=0, lines__gte=0),
                name="order_totals_are_not_below_nought",
            ),
            models.CheckConstraint(condition=Q(paid_minor__lte=F("value_minor")), name="order_is_not_paid_twice"),
        ]
        indexes = [
            models.Index(fields=["buyer", "-number"], name="orders_of_buyer"),
            models.Index(fields=["agent", "-number"], condition=Q(agent__isnull=False), name="orders_of_agent"),
        ]


class SubOrder(TotalsOfLines):
    """A stall's part of an order, with a life of its own. `claims`, `debts`: its two accounts in the ledger."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.SmallIntegerField()  # from 1: "10234-3"
    stall = _to("catalogue.Stall")
    seller = _to("parties.Organisation")
    state = models.CharField(max_length=12, default=State.DRAFT.value)
    deposit_bp = models.SmallIntegerField(default=0)
    promised_day = models.DateField(null=True, blank=True)
    first_promised_day = models.DateField(null=True, blank=True)  # so that a promise that moves is seen
    placed_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=REASON_MAX, blank=True)
    note = models.CharField(max_length=NOTE_MAX, blank=True)
    claims = models.UUIDField(null=True, blank=True)
    debts = models.UUIDField(null=True, blank=True)
    version = models.IntegerField(default=1)
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = _perhaps("parties.Person")

    class Meta:
        constraints = [
            _one_of("state", State, "sub_order_state_is_known"),
            models.UniqueConstraint(fields=["order", "stall"], name="one_sub_order_a_stall"),
            models.UniqueConstraint(fields=["order", "position"], name="one_sub_order_a_position"),
            models.CheckConstraint(
                condition=Q(deposit_bp__gte=0, deposit_bp__lte=WHOLE_BP), name="sub_order_deposit_is_a_part"
            ),
            models.CheckConstraint(
                condition=Q(value_minor__gte=0, deposit_minor__gte=0, paid_minor__gte=0, pieces__gte=0, lines__gte=0),
                name="sub_order_totals_are_not_below_nought",
            ),
            models.CheckConstraint(
                condition=Q(deposit_minor__lte=F("value_minor"), paid_minor__lte=F("value_minor")),
                name="sub_order_is_not_paid_twice",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT.value) | Q(placed_at__isnull=False, answer_by__isnull=False),
                name="sub_order_is_placed_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "state", "-placed_at", "id"], name="sub_orders_of_seller"),
            models.Index(fields=["seller", "-id"], name="sub_orders_of_seller_newest"),
            models.Index(fields=["stall", "-id"], name="sub_orders_of_stall"),
            models.Index(
                fields=["answer_by"], condition=Q(state=State.PLACED.value), name="sub_orders_waiting_for_answer"
            ),
            models.Index(
                fields=["promised_day", "id"],
                condition=Q(state__in=[State.CONFIRMED.value, State.READY.value]),
                name="sub_orders_promised",
            ),
        ]


class OrderLine(models.Model):
    """What one stall is to deliver of one thing. `promises`: its pending transfers in the ledger, until the stall
    confirms; `shelf`, `reserved`: its accounts there, None where nothing is drawn."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+", db_index=False)
    sub = models.ForeignKey(SubOrder, on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.IntegerField()
    good = _perhaps("catalogue.Good")
    good_number = models.BigIntegerField(null=True, blank=True)
    variant = models.UUIDField(null=True, blank=True)
    names = models.JSONField(default=dict)
    variant_names = models.JSONField(default=dict)
    language = models.CharField(max_length=2, default="zh")
    item_number = models.CharField(max_length=80, blank=True)
    unit = models.CharField(max_length=16, default="piece")
    photo = models.CharField(max_length=64, blank=True)
    pieces = models.IntegerField()
    price_minor = models.BigIntegerField()
    price_per = models.IntegerField(default=1)
    list_price_minor = models.BigIntegerField(null=True, blank=True)
    value_minor = models.BigIntegerField()
    carton_pieces = models.IntegerField(null=True, blank=True)
    carton_length_mm = models.IntegerField(null=True, blank=True)
    carton_width_mm = models.IntegerField(null=True, blank=True)
    carton_height_mm = models.IntegerField(null=True, blank=True)
    carton_gross_g = models.IntegerField(null=True, blank=True)
    carton_net_g = models.IntegerField(null=True, blank=True)
    hs_code = models.CharField(max_length=10, blank=True)
    supply = models.CharField(max_length=8, default=Supply.UNLISTED.value)
    collector = models.CharField(max_length=8, default=Collector.AGENT.value)
    collecting = _perhaps("parties.Organisation")  # who that is; None: a client whom only the mandate names
    quotation_line = models.ForeignKey(
        "orders.QuotationLine", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    promised_day = models.DateField(null=True, blank=True)
    promises = ArrayField(models.UUIDField(), default=list, blank=True)
    shelf = models.UUIDField(null=True, blank=True)
    reserved = models.UUIDField(null=True, blank=True)
    handed_pieces = models.IntegerField(default=0)
    cancelled_pieces = models.IntegerField(default=0)
    mark = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=NOTE_MAX, blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            _one_of("supply", Supply, "order_line_supply_is_known"),
            _one_of("collector", Collector, "order_line_collector_is_known"),
            models.CheckConstraint(
                condition=Q(pieces__gte=0, cancelled_pieces__gte=0, handed_pieces__gte=0, value_minor__gte=0),
                name="order_line_is_not_below_nought",
            ),
            models.CheckConstraint(
                condition=Q(handed_pieces__lte=F("pieces")), name="order_line_hands_over_what_was_ordered"
            ),
            models.CheckConstraint(
                condition=Q(price_minor__gt=0, price_per__gt=0), name="order_line_price_is_positive"
            ),
            models.UniqueConstraint(fields=["order", "position"], name="one_order_line_a_position"),
        ]
        indexes = [
            models.Index(fields=["sub", "position"], name="order_lines_of_sub_order"),
            models.Index(fields=["good"], condition=Q(good__isnull=False), name="order_lines_of_good"),
        ]


class OrderEvent(models.Model):
    """The timeline of an order: written once, never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+", db_index=False)
    sub = models.ForeignKey(SubOrder, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=24)
    side = models.CharField(max_length=8)
    person = _perhaps("parties.Person")
    organisation = _perhaps("parties.Organisation")
    at = models.DateTimeField()
    details = models.JSONField(default=dict)

    class Meta:
        constraints = [
            _one_of("kind", EventKind, "order_event_kind_is_known"),
            _one_of("side", Side, "order_event_side_is_known"),
        ]
        indexes = [models.Index(fields=["order", "id"], name="order_events_of_order")]


class Change(models.Model):
    """A change that one side proposes and the other accepts or not; `base_version`: the sub-order's, as it was then."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sub = models.ForeignKey(SubOrder, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=10, default=ChangeState.PROPOSED.value)
    side = models.CharField(max_length=8)
    base_version = models.IntegerField()
    reason = models.CharField(max_length=REASON_MAX)
    promised_day = models.DateField(null=True, blank=True)
    lines = models.JSONField(default=list)  # LineChange by LineChange
    before = models.JSONField(default=list)  # those lines as they were
    value_minor = models.BigIntegerField(default=0)  # the difference
    proposed_at = models.DateTimeField()
    proposed_by = _perhaps("parties.Person")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = _perhaps("parties.Person")

    class Meta:
        constraints = [
            _one_of("kind", ChangeKind, "change_kind_is_known"),
            _one_of("state", ChangeState, "change_state_is_known"),
            _one_of("side", Side, "change_side_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="change_has_a_reason"),
            models.UniqueConstraint(
                fields=["sub"], condition=Q(state=ChangeState.PROPOSED.value), name="one_change_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["sub", "id"], name="changes_of_sub_order")]


class TradeTicket(models.Model):
    """交易单: what one stall sold one buyer, in versions; the newest is not void."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sub = models.ForeignKey(SubOrder, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.SmallIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()
    drawn_by = _perhaps("parties.Person")
    buyer_confirmed_at = models.DateTimeField(null=True, blank=True)
    buyer_confirmed_by = _perhaps("parties.Person")
    stall_confirmed_at = models.DateTimeField(null=True, blank=True)
    stall_confirmed_by = _perhaps("parties.Person")
    is_void = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sub", "version"], name="one_ticket_a_version"),
            models.UniqueConstraint(fields=["sub"], condition=Q(is_void=False), name="one_ticket_that_holds"),
            models.CheckConstraint(condition=Q(digest__regex=SHA256), name="ticket_digest_is_a_hash"),
        ]


class Payment(models.Model):
    """A deposit or a balance, as the buyer tells it and the stall acknowledges it. `event`: of the ledger."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sub = models.ForeignKey(SubOrder, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=12, default=PaymentState.TOLD.value)
    amount_minor = models.BigIntegerField()
    paid_on = models.DateField()
    reference = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=REASON_MAX, blank=True)
    event = models.UUIDField(null=True, blank=True)
    key = models.UUIDField(unique=True, null=True, blank=True)
    told_at = models.DateTimeField()
    told_by = _perhaps("parties.Person")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = _perhaps("parties.Person")

    class Meta:
        constraints = [
            _one_of("kind", PaymentKind, "payment_kind_is_known"),
            _one_of("state", PaymentState, "payment_state_is_known"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_is_positive"),
        ]
        indexes = [models.Index(fields=["sub", "id"], name="payments_of_sub_order")]


class HandOver(models.Model):
    """Goods that a stall has handed over. `key`: the phone's, so that what is sent twice is handed over once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sub = models.ForeignKey(SubOrder, on_delete=models.PROTECT, related_name="+", db_index=False)
    lines = models.JSONField()  # {line: pieces}
    cartons = models.IntegerField(null=True, blank=True)
    note = models.CharField(max_length=NOTE_MAX, blank=True)
    key = models.UUIDField(unique=True)
    at = models.DateTimeField()
    person = _perhaps("parties.Person")

    class Meta:
        indexes = [models.Index(fields=["sub", "id"], name="hand_overs_of_sub_order")]


class StallTerms(models.Model):
    """What a stall asks of every order, unless a quotation says otherwise. `confirms_stock`: orders of counted stock at
    the listed prices are confirmed as they are placed."""

    stall = models.OneToOneField("catalogue.Stall", on_delete=models.CASCADE, primary_key=True, related_name="+")
    deposit_stock_bp = models.SmallIntegerField(default=0)
    deposit_made_bp = models.SmallIntegerField(default=3000)
    confirms_stock = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    deposit_stock_bp__gte=0,
                    deposit_stock_bp__lte=WHOLE_BP,
                    deposit_made_bp__gte=0,
                    deposit_made_bp__lte=WHOLE_BP,
                ),
                name="stall_terms_deposit_is_a_part",
            )
        ]


class SavedView(models.Model):
    """Filters and columns of a table that somebody keeps by a name; `query` is what stands behind the address's `?`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = _to("parties.Person", on_delete=models.CASCADE)
    page = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "page", "name"], name="one_saved_view_a_name")]


class DeskMark(models.Model):
    """What somebody notes by a row of her desk for herself alone: by an order, or by a stall's part of one. `word`: of
    mark_rules.Mark, or her own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = _to("parties.Person", on_delete=models.CASCADE)
    order = _to("orders.Order", on_delete=models.CASCADE, null=True, blank=True)
    sub = _to("orders.SubOrder", on_delete=models.CASCADE, null=True, blank=True)
    word = models.CharField(max_length=WORD_MAX)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(order__isnull=True, sub__isnull=False) | Q(order__isnull=False, sub__isnull=True),
                name="desk_mark_is_of_an_order_or_a_part",
            ),
            models.CheckConstraint(condition=~Q(word=""), name="desk_mark_says_something"),
            models.UniqueConstraint(fields=["order", "person"], name="one_desk_mark_an_order"),
            models.UniqueConstraint(fields=["sub", "person"], name="one_desk_mark_a_part"),
        ]
        indexes = [models.Index(fields=["person", "word"], name="desk_marks_of_person")]


# Before an order ----------------------------------------------------------------------------------------------------


class Enquiry(models.Model):
    """A buyer's question to many stalls. `key`: the caller's, so that it is asked once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.BigIntegerField(unique=True)  # drawn from order_number
    buyer = _perhaps("parties.Organisation")
    agent = _perhaps("parties.Organisation")
    mandate = _perhaps("orders.Mandate")
    person = _perhaps("parties.Person")
    state = models.CharField(max_length=8, default=EnquiryState.OPEN.value)
    text = models.TextField()
    language = models.CharField(max_length=2)
    goods = ArrayField(models.BigIntegerField(), default=list, blank=True)
    quantity = models.IntegerField(null=True, blank=True)
    unit = models.CharField(max_length=16, default="piece")
    target_price_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="CNY")
    destination = models.CharField(max_length=2, blank=True)
    attachments = models.JSONField(default=list)
    wanted = models.UUIDField(null=True, blank=True)
    key = models.UUIDField(unique=True, null=True, blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            _one_of("state", EnquiryState, "enquiry_state_is_known"),
            models.CheckConstraint(
                condition=Q(buyer__isnull=False) | Q(agent__isnull=False), name="enquiry_is_of_somebody"
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "-number"], name="enquiries_of_buyer"),
            models.Index(fields=["agent", "-number"], condition=Q(agent__isnull=False), name="enquiries_of_agent"),
        ]


class Conversation(models.Model):
    """Between one buyer and one stall. `buyer_seen`, `stall_seen`: the number of the newest message that side has seen;
    `buyer_unread`, `stall_unread`: how many of the other side's are newer. `waits_for`: who has to answer; the market
    itself where nobody has to. `goods`: those of this stall that are asked about. `country`: the buyer's. `quotation`:
    the number of the newest that was sent."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    stall = _to("catalogue.Stall")
    seller = _to("parties.Organisation")
    buyer = _perhaps("parties.Organisation")
    agent = _perhaps("parties.Organisation")
    mandate = _perhaps("orders.Mandate")
    country = models.CharField(max_length=2, blank=True)
    goods = ArrayField(models.BigIntegerField(), default=list, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2)  # in which the buyer writes
    last_at = models.DateTimeField()
    waits_for = models.CharField(max_length=8, default=Side.STALL.value)
    is_answered = models.BooleanField(default=False)  # the stall has written, and not only that it is busy
    quotation = models.BigIntegerField(null=True, blank=True)
    messages = models.IntegerField(default=0)
    buyer_seen = models.IntegerField(default=0)
    stall_seen = models.IntegerField(default=0)
    buyer_unread = models.IntegerField(default=0)
    stall_unread = models.IntegerField(default=0)

    class Meta:
        constraints = [
            _one_of("waits_for", Side, "conversation_waits_for_somebody"),
            models.UniqueConstraint(
                fields=["enquiry", "stall"], condition=Q(enquiry__isnull=False), name="one_conversation_a_stall"
            ),
            models.UniqueConstraint(
                fields=["order", "stall"],
                condition=Q(order__isnull=False, enquiry__isnull=True),
                name="one_conversation_an_order",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-last_at", "-id"], name="conversations_of_seller"),
            models.Index(fields=["buyer", "-last_at", "-id"], name="conversations_of_buyer"),
            models.Index(
                fields=["agent", "-last_at", "-id"], condition=Q(agent__isnull=False), name="conversations_of_agent"
            ),
            models.Index(
                fields=["seller", "last_at", "id"],
                condition=Q(waits_for=Side.STALL.value),
                name="conversations_unanswered",
            ),
            models.Index(fields=["seller"], condition=Q(stall_unread__gt=0), name="conversations_stall_unread"),
            models.Index(fields=["buyer"], condition=Q(buyer_unread__gt=0), name="conversations_buyer_unread"),
            models.Index(
                fields=["agent"],
                condition=Q(buyer_unread__gt=0, agent__isnull=False),
                name="conversations_agent_unread",
            ),
        ]


class ConversationMessage(models.Model):
    """`values`: what fills a template. `translations`: by the reader's language, as whoever translates gave them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.IntegerField()  # from 1, in its conversation
    kind = models.CharField(max_length=10)
    side = models.CharField(max_length=8)
    person = _perhaps("parties.Person")
    text = models.TextField(blank=True)
    language = models.CharField(max_length=2, blank=True)
    template = models.CharField(max_length=40, blank=True)
    values = models.JSONField(default=dict)
    translations = models.JSONField(default=dict)
    attachments = models.JSONField(default=list)
    quotation = models.UUIDField(null=True, blank=True)
    key = models.UUIDField(unique=True, null=True, blank=True)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            _one_of("kind", MessageKind, "message_kind_is_known"),
            _one_of("side", Side, "message_side_is_known"),
            models.UniqueConstraint(fields=["conversation", "number"], name="one_message_a_number"),
        ]
        indexes = [GinIndex(fields=["attachments"], opclasses=["jsonb_path_ops"], name="messages_with_attachments")]


class Quotation(models.Model):
    """A version of a quotation: `number` is of all its versions. `is_newest`: no later one was sent."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.BigIntegerField()  # drawn from order_number
    version = models.SmallIntegerField(default=1)
    is_newest = models.BooleanField(default=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, null=True, related_name="+")
    stall = _to("catalogue.Stall")
    seller = _to("parties.Organisation")
    buyer = _perhaps("parties.Organisation")
    agent = _perhaps("parties.Organisation")
    mandate = _perhaps("orders.Mandate")
    state = models.CharField(max_length=10, default=QuotationState.DRAFT.value)
    currency = models.CharField(max_length=3, default="CNY")
    valid_until = models.DateField(null=True, blank=True)
    lead_time_days = models.SmallIntegerField(null=True, blank=True)
    incoterm = models.CharField(max_length=3, blank=True)
    place = models.CharField(max_length=80, blank=True)
    packing = models.CharField(max_length=NOTE_MAX, blank=True)
    deposit_bp = models.SmallIntegerField(default=0)
    note = models.CharField(max_length=NOTE_MAX, blank=True)
    value_minor = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=REASON_MAX, blank=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    made_by = _perhaps("parties.Person")
    sent_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = _perhaps("parties.Person")
    key = models.UUIDField(unique=True, null=True, blank=True)
    key_said = models.CharField(max_length=64, blank=True)  # the digest of what `key` said
    accept_key = models.UUIDField(null=True, blank=True)  # the caller's, so that it is accepted once
    accept_said = models.CharField(max_length=64, blank=True)
    order = models.ForeignKey(Order, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            _one_of("state", QuotationState, "quotation_state_is_known"),
            models.UniqueConstraint(fields=["number", "version"], name="one_quotation_a_version"),
            models.UniqueConstraint(fields=["number"], condition=Q(is_newest=True), name="one_newest_quotation"),
            models.CheckConstraint(
                condition=Q(deposit_bp__gte=0, deposit_bp__lte=WHOLE_BP), name="quotation_deposit_is_a_part"
            ),
            models.CheckConstraint(
                condition=~Q(state=QuotationState.SENT.value) | Q(sent_at__isnull=False, valid_until__isnull=False),
                name="quotation_that_is_sent_ends",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-id"], name="quotations_of_seller"),
            models.Index(fields=["buyer", "-id"], name="quotations_of_buyer"),
            models.Index(fields=["agent", "-id"], condition=Q(agent__isnull=False), name="quotations_of_agent"),
            models.Index(
                fields=["valid_until"], condition=Q(state=QuotationState.SENT.value), name="quotations_that_end"
            ),
            models.Index(
                fields=["accept_key"], condition=Q(accept_key__isnull=False), name="quotations_accepted_by_key"
            ),
        ]


class QuotationLine(models.Model):
    """The ladder: `price_minor[i]` for `price_per` pieces holds from `quantity[i]` pieces on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    quotation = models.ForeignKey(Quotation, on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.SmallIntegerField()
    good = _perhaps("catalogue.Good")
    good_number = models.BigIntegerField(null=True, blank=True)
    variant = models.UUIDField(null=True, blank=True)
    names = models.JSONField(default=dict)
    language = models.CharField(max_length=2, default="zh")
    item_number = models.CharField(max_length=80, blank=True)
    unit = models.CharField(max_length=16, default="piece")
    photo = models.CharField(max_length=64, blank=True)
    pieces = models.IntegerField()
    ladder_quantities = ArrayField(models.IntegerField())
    ladder_prices_minor = ArrayField(models.BigIntegerField())
    price_per = models.IntegerField(default=1)
    carton_pieces = models.IntegerField(null=True, blank=True)
    carton_length_mm = models.IntegerField(null=True, blank=True)
    carton_width_mm = models.IntegerField(null=True, blank=True)
    carton_height_mm = models.IntegerField(null=True, blank=True)
    carton_gross_g = models.IntegerField(null=True, blank=True)
    carton_net_g = models.IntegerField(null=True, blank=True)
    note = models.CharField(max_length=NOTE_MAX, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quotation", "position"], name="one_quotation_line_a_position"),
            models.CheckConstraint(condition=Q(pieces__gt=0, price_per__gt=0), name="quotation_line_is_positive"),
        ]


# By Excel -----------------------------------------------------------------------------------------------------------


class OrderImport(models.Model):
    """An order list on its way into a basket: read, looked at, inserted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = _to("parties.Organisation")
    person = _perhaps("parties.Person")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, null=True, related_name="+")  # into which it goes
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default=ImportState.READING.value)
    file = models.CharField(max_length=64, blank=True)
    problems = models.JSONField(default=list)
    rows_total = models.IntegerField(default=0)
    rows_wrong = models.IntegerField(default=0)
    rows_done = models.IntegerField(default=0)
    pictures = models.IntegerField(default=0)
    options = models.JSONField(default=dict)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [_one_of("state", ImportState, "order_import_state_is_known")]


class OrderImportRow(models.Model):
    """A row of such a list: what stands in it, what it would become, what is wrong with it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sheet = models.ForeignKey(OrderImport, on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.IntegerField()
    place = models.CharField(max_length=80)  # sheet and row, as the person sees them
    cells = models.JSONField(default=dict)
    wish = models.JSONField(default=dict)
    line = models.UUIDField(null=True, blank=True)  # the line that it changes
    findings = models.JSONField(default=list)
    photo = models.CharField(max_length=64, blank=True)
    verdict = models.CharField(max_length=10)
    is_done = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "position"], name="one_import_row_a_position")]
