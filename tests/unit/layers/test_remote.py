"""The same answer from a folder, a web server and an object store; and none where the server is out of order."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from landproof.layers.catalogue import load_catalogue
from landproof.layers.download import Patience
from landproof.layers.lattice import Placed
from landproof.layers.lock import registered
from landproof.layers.overlay import Overlayer
from landproof.run.layer_tiles import register_layers
from landproof.run.measure import Measured, measure
from tests.unit.layers.painted import ALL, TERMS, catalogue_file, cell, entry, paint, plots
from tests.unit.layers.serving import Serving

BRIEF = Patience(stall_s=1.0, tries=1)
LANDS = plots(felled=cell(0, 0), standing=cell(1, 1), mixed=cell(0, 0, rows=2, columns=2))


def painted(folder: Path) -> None:
    """Five layers: all forest, felled in 2022 and farmed in the first cell."""
    for name, rows in {
        "forest": [[1, 1], [1, 1]],
        "natural": [[1, 1], [1, 1]],
        "loss": [[22, 0], [0, 0]],
        "use": [[40, 10], [10, 10]],
    }.items():  # fmt: skip
        paint(folder / f"{name}.tif", rows)
    paint(folder / "alerts.tif", [[500, 0], [0, 0]], dtype="uint16", nodata=None)


def on(content: str, prefix: str) -> str:
    """The catalogue with every file at an address."""
    for name in ("forest", "natural", "loss", "use", "alerts"):
        content = content.replace(f'"{name}.tif"', f'"{prefix}{name}.tif"')
    return content


def measured(folder: Path, content: str) -> Measured:
    return measure(LANDS, load_catalogue(catalogue_file(folder, content)), TERMS)


def verdict(found: Measured, plot: str) -> str:
    return found.plot_status.filter((pl.col("plot") == plot) & (pl.col("harm") == "deforestation"))[
        "verdict"
    ].item()


def same(one: Measured, other: Measured) -> None:
    assert_frame_equal(one.areas, other.areas)
    assert_frame_equal(one.plot_status, other.plot_status)


@pytest.mark.parametrize("prefix", ["http://{endpoint}/", "s3://bucket/"])
def test_a_server_gives_the_same_as_a_folder(server: Serving, tmp_path: Path, prefix: str):
    painted(server.folder)
    local = measured(server.folder, ALL)

    remote = measured(tmp_path, on(ALL, prefix.format(endpoint=server.endpoint)))

    same(local, remote)
    assert verdict(remote, "felled") == "converted"
    assert any(span for *_, span in server.asked)  # in ranges


@pytest.mark.parametrize("prefix", ["http://{endpoint}/", "s3://bucket/"])
@pytest.mark.parametrize("mode", ["error", "stall"])
def test_a_server_out_of_order_gives_no_verdict_and_the_right_one_later(
    server: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str, prefix: str
):
    painted(server.folder)
    content = on(ALL, prefix.format(endpoint=server.endpoint))
    server.mode = mode
    path = catalogue_file(tmp_path, content)

    with monkeypatch.context() as patch:
        patch.setenv("GDAL_HTTP_TIMEOUT", "0.3")  # nothing comes, however long one waits
        catalogue = load_catalogue(path)
        without = measure(LANDS, catalogue, TERMS)

    assert len(catalogue.problems) == 5
    assert {each.file[-10:] for each in catalogue.problems} >= {"forest.tif"}
    assert set(without.plot_status["verdict"]) == {"not assessed"}
    assert without.plot_status["plot"].n_unique() == 3

    server.mode = "well"
    server.released.set()
    same(measured(tmp_path, content), measured(server.folder, ALL))


def big(folder: Path) -> str:
    """A loss layer of several blocks, changed in the first cell and in the last; the entry that names it."""
    rows = np.random.default_rng(3).integers(0, 2, (1300, 300))
    rows[0, 0], rows[-1, -1] = 22, 22
    paint(folder / "loss.tif", rows.tolist())
    return entry(
        "loss", "change", 'family = "landsat_auto"', 'encoding = "year"', "base_year = 2000", "none = [0, 1]",
        "last_year = 2025", 'earliest = "10-01 of the year before"',
    )  # fmt: skip


FAR_APART = plots(first=cell(0, 0), last=cell(1299, 299))


@pytest.mark.parametrize("where", ["folder", "server"])
def test_half_a_tile_says_nothing_of_its_missing_half(server: Serving, tmp_path: Path, where: str):
    entry_of_it = big(server.folder)
    content = on(entry_of_it, f"http://{server.endpoint}/") if where == "server" else entry_of_it
    whole = measure(FAR_APART, load_catalogue(catalogue_file(server.folder, entry_of_it)), TERMS)
    data = (server.folder / "loss.tif").read_bytes()
    folder = tmp_path if where == "server" else server.folder
    if where == "server":
        server.mode = "cut"
    else:
        (server.folder / "loss.tif").write_bytes(data[: len(data) // 2])

    half = measure(FAR_APART, load_catalogue(catalogue_file(folder, content)), TERMS)

    classes = dict(half.areas.select("plot", "class").iter_rows())
    # A server that broke off is not asked for that tile again in the same run; a folder gives what there is.
    assert classes == {"first": "22" if where == "folder" else "no data", "last": "no data"}
    server.mode = "well"
    (server.folder / "loss.tif").write_bytes(data)
    again = measure(FAR_APART, load_catalogue(catalogue_file(folder, content)), TERMS)
    same(whole, again)
    assert dict(again.areas.select("plot", "class").iter_rows()) == {"first": "22", "last": "22"}


def test_no_other_tile_speaks_for_one_that_breaks_off(tmp_path: Path):
    content = big(tmp_path).replace('"loss.tif"', '"*.tif"')
    rows = np.zeros((1300, 300), dtype=int)
    paint(tmp_path / "zero.tif", rows.tolist())  # the same land, later in the order of names
    data = (tmp_path / "loss.tif").read_bytes()
    (tmp_path / "loss.tif").write_bytes(data[: len(data) // 2])

    found = measure(FAR_APART, load_catalogue(catalogue_file(tmp_path, content)), TERMS)

    assert dict(found.areas.select("plot", "class").iter_rows()) == {"first": "22", "last": "no data"}


def test_a_tile_that_vanishes_midway_is_told(tmp_path: Path):
    path = catalogue_file(tmp_path, big(tmp_path))
    catalogue = load_catalogue(path)
    (tmp_path / "loss.tif").unlink()
    overlayer = Overlayer(catalogue)

    [tile] = catalogue.layers[0].tiles

    assert overlayer.windows.raw(Placed(0, tile, 0, 0), 0, 0, np.ones((2, 2), dtype=np.uint8)) is False
    assert [(each.layer, each.file) for each in overlayer.problems] == [("loss", "loss.tif")]
    assert "breaks off while it is read" in str(overlayer.problems[0].message)


def test_a_tile_that_a_server_does_not_have_is_missing_and_no_fault_of_the_server(server: Serving, tmp_path: Path):
    painted(server.folder)
    (server.folder / "loss.tif").unlink()

    catalogue = load_catalogue(catalogue_file(tmp_path, on(ALL, f"http://{server.endpoint}/")))

    assert catalogue.problems == ()
    assert [layer.missing for layer in catalogue.layers if layer.id == "loss"] == [(server.url("loss.tif"),)]


def test_tiles_on_a_server_are_registered_with_their_digest(server: Serving, tmp_path: Path):
    painted(server.folder)
    content = on(ALL, f"http://{server.endpoint}/").replace(
        "uncertainty_days = 30", "uncertainty_days = 30\nlast_day = 2025-12-31"
    )
    path = catalogue_file(tmp_path, content)

    found = register_layers(path, patience=BRIEF)

    assert found.lock is not None, [str(message) for each in found.checked for message in each.refusals]
    catalogue = registered(load_catalogue(path), BRIEF)
    remote = measure(LANDS, catalogue, TERMS)
    local = measured(server.folder, ALL)
    assert sorted(remote.layers["sha256"].to_list()) == sorted(local.layers["sha256"].to_list())

    paint(server.folder / "loss.tif", [[0, 0], [0, 0]])  # the producer replaced it in place
    changed = registered(load_catalogue(path), BRIEF)
    assert [problem.file for problem in changed.problems] == [server.url("loss.tif")]
    assert "is not the file that was registered" in str(changed.problems[0].message)
    assert verdict(measure(LANDS, changed, TERMS), "felled") != "not converted"


@pytest.mark.parametrize("mode", ["error", "stall"])
def test_a_server_that_fails_midway_takes_the_data_of_that_tile_alone(server: Serving, tmp_path: Path, mode: str):
    painted(server.folder)
    content = big(server.folder) + entry(
        "forest", "forest baseline", "valid_on = 2020-12-31", "natural = [1]", "not_natural = [0]"
    )
    paint(server.folder / "forest.tif", np.ones((1300, 300), dtype=int).tolist())
    content = content.replace('"loss.tif"', f'"{server.url("loss.tif")}"')
    path = catalogue_file(server.folder, content)
    catalogue = load_catalogue(path)
    server.mode = mode

    found = measure(FAR_APART, catalogue, TERMS)

    classes = {
        (plot, layer): value for plot, layer, value in found.areas.select("plot", "layer", "class").iter_rows()
    }
    assert classes == {
        ("first", "forest"): "1",
        ("last", "forest"): "1",
        ("first", "loss"): "no data",
        ("last", "loss"): "no data",
    }
    assert "not converted" not in found.plot_status.filter(pl.col("harm") == "deforestation")["verdict"].to_list()


def test_a_bucket_with_an_account_is_asked_with_a_signature(
    server: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    painted(server.folder)
    content = entry(
        "forest", "forest baseline", "valid_on = 2020-12-31", "natural = [1]", "not_natural = [0]"
    ).replace("forest.tif", "s3://bucket/forest.tif")
    assert len(load_catalogue(catalogue_file(tmp_path, content)).layers[0].tiles) == 1
    assert set(server.signed) == {""}  # a public bucket needs none

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "invented")
    server.signed.clear()
    assert len(load_catalogue(catalogue_file(tmp_path, content)).layers[0].tiles) == 1
    assert set(server.signed) == {"AWS4-HMAC-SHA256"}


def test_nobody_can_list_the_tiles_of_an_address(tmp_path: Path):
    content = ALL.replace('"forest.tif"', '"http://127.0.0.1:9/forest_{tile}.tif"')

    with pytest.raises(Exception, match="nobody can list the tiles of"):
        load_catalogue(catalogue_file(tmp_path, content))


def test_tiles_at_an_address_can_be_named(server: Serving, tmp_path: Path):
    painted(server.folder)
    content = entry(
        "forest", "forest baseline", "valid_on = 2020-12-31", "natural = [1]", "not_natural = [0]",
        'tiles = ["forest", "natural"]', files=[server.url("{tile}.tif")],
    )  # fmt: skip

    [layer] = load_catalogue(catalogue_file(tmp_path, content)).layers

    assert [tile.name for tile in layer.tiles] == [server.url("forest.tif"), server.url("natural.tif")]


def test_without_the_network_nobody_is_asked(server: Serving, tmp_path: Path):
    painted(server.folder)

    catalogue = load_catalogue(catalogue_file(tmp_path, on(ALL, f"http://{server.endpoint}/")), network=False)

    assert server.asked == []
    assert [layer.tiles for layer in catalogue.layers] == [()] * 5
