"""The evidence record of one plot: plain data, the same for the same inputs (docs/why.md names each key)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from typing import Any, cast

import polars as pl

from landproof import __version__
from landproof.casefile.statements import canonical
from landproof.criteria.registry import RULES
from landproof.land.decode import Role, State
from landproof.land.findings import FINDERS, Finding, codes_of
from landproof.land.next_evidence import next_evidence
from landproof.land.patches import Change, Patch, View, Views
from landproof.land.picture import Mark, loudest, mark_of_state, proves
from landproof.layers.catalogue import RasterLayer
from landproof.layers.tiles import digest_of
from landproof.reference.editions import load_edition
from landproof.run.tasks import procedure
from landproof.run.why import Kept, Opened, differing

FORMAT = 1
# Which rules ask for the verdict on each harm (criteria 3.1).
RULES_OF = {
    "deforestation": ("DCF-3.1-1", "DCF-3.1-7"),
    "conversion": ("DCF-3.1-2",),
    "wood degradation": ("DCF-3.1-3",),
    "peat": ("DCF-3.1-4",),
    "degradation": ("DCF-3.1-5",),
}
# How loudly a patch speaks: by the worst that it means for any harm.
_ORDER = ("proved", "in doubt", "not seen", "excused", "nothing")
_SORTED_BY = ("deforestation", "conversion", "peat", "degradation")  # wood: no map of forest types is read


def record_of(opened: Opened) -> dict[str, Any]:
    """All that the verdicts on a plot rest on."""
    geometry = opened.row.get("geometry")
    zones = opened.zones
    views = Views([layer.facts for layer in opened.catalogue.layers], opened.terms)
    return {
        "format": FORMAT,
        "landproof": __version__,
        "procedure": procedure(),
        "plot": opened.plot,
        "geometry_sha256": None if geometry is None else sha256(geometry).hexdigest(),
        "located_by": opened.row.get("located_by"),
        "sigma_mm": round(opened.sigma * 1000),
        "zones_m2": None
        if zones is None
        else {"core": zones.core_m2, "edge": zones.edge_m2, "fringe": zones.fringe_m2},
        "looked_closer": opened.picture is not None and opened.picture.closer,
        "terms": {
            "cut_off": opened.terms.cut_off.isoformat(),
            "thresholds": asdict(opened.terms.thresholds),
            "sha256": sha256(str(opened.terms).encode()).hexdigest(),
        },
        "verdicts": [_verdict(row, opened) for row in opened.status.iter_rows(named=True)],
        "layers": [_layer(opened, place, opened.catalogue.layers[place]) for place in layer_order(opened)],
        "patches": _patches(opened, views),
        "problems": [
            {"layer": each.layer, "file": each.file, "why": str(each.message)} for each in opened.problems
        ],
        "kept": None if opened.kept is None else _kept(opened, opened.kept),
    }


def layer_order(opened: Opened) -> list[int]:
    """The places of the layers in the catalogue in the order in which they are shown: by role, then by id."""
    roles, layers = list(Role), opened.catalogue.layers
    return sorted(range(len(layers)), key=lambda place: (roles.index(layers[place].role), layers[place].id))


def canonical_record(record: Mapping[str, Any]) -> str:
    """The record as JSON with sorted keys and no spare space: the same text on every machine."""
    return canonical(record)


def _verdict(row: Mapping[str, Any], opened: Opened) -> dict[str, Any]:
    harm: str = row["harm"]
    kept = opened.kept
    assessed = None if kept is None or kept.assessed is None else _row_of(kept.assessed, harm)
    measured = None if kept is None else _row_of(kept.status, harm)
    standing: list[str] = (assessed or measured or row)["reasons"]
    readings = {reading.id for rule in RULES_OF[harm] for reading in load_edition().readings_of(RULES[rule])}
    return {
        "harm": harm,
        **_said(row),
        "rules": list(RULES_OF[harm]),
        "readings": sorted(readings),
        "measured": None if measured is None else _said(measured),
        "assessed": None if kept is None or assessed is None else _said(assessed) | _review(assessed, kept),
        "next_evidence": list(next_evidence(standing)),
    }


def _row_of(status: pl.DataFrame, harm: str) -> dict[str, Any] | None:
    rows = status.filter(pl.col("harm") == harm)
    return rows.row(0, named=True) if rows.height else None


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("verdict", "reasons", "area_m2", "earliest", "latest", "use_after", "residual_ppm", "seen_until")
    return {name: _plain(row[name]) for name in names}


def _review(row: Mapping[str, Any], kept: Kept) -> dict[str, Any]:
    found = kept.reviews.filter(pl.col("review").eq_missing(row["review"]))
    names = ("review", "outcome", "looked_at", "first_image_on", "last_image_on", "signed_on", "document")
    said = {name: _plain(found.row(0, named=True)[name]) for name in names} if found.height else None
    return {"review": said, "as_of": _plain(kept.as_of), "run": kept.run}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _layer(opened: Opened, place: int, layer: RasterLayer) -> dict[str, Any]:
    picture = opened.picture
    return {
        "id": layer.id,
        "title": layer.title,
        "producer": layer.producer,
        "version": layer.version,
        "licence": layer.licence,
        "role": layer.role.value,
        "family": layer.family,
        "valid_on": _plain(layer.valid_on),
        "first_day": _plain(layer.first_day),
        "last_day": _plain(layer.last_day),
        "fails_date_check": layer.facts.fails_date_check(opened.terms.cut_off),
        "may_clear": layer.may_clear,
        "rule_sha256": layer.rule,
        "files": [{"file": tile.name, "sha256": digest_of(tile)} for tile in layer.tiles],
        "missing": list(layer.missing),
        "window_sha256": None if picture is None else picture.layers[place].digest,
        "classes": _classes(opened, place, layer.id),
    }


def _classes(opened: Opened, place: int, layer: str) -> list[dict[str, Any]]:
    """Square metres by class, inside the plot and in its fringe."""
    if opened.found is None:
        return []
    inside = {row["class"]: row for row in _own(opened.found.areas, layer)}
    around = {row["class"]: row for row in _own(opened.fringe, layer)} if opened.fringe is not None else {}
    classes = opened.overlayer.classes[place]
    listed: list[dict[str, Any]] = []
    for name in sorted(inside | around):
        row = inside.get(name) or around[name]
        state = classes.state_of(name)
        listed.append(
            {
                "class": name,
                **_state(state),
                "mark": mark_of_state(state, opened.terms.cut_off).value,
                "year": row["year"],
                "plot_m2": inside[name]["area_m2"] if name in inside else 0,
                "fringe_m2": around[name]["area_m2"] if name in around else 0,
            }
        )
    return sorted(listed, key=lambda each: (-each["plot_m2"], -each["fringe_m2"], each["class"]))


def _own(areas: pl.DataFrame, layer: str) -> Iterable[dict[str, Any]]:
    return areas.filter(pl.col("layer") == layer).iter_rows(named=True)


def _state(state: State) -> dict[str, Any]:
    return {"meaning": state.meaning.value, "earliest": _plain(state.earliest), "latest": _plain(state.latest)}


def _patches(opened: Opened, views: Views) -> list[dict[str, Any]]:
    """The patches of the plot, those that speak loudest first; of equals the core, and the larger."""
    if opened.found is None:
        return []
    areas = opened.found.pieces.group_by("patch").agg(pl.col("area_m2").sum()).filter(pl.col("area_m2") > 0)
    verdicts = {row["harm"]: row for row in opened.status.iter_rows(named=True)}
    patches = opened.found.patches
    rows = cast(Iterable[tuple[int, int]], areas.sort("patch").iter_rows())
    listed = [_patch(patches[number], area, opened, views, verdicts) for number, area in rows]
    return sorted(listed, key=lambda each: (_loudness(each), each["zone"], -each["area_m2"], str(each["states"])))


def _loudness(patch: Mapping[str, Any]) -> tuple[int, ...]:
    said = [_ORDER.index(patch["means"][harm]["is"]) for harm in _SORTED_BY]
    return min(said[:2]), min(said), *said


def _patch(
    patch: Patch, area: int, opened: Opened, views: Views, verdicts: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    view = views.of(patch)
    closer = opened.picture is not None and opened.picture.closer
    means = {
        harm: _meaning(view, find(view, opened.terms.thresholds), verdicts[harm]) for harm, find in FINDERS.items()
    }
    layers = opened.catalogue.layers
    return {
        "area_m2": area,
        "zone": view.zone.name.lower() if closer else "plot",
        "small_forest": patch.grove,
        "small_change": patch.speck,
        "states": {layer.id: _state(state) for layer, state in zip(layers, patch.states, strict=True)},
        "view": _view(view),
        "means": means,
    }


def _view(view: View) -> dict[str, Any]:
    return {
        "forest": view.forest.name.lower(),
        "natural": view.natural.name.lower(),
        "peat": view.peat.name.lower(),
        "change": view.change.name.lower(),
        "use": view.use.value,
        "earliest": _plain(view.earliest),
        "latest": _plain(view.latest),
        "unseen": view.unseen,
        "seen_too_seldom": view.seldom,
        "residual_ppm": None if view.change is not Change.SILENT else int(-(-view.residual * 1_000_000 // 1)),
    }


def _meaning(view: View, finding: Finding, verdict: Mapping[str, Any]) -> dict[str, Any]:
    """What a patch is for one harm, the codes of it, and whether it decided."""
    excuse = [] if finding.excuse is None else [finding.excuse]
    if proves(view, finding):
        kind, codes = "proved", [finding.proved]
    elif finding.proved is not None or finding.doubts:
        kind, codes = "in doubt", [*codes_of(view, finding)]
    elif finding.blind:
        kind, codes = "not seen", [code for code in verdict["reasons"] if code.startswith("A-")] or ["A-NODATA"]
    elif excuse:
        kind, codes = "excused", excuse
    else:
        kind, codes = "nothing", []
    decided = {
        "converted": kind == "proved",
        "inconclusive": kind == "in doubt",
        "not assessed": kind in ("in doubt", "not seen"),
        "not converted": kind == "excused" and finding.excuse in verdict["reasons"],
    }[verdict["verdict"]]
    return {"is": kind, "codes": codes, "decided": decided}


def _kept(opened: Opened, kept: Kept) -> dict[str, Any]:
    """How what was found now compares with what the case keeps."""
    had = {(row["layer"], row["file"]): row["sha256"] for row in kept.layers.iter_rows(named=True)}
    now = {(layer.id, tile.name): digest_of(tile) for layer in opened.catalogue.layers for tile in layer.tiles}
    changed = [name for name, digest in now.items() if had.get(name, "") != digest]
    catalogue = sha256(opened.catalogue.path.read_bytes()).hexdigest()
    return {
        "differing": differing(opened.status, kept.status),
        "files_changed": [{"layer": layer, "file": file} for layer, file in sorted(changed)],
        "catalogue_changed": kept.catalogue is not None and kept.catalogue != catalogue,
        "procedure_changed": kept.procedure is not None and kept.procedure != procedure(),
        "plot_changed": kept.replaced,
    }


def mark_areas(layer: Mapping[str, Any]) -> dict[Mark, int]:
    """Square metres inside the plot by mark, of a layer of the record."""
    found: dict[Mark, int] = {}
    for row in cast(Sequence[Mapping[str, Any]], layer["classes"]):
        found[Mark(row["mark"])] = found.get(Mark(row["mark"]), 0) + row["plot_m2"]
    return found


def finding_areas(record: Mapping[str, Any], harms: Sequence[str]) -> dict[Mark, tuple[int, tuple[str, ...]]]:
    """Square metres of plot and fringe by what they mean for ``harms``, as the map of what decides shows them.

    With each mark the reason codes of what it shows, those with more land first.
    """
    areas: dict[Mark, int] = {}
    by_code: dict[Mark, dict[str, int]] = {}
    for patch in cast(Sequence[Mapping[str, Any]], record["patches"]):
        said = [(_mark(patch, patch["means"][harm]), patch["means"][harm]["codes"]) for harm in harms]
        mark = loudest((each for each, _ in said), harms)
        areas[mark] = areas.get(mark, 0) + patch["area_m2"]
        for code in {code for each, codes in said if each is mark for code in codes}:
            own = by_code.setdefault(mark, {})
            own[code] = own.get(code, 0) + patch["area_m2"]
    return {
        mark: (area, tuple(sorted(found := by_code.get(mark, {}), key=lambda code: (-found[code], code))))
        for mark, area in areas.items()
    }


def _mark(patch: Mapping[str, Any], means: Mapping[str, Any]) -> Mark:
    """As `mark_of_finding` tells it."""
    kinds = {"proved": Mark.PROVED, "in doubt": Mark.DOUBT, "not seen": Mark.UNSEEN, "excused": Mark.EXCUSED}
    if means["is"] in kinds and means["codes"] != ["N-NO-PEAT"]:
        return kinds[means["is"]]
    view = patch["view"]
    return Mark.STANDING if (view["forest"], view["change"]) == ("yes", "silent") else Mark.CLEAR
