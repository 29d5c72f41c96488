"""A simulated market is loaded once, keeps every constraint, and goes on where it was stopped."""

from contextlib import closing

import pytest
from django.db import connections

from sundry.base.ledger import rights
from sundry.goods.catalogue import bulk, queries
from sundry.goods.catalogue.bulk_rows import Photo
from sundry.goods.catalogue.models import BrandPaper, Change, Good, GoodPhoto, GoodVariant, Hall, Product, Stall
from sundry.simulation.market import drawings, loading
from sundry.simulation.market.plan import Market

pytestmark = pytest.mark.django_db
MARKET = Market(300, 20, 5)


@pytest.fixture(autouse=True)
def album(monkeypatch):
    """Photos that nobody draws: drawing is tested where it is done."""
    photo = Photo("ab" * 32, 480, 480, 7)
    monkeypatch.setattr(drawings.Album, "photo", lambda self, pictogram, ink: photo)


def test_the_whole_market_is_there_once():
    heard = []
    first = loading.load(MARKET, progress=lambda what, done, whole: heard.append((what, done, whole)))
    assert (first.before, first.goods, first.stalls) == (0, 300, 20)
    assert heard[-1] == ("goods", 300, 300)
    assert {what for what, *_ in heard} == {"stalls", "goods"}
    assert (Good.objects.count(), Stall.objects.count(), Hall.objects.count()) == (300, 20, 5)
    assert Good.objects.filter(product__isnull=False).count() == len(MARKET.products)
    assert Product.objects.count() == len(set(MARKET.products.values()))
    assert BrandPaper.objects.count() == 20
    assert GoodPhoto.objects.filter(position=0).count() == 300
    assert GoodVariant.objects.exists()
    assert not Change.objects.exists()
    again = loading.load(MARKET)
    assert (again.before, again.goods, again.stalls) == (300, 0, 0)
    assert Good.objects.count() == 300


def test_a_stall_counts_the_goods_that_are_on_show():
    loading.load(MARKET)
    for stall in Stall.objects.all():
        assert stall.goods == Good.objects.filter(stall=stall, state="listed").count()


def test_a_load_that_was_stopped_goes_on():
    def stop(what, done, whole):
        if what == "goods" and done >= 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loading.load(MARKET, block=100, progress=stop)
    assert loading.goods_there(MARKET) == Good.objects.count() == 100
    told = loading.load(MARKET)
    assert (told.before, told.goods, told.stalls) == (100, 200, 0)
    numbers = list(Good.objects.order_by("id").values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == 300


def test_a_second_market_finds_other_booths():
    loading.load(MARKET)
    loading.load(Market(40, 10, 6))
    assert Stall.objects.count() == 30
    assert Good.objects.count() == 340


def test_what_was_loaded_is_shown():
    loading.load(MARKET)
    number = Good.objects.filter(state="listed").values_list("number", flat=True)[0]
    view = queries.on_show(number)
    assert view is not None
    assert view.card.names["zh"]
    assert view.photos
    assert view.is_authorised or not view.draft.brand


def test_one_market_is_loaded_at_a_time():
    """Another connection, which is what another process has, loads one."""
    with closing(connections["default"].copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [bulk._LOADING])
        with pytest.raises(loading.AlreadyLoading):
            loading.load(MARKET)
        cursor.execute("SELECT pg_advisory_unlock(%s)", [bulk._LOADING])
    assert not Good.objects.exists()
    assert loading.load(MARKET).goods == 300


def test_the_database_knows_at_once_how_much_there_is():
    """Though the application, which may not count its tables, loads it; it is the application afterwards too."""
    with connections["default"].cursor() as cursor:
        cursor.execute(f"SET ROLE {rights.ROLE}")
        loading.load(MARKET)
        cursor.execute("SELECT current_user, reltuples FROM pg_class WHERE relname = 'catalogue_good'")
        assert cursor.fetchone() == (rights.ROLE, 300.0)
