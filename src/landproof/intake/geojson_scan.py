"""Features of GeoJSON (RFC 7946) → well-known binary and the places of their other members, in one pass.

What is regular is read here. What is not (a geometry that is no object, a position that is no pair of numbers,
a member given twice) is only walked over and marked `ODD`: the caller looks at its text.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from landproof.compiled import compiled
from landproof.intake.json_numbers import EASY, HARD, number
from landproof.intake.json_skip import (
    BACKSLASH,
    CLOSE_LIST,
    CLOSE_OBJECT,
    COMMA,
    COMMA_SIGN,
    DEPTH,
    OPEN_LIST,
    OPEN_OBJECT,
    QUOTE,
    skip_balanced,
    skip_key,
    skip_space,
    skip_value,
)
from landproof.land.kernel.compiled import Bytes
from landproof.land.kernel.store import put_float, put_word

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Columns of what is known of a feature. Places are bytes of the text; -1: not there. DECIMALS: the fewest
# and the most of a longitude or latitude. HEIGHTS: positions with more than two numbers.
(BEGIN, END, PROPERTIES, PROPERTIES_END, ID, ID_END, TYPE, STATE, FEWEST, MOST, HEIGHTS, BINARY_END, FAULT,
 FAULT_AT, COLUMNS) = range(15)  # fmt: skip

# TYPE of a geometry: as in well-known binary, or none of them.
NO_GEOMETRY, OTHER_TYPE = 0, 99
TYPES = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection")

# STATE of a feature. REGULAR: its binary is all there is to know; RINGS: it has a binary, with a ring that is
# open or too short; ODD: it has none; BROKEN: its text is not JSON.
REGULAR, RINGS, ODD, BROKEN = range(4)

# How a scan ended: at the end of the list, for want of text, for want of room, on text that is no list.
DONE, MORE, FULL, WRONG = range(4)


# How much text is read in search of the end of a broken feature, and of a broken word.
_LONGEST, _LOOK_AHEAD = 1 << 28, 64


class Room(NamedTuple):
    """What a scan fills: ``rows`` (features x `COLUMNS`), the ``binary``; ``hard`` numbers (place in the binary,
    place in the text, end) that are left to the caller; the rest is scratch.
    """

    rows: Numbers
    binary: Bytes
    hard: Numbers
    x: Floats
    y: Floats
    rings: Numbers
    parts: Numbers
    pending: Numbers
    lists: npt.NDArray[np.bool_]


def room_for(text: int, features: int = 65_536) -> Room:
    """Room to scan ``text`` bytes, or so many ``features`` of them. Untouched room takes no memory."""
    some = text // 5 + 16  # a position has five bytes at least
    return Room(
        np.empty((features, COLUMNS), np.int64), np.empty(4 * text + 256, np.uint8),
        np.empty((65_536, 3), np.int64), np.empty(some), np.empty(some), np.empty(some, np.int64),
        np.empty(some, np.int64), np.empty((8_192, 4), np.int64), np.empty(DEPTH, np.bool_),
    )  # fmt: skip


def _names(words: tuple[str, ...]) -> tuple[Bytes, Numbers]:
    table = np.zeros((len(words), 20), np.uint8)
    for row, word in enumerate(words):
        table[row, : len(word)] = np.frombuffer(word.encode(), np.uint8)
    return table, np.array([len(word) for word in words])


_TYPE_NAMES, _TYPE_LENGTHS = _names(TYPES)
_KEYS, _KEY_LENGTHS = _names(("properties", "geometry", "id", "type", "coordinates"))
_PROPERTIES, _GEOMETRY, _ID, _TYPE, _COORDINATES = range(5)
_UNKNOWN, _ESCAPED, _LAST = -1, -2, -3


@compiled
def _word(data: Bytes, at: int, names: Bytes, lengths: Numbers) -> int:
    """Which of ``names`` stands in the quotation marks at ``at``: `_UNKNOWN` none, `_ESCAPED` perhaps one."""
    for word in range(len(lengths)):
        length = lengths[word]
        if data[at + 1] != names[word, 0] or data[at + length + 1] != QUOTE:
            continue
        same = True
        for k in range(length):
            if data[at + 1 + k] != names[word, k]:
                same = False
                break
        if same:
            return word
    at += 1
    while data[at] != QUOTE:
        if data[at] == BACKSLASH:
            return _ESCAPED
        at += 1
    return _UNKNOWN


@compiled
def scan(
    data: Bytes, at: int, end: int, last: bool, room: Room, counts: Numbers, fault: Numbers
) -> tuple[int, int]:
    """Read features from ``at``, the first place in or after the brackets of the list, to ``end``.

    ``data`` goes on with zero bytes; ``last``: nothing comes after ``end``. ``counts``: features, bytes of binary,
    hard numbers, whether the list has begun; added to. Gives how it ended and the place to go on from: the next
    feature, or after the list.
    """
    rows = room.rows
    while True:
        at = skip_space(data, at)
        if at >= end:
            return MORE, at
        if data[at] == CLOSE_LIST and counts[0] == 0 and counts[3] == 0:
            return DONE, at + 1
        if counts[0] == len(rows) or counts[2] + len(room.pending) > len(room.hard):
            return FULL, at
        before, hard_before = counts[1], counts[2]
        row = rows[counts[0]]
        row[:] = -1
        row[BEGIN], row[TYPE], row[STATE], row[HEIGHTS], row[FAULT] = at, NO_GEOMETRY, REGULAR, 0, 0
        fault[0] = 0
        if data[at] == OPEN_OBJECT:
            after = _feature(data, at, room, row, counts, fault)
        else:
            row[STATE] = ODD
            after = skip_value(data, at, room.lists, fault)
        separator = skip_space(data, after) if after >= 0 else -1
        if after >= 0 and data[separator] != COMMA_SIGN and data[separator] != CLOSE_LIST:
            if separator >= end:
                counts[1], counts[2] = before, hard_before
                return MORE, at
            fault[0], fault[1] = COMMA, separator
            after = -1
        if after < 0:
            counts[1], counts[2] = before, hard_before
            if fault[1] >= end:
                return MORE, at
            after = skip_balanced(data, at, end) if data[at] == OPEN_OBJECT else -1
            separator = skip_space(data, after) if after >= 0 else end
            patience = _LONGEST if data[at] == OPEN_OBJECT else _LOOK_AHEAD
            if separator >= end and not last and end - (at if data[at] == OPEN_OBJECT else fault[1]) < patience:
                return MORE, at
            if separator >= end or (data[separator] != COMMA_SIGN and data[separator] != CLOSE_LIST):
                return WRONG, at
            row[:] = -1
            row[BEGIN], row[TYPE], row[STATE], row[HEIGHTS] = at, NO_GEOMETRY, BROKEN, 0
            row[FAULT], row[FAULT_AT] = fault[0], fault[1]
        row[END], row[BINARY_END] = after, counts[1]
        counts[0] += 1
        counts[3] = 1
        if data[separator] == CLOSE_LIST:
            return DONE, separator + 1
        at = skip_space(data, separator + 1)
        if at < end and data[at] == CLOSE_LIST:
            fault[0], fault[1] = COMMA, at
            return WRONG, at


@compiled
def _member(data: Bytes, at: int, first: bool, fault: Numbers) -> tuple[int, int]:
    """Go on to the next member of an object, from its brace if it is the ``first``, from the value before if not.

    Gives where its value stands and which of `_KEYS` it has; `_LAST`, and the place after the object, when none
    is left. -1 for the place: the text is wrong.
    """
    at = skip_space(data, at)
    if data[at] == CLOSE_OBJECT:
        return at + 1, _LAST
    if not first:
        if data[at] != COMMA_SIGN:
            fault[0], fault[1] = COMMA, at
            return -1, _LAST
        at = skip_space(data, at + 1)
    value = skip_key(data, at, fault)
    return value, _word(data, at, _KEYS, _KEY_LENGTHS) if value >= 0 else _LAST


@compiled
def _feature(data: Bytes, at: int, room: Room, row: Numbers, counts: Numbers, fault: Numbers) -> int:
    """Read one feature, which begins at ``at``; where it ends, or -1."""
    at, word = _member(data, at + 1, True, fault)
    geometries = 0
    odd = False
    while at >= 0:
        if word == _LAST:
            if odd:
                row[STATE] = ODD
            return at
        begin = at
        if word == _GEOMETRY and data[at] == OPEN_OBJECT:
            geometries += 1
            at = _geometry(data, at, room, row, counts, fault)
        else:
            at = skip_value(data, at, room.lists, fault)
        if at < 0:
            return -1
        if word == _PROPERTIES:
            odd = odd or row[PROPERTIES] >= 0
            row[PROPERTIES], row[PROPERTIES_END] = begin, at
        elif word == _ID:
            odd = odd or row[ID] >= 0
            row[ID], row[ID_END] = begin, at
        elif word == _GEOMETRY and data[begin] != OPEN_OBJECT:
            odd = True
        odd = odd or word == _ESCAPED or geometries > 1
        at, word = _member(data, at, False, fault)
    return -1


@compiled
def _geometry(data: Bytes, at: int, room: Room, row: Numbers, counts: Numbers, fault: Numbers) -> int:
    """Read one geometry into the binary; where it ends, or -1."""
    row[TYPE], row[STATE] = OTHER_TYPE, ODD
    found = np.zeros(6, np.int64)  # positions, rings, parts, depth, hard numbers; 1 where coordinates were read
    types, lists = 0, 0
    odd = False
    at, word = _member(data, at + 1, True, fault)
    while at >= 0:
        if word == _LAST:
            if not odd and types == 1 and lists == 1:
                row[STATE] = _write(room, row, found, counts)
            return at
        begin = at
        if word == _COORDINATES and data[at] == OPEN_LIST:
            lists += 1
            at = _coordinates(data, at, room, row, found)
            if at < 0:
                odd = True
                at = skip_value(data, begin, room.lists, fault)
        else:
            at = skip_value(data, at, room.lists, fault)
        if at < 0:
            return -1
        if word == _TYPE:
            types += 1
            named = _word(data, begin, _TYPE_NAMES, _TYPE_LENGTHS) if data[begin] == QUOTE else _UNKNOWN
            row[TYPE] = named + 1 if named >= 0 else OTHER_TYPE
        odd = odd or word == _ESCAPED
        at, word = _member(data, at, False, fault)
    return -1


@compiled
def _coordinates(data: Bytes, at: int, room: Room, row: Numbers, found: Numbers) -> int:
    """Read lists of positions in one another; where they end, or -1 when they are not regular."""
    x, y, rings, parts, pending = room.x, room.y, room.rings, room.parts, room.pending
    positions, ring, part, hard, depth, leaf = 0, 0, 0, 0, 0, 0
    fewest, most, heights = 1 << 30, 0, 0
    while True:
        while data[at] == OPEN_LIST:
            depth += 1
            at = skip_space(data, at + 1)
        if depth > 4 or (leaf and depth != leaf):
            return -1
        leaf = depth
        for axis in range(2):
            begin = at
            at, value, decimals, how = number(data, at)
            if how != EASY:
                if how != HARD or hard == len(pending):
                    return -1
                pending[hard, 0], pending[hard, 1], pending[hard, 2], pending[hard, 3] = positions, axis, begin, at
                hard += 1
            if axis == 0:
                x[positions] = value
            else:
                y[positions] = value
            fewest, most = min(fewest, decimals), max(most, decimals)
            at = skip_space(data, at)
            if axis == 0:
                if data[at] != COMMA_SIGN:
                    return -1
                at = skip_space(data, at + 1)
        if data[at] == COMMA_SIGN:
            heights += 1
            while data[at] == COMMA_SIGN:
                at, _, _, how = number(data, skip_space(data, at + 1))
                if how != EASY and how != HARD:
                    return -1
                at = skip_space(data, at)
        positions += 1
        while True:
            if data[at] != CLOSE_LIST:
                return -1
            at += 1
            depth -= 1
            if leaf - depth == 2:
                rings[ring] = positions
                ring += 1
            elif leaf - depth == 3:
                parts[part] = ring
                part += 1
            if depth == 0:
                found[0], found[1], found[2], found[3], found[4] = positions, ring, part, leaf, hard
                row[FEWEST], row[MOST], row[HEIGHTS] = fewest, most, heights
                return at
            at = skip_space(data, at)
            if data[at] == COMMA_SIGN:
                at = skip_space(data, at + 1)
                break


@compiled
def _write(room: Room, row: Numbers, found: Numbers, counts: Numbers) -> int:
    """Write the positions that were read as the geometry of their type; the state of the feature."""
    kind, depth = row[TYPE], found[3]
    wanted = 1 if kind == 1 else 2 if kind == 2 or kind == 4 else 4 if kind == 6 else 3
    if kind > 6 or depth != wanted:
        return ODD
    x, y, rings, parts, binary = room.x, room.y, room.rings, room.parts, room.binary
    at = counts[1]
    state = REGULAR
    hard = 0
    position, ring = 0, 0
    outer = found[2] if kind == 6 else 1
    if kind == 6:
        at = _head(binary, at, 6)
        put_word(binary, at, outer)
        at += 4
    for part in range(outer):
        if kind == 6:
            at = _head(binary, at, 3)
            last = parts[part]
        else:
            at = _head(binary, at, kind)
            last = found[1] if depth == 3 else ring + 1
        if kind == 3 or kind == 5 or kind == 6:
            put_word(binary, at, last - ring)
            at += 4
        while ring < last:
            until = rings[ring] if depth > 1 else 1
            if kind == 3 or kind == 6:
                closed = x[position] == x[until - 1] and y[position] == y[until - 1]
                if until - position < 4 or not closed:
                    state = RINGS
            if kind == 5:
                at = _head(binary, at, 2)
            if kind != 1:
                put_word(binary, at, until - position)
                at += 4
            while position < until:
                if kind == 4:
                    at = _head(binary, at, 1)
                put_float(binary, at, x[position])
                put_float(binary, at + 8, y[position])
                while hard < found[4] and room.pending[hard, 0] == position:
                    noted = room.hard[counts[2]]
                    noted[0] = at + 8 * room.pending[hard, 1]
                    noted[1], noted[2] = room.pending[hard, 2], room.pending[hard, 3]
                    counts[2] += 1
                    hard += 1
                at += 16
                position += 1
            ring += 1
    counts[1] = at
    return state


@compiled
def _head(binary: Bytes, at: int, kind: int) -> int:
    binary[at] = 1
    put_word(binary, at + 1, kind)
    return at + 5
