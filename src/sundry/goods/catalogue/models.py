"""Halls, stalls, goods, their variants and photos, shared products, brand papers; what feeds and corrects search."""

from __future__ import annotations

from enum import StrEnum
from functools import reduce
from operator import and_

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from sundry.goods.catalogue.rules import (
    ITEM_NUMBER_MAX,
    STEPS_MAX,
    Collection,
    ImportState,
    MissState,
    PaperState,
    State,
    Supply,
    Verdict,
)
from sundry.kernel.identifiers import new_id

BANDS, BAND = 4, 1 << 16
SHA256 = r"^[0-9a-f]{64}$"


def _positive(field: str) -> Func:
    """Every element of the array is above nought."""
    return Func(F(field), template="0 < ALL(%(expressions)s)", output_field=models.BooleanField())


def _rising(field: str) -> Q:
    """Every element of the array is above the one before."""
    pairs = (Q(**{f"{field}__{later}__gt": F(f"{field}__{later - 1}")}) for later in range(1, STEPS_MAX))
    return reduce(and_, pairs)


def _one_of(field: str, values: type[StrEnum], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": [one.value for one in values]}), name=name)


def bands_of_likeness() -> Func:
    """The four bands of 16 bits of a likeness, numbered apart. Of two that differ in at most seven bits some band
    differs in at most one bit: so an index of bands finds all that look alike, and few others."""
    field = ArrayField(models.IntegerField())
    return Func(F("likeness"), template=bands_in_sql("%(expressions)s"), output_field=field)


def bands_in_sql(likeness: str) -> str:
    """The same of a column in a statement written by hand: the index is used for this very expression only."""
    bands = ", ".join(f"(({likeness} >> {16 * band}) & {BAND - 1})::integer + {BAND * band}" for band in range(BANDS))
    return f"(ARRAY[{bands}])"


class Hall(models.Model):
    """A building of the market. `position`: its place in a list."""

    code = models.CharField(max_length=8, primary_key=True)
    names = models.JSONField(default=dict)
    trade = models.JSONField(default=dict)
    position = models.SmallIntegerField(default=0)


class Stall(models.Model):
    """A booth with a sign. `organisation`: whose it is; many stalls stand in the register before anybody claims one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.BigIntegerField(unique=True)  # in addresses; drawn from catalogue_number
    organisation = models.ForeignKey(
        "parties.Organisation", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    slug = models.CharField(max_length=60, unique=True)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    floor = models.SmallIntegerField()
    street = models.CharField(max_length=8)
    booth = models.CharField(max_length=12)
    language = models.CharField(max_length=2, default="zh")
    names = models.JSONField(default=dict)
    about = models.JSONField(default=dict)
    mixed_amount_minor = models.BigIntegerField(null=True, blank=True)
    mixed_pieces = models.IntegerField(null=True, blank=True)
    is_open = models.BooleanField(default=True)
    trusted = models.BooleanField(default=False)
    goods = models.IntegerField(default=0)  # listed ones: counted where one comes or goes, so that no list counts
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall", "floor", "street", "booth"], name="one_stall_a_booth"),
            models.CheckConstraint(condition=Q(slug__regex=r"^[a-z0-9][a-z0-9-]*$"), name="stall_slug_is_an_address"),
            models.CheckConstraint(condition=Q(goods__gte=0), name="stall_has_no_fewer_than_no_goods"),
            models.CheckConstraint(
                condition=Q(mixed_amount_minor__isnull=True) | Q(mixed_amount_minor__gt=0),
                name="stall_mixed_amount_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(mixed_pieces__isnull=True) | Q(mixed_pieces__gt=0), name="stall_mixed_pieces_are_positive"
            ),
        ]
        indexes = [models.Index(fields=["organisation"], name="stalls_of_organisation")]


class Product(models.Model):
    """What several stalls offer alike."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.BigIntegerField(unique=True)
    names = models.JSONField(default=dict)
    category = models.CharField(max_length=60, blank=True)
    brand = models.CharField(max_length=80, blank=True)
    model = models.CharField(max_length=80, blank=True)
    hs_code = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)


class Good(models.Model):
    """What a stall shows: one row holds all that a list of goods draws."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.BigIntegerField(unique=True)
    stall = models.ForeignKey(Stall, on_delete=models.PROTECT, related_name="+", db_index=False)
    product = models.ForeignKey(
        Product, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    item_number = models.CharField(max_length=ITEM_NUMBER_MAX, blank=True)
    language = models.CharField(max_length=2, default="zh")
    names = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    category = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=16, default="piece")
    # The ladder: price_minor[i] holds from quantity[i] pieces on; quantity[0] is the smallest order.
    ladder_quantities = ArrayField(models.IntegerField(), default=list, blank=True)
    ladder_prices_minor = ArrayField(models.BigIntegerField(), default=list, blank=True)
    carton_pieces = models.IntegerField(null=True, blank=True)
    carton_length_mm = models.IntegerField(null=True, blank=True)
    carton_width_mm = models.IntegerField(null=True, blank=True)
    carton_height_mm = models.IntegerField(null=True, blank=True)
    carton_gross_g = models.IntegerField(null=True, blank=True)
    carton_net_g = models.IntegerField(null=True, blank=True)
    hs_code = models.CharField(max_length=10, blank=True)
    brand = models.CharField(max_length=80, blank=True)
    supply = models.CharField(max_length=8, default=Supply.STOCK.value)
    stock_pieces = models.IntegerField(null=True, blank=True)
    lead_time_days = models.SmallIntegerField(null=True, blank=True)
    weekly_capacity_pieces = models.IntegerField(null=True, blank=True)
    collections = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    cover = models.CharField(max_length=64, blank=True)  # the file of the first photo
    sold_pieces = models.BigIntegerField(default=0)  # lately; lifts it in the order of a search
    state = models.CharField(max_length=12, default=State.DRAFT.value)
    reason = models.CharField(max_length=500, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "parties.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    listed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.ForeignKey(
        "parties.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            _one_of("state", State, "good_state_is_known"),
            _one_of("supply", Supply, "good_supply_is_known"),
            models.CheckConstraint(
                condition=Q(collections__contained_by=[one.value for one in Collection]),
                name="good_collections_are_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    ladder_quantities__len=F("ladder_prices_minor__len"), ladder_quantities__len__lte=STEPS_MAX
                ),
                name="good_ladder_has_a_price_a_step",
            ),
            # Of a step that is not there the comparison is NULL, and a CHECK lets NULL pass.
            models.CheckConstraint(condition=_rising("ladder_quantities"), name="good_ladder_quantities_rise"),
            models.CheckConstraint(
                condition=_positive("ladder_quantities"), name="good_ladder_quantities_are_positive"
            ),
            models.CheckConstraint(condition=_positive("ladder_prices_minor"), name="good_ladder_prices_are_positive"),
            models.CheckConstraint(
                condition=~Q(state=State.LISTED.value) | Q(ladder_quantities__len__gte=1, listed_at__isnull=False),
                name="good_on_show_has_a_price",
            ),
            models.CheckConstraint(
                condition=Q(carton_net_g__isnull=True)
                | Q(carton_gross_g__isnull=True)
                | Q(carton_net_g__lte=F("carton_gross_g")),
                name="good_net_is_not_above_gross",
            ),
            models.CheckConstraint(
                condition=Q(stock_pieces__isnull=True) | Q(stock_pieces__gte=0), name="good_stock_is_not_negative"
            ),
            models.CheckConstraint(
                condition=(Q(state=State.REFUSED.value) & ~Q(reason=""))
                | (~Q(state=State.REFUSED.value) & Q(reason="")),
                name="only_a_refused_good_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["stall", "-number"], name="goods_of_stall"),
            models.Index(fields=["product"], condition=Q(product__isnull=False), name="goods_of_product"),
            models.Index(
                fields=["submitted_at", "id"], condition=Q(state=State.SUBMITTED.value), name="goods_that_wait"
            ),
        ]


class GoodVariant(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    good = models.ForeignKey(Good, on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.SmallIntegerField()
    names = models.JSONField(default=dict)
    item_number = models.CharField(max_length=ITEM_NUMBER_MAX, blank=True)
    difference_minor = models.BigIntegerField(default=0)
    stock_pieces = models.IntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["good", "position"], name="one_variant_a_position")]


class GoodPhoto(models.Model):
    """`likeness`: the perceptual hash, as a signed number of 64 bits."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    good = models.ForeignKey(Good, on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.SmallIntegerField()
    file = models.CharField(max_length=64)
    width = models.IntegerField()
    height = models.IntegerField()
    likeness = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["good", "position"], name="one_photo_a_position", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(file__regex=SHA256), name="photo_file_is_a_hash"),
        ]
        indexes = [
            models.Index(fields=["file"], name="goods_with_a_photo"),
            GinIndex(bands_of_likeness(), condition=Q(likeness__isnull=False), name="photos_that_look_alike"),
        ]


class BrandPaper(models.Model):
    """What says that a stall may sell a brand. `brand` is folded (`rules.fold_brand`)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    stall = models.ForeignKey(Stall, on_delete=models.CASCADE, related_name="+", db_index=False)
    brand = models.CharField(max_length=80)
    shown = models.CharField(max_length=80)  # as it was written
    file = models.CharField(max_length=64)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, default=PaperState.SUBMITTED.value)
    reason = models.CharField(max_length=500, blank=True)
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("parties.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            _one_of("state", PaperState, "brand_paper_state_is_known"),
            models.CheckConstraint(condition=Q(file__regex=SHA256), name="brand_paper_file_is_a_hash"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="brand_paper_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["stall", "brand"], name="brand_papers_of_stall"),
            models.Index(
                fields=["submitted_at", "id"],
                condition=Q(state=PaperState.SUBMITTED.value),
                name="brand_papers_waiting",
            ),
        ]


class Change(models.Model):
    """A good that search has yet to hear of; written in the transaction that changed it, taken away when it is told."""

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField()


class SearchMiss(models.Model):
    """Words for which nothing was found: the operator's queue."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    language = models.CharField(max_length=2)
    text = models.CharField(max_length=200)
    searches = models.IntegerField(default=1)
    last_at = models.DateTimeField()
    state = models.CharField(max_length=8, default=MissState.OPEN.value)
    concept = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["language", "text"], name="one_miss_a_text"),
            _one_of("state", MissState, "miss_state_is_known"),
        ]
        indexes = [
            models.Index(
                fields=["-searches", "id"], condition=Q(state=MissState.OPEN.value), name="misses_that_are_open"
            )
        ]


class LexiconForm(models.Model):
    """What an operator added to the lexicon: one more form of a concept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    concept = models.CharField(max_length=60)
    language = models.CharField(max_length=2)
    text = models.CharField(max_length=80)
    person = models.ForeignKey("parties.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "text", "concept"], name="one_form_a_concept")]


class Wanted(models.Model):
    """What a buyer looks for and did not find."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    text = models.CharField(max_length=500)
    language = models.CharField(max_length=2)
    quantity = models.IntegerField(null=True, blank=True)
    category = models.CharField(max_length=60, blank=True)
    person = models.ForeignKey("parties.Person", on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey("parties.Organisation", on_delete=models.CASCADE, null=True, related_name="+")
    asked_at = models.DateTimeField()
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__isnull=True) | Q(quantity__gt=0), name="wanted_some_pieces")
        ]
        indexes = [models.Index(fields=["-asked_at", "-id"], condition=Q(is_open=True), name="wanted_and_open")]


class SheetImport(models.Model):
    """A sheet of goods on its way in: read, looked at, inserted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    stall = models.ForeignKey(Stall, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("parties.Person", on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=12, default=ImportState.READING.value)
    columns = models.JSONField(default=list)  # what each column of the sheet was taken for
    problems = models.JSONField(default=list)  # of the sheet as a whole
    rows_total = models.IntegerField(default=0)
    rows_wrong = models.IntegerField(default=0)
    rows_done = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)  # rows by verdict
    options = models.JSONField(default=dict)  # how it is inserted: asked once, kept for whoever goes on with it
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [_one_of("state", ImportState, "sheet_import_state_is_known")]


class SheetRow(models.Model):
    """A row of such a sheet: what stands in it, what it would become, what is wrong with it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sheet = models.ForeignKey(SheetImport, on_delete=models.CASCADE, related_name="+", db_index=False)
    row = models.IntegerField()  # as the sheet counts, from 1
    cells = models.JSONField(default=dict)
    draft = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    photos = ArrayField(models.CharField(max_length=64), default=list)
    good = models.ForeignKey(Good, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    is_new = models.BooleanField(default=True)
    verdict = models.CharField(max_length=10, default=Verdict.NEW.value)
    is_done = models.BooleanField(default=False)  # it stands in the catalogue

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "row"], name="one_sheet_row_a_row"),
            _one_of("verdict", Verdict, "sheet_row_verdict_is_known"),
        ]
        indexes = [models.Index(fields=["sheet", "verdict", "row"], name="sheet_rows_by_verdict")]
