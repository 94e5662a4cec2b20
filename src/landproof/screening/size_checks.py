"""Areas, precision and looks: what a plot can be."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from landproof.domain.messages import text
from landproof.land.kernel.figures import BOX, CARRIED, CENTRE_X, CENTRE_Y, ON_CIRCLE, POINTS, RADIUS, SPREAD
from landproof.screening.given import Findings, Floats

HECTARE: Final = 10_000
DECIMALS: Final = 6  # EUDR Art. 2(28)
LIMIT_HA: Final = 4  # EUDR Art. 2(28): above it, an outline
CORNER_M: Final = 3.0  # error of a corner against its neighbours; the error that all share changes no area
NINETY: Final = 1.645  # standard errors to either side that hold 90 %
AREA_OFF: Final = 0.10  # of the declared area
NEAR_LIMIT: Final = 0.05  # a declared area is seldom better than this
VAST_HA: Final = 10_000_000
BOX_HA: Final = 1_000
CIRCLE: Final = 0.5  # of the outline
BUFFER_M: Final = 400  # a circle below this radius (50 ha) is a point that was widened

# Hectares below and above which a plot of a commodity is seldom a plot; our own, wide on purpose.
RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "cocoa": (0.02, 2_000), "coffee": (0.02, 5_000), "rubber": (0.05, 20_000), "palm oil": (0.05, 25_000),
    "soy": (0.1, 50_000), "beef": (0.1, 300_000), "dairy": (0.1, 100_000), "pulp and paper": (0.05, 100_000),
}  # fmt: skip
ANY_RANGE: Final = (0.01, 300_000.0)
# Units in which an area may have been declared instead: how many of them are a hectare.
UNITS: Final[Mapping[str, float]] = {
    text("square metres"): 10_000.0, text("acres"): 2.471054, text("mu"): 15.0, text("rai"): 6.25,
    text("square kilometres"): 0.01,
}  # fmt: skip
_UNIT_OFF: Final = 0.05
RARE: Final = 0.01  # what is less likely than that is taken for no chance
_PADDED: Final = 2  # decimals that are written and never used, over the whole plot
_FEW_NUMBERS: Final = 4  # a number loses a zero at its end one time in ten: two may by chance, four hardly


def check_precision(found: Findings) -> None:
    """Six decimals: as written where that was counted, and as the numbers carry them."""
    given = found.given
    seen = given.outline | given.point
    written = given.floats("decimals")
    counted = np.isfinite(written) & given.plots["decimals_known"].fill_null(value=False).to_numpy()
    carried = given.figures[:, CARRIED]
    few = seen & counted & (written < DECIMALS)
    found.add(few & (carried < DECIMALS), "fail", "decimals-few", lambda n: {"decimals": int(written[n])})
    # Programs drop zeros at the end: of n numbers, n / 10**k lose k of them by chance.
    chance = 2 * given.figures[:, POINTS] * 0.1 ** np.where(few, DECIMALS - written, 0)
    mixed = few & (carried >= DECIMALS) & (chance < RARE)
    found.add(mixed, "warn", "decimals-mixed", lambda n: {"decimals": int(written[n])})
    padded = seen & counted & (written >= DECIMALS) & (carried <= DECIMALS - _PADDED)
    padded &= 2 * given.figures[:, POINTS] >= _FEW_NUMBERS
    found.add(
        padded, "warn", "decimals-padded", lambda n: {"decimals": int(written[n]), "carried": int(carried[n])}
    )
    unknown = seen & ~counted & (carried < DECIMALS)
    found.add(unknown, "warn", "decimals-unknown", lambda n: {"carried": int(carried[n])})
    found.not_checked("precision", ~seen)


def check_areas(found: Findings, *, missing_area: str) -> None:
    """The declared area, the line at four hectares and the size. ``missing_area``: of a point without one."""
    given = found.given
    declared, measured = given.floats("area_ha"), given.areas / HECTARE
    margin = NINETY * CORNER_M / 2 * np.sqrt(given.figures[:, SPREAD]) / HECTARE
    _declared(found, declared, measured, margin)
    cattle = (given.plots["use"] == "cattle").fill_null(value=False).to_numpy()
    point = given.point
    large = point & (declared > LIMIT_HA) & ~cattle
    near = point & ~large & (declared > LIMIT_HA * (1 - NEAR_LIMIT)) & (declared < LIMIT_HA) & ~cattle

    def said(n: int) -> Mapping[str, object]:
        return {"declared": f"{declared[n]:g}"}

    found.add(large, "fail", "point-large", said)
    found.add(near, "warn", "point-near-limit", said)
    found.add(point & ~np.isfinite(declared) & ~cattle, missing_area, "point-area-missing")
    found.add(point & (declared < 0.0001), "fail", "point-tiny", said)
    found.add(point & (declared >= 0.0001) & (declared < 0.1), "warn", "point-small", said)
    line = np.abs(measured - LIMIT_HA) <= margin
    found.add(
        line, "pass", "outline-near-limit",
        lambda n: {"measured": hectares(measured[n]), "margin": hectares(margin[n])}, place=False,
    )  # fmt: skip
    found.not_checked("four hectares", ~point & ~np.isfinite(measured))
    _sizes(found, declared, measured)


def _declared(found: Findings, declared: Floats, measured: Floats, margin: Floats) -> None:
    both = np.isfinite(declared) & np.isfinite(measured) & (measured > 0) & (declared > 0)
    off = np.abs(declared - measured)
    unlike = both & (off > np.maximum(AREA_OFF * declared, margin))
    far = unlike & ((declared > 2 * measured) | (2 * declared < measured))
    with np.errstate(divide="ignore", invalid="ignore"):
        times = declared / measured
    unit = np.full(found.given.n, "", dtype=object)
    for name, count in UNITS.items():
        unit[far & (np.abs(times / count - 1) <= _UNIT_OFF)] = name
    named = unit != ""

    def said(n: int) -> Mapping[str, object]:
        return {"measured": hectares(measured[n]), "declared": f"{declared[n]:g}", "unit": unit[n]}

    found.add(named, "fail", "area-unit", said)
    found.add(far & ~named, "fail", "area-far-off", said)
    found.add(unlike & ~far, "warn", "area-off", said)
    found.not_checked("declared area", ~both)


def _sizes(found: Findings, declared: Floats, measured: Floats) -> None:
    given = found.given
    size = np.where(np.isfinite(measured), measured, np.where(given.point, declared, np.nan))
    names = [name or "" for name in given.texts("commodity")]
    low = np.array([RANGES.get(name, ANY_RANGE)[0] for name in names])
    high = np.array([RANGES.get(name, ANY_RANGE)[1] for name in names])
    zero = measured * HECTARE < 1
    vast = size > VAST_HA

    def said(n: int) -> Mapping[str, object]:
        limit = high[n] if size[n] > high[n] else low[n]
        return {"measured": hectares(size[n]), "commodity": names[n] or "-", "limit": f"{limit:g}"}

    found.add(zero, "fail", "size-zero")
    found.add(vast, "fail", "size-vast", said)
    found.add(~vast & (size > high), "warn", "size-large", said)
    found.add(~zero & (size < low) & ~given.point, "warn", "size-small", said)
    found.not_checked("size", ~np.isfinite(size))


def check_looks(found: Findings) -> None:
    """Circles and map frames given as plots."""
    given = found.given
    share, radius = given.figures[:, ON_CIRCLE], given.figures[:, RADIUS]
    x, y = given.figures[:, CENTRE_X], given.figures[:, CENTRE_Y]
    round_ones = given.outline & given.in_degrees & (share >= CIRCLE)
    wide = round_ones & (radius > BUFFER_M)
    found.add(
        wide, "fail", "circle",
        lambda n: {
            "share": int(share[n] * 100), "radius": f"{radius[n] / 1000:.1f}", "centre": f"{x[n]:.4f}, {y[n]:.4f}",
        },
        longitude=x, latitude=y,
    )  # fmt: skip
    found.add(
        round_ones & ~wide & (share >= 0.95), "warn", "point-buffer", lambda n: {"radius": round(radius[n])},
        longitude=x, latitude=y,
    )  # fmt: skip
    measured = given.areas / HECTARE
    boxed = (given.figures[:, BOX] > 0) & (measured >= BOX_HA)
    found.add(boxed, "warn", "box", lambda n: {"measured": hectares(measured[n])})
    found.not_checked("catchment", ~given.outline)


def hectares(area: float) -> str:
    """An area for people: two decimals, or more where it is small."""
    return f"{area:.2f}" if area >= 1 else f"{area:.4f}"
