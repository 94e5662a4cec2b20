"""The chain of the invented company, followed by command; sums are checked against the tables of its run."""

import json
import re
from collections.abc import Callable
from math import ceil
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from landproof.casefile.case import open_case
from landproof.cli.app import landproof
from landproof.domain.errors import UsageError
from landproof.run.demo import Demo

Ask = Callable[..., Result]


@pytest.fixture
def ask(demo: Demo) -> Ask:
    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(landproof, ["trace", str(demo.case), *arguments], catch_exceptions=False)

    return invoke


def table(demo: Demo, name: str) -> pl.DataFrame:
    case = open_case(demo.case)
    return case.read_table(name, case.state().facts[name])


def content(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_all_plots_behind_a_product(demo: Demo, ask: Ask):
    run = demo.assessed.run
    purchases = table(demo, "purchases")
    product = purchases.filter(pl.col("lot").is_not_null())["product"].drop_nulls().sort()[0]
    lines = purchases.filter(pl.col("product") == product)
    found = content(ask(product, "--json"))
    behind = run.table("lot_plots").join(lines.select("lot").unique(), on="lot", how="semi")
    assert {plot["plot"] for plot in found["plots"]} == set(behind["plot"])
    assert found["mass_g"] == lines["quantity_g"].sum()
    assert sum(plot["mass_g"] for plot in found["plots"]) == found["from_plots_g"]
    assert found["from_plots_g"] + found["from_country_g"] + found["unknown_g"] == found["mass_g"]


def test_all_products_touched_by_a_plot_have_it_behind_them(demo: Demo, ask: Ask):
    behind = demo.assessed.run.table("lot_plots")
    plot = behind["plot"].sort()[0]
    found = content(ask(plot, "--forward", "--json"))
    purchases = table(demo, "purchases")
    touched = purchases.join(behind.filter(pl.col("plot") == plot), on="lot", how="semi")
    feed = table(demo, "feed").join(behind.filter(pl.col("plot") == plot), on="lot", how="semi")
    assert found["products"] == sorted({*touched["product"], *feed["product"]})
    assert [line["line"] for line in found["lines"]] == touched["line"].sort().to_list()


def test_feed_stands_beside_the_mass_of_an_animal_product(demo: Demo, ask: Ask):
    feed = table(demo, "feed").filter(pl.col("lot").is_not_null() & pl.col("kg_per_kg").is_not_null())
    record = feed.sort("feed").row(0, named=True)
    found = content(ask(record["product"], "--as", "product", "--json"))
    fed = next(each for each in found["feed"] if each["feed"] == record["feed"])
    # The record is of one supplier, and covers its lines only.
    lines = table(demo, "purchases").filter(
        (pl.col("product") == record["product"]) & (pl.col("supplier") == record["supplier"])
    )
    assert fed["mass_g"] == ceil(lines["quantity_g"].sum() * record["kg_per_kg"])
    owed = demo.assessed.run.table("feed_obligations").filter(pl.col("feed") == record["feed"])
    assert (owed["mass_g"].sum(), owed["line"].to_list()) == (fed["mass_g"], lines["line"].sort().to_list())
    assert (owed["plot_g"] + owed["country_g"] + owed["untraced_g"] == owed["mass_g"]).all()
    behind = demo.assessed.run.table("lot_plots").filter(pl.col("lot") == record["lot"])
    assert {plot["plot"] for plot in fed["plots"]} == set(behind["plot"])
    assert record["product"] in content(ask(record["lot"], "--forward", "--json"))["products"]
    if fed["plots"]:
        plot = fed["plots"][0]["plot"]
        assert record["product"] in content(ask(plot, "--json"))["products"]


def test_why_a_lot_is_not_kept_apart(demo: Demo, ask: Ask):
    status = demo.assessed.run.table("lot_status")
    bought = demo.assessed.run.table("traces")["lot"].drop_nulls().unique()
    mixed = status.filter(pl.col("custody").is_in(["mass balance", "controlled blending"]))
    lot = mixed.filter(pl.col("lot").is_in(bought.implode()))["lot"].sort()[0]
    found = content(ask(lot, "--json"))
    assert found["custody"]["weakest"] in ("mass balance", "controlled blending")
    obstacle = next(each for each in found["in_the_way"] if each["obstacle"] == found["custody"]["weakest"])
    deliveries = table(demo, "deliveries")
    step = deliveries.filter(pl.col("delivery") == obstacle["fact"]["delivery"]).row(0, named=True)
    assert (step["custody"], step["lot"]) == (obstacle["obstacle"], obstacle["at"])
    assert obstacle["way"][0] == lot


def test_what_would_free_most_adds_up(demo: Demo, ask: Ask):
    found = content(ask("--json"))
    purchases = table(demo, "purchases")
    assert found["bought_g"] == purchases["quantity_g"].clip(lower_bound=0).sum()
    freed = [each["mass_g"] for each in found["alone"]]
    assert freed == sorted(freed, reverse=True)
    assert (
        sum(freed) + found["proven_g"] + found["several_g"] + found["without_lot_g"] + found["beyond_g"]
        <= found["bought_g"]
    )
    mass = demo.assessed.run.table("lot_status").select("lot", whole="mass_g")
    drawn = purchases.group_by("lot").agg(pl.col("quantity_g").clip(lower_bound=0).sum()).join(mass, on="lot")
    assert found["beyond_g"] == (drawn["quantity_g"] - drawn["whole"].fill_null(0)).clip(lower_bound=0).sum()
    assert found["lines_without_mass"] == purchases["quantity_g"].null_count()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing of that name",), "called nothing of that name"),
        (("PO-000001", "--forward"), "Only a lot or a plot"),
        (("PO-000001", "--forward", "--back"), "not both"),
    ],
)
def test_wrong_use_is_told(ask: Ask, arguments: tuple[str, ...], said: str):
    with pytest.raises(UsageError) as told:
        ask(*arguments)
    assert said in str(told.value.message)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_prints_in_both_languages(demo: Demo, ask: Ask, language: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LANDPROOF_LANG", language)
    lot = demo.assessed.run.table("traces")["lot"].drop_nulls().sort()[0]
    for arguments in ((), (lot,), (lot, "--forward")):
        printed = ask(*arguments)
        assert printed.exit_code == 0
        assert bool(re.search("[\u4e00-\u9fff]", printed.output)) == (language == "zh")


def test_what_would_be_different_without_a_delivery(demo: Demo, ask: Ask):
    """A delivery out of a plot: all lots that the plot may be in, and no others, are told."""
    deliveries = table(demo, "deliveries")
    first = deliveries.filter(pl.col("plot").is_not_null()).row(0, named=True)
    found = content(ask("--without", first["delivery"], "--json"))
    [own] = [each for each in found["lots"] if each["lot"] == first["lot"]]
    assert own["before"]["from_plots_g"] - own["after"]["from_plots_g"] == first["mass_g"]
    assert own["after"]["unknown_g"] - own["before"]["unknown_g"] == first["mass_g"]
    touched = {each["lot"] for each in content(ask(first["plot"], "--forward", "--json"))["lots"]}
    assert {each["lot"] for each in found["lots"]} <= touched
    lines = table(demo, "purchases").filter(pl.col("lot").is_in([each["lot"] for each in found["lots"]]))
    assert found["products"] == sorted(set(lines["product"].drop_nulls()))


@pytest.mark.parametrize("arguments", [("--without", "nowhere"), ("P-01", "--without", "D-000001")])
def test_what_cannot_be_left_out_is_refused(ask: Ask, arguments: tuple[str, ...]):
    with pytest.raises(UsageError):
        ask(*arguments)


def test_every_holding_of_the_animals_is_told_with_its_days(demo: Demo, ask: Ask):
    movements = table(demo, "movements")
    lot = movements["lot"].sort()[0]
    passed = movements.filter(pl.col("lot") == lot).sort("step")
    found = content(ask(lot, "--as", "lot", "--json"))
    assert [
        (each["establishment"], each["role"], each["arrived_on"], each["left_on"]) for each in found["holdings"]
    ] == [
        (each["establishment"], each["role"], each["arrived_on"].isoformat(), each["left_on"].isoformat())
        for each in passed.iter_rows(named=True)
    ]
    assert {odd for each in found["holdings"] for odd in each["told"]} == set()
    assert set(passed["establishment"]) <= {plot["plot"] for plot in found["plots"]}
    assert passed["arrived_on"][0].isoformat() in ask(lot, "--as", "lot").output
    # What is made of the animals has the same holdings behind it, and they are plots of it.
    behind = demo.assessed.run.table("lot_plots").filter(pl.col("plot") == passed["establishment"][0])
    line = table(demo, "purchases").join(behind, on="lot", how="semi").sort("line").row(0, named=True)
    bought = content(ask(line["line"], "--as", "line", "--json"))
    assert passed["establishment"][0] in {each["establishment"] for each in bought["holdings"]}
    assert {each["establishment"] for each in bought["holdings"]} <= {plot["plot"] for plot in bought["plots"]}
