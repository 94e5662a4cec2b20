"""Charts: well-formed, the same again, and no word cut out of sight of the table."""

import math
from xml.etree import ElementTree

import pytest

from landproof.domain.outcome import Outcome
from landproof.render.figures import draw
from landproof.render.maps import plot_map
from landproof.render.svg import shortened, text_width
from landproof.render.wording import Wording
from landproof.reporting import build_report
from landproof.reporting.cells import say
from landproof.reporting.nodes import Chart, MapPanel, MapPoint, MaterialityBars, PlotMap, Sankey, Table, Waterfall
from tests.unit.reporting.invented import assessment

CHARTS = (Waterfall, MaterialityBars, Sankey, PlotMap)


@pytest.fixture(scope="module")
def charts() -> list[Chart]:
    return [node for node in build_report(assessment()).nodes() if isinstance(node, CHARTS)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_charts_are_well_formed_and_stay_inside_their_frame(charts: list[Chart], language: str) -> None:
    for chart in charts:
        svg = draw(chart, Wording(language))
        assert svg == draw(chart, Wording(language))
        root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
        _, _, width, height = (float(each) for each in root.attrib["viewBox"].split())
        for text in root.iter("{http://www.w3.org/2000/svg}text"):
            size, x = float(text.attrib["font-size"]), float(text.attrib["x"])
            long = text_width(text.text or "", size)
            left = {"start": x, "middle": x - long / 2, "end": x - long}[text.attrib["text-anchor"]]
            assert left >= -1, text.text
            assert left + long <= width + 1, text.text
            assert 0 <= float(text.attrib["y"]) <= height, text.text
            assert size >= 12


def panel(*points: tuple[float, float]) -> PlotMap:
    made = tuple(MapPoint(f"L-{n}", x, y, Outcome.MET) for n, (x, y) in enumerate(points))
    empty = Table("plots", say("Plots"), (), [])
    return PlotMap(say("Plots"), empty, (MapPanel(say("Plots"), made),), 0, 0, 0)


@pytest.mark.parametrize(
    "points",
    [
        [(0.0, 0.0)],
        [(179.9, -16.5), (180.2, -16.6)],
        [(20.0, 89.9)],
        [(-70.0, -20.0), (-40.0, 5.0)],
        [(5.0, 5.0)] * 3,
    ],
)
def test_a_map_of_any_place_and_size_can_be_drawn(points: list[tuple[float, float]]) -> None:
    svg = plot_map(panel(*points), Wording("en"))
    assert "nan" not in svg
    assert svg.count("<circle") >= 1 + 1  # the key has one


def test_the_scale_bar_is_true_to_the_frame() -> None:
    # Two plots one degree of latitude (111.32 km) apart.
    root = ElementTree.fromstring(plot_map(panel((10.0, 0.0), (10.0, 1.0)), Wording("en")))  # noqa: S314
    space = "{http://www.w3.org/2000/svg}"
    ys = [float(each.attrib["cy"]) for each in root.iter(f"{space}circle")][-2:]  # after the key's
    per_km = abs(ys[0] - ys[1]) / 111.32
    bar = next(each.attrib["d"] for each in root.iter(f"{space}path") if "H" in each.attrib["d"])
    left, right = float(bar[1:].split()[0]), float(bar.split("H")[1].split("V")[0])
    said = next(each.text for each in root.iter(f"{space}text") if (each.text or "").endswith("km"))
    assert math.isclose(right - left, per_km * float(str(said).split()[0]), abs_tol=0.3)


def test_the_key_counts_the_plots_of_each_sign() -> None:
    outcomes = [Outcome.MET] * 3 + [Outcome.NOT_MET, Outcome.INSUFFICIENT, Outcome.NOT_APPLICABLE]
    points = tuple(MapPoint(f"L-{n}", n / 10, 0.0, outcome) for n, outcome in enumerate(outcomes))
    table = Table("plots", say("Plots"), (), [])
    chart = PlotMap(say("Plots"), table, (MapPanel(say("6 plots"), points),), 0, 0, 0)
    root = ElementTree.fromstring(plot_map(chart, Wording("en")))  # noqa: S314
    said = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    for word, count in (("not met", "1"), ("insufficient evidence", "1"), ("not judged", "1"), ("met", "3")):
        assert said[said.index(word) + 1] == count


def test_degrees_say_their_hemisphere() -> None:
    root = ElementTree.fromstring(plot_map(panel((-55.0, -12.0), (-54.0, -11.0)), Wording("en")))  # noqa: S314
    said = {(each.text or "").replace("\u00a0", " ") for each in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"11.5° S", "55° W", "54° W"} <= said
    east = plot_map(panel((106.0, 12.0), (107.0, 13.0)), Wording("zh"))
    assert "12.5°\u00a0N" in east
    assert "107°\u00a0E" in east


def test_where_nobody_looked_is_not_hidden_behind_a_pass() -> None:
    both = tuple(MapPoint(n, 1.0, 1.0, o) for n, o in (("a", Outcome.MET), ("b", Outcome.NOT_APPLICABLE)))
    table = Table("plots", say("Plots"), (), [])
    svg = plot_map(PlotMap(say("Plots"), table, (MapPanel(say("2 plots"), both),), 0, 0, 0), Wording("en"))
    last = list(ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}circle"))[-1]  # noqa: S314
    assert last.attrib["fill"] == "#ffffff"  # the ring


def test_a_label_too_long_ends_in_an_ellipsis() -> None:
    assert shortened("short", 15, 100) == "short"
    assert shortened("a very long name of a supplier", 15, 100).endswith("…")
    assert text_width(shortened("很长很长很长很长的供应商名称", 15, 100), 15) <= 100
