from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from landproof.layers.download import NotThere, Patience, ask, digest_at, fetch, http_address
from landproof.layers.errors import LayerError
from tests.unit.layers.painted import paint
from tests.unit.layers.serving import Serving

BRIEF = Patience(stall_s=0.5, tries=3, pause_s=0.01)
ONCE = Patience(stall_s=0.5, tries=1)


def tile(server: Serving, name: str = "a.tif") -> bytes:
    """A tile of some 40 kB on the server."""
    cells = np.random.default_rng(7).integers(0, 25, (200, 200)).tolist()
    return paint(server.folder / name, cells).read_bytes()


def test_a_tile_is_fetched_whole(server: Serving, tmp_path: Path):
    data = tile(server)

    fetch(server.url("a.tif"), tmp_path / "kept" / "a.tif", patience=ONCE)

    assert (tmp_path / "kept" / "a.tif").read_bytes() == data
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["a.tif"]


def test_a_server_says_how_large_a_tile_is(server: Serving):
    data = tile(server)

    assert ask(server.url("a.tif"), ONCE).size == len(data)
    assert [method for method, *_ in server.asked] == ["HEAD"]


def test_a_tile_on_a_server_is_hashed_without_being_kept(server: Serving):
    data = tile(server)

    remote, digest = digest_at(server.url("a.tif"), ONCE)

    assert (remote.size, digest) == (len(data), sha256(data).hexdigest())


def test_a_tile_that_breaks_off_goes_on_from_there(server: Serving, tmp_path: Path):
    data, target = tile(server), tmp_path / "a.tif"
    server.mode = "half"
    with pytest.raises(LayerError, match=r"cannot be fetched .* what has arrived is kept"):
        fetch(server.url("a.tif"), target, patience=ONCE)
    assert not target.exists()
    assert (tmp_path / "a.tif.part").stat().st_size == len(data) // 2

    server.mode = "well"
    fetch(server.url("a.tif"), target, patience=ONCE)

    assert server.asked[-1][2] == f"bytes={len(data) // 2}-"
    assert target.read_bytes() == data


def test_a_few_halves_make_no_whole_but_another_try_does(server: Serving, tmp_path: Path):
    tile(server)
    server.mode = "half"

    with pytest.raises(LayerError, match="cannot be fetched"):
        fetch(server.url("a.tif"), tmp_path / "a.tif", patience=BRIEF)

    assert not (tmp_path / "a.tif").exists()
    assert len(server.asked) == 3  # each for the half of what was left


def test_a_server_that_fails_twice_is_asked_a_third_time(server: Serving, tmp_path: Path):
    data = tile(server)
    server.errors_left = 2

    fetch(server.url("a.tif"), tmp_path / "a.tif", patience=BRIEF)

    assert (tmp_path / "a.tif").read_bytes() == data
    assert len(server.asked) == 3


def test_a_server_that_fails_three_times_of_three_is_given_up(server: Serving, tmp_path: Path):
    tile(server)
    server.errors_left = 3

    with pytest.raises(LayerError, match="500"):
        fetch(server.url("a.tif"), tmp_path / "a.tif", patience=BRIEF)


def test_a_server_that_stalls_is_given_up(server: Serving, tmp_path: Path):
    tile(server)
    server.mode = "stall"

    with pytest.raises(LayerError, match="cannot be fetched"):
        fetch(server.url("a.tif"), tmp_path / "a.tif", patience=ONCE)

    assert not (tmp_path / "a.tif").exists()


def test_a_tile_that_was_replaced_midway_is_begun_anew(server: Serving, tmp_path: Path):
    tile(server)
    server.mode = "half"
    with pytest.raises(LayerError):
        fetch(server.url("a.tif"), tmp_path / "a.tif", patience=ONCE)
    new = paint(server.folder / "a.tif", np.full((300, 300), 3).tolist()).read_bytes()
    server.mode = "well"

    fetch(server.url("a.tif"), tmp_path / "a.tif", patience=ONCE)

    assert (tmp_path / "a.tif").read_bytes() == new


def test_a_server_without_ranges_gives_the_whole_again(server: Serving, tmp_path: Path):
    data = tile(server)
    server.mode = "half"
    with pytest.raises(LayerError):
        fetch(server.url("a.tif"), tmp_path / "a.tif", patience=ONCE)
    server.mode, server.ranges = "well", False

    fetch(server.url("a.tif"), tmp_path / "a.tif", patience=ONCE)

    assert (tmp_path / "a.tif").read_bytes() == data


def test_half_a_file_that_the_server_takes_for_whole_is_refused(server: Serving, tmp_path: Path):
    tile(server)
    server.mode = "cut"

    with pytest.raises(LayerError, match=r"not the file that it should be \(\d+ of at least \d+ bytes\)"):
        fetch(server.url("a.tif"), tmp_path / "a.tif", patience=BRIEF)

    assert list(tmp_path.glob("a.tif*")) == []


def test_a_page_of_words_is_no_tile(server: Serving, tmp_path: Path):
    (server.folder / "a.tif").write_text("<html>Please log in</html>")

    with pytest.raises(LayerError, match="not the file that it should be"):
        fetch(server.url("a.tif"), tmp_path / "a.tif", patience=BRIEF)


@pytest.mark.parametrize(("key", "says"), [("sha256", "SHA-256"), ("size", "bytes, not")])
def test_a_tile_that_is_not_the_known_one_is_refused(server: Serving, tmp_path: Path, key: str, says: str):
    tile(server)
    known = {"sha256": "0" * 64} if key == "sha256" else {"size": 17}

    with pytest.raises(LayerError, match=says):
        fetch(server.url("a.tif"), tmp_path / "a.tif", patience=BRIEF, **known)

    assert not (tmp_path / "a.tif").exists()


def test_the_known_digest_lets_a_tile_pass(server: Serving, tmp_path: Path):
    data = tile(server)

    fetch(server.url("a.tif"), tmp_path / "a.tif", patience=ONCE, sha256=sha256(data).hexdigest(), size=len(data))

    assert (tmp_path / "a.tif").exists()


def test_a_tile_that_the_producer_does_not_have(server: Serving, tmp_path: Path):
    with pytest.raises(NotThere, match="no such tile"):
        fetch(server.url("sea.tif"), tmp_path / "sea.tif", patience=BRIEF)

    assert len(server.asked) == 1  # no use in asking again


def test_what_is_no_address_is_refused(tmp_path: Path):
    with pytest.raises(LayerError, match="no http, s3 or gs address"):
        fetch("file:///etc/hostname", tmp_path / "a", patience=ONCE)


def test_addresses_of_public_stores(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("AWS_S3_ENDPOINT", raising=False)
    assert http_address("s3://bucket/a/b.tif") == "https://bucket.s3.amazonaws.com/a/b.tif"
    assert http_address("gs://bucket/a/b.tif") == "https://storage.googleapis.com/bucket/a/b.tif"
    monkeypatch.setenv("AWS_S3_ENDPOINT", "127.0.0.1:9")
    monkeypatch.setenv("AWS_HTTPS", "NO")
    assert http_address("s3://bucket/a/b.tif") == "http://127.0.0.1:9/bucket/a/b.tif"
