"""The formats that there are. To add one, write a module with a `Format`, and put it into `FORMATS`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from landproof.exchange import diasca, epcis, gs1_messages, mill_list, tables_write, untp
from landproof.exchange.format import Format

_HEAD: Final = 65_536  # bytes in which a document says what it is

FORMATS: Final[Sequence[Format]] = (  # the first that recognises a file reads it
    gs1_messages.FORMAT,
    untp.FORMAT,
    epcis.FORMAT,
    diasca.FORMAT,
    mill_list.FORMAT,
    tables_write.CSV,
    tables_write.PARQUET,
)


def format_of(path: Path) -> Format | None:
    """The format of a file by what it holds; none for a file of another kind."""
    ending = path.suffix.lower()
    able = [each for each in FORMATS if each.recognises is not None and ending in each.endings]
    if not able:
        return None
    with path.open("rb") as content:
        head = content.read(_HEAD)
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    said = head.decode(encoding, errors="replace")
    return next((each for each in able if each.recognises is not None and each.recognises(said)), None)
