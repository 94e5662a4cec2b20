"""The faults of the demonstration, each with the rule that must find it, and near misses that are no faults."""

from datetime import date, timedelta

from landproof.demo import market
from landproof.demo.book import PARENT, Book, Expected
from landproof.demo.chains import Supply
from landproof.demo.farms import Plot, Supplier
from landproof.demo.landscape import Land, clear
from landproof.demo.proofs import add_claim
from landproof.domain.messages import text

MET, NOT_MET, OPEN, NOT_APPLICABLE = "met", "not met", "insufficient evidence", "not applicable"
_CLEARED = 6  # cells from the middle of a slot: 0.33 km across, 11 ha


def plant_faults(book: Book, suppliers: list[Supplier], supplies: list[Supply], lands: dict[str, Land]) -> None:
    """Plant every fault. The rest of the book is clean, so nothing else may be found."""
    farms = {
        key: [each for each in suppliers if each.source.key == key] for key in ("soy-br", "cocoa-ci", "beef-br")
    }
    _land(book, farms["soy-br"], lands)
    _points(book, farms["cocoa-ci"], farms["beef-br"], lands)
    _custody_and_schemes(book, supplies)
    _contradictions(book, supplies)
    _eudr(book)
    _goods(book)
    _company(book)
    _records(book, farms["cocoa-ci"])


def _land(book: Book, soy: list[Supplier], lands: dict[str, Land]) -> None:
    converted, open_, clean = (soy[place].farms[0] for place in (0, 1, 2))
    land = lands[converted.slot.window]
    clear(land, converted.slot, _CLEARED, year=2022, day=date(2022, 8, 15))
    book.fault(
        "clearing-2022",
        text("Forest on plot %(plot)s was cleared in August 2022, seen by two families, and is farmed since."),
        Expected("DCF-3.1-1", converted.id, NOT_MET, "converted"),
        Expected("DCF-3.1-7", converted.id, NOT_MET, "converted"),
        plot=converted.id,
    )
    clear(land, open_.slot, _CLEARED, year=2021, day=None)
    book.fault(
        "clearing-year-2021",
        text(
            "The only date of the clearing on plot %(plot)s is the year 2021, which may begin before the cut-off."
        ),
        Expected("DCF-3.1-1", open_.id, OPEN, "inconclusive"),
        Expected("DCF-3.1-7", open_.id, OPEN, "inconclusive"),
        plot=open_.id,
    )
    clear(land, clean.slot, _CLEARED, year=2020, day=None)
    book.document("land-event-2020.txt", "Clearing licence and photographs, December 2020.")
    book.add(
        "land_events",
        event="EV-2020",
        plot=clean.id,
        kind="loss",
        earliest=date(2020, 12, 1),
        latest=date(2020, 12, 31),
        area_m2=60_000,
        from_class="naturally regenerating forest",
        to_class="cropland",
        use_after="agriculture",
        document="land-event-2020.txt",
        page="1",
    )
    book.fault(
        "clearing-december-2020",
        text("Plot %(plot)s was cleared in December 2020, before the cut-off had passed: no fault."),
        Expected("DCF-3.1-1", clean.id, MET, "land-clean"),
        plot=clean.id,
    )


def _points(book: Book, cocoa: list[Supplier], beef: list[Supplier], lands: dict[str, Land]) -> None:
    large = cocoa[0].farms[0]
    large.make_point("6.20")
    book.fault(
        "point-above-4-ha",
        text("Plot %(plot)s covers 6.2 ha and is given as a point."),
        Expected("DCF-3.3-3", large.id, NOT_MET, "outline-missing"),
        plot=large.id,
    )
    clean, cleared = beef[0].farms[0], beef[1].farms[0]
    for ranch in (clean, cleared):
        ranch.make_point("9.50")
    clear(lands[cleared.slot.window], cleared.slot, 3, year=2023, day=date(2023, 7, 1))
    book.fault(
        "cattle-point-clean",
        text("Ranch %(plot)s is a point of 9.5 ha; for cattle a point will do, and all land around it is clean."),
        Expected("DCF-3.3-3", clean.id, NOT_APPLICABLE, "cattle"),
        Expected("DCF-3.1-1", clean.id, MET, "land-clean"),
        plot=clean.id,
    )
    book.fault(
        "cattle-point-cleared",
        text("Ranch %(plot)s is a point, and forest near it was cleared in 2023: only an outline can tell whose."),
        Expected("DCF-3.3-3", cleared.id, NOT_APPLICABLE, "cattle"),
        Expected("DCF-3.1-1", cleared.id, OPEN, "outline-needed"),
        Expected("DCF-3.1-7", cleared.id, OPEN, "outline-needed"),
        plot=cleared.id,
    )
    short = cocoa[1].farms[0]
    short.decimals = 5
    book.fault(
        "five-decimals",
        text("The coordinates of plot %(plot)s have five decimals."),
        Expected("DCF-3.3-6", short.id, NOT_MET, "too-few-decimals"),
        plot=short.id,
    )


def _custody_and_schemes(book: Book, supplies: list[Supply]) -> None:
    soy = [each for each in supplies if each.supplier.source.key == "soy-br" and each.product is not market.DRINK]
    mixed = soy[-1].lots[-1]
    step = next(row for row in book.rows("deliveries") if row["lot"] == mixed)
    step["custody"] = "mass balance"
    book.fault(
        "mass-balance-soy",
        text("Soy lot %(lot)s came under mass balance on its last step."),
        Expected("DCF-3.3-11", mixed, NOT_MET, "mixed"),
        lot=mixed,
    )
    document = "transaction-certificates.txt"
    lot = add_claim(book, soy[4], "CL-2", "CERT-2", "Open Field 2.1", date(2025, 12, 31), document)
    book.fault(
        "expired-certificate",
        text("Certificate CERT-2 ended on 31 December 2025, before lot %(lot)s was traded."),
        Expected("DCF-3.8-5", "CL-2", NOT_MET, "not-valid-on-date"),
        lot=lot,
    )
    rules = book.document(
        "forest-only-scheme.txt", "Forest Only Standard 1.0 (invented): forest, no other ecosystem."
    )
    book.add(
        "schemes",
        scheme="Forest Only 1.0",
        cut_off=date(2020, 12, 31),
        covers_forest=True,
        covers_natural=False,
        reopens=False,
        confirmed_by="Compliance team",
        document=rules,
        page="1",
    )
    palm = next(each for each in supplies if each.supplier.source.key == "palm-id")
    lot = add_claim(book, palm, "CL-3", "CERT-3", "Forest Only 1.0", date(2027, 6, 30), document)
    book.fault(
        "scheme-without-conversion",
        text("The scheme behind lot %(lot)s covers forest, but no other natural ecosystem."),
        Expected("DCF-3.8-1", "CL-3", NOT_MET, "natural-not-covered"),
        lot=lot,
    )


def _contradictions(book: Book, supplies: list[Supply]) -> None:
    """Documents that cannot all be true. No rule judges them; `landproof check` finds them."""
    claimed = next(str(row["lot"]) for row in book.rows("claims") if row["certificate"] == "CERT-2")
    weight = next(int(row["mass_g"]) for row in book.rows("lots") if row["lot"] == claimed)
    certificate = next(row for row in book.rows("certificates") if row["certificate"] == "CERT-2")
    certificate["volume_g"] = weight - weight // 5
    book.fault(
        "certificate-over-volume",
        text("Lot %(lot)s weighs a quarter more than all that certificate CERT-2 certifies."),
        lot=claimed,
    )
    soy = next(
        each for each in supplies if each.supplier.source.key == "soy-br" and each.product is not market.DRINK
    )
    step = next(row for row in book.rows("deliveries") if row["lot"] == soy.lots[0])
    step["received_on"] = step["received_on"] - timedelta(days=15)
    position = f"{soy.supplier.id}|soy|BR|eudr-2025-1093|before-2030"
    untraced = ("DCF-3.3-0", "DCF-3.3-1", "DCF-3.3-2")
    book.fault(
        "used-before-made",
        text("Lot %(lot)s was sent on before anything had been delivered into it."),
        *(Expected(rule, position, OPEN, "not-traced-to-plot") for rule in untraced),
        *(Expected(rule, position, OPEN, "untraced") for rule in ("DCF-3.1-1", "DCF-3.1-2")),
        *(Expected(rule, position, OPEN, "mass-untraced") for rule in ("DCF-3.4-2", "DCF-3.5-1")),
        Expected("DCF-3.3-11", soy.lots[0], OPEN, "custody-unknown"),
        lot=str(step["input_lot"]),
    )


def _goods(book: Book) -> None:
    book.fault(
        "feed-unknown",
        text("Nobody says what the chickens of product %(product)s were fed."),
        Expected("DCF-2.1-4", market.NUGGETS.id, OPEN, "feed-missing"),
        Expected("DCF-3.3-12", market.NUGGETS.id, OPEN, "feed-unknown"),
        product=market.NUGGETS.id,
    )
    book.fault(
        "no-recipe",
        text("Product %(product)s has no recipe; its spend stays uncovered, and coverage is still above 90 %%."),
        Expected("DCF-2.1-3", market.MYSTERY.id, OPEN, "no-recipe"),
        Expected("DCF-2.4-1", "unknown", OPEN, "recipe-unknown"),
        Expected("DCF-2.4-2", "entity", MET, "covered"),
        Expected("DCF-3.2-1", "unknown|FR|annex1", OPEN, "origin-unknown"),
        Expected("DCF-3.2-3", "unknown|FR|annex1", OPEN, "origin-unknown"),
        Expected("DCF-3.2-4", "unknown|FR|annex1", OPEN, "origin-unknown"),
        product=market.MYSTERY.id,
    )
    book.fault(
        "just-below-one-percent",
        text("Pepper is 0.995 %% of spend: below the threshold, with method and raw data on file."),
        Expected("DCF-2.4-1", "pepper", NOT_APPLICABLE, "below-threshold"),
        Expected("DCF-2.4-5", "pepper", MET, "provable"),
    )
    book.fault(
        "just-above-one-percent",
        text("Sesame is 1.005 %% of spend: assessed."),
        Expected("DCF-2.4-1", "sesame", MET, "reaches-threshold"),
    )
    book.fault(
        "one-country-two-lists",
        text("Viet Nam is low risk for coffee under EUDR and high risk for cashew under Annex 1."),
        Expected("DCF-3.2-1", "coffee|VN|eudr-2025-1093", MET, "listed-low"),
        Expected("DCF-3.2-1", "cashew|VN|annex1", MET, "listed-high"),
    )


def _eudr(book: Book) -> None:
    references = [str(row["reference_number"]) for row in book.rows("eudr_statements")]
    book.fault(
        "eudr-before-application",
        text("Statements %(numbers)s were filed before EUDR applies; they support, but settle no lot."),
        *(Expected("DCF-3.3-10", reference, NOT_MET, "before-application") for reference in references),
        numbers=", ".join(references),
    )


def _company(book: Book) -> None:
    published = date(2025, 3, 14)
    next(row for row in book.rows("commitments") if row["entity"] == PARENT)["published_on"] = published
    book.fault(
        "old-commitment",
        text("The parent published its commitment on %(day)s, more than a year before the application."),
        Expected("DCF-2.5-2", "entity", NOT_MET, "outside-the-year"),
        Expected("DCF-2.5-3", "entity", NOT_MET, "outside-the-year"),
        day=published.isoformat(),
    )


def _records(book: Book, cocoa: list[Supplier]) -> None:
    plots: list[Plot] = [supplier.farms[-1] for supplier in cocoa]
    for number, plot in enumerate(plots, start=1):
        book.add(
            "alerts",
            alert=f"AL-{number:02d}",
            plot=plot.id,
            raised_on=date(2026, 1, 9),
            state="closed",
            decision="Shade trees pruned; no clearing",
            decided_on=date(2026, 1, 23),
            owner="Monitoring desk",
        )
    silent = book.rows("alerts")[-1]
    silent.update(decision=None, decided_on=None, state="open")
    book.fault(
        "alert-without-decision",
        text("Nobody decided on alert %(alert)s."),
        Expected("DCF-3.5-3", str(silent["alert"]), OPEN, "alert-incomplete"),
        alert=str(silent["alert"]),
    )
