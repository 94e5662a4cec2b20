"""The bytes of a text file as UTF-8, whatever program saved it."""

import codecs
from typing import Final

from landproof.domain.errors import UnreadableInput
from landproof.domain.messages import text

_SAMPLE: Final = 1 << 20
_WIDE: Final = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def to_utf8(data: bytes, name: str) -> tuple[bytes, str]:
    """``data`` as UTF-8 without a byte-order mark, and the encoding it was in.

    Tries UTF-8, then UTF-16 where a mark announces it (Excel's "Unicode text"), then GB18030 (Chinese
    Excel). Raises `UnreadableInput` when none gives sensible text: a guess would garble names.
    """
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
    for mark, encoding in _WIDE:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding, name).encode(), encoding
    if b"\x00" in data[:_SAMPLE]:
        raise UnreadableInput(text("%(file)s is not a text file. Save it as CSV in UTF-8, or as XLSX."), file=name)
    if _is_utf8(data):
        return data, "utf-8"
    decoded = _decoded(data, "gb18030", name)
    if not _plausible_chinese(decoded):
        raise _unknown(name)
    return decoded.encode(), "gb18030"


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        codecs.utf_8_decode(data, "strict", True)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unknown(name) from error


def _unknown(name: str) -> UnreadableInput:
    return UnreadableInput(
        text(
            "%(file)s is neither UTF-8 nor GB18030, so its letters cannot be read for certain. "
            'Save it as "CSV UTF-8" or as XLSX.'
        ),
        file=name,
    )


def _plausible_chinese(decoded: str) -> bool:
    """Whether the text reads as Chinese.

    Western accented letters also decode as GB18030, but into characters outside the everyday set
    (GB 2312), while Chinese text consists mostly of those.
    """
    foreign = [letter for letter in decoded[:_SAMPLE] if not letter.isascii()]
    if not foreign:  # the first letter of that kind comes later
        foreign = [letter for letter in decoded if not letter.isascii()]
    everyday = sum(1 for letter in foreign if _in_gb2312(letter))
    return 2 * everyday >= len(foreign)


def _in_gb2312(letter: str) -> bool:
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
