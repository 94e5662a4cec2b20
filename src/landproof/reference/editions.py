"""Reads an edition of the criteria, its origin-risk lists and its worked cases."""

import csv
import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import polars as pl

import landproof.criteria.rules
import landproof.criteria.steps
from landproof.criteria import edition as edition_module
from landproof.criteria.edition import Edition

LATEST = "2024-04"

# Importing these two registers every rule and step.
_REGISTERED = (landproof.criteria.rules, landproof.criteria.steps)


def _folder(edition_id: str) -> Traversable:
    return files("landproof.criteria") / "editions" / edition_id


@cache
def load_edition(edition_id: str = LATEST) -> Edition:
    """The edition, checked against the code. Raises `TypeError` when they disagree."""
    edition = read_edition(edition_id)
    edition_module.check(edition)
    return edition


def read_edition(edition_id: str = LATEST) -> Edition:
    """The edition as written."""
    folder = _folder(edition_id)
    head = _toml(folder / "edition.toml")
    modules = {name: _toml(folder / f"{name}.toml") for name in head["modules"]}
    return edition_module.parse(head, modules)


def load_cases(edition_id: str = LATEST) -> list[dict[str, Any]]:
    """All worked cases, each with its module's name under ``module``."""
    folder = _folder(edition_id)
    return [
        {**case, "module": module}
        for module in _toml(folder / "edition.toml")["modules"]
        for case in _toml(folder / "cases" / f"{module}.toml").get("case", [])
    ]


def load_origin_lists(edition_id: str = LATEST) -> pl.DataFrame:
    """The published origin-risk lists: ``list, commodities ("six" or "any"), from, country, level, basis``.

    A country that a list does not name has no row in it.
    """
    folder = _folder(edition_id) / "origin_lists"
    rows: list[dict[str, object]] = []
    for entry in _toml(folder / "lists.toml")["list"]:
        with (folder / f"{entry['id']}.csv").open(encoding="utf-8") as lines:
            rows.extend(
                {
                    "list": entry["id"],
                    "commodities": entry["commodities"],
                    "from": entry["from"],
                    "country": row["country"],
                    "level": row["level"],
                    "basis": row["basis"],
                }
                for row in csv.DictReader(lines)
            )
    return pl.DataFrame(rows, schema=ORIGIN_LISTS).sort("list", "country")


ORIGIN_LISTS = pl.Schema(
    {
        "list": pl.String,
        "commodities": pl.String,
        "from": pl.Date,
        "country": pl.String,
        "level": pl.String,
        "basis": pl.String,
    }
)


def _toml(path: Traversable) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


__all__ = ["LATEST", "ORIGIN_LISTS", "load_cases", "load_edition", "load_origin_lists", "read_edition"]
