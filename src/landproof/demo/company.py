"""The company itself: who it is, what it earns, what it promises, and what it buys in words."""

from datetime import date

from landproof.demo import market
from landproof.demo.book import COMPANY, EVALUATED_ON, FILED_ON, PARENT, PERIOD_END, PERIOD_START, Book
from landproof.demo.chains import UNITS

ELEMENTS = ["all group entities", "past", "future", "deforestation", "conversion", "2020-12-31"]
_PERIOD = {"period_start": PERIOD_START, "period_end": PERIOD_END}


def add_company(book: Book) -> None:
    """Application, group, revenue, promises, products, recipes and rates."""
    _identity(book)
    _revenue(book)
    _promises(book)
    _products(book)
    for currency, rate in market.RATES.items():
        book.add(
            "rates", currency=currency, rate=rate, on=EVALUATED_ON, rate_source="Average of the period (invented)"
        )


def _identity(book: Book) -> None:
    form = book.document(
        "application-form.txt",
        "Application for certification of an entity. Green Ear Foods / 绿穗食品. Filed on 15 May 2026.",
        "Group chart under IFRS 10: Green Ear Group (parent) controls Green Ear Foods, which controls its"
        " companies in France and Brazil.",
    )
    register = book.document("standard-register.txt", "Register of versions: 4.0, in force from 1 January 2023.")
    book.add(
        "application",
        application="APP-2026",
        entity=COMPANY,
        certification_type="entity",
        filed_on=FILED_ON,
        standard_version="4.0",
        evaluated_on=EVALUATED_ON,
        currency="EUR",
        document=form,
        page="1",
        **_PERIOD,
    )
    book.add("standard_versions", version="4.0", in_force_from=date(2023, 1, 1), document=register)
    people = (
        (PARENT, "绿穗集团 Green Ear Group (invented)", "CN", "parent", None, False),
        (COMPANY, "绿穗食品 Green Ear Foods (invented)", "CN", "applicant", PARENT, True),
        ("GEF-FR", "Green Ear Foods France (invented)", "FR", "controlled", COMPANY, True),
        ("GEF-BR", "Green Ear Foods Brasil (invented)", "BR", "controlled", COMPANY, True),
    )
    for entity, name, country, role, owner, named in people:
        book.add(
            "entities",
            entity=entity,
            name=name,
            country=country,
            role=role,
            controlled_by=owner,
            in_application=named,
            document=form,
            page="2",
        )
    for unit, entity, country in zip(UNITS, (COMPANY, "GEF-FR", "GEF-BR"), ("CN", "FR", "BR"), strict=True):
        book.add("business_units", business_unit=unit, entity=entity, country=country, buys_agri_food=True)
    book.add("business_units", business_unit="BU-HQ", entity=COMPANY, country="CN", buys_agri_food=False)


def _revenue(book: Book) -> None:
    accounts = book.document(
        "audited-revenue.txt",
        "Audited revenue split of the financial year (invented): 214 million euros in all.",
        "Of this, 201 million euros come from agri-food supply chains.",
    )
    for key, entity, activity, chain, amount in (
        ("R-1", COMPANY, "manufacturer", "agri-food", 138_000_000),
        ("R-2", "GEF-FR", "distributor", "agri-food", 41_000_000),
        ("R-3", "GEF-BR", "processor", "agri-food", 22_000_000),
        ("R-4", COMPANY, "other", "other", 13_000_000),
    ):
        book.add(
            "revenue",
            revenue_line=key,
            entity=entity,
            activity=activity,
            chain=chain,
            amount=amount,
            currency="EUR",
            document=accounts,
            page="2",
            **_PERIOD,
        )
    book.add("figures", figure="net profit", amount=9_400_000, currency="EUR", document=accounts)
    book.add("figures", figure="support and capacity building", amount=205_000, currency="EUR", document=accounts)


def _promises(book: Book) -> None:
    book.document(
        "parent-commitment.txt",
        "Green Ear Group commits that none of its companies has taken part or will take part in deforestation"
        " or in the conversion of other natural ecosystems since 31 December 2020.",
    )
    roadmap = book.document(
        "traceability-2030.txt",
        "By 31 December 2029 all agri-food goods will be traced to plots. Approved by the board.",
    )
    # The parent's own date is one of the planted faults.
    book.add(
        "commitments",
        commitment="C-1",
        kind="no-deforestation-no-conversion",
        entity=PARENT,
        public_at="https://example.org/green-ear/commitment",
        approved_by="published",
        elements=ELEMENTS,
        document="parent-commitment.txt",
        page="1",
    )
    book.add(
        "commitments",
        commitment="C-2",
        kind="traceability-2030",
        entity=COMPANY,
        published_on=date(2025, 9, 1),
        public_at="https://example.org/green-ear/2030",
        due_on=date(2029, 12, 31),
        approved_by="board-approved",
        elements=["all agri-food goods"],
        document=roadmap,
        page="1",
    )


def _products(book: Book) -> None:
    bill = book.document(
        "bill-of-materials.txt",
        "Product register: every product with its HS code and kind.",
        "Recipes: share of each commodity by mass and by cost.",
        "Products outside the food chain, with reasons.",
    )
    for source in market.SOURCES:
        for product in source.products:
            _product(book, product, bill)
            book.add(
                "recipes",
                product=product.id,
                commodity=source.commodity,
                mass_share="1",
                cost_share="1",
                derivative=product.derivative,
                recycled=False,
                document=bill,
                page="2",
            )
    _product(book, market.NUGGETS, bill)
    book.add(
        "recipes",
        product=market.NUGGETS.id,
        commodity="chicken",
        mass_share="1",
        cost_share="1",
        recycled=False,
        document=bill,
        page="2",
    )
    _product(book, market.DRINK, bill, resold=True)
    for commodity, mass, cost in (("soy", "0.55", "0.6"), ("sugar cane", "0.45", "0.4")):
        book.add(
            "recipes",
            product=market.DRINK.id,
            commodity=commodity,
            mass_share=mass,
            cost_share=cost,
            recycled=False,
            document=bill,
            page="2",
        )
    _product(book, market.MYSTERY, bill)
    reasons = ("Mineral, not grown on land", "Not food: protective clothing", "Reused transport packaging")
    for product, reason in zip(market.OUTSIDE, reasons, strict=True):
        _product(book, product, bill, reason=reason)
    book.add(
        "below_threshold",
        commodity="pepper",
        method_document="allocation-method.txt",
        raw_data_document="pepper-raw-data.txt",
    )


def _product(
    book: Book, product: market.Product, document: str, *, resold: bool = False, reason: str | None = None
) -> None:
    book.add(
        "products",
        product=product.id,
        name=product.name,
        hs_code=product.hs,
        kind=product.kind,
        third_party_made=resold,
        exclusion_reason=reason,
        document=document,
        page="3" if reason else "1",
    )
