"""Walks over JSON values (RFC 8259) without making objects of them, as strictly as Python's own reader.

Like that reader it takes NaN, Infinity and -Infinity for numbers. Text must be followed by zero bytes.
"""

import numpy as np
import numpy.typing as npt

from landproof.compiled import compiled
from landproof.intake.json_numbers import NO_NUMBER, number
from landproof.land.kernel.compiled import Bytes

Numbers = npt.NDArray[np.int64]

DEPTH = 900  # arrays and objects in one another, as deep as Python's reader goes

# What is wrong with a text; the second number of a fault is the byte where it is.
VALUE, STRING, CONTROL, ESCAPE, NUMBER, COMMA, KEY, COLON, DEEP = range(1, 10)

QUOTE, BACKSLASH, SLASH, COLON_SIGN, COMMA_SIGN, MINUS = 34, 92, 47, 58, 44, 45
OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT = 91, 93, 123, 125
_SPACE, _TAB, _LINE, _RETURN = 32, 9, 10, 13

_WORDS = np.frombuffer(b"true    false   null    NaN     InfinityInfinity", dtype=np.uint8).reshape(6, 8).copy()
_LENGTHS = np.array([4, 5, 4, 3, 8])
_PLAIN = np.ones(256, np.bool_)  # bytes of a string that need no look
_PLAIN[:32] = _PLAIN[QUOTE] = _PLAIN[BACKSLASH] = False
_HEX = np.zeros(256, np.bool_)
_HEX[[*b"0123456789abcdefABCDEF"]] = True
_ESCAPED = np.zeros(256, np.bool_)
_ESCAPED[[*b'"\\/bfnrt']] = True


@compiled
def skip_space(data: Bytes, at: int) -> int:
    """The place of the next byte that is no white space."""
    while data[at] <= _SPACE and (
        data[at] == _SPACE or data[at] == _LINE or data[at] == _RETURN or data[at] == _TAB
    ):
        at += 1
    return at


@compiled
def _wrong(fault: Numbers, code: int, at: int) -> int:
    fault[0], fault[1] = code, at
    return -1


@compiled
def skip_string(data: Bytes, at: int, fault: Numbers) -> int:
    """The place after the string whose quotation mark stands at ``at``, or -1."""
    at += 1
    while True:
        while _PLAIN[data[at]]:
            at += 1
        byte = data[at]
        if byte == QUOTE:
            return at + 1
        if byte != BACKSLASH:
            return _wrong(fault, STRING if byte == 0 else CONTROL, at)
        if _ESCAPED[data[at + 1]]:
            at += 2
        elif (
            data[at + 1] == 117 and _HEX[data[at + 2]] and _HEX[data[at + 3]] and _HEX[data[at + 4]]
            and _HEX[data[at + 5]]
        ):  # fmt: skip
            at += 6
        else:
            return _wrong(fault, ESCAPE, at)


@compiled
def _skip_plain(data: Bytes, at: int, fault: Numbers) -> int:
    """The same for a number or a word."""
    byte = data[at]
    if byte == MINUS or 48 <= byte <= 57:
        if byte == MINUS and data[at + 1] == _WORDS[4, 0]:
            at += 1
        else:
            end, _, _, how = number(data, at)
            return _wrong(fault, NUMBER, at) if how == NO_NUMBER else end
    for word in range(5):
        length = _LENGTHS[word]
        same = True
        for k in range(length):
            if data[at + k] != _WORDS[word, k]:
                same = False
                break
        if same:
            return at + length
    return _wrong(fault, VALUE, at)


@compiled
def skip_key(data: Bytes, at: int, fault: Numbers) -> int:
    """The place of the value behind the key that begins at ``at``, or -1."""
    if data[at] != QUOTE:
        return _wrong(fault, KEY, at)
    at = skip_string(data, at, fault)
    if at < 0:
        return -1
    at = skip_space(data, at)
    if data[at] != COLON_SIGN:
        return _wrong(fault, COLON, at)
    return skip_space(data, at + 1)


@compiled
def skip_value(data: Bytes, at: int, lists: npt.NDArray[np.bool_], fault: Numbers) -> int:
    """The place after the value that begins at ``at``, or -1 with the ``fault``. ``lists``: room for `DEPTH`."""
    depth = 0
    while True:
        byte = data[at]
        if byte in (OPEN_OBJECT, OPEN_LIST):
            inner = skip_space(data, at + 1)
            if data[inner] == (CLOSE_OBJECT if byte == OPEN_OBJECT else CLOSE_LIST):
                at = inner + 1
            else:
                if depth == len(lists):
                    return _wrong(fault, DEEP, at)
                lists[depth] = byte == OPEN_LIST
                depth += 1
                at = inner
                if byte == OPEN_OBJECT:
                    at = skip_key(data, at, fault)
                    if at < 0:
                        return -1
                continue
        elif byte == QUOTE:
            at = skip_string(data, at, fault)
        else:
            at = _skip_plain(data, at, fault)
        if at < 0:
            return -1
        while depth:
            at = skip_space(data, at)
            byte = data[at]
            at += 1
            if byte == COMMA_SIGN:
                at = skip_space(data, at)
                if not lists[depth - 1]:
                    at = skip_key(data, at, fault)
                    if at < 0:
                        return -1
                break
            if byte != (CLOSE_LIST if lists[depth - 1] else CLOSE_OBJECT):
                return _wrong(fault, COMMA, at - 1)
            depth -= 1
        if depth == 0:
            return at


@compiled
def skip_balanced(data: Bytes, at: int, end: int) -> int:
    """The place after the brackets that open at ``at``, looking at nothing but brackets and strings; -1: never."""
    depth = 0
    while at < end:
        byte = data[at]
        if byte == QUOTE:
            at += 1
            while at < end and data[at] != QUOTE:
                at += 2 if data[at] == BACKSLASH else 1
        elif byte in (OPEN_OBJECT, OPEN_LIST):
            depth += 1
        elif byte in (CLOSE_OBJECT, CLOSE_LIST):
            depth -= 1
            if depth <= 0:
                return at + 1
        at += 1
    return -1
