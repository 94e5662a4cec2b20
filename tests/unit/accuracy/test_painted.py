"""Painted landscapes: their truth is where it can be, their maps err as told, and they never change."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from benchmarks.accuracy.painted import FAMILIES, FRONTIER, SETTLED, Painted, paint

SMALL = replace(FRONTIER, cells=400)


@pytest.fixture(scope="module")
def painted() -> Painted:
    return paint(SMALL, 3)


def test_a_seed_paints_the_same_landscape(painted: Painted):
    again = paint(SMALL, 3)

    for name in ("truth", "forest", "natural", "use", "before"):
        assert np.array_equal(getattr(painted, name), getattr(again, name))
    assert all(np.array_equal(painted.changes[name], again.changes[name]) for name in painted.changes)


def test_another_seed_paints_another(painted: Painted):
    assert not np.array_equal(painted.truth, paint(SMALL, 4).truth)


def test_old_clearings_are_not_cleared_again(painted: Painted):
    assert not (painted.truth & painted.before).any()


def test_land_is_made_up_as_the_origin_says(painted: Painted):
    # 45 % forest, 15 % grassland, less old clearings; maps err on 3 and 5 % of either side.
    assert 0.3 < painted.forest.mean() < 0.5
    assert 0.4 < painted.natural.mean() < 0.65
    assert painted.truth.mean() > paint(replace(SETTLED, cells=400), 3).truth.mean()


def test_maps_err_in_both_directions(painted: Painted):
    cleared = painted.truth == 1

    assert 0.85 < painted.natural[cleared].mean() < 1
    assert set(np.unique(painted.use)) == {1, 2}


def test_each_family_sees_some_clearings_and_misses_some(painted: Painted):
    assert set(painted.changes) == {family.name for family in FAMILIES}
    for layer in painted.changes.values():
        assert 0 < (layer[painted.truth == 1] > 0).mean() < 1


def test_a_family_that_misses_nothing_shows_nearly_all(monkeypatch: pytest.MonkeyPatch):
    sharp = replace(FAMILIES[3], miss=(0.0, 0.0, 0.0), invents=0.0, harvests=0.0, since=date(2021, 1, 1))
    monkeypatch.setattr("benchmarks.accuracy.painted.FAMILIES", (sharp,))
    found = paint(SMALL, 3)
    shown = found.changes[sharp.name] > 0

    # Every clearing is seen, shifted by a cell at most, with 95 % of its cells.
    assert shown[found.truth == 1].mean() > 0.8
    assert shown[found.truth == 0].mean() < 0.01


def test_a_landscape_without_clearings_has_no_truth():
    assert not paint(replace(SMALL, clearings=0.0), 3).truth.any()
