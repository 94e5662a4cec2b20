"""Reads documents of exchange formats into a case."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl
import shapely

from landproof.casefile.case import Case, State
from landproof.domain.facts import FACTS
from landproof.domain.facts.land import PLOTS
from landproof.domain.messages import Message, text
from landproof.domain.rejects import REJECTS
from landproof.exchange.format import Reading
from landproof.exchange.found import Known, Outline
from landproof.intake.geometry import Feature
from landproof.intake.geometry_json import loads, shape_of
from landproof.intake.limits import LIMITS, check_size
from landproof.intake.plots import ImportedPlots, plots_of
from landproof.run.read import Read, few_of_each, names_of_files

_KNOWN: Final = (
    "lots",
    "deliveries",
    "vessels",
    "facilities",
    "parties",
    "identifiers",
    "chain_events",
    "event_lots",
    "party_roles",
    "claims",
    "certificates",
)


def read_document(case: Case, state: State, path: Path, title: str, read: Reading) -> Read:
    """The rows of a document of the format called ``title``. Raises `UnreadableInput` for a broken one."""
    check_size(path, LIMITS.document)
    data = path.read_bytes()
    source = hashlib.sha256(data).hexdigest()
    plots = case.read_rows("plots", state.facts.get("plots", []))
    tables = {name: case.read_rows(name, state.facts.get(name, [])) for name in _KNOWN if name in FACTS}
    found = read(data, source, path.name, Known(tables, {each: each for each in plots["plot"]}))
    outlines, known = _new(found.outlines, plots)
    drawn = _drawn(outlines, path, source, plots, state)
    accepted = found.accepted + drawn.plots.height + known
    rows = found.rows + len(found.outlines)
    notes = [Message(text("Read as %(format)s."), {"format": title}), *found.notes, *few_of_each(drawn.notes)]
    if known:
        notes.append(
            Message(
                text("Plots that are on file already, with the same outline: %(count)s."), {"count": f"{known:,}"}
            )
        )
    return Read(
        source,
        dict(found.tables) | ({PLOTS.name: drawn.plots} if drawn.plots.height else {}),
        pl.concat([found.rejects, drawn.rejects]).sort(REJECTS.key, nulls_last=False),
        rows,
        accepted,
        rows - accepted,
        notes,
        document=True,
    )


def _new(outlines: Sequence[Outline], plots: pl.DataFrame) -> tuple[list[Outline], int]:
    """The outlines that are not on file as they are, and how many are."""
    on_file = dict(plots.filter(pl.col("geometry").is_not_null()).select("plot", "geometry").iter_rows())
    new: list[Outline] = []
    for outline in outlines:
        shape, _ = shape_of(loads(outline.geometry))
        drawn = shapely.to_wkb(shape, byte_order=1) if isinstance(shape, shapely.Geometry) else None
        same = drawn is not None and drawn == on_file.get(outline.plot)
        if not same:
            new.append(outline)
    return new, len(outlines) - len(new)


def _drawn(
    outlines: Sequence[Outline], path: Path, source: str, plots: pl.DataFrame, state: State
) -> ImportedPlots:
    """The outlines as plots, by the checks that all plots pass."""
    features: list[Feature] = []
    for outline in outlines:
        shape, decimals = shape_of(loads(outline.geometry))
        cells: dict[str, Any] = {"plot": outline.plot, **outline.cells}
        features.append(Feature(outline.row, cells, shape, decimals))
    on_a_map = pl.col("geometry").is_not_null()
    return plots_of(
        features, path, source, {},
        existing_ids=frozenset(plots.filter(on_a_map)["plot"].to_list()),
        listed=plots.filter(~on_a_map),
        names=names_of_files(state),
    )  # fmt: skip
