"""A plot of a list and of a map is one plot."""

from decimal import Decimal

import polars as pl
import pytest

from landproof.casefile.plots import one_row_per_plot
from landproof.domain.facts.land import PLOTS
from landproof.domain.tables import conform


def rows(*plots: dict[str, object]) -> pl.DataFrame:
    return conform(pl.DataFrame(plots, schema={name: PLOTS.schema[name] for name in plots[0]}), PLOTS)


LISTED = {"plot": "P1", "supplier": "S1", "country": "BR", "area_ha": Decimal("3.5"), "shape": None,
          "geometry": None, "source": "list", "source_row": 3}  # fmt: skip
MAPPED = {"plot": "P1", "supplier": None, "country": "BR", "area_ha": None, "shape": "point",
          "geometry": b"\x01", "source": "map", "source_row": 1}  # fmt: skip


@pytest.mark.parametrize("order", [(LISTED, MAPPED), (MAPPED, LISTED)])
def test_each_says_its_part_and_the_map_says_where(order):
    [plot] = one_row_per_plot(rows(*order)).rows(named=True)
    assert {name: plot[name] for name in MAPPED} == {
        "plot": "P1", "supplier": "S1", "country": "BR", "area_ha": Decimal("3.5"), "shape": "point",
        "geometry": b"\x01", "source": "map", "source_row": 1,
    }  # fmt: skip


def test_a_plot_of_a_list_alone_and_of_a_map_alone_stay_as_they_are():
    found = one_row_per_plot(rows(LISTED, MAPPED, LISTED | {"plot": "P2"}, MAPPED | {"plot": "P3"}))
    assert sorted(found.select("plot", "supplier", "shape").rows()) == [
        ("P1", "S1", "point"), ("P2", "S1", None), ("P3", None, "point"),
    ]  # fmt: skip


def test_without_a_plot_in_both_nothing_changes():
    frame = rows(LISTED, MAPPED | {"plot": "P2"})
    assert one_row_per_plot(frame) is frame
    assert one_row_per_plot(PLOTS.empty()).is_empty()
