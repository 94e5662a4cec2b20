"""A picture of a plot with what is told of it, in no language, as plain data that a case can keep.

It holds no place on earth: cells are counted from the corner of the picture, and outlines are drawn in them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from landproof.land.decode import Role
from landproof.land.picture import BLANK, Cells, Mark, Panel, Picture, Ring

FORMAT = "landproof picture 1"
MOST_PICTURES = 24  # of a case
MOST_CELLS = 100  # on a side: on paper no reader can tell smaller cells apart
_FINE = 1000  # an outline is kept in so many parts of the longer side
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_BLANK_LETTER = "."
_RUN = re.compile(r"([1-9][0-9]*)([a-z.])", re.ASCII)
_RINGS = ("plot", "core", "fringe")
_ZONES = ("core", "edge", "fringe")


@dataclass(frozen=True, slots=True)
class Held:
    """How much land a mark covers, and the reason codes of what it shows, those with more land first."""

    area_m2: int
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecidingMap:
    """What is told of a map of what decides. ``held``: land of plot and fringe by mark."""

    harms: tuple[str, ...]
    held: Mapping[Mark, Held]


@dataclass(frozen=True, slots=True)
class LayerMap:
    """What is told of the map of a layer. ``held``: land inside the plot by mark."""

    id: str
    role: Role
    title: str
    held: Mapping[Mark, Held]


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """``deciding`` and ``layers`` tell of the panels of ``picture`` in their order.

    ``zones_m2``: square metres of core, edge and fringe.
    """

    picture: Picture
    deciding: tuple[DecidingMap, ...]
    layers: tuple[LayerMap, ...]
    zones_m2: Mapping[str, int]


def plain_of(kept: KeptPicture) -> dict[str, Any]:
    """``kept`` as plain data: whole numbers, words and lists alone, so that every machine writes the same."""
    picture = kept.picture
    longer = max(picture.rows, picture.columns)
    return {
        "format": FORMAT,
        "rows": picture.rows,
        "columns": picture.columns,
        "cell_mm": [round(metres * 1000) for metres in picture.cell_m],
        "step": picture.step,
        "bare": picture.bare,
        "partly": picture.partly,
        "closer": picture.closer,
        "rings": {name: [_ring(ring, longer) for ring in picture.rings[name]] for name in _RINGS},
        "zones_m2": dict(kept.zones_m2),
        "deciding": [
            {"harms": list(told.harms), **_panel(panel, told.held)}
            for told, panel in zip(kept.deciding, picture.deciding, strict=True)
        ],
        "layers": [
            {"id": told.id, "role": told.role.value, "title": told.title, **_panel(panel, told.held)}
            for told, panel in zip(kept.layers, picture.layers, strict=True)
        ],
    }


def kept_from(plain: Mapping[str, Any]) -> KeptPicture:
    """The picture that `plain_of` wrote.

    Raises `ValueError`, `KeyError` or `TypeError` for anything else: a case may come from anybody.
    """
    if plain["format"] != FORMAT:
        raise ValueError(plain["format"])
    rows, columns = _whole(plain["rows"]), _whole(plain["columns"])
    if not (0 < rows <= MOST_CELLS and 0 < columns <= MOST_CELLS):
        raise ValueError(rows, columns)
    across, down = (_whole(each) / 1000 for each in plain["cell_mm"])
    if min(across, down) <= 0:
        raise ValueError(across, down)
    deciding = [_told(", ".join(each["harms"]), each, rows, columns) for each in plain["deciding"]]
    layers = [_told(_word(each["id"]), each, rows, columns) for each in plain["layers"]]
    if not deciding:
        raise ValueError(deciding)
    longer = max(rows, columns)
    picture = Picture(
        rows=rows,
        columns=columns,
        cell_m=(across, down),
        step=_whole(plain["step"]),
        rings={name: tuple(_ring_from(ring, longer) for ring in plain["rings"][name]) for name in _RINGS},
        deciding=tuple(panel for panel, _ in deciding),
        layers=tuple(panel for panel, _ in layers),
        bare=plain["bare"] is True,
        partly=plain["partly"] is True,
        closer=plain["closer"] is True,
    )
    return KeptPicture(
        picture,
        tuple(
            DecidingMap(tuple(map(_word, each["harms"])), held)
            for each, (_, held) in zip(plain["deciding"], deciding, strict=True)
        ),
        tuple(
            LayerMap(_word(each["id"]), Role(each["role"]), _word(each["title"]), held)
            for each, (_, held) in zip(plain["layers"], layers, strict=True)
        ),
        {zone: _whole(plain["zones_m2"][zone]) for zone in _ZONES},
    )


def _panel(panel: Panel, held: Mapping[Mark, Held]) -> dict[str, Any]:
    return {
        "marks": [
            {"mark": mark.value, "area_m2": held[mark].area_m2, "codes": list(held[mark].codes)}
            if mark in held
            else {"mark": mark.value}
            for mark in panel.marks
        ],
        "cells": _runs(panel.cells),
    }


def _told(subject: str, plain: Mapping[str, Any], rows: int, columns: int) -> tuple[Panel, dict[Mark, Held]]:
    entries: Sequence[Mapping[str, Any]] = plain["marks"]
    marks = tuple(Mark(entry["mark"]) for entry in entries)
    held = {
        Mark(entry["mark"]): Held(_whole(entry["area_m2"]), tuple(map(_word, entry["codes"])))
        for entry in entries
        if "area_m2" in entry
    }
    return Panel(subject, marks, _cells(plain["cells"], len(marks), rows, columns)), held


def _runs(cells: Cells) -> str:
    """The cells row by row: how many show the same mark in a row, and its letter."""
    line = cells.ravel()
    starts = np.concatenate([[0], np.flatnonzero(np.diff(line)) + 1, [line.size]]).tolist()
    letter = dict(enumerate(_LETTERS)) | {BLANK: _BLANK_LETTER}
    return "".join(f"{end - start}{letter[int(line[start])]}" for start, end in pairwise(starts))


def _cells(written: str, marks: int, rows: int, columns: int) -> Cells:
    found: list[int] = []
    end = 0
    for run in _RUN.finditer(written):
        count, place = int(run[1]), BLANK if run[2] == _BLANK_LETTER else _LETTERS.index(run[2])
        if run.start() != end or len(found) + count > rows * columns or marks <= place < BLANK:
            raise ValueError(run[0])
        found += [place] * count
        end = run.end()
    if end != len(written) or len(found) != rows * columns:
        raise ValueError(written[end:])
    return np.array(found, dtype=np.uint8).reshape(rows, columns)


def _ring(ring: Ring, longer: int) -> list[list[int]]:
    """An outline in whole parts of the longer side, without points that fall together; its ends stay."""
    parts = np.rint(ring * _FINE / longer).astype(np.int64)
    moved = np.concatenate([(np.diff(parts, axis=0) != 0).any(axis=1), [True]])
    moved[0] = True
    return parts[moved].tolist()


def _ring_from(points: Sequence[Sequence[int]], longer: int) -> Ring:
    if len(points) < 2 or any(len(point) != 2 for point in points):
        raise ValueError(points)
    ring = np.array([[_whole(place) for place in point] for point in points], dtype=np.float64)
    return ring * longer / _FINE


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 1 << 53:
        raise TypeError(value)
    return value


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
