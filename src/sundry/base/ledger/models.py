"""Units, accounts, events and their transfers: the columns the executor writes, the constraints it relies on.

No foreign keys between them: they cost more than half of a batch, and would make every posting wait for the row of a
busy account (decision 0015). The executor joins the accounts, nobody may delete any, `verify` looks.
"""

from __future__ import annotations

from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import Concat, Now

from sundry.base.ledger.rules import UnitKind
from sundry.kernel.identifiers import new_id

PLAIN, PENDING, POST, VOID, EXPIRE = range(5)  # of Transfer.kind, in the order of rules.Kind


class Unit(models.Model):
    """What an account counts: minor units of a currency, pieces of a lot, parts of a quota."""

    key = models.TextField(primary_key=True, db_collation="C")  # kind:code, of which ranges are asked for
    kind = models.TextField()
    code = models.TextField()
    exponent = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in UnitKind]), name="unit_kind_is_known"),
            models.CheckConstraint(
                condition=Q(key=Concat("kind", models.Value(":"), "code", output_field=models.TextField())),
                name="unit_key_says_what_it_is",
            ),
            models.CheckConstraint(condition=Q(exponent__gte=0, exponent__lte=6), name="unit_has_0_to_6_decimals"),
        ]

    def __str__(self) -> str:
        return self.key


class Account(models.Model):
    """Counters are kept of accounts with a limit only; the others' stay 0, and their balances are sums of transfers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.UUIDField(null=True)  # an organisation; None: the market, and the world outside
    purpose = models.TextField()
    unit = models.TextField(db_collation="C")
    floor = models.BigIntegerField(null=True)
    ceiling = models.BigIntegerField(null=True)
    limited = models.GeneratedField(
        expression=ExpressionWrapper(
            Q(floor__isnull=False) | Q(ceiling__isnull=False), output_field=models.BooleanField()
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    debits_pending = models.BigIntegerField(db_default=0)
    debits_posted = models.BigIntegerField(db_default=0)
    credits_pending = models.BigIntegerField(db_default=0)
    credits_posted = models.BigIntegerField(db_default=0)
    opened_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "unit", "purpose"], nulls_distinct=False, name="account_is_opened_once"
            ),
            models.CheckConstraint(condition=Q(floor__lte=0, ceiling__gte=0), name="account_starts_within_its_limits"),
            models.CheckConstraint(
                condition=Q(debits_pending__gte=0, debits_posted__gte=0, credits_pending__gte=0, credits_posted__gte=0),
                name="account_counters_are_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(floor__lte=F("credits_posted") - (F("debits_posted") + F("debits_pending"))),
                name="account_keeps_its_floor",
            ),
            models.CheckConstraint(
                condition=Q(ceiling__gte=F("credits_posted") + F("credits_pending") - F("debits_posted")),
                name="account_keeps_its_ceiling",
            ),
        ]
        indexes = [models.Index(fields=["unit", "id"], name="ledger_accounts_by_unit")]

    def __str__(self) -> str:
        return str(self.id)


class Event(models.Model):
    """Something that happened. `position` is the order of the ledger, drawn when all locks are held."""

    position = models.BigIntegerField(primary_key=True)
    id = models.UUIDField(unique=True)
    kind = models.TextField()
    document = models.TextField()
    actor = models.TextField()
    event_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    corrects = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(corrects__isnull=False), name="ledger_event_is_corrected_once"
            ),
        ]
        indexes = [models.Index(fields=["document", "position"], name="ledger_events_of_document")]

    def __str__(self) -> str:
        return str(self.id)


class Transfer(models.Model):
    """`amount` from `debit` to `credit`, the `line`th of its event. `kind`: PLAIN to EXPIRE."""

    pk = models.CompositePrimaryKey("position", "line")
    position = models.BigIntegerField()
    line = models.IntegerField()
    id = models.UUIDField(unique=True)
    debit = models.UUIDField()
    credit = models.UUIDField()
    amount = models.BigIntegerField()
    kind = models.SmallIntegerField()
    pending = models.UUIDField(null=True)
    expiry_s = models.IntegerField(db_default=0)
    expires_at = models.DateTimeField(null=True)  # recorded_at + expiry_s, so that what is due is found

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pending"], condition=Q(pending__isnull=False), name="ledger_transfer_is_resolved_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_moves_something"),
            models.CheckConstraint(condition=Q(kind__gte=PLAIN, kind__lte=EXPIRE), name="transfer_kind_is_known"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="transfer_accounts_differ"),
            models.CheckConstraint(
                condition=Q(pending__isnull=False, kind__gte=POST) | Q(pending__isnull=True, kind__lt=POST),
                name="transfer_names_what_it_resolves",
            ),
            models.CheckConstraint(
                condition=Q(expiry_s=0, expires_at__isnull=True)
                | Q(expiry_s__gt=0, kind=PENDING, expires_at__isnull=False),
                name="transfer_expires_when_pending",
            ),
        ]
        indexes = [
            models.Index(fields=["debit", "position", "line"], name="ledger_transfers_by_debit"),
            models.Index(fields=["credit", "position", "line"], name="ledger_transfers_by_credit"),
            models.Index(
                fields=["expires_at"], condition=Q(expires_at__isnull=False), name="ledger_transfers_by_expiry"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Fold(models.Model):
    """The four counters of an account without a limit up to `position`, so that its balance is not summed from the
    first transfer on. Appended by a job; derived, so `verify` works it out again."""

    pk = models.CompositePrimaryKey("account", "position")
    account = models.UUIDField()
    position = models.BigIntegerField()
    debits_pending = models.DecimalField(max_digits=60, decimal_places=0)
    debits_posted = models.DecimalField(max_digits=60, decimal_places=0)
    credits_pending = models.DecimalField(max_digits=60, decimal_places=0)
    credits_posted = models.DecimalField(max_digits=60, decimal_places=0)

    def __str__(self) -> str:
        return f"{self.account} {self.position}"
