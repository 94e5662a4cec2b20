"""Layers that count how often another one saw the land."""

from pathlib import Path

import pytest

from landproof.land.decode import Meaning
from landproof.layers.catalogue import load_catalogue
from landproof.layers.errors import LayerError
from tests.unit.layers.painted import catalogue_file, entry, paint

OFTEN, SELDOM, UNKNOWN = Meaning.OFTEN, Meaning.SELDOM, Meaning.UNKNOWN


@pytest.mark.parametrize(
    ("counts", "meanings"),
    [
        ("optical observations", {0: SELDOM, 5: SELDOM, 6: OFTEN, 200: OFTEN, 201: UNKNOWN}),
        ("radar observations", {11: SELDOM, 12: OFTEN}),
        ("longest gap", {0: OFTEN, 120: OFTEN, 121: SELDOM}),
    ],
)
def test_what_is_often_enough(tmp_path: Path, counts: str, meanings: dict[int, Meaning]):
    paint(tmp_path / "count.tif", [[1]])
    rule = (f'counts = "{counts}"', 'values = ["0-200"]')
    [layer] = load_catalogue(catalogue_file(tmp_path, entry("count", "observations", *rule))).layers

    assert {value: layer.decoder.state(value).meaning for value in meanings} == meanings


def test_a_count_of_something_else_is_refused(tmp_path: Path):
    paint(tmp_path / "count.tif", [[1]])
    content = entry("count", "observations", 'counts = "clouds"', 'values = ["0-200"]')

    with pytest.raises(LayerError, match="counts must be one of optical observations"):
        load_catalogue(catalogue_file(tmp_path, content))
