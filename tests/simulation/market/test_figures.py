"""Figures follow from each other: no ring of four kilograms, no carton that nobody lifts."""

import numpy as np
import pytest

from sundry.simulation.market.figures import CARTON_GRAMS_MAX, COUNTED_IN, Column, Usual, counted, figures

ROWS = 4_000
DRAWN = np.random.Generator(np.random.PCG64(1)).random((len(Column), ROWS))
MUGS = Usual(*(np.full(ROWS, value) for value in (330.0, 290.0, 560.0)))
RINGS = Usual(*(np.full(ROWS, value) for value in (6.0, 360.0, 120.0)))
CASES = Usual(*(np.full(ROWS, value) for value in (3200.0, 75.0, 9800.0)))


@pytest.mark.parametrize(("given", "told"), [(0.2, 1), (1, 1), (4.9, 3), (54, 50), (99, 96), (1e9, 100_000)])
def test_pieces_are_counted_in_numbers_that_people_use(given, told):
    assert counted(np.array([given])).tolist() == [told]
    assert np.all(np.diff(COUNTED_IN) > 0)


@pytest.mark.parametrize("usual", [MUGS, RINGS, CASES])
def test_a_carton_is_one_that_is_packed_and_lifted(usual):
    told = figures(DRAWN, usual)
    gross, net = np.array(told.gross_g), np.array(told.net_g)
    sides = np.array([told.length_mm, told.width_mm, told.height_mm])
    assert np.all(net >= 1)
    assert np.all(gross > net)
    assert float(np.quantile(gross, 0.99)) <= CARTON_GRAMS_MAX * 1.1
    assert np.all(sides >= 50)
    assert np.all(sides % 10 == 0)
    assert int(sides.max()) < 1_300
    density = gross / sides.prod(axis=0) * 1e6
    assert 0.5 < float(np.median(density)) / usual.density_kg_m3[0] < 1.5
    assert 20 < float(density.min()) <= float(density.max()) < 1_500


def test_a_carton_holds_about_what_two_arms_hold():
    told = figures(DRAWN, MUGS)
    litres = np.prod([told.length_mm, told.width_mm, told.height_mm], axis=0) / 1e6
    assert 45 < float(np.median(litres)) < 70
    assert 30 <= float(np.median(told.pieces)) <= 60


def test_what_is_cheap_is_bought_by_the_hundred():
    mugs, rings, cases = (figures(DRAWN, usual) for usual in (MUGS, RINGS, CASES))
    assert np.median(rings.minimum) > np.median(mugs.minimum) > np.median(cases.minimum) >= 1
    assert min(rings.price_minor) >= 1
    assert 0.9 < float(np.median(mugs.price_minor)) / 560 < 1.1


def test_few_goods_are_sold_by_far_the_most():
    sold = np.sort(np.array(figures(DRAWN, MUGS).sold))[::-1]
    assert 0.5 < sold[: ROWS // 5].sum() / sold.sum() < 0.95
    assert int(sold[-1]) == 0
    assert int(sold[0]) < 1_000_000


def test_the_same_draws_give_the_same_figures():
    assert figures(DRAWN, MUGS) == figures(DRAWN, MUGS)
