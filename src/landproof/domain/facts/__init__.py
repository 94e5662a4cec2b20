"""The tables that people hand in: what the company, its suppliers, its verifier and the Board state.

Every row also carries ``source`` (digest of the file it came from) and ``source_row`` (its number
there, counted as the file's own program counts), so that every number opens to its row.
"""

from collections.abc import Mapping

from landproof.domain.facts import chain, company, conduct, evidence, goods, land, parties, verification
from landproof.domain.tables import Table

# From the company down to its land, and back up to who checks it: the order in which people are shown them.
FACTS: Mapping[str, Table] = {
    table.name: table
    for module in (company, goods, parties, chain, land, evidence, conduct, verification)
    for table in module.TABLES
}
