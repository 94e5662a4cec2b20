"""GS1 keys: one spelling for every way to write them, the canonical GS1 Digital Link URI.

Sources: EPC Tag Data Standard 2.0 section 6.3 (URNs), GS1 Digital Link 1.1.2 section 7 (application identifiers
and their short names), CBV 2.0 section 8.9 (what the canonical form leaves out), GS1 General Specifications
section 7.9.1 (check digit).
"""

import re
from collections.abc import Mapping
from typing import Final

DOMAIN: Final = "https://id.gs1.org"
_URN: Final = re.compile(r"urn:epc:(id|idpat|class):([a-z]+):(.+)", re.ASCII)
_LINK: Final = re.compile(r"https?://[^/?#\s]+(/[^?#\s]*)(?:[?#].*)?", re.ASCII)
_COMPONENT: Final = re.compile(r"(?:%[0-9A-Fa-f]{2}|[!')(*+,\-.0-9:;=A-Za-z_])+", re.ASCII)
# Digital Link 1.1.2 wants these percent-encoded; an EPC URN has them bare.
_ESCAPED: Final = str.maketrans({each: f"%{ord(each):02X}" for each in "!()*+,:"})
_SHORT_NAMES: Final[Mapping[str, str]] = {
    "gtin": "01", "itip": "8006", "cpid": "8010", "gln": "414", "party": "417", "gsrnp": "8017", "gsrn": "8018",
    "gcn": "255", "sscc": "00", "gdti": "253", "ginc": "401", "gsin": "402", "grai": "8003", "giai": "8004",
    "cpv": "22", "lot": "10", "ser": "21",
}  # fmt: skip
_KEYS: Final[Mapping[str, re.Pattern[str]]] = {
    ai: re.compile(pattern, re.ASCII)
    for ai, pattern in {
        "00": r"\d{18}", "01": r"\d{14}", "253": r"\d{13}.{0,17}", "255": r"\d{13,25}", "401": r"\d{4}.{1,26}",
        "402": r"\d{17}", "414": r"\d{13}", "417": r"\d{13}", "8003": r"\d{14}.{0,16}", "8004": r"\d{4}.{1,26}",
        "8006": r"\d{18}", "8010": r"\d{4}.{1,26}", "8017": r"\d{18}", "8018": r"\d{18}",
    }.items()
}  # fmt: skip
# Of several qualifiers the first that is there counts: the lowest level of identification.
_QUALIFIERS: Final[Mapping[str, tuple[str, ...]]] = {
    "01": ("21", "235", "10"), "8006": ("21", "10"), "414": ("254",), "8010": ("8011",),
}  # fmt: skip
_DIGITS: Final[Mapping[str, int]] = {  # of company prefix and reference together
    "sgtin": 13, "lgtin": 13, "upui": 13, "itip": 13, "sscc": 17, "gsrn": 17, "gsrnp": 17, "gsin": 16,
    "sgln": 12, "pgln": 12, "grai": 12, "gdti": 12, "sgcn": 12,
}  # fmt: skip
_WITHOUT_SERIAL: Final[Mapping[str, str]] = {"sscc": "00", "gsrn": "8018", "gsrnp": "8017", "gsin": "402",
                                             "pgln": "417"}  # fmt: skip
_WITH_SERIAL: Final[Mapping[str, str]] = {"sgtin": "21", "upui": "235", "lgtin": "10"}
_JOINED: Final[Mapping[str, str]] = {"grai": "8003", "gdti": "253", "sgcn": "255"}  # the serial follows at once
_SCHEMES: Final[Mapping[str, str]] = {
    "00": "SSCC", "01": "GTIN", "253": "GDTI", "255": "GCN", "401": "GINC", "402": "GSIN", "414": "GLN",
    "417": "GLN", "8003": "GRAI", "8004": "GIAI", "8006": "ITIP", "8010": "CPID", "8017": "GSRN", "8018": "GSRN",
}  # fmt: skip


def check_digit(digits: str) -> str:
    """The check digit that makes ``digits`` a GS1 key: weights 3, 1, 3, ... from the right."""
    return str(-sum(int(each) * (3, 1)[at % 2] for at, each in enumerate(reversed(digits))) % 10)


def digital_link(uri: str) -> str:
    """The canonical Digital Link URI of a GS1 key; ``uri`` as given where it holds none.

    Left out: query, consumer product variant, and the lot where there is a serial number.
    """
    urn = _URN.fullmatch(uri)
    if urn is not None:
        return _of_urn(*urn.groups()) or uri
    link = _LINK.fullmatch(uri)
    return (_of_path(link.group(1)) if link is not None else None) or uri


def key_of(uri: str) -> tuple[str, str] | None:
    """The scheme and the value of a canonical URI: ("GTIN+lot", "09521234000020+BATCH-1"), or none."""
    if not uri.startswith(DOMAIN + "/"):
        return None
    ai, value, *more = uri.removeprefix(DOMAIN + "/").split("/")
    if ai not in _SCHEMES:
        return None
    words = {"10": "lot", "21": "serial", "235": "serial", "254": "extension", "8011": "serial"}
    if len(more) == 2 and more[0] in words:
        return f"{_SCHEMES[ai]}+{words[more[0]]}", f"{value}+{more[1]}"
    return _SCHEMES[ai], value


def _of_urn(kind: str, scheme: str, rest: str) -> str | None:
    """A URN in parts; none when it is not what its scheme asks for. ``*`` stands for every serial number."""
    if scheme in ("giai", "ginc"):
        prefix, _, reference = rest.partition(".")
        ai = "8004" if scheme == "giai" else "401"
        return _link(ai, prefix + reference) if _is_prefix(prefix) and _COMPONENT.fullmatch(reference) else None
    if scheme == "cpi":
        return _component_part(rest)
    prefix, _, after = rest.partition(".")
    reference, _, serial = after.partition(".")
    digits = prefix + reference
    if scheme not in _DIGITS or not _is_prefix(prefix) or not _is_digits(digits, _DIGITS[scheme]):
        return None
    if scheme in _WITHOUT_SERIAL:
        first = reference[:1] if scheme == "sscc" else ""
        key = first + prefix + reference[len(first) :]
        return None if serial or "." in after else _link(_WITHOUT_SERIAL[scheme], key + check_digit(key))
    whole_class = kind == "idpat" and serial.rpartition(".")[2] == "*"
    if not whole_class and not _COMPONENT.fullmatch(serial):
        return None
    if scheme == "sgln":
        return _link("414", digits + check_digit(digits), "" if serial == "0" else f"/254/{_escape(serial)}")
    if scheme in _JOINED:
        key = ("0" if scheme == "grai" else "") + digits
        return _link(_JOINED[scheme], key + check_digit(key), "" if whole_class else _escape(serial))
    gtin = reference[:1] + prefix + reference[1:]
    gtin += check_digit(gtin)
    if scheme == "itip":
        piece, total, serial = (*serial.split(".", 2), "", "")[:3]
        return _link("8006", gtin + piece + total, "" if whole_class else f"/21/{_escape(serial)}")
    return _link("01", gtin, "" if whole_class else f"/{_WITH_SERIAL[scheme]}/{_escape(serial)}")


def _component_part(rest: str) -> str | None:
    prefix, _, after = rest.partition(".")
    reference, _, serial = after.rpartition(".")
    if not _is_prefix(prefix) or not reference or not (serial == "*" or serial.isdecimal()):
        return None
    return _link("8010", prefix + reference, "" if serial == "*" else f"/8011/{serial}")


def _of_path(path: str) -> str | None:
    """The canonical form of a Digital Link's path: ``[stem/]key/value[/qualifier/value...]``."""
    parts = [part for part in path.split("/")[1:] if part]
    for at, name in enumerate(parts[:-1]):
        ai = _SHORT_NAMES.get(name, name)
        value = parts[at + 1]
        if ai not in _KEYS:
            continue
        if ai == "01" and value.isdecimal() and len(value) in (8, 12, 13):
            value = value.zfill(14)
        if not _KEYS[ai].fullmatch(value):
            continue
        names, values = parts[at + 2 :: 2], parts[at + 3 :: 2]
        said = {_SHORT_NAMES.get(each, each): told for each, told in zip(names, values, strict=False)}
        level = next((each for each in _QUALIFIERS.get(ai, ()) if each in said), None)
        return _link(ai, value, "" if level is None else f"/{level}/{said[level]}")
    return None


def _link(ai: str, key: str, more: str = "") -> str:
    return f"{DOMAIN}/{ai}/{_escape(key)}{more}"


def _escape(value: str) -> str:
    return value.translate(_ESCAPED)


def _is_prefix(digits: str) -> bool:
    """A GS1 company prefix has 6 to 12 digits."""
    return 6 <= len(digits) <= 12 and digits.isdecimal() and digits.isascii()


def _is_digits(digits: str, count: int) -> bool:
    return len(digits) == count and digits.isdecimal() and digits.isascii()
