"""Countries by ISO 3166-1 code or by name in English and Chinese (names from CLDR)."""

import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final, cast

from babel import Locale
from babel.core import get_global

from landproof.intake.words import plain

# CLDR regions that are no ISO 3166-1 countries.
_NOT_COUNTRIES: Final = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)
_LANGUAGES: Final = ("es", "fr", "pt", "de", "id", "vi", "it", "nl")  # of those who grow and buy
_SMALL_WORDS: Final = frozenset(("the", "of", "and"))
_SHORT_FORMS: Final = {"st": "saint", "rep": "republic", "dem": "democratic", "isds": "islands"}
_FURTHER: Final[Mapping[str, tuple[str, ...]]] = {
    "EG": ("Egypt, Arab Rep.",),
    "ST": ("Sao Tome",),
    "AE": ("UAE",),
    "SK": ("Slovak Republic",),
    "KG": ("Kyrgyz Republic",),
    "YE": ("Yemen, Republic of",),
    "SH": ("Saint Helena",),
    "FK": ("Falkland Islands (Malvinas)",),
    "ID": ("印尼",),
    "PH": ("Republic of the Philippines",),
    "VI": ("Virgin Islands, U.S.",),
    "CF": ("Central African Rep.",),
    "SB": ("Solomon Isds",),
    "BO": ("Bolivia, Plurinational State of",),
    "BN": ("Brunei Darussalam",),
    "CD": ("DRC", "DR Congo", "Democratic Republic of the Congo", "Congo, Democratic Republic of the",
           "Congo, Dem. Rep.", "Congo-Kinshasa", "Zaire", "刚果民主共和国", "刚果(金)", "民主刚果",
           "Democratic Republic of Congo"),
    "CG": ("Congo", "Republic of the Congo", "Congo, Rep.", "Congo-Brazzaville", "刚果共和国", "刚果(布)"),
    "CI": ("Ivory Coast", "Cote d'Ivoire", "Cote dIvoire", "Côte d'Ivoire", "象牙海岸"),
    "CN": ("PRC", "P.R. China", "People's Republic of China", "China, People's Republic of", "China mainland",
           "Mainland China", "中华人民共和国", "中国大陆"),
    "CV": ("Cape Verde", "Cabo Verde"), "CZ": ("Czech Republic", "捷克共和国"),
    "FM": ("Micronesia", "Federated States of Micronesia"),
    "GB": ("UK", "Great Britain", "England", "Scotland", "Wales", "United Kingdom of Great Britain and Northern "
           "Ireland", "大不列颠", "英格兰", "Northern Ireland", "United Kingdom of Great Britain"),
    "HK": ("Hong Kong", "Hong Kong SAR", "香港", "中国香港"),
    "IR": ("Iran, Islamic Republic of",), "KP": ("DPRK", "Korea, Democratic People's Republic of"),
    "KR": ("Korea", "Republic of Korea", "Korea, Republic of", "Korea, South", "S. Korea", "大韩民国"),
    "LA": ("Lao PDR", "Lao People's Democratic Republic", "Laos PDR"),
    "MD": ("Moldova, Republic of",), "MK": ("Macedonia", "马其顿"), "MM": ("Burma", "Myanmar"),
    "MO": ("Macau", "Macao", "Macao SAR", "澳门", "中国澳门"),
    "NL": ("Holland", "The Netherlands", "Kingdom of the Netherlands"),
    "PS": ("Palestine", "巴勒斯坦", "Palestine, State of"), "RU": ("Russian Federation",),
    "SY": ("Syrian Arab Republic",),
    "SZ": ("Swaziland",), "TL": ("East Timor", "东帝汶"), "TR": ("Turkey", "Türkiye", "Turkiye"),
    "TW": ("Taiwan, China", "Taiwan, Province of China", "Chinese Taipei", "中国台湾", "台湾地区", "臺灣"),
    "TZ": ("Tanzania, United Republic of", "United Republic of Tanzania"),
    "US": ("USA", "U.S.A.", "U.S.", "United States of America", "America", "美利坚合众国"),
    "VA": ("Holy See", "Vatican"), "VE": ("Venezuela, Bolivarian Republic of", "Venezuela, RB"),
    "VN": ("Viet Nam",),
}  # fmt: skip


@cache
def country_codes() -> Mapping[str, str]:
    """ISO 3166-1 alpha-2 by every accepted way to write a country, in the form in which they are compared.

    English and Chinese names come first; those of `_LANGUAGES` are taken where they mean one country only. The
    three-letter codes come from CLDR's aliases; a name that stands for two countries is left out.
    """
    english = _names("en")
    codes = {code for code in english if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES}
    own: dict[str, set[str]] = {}
    others: dict[str, set[str]] = {}
    for code in codes:
        for name in (code, english[code], _names("zh_Hans")[code], *_FURTHER.get(code, ())):
            own.setdefault(_form(name), set()).add(code)
        for language in _LANGUAGES:
            others.setdefault(_form(_names(language).get(code, code)), set()).add(code)
    for alias, targets in get_global("territory_aliases").items():
        if len(alias) == 3 and alias.isalpha() and len(targets) == 1 and targets[0] in codes:
            own.setdefault(_form(alias), set()).add(targets[0])
    return _clear(others) | dict.fromkeys(own, "") | _clear(own)


def _clear(found: Mapping[str, set[str]]) -> dict[str, str]:
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


def _form(name: str) -> str:
    """The words of a name without accents, short forms, articles and order: "Congo, Dem. Rep. of the"."""
    letters = unicodedata.normalize("NFKD", name.replace("&", " and "))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = plain(bare).split(" ")
    if len(words) > 1:  # a word alone may be a code
        words = [_SHORT_FORMS.get(word, word) for word in words]
    return " ".join(sorted(word for word in words if word not in _SMALL_WORDS)) or plain(bare)


def _names(language: str) -> Mapping[str, str]:
    return cast(Mapping[str, str], Locale.parse(language).territories)


def country_of(written: str) -> str | None:
    """The alpha-2 code of what somebody wrote; "BR - Brazil", "BR Brazil" and "Brazil / 巴西" are accepted too."""
    known = country_codes()
    if code := known.get(_form(written)):
        return code
    parts = [part for part in (_form(each) for each in _parts(written)) if part]
    meant = {known.get(part) for part in parts}
    return (meant.pop() or None) if len(parts) > 1 and len(meant) == 1 else None


def _parts(written: str) -> list[str]:
    for mark in "/|(（-–—:：":
        if mark in written:
            return written.replace(")", "").replace("）", "").split(mark)
    first, _, rest = written.partition(" ")
    return [first, rest] if len(first) in {2, 3} and first.isupper() else [written]
