"""Thresholds from a file: tighter ones always, looser ones and other days in an exploration only."""

from datetime import date
from pathlib import Path

import pytest

from landproof.domain.errors import UnreadableInput, UsageError
from landproof.land.thresholds import PUBLISHED, Terms
from landproof.run.terms import terms_of

CUT_OFF = date(2020, 12, 31)


def written(folder: Path, content: str) -> Path:
    path = folder / "thresholds.toml"
    path.write_text(content, encoding="utf-8")
    return path


def test_without_a_file_the_published_ones_hold():
    assert terms_of() == Terms(CUT_OFF, PUBLISHED, exploration=False)


def test_a_tighter_threshold_is_taken(tmp_path: Path):
    terms = terms_of(written(tmp_path, "noise_m2 = 250\nfringe_sigmas = 3\n"))

    assert (terms.thresholds.noise_m2, terms.thresholds.fringe_sigmas, terms.exploration) == (250, 3, False)
    assert "noise_m2 250" in str(terms)


def test_a_looser_one_is_refused_by_name_and_allowed_in_an_exploration(tmp_path: Path):
    path = written(tmp_path, "noise_m2 = 501\n")

    with pytest.raises(UsageError, match=r"thresholds\.toml loosens noise_m2 to 501; published is 500"):
        terms_of(path)
    assert terms_of(path, exploration=True).exploration


def test_another_day_is_for_an_exploration():
    other = date(2021, 12, 31)

    with pytest.raises(UsageError, match="2020-12-31"):
        terms_of(cut_off=other)
    assert terms_of(cut_off=CUT_OFF) == terms_of()
    assert terms_of(cut_off=other, exploration=True) == Terms(other, PUBLISHED, exploration=True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("tolerance = 1\n", "there is no threshold tolerance"),
        ("changed = 1\n", "there is no threshold changed"),
        ("noise_m2 = 1.5\n", "noise_m2 is 1.5. Write a whole number"),
        ("noise_m2 = -1\n", "noise_m2 is -1. Write a whole number"),
        ("noise_m2 = true\n", "noise_m2 is True. Write a whole number"),
        ("noise_part = 0\n", "noise_part is 0. Write a whole number from 1 to 1000000"),  # nothing divides by it
        ("prior_lowered = 0\n", "prior_lowered is 0"),
        ("prior_ppm = 1000001\n", "prior_ppm is 1000001. Write a whole number from 0 to 1000000"),
        ("gnss_m = 1001\n", "gnss_m is 1001"),
    ],
)
def test_what_is_no_threshold_is_refused(tmp_path: Path, content: str, said: str):
    with pytest.raises(UsageError, match=said):
        terms_of(written(tmp_path, content))


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path):
    with pytest.raises(UnreadableInput, match="cannot be read as thresholds"):
        terms_of(written(tmp_path, "noise"))
    with pytest.raises(UnreadableInput):
        terms_of(tmp_path / "nowhere.toml")
