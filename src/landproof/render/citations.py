"""Where a rule or a reading stands in the criteria ("3.3; Summary 2 row 3 and footnote 3"), in both languages."""

import re
from collections.abc import Callable, Iterable, Mapping

from landproof.domain.messages import text

# What a number follows, and what it is called with it.
_NUMBERED: Mapping[str, str] = {
    "Summary": text("Summary %(number)s"),
    "row": text("row %(number)s"),
    "footnotes": text("footnotes %(number)s"),
    "footnote": text("footnote %(number)s"),
    "list": text("list %(number)s"),
    "Table": text("Table %(number)s"),
    "Box": text("Box %(number)s"),
    "Annex": text("Annex %(number)s"),
    "Art.": text("Art. %(number)s"),
}
_TERMS = (
    text("Definitions"),
    text("Summary"),
    text("agri-food entity"),
    text("agri-food product"),
    text("Climate Bonds certification"),
    text("degradation of natural ecosystems"),
    text("forest degradation"),
    text("natural ecosystem"),
    text("due diligence"),
    text("risk assessment"),
    text("deforestation"),
    text("conversion"),
    text("geolocation"),
    text("verification"),
    text("forest"),
    text("parent"),
    text("note"),
    text("and"),
    text("vs"),
)


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of ``words``, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_KNOWN = re.compile(
    rf"(?P<kind>{_any_of(_NUMBERED)}) (?P<number>[\divx]+(\(\d+\))?)|\b(?P<term>{_any_of(_TERMS)})\b"
)
_BRACKETS = re.compile(r" \(([^()]*)\)")


def citation(clause: str, translate: Callable[[str], str], *, chinese: bool) -> str:
    """``clause`` with every word that ``translate`` knows; the rest stays as the edition has it."""

    def said(found: re.Match[str]) -> str:
        if found["term"]:
            return translate(found["term"])
        return translate(_NUMBERED[found["kind"]]) % {"number": found["number"]}

    told = _KNOWN.sub(said, clause)
    if not chinese:
        return told
    return _BRACKETS.sub(r"（\1）", told).replace("; ", "；").replace(", ", "，")
