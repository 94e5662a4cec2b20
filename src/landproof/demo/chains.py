"""From plots to purchase lines: deliveries over several tiers, movements of cattle, feed, and the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from landproof.demo import market
from landproof.demo.book import PERIOD_START, Book, Row, by_weight, day_between, split
from landproof.demo.farms import Plot, Supplier
from landproof.demo.market import Product
from landproof.domain.errors import UsageError
from landproof.domain.messages import text

QUARTERS = (
    (date(2025, 7, 1), date(2025, 9, 30)),
    (date(2025, 10, 1), date(2025, 12, 31)),
    (date(2026, 1, 1), date(2026, 3, 31)),
    (date(2026, 4, 1), date(2026, 6, 30)),
)
LARGEST_GROUP = 40  # plots that deliver to one collection point
CENT = Decimal("0.01")
UNITS = ("BU-CN", "BU-FR", "BU-BR")


@dataclass
class Supply:
    """Everything bought from one supplier: purchased lots by product and quarter."""

    supplier: Supplier
    product: Product
    lines: list[Row]

    @property
    def lots(self) -> list[str]:
        """Purchased lots, in order of time."""
        return list(dict.fromkeys(str(line["lot"]) for line in self.lines))


def add_supply(book: Book, suppliers: list[Supplier], lines: int) -> list[Supply]:
    """The whole ledger of ``lines`` lines with its lots, deliveries, movements and feed."""
    total = Decimal(120_000_000) * lines / 20_000
    orders = _orders(suppliers)
    outside = max(3, lines // 200)
    least = len(QUARTERS) * len(orders) + outside
    if lines < least:
        raise UsageError(
            text("A demonstration needs at least %(least)s purchase lines; %(lines)s are too few."),
            least=least,
            lines=lines,
        )
    counts = _line_counts([spend for _, _, spend in orders], lines - outside)
    supplies = [
        Supply(
            supplier, product, _ledger(book, supplier.id, supplier.source.country, product, spend, count, total)
        )
        for (supplier, product, spend), count in zip(orders, counts, strict=True)
    ]
    for supply in supplies:
        _trace(book, supply, suppliers)
    _add_feed(book, supplies, suppliers)
    for number in range(outside):
        product = market.OUTSIDE[number % len(market.OUTSIDE)]
        country = "CN" if product.currency == "CNY" else "FR"
        for line in _ledger(book, "S-090", country, product, 100, 1, total):
            line["lot"] = None
    for number, line in enumerate(book.rows("purchases"), start=1):
        line["line"] = f"PO-{number:06d}"
    return supplies


def _orders(suppliers: list[Supplier]) -> list[tuple[Supplier, Product, int]]:
    """Who sells what, with its spend in thousandths of a percent, times the number of sellers."""
    orders: list[tuple[Supplier, Product, int]] = []
    for source in market.SOURCES:
        sellers = [each for each in suppliers if each.source is source]
        pairs = [(seller, product) for seller in sellers for product in source.products]
        for place, (seller, product) in enumerate(pairs):
            spend = source.spend * 1000
            orders.append((seller, product, spend * (place + 1) // len(pairs) - spend * place // len(pairs)))
    soy = next(each for each in suppliers if each.source.key == "soy-br")
    wheat = next(each for each in suppliers if each.source.key == "wheat-fr")
    orders.append((soy, market.DRINK, market.DRINK_SPEND * 1000))
    chicken = [each for each in suppliers if each.source.key == "chicken-fr"][-1]
    orders.append((wheat, market.MYSTERY, market.MYSTERY_SPEND * 1000))
    orders.append((chicken, market.NUGGETS, market.NUGGETS_SPEND * 1000))
    return orders


def _line_counts(spends: list[int], lines: int) -> list[int]:
    """At least one line for every quarter and product, the rest by spend."""
    spare, total = lines - len(QUARTERS) * len(spends), sum(spends)
    counts = [len(QUARTERS) + spare * spend // total for spend in spends]
    counts[0] += lines - sum(counts)
    return counts


def _ledger(
    book: Book, supplier: str, country: str, product: Product, spend: int, count: int, total: Decimal
) -> list[Row]:
    """Lines whose spend adds up to ``spend`` of `market.WHOLE` times 1000 parts of ``total``, but for cents."""
    random = book.random
    euros = total * spend / (market.WHOLE * 1000)
    money = (euros / market.RATES.get(product.currency, Decimal(1))).quantize(CENT, ROUND_HALF_EVEN)
    rows: list[Row] = []
    for place, cents in enumerate(split(random, int(money * 100), count)):
        quarter = place * len(QUARTERS) // count
        received = day_between(random, *QUARTERS[quarter])
        amount = Decimal(cents) / 100
        price = Decimal(product.price) * random.randint(950, 1050) / 1000
        grams = max(1, int(amount / price * 1000))
        rows.append(
            book.add(
                "purchases",
                line=None,
                received_on=received,
                supplier=supplier,
                product=product.id,
                quantity_g=grams,
                net_spend=amount,
                currency=product.currency,
                country=country,
                processed_in=country,
                lot=f"L-{supplier[2:]}-{product.id[2:]}-Q{quarter + 1}",
                business_unit=random.choice(UNITS),
            )
        )
    return rows


def _trace(book: Book, supply: Supply, suppliers: list[Supplier]) -> None:
    for quarter, lot in enumerate(supply.lots):
        grams = sum(int(line["quantity_g"]) for line in supply.lines if line["lot"] == lot)
        day = QUARTERS[quarter][0] - timedelta(days=40)
        if supply.product is market.DRINK:
            sugar = next(each for each in suppliers if each.source.key == "sugar-br")
            part = grams * 45 // 100
            first = processed(book, supply.supplier, f"{lot}-SOY", grams - part, day)
            second = processed(book, sugar, f"{lot}-SUGAR", part, day)
            add_lot(book, lot, "soy", grams, supply.supplier.id, None, day + timedelta(days=20))
            deliver(book, lot, first, None, grams - part, supply.supplier.id, None, day + timedelta(days=20))
            deliver(book, lot, second, None, part, sugar.id, None, day + timedelta(days=20))
        elif supply.supplier.plots:
            made = processed(book, supply.supplier, f"{lot}-MILL", grams, day)
            add_lot(
                book,
                lot,
                supply.supplier.source.commodity,
                grams,
                supply.supplier.id,
                None,
                day + timedelta(days=20),
            )
            deliver(book, lot, made, None, grams, supply.supplier.id, None, day + timedelta(days=20))
        else:
            commodity = None if supply.product is market.MYSTERY else supply.supplier.source.commodity
            origin_lot(book, supply.supplier, lot, commodity, grams, day)


def processed(book: Book, supplier: Supplier, lot: str, grams: int, day: date) -> str:
    """A lot of ``grams`` from a mill, from collection points, from plots; returns its id."""
    plots = supplier.farms
    groups = [
        plots[start :: max(1, len(plots) // LARGEST_GROUP)] for start in range(max(1, len(plots) // LARGEST_GROUP))
    ]
    raw = max(len(plots), -(-grams * supplier.source.inputs // 1000))
    add_lot(
        book, lot, supplier.source.commodity, grams, supplier.id, f"FAC-{supplier.id}", day + timedelta(days=10)
    )
    for number, (group, part) in enumerate(zip(groups, _by_area(raw, groups), strict=True), start=1):
        farm = collected(book, supplier, f"{lot}-C{number}", group, part, day)
        deliver(book, lot, farm, None, part, supplier.id, f"FAC-{supplier.id}", day + timedelta(days=8))
    return lot


def _by_area(whole: int, groups: Sequence[Sequence[Plot]]) -> list[int]:
    """``whole`` in parts as large as the land of each group, and at least a gram a plot."""
    sizes = [sum(int(Decimal(str(plot.row["area_ha"])) * 100) for plot in group) for group in groups]
    spare = by_weight(whole - sum(map(len, groups)), sizes)
    return [part + len(group) for part, group in zip(spare, groups, strict=True)]


def collected(book: Book, supplier: Supplier, lot: str, plots: list[Plot], grams: int, day: date) -> str:
    """A lot collected from ``plots``; cattle come with their movements."""
    add_lot(book, lot, supplier.source.commodity, grams, supplier.id, None, day + timedelta(days=4))
    model = "identity preserved" if len(plots) == 1 else "segregated"
    for plot, part in zip(plots, _by_area(grams, [[plot] for plot in plots]), strict=True):
        harvested = day + timedelta(days=book.random.randrange(4))
        deliver(book, lot, None, plot.id, part, supplier.id, None, harvested, custody=model)
    if supplier.source.use == "cattle":
        _move(book, supplier, lot, plots, day)
    return lot


def _move(book: Book, supplier: Supplier, lot: str, plots: list[Plot], day: date) -> None:
    farms = [plot.id for plot in plots]
    slaughter = next(plot.id for plot in supplier.plots if plot.row["use"] == "slaughterhouse")
    stops = (
        (farms[0], "birth", 900),
        (farms[len(farms) // 2], "rearing", 600),
        (farms[-1], "pasture", 300),
        (slaughter, "slaughter", 2),
    )
    for step, (establishment, role, before) in enumerate(stops, start=1):
        left = day - timedelta(days=stops[step][2]) if step < len(stops) else day
        book.add(
            "movements",
            movement=f"{lot}-{step}",
            lot=lot,
            step=step,
            establishment=establishment,
            role=role,
            arrived_on=day - timedelta(days=before),
            left_on=left,
            document="animal-transit-permits.txt",
        )


def origin_lot(book: Book, supplier: Supplier, lot: str, commodity: str | None, grams: int, day: date) -> str:
    """A lot that is traced to its country and facility, not to plots."""
    facility = f"FAC-{supplier.id}"
    add_lot(book, lot, commodity, grams, supplier.id, facility, day, country=supplier.source.country)
    deliver(book, lot, None, None, grams, supplier.id, facility, day)
    return lot


def _add_feed(book: Book, supplies: list[Supply], suppliers: list[Supplier]) -> None:
    soy_farmer = [each for each in suppliers if each.source.key == "soy-br"][1]
    day = PERIOD_START - timedelta(days=60)
    for supply in supplies:
        source, product = supply.supplier.source, supply.product
        if product.kind != "animal product" or product is market.NUGGETS:
            continue
        known = {"product": product.id, "supplier": supply.supplier.id, "document": "feed-declarations.txt"}
        key = f"{product.id}-{supply.supplier.id}"
        if source.commodity == "beef":
            book.add("feed", feed=f"FEED-{key}", no_agri_food_feed=True, page="1", **known)
            continue
        eaten = sum(int(line["quantity_g"]) for line in supply.lines)
        if source.commodity == "chicken":
            lot = f"FEED-SOY-{supply.supplier.id}"
            farm = collected(book, soy_farmer, f"{lot}-C1", soy_farmer.farms, eaten + len(soy_farmer.farms), day)
            grams = eaten + len(soy_farmer.farms)
            add_lot(book, lot, "soy", grams, soy_farmer.id, None, day + timedelta(days=9))
            deliver(book, lot, farm, None, grams, soy_farmer.id, None, day + timedelta(days=9))
            book.add(
                "feed",
                feed=f"FEED-{key}-SOY",
                commodity="soy",
                kg_per_kg="0.9",
                country="BR",
                lot=lot,
                no_agri_food_feed=False,
                estimate=False,
                page="2",
                **known,
            )
        lot = origin_lot(book, supply.supplier, f"FEED-MAIZE-{supply.supplier.id}", "maize", 2 * eaten, day)
        book.add(
            "feed",
            feed=f"FEED-{key}-MAIZE",
            commodity="maize",
            kg_per_kg="1.5",
            country="FR",
            lot=lot,
            no_agri_food_feed=False,
            estimate=False,
            page="3",
            **known,
        )


def add_lot(
    book: Book,
    lot: str,
    commodity: str | None,
    grams: int,
    holder: str,
    facility: str | None,
    day: date,
    *,
    country: str | None = None,
) -> Row:
    """A lot of ``grams``."""
    return book.add(
        "lots",
        lot=lot,
        commodity=commodity,
        mass_g=grams,
        holder=holder,
        facility=facility,
        country=country,
        made_on=day,
    )


def deliver(
    book: Book,
    lot: str,
    source: str | None,
    plot: str | None,
    grams: int,
    sender: str,
    facility: str | None,
    day: date,
    *,
    custody: str = "segregated",
) -> Row:
    """A delivery into ``lot`` from another lot, from a plot, or from an origin that is known by country only."""
    number = len(book.rows("deliveries")) + 1
    return book.add(
        "deliveries",
        delivery=f"D-{number:06d}",
        lot=lot,
        input_lot=source,
        plot=plot,
        mass_g=grams,
        custody=custody,
        sender=sender,
        receiver=facility or sender,
        facility=facility,
        received_on=day,
        document="delivery-notes.txt",
    )
