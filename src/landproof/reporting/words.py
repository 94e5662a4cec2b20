"""Words of closed lists as people read them, and what is shown for the clauses.

A word that is not here is shown as it was written: it may be a company's own identifier.
"""

from collections.abc import Mapping

from landproof.domain.messages import text
from landproof.domain.outcome import Outcome
from landproof.reporting.commodities import COMMODITIES

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.MET: text("met"),
    Outcome.NOT_MET: text("not met"),
    Outcome.INSUFFICIENT: text("insufficient evidence"),
    Outcome.NOT_APPLICABLE: text("not applicable"),
    Outcome.INFORMATION: text("information"),
}
OUTCOME_ORDER = (
    Outcome.NOT_MET,
    Outcome.INSUFFICIENT,
    Outcome.MET,
    Outcome.NOT_APPLICABLE,
    Outcome.INFORMATION,
)

# How spend is coloured in the flows.
STATES: Mapping[str, str] = {
    "provable": text("provable"),
    "not provable": text("not provable"),
    "below threshold": text("below the threshold, not assessed"),
}

WORDS: Mapping[str, str] = {
    "contradiction": text("contradiction"),
    "sign": text("sign"),
    "apply": text("application"),
    "board": text("Board decision"),
    "year": text("yearly round"),
    "classify": text("sorting step"),
    "route": text("optional route"),
    "information": text("information"),
    "mandatory": text("mandatory"),
    "exclusion": text("exclusion"),
    "option": text("option"),
    "definition": text("definition"),
    "advisory": text("advisory"),
    "yes": text("yes"),
    "no": text("no"),
    "entity": text("the company"),
    "unknown": text("unknown"),
    "none": text("none"),
    "default": text("default"),
    "list": text("list"),
    "verifier": text("verifier"),
    "high": text("high"),
    "low": text("low"),
    "standard": text("standard"),
    "not listed": text("not listed"),
    "plot": text("plot"),
    "facility": text("main facility"),
    "country": text("country"),
    "high-risk": text("high-risk origin"),
    "six": text("one of the six commodities"),
    "from-2030": text("received from 2030 on"),
    "low-risk": text("low-risk origin"),
    "identity preserved": text("identity preserved"),
    "segregated": text("segregated"),
    "controlled blending": text("controlled blending"),
    "mass balance": text("mass balance"),
    "book and claim": text("book and claim"),
    "deforestation": text("deforestation"),
    "conversion": text("conversion"),
    "wood degradation": text("forest degradation (wood)"),
    "peat": text("peatland"),
    "degradation": text("degradation"),
    "not converted": text("not converted"),
    "converted": text("converted"),
    "inconclusive": text("inconclusive"),
    "not assessed": text("not assessed"),
    "changed": text("changed"),
    "fixed": text("fixed"),
    **COMMODITIES,
    "forest loss": text("forest loss"),
    "conversion of other natural ecosystems": text("conversion of other natural ecosystems"),
    "agriculture": text("agriculture"),
    "bioenergy": text("bioenergy"),
    "forestry": text("forestry"),
    "satellite monitoring": text("satellite monitoring"),
    "spend": text("spend"),
    "volume": text("volume"),
    "suppliers": text("suppliers"),
}

# Units in which findings are measured; a currency stays as it is written.
UNITS: Mapping[str, str] = {
    "reporting currency": text("in the reporting currency"),
    "square metres": text("m²"),
    "g": text("g"),
    "ha": text("ha"),
}

# Module of the edition -> clauses and name, in the order in which a reader meets them.
CLAUSES: Mapping[str, tuple[str, str]] = {
    "entity": ("2.1–2.3", text("The company")),
    "products": ("2.1–2.3", text("Products in scope")),
    "materiality": ("2.4", text("Materiality")),
    "parent_group": ("2.5", text("Parent company and group")),
    "cut_off": ("3.1", text("Cut-off date")),
    "origin_risk": ("3.2", text("Origin risk")),
    "traceability": ("3.3", text("Traceability")),
    "due_diligence": ("3.4", text("Due diligence")),
    "monitoring": ("3.5", text("Monitoring")),
    "disclosure": ("3.6", text("Disclosure")),
    "verification": ("3.7", text("Verification")),
    "schemes": ("3.8", text("Schemes as proxy")),
    "human_rights": ("3.9", text("Human rights")),
    "enabling": ("4", text("Enabling activities")),
    "lifecycle": ("1, 3.7", text("Certificate")),
}
