"""The tables that are looked up, each row with the days on which it holds; and the loads by which they came.

Of a code at most one row holds on: the constraint says so, whatever a load does.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from sundry.base.access.rules import Through
from sundry.base.reference.rules import Kind, Origin
from sundry.kernel.identifiers import new_id


def _code(length: int) -> models.CharField[str, str]:
    """A code: of ranges of it is asked, so it sorts alike on every machine."""
    return models.CharField(max_length=length, db_collation="C")


class Load(models.Model):
    """One file that was given: what it was, what came of it. A refused one is kept with its findings."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)  # sorts by time
    kind = models.CharField(max_length=12)
    origin = models.CharField(max_length=8)
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=300)
    valid_from = models.DateField()
    is_refused = models.BooleanField(default=False)
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list)
    person = models.UUIDField(null=True)
    through = models.CharField(max_length=16)
    loaded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[one.value for one in Kind]), name="load_kind_is_known"),
            models.CheckConstraint(condition=Q(origin__in=[one.value for one in Origin]), name="load_origin_is_known"),
            models.CheckConstraint(
                condition=Q(through__in=[one.value for one in Through]), name="load_through_is_known"
            ),
            models.CheckConstraint(
                condition=Q(is_refused=False) | Q(added=0, ended=0), name="load_that_is_refused_changes_nothing"
            ),
        ]
        indexes = [models.Index(fields=["kind", "-id"], name="load_of_kind")]

    def __str__(self) -> str:
        return self.file


class Dated(models.Model):
    """A row with its days. `digest`: of its content, by which a newer edition is compared."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)  # the first day on which it no longer holds
    source = models.CharField(max_length=300)
    confidence = models.CharField(max_length=1, blank=True)
    origin = models.CharField(max_length=8)
    digest = models.CharField(max_length=32)
    load = models.ForeignKey(Load, on_delete=models.PROTECT, db_index=False, related_name="+")

    class Meta:
        abstract = True


def _dated(table: str, *key: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(fields=key, condition=Q(valid_until__isnull=True), name=f"{table}_holds_once"),
        models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name=f"{table}_ends_after_it_begins"),
    ]


def _past(table: str, *key: str) -> models.Index:
    return models.Index(fields=[*key, "valid_from"], name=f"{table}_by_day")


class Country(Dated):
    code = _code(2)
    alpha3 = models.CharField(max_length=3)
    numeric = models.CharField(max_length=3)

    class Meta:
        constraints = _dated("country", "code")
        indexes = [_past("country", "code")]


class Currency(Dated):
    code = _code(3)
    exponent = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            *_dated("currency", "code"),
            models.CheckConstraint(condition=Q(exponent__in=[0, 2, 3]), name="currency_has_0_2_or_3_decimals"),
        ]
        indexes = [_past("currency", "code")]


class Unit(Dated):
    code = _code(3)
    symbol = models.CharField(max_length=12)

    class Meta:
        constraints = _dated("measure", "code")
        indexes = [_past("measure", "code")]


class CustomsCode(Dated):
    of = models.CharField(max_length=12)
    number = _code(3)
    code = _code(3)
    text = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = _dated("customs", "of", "number")
        indexes = [_past("customs", "of", "number")]


class Incoterm(Dated):
    code = _code(3)
    mode = models.CharField(max_length=8)
    clears_export = models.CharField(max_length=8)
    clears_import = models.CharField(max_length=8)
    pays_carriage = models.CharField(max_length=8)
    insures = models.CharField(max_length=8)
    unloads = models.CharField(max_length=8)
    risk_passes = models.CharField(max_length=32)

    class Meta:
        constraints = _dated("incoterm", "code")
        indexes = [_past("incoterm", "code")]


class HsCode(Dated):
    code = _code(6)
    level = models.PositiveSmallIntegerField()
    parent = _code(4)
    section = models.CharField(max_length=8, blank=True)
    text = models.TextField()
    sought = models.TextField()  # folded: a database that knows no letters but ASCII's cannot do it

    class Meta:
        constraints = [
            *_dated("hs", "code"),
            models.CheckConstraint(condition=Q(level__in=[2, 4, 6]), name="hs_level_is_known"),
        ]
        indexes = [_past("hs", "code"), models.Index(fields=["parent", "code"], name="hs_by_parent")]


class TariffLine(Dated):
    code = _code(10)
    name = models.TextField()
    unit_1 = models.CharField(max_length=20)
    unit_2 = models.CharField(max_length=20, blank=True)
    conditions = models.CharField(max_length=60, blank=True)
    inspection = models.CharField(max_length=60, blank=True)
    elements = ArrayField(models.TextField(), default=list)
    others = models.JSONField(default=list)

    class Meta:
        constraints = _dated("tariff", "code")
        indexes = [_past("tariff", "code")]


class Port(Dated):
    code = _code(40)
    country = _code(2)
    name = models.CharField(max_length=200)
    latitude_e5 = models.IntegerField(null=True)
    longitude_e5 = models.IntegerField(null=True)
    functions = models.CharField(max_length=40, blank=True)
    aliases = ArrayField(models.TextField(), default=list)
    register = models.CharField(max_length=40, blank=True)
    sought = models.TextField()

    class Meta:
        constraints = _dated("port", "code")
        indexes = [_past("port", "code"), models.Index(fields=["country", "code"], name="port_by_country")]


class Name(Dated):
    of = models.CharField(max_length=12)
    code = _code(40)
    language = models.CharField(max_length=2)
    text = models.TextField()
    sought = models.TextField()

    class Meta:
        constraints = _dated("name", "of", "code", "language")
        indexes = [_past("name", "of", "code")]


class RateDay(Dated):
    """`valid_from` is the day of the rates. One that was put right later is ended on its own day: it never held."""

    day = models.DateField()
    provider = models.CharField(max_length=20)
    base = models.CharField(max_length=3)
    units = models.JSONField()  # {currency: decimal text}

    class Meta:
        constraints = _dated("rate", "provider", "day")
