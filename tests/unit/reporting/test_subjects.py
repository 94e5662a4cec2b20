"""Positions, origins and commodities are called what people call them; what an owner named stays as written."""

import polars as pl
import pytest

from landproof.domain.derived import DERIVED
from landproof.render.wording import Wording
from landproof.reporting.subjects import Subjects
from tests.unit.reporting.invented import frame

_TWICE = {"supplier": "S-2", "commodity": "soy", "country": "BR", "from_2030": False}


def subjects() -> Subjects:
    positions = frame(
        "positions",
        [
            {"position": "S-1|pepper|VN|annex1|before-2030", "supplier": "S-1", "commodity": "pepper",
             "country": "VN", "list": "annex1", "from_2030": False},
            {"position": "feed:P-14|S-1|maize|?|annex1|before-2030", "supplier": "S-1", "commodity": "maize",
             "list": "annex1", "feed_for": "P-14", "from_2030": False},
            {"position": "S-2|soy|BR|annex1|before-2030", "list": "annex1", **_TWICE},
            {"position": "S-2|soy|BR|eudr-2025-1093|before-2030", "list": "eudr-2025-1093", **_TWICE},
        ],
    )  # fmt: skip
    origins = frame("origin_risk", [{"commodity": "unknown", "country": "FR", "list": "annex1"}])
    return Subjects(positions, origins)


@pytest.mark.parametrize(
    ("subject", "english", "chinese"),
    [
        ("S-1|pepper|VN|annex1|before-2030", "pepper from Vietnam, supplier S-1", "越南的胡椒，供应商 S-1"),
        (
            "feed:P-14|S-1|maize|?|annex1|before-2030",
            "maize from unknown fed for P-14, supplier S-1",
            "用作 P-14 饲料的未知玉米，供应商 S-1",
        ),
        # Two positions that differ in their list only are told apart by it.
        (
            "S-2|soy|BR|annex1|before-2030",
            "soy from Brazil, supplier S-2 (Annex 1 of the criteria, received before 2030)",
            "巴西的大豆，供应商 S-2（本标准附件 1，2030 年以前收货）",
        ),
        (
            "unknown|FR|annex1",
            "unknown commodity from France (Annex 1 of the criteria)",
            "法国的未知商品（本标准附件 1）",
        ),
        ("pepper", "pepper", "胡椒"),
        ("commodity:pepper", "pepper", "胡椒"),
        ("annex1", "Annex 1 of the criteria", "本标准附件 1"),
        ("entity", "the company", "本公司"),
        (
            "S-9|pepper|VN|annex1|before-2030",
            "S-9|pepper|VN|annex1|before-2030",
            "S-9|pepper|VN|annex1|before-2030",
        ),
        ("high", "high", "high"),  # somebody's identifier, though it is a word elsewhere
    ],
)
def test_a_subject_is_called_what_people_call_it(subject: str, english: str, chinese: str) -> None:
    cell = subjects().cell(subject)
    assert (Wording("en")(cell), Wording("zh")(cell)) == (english, chinese)


def test_a_case_without_positions_names_nothing() -> None:
    none = Subjects(DERIVED["positions"].empty(), pl.DataFrame(schema=DERIVED["origin_risk"].schema))
    assert Wording("en")(none.cell("L-1")) == "L-1"
