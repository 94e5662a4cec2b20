"""Rounding happens here and nowhere else, and never onto a number that decides."""

from datetime import date
from decimal import Decimal

import pytest

from landproof.criteria.edition import Bilingual
from landproof.domain.outcome import Outcome
from landproof.render.wording import Wording
from landproof.reporting.cells import (
    Amount,
    Area,
    Cell,
    Citation,
    Country,
    Exact,
    Id,
    ListName,
    Many,
    Mass,
    Quantity,
    Share,
    Word,
    say,
)

D = Decimal


def both(cell: Cell) -> tuple[str, str]:
    return tuple(Wording(language)(cell).replace("\u00a0", " ") for language in ("en", "zh"))  # pyright: ignore[reportReturnType]


@pytest.mark.parametrize(
    ("part", "english"),
    [
        ("824000", "82.4 %"),
        ("824499", "82.4 %"),
        ("1000000", "100 %"),
        ("999999", "99.9999 %"),  # not all
        ("999999.9", "< 100 %"),
        ("900000.1", "> 90 %"),
        ("0.1", "> 0 %"),
        ("999500", "99.95 %"),
        ("900000", "90 %"),
        ("899999", "89.9999 %"),  # below the limit of coverage
        ("10000", "1 %"),
        ("9999", "0.9999 %"),  # below the limit of materiality
        ("10001", "1.0001 %"),
        ("1", "0.0001 %"),  # not none
        ("140000.0004", "14 %"),  # no trailing zeros
        ("100000.00004", "> 10 %"),
        ("0", "0 %"),
    ],
)
def test_a_share_never_rounds_onto_a_limit(part: str, english: str) -> None:
    assert both(Share(D(part), D(1_000_000))) == (english, english.replace(" %", "%"))


@pytest.mark.parametrize(
    ("cell", "english", "chinese"),
    [
        (Amount(D("1234567.5"), "CNY"), "CNY 1,234,568", "CNY 1,234,568"),
        (Amount(D("999.995"), "CNY"), "CNY 1,000.00", "CNY 1,000.00"),
        (Amount(D("0.1"), None), "0.10", "0.10"),
        (Mass(D(1_250_500_000)), "1,250.5 t", "1,250.5 吨"),
        (Mass(D(999_999)), "999.999 kg", "999.999 千克"),
        (Area(D("6.200000")), "6.2 ha", "6.2 公顷"),
        (Area(D("120.000000")), "120 ha", "120 公顷"),
        (Quantity(D("1200.500")), "1,200.5", "1,200.5"),
        (date(2020, 12, 31), "31 December 2020", "2020年12月31日"),
        (Outcome.INSUFFICIENT, "insufficient evidence", "证据不足"),
        (None, "unknown", "未知"),
        (Word("soy"), "soy", "大豆"),
        (Word("yak butter"), "yak butter", "yak butter"),
        (Id("soy"), "soy", "soy"),  # an identifier is not translated
        (Country("CI"), "Côte d'Ivoire", "科特迪瓦"),
        (Country("TW"), "Taiwan", "台湾"),
        (Country("HK"), "Hong Kong SAR China", "中国香港特别行政区"),
        (Country("ZZ"), "ZZ", "ZZ"),
        (
            Citation("2.4; Summary 2 row 3 and footnote 3"),
            "2.4; Summary 2 row 3 and footnote 3",
            "2.4；摘要 2 第 3 行 和 脚注 3",
        ),
        (
            Citation("Definitions (forest); EUDR Art. 2(3)"),
            "Definitions (forest); EUDR Art. 2(3)",
            "定义（森林）；EUDR 第 2(3) 条",
        ),
        (ListName("annex1"), "Annex 1 of the criteria", "本标准附件 1"),
        (ListName("own"), "own", "own"),
        (Many((Id("a"), Id("b"))), "a, b", "a、b"),
        (Many((Id("a"), Id("b")), between="; "), "a; b", "a；b"),
        (Many((Id("a"), Id("b")), between="\n"), "a; b", "a；b"),  # in one line where there are no lines
        (Exact(D("119999999.948700"), "EUR"), "119,999,999.9487 EUR", "119,999,999.9487 EUR"),
        (Exact(D("2400"), "reporting currency"), "2,400 in the reporting currency", "2,400 （报告货币）"),
        (Word("pepper"), "pepper", "胡椒"),
        (Word("unknown commodity"), "unknown commodity", "未知商品"),
        (Bilingual("both", "两者"), "both", "两者"),
        (Bilingual("only English", ""), "only English", "only English"),
        (say("100 % sure"), "100 % sure", "100 % sure"),
        (say("%(share)s, 5 %% more", share=None), "unknown, 5 % more", "未知, 5 % more"),
    ],
)
def test_cells(cell: Cell, english: str, chinese: str) -> None:
    assert both(cell) == (english, chinese)
