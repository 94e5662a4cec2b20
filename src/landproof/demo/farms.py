"""Suppliers and their plots."""

from dataclasses import dataclass

from landproof.demo.book import Book, Row, by_weight
from landproof.demo.landscape import CROPLAND, TREES
from landproof.demo.market import PLACE_NAMES, SOURCES, Source
from landproof.demo.places import WINDOWS, Slot, field_outline, ring_hectares, slots
from landproof.domain.errors import UsageError
from landproof.domain.messages import text

LEAST_PLOTS = 2  # per supplier with plots


@dataclass
class Plot:
    """A plot as drawn. ``ring`` is empty for a point; ``decimals`` are written with every coordinate."""

    row: Row
    slot: Slot
    ring: list[tuple[float, float]]
    cleared: int
    decimals: int = 6

    @property
    def id(self) -> str:
        """The company's own id."""
        return str(self.row["plot"])

    @property
    def land_use(self) -> int:
        """The class of the land-use map."""
        return TREES if self.row["use"] == "wood" else CROPLAND

    def make_point(self, hectares: str) -> None:
        """Give the plot as a point of ``hectares`` instead of an outline."""
        self.ring = []
        self.row.update(shape="point", area_ha=hectares)


@dataclass
class Supplier:
    """A first-tier supplier of one source, with its plots if it has any."""

    id: str
    source: Source
    plots: list[Plot]

    @property
    def farms(self) -> list[Plot]:
        """Plots that something comes from; a slaughterhouse is only passed."""
        return [plot for plot in self.plots if plot.row["use"] != "slaughterhouse"]


def add_suppliers(book: Book, plots: int) -> list[Supplier]:
    """All suppliers and ``plots`` plots, shared out by source.

    Raises `UsageError` when there are fewer plots than the suppliers need.
    """
    counts = _plots_by_source(plots)
    suppliers: list[Supplier] = []
    free = {
        window: slots(book.random, window, sum(counts[each.key] for each in SOURCES if each.window == window))
        for window in WINDOWS
    }
    for places in free.values():
        book.random.shuffle(places)
    for source in SOURCES:
        for share in by_weight(counts[source.key], [1] * source.suppliers):
            key = f"S-{len(suppliers) + 1:03d}"
            place = PLACE_NAMES[len(suppliers) % len(PLACE_NAMES)]
            name = f"{place} {source.suffix} {source.country} {len(suppliers) + 1}"
            book.add(
                "suppliers",
                supplier=key,
                name=f"{name} (invented)",
                country=source.country,
                tier=1,
                smallholders=source.smallholders,
                eudr_compliant=source.country != "KE",
            )
            supplier = Supplier(key, source, [])
            for number in range(share):
                slot = free[source.window or ""].pop()
                supplier.plots.append(_plot(book, supplier, number + 1, slot))
            if source.use == "cattle":
                supplier.plots[-1].row["use"] = "slaughterhouse"
            suppliers.append(supplier)
    book.add(
        "suppliers",
        supplier="S-090",
        name="Meridian Supplies (invented)",
        country="FR",
        tier=1,
        smallholders=False,
        eudr_compliant=True,
    )
    return suppliers


def _plots_by_source(plots: int) -> dict[str, int]:
    planted = [source for source in SOURCES if source.window]
    least = {source.key: LEAST_PLOTS * source.suppliers for source in planted}
    spare = plots - sum(least.values())
    if spare < 0:
        raise UsageError(
            text("A demonstration needs at least %(least)s plots; %(plots)s are too few."),
            least=sum(least.values()),
            plots=plots,
        )
    extra = by_weight(spare, [source.plots for source in planted])
    counts = {source.key: least[source.key] + more for source, more in zip(planted, extra, strict=True)}
    return {source.key: counts.get(source.key, 0) for source in SOURCES}


def _plot(book: Book, supplier: Supplier, number: int, slot: Slot) -> Plot:
    source, random = supplier.source, book.random
    is_point = source.use != "cattle" and random.randrange(100) < source.points
    low, high = (1.0, 3.6) if is_point else source.hectares
    hectares = random.uniform(low, high)
    ring = [] if is_point else field_outline(random, slot, hectares)
    area = f"{hectares if is_point else ring_hectares(ring):.2f}"
    row = book.add(
        "plots",
        plot=f"{supplier.id}-F{number:03d}",
        supplier=supplier.id,
        commodity=source.commodity,
        country=source.country,
        use=source.use,
        shape="point" if is_point else "outline",
        area_ha=area,
        boundary_of="field",
        located_by=random.choice(("gnss", "gnss", "image")),
    )
    return Plot(row, slot, ring, random.choice((0, 0, random.randint(1, 19))))
