"""Files, pages, what was read of them, what people said of it, and the series.

What hangs on a page by `page` is thrown away and written anew whenever the page is read again; files, pages and
corrections stay.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from sundry.engines.reading.model import Outcome, Type
from sundry.insight.observatory.rules import BYTES_MAX, Actuality, DateSource, Standing, State, Verdict
from sundry.kernel.identifiers import new_id


def _is_one_of(field: str, words: type) -> Q:
    return Q(**{f"{field}__in": [word.value for word in words]})  # type: ignore[attr-defined]


class File(models.Model):
    """What was imported, byte for byte."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=40)
    bytes = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(bytes__gt=0, bytes__lte=BYTES_MAX), name="file_is_not_too_large")
        ]

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """One act of importing: how many pages it has, how many are read; and what could not be taken in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    is_stopped = models.BooleanField(default=False)
    problems = models.JSONField(default=list)  # [[file, rule, values], ...]
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(total__gte=F("done") + F("failed")), name="import_does_not_do_more_than_it_has"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Page(models.Model):
    """A printed page. `text` is what was decoded, and never changed: every place is one of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)  # sorts by time
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    page_number = models.PositiveIntegerField(default=1)  # of a PDF
    pages = models.PositiveIntegerField(default=1)
    imported_in = models.ForeignKey(Import, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    encoding = models.CharField(max_length=20)
    home_code = models.CharField(max_length=12)
    home_name = models.CharField(max_length=60)
    home_parents = models.JSONField(default=list)  # [[code, name], ...]: what the home lies in, where it is not known

    issued = models.DateField(null=True)
    date_source = models.CharField(max_length=10, default=DateSource.UNKNOWN.value)
    date_reason = models.CharField(max_length=60, blank=True)
    date_spans = models.JSONField(default=list)

    state = models.CharField(max_length=8, default=State.WAITING.value)
    revision = models.PositiveIntegerField(default=0)  # counted up by every reading and correction
    tries = models.PositiveSmallIntegerField(default=0)  # readings that were begun since it was last read to the end
    reader = models.PositiveIntegerField(default=0)  # rules.READER that read it
    articles = models.JSONField(default=list)
    headlines = ArrayField(models.TextField(), default=list)  # the first three, so that a list needs no text
    findings = models.JSONField(default=list)  # [[rule, [start, end] or null], ...]
    published = models.PositiveIntegerField(default=0)
    to_review = models.PositiveIntegerField(default=0)
    failing = models.PositiveIntegerField(default=0)

    imported_by = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    imported_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "page_number"], name="page_is_imported_once"),
            models.CheckConstraint(condition=_is_one_of("state", State), name="page_state_is_known"),
            models.CheckConstraint(condition=_is_one_of("date_source", DateSource), name="page_date_source_is_known"),
            models.CheckConstraint(
                condition=Q(issued__isnull=True, date_source=DateSource.UNKNOWN.value)
                | (Q(issued__isnull=False) & ~Q(date_source=DateSource.UNKNOWN.value)),
                name="page_date_says_where_it_is_from",
            ),
            models.CheckConstraint(
                condition=Q(page_number__gte=1, page_number__lte=F("pages")), name="page_is_one_of_its_file"
            ),
        ]
        indexes = [
            models.Index(F("issued").desc(nulls_last=True), F("id").desc(), name="observatory_pages_by_issue"),
            models.Index(fields=["id"], condition=Q(state=State.WAITING.value), name="observatory_pages_waiting"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Statement(models.Model):
    """What a page says, as it counts now. Its id is made of page, place and type, so that a new reading keeps it."""

    id = models.UUIDField(primary_key=True, editable=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    ordinal = models.PositiveIntegerField()
    article = models.PositiveIntegerField()
    issued = models.DateField(null=True)  # of its page, so that a list needs no other table
    start = models.PositiveIntegerField()  # of its last span, which holds the number
    end = models.PositiveIntegerField()
    spans = models.JSONField()
    quote = models.TextField()
    context = models.TextField()
    context_start = models.PositiveIntegerField()
    type = models.CharField(max_length=16)
    nth = models.PositiveSmallIntegerField(default=0)  # among those of one place and type
    indicator = models.TextField()
    indicator_key = models.CharField(max_length=60, blank=True)
    subject = models.TextField(blank=True)
    region_code = models.CharField(max_length=12, null=True)
    region = models.CharField(max_length=60, blank=True)
    period = models.CharField(max_length=30, null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    value = models.DecimalField(max_digits=40, decimal_places=10, null=True)
    low = models.DecimalField(max_digits=40, decimal_places=10, null=True)
    high = models.DecimalField(max_digits=40, decimal_places=10, null=True)
    unit = models.CharField(max_length=40, blank=True)
    base_value = models.DecimalField(max_digits=50, decimal_places=10, null=True)
    base_unit = models.CharField(max_length=40, blank=True)
    bound = models.CharField(max_length=6)
    decimals = models.PositiveSmallIntegerField(default=0)
    kinds = ArrayField(models.TextField(), default=list)
    basis = models.CharField(max_length=8, blank=True)
    basis_source = models.CharField(max_length=16)
    versus = models.TextField(blank=True)
    confidence = models.FloatField()
    standing = models.CharField(max_length=9)
    inherited = models.JSONField(default=dict)
    passed = models.PositiveSmallIntegerField(default=0)
    failed = models.PositiveSmallIntegerField(default=0)
    correction = models.ForeignKey("Correction", on_delete=models.PROTECT, null=True, related_name="+")
    grams = ArrayField(models.CharField(max_length=2), default=list)  # characters and pairs, by which words are found

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "ordinal"], name="statement_has_its_place"),
            models.CheckConstraint(condition=_is_one_of("type", Type), name="statement_type_is_known"),
            models.CheckConstraint(condition=_is_one_of("standing", Standing), name="statement_standing_is_known"),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="statement_has_a_place"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1), name="statement_confidence_is_0_to_1"
            ),
        ]
        indexes = [
            models.Index(F("issued").desc(nulls_last=True), F("id").desc(), name="observatory_statements_new"),
            models.Index(
                F("standing"), F("issued").desc(nulls_last=True), F("id").desc(), name="observatory_statements_by_st"
            ),
            models.Index(
                F("issued").desc(nulls_last=True),
                F("page").desc(),
                F("ordinal"),
                condition=Q(standing=Standing.REVIEW.value),
                name="observatory_statements_wait",
            ),
            models.Index(fields=["indicator_key", "region_code", "type", "ends_on"], name="observatory_statements_of"),
            models.Index(fields=["base_unit", "base_value"], name="observatory_statements_alike"),
            GinIndex(fields=["grams"], name="observatory_statements_words"),
        ]

    def __str__(self) -> str:
        return self.quote


class Correction(models.Model):
    """What a person said of a statement. Only added to; of one place the latest counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)  # sorts by time
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="+")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    type = models.CharField(max_length=16)
    nth = models.PositiveSmallIntegerField(default=0)
    verdict = models.CharField(max_length=16)
    changes = models.JSONField(default=dict)
    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_is_one_of("verdict", Verdict), name="correction_verdict_is_known"),
            models.CheckConstraint(condition=_is_one_of("type", Type), name="correction_type_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.start}-{self.end}"


class Check(models.Model):
    """A piece of arithmetic. `page`: the page whose reading found it; the pages of the spans may be others."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    issued = models.DateField(null=True)
    kind = models.CharField(max_length=20)
    outcome = models.CharField(max_length=10)
    rank = models.PositiveSmallIntegerField()  # fails 0, explained 1, implied 2, holds 3: how lists are ordered
    spans = models.JSONField()
    pages = ArrayField(models.UUIDField(), default=list)  # of each span
    quotes = ArrayField(models.TextField(), default=list)
    statements = ArrayField(models.UUIDField(), default=list)
    stated = models.TextField()
    has_derived = models.BooleanField(default=False)
    derived_low = models.DecimalField(max_digits=50, decimal_places=10, null=True)
    derived_high = models.DecimalField(max_digits=50, decimal_places=10, null=True)
    note = models.CharField(max_length=30)
    values = models.JSONField(default=dict)
    repair = models.TextField(blank=True)
    is_published = models.BooleanField(default=True)  # all that it compares is

    class Meta:
        constraints = [models.CheckConstraint(condition=_is_one_of("outcome", Outcome), name="check_outcome_is_known")]
        indexes = [
            models.Index(
                F("rank"), F("issued").desc(nulls_last=True), F("id").desc(), name="observatory_checks_listed"
            ),
            GinIndex(fields=["statements"], name="observatory_checks_of"),
            GinIndex(fields=["pages"], name="observatory_checks_on"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"


class Entity(models.Model):
    """What a page names. Of a fair, `details` has its visitors, orders and amounts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    issued = models.DateField(null=True)
    type = models.CharField(max_length=20)
    name = models.TextField()
    spans = models.JSONField()
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(
                F("type"), F("issued").desc(nulls_last=True), F("id").desc(), name="observatory_entities_by_type"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Series(models.Model):
    """What observations are of."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    indicator_key = models.CharField(max_length=60)
    measure = models.CharField(max_length=16)
    region_code = models.CharField(max_length=12)
    unit = models.CharField(max_length=40)
    accumulation = models.CharField(max_length=8)
    basis = models.CharField(max_length=8, blank=True)
    versus = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator_key", "region_code", "measure", "unit", "accumulation", "basis", "versus"],
                name="series_is_kept_once",
            ),
            models.CheckConstraint(condition=_is_one_of("measure", Type), name="series_measure_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_key} {self.region_code} {self.measure}"


class Observation(models.Model):
    """A point of a series: what one page says of one period. Revisions and contradictions stand side by side."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="+")
    supports = models.PositiveSmallIntegerField(default=1)
    period = models.CharField(max_length=30)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    value = models.DecimalField(max_digits=50, decimal_places=10, null=True)
    low = models.DecimalField(max_digits=50, decimal_places=10, null=True)
    high = models.DecimalField(max_digits=50, decimal_places=10, null=True)
    bound = models.CharField(max_length=6)
    decimals = models.PositiveSmallIntegerField(default=0)
    actuality = models.CharField(max_length=12)
    vintage = models.DateField(null=True)
    confidence = models.FloatField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_is_one_of("actuality", Actuality), name="observation_actuality_is_known"),
        ]
        indexes = [models.Index(fields=["series", "ends_on", "vintage"], name="observatory_observations_of")]

    def __str__(self) -> str:
        return f"{self.period} {self.value}"
