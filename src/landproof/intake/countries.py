"""Countries by ISO 3166-1 code or by name in English and Chinese (names from CLDR)."""

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
_FURTHER: Final[Mapping[str, tuple[str, ...]]] = {
    "BO": ("Bolivia, Plurinational State of",),
    "BN": ("Brunei Darussalam",),
    "CD": ("DRC", "DR Congo", "Democratic Republic of the Congo", "Congo, Democratic Republic of the",
           "Congo, Dem. Rep.", "Congo-Kinshasa", "Zaire", "刚果民主共和国", "刚果(金)", "民主刚果"),
    "CG": ("Congo", "Republic of the Congo", "Congo, Rep.", "Congo-Brazzaville", "刚果共和国", "刚果(布)"),
    "CI": ("Ivory Coast", "Cote d'Ivoire", "Cote dIvoire", "Côte d'Ivoire", "象牙海岸"),
    "CN": ("PRC", "P.R. China", "People's Republic of China", "China, People's Republic of", "China mainland",
           "Mainland China", "中华人民共和国", "中国大陆"),
    "CV": ("Cape Verde",), "CZ": ("Czech Republic", "捷克共和国"), "FM": ("Micronesia",),
    "GB": ("UK", "Great Britain", "England", "Scotland", "Wales", "United Kingdom of Great Britain and Northern "
           "Ireland", "大不列颠", "英格兰"),
    "HK": ("Hong Kong", "Hong Kong SAR", "香港", "中国香港"),
    "IR": ("Iran, Islamic Republic of",), "KP": ("DPRK", "Korea, Democratic People's Republic of"),
    "KR": ("Korea", "Republic of Korea", "Korea, Republic of", "Korea, South", "S. Korea", "大韩民国"),
    "LA": ("Lao PDR", "Lao People's Democratic Republic", "Laos PDR"),
    "MD": ("Moldova, Republic of",), "MK": ("Macedonia", "马其顿"), "MM": ("Burma",),
    "MO": ("Macau", "Macao", "Macao SAR", "澳门", "中国澳门"), "NL": ("Holland", "The Netherlands"),
    "PS": ("Palestine", "巴勒斯坦"), "RU": ("Russian Federation",), "SY": ("Syrian Arab Republic",),
    "SZ": ("Swaziland",), "TL": ("East Timor", "东帝汶"), "TR": ("Turkey", "Türkiye", "Turkiye"),
    "TW": ("Taiwan, China", "Taiwan, Province of China", "Chinese Taipei", "中国台湾", "台湾地区", "臺灣"),
    "TZ": ("Tanzania, United Republic of", "United Republic of Tanzania"),
    "US": ("USA", "U.S.A.", "U.S.", "United States of America", "America", "美利坚合众国"),
    "VA": ("Holy See",), "VE": ("Venezuela, Bolivarian Republic of",), "VN": ("Viet Nam",),
}  # fmt: skip


@cache
def country_codes() -> Mapping[str, str]:
    """ISO 3166-1 alpha-2 by every accepted way to write a country, in plain form.

    The three-letter codes come from CLDR's aliases; a name that stands for two countries is left out.
    """
    english, chinese = _names("en"), _names("zh_Hans")
    codes = {code for code in english if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES}
    found: dict[str, set[str]] = {}
    for code in codes:
        names = (code, english[code], chinese[code], *_FURTHER.get(code, ()))
        for name in names:
            for form in {plain(name), plain(name.replace("&", "and")), plain(name.removeprefix("The "))}:
                found.setdefault(form, set()).add(code)
    for alias, targets in get_global("territory_aliases").items():
        if len(alias) == 3 and alias.isalpha() and len(targets) == 1 and targets[0] in codes:
            found.setdefault(plain(alias), set()).add(targets[0])
    return {name: matches.pop() for name, matches in found.items() if len(matches) == 1}


def _names(language: str) -> Mapping[str, str]:
    return cast(Mapping[str, str], Locale.parse(language).territories)


def country_of(written: str) -> str | None:
    """The alpha-2 code of what somebody wrote; "BR - Brazil", "BR Brazil" and "Brazil / 巴西" are accepted too."""
    known = country_codes()
    if (code := known.get(plain(written))) is not None:
        return code
    parts = [part for part in (plain(each) for each in _parts(written)) if part]
    meant = {known.get(part) for part in parts}
    return meant.pop() if len(parts) > 1 and len(meant) == 1 else None


def _parts(written: str) -> list[str]:
    for mark in "/|(（-–—:：":
        if mark in written:
            return written.replace(")", "").replace("）", "").split(mark)
    first, _, rest = written.partition(" ")
    return [first, rest] if len(first) in {2, 3} and first.isupper() else [written]
