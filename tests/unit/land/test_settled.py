"""Verdicts on the day of evaluation: data that grew old, and reviews that two people signed."""

from datetime import date

import polars as pl
import pytest

from landproof.domain.derived import PLOT_STATUS
from landproof.domain.facts.land import LAND_REVIEWS
from landproof.domain.tables import conform
from landproof.land.settled import settled
from landproof.land.thresholds import PUBLISHED
from tests.unit.land.deciding import CUT_OFF

AS_OF = date(2026, 11, 1)
DOCUMENTS = pl.DataFrame({"reference": ["report.pdf"], "digest": ["ab"]})
GOOD = {
    "review": "R1", "plot": "P", "harm": "deforestation", "outcome": "not converted", "looked_at": "image pair",
    "first_image_on": date(2020, 6, 1), "last_image_on": date(2026, 1, 1),
    "reviewer": "Ann", "second_reviewer": "Bo", "signed_on": date(2026, 10, 1), "document": "report.pdf",
}  # fmt: skip


def status(
    verdict: str,
    *reasons: str,
    harm: str = "deforestation",
    seen_until: date | None = AS_OF,
    latest: date | None = None,
) -> pl.DataFrame:
    row = {"plot": "P", "harm": harm, "verdict": verdict, "reasons": list(reasons)}
    days = {"seen_until": seen_until, "latest": latest}
    return conform(pl.DataFrame([row | days], schema_overrides=dict.fromkeys(days, pl.Date)), PLOT_STATUS)


def stands(before: pl.DataFrame, *reviews: dict[str, object]) -> tuple[str, list[str], str | None]:
    """Verdict, reasons and review after ``reviews``."""
    given = conform(pl.DataFrame(list(reviews)) if reviews else LAND_REVIEWS.empty(), LAND_REVIEWS)
    after = settled(before, given, DOCUMENTS, thresholds=PUBLISHED, cut_off=CUT_OFF, as_of=AS_OF)
    assert after.schema == before.schema
    [row] = after.iter_rows(named=True)
    return row["verdict"], row["reasons"], row["review"]


@pytest.mark.parametrize(
    ("seen_until", "verdict"),
    [
        (date(2025, 5, 2), "not converted"),  # 18 months on: 2 November 2026
        (date(2025, 5, 1), "not converted"),  # 1 November 2026, the day itself
        (date(2025, 4, 30), "inconclusive"),
        (None, "inconclusive"),
    ],
)
def test_silence_grows_old(seen_until: date | None, verdict: str):
    found = stands(status("not converted", "N-SILENT", seen_until=seen_until))

    assert found == ((verdict, ["N-SILENT"], None) if verdict == "not converted" else (verdict, ["I-STALE"], None))


@pytest.mark.parametrize(
    ("harm", "reasons"), [("deforestation", ["N-SILENT", "N-NONNATURAL"]), ("peat", ["N-NO-PEAT"])]
)
def test_land_that_was_never_natural_does_not_grow_old(harm: str, reasons: list[str]):
    assert stands(status("not converted", *reasons, harm=harm, seen_until=None))[0] == "not converted"


def test_a_proved_harm_does_not_grow_old():
    assert stands(status("converted", "C-FOREST", seen_until=None)) == ("converted", ["C-FOREST"], None)


@pytest.mark.parametrize("before", ["inconclusive", "converted", "not converted", "not assessed"])
def test_a_signed_review_replaces_the_verdict(before: str):
    assert stands(status(before, "I-USE"), GOOD) == ("not converted", ["N-GROUND"], "R1")
    assert stands(status(before, "I-USE"), GOOD | {"outcome": "converted"}) == ("converted", ["C-REVIEW"], "R1")


@pytest.mark.parametrize(
    "fault",
    [
        {"second_reviewer": "Ann"},
        {"second_reviewer": None},
        {"reviewer": None},
        {"signed_on": None},
        {"signed_on": date(2026, 11, 2)},  # a day after the evaluation
        {"document": None},
        {"document": "elsewhere.pdf"},
        {"looked_at": "other map"},
        {"looked_at": None},
        {"outcome": None},
        {"first_image_on": date(2019, 12, 30)},  # more than 12 months before the cut-off
        {"first_image_on": date(2021, 1, 1)},
        {"last_image_on": CUT_OFF},
        {"last_image_on": None},
        {"plot": "Q"},
        {"harm": "peat"},
    ],
    ids=str,
)
def test_a_review_with_a_fault_changes_nothing(fault: dict[str, object]):
    assert stands(status("inconclusive", "I-USE"), GOOD | fault) == ("inconclusive", ["I-USE"], None)


@pytest.mark.parametrize(
    "change",
    [
        {"signed_on": AS_OF},
        {"first_image_on": date(2019, 12, 31)},
        {"first_image_on": CUT_OFF, "last_image_on": date(2021, 1, 1)},
        {"looked_at": "field visit", "first_image_on": None, "last_image_on": None},
    ],
    ids=str,
)
def test_a_review_at_the_limits_counts(change: dict[str, object]):
    assert stands(status("inconclusive", "I-USE"), GOOD | change)[0] == "not converted"


def test_reviews_that_disagree_leave_the_plot_in_doubt():
    other = GOOD | {"review": "R2", "outcome": "converted"}

    assert stands(status("not converted", "N-SILENT"), other, GOOD) == ("inconclusive", ["I-REVIEW"], "R1")


def test_nobody_can_review_land_whose_outline_is_unusable():
    assert stands(status("not assessed", "A-GEOM"), GOOD) == ("not assessed", ["A-GEOM"], None)


def test_an_image_shows_no_peat_drainage_and_a_visit_does():
    doubt = status("inconclusive", "I-PEAT", harm="peat")

    assert stands(doubt, GOOD | {"harm": "peat"})[0] == "inconclusive"
    assert stands(doubt, GOOD | {"harm": "peat", "looked_at": "field visit"})[0] == "not converted"


@pytest.mark.parametrize(
    ("latest", "verdict"),
    [
        (date(2025, 12, 31), "not converted"),
        (date(2026, 1, 1), "not converted"),  # the day of the last image
        (date(2026, 1, 2), "inconclusive"),  # the change may have come after it
        (None, "not converted"),
    ],
)
def test_a_review_clears_no_change_that_came_after_it(latest: date | None, verdict: str):
    assert stands(status("inconclusive", "I-USE", latest=latest), GOOD)[0] == verdict
    visit = GOOD | {"looked_at": "field visit", "last_image_on": None}  # seen on the day it was signed
    assert stands(status("inconclusive", "I-USE", latest=date(2026, 10, 1)), visit)[0] == "not converted"
    assert stands(status("inconclusive", "I-USE", latest=date(2026, 10, 2)), visit)[0] == "inconclusive"


def test_a_review_that_convicts_need_not_be_newer():
    found = stands(status("inconclusive", "I-USE", latest=AS_OF), GOOD | {"outcome": "converted"})

    assert found[0] == "converted"


def test_an_old_review_grows_old_like_any_look_and_a_new_one_makes_up_for_old_layers():
    old = GOOD | {"last_image_on": date(2025, 4, 30), "signed_on": date(2025, 5, 1)}

    assert stands(status("inconclusive", "I-USE", seen_until=None), old) == ("inconclusive", ["I-STALE"], "R1")
    assert stands(status("inconclusive", "I-USE"), old)[0] == "not converted"  # the layers looked since
    assert stands(status("inconclusive", "I-STALE", seen_until=None), GOOD)[0] == "not converted"
