"""What must not change the land that a plot holds: where tiles end and the grid begins, corners on its sides."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.layers.painted import FOREST, LOSS, catalogue_file, paint
from tests.unit.layers.weighed import Said, weights

STEP = 2.0**-10  # degrees, so that moving by a cell is exact
WEST, NORTH, SIDE = 10.0, 0.25, 40
EDGE = WEST + 16 * STEP  # between the two tiles
LAYERS = FOREST.replace('"forest.tif"', '"forest.tif", "forest_east.tif"') + LOSS.replace(
    '"loss.tif"', '"loss.tif", "loss_east.tif"'
)


def painted(folder: Path, *, moved: int = 0, swapped: bool = False) -> Path:
    """Forest and loss on two tiles each, the edge between them at column 16."""
    folder.mkdir(exist_ok=True)
    random = np.random.default_rng(11)
    west = WEST + moved * STEP
    content = LAYERS
    for name, most in (("forest", 2), ("loss", 25)):
        values = random.integers(0, most, (SIDE, SIDE))
        paint(folder / f"{name}.tif", values[:, :16].tolist(), west=west, north=NORTH, step=STEP)
        paint(folder / f"{name}_east.tif", values[:, 16:].tolist(), west=west + 16 * STEP, north=NORTH, step=STEP)
        if swapped:
            content = content.replace(f'"{name}.tif", "{name}_east.tif"', f'"{name}_east.tif", "{name}.tif"')
    return catalogue_file(folder, content)


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("land")
    return {
        "here": painted(folder / "here"),
        "moved": painted(folder / "moved", moved=7),
        "swapped": painted(folder / "swapped", swapped=True),
    }


@st.composite
def outlines(draw: st.DrawFn) -> shapely.Polygon:
    """A star around a point, within the tiles, whose corners are exact to 2**-20 of a degree."""
    across, down = draw(st.floats(8, 32)), draw(st.floats(8, 32))
    reach = draw(st.lists(st.floats(0.2, 7.5), min_size=3, max_size=14))
    corners = [
        (across + far * np.cos(angle), down + far * np.sin(angle))
        for far, angle in zip(reach, np.linspace(0, 2 * np.pi, len(reach), endpoint=False), strict=True)
    ]
    return shapely.Polygon([(WEST + round(x * 1024) / 2**20, NORTH - round(y * 1024) / 2**20) for x, y in corners])


def said(path: Path, plot: shapely.Geometry) -> Said:
    [found], problems = weights(path, [plot])
    assert not problems
    return found


def add_up(*parts: Said) -> Said:
    return {key: sum(part.get(key, 0) for part in parts) for part in parts for key in part}


def near(found: Said, expected: Said, cm2: int) -> None:
    for key in found.keys() | expected.keys():
        assert abs(found.get(key, 0) - expected.get(key, 0)) <= cm2, key


@settings(deadline=None, max_examples=60)
@given(outlines())
def test_a_plot_cut_at_the_edge_of_a_tile_holds_the_same(land: dict[str, Path], plot: shapely.Polygon):
    west = shapely.box(WEST - 1, NORTH - 1, EDGE, NORTH + 1)
    halves = [part for part in (plot.intersection(west), plot.difference(west)) if not part.is_empty]
    near(add_up(*(said(land["here"], part) for part in halves)), said(land["here"], plot), 8)


@settings(deadline=None, max_examples=60)
@given(outlines())
def test_a_world_moved_by_whole_cells_holds_the_same(land: dict[str, Path], plot: shapely.Polygon):
    moved = shapely.transform(plot, lambda corners: np.add(corners, (7 * STEP, 0)))
    assert said(land["moved"], moved) == said(land["here"], plot)


@settings(deadline=None, max_examples=60)
@given(outlines())
def test_the_order_of_tiles_does_not_matter(land: dict[str, Path], plot: shapely.Polygon):
    assert said(land["swapped"], plot) == said(land["here"], plot)


@settings(deadline=None, max_examples=60)
@given(outlines(), st.floats(0.05, 3))
def test_more_corners_on_its_sides_change_nothing(land: dict[str, Path], plot: shapely.Polygon, cells: float):
    near(said(land["here"], plot.segmentize(cells * STEP)), said(land["here"], plot), 8)


@settings(deadline=None, max_examples=60)
@given(outlines(), st.integers(0, 13), st.booleans())
def test_where_a_ring_begins_and_which_way_it_turns_change_nothing(
    land: dict[str, Path], plot: shapely.Polygon, first: int, turned: bool
):
    corners = list(plot.exterior.coords)[:-1]
    first %= len(corners)
    again = [*corners[first:], *corners[:first]]
    near(said(land["here"], shapely.Polygon(again[::-1] if turned else again)), said(land["here"], plot), 2)
