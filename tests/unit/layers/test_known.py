"""Known encodings, at the day before the cut-off, at it and after it."""

from datetime import date
from pathlib import Path

import pytest

from landproof.land.decode import Meaning, Role, State
from landproof.layers.catalogue import RasterLayer, load_catalogue
from landproof.layers.errors import LayerError
from landproof.layers.known import known_layers
from tests.unit.layers.painted import catalogue_file

NATURAL, NOT_NATURAL, SILENT, UNKNOWN = (
    State(Meaning.NATURAL), State(Meaning.NOT_NATURAL), State(Meaning.SILENT), State(Meaning.UNKNOWN),
)  # fmt: skip
FARMED, OTHER, NO_USE = State(Meaning.AGRICULTURE), State(Meaning.OTHER_USE), State(Meaning.NO_USE)


def known(folder: Path, name: str, *lines: str, version: str = "1") -> RasterLayer:
    """The layer of an entry that says nothing but what is known."""
    head = ["[[layer]]", 'id = "a"', f'known = "{name}"', f'version = "{version}"', 'files = ["a.tif"]']
    [layer] = load_catalogue(catalogue_file(folder, "\n".join([*head, *lines]))).layers
    return layer


def changed(earliest: str, latest: str) -> State:
    return State(Meaning.CHANGE, date.fromisoformat(earliest), date.fromisoformat(latest))


@pytest.mark.parametrize(
    ("name", "version", "lines", "states"),
    [
        (
            "hansen_lossyear", "GFC-2025-v1.13", (),
            {
                0: SILENT,  # "no loss", not 2000
                1: changed("2000-10-01", "2001-12-31"),
                20: changed("2019-10-01", "2020-12-31"),
                21: changed("2020-10-01", "2021-12-31"),  # straddles
                22: changed("2021-10-01", "2022-12-31"),
                25: changed("2024-10-01", "2025-12-31"),
                26: UNKNOWN,
            },
        ),
        ("hansen_lossyear", "GFC-2024-v1.12", (), {24: changed("2023-10-01", "2024-12-31"), 25: UNKNOWN}),
        (
            "tmf_deforestation_year", "v1_2025", (),
            {
                0: SILENT,
                1981: UNKNOWN,
                2020: changed("2019-10-01", "2020-12-31"),
                2021: changed("2020-10-01", "2021-12-31"),
                2026: UNKNOWN,
                21: UNKNOWN,  # of another product
            },
        ),
        ("tmf_degradation_year", "v1_2025", (), {0: SILENT, 2022: changed("2021-10-01", "2022-12-31")}),
        (
            "radd", "v1", (),
            {
                0: SILENT,
                20366: changed("2020-12-07", "2020-12-31"),  # 24 days back
                21001: changed("2020-12-08", "2021-01-01"),
                21024: changed("2020-12-31", "2021-01-24"),  # the last that can have been before
                21025: changed("2021-01-01", "2021-01-25"),  # the first wholly after
                20367: UNKNOWN,
                18365: UNKNOWN,  # before radar alerts began
            },
        ),
        (
            "glad_l", "2020", ("year = 2020",),
            {0: SILENT, 366: changed("2020-09-02", "2020-12-31"), 367: UNKNOWN},
        ),
        (
            "glad_l", "2021", ("year = 2021",),
            {
                1: changed("2020-09-03", "2021-01-01"),
                120: changed("2020-12-31", "2021-04-30"),
                121: changed("2021-01-01", "2021-05-01"),
                366: UNKNOWN,
            },
        ),
        (
            "glad_s2", "1", (),
            {
                0: SILENT,
                729: changed("2020-08-31", "2020-12-31"),
                730: changed("2020-09-01", "2021-01-01"),  # 31 December, or a day off
                731: changed("2020-09-02", "2021-01-02"),
            },
        ),
        (
            "dist_alert", "v1", (),
            {
                0: SILENT,  # not 31 December 2020
                1: changed("2020-09-03", "2021-01-01"),
                120: changed("2020-12-31", "2021-04-30"),
                121: changed("2021-01-01", "2021-05-01"),
            },
        ),
        (
            "gfw_integrated_alerts", "20261101", (),
            {
                0: SILENT,
                20000: UNKNOWN,
                20001: changed("2014-09-03", "2015-01-01"),
                22191: changed("2020-09-01", "2020-12-30"),
                22192: changed("2020-09-02", "2020-12-31"),
                32192: changed("2020-09-02", "2020-12-31"),
                42193: changed("2020-09-03", "2021-01-01"),
                52193: UNKNOWN,
            },
        ),
        (
            "prodes", "v20220606", ('licence = "open"',),
            {
                1: SILENT,
                2: UNKNOWN, 3: UNKNOWN, 32: UNKNOWN,
                29: changed("2019-08-01", "2020-07-31"),
                33: changed("2020-08-01", "2021-07-31"),  # straddles
                34: changed("2000-08-01", "2021-07-31"),  # found late
            },
        ),
        ("gfc2020", "V3", (), {1: NATURAL, 0: NOT_NATURAL, 255: UNKNOWN}),
        (
            "hansen_treecover2000", "GFC-2025-v1.13", ("natural_from = 30",),
            {0: NOT_NATURAL, 29: NOT_NATURAL, 30: NATURAL, 100: NATURAL, 101: UNKNOWN},
        ),
        ("natural_forests_2020", "v1", (), {129: NOT_NATURAL, 130: NATURAL, 250: NATURAL, 251: UNKNOWN}),
        (
            "tmf_annual_change", "v1_2025", ("valid_on = 2020-12-31",),
            {1: NATURAL, 2: NATURAL, 4: NATURAL, 3: NOT_NATURAL, 5: UNKNOWN, 6: State(Meaning.ABSTAINS)},
        ),
        (
            "sbtn_natural_lands", "v1.1", ('role = "natural baseline"',),
            {1: UNKNOWN, 2: NATURAL, 11: NATURAL, 12: NOT_NATURAL, 21: NOT_NATURAL, 22: UNKNOWN},
        ),
        (
            "worldcover", "v100", ('role = "forest baseline"',),
            {10: NATURAL, 95: NATURAL, 20: NOT_NATURAL, 40: NOT_NATURAL, 11: UNKNOWN},
        ),
        (
            "worldcover", "v200", ('role = "land use after"',),
            {40: FARMED, 50: OTHER, 80: NO_USE, 10: UNKNOWN, 30: UNKNOWN},
        ),
        (
            "mapbiomas", "10", ('role = "natural baseline"', "valid_on = 2020-12-31", 'licence = "CC BY 4.0"'),
            {3: NATURAL, 4: NATURAL, 12: NATURAL, 9: NOT_NATURAL, 15: NOT_NATURAL, 62: NOT_NATURAL, 99: UNKNOWN},
        ),
        (
            "io_lulc", "v03", ('role = "land use after"', "valid_on = 2025-12-31"),
            {5: FARMED, 7: OTHER, 1: NO_USE, 11: UNKNOWN, 2: UNKNOWN},
        ),
        (
            "gfw_peat", "v20230315", ('licence = "mixed"',),
            {1: State(Meaning.PEAT), 0: State(Meaning.NOT_PEAT), 2: UNKNOWN},
        ),
    ],
)  # fmt: skip
def test_values_mean_what_the_producer_says(
    tmp_path: Path, name: str, version: str, lines: tuple[str, ...], states: dict[int, State]
):
    decoder = known(tmp_path, name, *lines, version=version).decoder

    assert {value: decoder.state(value) for value in states} == states


def test_every_known_layer_can_be_read_in_every_role(tmp_path: Path):
    needed = (
        'licence = "said"', "valid_on = 2020-12-31", "year = 2021", "natural_from = 30", "last_year = 2025",
        "years = { 2021 = [33] }", "none = [0]",
    )  # fmt: skip
    for name, table in known_layers().items():
        for role, rule in table["roles"].items():
            said = {line.split(" =")[0]: line for line in needed}
            fits = [
                line
                for key, line in said.items()
                if (key == "licence" and "licence" not in table)
                or (key == "valid_on" and "baseline" in role and "valid_on" not in table)
                or (key == "year" and rule.get("encoding") == "day_of_year")
                or (key == "natural_from" and "values" in rule)
                or (key == "last_year" and rule.get("encoding") == "year")
                or (key in ("years", "none") and rule.get("encoding") == "year_classes")
            ]
            layer = known(tmp_path, name, f'role = "{role}"', *fits, version="another")
            assert layer.role == Role(role)
            assert layer.licence


def test_what_an_entry_says_goes_before_what_is_known(tmp_path: Path):
    layer = known(tmp_path, "radd", "uncertainty_days = 0", 'licence = "mine"')

    assert layer.decoder.state(21001) == changed("2021-01-01", "2021-01-01")
    assert layer.licence == "mine"


def test_classes_of_a_users_own_replace_a_known_threshold(tmp_path: Path):
    layer = known(tmp_path, "natural_forests_2020", "natural = [1]", "not_natural = [0]")

    assert layer.decoder.state(1) == NATURAL
    assert layer.decoder.state(200) == UNKNOWN


def test_a_map_of_2021_is_dated_2021(tmp_path: Path):
    assert known(tmp_path, "worldcover", 'role = "forest baseline"', version="v200").facts.fails_date_check(
        date(2020, 12, 31)
    )


@pytest.mark.parametrize(
    ("name", "lines", "says"),
    [
        ("my_map", (), "my_map is not a known layer"),
        ("worldcover", (), "worldcover can have these roles: forest baseline, natural baseline, land use after"),
        ("worldcover", ('role = "change"',), "worldcover can have these roles"),  # never subtract
        ("prodes", ("none = [1]", "years = { 2021 = [33] }"), "licence is missing"),
        ("mapbiomas", ('role = "forest baseline"', 'licence = "x"'), "valid_on must be the day"),
        ("hansen_lossyear", (), "last_year is missing"),  # of a version that is not known
        ("hansen_treecover2000", (), "natural is missing"),  # a canopy limit is local
        ("hansen_treecover2000", ("natural_from = 0",), "natural_from must part the values in two"),
        ("hansen_treecover2000", ("natural_from = 101",), "natural_from must part the values in two"),
        ("glad_l", (), "year is missing"),
        ("glad_l", ("year = 21",), "year must be the year of the file"),
        ("prodes", ('licence = "x"', "none = [1]", "years = { y21 = [33] }"), "years must list values by year"),
        (
            "prodes", ('licence = "x"', "none = [1]", "years = { 2021 = [33], 2022 = [33] }"),
            "the value 33 has two meanings",
        ),
        ("prodes", ('licence = "x"', "none = [33]", "years = { 2021 = [33] }"), "the value 33 has two meanings"),
        (
            "prodes", ('licence = "x"', "none = [1]", "years = { 2021 = [33] }", 'year_ends = "summer"'),
            "summer is no day of a year",
        ),
    ],
)  # fmt: skip
def test_what_is_not_known_is_asked_for(tmp_path: Path, name: str, lines: tuple[str, ...], says: str):
    with pytest.raises(LayerError, match=says):
        known(tmp_path, name, *lines)


def test_independence_rests_on_parents_and_families(tmp_path: Path):
    gfc = known(tmp_path, "gfc2020", version="V3").witness
    assert gfc.composite
    assert {"esa_worldcover_2020", "jrc_tmf", "hansen_gfc"} <= set(gfc.ancestors)
    assert gfc.families == ()

    alerts = known(tmp_path, "gfw_integrated_alerts").witness
    assert alerts.ancestors == ("glad_l", "glad_s2", "radd")
    assert alerts.families == ("landsat_auto", "s1_auto", "s2_auto")

    hansen = known(tmp_path, "hansen_lossyear", "last_year = 2030").witness
    assert (hansen.names, hansen.ancestors) == (("a", "hansen_gfc", "hansen_lossyear"), ())
    assert hansen.families == ("landsat_auto",)


def test_parents_of_parents_are_known(tmp_path: Path):
    sbtn = known(tmp_path, "sbtn_natural_lands", 'role = "natural baseline"').witness

    assert "crezee_congo" in sbtn.ancestors  # a parent of the peat map that it was made from


@pytest.mark.parametrize(("units", "may"), [(299, False), (300, True)])
def test_a_users_own_layer_clears_with_enough_reference_units(tmp_path: Path, units: int, may: bool):
    lines = ("[[layer.accuracy]]", 'of = "forest"', "users = 0.9", f"units = {units}", 'source = "own survey"')

    assert known(tmp_path, "gfc2020", *lines, version="V9").may_clear is may
    assert known(tmp_path, "gfc2020", version="V3").may_clear
    assert not known(tmp_path, "gfc2020", version="V9").may_clear


def test_an_accuracy_table_is_exact(tmp_path: Path):
    lines = (
        "[[layer.accuracy]]", 'of = "loss"', "from_ha = 0.2", "to_ha = 0.5", "users = 0.976", "producers = 0.95",
        "units = 1000", 'source = "Reiche et al. 2021"',
    )  # fmt: skip
    [row] = known(tmp_path, "radd", *lines).accuracy

    assert [str(each) for each in (row.from_ha, row.to_ha, row.users, row.producers)] == [
        "0.2", "0.5", "0.976", "0.95",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (("[[layer.accuracy]]", 'of = "loss"', "units = 5", 'source = "x"'), "must be shares between 0 and 1"),
        (
            ("[[layer.accuracy]]", 'of = "loss"', "users = 87", "units = 5", 'source = "x"'),
            "must be shares between 0 and 1",
        ),
        (("[[layer.accuracy]]", "user = 0.8"), "there is no key user"),
        (
            ("[[layer.accuracy]]", 'of = "a"', "users = 0.8", "from_ha = 2", "to_ha = 2", "units = 1"),
            "to_ha must be more than from_ha",
        ),
        (
            ("[[layer.control]]", "longitude = 1.5", "latitude = 91", "year = 2021"),
            "a control place has longitude",
        ),
        (("[[layer.control]]", "longitude = 1.5", "latitude = 9"), "a control place has longitude"),
        (
            ("[[layer.control]]", "longitude = 1.5", "latitude = 9", 'meaning = "forest"'),
            "forest is no meaning",
        ),
    ],
)
def test_tables_that_cannot_be_followed_are_refused(tmp_path: Path, lines: tuple[str, ...], says: str):
    with pytest.raises(LayerError, match=says):
        known(tmp_path, "radd", *lines)
