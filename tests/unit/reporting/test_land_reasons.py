"""A land verdict's codes are said as sentences, with the numbers of the verdict that gave them."""

from datetime import date

import pytest

from landproof.domain.outcome import Outcome
from landproof.render.wording import Wording
from landproof.reporting import build_report
from landproof.reporting.land_reasons import LandReasons
from landproof.reporting.nodes import RuleFindings
from tests.unit.reporting.invented import assessment, finding, findings, frame, tables

_STATUS = [
    {"plot": "L-4", "harm": "deforestation", "verdict": "converted", "reasons": ["C-FOREST"], "area_m2": 12500},
    {"plot": "L-5", "harm": "deforestation", "verdict": "inconclusive", "reasons": ["I-STRADDLE", "I-SMALL"],
     "earliest": date(2020, 10, 1), "latest": date(2021, 12, 31)},
]  # fmt: skip


def reasons() -> LandReasons:
    return LandReasons(frame("plot_status", _STATUS), assessment().edition)


@pytest.mark.parametrize(
    ("plot", "codes", "english", "chinese"),
    [
        (
            "L-4",
            "C-FOREST",
            "Forest on 31 December 2020, 12,500 m² cleared after, now farm use (C-FOREST)",
            "2020年12月31日 为森林，此后清除 12,500 平方米，现为农业用途（C-FOREST）",
        ),
        (
            "L-5",
            "I-STRADDLE, I-SMALL",
            "Change date spans the cut-off (1 October 2020 to 31 December 2021) (I-STRADDLE); "
            "Change below 0.5 ha (I-SMALL)",
            "变化日期跨越截止日（2020年10月1日 至 2021年12月31日）（I-STRADDLE）；变化小于 0.5 公顷（I-SMALL）",
        ),
        # A verdict that is not on file has no numbers, and none is invented.
        (
            "L-9",
            "C-FOREST",
            "Forest on 31 December 2020, unknown m² cleared after, now farm use (C-FOREST)",
            "2020年12月31日 为森林，此后清除 未知 平方米，现为农业用途（C-FOREST）",
        ),
        ("L-4", "-", "-", "-"),
        ("L-4", "X-NEW", "X-NEW", "X-NEW"),
    ],
)
def test_codes_become_sentences(plot: str, codes: str, english: str, chinese: str) -> None:
    cell = reasons().of_finding(plot, codes)
    assert (Wording("en")(cell), Wording("zh")(cell)) == (english, chinese)


def test_a_finding_on_the_land_says_why_in_words() -> None:
    edition = assessment().edition
    found = tables()
    found["plot_status"] = frame("plot_status", _STATUS)
    bad = finding("DCF-3.1-1", "L-4", Outcome.NOT_MET, "converted", '{"codes":"C-FOREST"}')
    said = "The land verdict for plot %(subject)s is converted: %(codes)s."
    case = assessment(tables=found, findings=findings(edition, [bad]), reasons={"DCF-3.1-1": {"converted": said}})
    rule = next(
        node for node in build_report(case).nodes() if isinstance(node, RuleFindings) and node.rule == "DCF-3.1-1"
    )
    assert rule.table is not None
    assert Wording("en")(rule.table.rows[0].cells[3]) == (
        "The land verdict for plot L-4 is converted: "
        "Forest on 31 December 2020, 12,500 m² cleared after, now farm use (C-FOREST)."
    )
