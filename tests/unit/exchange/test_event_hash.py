"""The event hash of CBV 2.0 on the vectors that its authors publish, and on what it must not depend on."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from landproof.exchange.epcis_json import event_of, prefixes_of
from landproof.exchange.epcis_xml import event_of_xml, local_name, read_xml
from landproof.exchange.event_hash import event_hash, pre_hash
from landproof.exchange.json_text import read_json
from tests.unit.exchange.files import named, sample, samples

VECTORS = samples("epcis/event-hash/*.jsonld", "epcis/event-hash/*.xml")
EQUAL = samples("epcis/event-hash-equal/*")


def events(path: Path) -> list[dict[str, Any]]:
    data = sample(path).read_bytes()
    if path.suffix == ".xml":
        root = read_xml(data, path.name)
        (listed,) = [each for each in root.iter() if local_name(each) == "EventList"]
        return [event_of_xml(each) for each in listed]
    document = read_json(data, path.name)
    prefixes = prefixes_of(document["@context"])
    return [event_of(each, prefixes) for each in document["epcisBody"]["eventList"]]


@pytest.mark.parametrize("path", VECTORS, ids=named)
def test_published_hashes_are_met(path: Path) -> None:
    found = events(path)
    expected = path.with_suffix(".hashes").read_text(encoding="utf-8").split()
    assert [event_hash(each) for each in found] == expected


@pytest.mark.parametrize("path", [path for path in VECTORS if path.with_suffix(".prehashes").exists()], ids=named)
def test_published_canonical_strings_are_met(path: Path) -> None:
    found = [pre_hash(each) for each in events(path)]
    expected = path.with_suffix(".prehashes").read_text(encoding="utf-8").strip().split("\n")
    hashes = path.with_suffix(".hashes").read_text(encoding="utf-8").split()
    for ours, theirs, known in zip(found, expected, hashes, strict=True):
        if hashlib.sha256(theirs.encode()).hexdigest() not in known:
            continue  # two published strings are damaged: they do not have the hash that is published with them
        assert ours == theirs


@pytest.mark.parametrize("path", EQUAL, ids=named)
def test_one_event_written_in_several_ways_has_one_hash(path: Path) -> None:
    found = events(path)
    assert len(found) > 1
    assert len({event_hash(each) for each in found}) == 1
