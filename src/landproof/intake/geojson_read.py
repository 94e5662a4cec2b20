"""Reads GeoJSON of any size piece by piece: text in, columns of features out."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, NamedTuple

import numpy as np

from landproof.domain.messages import text
from landproof.intake import json_skip
from landproof.intake.geojson_scan import (
    BINARY_END,
    END,
    FULL,
    MORE,
    WRONG,
    Numbers,
    Room,
    room_for,
    scan,
)
from landproof.land.kernel.compiled import Bytes
from landproof.land.kernel.wkb import Shapes, shapes_of

_CHUNK: Final = 8 << 20
_PAD: Final = 64  # zero bytes behind the text, more than any look ahead
_TOKEN: Final = re.compile(rb"[-+.0-9A-Za-z\\]*\Z")  # what may go on in the next piece
_ENDED, _TWICE, _MORE_TEXT, _ENCODING, _NO_LIST = range(20, 25)

# What a fault of the text means, for `ScanFault`.
FAULT_TEXTS: Final = {
    json_skip.VALUE: text("a value is missing"),
    json_skip.STRING: text("a text is not closed"),
    json_skip.CONTROL: text("a text holds a line break or another control character"),
    json_skip.ESCAPE: text("a text holds a backslash that stands for nothing"),
    json_skip.NUMBER: text("a number is not written as JSON writes it"),
    json_skip.COMMA: text("a comma or a closing bracket is missing"),
    json_skip.KEY: text("the name of a member is missing"),
    json_skip.COLON: text("a colon is missing"),
    json_skip.DEEP: text("it is nested too deeply"),
    _ENDED: text("the file ends early"),
    _TWICE: text("it has two lists of features"),
    _MORE_TEXT: text("there is text after the end"),
    _ENCODING: text("its letters are not UTF-8"),
    _NO_LIST: text("it is no object"),
}


@dataclass(frozen=True, slots=True)
class ScanFault:
    """Where a text stops being JSON: a code of `FAULT_TEXTS`, the byte (from 0), the feature (from 1), if any."""

    code: int
    byte: int
    feature: int | None

    @property
    def sentence(self) -> str:
        """What is wrong, marked for translation."""
        return FAULT_TEXTS[self.code]


class Batch(NamedTuple):
    """Features that follow each other. ``rows`` (n x `COLUMNS`) holds places in ``text``, which begins at byte
    ``base`` of the file; features without a binary have an empty one. ``first``: the number of the first, from 1.
    """

    first: int
    base: int
    text: bytes
    rows: Numbers
    shapes: Shapes

    def member(self, row: int, begin: int) -> bytes | None:
        """The JSON of the member in column ``begin`` (`PROPERTIES`, `ID` or `BEGIN`: the feature itself)."""
        place = int(self.rows[row, begin])
        return None if place < 0 else self.text[place : int(self.rows[row, begin + 1])]


class GeoJsonReader:
    """Iterate over it once for the `Batch` es of a FeatureCollection, a Feature or a bare geometry.

    Afterwards ``members`` holds the JSON of the other members of the document, ``fault`` where the text stopped
    being JSON (null: it did not), ``count`` how many features were read. A feature that is wrong in itself is a
    row in state `BROKEN`; a fault of the file ends the iteration after the last feature before it.
    """

    def __init__(self, source: bytes | BinaryIO, *, chunk: int = _CHUNK) -> None:
        self.members: dict[str, bytes] = {}
        self.fault: ScanFault | None = None
        self.count = 0
        self.listed = False
        self._source = io.BytesIO(source) if isinstance(source, bytes) else source
        self._buffer: Bytes = np.zeros(chunk + _PAD, np.uint8)
        self._room: Room | None = None
        self._end, self._base, self._last = 0, 0, False
        self._fault: Numbers = np.zeros(2, np.int64)
        self._lists = np.empty(json_skip.DEPTH, np.bool_)

    def __iter__(self) -> Iterator[Batch]:
        self._fill(0)
        if bytes(self._buffer[:3]) == b"\xef\xbb\xbf":
            self._fill(3)
        at = self._head()
        if self.fault is not None:
            return
        if not self.listed:
            yield from self._single()
            return
        counts = np.zeros(4, np.int64)
        while True:
            self._fill(at)
            counts[:3] = 0
            room = self._roomy()
            ended, at = scan(self._buffer, 0, self._end, self._last, room, counts, self._fault)
            if counts[0]:
                yield self._batch(room, counts, at)
            if self.fault is not None:
                return
            if ended == MORE and self._last:
                self._wrong(_ENDED, self._end, inside=True)
                return
            if ended == MORE and at == 0 and self._end == len(self._buffer) - _PAD:
                self._grow()
            elif ended == WRONG:
                self._wrong(int(self._fault[0]), int(self._fault[1]), inside=True)
                return
            elif ended not in (MORE, FULL):
                self._tail(at)
                return

    # -- text ----------------------------------------------------------------------------------------------------

    def _fill(self, done: int) -> None:
        """Drop ``done`` bytes in front and read as many as there is room for."""
        kept = self._end - done
        if done:
            self._buffer[:kept] = self._buffer[done : self._end].copy()
            self._base += done
        room = len(self._buffer) - _PAD
        while not self._last and kept < room:
            got = self._source.read(room - kept)
            self._last = not got
            self._buffer[kept : kept + len(got)] = np.frombuffer(got, np.uint8)
            kept += len(got)
        self._end = kept
        self._buffer[kept : kept + _PAD] = 0

    def _grow(self) -> None:
        larger = np.zeros(2 * len(self._buffer), np.uint8)
        larger[: self._end] = self._buffer[: self._end]
        self._buffer, self._room = larger, None

    def _roomy(self) -> Room:
        if self._room is None:
            self._room = room_for(len(self._buffer))
        return self._room

    def _may_go_on(self, at: int) -> bool:
        """Whether what is wrong at a byte may be right once more text is read."""
        if self._last:
            return False
        return _TOKEN.match(self._buffer[at : self._end].tobytes()) is not None if self._end - at < 4096 else False

    def _wrong(self, code: int, at: int, *, inside: bool) -> None:
        if self._last and at >= self._end:
            code = _ENDED
        self.fault = ScanFault(code, self._base + min(at, self._end), self.count + 1 if inside else None)

    # -- members of the document ---------------------------------------------------------------------------------

    def _head(self) -> int:
        """Read members up to the list of features; the place behind its bracket."""
        while True:
            self.members = {}
            at = json_skip.skip_space(self._buffer, 0)
            if at < self._end and self._buffer[at] != json_skip.OPEN_OBJECT:
                self._not_an_object(at)
                return at
            at = self._walk(json_skip.skip_space(self._buffer, at + 1), first=True)
            if at >= 0 or self.fault is not None:
                return at
            self._grow()
            self._fill(0)

    def _not_an_object(self, at: int) -> None:
        while True:
            end = json_skip.skip_value(self._buffer, at, self._lists, self._fault)
            if end >= 0 or self._last:
                break
            self._grow()
            self._fill(0)
        if end < 0:
            self._wrong(int(self._fault[0]), int(self._fault[1]), inside=False)
        else:
            self._wrong(_NO_LIST, at, inside=False)

    def _walk(self, at: int, *, first: bool) -> int:
        """Read members from ``at``; the place behind the bracket of the list or of the document, or -1."""
        buffer, fault = self._buffer, self._fault
        if first and buffer[at] == json_skip.CLOSE_OBJECT:
            return self._closed(at + 1)
        while True:
            begin = json_skip.skip_key(buffer, at, fault)
            if begin < 0:
                return self._short()
            name = str(json.loads(buffer[at : json_skip.skip_string(buffer, at, fault)].tobytes()))
            if name == "features":
                if self.listed or name in self.members:
                    self._wrong(_TWICE, at, inside=False)
                    return -1
                if buffer[begin] == json_skip.OPEN_LIST:
                    self.listed = True
                    return begin + 1
            end = json_skip.skip_value(buffer, begin, self._lists, fault)
            if end < 0:
                return self._short()
            at = json_skip.skip_space(buffer, end)
            if at >= self._end and not self._last:
                return -1
            self.members[name] = buffer[begin:end].tobytes()
            if buffer[at] == json_skip.CLOSE_OBJECT:
                return self._closed(at + 1)
            if buffer[at] != json_skip.COMMA_SIGN:
                self._wrong(json_skip.COMMA, at, inside=False)
                return -1
            at = json_skip.skip_space(buffer, at + 1)

    def _short(self) -> int:
        """A member ends before it should: for want of text, or it is wrong."""
        at = int(self._fault[1])
        if self._last or not (at >= self._end or self._may_go_on(at)):
            self._wrong(int(self._fault[0]), at, inside=False)
        return -1

    def _closed(self, at: int) -> int:
        """Nothing but white space may follow."""
        while True:
            after = json_skip.skip_space(self._buffer, at)
            if after < self._end:
                self._wrong(_MORE_TEXT, after, inside=False)
                return at
            if self._last:
                return at
            if self.listed:
                self._fill(after)
                at = 0
            else:  # the document itself is still needed
                self._grow()
                self._fill(0)

    def _tail(self, at: int) -> None:
        """Read what follows the list of features."""
        self._fill(at)
        found = dict(self.members)
        while True:
            self.members = dict(found)
            at = json_skip.skip_space(self._buffer, 0)
            if at < self._end and self._buffer[at] == json_skip.CLOSE_OBJECT:
                self._closed(at + 1)
                return
            if at < self._end and self._buffer[at] != json_skip.COMMA_SIGN:
                self._wrong(json_skip.COMMA, at, inside=False)
                return
            if at < self._end and self._walk(json_skip.skip_space(self._buffer, at + 1), first=False) >= 0:
                return
            if self.fault is not None:
                return
            if self._last:
                self._wrong(_ENDED, self._end, inside=False)
                return
            self._grow()
            self._fill(0)

    # -- features ------------------------------------------------------------------------------------------------

    def _batch(self, room: Room, counts: Numbers, done: int) -> Batch:
        n, size, hard = int(counts[0]), int(counts[1]), int(counts[2])
        rows, binary = room.rows[:n].copy(), room.binary[:size].copy()
        written = self._buffer[:done].tobytes()
        if not written.isascii():
            n = self._readable(written, rows)
            rows, size = rows[:n], int(rows[n - 1, BINARY_END]) if n else 0
            binary = binary[:size]
        for place, begin, end in room.hard[:hard].tolist():
            if place < size:
                binary[place : place + 8] = np.frombuffer(
                    np.float64(float(written[begin:end])).tobytes(), np.uint8
                )
        offsets = np.zeros(n + 1, np.int64)
        offsets[1:] = rows[:, BINARY_END]
        first = self.count + 1
        self.count += n
        if self.fault is not None:
            self.fault = ScanFault(_ENCODING, self.fault.byte, self.count + 1)
        return Batch(first, self._base, written, rows, shapes_of(binary, offsets))

    def _readable(self, written: bytes, rows: Numbers) -> int:
        """How many of the features are UTF-8."""
        try:
            written.decode()
        except UnicodeDecodeError as why:
            self.fault = ScanFault(_ENCODING, self._base + why.start, None)
            return int(np.searchsorted(rows[:, END], why.start, side="right"))
        return len(rows)

    def _single(self) -> Iterator[Batch]:
        """A document that is itself a feature, or a geometry."""
        kind = self.members.get("type", b"")
        whole = self._buffer[: self._end].tobytes()
        feature = kind == b'"Feature"'
        if not kind.startswith(b'"') or kind == b'"FeatureCollection"':
            return
        written = whole + b"]" if feature else b'{"geometry":' + whole + b"}]"
        self._buffer = np.zeros(len(written) + _PAD, np.uint8)
        self._buffer[: len(written)] = np.frombuffer(written, np.uint8)
        self._end, self._room = len(written), None
        counts = np.zeros(4, np.int64)
        room = self._roomy()
        _, at = scan(self._buffer, 0, self._end, True, room, counts, self._fault)
        if counts[0]:
            yield self._batch(room, counts, at)
