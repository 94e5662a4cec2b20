"""Features of a large GeoJSON file a piece at a time, the same as if it were read at once.

It is read twice: what its first feature means may hang on the last, on which properties there are, and on a
reference system that is named behind the list.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text
from landproof.intake.geojson_read import GeoJsonReader
from landproof.intake.geometry import Feature
from landproof.intake.geometry_json import features_of, in_system, other_system, properties_of
from landproof.intake.limits import LIMITS, check_size


@dataclass(frozen=True, slots=True)
class Survey:
    """What the whole of a file says of each feature: all properties, and another system than WGS 84, if any."""

    headings: tuple[str, ...]
    system: str | None


def survey(path: Path, chunk: int) -> Survey | None:
    """What to know of ``path`` before its first feature is taken.

    Null for a file that cannot be read a piece at a time: not UTF-8, no collection, or wrong, so that somebody
    must say where. Raises `UnreadableInput` for one that is too large or cannot be opened.
    """
    check_size(path, LIMITS.delimited)
    headings: dict[str, None] = {}
    with path.open("rb") as file:
        reader = GeoJsonReader(file, chunk=chunk)
        try:
            for batch in reader:
                said = properties_of(batch)
                if said is None:
                    return None
                for properties in said:
                    headings |= dict.fromkeys(properties)
        except UnicodeDecodeError:  # the name of a member
            return None
    if reader.fault is not None or not reader.listed or reader.members.get("type") != b'"FeatureCollection"':
        return None
    members = {name: json.loads(member) for name, member in reader.members.items() if name == "crs"}
    return Survey(tuple(headings), other_system(members))


def pieces(path: Path, found: Survey, chunk: int) -> Iterator[list[Feature]]:
    """The features of a file that was surveyed. Raises `UnreadableInput` when it changes meanwhile."""
    with path.open("rb") as file:
        for batch in GeoJsonReader(file, chunk=chunk):
            listed = features_of(batch)
            if listed is None:
                raise UnreadableInput(
                    text("%(file)s changed while it was read. Wait until it is saved, then measure it again."),
                    file=path.name,
                )
            yield in_system(listed, found.system)


def are_unique(path: Path, name: str, chunk: int) -> bool:
    """Whether each feature of a file that was surveyed has a value of its own for the property ``name``."""
    seen: set[str] = set()
    with path.open("rb") as file:
        for batch in GeoJsonReader(file, chunk=chunk):
            for properties in properties_of(batch) or ():
                said = properties.get(name, "").strip()
                if not said or said in seen:
                    return False
                seen.add(said)
    return True
