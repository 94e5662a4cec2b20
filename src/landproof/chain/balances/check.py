"""All checks of the documents of a chain together. Nothing here changes a verdict."""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from landproof.chain.balances.books import Books
from landproof.chain.balances.certificates import check_documents, check_volumes
from landproof.chain.balances.claims import check_amounts, check_classes, check_ratios
from landproof.chain.balances.conversions import check_outputs, check_yields
from landproof.chain.balances.found import checks_table, findings_table
from landproof.chain.balances.holders import check_holders
from landproof.chain.balances.order import check_claims, check_moments, check_order
from landproof.chain.balances.overuse import check_overuse
from landproof.chain.balances.plots import check_overlaps, check_plots
from landproof.chain.balances.sharing import check_vessels_shared
from landproof.chain.balances.spend import check_spend
from landproof.chain.balances.stocks import check_sites, check_vessels
from landproof.domain.facts.chain import CONVERSION_FACTORS, PLAUSIBLE_YIELDS

OVERLAPS = pl.Schema({"plot": pl.String, "other": pl.String, "overlap_m2": pl.Int64})


class Checked(NamedTuple):
    """``chain_findings``, and ``chain_checks``: how much each check looked at and could not check."""

    findings: pl.DataFrame
    checks: pl.DataFrame


def check_chain(
    tables: Mapping[str, pl.DataFrame],
    *,
    factors: pl.DataFrame | None = None,
    yields: pl.DataFrame | None = None,
    overlaps: pl.DataFrame | None = None,
) -> Checked:
    """What the fact tables, with ``lot_status``, cannot all have been, and what looks odd in them.

    ``factors`` and ``yields`` are those that are shipped (contracts `CONVERSION_FACTORS`, `PLAUSIBLE_YIELDS`); the
    case's own come before them. ``overlaps`` (`OVERLAPS`): plots on the same land. An absent table is empty.
    What is not known leads to no finding; it is counted in ``chain_checks``.
    """
    books = Books(tables)
    factors = CONVERSION_FACTORS.empty() if factors is None else factors
    yields = PLAUSIBLE_YIELDS.empty() if yields is None else yields
    results = [
        check_outputs(books),
        check_yields(books, factors),
        check_overuse(books),
        check_order(books),
        check_holders(books),
        check_sites(books),
        check_vessels(books),
        check_plots(books, yields),
        check_overlaps(books, yields, pl.DataFrame(schema=OVERLAPS) if overlaps is None else overlaps),
        check_volumes(books),
        check_documents(books),
        check_vessels_shared(books),
        check_claims(books),
        check_amounts(books),
        check_classes(books),
        check_ratios(books),
        check_spend(books),
        check_moments(books),
    ]
    return Checked(
        findings_table(found for each, _ in results for found in each),
        checks_table(looked for _, each in results for looked in each),
    )
