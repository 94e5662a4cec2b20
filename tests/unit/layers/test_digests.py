"""Digests of tiles are worked out once, and never kept for a file that may have changed."""

import json
import os
import time
from hashlib import sha256
from pathlib import Path

import pytest

from landproof.layers import digests
from landproof.layers.digests import keep_digests, sha256_of


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of our own, with nothing in it and nothing remembered."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    forget()
    return tmp_path / "cache" / "landproof" / "digests.json"


def forget() -> None:
    digests._kept.cache_clear()
    digests._new.cache_clear()


def settled(path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that was written long ago, as far as anybody can tell."""
    path.write_bytes(content)
    later = time.time_ns() + 10**10
    monkeypatch.setattr(digests.time, "time_ns", lambda: later)
    return path


def test_a_file_is_read_once_even_by_the_next_process(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
):
    tile = settled(tmp_path / "a.tif", b"one", monkeypatch)
    expected = sha256(b"one").hexdigest()
    assert sha256_of(tile) == expected
    keep_digests()
    forget()
    monkeypatch.setattr(digests.hashlib, "file_digest", lambda *_: pytest.fail("it was read again"))

    assert sha256_of(tile) == expected
    assert list(json.loads(cache.read_text())) == [str(tile)]


def test_another_file_under_the_name_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tile = settled(tmp_path / "a.tif", b"one", monkeypatch)
    before = tile.stat()
    sha256_of(tile)
    other = tmp_path / "b.tif"
    other.write_bytes(b"two")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))  # as old and as large, but another
    other.replace(tile)

    assert sha256_of(tile) == sha256(b"two").hexdigest()


def test_registering_reads_all_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tile = settled(tmp_path / "a.tif", b"one", monkeypatch)
    sha256_of(tile)
    reads: list[object] = []
    real = digests.hashlib.file_digest
    monkeypatch.setattr(digests.hashlib, "file_digest", lambda *given: reads.append(given) or real(*given))
    sha256_of(tile)
    assert reads == []
    sha256_of(tile, anew=True)
    assert len(reads) == 1


def test_a_file_that_has_just_changed_is_not_kept(tmp_path: Path, cache: Path):
    tile = tmp_path / "a.tif"
    tile.write_bytes(b"one")
    sha256_of(tile)
    keep_digests()
    assert not cache.exists()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": 1}', '{"a": [1]}'])
def test_a_cache_that_is_damaged_is_no_cache(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, content: str
):
    cache.parent.mkdir(parents=True)
    cache.write_text(content)
    tile = settled(tmp_path / "a.tif", b"one", monkeypatch)
    assert sha256_of(tile) == sha256(b"one").hexdigest()
    keep_digests()
    assert str(tile) in json.loads(cache.read_text())


def test_where_nobody_may_write_nothing_is_kept(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch):
    cache.parent.parent.mkdir()
    cache.parent.write_text("a file where the folder should be")
    assert sha256_of(settled(tmp_path / "a.tif", b"one", monkeypatch)) == sha256(b"one").hexdigest()
    keep_digests()
