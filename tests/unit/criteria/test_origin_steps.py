"""The step `origin_risk`: which level an origin gets, and that ignorance never lowers it."""

from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landproof.criteria.cases import DOCUMENTS, frame
from landproof.criteria.steps.origins import origin_risk
from landproof.domain.derived import DERIVED
from landproof.domain.facts import FACTS
from landproof.domain.tables import conform
from landproof.reference.editions import load_origin_lists

AS_OF = date(2026, 6, 30)
EUDR, ANNEX_1 = "eudr-2025-1093", "annex1"
LISTS = load_origin_lists()
SIX = {"soy", "coffee", "cocoa"}


def classification(kind: str, level: str | None, country: str, **more: Any) -> dict[str, Any]:
    by = "entity" if kind == "conversion" else "verifier"
    return {
        "classification": f"{kind} {country}",
        "kind": kind,
        "country": country,
        "level": level,
        "by": by,
        "on": date(2026, 1, 15),
        "document": "note.pdf",
        "page": "1",
        **more,
    }


def run(
    origins: list[tuple[str | None, str | None, str | None]],
    classes: list[dict[str, Any]] | None = None,
    *,
    documents: tuple[str, ...] = ("note.pdf",),
    ratio_at_limit: str = "high",
    lists: pl.DataFrame = LISTS,
) -> pl.DataFrame:
    positions = [
        {"position": f"Q{number}", "commodity": commodity, "country": country, "list": list_id}
        for number, (commodity, country, list_id) in enumerate(origins)
    ]
    result = origin_risk(
        frame(DERIVED["positions"], positions),
        lists,
        frame(FACTS["risk_classes"], classes or []),
        pl.DataFrame({"reference": list(documents), "digest": list(documents)}, schema=DOCUMENTS),
        as_of=AS_OF,
        loss_ratio=Fraction(1, 100),
        ratio_at_limit=ratio_at_limit,
    )
    return conform(result, DERIVED["origin_risk"]).sort("commodity", "country", "list")


def one(
    commodity: str | None, country: str | None, list_id: str | None, *args: Any, **more: Any
) -> dict[str, Any]:
    return run([(commodity, country, list_id)], *args, **more).row(0, named=True)


@pytest.mark.parametrize(
    ("commodity", "country", "list_id", "listed_level", "basis", "level"),
    [
        ("coffee", "VN", EUDR, "low", "list", "low"),
        ("cashew", "VN", ANNEX_1, "high", "list", "high"),
        ("cocoa", "CM", EUDR, "standard", "default", "high"),
        ("banana", "CM", ANNEX_1, "low", "list", "low"),
        ("soy", "CN", EUDR, "low", "list", "low"),
        ("wheat", "CN", ANNEX_1, "high", "list", "high"),
        ("soy", "BO", EUDR, "standard", "default", "high"),
        ("quinoa", "BO", ANNEX_1, "not listed", "none", "high"),
        ("soy", "BR", EUDR, "standard", "default", "high"),
        ("soy", "RU", EUDR, "high", "list", "high"),
        ("soy", "HK", EUDR, "standard", "default", "high"),
        ("barley", "XAD", ANNEX_1, "low", "list", "low"),
        ("potato", "AX", ANNEX_1, "high", "list", "high"),
        ("potato", "FI", ANNEX_1, "not listed", "none", "high"),
    ],
)
def test_level_by_commodity_country_and_list(
    commodity: str, country: str, list_id: str, listed_level: str, basis: str, level: str
) -> None:
    row = one(commodity, country, list_id, [classification("conversion", "low", country)])
    assert (row["listed_level"], row["basis"], row["deforestation_level"]) == (listed_level, basis, level)
    assert (row["conversion_level"], row["level"]) == ("low", level)


def test_the_day_of_the_list_is_kept() -> None:
    assert one("soy", "CN", EUDR)["list_from"] == date(2025, 5, 26)
    assert one("wheat", "CN", ANNEX_1)["list_from"] == date(2024, 4, 12)


@pytest.mark.parametrize(
    "origin",
    [("soy", None, EUDR), (None, "CN", EUDR), ("soy", "CN", None), ("soy", "CN", "no-such-list"),
     ("unknown", "CN", EUDR), ("unknown", "US", ANNEX_1)],
)  # fmt: skip
def test_whatever_is_unknown_is_high(origin: tuple[str | None, str | None, str | None]) -> None:
    low = [classification("conversion", "low", "CN"), classification("conversion", "low", "US")]
    row = one(*origin, low)
    assert (row["basis"], row["deforestation_level"], row["level"]) == ("none", "high", "high")


def test_a_country_that_no_eudr_list_names_is_standard_by_default() -> None:
    row = one("soy", "ZZ", EUDR, [classification("conversion", "low", "ZZ")])
    assert (row["listed_level"], row["basis"], row["level"]) == ("standard", "default", "high")


def test_without_any_list_every_origin_is_high() -> None:
    low = [classification("conversion", "low", "CN")]
    assert one("soy", "CN", EUDR, low, lists=pl.DataFrame())["level"] == "high"


class TestConversion:
    def test_an_origin_without_a_class_is_high(self) -> None:
        row = one("soy", "CN", EUDR)
        assert (row["deforestation_level"], row["conversion_level"], row["level"]) == ("low", None, "high")

    def test_the_higher_of_the_two_wins(self) -> None:
        row = one("soy", "CN", EUDR, [classification("conversion", "high", "CN")])
        assert (row["deforestation_level"], row["conversion_level"], row["level"]) == ("low", "high", "high")

    def test_a_class_without_a_document_in_the_case_does_not_count(self) -> None:
        row = one("soy", "CN", EUDR, [classification("conversion", "low", "CN")], documents=())
        assert (row["conversion_level"], row["level"]) == (None, "high")

    def test_a_class_for_another_commodity_does_not_count(self) -> None:
        row = one("soy", "CN", EUDR, [classification("conversion", "low", "CN", commodity="wheat")])
        assert row["conversion_level"] is None

    def test_a_class_for_this_commodity_counts(self) -> None:
        assert (
            one("soy", "CN", EUDR, [classification("conversion", "low", "CN", commodity="soy")])["level"] == "low"
        )


class TestVerifier:
    low = (classification("conversion", "low", "BO"),)

    def verifier(self, level: str | None = "low", loss: str | None = "0.5", **more: Any) -> dict[str, Any]:
        numbers = {"loss_ha": loss, "cover_ha": "100", "dataset_version": "Hansen 1.10"}
        return classification("deforestation", level, "BO", **{**numbers, **more})

    def test_a_documented_low_with_its_ratio_counts(self) -> None:
        row = one("quinoa", "BO", ANNEX_1, [*self.low, self.verifier()])
        assert (row["listed_level"], row["basis"], row["level"]) == ("not listed", "verifier", "low")

    @pytest.mark.parametrize(("loss", "reading", "level"), [
        ("0.999999", "high", "low"), ("1", "high", "high"), ("1.000001", "high", "high"),
        ("0.999999", "low", "low"), ("1", "low", "low"), ("1.000001", "low", "high"),
    ])  # fmt: skip
    def test_the_ratio_at_its_limit(self, loss: str, reading: str, level: str) -> None:
        row = one("quinoa", "BO", ANNEX_1, [*self.low, self.verifier(loss=loss)], ratio_at_limit=reading)
        assert (row["basis"], row["level"]) == ("verifier", level)

    @pytest.mark.parametrize(
        "flaw",
        [{"loss_ha": None}, {"cover_ha": None}, {"cover_ha": "0"}, {"dataset_version": None}, {"document": None},
         {"page": None}, {"on": None}, {"on": date(2026, 7, 1)}, {"by": "entity"}, {"level": None}],
    )  # fmt: skip
    def test_a_flaw_leaves_the_country_high(self, flaw: dict[str, Any]) -> None:
        row = one("quinoa", "BO", ANNEX_1, [*self.low, {**self.verifier(), **flaw}])
        assert (row["basis"], row["level"]) == ("none", "high")

    def test_the_verifier_cannot_lower_a_listed_country(self) -> None:
        row = one("wheat", "CN", ANNEX_1, [
            classification("conversion", "low", "CN"),
            classification("deforestation", "low", "CN", loss_ha="0", cover_ha="9", dataset_version="Hansen 1.10"),
        ])  # fmt: skip
        assert (row["basis"], row["level"]) == ("list", "high")

    def test_the_verifier_cannot_lower_a_country_that_eudr_leaves_standard(self) -> None:
        row = one("soy", "BO", EUDR, [*self.low, self.verifier()])
        assert (row["basis"], row["level"]) == ("default", "high")


ORIGINS = st.tuples(
    st.sampled_from(["soy", "coffee", "cashew", "quinoa", "unknown", None]),
    st.sampled_from(["BR", "VN", "CM", "CN", "BO", "US", None]),
    st.sampled_from([EUDR, ANNEX_1, None]),
)
CLASSES = st.lists(
    st.builds(
        lambda kind, country, level, loss, document: classification(
            kind, level, country, loss_ha=loss, cover_ha="100", dataset_version="v", document=document
        ),
        st.sampled_from(["deforestation", "conversion"]),
        st.sampled_from(["BR", "VN", "CM", "CN", "BO", "US"]),
        st.sampled_from(["high", "low", None]),
        st.sampled_from(["0.5", "1", "2", None]),
        st.sampled_from(["note.pdf", "other.pdf", None]),
    ),
    max_size=8,
    unique_by=lambda row: row["classification"],  # one class per kind and country
)


@settings(deadline=None, max_examples=60)
@given(origins=st.lists(ORIGINS, min_size=1, max_size=8), classes=CLASSES, random=st.randoms())
def test_row_order_does_not_matter(origins: list[Any], classes: list[Any], random: Any) -> None:
    shuffled, mixed = list(origins), list(classes)
    random.shuffle(shuffled)
    random.shuffle(mixed)
    assert run(origins, classes).equals(run(shuffled, mixed, lists=LISTS.reverse()))


@settings(deadline=None, max_examples=60)
@given(origins=st.lists(ORIGINS, min_size=1, max_size=8), classes=CLASSES, keep=st.lists(st.booleans()))
def test_dropping_classes_never_lowers_a_level(origins: list[Any], classes: list[Any], keep: list[bool]) -> None:
    kept = [row for row, wanted in zip(classes, keep, strict=False) if wanted]
    full, less = run(origins, classes), run(origins, kept)
    assert full.select("commodity", "country", "list").equals(less.select("commodity", "country", "list"))
    lowered = (full["level"] == "high") & (less["level"] == "low")
    assert not lowered.any()


@settings(deadline=None, max_examples=60)
@given(origins=st.lists(ORIGINS, min_size=1, max_size=8), classes=CLASSES)
def test_dropping_documents_never_lowers_a_level(origins: list[Any], classes: list[Any]) -> None:
    full, less = run(origins, classes, documents=("note.pdf", "other.pdf")), run(origins, classes)
    assert not ((full["level"] == "high") & (less["level"] == "low")).any()


@settings(deadline=None, max_examples=60)
@given(origins=st.lists(ORIGINS, min_size=1, max_size=8))
def test_every_origin_has_exactly_one_row(origins: list[Any]) -> None:
    assert run(origins).height == len(set(origins))
