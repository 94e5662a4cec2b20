"""Who there is, in which roles and when; the identifiers of others; and what turned out to be one."""

from landproof.domain import columns as common
from landproof.domain.columns import column, required
from landproof.domain.facts.contract import fact_table
from landproof.domain.messages import text
from landproof.domain.tables import Kind
from landproof.domain.vocabulary import CHAIN_ROLES, IDENTIFIED, IDENTIFIER_SCHEMES, MERGEABLE

PARTIES = fact_table(
    "parties", text("Parties"), "party",
    required(common.PARTY),
    common.NAME,
    common.COUNTRY,
    common.DOCUMENT,
)  # fmt: skip
ROLES = fact_table(
    "party_roles", text("Roles of parties"), "party role valid_from",
    required(common.PARTY),
    required(column("role", Kind.CHOICE, text("Role"), *CHAIN_ROLES)),
    *common.VALIDITY,
    common.DOCUMENT,
)  # fmt: skip
IDENTIFIERS = fact_table(
    "identifiers", text("Identifiers"), "kind scheme value id",
    required(column("kind", Kind.CHOICE, text("Identifies a"), *IDENTIFIED)),
    required(column("scheme", Kind.CHOICE, text("Kind of identifier"), *IDENTIFIER_SCHEMES)),
    required(column("value", Kind.ID, text("Identifier"))),
    required(column("id", Kind.ID, text("Is called here"))),
    *common.VALIDITY,
    common.DOCUMENT,
)  # fmt: skip
MERGES = fact_table(
    "merges", text("What turned out to be one"), "merge",
    required(column("merge", Kind.ID, text("Merge"))),
    required(column("kind", Kind.CHOICE, text("Of a"), *MERGEABLE)),
    column("id", Kind.ID, text("Called before")),
    column("into", Kind.ID, text("Is one with")),
    column("on", Kind.DATE, text("Decided on")),
    column("undoes", Kind.ID, text("Merge that it undoes")),  # nothing is deleted
    common.DOCUMENT,
)  # fmt: skip

TABLES = (PARTIES, ROLES, IDENTIFIERS, MERGES)
