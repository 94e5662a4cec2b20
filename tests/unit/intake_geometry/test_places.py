"""Whether a plot can lie in its country. Places are read off any atlas."""

import json
from pathlib import Path

import pytest
import shapely

from landproof.intake.geometry import FAULTS
from landproof.intake.places import may_lie_in, swapped
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


@pytest.mark.parametrize(
    ("place", "inside"),
    [((-53.7, -23), True), ((-53.699, -23), False), ((-58, -28.1), True), ((-58, -28.101), False)],
)
def test_the_edge_of_a_box(place: tuple[float, float], inside: bool):
    """Paraguay lies between 62.7 and 54.2 degrees west and 27.6 and 19.2 south, and half a degree is added."""
    assert may_lie_in("PY", shapely.Point(place)) is inside


@pytest.mark.parametrize(
    ("parent", "territory", "place"),
    [
        ("FR", "NC", (165.6, -21.4)), ("FR", "PF", (-149.4, -17.6)), ("FR", "WF", (-176.2, -13.3)),
        ("FR", "PM", (-56.3, 46.9)), ("FR", "BL", (-62.8, 17.9)), ("FR", "MF", (-63.1, 18.1)),
        ("FR", "GF", CAYENNE), ("FR", "GP", (-61.5, 16.2)), ("FR", "MQ", (-61.0, 14.6)),
        ("FR", "RE", (55.5, -21.1)), ("FR", "YT", (45.2, -12.8)), ("FR", "TF", (69.4, -49.3)),
        ("GB", "FK", (-59, -51.8)), ("GB", "SH", (-5.7, -15.9)), ("GB", "BM", (-64.8, 32.3)),
        ("GB", "TC", (-71.8, 21.8)),
        ("US", "PR", (-66.4, 18.2)), ("US", "VI", (-64.8, 17.7)), ("US", "GU", (144.8, 13.5)),
        ("US", "AS", (-170.7, -14.3)), ("US", "MP", (145.7, 15.2)), ("NL", "CW", (-69, 12.2)),
        ("NL", "BQ", (-68.3, 12.2)), ("DK", "GL", (-46, 61)), ("DK", "FO", (-7, 62)), ("NO", "SJ", (15.6, 78.2)),
        ("FI", "AX", (20, 60.2)), ("AU", "NF", (168, -29)), ("AU", "CX", (105.7, -10.5)),
        ("AU", "CC", (96.8, -12.2)), ("NZ", "CK", (-159.8, -21.2)), ("NZ", "NU", (-169.9, -19.1)),
        ("NZ", "TK", (-171.2, -9.4)), ("CN", "HK", (114.1, 22.4)), ("CN", "MO", (113.55, 22.15)),
        ("CN", "TW", TAIPEI),
    ],
)  # fmt: skip
def test_a_territory_has_a_code_and_is_within_its_parent(parent: str, territory: str, place: tuple[float, float]):
    point = shapely.Point(place)
    assert may_lie_in(parent, point)
    assert may_lie_in(territory, point)
    assert not may_lie_in(territory, shapely.Point(10, 1))  # its own box is known: this is the Gulf of Guinea


def test_countries_across_the_date_line_do_not_go_around_the_world():
    assert may_lie_in("RU", shapely.Point(-175, 66))
    assert may_lie_in("RU", shapely.Point(20.5, 54.7))
    assert not may_lie_in("RU", shapely.Point(-100, 50))
    assert may_lie_in("FJ", shapely.Point(-179, -17))
    assert not may_lie_in("FJ", shapely.Point(47, -19))


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
