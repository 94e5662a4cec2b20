from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from landproof.layers.catalogue import load_catalogue
from landproof.layers.errors import LayerError
from landproof.layers.lock import lock_path, read_lock, registered, write_lock
from landproof.layers.register import Checked, check
from landproof.run.layer_tiles import register_layers
from tests.unit.layers.painted import ALL, CUT_OFF, FOREST, catalogue_file, entry, paint

RADD = """[[layer]]
id = "radd"
known = "radd"
version = "1"
files = ["radd.tif"]
published = 2026-11-01
nodata = []
"""
OWN = entry("forest", "forest baseline", "valid_on = 2020-12-31", "natural = [1]", "not_natural = [0]")


def alerts(folder: Path, rows: Sequence[Sequence[int]], *lines: str, content: str = RADD) -> Checked:
    """The check of radar alerts with these values."""
    paint(folder / "radd.tif", rows, dtype="uint16", nodata=None)
    return checked(folder, content + "\n".join(lines))


def checked(folder: Path, content: str) -> Checked:
    [layer] = load_catalogue(catalogue_file(folder, content)).layers
    return check(layer, cut_off=CUT_OFF)


def refusals(found: Checked) -> str:
    return "\n".join(map(str, found.refusals))


def test_a_good_layer_says_what_it_holds(tmp_path: Path):
    found = alerts(tmp_path, [[0, 20366], [21001, 26305]])  # 26305 is 2026-11-01

    assert found.refusals == ()
    assert (found.first, found.last) == (date(2020, 12, 31), date(2026, 11, 1))
    assert (found.sample.cells, found.sample.no_data) == (4, 0)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (26306, "2026-11-02"),  # the day after it was published
        (18365, "2018-12-31"),  # the day before its first
    ],
)
def test_one_date_outside_the_layers_time_is_too_many(tmp_path: Path, value: int, day: str):
    rows = np.zeros((100, 100), dtype=int)
    rows[50, 50] = value

    found = alerts(tmp_path, rows.tolist())

    assert (
        f"1 of 10000 sampled cells have a day outside the layer's time, such as {value}, which would be {day}"
        in (refusals(found))
    )


def test_the_first_and_last_day_of_a_layer_are_within_it(tmp_path: Path):
    assert alerts(tmp_path, [[19001, 26305]]).refusals == ()


def test_a_wrong_epoch_is_found_by_its_range(tmp_path: Path):
    content = RADD.replace('known = "radd"', 'known = "dist_alert"')
    found = alerts(tmp_path, [[0, 21001]], content=content)  # days since 2020-12-31: in 2078

    assert "which would be 2078-07-01" in refusals(found)


@pytest.mark.parametrize(("bad", "is_refused"), [(0, False), (100, False), (101, True)])
def test_one_percent_of_the_cells_may_have_a_value_that_no_rule_lists(tmp_path: Path, bad: int, is_refused: bool):
    rows = np.zeros(10_000, dtype=int)
    rows[:bad] = 20367  # no day: 2020 had 366
    found = alerts(tmp_path, rows.reshape(100, 100).tolist())

    assert bool(found.refusals) is is_refused
    if is_refused:
        assert "101 of 10000 sampled cells have a value that no rule lists (20367; at most 1 % may)" in refusals(
            found
        )


def test_fractions_are_values_that_no_rule_lists(tmp_path: Path):
    paint(tmp_path / "forest.tif", [[0.5, 1.0]], dtype="float32")

    assert "1 of 2 sampled cells" in refusals(checked(tmp_path, OWN))


@pytest.mark.parametrize(
    ("day", "within", "is_refused"),
    [("2021-01-01", 0, False), ("2020-12-31", 0, True), ("2020-12-31", 1, False), ("2021-01-03", 1, True)],
)
def test_a_control_place_catches_a_day(tmp_path: Path, day: str, within: int, is_refused: bool):
    place = (
        "[[layer.control]]",
        "longitude = 10.0005",
        "latitude = 0.0025",
        f"day = {day}",
        f"within_days = {within}",
    )

    found = alerts(tmp_path, [[21001, 0]], *place)

    assert bool(found.refusals) is is_refused
    if is_refused:
        assert f"Layer radd says 21001 (2021-01-01) at 10.0005, 0.0025, where it must say {day}" in refusals(found)


@pytest.mark.parametrize(("said", "is_refused"), [("year = 2021", False), ("year = 2020", True)])
def test_a_control_place_catches_a_year(tmp_path: Path, said: str, is_refused: bool):
    place = ("[[layer.control]]", "longitude = 10.0005", "latitude = 0.0025", said)

    assert bool(alerts(tmp_path, [[21001, 0]], *place).refusals) is is_refused


def test_a_control_place_where_there_should_be_a_change_and_is_none(tmp_path: Path):
    place = ("[[layer.control]]", "longitude = 10.0015", "latitude = 0.0025", "day = 2021-01-01")

    assert "Layer radd says 0 (no change)" in refusals(alerts(tmp_path, [[21001, 0]], *place))


def test_a_control_place_without_data_is_told(tmp_path: Path):
    place = ("[[layer.control]]", "longitude = 50", "latitude = 0", "day = 2021-01-01")
    found = alerts(tmp_path, [[21001, 0]], *place)

    assert found.refusals == ()
    assert "1 control places have no data" in "\n".join(map(str, found.remarks))


def test_the_day_of_publication_is_asked_for(tmp_path: Path):
    found = alerts(tmp_path, [[0]], content=RADD.replace("published = 2026-11-01\n", ""))

    assert "add published" in refusals(found)


@pytest.mark.parametrize(("last", "is_refused"), [("2020-12-31", True), ("2021-01-01", False)])
def test_a_change_layer_must_look_beyond_the_cut_off(tmp_path: Path, last: str, is_refused: bool):
    found = alerts(tmp_path, [[0]], f"last_day = {last}")

    assert bool(found.refusals) is is_refused
    if is_refused:
        assert "does not look beyond the cut-off of 2020-12-31" in refusals(found)


@pytest.mark.parametrize(("day", "is_refused"), [("2020-12-31", False), ("2021-01-01", True)])
def test_a_baseline_must_not_be_younger_than_the_cut_off(tmp_path: Path, day: str, is_refused: bool):
    paint(tmp_path / "forest.tif", [[0, 1]])
    found = checked(tmp_path, OWN.replace("2020-12-31", day))

    assert bool(found.refusals) is is_refused
    if is_refused:
        assert "shows 2021-01-01, after the cut-off" in refusals(found)


def test_a_last_day_after_publication_is_refused(tmp_path: Path):
    assert "later than published" in refusals(alerts(tmp_path, [[0]], "last_day = 2026-11-02"))


def test_a_value_that_is_no_data_and_has_a_meaning_is_refused(tmp_path: Path):
    paint(tmp_path / "forest.tif", [[0, 1]], nodata=0)

    assert "0 is marked as no data in 1 files, such as forest.tif, and the rule gives it a meaning" in (
        refusals(checked(tmp_path, OWN))
    )
    assert checked(tmp_path, OWN + "nodata = []").refusals == ()


def test_no_data_beyond_the_layers_days_is_no_contradiction(tmp_path: Path):
    paint(tmp_path / "radd.tif", [[0, 65535]], dtype="uint16", nodata=65535)
    content = RADD.replace("nodata = []\n", "").replace('"radd"\nv', '"dist_alert"\nnodata = [65535]\nv')

    assert checked(tmp_path, content).refusals == ()


def test_a_copy_with_other_class_numbers_is_refused(tmp_path: Path):
    paint(tmp_path / "use.tif", [[5, 3]])
    content = (
        '[[layer]]\nid = "use"\nknown = "io_lulc"\nrole = "land use after"\nversion = "1"\nfiles = ["use.tif"]\n'
    )

    assert "holds 3, which the published raster never does" in refusals(checked(tmp_path, content))


@pytest.mark.parametrize(("name", "is_refused"), [("alertDate21_a.tif", False), ("alertDate20_a.tif", True)])
def test_the_year_of_an_alert_file_is_the_one_in_its_name(tmp_path: Path, name: str, is_refused: bool):
    paint(tmp_path / name, [[0, 1]], nodata=None)
    content = (
        f'[[layer]]\nid = "glad"\nknown = "glad_l"\nversion = "1"\nyear = 2021\nfiles = ["{name}"]\n'
        "published = 2026-01-01\n"
    )
    found = checked(tmp_path, content)

    assert bool(found.refusals) is is_refused
    if is_refused:
        assert "is of 2020, and the entry says 2021" in refusals(found)


def test_a_truncated_file_is_refused(tmp_path: Path):
    path = paint(tmp_path / "forest.tif", np.ones((200, 200), dtype=int).tolist())
    data = path.read_bytes()
    path.write_bytes(data[:-1])

    assert f"is not whole ({len(data) - 1} of at least {len(data)} bytes)" in refusals(checked(tmp_path, OWN))


@pytest.mark.parametrize(
    ("crs", "west", "north"),
    [
        ("EPSG:32632", 10.0, 1.0),  # degrees that claim to be metres
        ("EPSG:4326", 500_000.0, 8_000_000.0),  # metres that claim to be degrees
        ("EPSG:4326", 190.0, 1.0),  # longitudes from 0 to 360
    ],
)
def test_a_wrong_reference_system_is_refused(tmp_path: Path, crs: str, west: float, north: float):
    paint(tmp_path / "forest.tif", [[0, 1]], crs=crs, west=west, north=north)

    assert "says that it is in" in refusals(checked(tmp_path, OWN))


@pytest.mark.parametrize(("west", "is_refused"), [(10.0, False), (25.0, True)])
def test_a_tile_lies_where_its_name_says(tmp_path: Path, west: float, is_refused: bool):
    paint(tmp_path / "f_10N_010E.tif", [[0, 1]], west=west, north=9.0)
    content = OWN.replace("forest.tif", "f_{tile}.tif") + 'grid = "10deg_top_left"'
    found = checked(tmp_path, content)

    assert bool(found.refusals) is is_refused
    if is_refused:
        assert "outside the tile that its name tells (10, 0 to 20, 10)" in refusals(found)


def test_a_layer_without_tiles_is_refused(tmp_path: Path):
    assert "none of its tiles is there" in refusals(checked(tmp_path, OWN))


def test_a_users_own_layer_is_told_what_it_cannot_do(tmp_path: Path):
    paint(tmp_path / "forest.tif", [[0, 1]])

    assert "has no accuracy table of at least 300" in "\n".join(map(str, checked(tmp_path, OWN).remarks))


def test_a_version_that_is_not_known_is_remarked(tmp_path: Path):
    paint(tmp_path / "forest.tif", [[0, 1]])
    content = '[[layer]]\nid = "forest"\nknown = "gfc2020"\nversion = "V4"\nfiles = ["forest.tif"]\n'

    found = checked(tmp_path, content)

    assert found.refusals == ()
    assert "the encoding of version V4 has not been confirmed" in "\n".join(map(str, found.remarks))


SHARED = Path(__file__).parents[4] / "shared" / "data"


@pytest.mark.parametrize(
    ("file", "lines", "says"),
    [
        ("rasters/gfc2023_lossyear_neiba.tif", 'known = "hansen_lossyear"\nversion = "GFC-2023-v1.11"', None),
        (
            "rasters/gfc2023_lossyear_neiba.tif",
            'known = "dist_alert"\nversion = "1"\npublished = 2021-01-10',
            "2021-01-23",
        ),
        (
            "rasters/gfc2018_lossyear_annamites.tif",
            'known = "hansen_lossyear"\nversion = "GFC-2018-v1.6"\nlast_year = 2018\nnodata = [65535]',
            "does not look beyond the cut-off",
        ),
        (
            "rasters/gfc2023_treecover2000_neiba.tif",
            'known = "hansen_treecover2000"\nversion = "GFC-2023-v1.11"\nnatural_from = 30',
            None,
        ),
        (
            "rasters/gfc2023_treecover2000_neiba.tif",
            'known = "gfc2020"\nversion = "V3"',
            "a value that no rule lists",
        ),
        (
            "rasters/worldcover_andaman_utm46n_30m.tif",
            'known = "worldcover"\nversion = "v100"\nrole = "forest baseline"',
            None,
        ),
        (
            "rasters/worldcover_andaman_utm46n_30m.tif",
            'known = "worldcover"\nversion = "v200"\nrole = "forest baseline"',
            "shows 2021-12-31, after the cut-off",
        ),
        (
            "validation/prodes_rondonia/prodes_labels.tif",
            'known = "prodes"\nversion = "v20220606"\nlicence = "open"\nnodata = [0]',
            None,
        ),
        (
            "validation/prodes_rondonia/prodes_labels.tif",
            'known = "hansen_lossyear"\nversion = "GFC-2023-v1.11"\nnodata = []',
            "outside the layer's time",
        ),
    ],
)
def test_real_rasters_pass_as_what_they_are_alone(tmp_path: Path, file: str, lines: str, says: str | None):
    if not (SHARED / file).exists():
        pytest.skip("needs the shared rasters")
    found = checked(tmp_path, f'[[layer]]\nid = "real"\nfiles = ["{SHARED / file}"]\n{lines}')

    assert (refusals(found) == "") if says is None else (says in refusals(found))


# --- the lock -------------------------------------------------------------------------------------------------


def land(folder: Path) -> Path:
    paint(folder / "forest.tif", [[0, 1]])
    return catalogue_file(folder, OWN)


def test_registering_writes_what_measuring_compares_with(tmp_path: Path):
    path = land(tmp_path)

    found = register_layers(path)

    assert found.lock == lock_path(path) == tmp_path / "layers.lock.toml"
    entry_digest, [tile] = (read_lock(path) or {})["forest"]
    assert len(entry_digest) == len(tile.sha256) == 64
    assert (tile.file, tile.size) == ("forest.tif", (tmp_path / "forest.tif").stat().st_size)
    assert [each.name for each in registered(load_catalogue(path)).layers[0].tiles] == ["forest.tif"]


def test_nothing_is_registered_while_a_layer_is_refused(tmp_path: Path):
    path = land(tmp_path)
    (tmp_path / "layers.toml").write_text(ALL, encoding="utf-8")  # none of the others has a file

    found = register_layers(path)

    assert found.lock is None
    assert not lock_path(path).exists()
    assert {each.id for each in found.checked if each.refusals} >= {"alerts", "loss"}


def test_an_entry_that_cannot_be_followed_is_refused_beside_the_others(tmp_path: Path):
    path = land(tmp_path)
    path.write_text(OWN + entry("x", "forest map"), encoding="utf-8")

    good, bad = register_layers(path).checked

    assert (good.id, good.refusals) == ("forest", ())
    assert (bad.id, str(bad.refusals[0])[:31]) == ("x", "Layer x: forest map is not a ro")


def test_without_a_lock_nothing_is_compared(tmp_path: Path):
    catalogue = load_catalogue(land(tmp_path))

    assert registered(catalogue) is catalogue


def test_another_file_under_the_same_name_is_refused(tmp_path: Path):
    path = land(tmp_path)
    register_layers(path)
    paint(tmp_path / "forest.tif", [[1, 1]])

    with pytest.raises(LayerError, match=r"forest\.tif is not the file that was registered"):
        registered(load_catalogue(path))


def test_another_rule_is_refused(tmp_path: Path):
    path = land(tmp_path)
    register_layers(path)
    path.write_text(OWN.replace("natural = [1]", "natural = [1, 2]", 1), encoding="utf-8")

    with pytest.raises(LayerError, match="its entry is not the one that was registered"):
        registered(load_catalogue(path))


def test_a_further_layer_and_a_further_tile_must_be_registered(tmp_path: Path):
    path = land(tmp_path)
    path.write_text(OWN.replace("forest.tif", "f*.tif"), encoding="utf-8")
    register_layers(path)
    paint(tmp_path / "further.tif", [[1]])
    with pytest.raises(LayerError, match=r"further\.tif was not registered"):
        registered(load_catalogue(path))

    (tmp_path / "further.tif").unlink()
    path.write_text(OWN.replace("forest.tif", "f*.tif") + FOREST.replace('"forest"', '"other"'), encoding="utf-8")
    with pytest.raises(LayerError, match="Layer other: its entry is not the one"):
        registered(load_catalogue(path))


def test_a_registered_tile_that_is_gone_is_missing(tmp_path: Path):
    paint(tmp_path / "fa.tif", [[1]])
    paint(tmp_path / "fb.tif", [[1]], west=11.0)
    path = catalogue_file(tmp_path, OWN.replace("forest.tif", "f*.tif"))
    write_lock(path, load_catalogue(path).layers)
    (tmp_path / "fa.tif").unlink()

    [layer] = registered(load_catalogue(path)).layers

    assert ([tile.name for tile in layer.tiles], layer.missing) == (["fb.tif"], ("fa.tif",))


def test_a_broken_lock_is_refused(tmp_path: Path):
    path = land(tmp_path)
    lock_path(path).write_text("[[layer]]\nid = 1", encoding="utf-8")

    with pytest.raises(
        LayerError, match=r"layers\.lock\.toml cannot be read .* Run `landproof layers check` again"
    ):
        registered(load_catalogue(path))
