"""Whether a plot can lie in its country. Places are read off any atlas."""

import json
from pathlib import Path

import pytest
import shapely

from landproof.intake.geometry import FAULTS
from landproof.intake.places import MARGIN, boxes, may_lie_in, swapped
from landproof.intake.plots import import_plots

SAO_PAULO, HANOI, KUMASI, CAYENNE, TAIPEI, SUVA = (
    (-46.6, -23.5), (105.8, 21.0), (-1.6, 6.7), (-52.3, 4.9), (121.5, 25.0), (178.4, -18.1),
)  # fmt: skip


@pytest.mark.parametrize(
    ("country", "place", "inside"),
    [
        ("BR", SAO_PAULO, True), ("BR", HANOI, False), ("VN", HANOI, True), ("GH", KUMASI, True),
        ("FR", CAYENNE, True), ("BR", CAYENNE, True), ("CN", TAIPEI, True), ("TW", TAIPEI, True),
        ("FJ", SUVA, True), ("AR", SAO_PAULO, False), ("CI", (1.6, 6.7), False), ("ZZ", HANOI, True),
    ],
)  # fmt: skip
def test_what_is_clearly_elsewhere(country: str, place: tuple[float, float], inside: bool):
    assert may_lie_in(country, shapely.Point(place)) is inside


def test_the_edge_of_a_box():
    west, south, east, north = max(boxes()["PY"])
    middle = (south + north) / 2
    assert may_lie_in("PY", shapely.Point(east + MARGIN, middle))
    assert not may_lie_in("PY", shapely.Point(east + MARGIN + 0.001, middle))
    assert may_lie_in("PY", shapely.Point((west + east) / 2, south - MARGIN))
    assert not may_lie_in("PY", shapely.Point((west + east) / 2, south - MARGIN - 0.001))


def test_every_box_is_a_box():
    assert len(boxes()) > 230
    for parts in boxes().values():
        for west, south, east, north in parts:
            assert -180 <= west < east <= 180
            assert -90 <= south < north <= 90


def fault(folder: Path, position: tuple[float, float], country: str) -> str | None:
    geometry = {"type": "Point", "coordinates": position}
    feature = {"type": "Feature", "properties": {"plot": "P", "country": country}, "geometry": geometry}
    path = folder / "map.geojson"
    path.write_text(json.dumps(feature), encoding="utf-8")
    found = import_plots(path)
    assert found.rows_in == found.plots.height + found.rejects.height == 1
    keys = {reason: key for key, (reason, _) in FAULTS.items()}
    return keys[found.rejects["reason"].item()] if found.rejects.height else None


def test_swapped_axes_within_range_are_seen_by_the_country(tmp_path: Path):
    assert fault(tmp_path, KUMASI, "GH") is None
    assert fault(tmp_path, KUMASI[::-1], "GH") == "swapped"
    assert swapped("GH", shapely.Point(KUMASI[::-1]))
    assert not swapped("GH", shapely.Point(KUMASI))


def test_a_lost_minus_sign_is_seen_by_the_country(tmp_path: Path):
    assert fault(tmp_path, (46.6, -23.5), "BR") == "elsewhere"


def test_a_plot_across_a_border_belongs_to_both():
    across = shapely.box(-54.7, -25.7, -54.5, -25.5)  # where Brazil, Argentina and Paraguay meet
    assert [may_lie_in(country, across) for country in ("BR", "AR", "PY")] == [True, True, True]
