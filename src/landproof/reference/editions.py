"""Reads an edition of the criteria, its origin-risk lists and its worked cases."""

import csv
import tomllib
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import polars as pl

import landproof.criteria.rules
import landproof.criteria.steps
from landproof.criteria import edition as edition_module
from landproof.criteria.edition import Bilingual, Edition

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


@cache
def read_edition(edition_id: str = LATEST) -> Edition:
    """The edition as written."""
    folder = _folder(edition_id)
    head = _toml(folder / "edition.toml")
    modules = {name: _toml(folder / f"{name}.toml") for name in head["modules"]}
    return edition_module.parse(head, modules)


@cache
def edition_digest(edition_id: str = LATEST) -> str:
    """SHA-256 over the names and contents of all files of the edition, worked cases aside."""
    digest = sha256()
    for name, path in sorted(_files_below(_folder(edition_id), "")):
        if not name.startswith("cases/"):
            content = path.read_bytes()
            digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _files_below(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for path in folder.iterdir():
        if path.is_dir():
            yield from _files_below(path, f"{prefix}{path.name}/")
        else:
            yield prefix + path.name, path


@cache
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

    A country that a list does not name has no row in it. Basis "list": the list names the country;
    basis "default": it does not, and the list's own rule for such a country gives the level.
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


def load_list_titles(edition_id: str = LATEST) -> dict[str, Bilingual]:
    """The title of each published origin-risk list in both languages, by the list's id."""
    entries = _toml(_folder(edition_id) / "origin_lists" / "lists.toml")["list"]
    return {entry["id"]: Bilingual(entry["title"]["en"], entry["title"]["zh"]) for entry in entries}


def load_countries(edition_id: str = LATEST) -> pl.DataFrame:
    """Countries and territories: ``country, name_en, name_zh``, sorted by code.

    Codes are ISO 3166-1 alpha-2, with XK for Kosovo and XAD for Akrotiri and Dhekelia. Names are those
    of Unicode CLDR.
    """
    path = _folder(edition_id) / "origin_lists" / "countries.csv"
    with path.open(encoding="utf-8") as lines:
        return pl.DataFrame(list(csv.DictReader(lines)), schema=COUNTRIES).sort("country")


COUNTRIES = pl.Schema({"country": pl.String, "name_en": pl.String, "name_zh": pl.String})
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


__all__ = [
    "COUNTRIES",
    "LATEST",
    "ORIGIN_LISTS",
    "edition_digest",
    "load_cases",
    "load_countries",
    "load_edition",
    "load_list_titles",
    "load_origin_lists",
    "read_edition",
]
