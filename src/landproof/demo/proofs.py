"""What the invented company can show: statements, risk classes, assessments, monitoring, programmes, schemes."""

from collections.abc import Iterable
from datetime import date

from landproof.demo import market
from landproof.demo.book import EVALUATED_ON, Book, day_between
from landproof.demo.chains import Supply
from landproof.demo.farms import Plot, Supplier
from landproof.domain.vocabulary import HARMS

_SINCE = date(2020, 12, 1)
_SCREENS = (date(2025, 8, 15), date(2025, 11, 15), date(2026, 2, 15), date(2026, 5, 15))
_LOW_CONVERSION = {"FR", "US", "KE"}
_UNLISTED = {"FR"}  # on no list for goods other than the six: the verifier classifies it

# topic, elements, document, what its page says
_STATEMENTS: tuple[tuple[str, list[str], str, str], ...] = (
    (
        "ledger reconciliation",
        [],
        "ledger-reconciliation.txt",
        "The purchase ledger agrees with the audited accounts.",
    ),
    (
        "activity description",
        [],
        "activity-description.txt",
        "The company makes, distributes and trades food; it owns no farm.",
    ),
    ("commodity map", [], "commodity-map.txt", "Every product is mapped to its commodities."),
    (
        "allocation method",
        [],
        "allocation-method.txt",
        "Spend is allocated by cost share; the method for pepper is described.",
    ),
    (
        "conversion factors",
        [],
        "conversion-factors.txt",
        "Conversion factors from derivatives to commodities, with sources.",
    ),
    ("packaging register", [], "packaging-register.txt", "All food packaging is listed with its fibre."),
    ("resale ledger", [], "resale-ledger.txt", "Goods made by others and resold are in the ledger."),
    (
        "degradation assessment",
        [],
        "degradation-assessment.txt",
        "An ecologist finds no degradation after 31 December 2020 on the plots behind the goods.",
    ),
    (
        "forest type assessment",
        [],
        "degradation-assessment.txt",
        "The plots behind the wood fibre kept their forest type after 31 December 2020.",
    ),
    (
        "land-class map",
        [
            "more than 0.5 ha",
            "more than 5 m",
            "more than 10 %",
            "primary-like",
            "regenerated",
            "managed semi-natural",
            "native grassland",
            "partly degraded",
        ],
        "land-class-map.txt",
        "The map of 31 December 2020 records its own limits and classes.",
    ),
    (
        "due diligence system",
        ["approved", "in use"],
        "due-diligence-manual.txt",
        "The system is approved and in use.",
    ),
    (
        "due diligence breadth",
        ["environmental risk", "social risk"],
        "risk-register.txt",
        "Both kinds of risk are covered.",
    ),
    (
        "simplified due diligence",
        ["chain complexity", "mixing", "risk assessment", "risk mitigation"],
        "simplified-due-diligence.txt",
        "Chain complexity and mixing were looked at for goods from low-risk origins.",
    ),
    (
        "conversion-risk method",
        [],
        "conversion-risk-method.txt",
        "How the risk of conversion is classified per origin.",
    ),
    ("monitoring system", [], "monitoring-manual.txt", "How plots are enrolled, screened and followed up."),
    (
        "fpic and undrip",
        ["fpic", "undrip"],
        "human-rights-policy.txt",
        "Free, prior and informed consent; UNDRIP.",
    ),
    (
        "international bill of human rights",
        [],
        "human-rights-policy.txt",
        "The International Bill of Human Rights.",
    ),
    (
        "ilo fundamental principles",
        [],
        "human-rights-policy.txt",
        "The ILO Declaration on Fundamental Principles.",
    ),
    ("un guiding principles", [], "human-rights-policy.txt", "The UN Guiding Principles."),
    ("oecd guidelines", [], "human-rights-policy.txt", "The OECD Guidelines for Multinational Enterprises."),
    ("ilo tripartite declaration", [], "human-rights-policy.txt", "The ILO Tripartite Declaration."),
    ("capacity building", [], "capacity-building.txt", "Investment and capacity building for smallholders."),
)


def add_proofs(book: Book, suppliers: list[Supplier], supplies: list[Supply]) -> None:
    """Everything that is complete and clean; faults are planted afterwards."""
    plots = [plot for supplier in suppliers for plot in supplier.plots]
    _statements(book)
    _origins(book)
    _facilities(book, suppliers)
    _assessments(book, plots)
    _monitoring(book, plots)
    _programmes(book, suppliers)
    _schemes(book, supplies)
    _other_documents(book)


def _statements(book: Book) -> None:
    for number, (topic, elements, document, sentence) in enumerate(_STATEMENTS, start=1):
        pages = book.documents.setdefault(document, [])
        pages.append(sentence)
        book.add(
            "evidence",
            evidence=f"E-{number:02d}",
            topic=topic,
            subject="*",
            answer="yes",
            elements=elements,
            document=document,
            page=str(len(pages)),
            valid_from=_SINCE,
            issuer="Green Ear Foods",
        )


def _origins(book: Book) -> None:
    origins = dict.fromkeys((source.commodity, source.country) for source in market.SOURCES)
    origins |= dict.fromkeys([("maize", "FR")])
    paper = book.document(
        "origin-risk-classes.txt",
        "Conversion risk of every origin, classified by the company and reviewed by the verifier.",
        "Deforestation risk of origins on no list, classified by the verifier with the ratio of Annex 1.",
    )
    certificate = book.document(
        "origin-certificates.txt", "Certificates of origin for goods from low-risk countries."
    )
    for number, (commodity, country) in enumerate(origins, start=1):
        low = country in _LOW_CONVERSION or (commodity, country) == ("coffee", "VN")
        shared = {"commodity": commodity, "country": country, "on": date(2026, 2, 1), "document": paper}
        book.add(
            "risk_classes",
            classification=f"RC-{number:02d}C",
            kind="conversion",
            level="low" if low else "high",
            by="entity",
            reviewed_by="Verifier (invented)",
            page="1",
            **shared,
        )
        if country in _UNLISTED:
            book.add(
                "risk_classes",
                classification=f"RC-{number:02d}D",
                kind="deforestation",
                level="low",
                by="verifier",
                loss_ha="52000",
                cover_ha="15300000",
                dataset_version="Invented extract, version 1",
                reviewed_by="Verifier (invented)",
                page="2",
                **shared,
            )
        if country in _LOW_CONVERSION:
            book.add(
                "evidence",
                evidence=f"E-O{number:02d}",
                topic="country of origin",
                answer="yes",
                elements=[],
                subject=f"origin:{commodity}|{country}",
                document=certificate,
                page="1",
                valid_from=_SINCE,
                issuer="Chambers of commerce (invented)",
            )


def _facilities(book: Book, suppliers: list[Supplier]) -> None:
    paper = book.document("facilities.txt", "Facilities of suppliers and the countries that they source from.")
    kept_apart = book.document(
        "site-records.txt",
        *(f"FAC-{each.id}: what came in, what left, and what was kept apart from it." for each in suppliers),
    )
    for page, supplier in enumerate(suppliers, start=1):
        country = supplier.source.country
        book.add(
            "evidence",
            evidence=f"E-SITE-{supplier.id}",
            topic="site records",
            subject=f"facility:FAC-{supplier.id}",
            answer="yes",
            document=kept_apart,
            page=str(page),
            valid_from=_SINCE,
            issuer="Green Ear Foods",
        )
        book.add(
            "facilities",
            facility=f"FAC-{supplier.id}",
            name=f"Works of {supplier.id} (invented)",
            country=country,
            sources_from=[country],
            document=paper,
            page="1",
        )


def _assessments(book: Book, plots: Iterable[Plot]) -> None:
    paper = book.document("due-diligence-assessments.txt", "Assessments of all production units.")
    for number, plot in enumerate(plots, start=1):
        book.add(
            "assessments",
            assessment=f"A-{number:05d}",
            plot=plot.id,
            concluded_on=day_between(book.random, date(2025, 9, 1), date(2026, 5, 31)),
            risk="negligible",
            inputs=["geolocation", "land verdict", "supplier questionnaire"],
            document=paper,
            page="1",
        )


def _monitoring(book: Book, plots: Iterable[Plot]) -> None:
    paper = book.document("monitoring-log.txt", "Screens of all enrolled plots, four in the period.")
    layers = book.document("monitoring-layers.txt", "Layers used, with licence, resolution and last date.")
    for plot in plots:
        for screened in _SCREENS:
            book.add(
                "monitoring", plot=plot.id, enrolled_on=date(2025, 7, 1), screened_on=screened, document=paper
            )
    for key, harm in zip(
        ("Loss alerts, version 3 (invented)", "Land conversion alerts, version 1 (invented)"), HARMS, strict=True
    ):
        book.add(
            "monitoring_layers",
            layer=key,
            harm=harm,
            licence="CC BY 4.0",
            data_to=date(2026, 6, 15),
            resolution_m="30",
            document=layers,
        )


def _programmes(book: Book, suppliers: list[Supplier]) -> None:
    paper = book.document(
        "human-rights-programmes.txt",
        "Producer safeguards: consent, labour, grievance log. Reaches all producers.",
        "Training and finance for smallholders.",
    )
    small = [supplier.id for supplier in suppliers if supplier.source.smallholders]
    shared = {"reaches_producers": True, "covers_iplc": True, "valid_from": date(2024, 1, 1), "document": paper}
    book.add(
        "programmes",
        programme="HR-1",
        run_by="entity",
        suppliers=["*"],
        owner="Head of sustainability",
        capacity_building=False,
        page="1",
        **shared,
    )
    book.add(
        "programmes",
        programme="HR-2",
        run_by="entity",
        suppliers=small,
        owner="Head of sourcing",
        capacity_building=True,
        budget=205_000,
        valid_to=date(2028, 12, 31),
        page="2",
        **shared,
    )


def _schemes(book: Book, supplies: list[Supply]) -> None:
    rules = book.document("open-field-scheme.txt", "Open Field Standard 2.1 (invented): cut-off 31 December 2020.")
    book.document("certificates.txt", "Certificates of chain of custody (invented).")
    transaction = book.document("transaction-certificates.txt", "Transaction certificates of lots (invented).")
    book.add(
        "schemes",
        scheme="Open Field 2.1",
        cut_off=date(2020, 12, 31),
        covers_forest=True,
        covers_natural=True,
        reopens=False,
        confirmed_by="Compliance team",
        document=rules,
        page="1",
    )
    supply = next(
        each for each in supplies if each.supplier.source.key == "soy-br" and len(each.supplier.plots) > 1
    )
    add_claim(book, supply, "CL-1", "CERT-1", "Open Field 2.1", date(2027, 6, 30), transaction)
    statement = book.document("eudr-statements.txt", "Copies of EUDR due diligence statements (invented).")
    coffee = [each for each in supplies if each.supplier.source.commodity == "coffee"]
    for number, each in enumerate(coffee[:3], start=1):
        book.add(
            "eudr_statements",
            reference_number=f"26VN0000DEMO{number:02d}",
            verification_number=f"DEMO{number:04d}",
            kind="due diligence statement",
            status="available",
            has_geolocation=True,
            hs_code="0901",
            lot=each.lots[0],
            supplier=each.supplier.id,
            checked_on=date(2026, 6, 1),
            document=statement,
        )


def add_claim(
    book: Book, supply: Supply, claim: str, certificate: str, scheme: str, valid_to: date, document: str
) -> str:
    """A certificate, a claim under it on a lot, and the assessment that cites it; returns the lot."""
    site, lot = f"FAC-{supply.supplier.id}", supply.lots[2]
    book.add(
        "certificates",
        certificate=certificate,
        scheme=scheme,
        holder=supply.supplier.id,
        sites=[site],
        products=[supply.supplier.source.commodity],
        custody="segregated",
        valid_from=date(2023, 1, 1),
        valid_to=valid_to,
        registry_checked_on=date(2026, 6, 1),
        contact="office@example.org",
        document="certificates.txt",
    )
    book.add(
        "claims",
        claim=claim,
        lot=lot,
        certificate=certificate,
        step=1,
        custody="segregated",
        site=site,
        product=supply.product.id,
        traded_on=date(2026, 2, 10),
        document=document,
    )
    book.add(
        "assessments",
        assessment=f"A-{claim}",
        lot=lot,
        concluded_on=EVALUATED_ON,
        risk="negligible",
        inputs=[claim, "geolocation", "land verdict"],
        document="due-diligence-assessments.txt",
        page="1",
    )
    return lot


def _other_documents(book: Book) -> None:
    for name, sentence in (
        ("delivery-notes.txt", "Delivery notes with custody model, by delivery number."),
        ("animal-transit-permits.txt", "Transit permits of cattle, by movement number."),
        ("pepper-raw-data.txt", "Raw ledger lines of pepper."),
    ):
        book.document(name, sentence)
    book.document(
        "feed-declarations.txt",
        "Beef cattle live on pasture; no agri-food feed is used.",
        "Soy in chicken feed, by lot.",
        "Maize in feed, by lot.",
    )
