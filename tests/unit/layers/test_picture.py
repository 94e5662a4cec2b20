"""Painted rasters of 3 x 3 cells, whose cells can be counted by hand, as pictures."""

from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import shapely

from landproof.land.decode import Meaning, State
from landproof.land.picture import BLANK, Mark, Picture, mark_of_state
from landproof.layers.catalogue import load_catalogue
from landproof.layers.overlay import Overlayer
from landproof.layers.picture import MOST, read_picture
from landproof.render.plot_picture import WORDS, cell_path, plot_picture, wrapped
from landproof.render.svg import text_width
from landproof.render.wording import Wording
from landproof.reporting.nodes import MapCaption
from tests.unit.layers.painted import ALL, CUT_OFF, FOREST, TERMS, catalogue_file, cell, entry, paint

SIGMA = 30.0  # so the fringe is 60 m wide: it holds the middles of the four neighbours of a cell, 56 m away
MAIN = (("deforestation", "conversion"),)


@pytest.fixture
def land(tmp_path: Path) -> Path:
    """Forest; the middle and the cell north of it cleared in 2022, seen by two families, farmed since."""
    paint(tmp_path / "forest.tif", [[1, 1, 1]] * 3)
    paint(tmp_path / "natural.tif", [[1, 1, 1]] * 3)
    paint(tmp_path / "loss.tif", [[0, 22, 20], [0, 22, 0], [21, 0, 0]])
    paint(tmp_path / "alerts.tif", [[0, 500, 0], [0, 500, 0], [0, 0, 0]], dtype="uint16", nodata=65535)
    paint(tmp_path / "use.tif", [[40, 40, 40]] * 3)
    return tmp_path


def picture(
    folder: Path, land: shapely.Geometry, content: str = ALL, *, closer: bool = True, most: int = MOST,
    harms: tuple[tuple[str, ...], ...] = MAIN,
) -> Picture:  # fmt: skip
    catalogue = load_catalogue(catalogue_file(folder, content))
    overlayer = Overlayer(catalogue)
    try:
        return read_picture(land, SIGMA, catalogue, overlayer, terms=TERMS, harms=harms, closer=closer, most=most)
    finally:
        overlayer.close()


def drawn(found: Picture, language: str = "en") -> str:
    captions = [MapCaption(panel.subject) for panel in (*found.deciding, *found.layers)]
    return plot_picture(found, "P-1", ["line"], captions, Wording(language), outlines={})


def counts(found: Picture, subject: str) -> dict[Mark, int]:
    [panel] = [each for each in (*found.deciding, *found.layers) if each.subject == subject]
    return {mark: panel.count(mark) for mark in panel.marks}


def texts(svg: str) -> str:
    root = ET.fromstring(svg)  # noqa: S314 (our own)
    return " ".join(each.text or "" for each in root.iter() if each.tag.endswith("text"))


def test_cells_of_layers_are_those_of_the_rasters(land: Path):
    found = picture(land, cell(1, 1))

    # A cell each way for the fringe, and two more: seven by seven, of which the rasters have nine.
    assert (found.rows, found.columns, found.step) == (7, 7, 1)
    assert counts(found, "loss") == {
        Mark.AFTER: 2, Mark.SPANS: 1, Mark.BEFORE: 1, Mark.SILENT: 5, Mark.NO_DATA: 40,
    }  # fmt: skip
    assert counts(found, "alerts") == {Mark.AFTER: 2, Mark.SILENT: 7, Mark.NO_DATA: 40}
    assert counts(found, "forest") == {Mark.NATURAL: 9, Mark.NO_DATA: 40}


def test_what_decides_is_told_by_zone(land: Path):
    found = picture(land, cell(1, 1))

    [deciding] = found.deciding
    named = np.full(deciding.cells.shape, "", dtype=object)
    for place, mark in enumerate(deciding.marks):
        named[deciding.cells == place] = mark.name
    assert named[2:5, 2:5].tolist() == [
        ["", "DOUBT", ""],
        ["STANDING", "PROVED", "STANDING"],
        ["", "STANDING", ""],
    ]
    assert int((deciding.cells != BLANK).sum()) == 5


def test_land_far_from_a_change_is_one_zone(land: Path):
    found = picture(land, cell(1, 1), closer=False)

    assert int((found.deciding[0].cells != BLANK).sum()) == 1
    assert "No change lies in the plot or near it" in texts(drawn(found))


def test_a_harm_has_a_map_of_its_own(land: Path):
    paint(land / "bog.tif", [[1, 1, 0]] * 3)
    found = picture(land, cell(1, 1), ALL + entry("bog", "peat", "peat = [1]"), harms=(*MAIN, ("peat",)))

    assert counts(found, "bog") == {Mark.PEAT: 6, Mark.NOT_PEAT: 3, Mark.NO_DATA: 40}
    # Farmed after a change that two families saw. Peat beside a plot is another's, so no other cell is in doubt.
    assert counts(found, "peat") == {Mark.PROVED: 1, Mark.CLEAR: 4}


def test_a_forest_map_alone_leaves_all_unseen(land: Path):
    found = picture(land, cell(1, 1), FOREST)

    assert counts(found, "deforestation, conversion") == {Mark.UNSEEN: 5}


def test_the_same_land_has_the_same_digest_and_other_land_another(land: Path):
    first, again = picture(land, cell(1, 1)), picture(land, cell(1, 1))
    paint(land / "loss.tif", [[0, 22, 20], [0, 22, 0], [21, 0, 3]])
    other = picture(land, cell(1, 1))

    digests = [{panel.subject: panel.digest for panel in each.layers} for each in (first, again, other)]
    assert digests[0] == digests[1]
    assert {name for name, digest in digests[0].items() if digests[2][name] != digest} == {"loss"}


def test_a_plot_smaller_than_a_cell_has_the_cells_that_it_touches(land: Path):
    west, south, _, _ = cell(1, 1).bounds
    found = picture(land, shapely.box(west - 1e-5, south + 1e-4, west + 1e-5, south + 2e-4), closer=False)

    assert int((found.deciding[0].cells != BLANK).sum()) == 2


def test_a_plot_without_any_tile_says_so(land: Path):
    found = picture(land, shapely.box(40.0, 20.0, 40.001, 20.001), closer=False)

    assert found.bare
    assert {panel.marks for panel in found.layers} == {(Mark.NO_DATA,)}
    assert found.deciding[0].marks == (Mark.UNSEEN,)
    assert "No layer has a tile here" in texts(drawn(found))


def test_of_a_plot_across_the_antimeridian_the_larger_part_is_drawn(tmp_path: Path):
    paint(tmp_path / "forest_e.tif", [[1, 1, 1]] * 3, west=179.997)
    paint(tmp_path / "forest_w.tif", [[0, 0, 0]] * 3, west=-180.0)
    both = shapely.MultiPolygon([shapely.box(179.998, 0, 180, 0.002), shapely.box(-180, 0, -179.999, 0.002)])
    content = FOREST.replace('"forest.tif"', '"forest_e.tif", "forest_w.tif"')

    found = picture(tmp_path, both, content)

    assert found.partly
    assert found.columns < 20
    assert counts(found, "forest")[Mark.NATURAL] == 9
    assert Mark.NOT_NATURAL not in counts(found, "forest")
    assert "180th meridian" in texts(drawn(found))


@pytest.mark.parametrize(("most", "step"), [(7, 1), (6, 2), (3, 3)])
def test_a_picture_is_never_larger_than_it_may_be(land: Path, most: int, step: int):
    found = picture(land, cell(1, 1), most=most)

    assert found.step == step
    assert max(found.rows, found.columns) <= most
    # The same land, whatever is drawn of it: cells grow as their number falls.
    assert found.cell_m == pytest.approx((111.32 * step, 111.32 * step), rel=1e-3)
    # The plot is at cell 3 of 7: where every third row is drawn, its middle is that of the middle cell.
    [ring] = found.rings["plot"]
    assert ring[:, 0].min() == pytest.approx(3 / step)
    assert ("is large" in texts(drawn(found))) == (step > 1)


def test_fifty_thousand_hectares_are_thinned(tmp_path: Path):
    rows = np.zeros((900, 900), dtype=np.uint8)
    rows[:, 450:] = 1
    paint(tmp_path / "forest.tif", rows.tolist(), step=0.00025, north=0.2250)
    plot = shapely.box(10.0, 0.0, 10.2, 0.2)  # 22.3 km by 22.1 km

    found = picture(tmp_path, plot, FOREST, closer=False)

    assert found.step > 1
    assert max(found.rows, found.columns) <= MOST
    held = found.deciding[0].cells != BLANK
    width, height = found.cell_m
    # 0.2 degrees of longitude at 0.1 N by 0.2 of latitude: 22.26 km x 22.11 km.
    assert held.sum() * width * height / 10_000 == pytest.approx(49_230, rel=0.02)


def test_zones_too_narrow_to_be_seen_are_not_drawn(land: Path):
    near, far = picture(land, cell(1, 1)), picture(land, shapely.box(9.0, -1.0, 11.0, 1.0))

    assert "fringe: as far outside" in texts(drawn(near))
    assert "fringe: as far outside" not in texts(drawn(far))


def test_projected_cells_are_drawn_in_metres(tmp_path: Path):
    paint(tmp_path / "forest.tif", [[1] * 20] * 20, west=500_000, north=200, step=20, crs="EPSG:32632")
    plot = shapely.box(9.0005, 0.0005, 9.0015, 0.0012)

    found = picture(tmp_path, plot, FOREST)

    assert found.cell_m == (20.0, 20.0)
    assert counts(found, "forest")[Mark.NATURAL] > 0
    [ring] = found.rings["plot"]
    # 0.001 degrees of longitude are 111.3 m on the ellipsoid, times 0.9996: 5.56 cells.
    assert np.ptp(ring[:, 0]) == pytest.approx(5.56, abs=0.02)


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_the_drawing_is_xml_with_all_cells_and_words(land: Path, language: str):
    found = picture(land, cell(1, 1))
    svg = drawn(found, language)

    root = ET.fromstring(svg)  # noqa: S314 (our own)
    paths = [each.attrib["d"] for each in root.iter() if each.attrib.get("shape-rendering") == "crispEdges"]
    areas = [area_of(each) for each in paths]
    # One path per mark and map: 1 + 1 + 3 cells decide, and 49 cells on each of five layers.
    assert areas[:3] == [1, 1, 3]
    assert sum(areas) == 5 + 5 * 49
    say = Wording(language).say
    words = texts(svg)
    for mark in (Mark.PROVED, Mark.DOUBT, Mark.STANDING, Mark.AFTER, Mark.NO_DATA):
        assert say(WORDS[mark]) in words
    assert drawn(found, language) == svg


def area_of(path: str) -> int:
    """Cells in a path of rectangles."""
    total = 0
    for step in path.split("z")[:-1]:
        across, _, down = step.partition("h")[2].partition("v")
        total += int(across) * int(down.split("h")[0])
    return total


def test_cells_that_lie_together_are_one_rectangle():
    cells = np.array([[0, 0, 1], [0, 0, 0], [1, 0, 0]], dtype=np.uint8)

    assert cell_path(cells, 0) == "M0 0h2v1h-2zM0 1h3v1h-3zM1 2h2v1h-2z"
    assert cell_path(cells, 1) == "M2 0h1v1h-1zM0 2h1v1h-1z"
    assert cell_path(np.zeros((2, 2), dtype=np.uint8), 0) == "M0 0h2v2h-2z"
    assert cell_path(cells, 2) == ""


@pytest.mark.parametrize(
    ("earliest", "latest", "mark"),
    [
        (date(2021, 1, 1), date(2021, 1, 1), Mark.AFTER),
        (date(2020, 12, 31), date(2021, 1, 1), Mark.SPANS),
        (date(2020, 12, 31), date(2020, 12, 31), Mark.BEFORE),
        (None, date(2021, 5, 1), Mark.UNKNOWN),
    ],
)
def test_a_change_is_told_by_the_cut_off(earliest: date | None, latest: date, mark: Mark):
    assert mark_of_state(State(Meaning.CHANGE, earliest, latest), CUT_OFF) is mark


def test_each_meaning_has_a_mark_and_each_mark_words():
    assert {mark_of_state(State(meaning), CUT_OFF) for meaning in Meaning} <= set(WORDS)
    assert set(WORDS) == set(Mark)


@pytest.mark.parametrize("line", ["one two three four five six", "变化发生在截止日之后，范围内没有其他土地。"])
def test_lines_are_wrapped_to_their_room(line: str):
    found = wrapped(line, 10, 80)

    assert len(found) > 1
    assert "".join(found).replace(" ", "") == line.replace(" ", "")
    assert all(text_width(each, 10) <= 80 for each in found)
