"""The weakest chain-of-custody model behind each lot: a class can only go down (ISO 22095:2020)."""

import numpy as np

from landproof.chain.ledger import NONE, Flags, Ints, Ledger
from landproof.domain.vocabulary import CUSTODY_MODELS

_LEAST = len(CUSTODY_MODELS)


def weakest(ledger: Ledger, level: Ints, unexplained: Flags) -> tuple[Ints, Flags]:
    """Rank of the weakest model over all steps behind each lot, and whether some step has none.

    The rank is `NONE` where no step states a model. A lot in ``unexplained`` holds mass that no
    delivery explains, so a step is missing and with it its model. So it is in and behind a cycle.
    """
    rank = np.full(level.size, NONE, dtype=np.int64)
    missing = unexplained | (level == NONE)
    own_missing = (ledger.custody == NONE) | ledger.unknown_source
    by_level = np.lexsort((ledger.into, np.where(level == NONE, _after(level), level)[ledger.into]))
    heads = level[ledger.into[by_level]]
    cuts = np.flatnonzero(np.r_[True, heads[1:] != heads[:-1]]) if heads.size else np.empty(0, np.int64)
    for edges in np.split(by_level, cuts[1:]) if cuts.size else ():
        source, into = ledger.source[edges], ledger.into[edges]
        behind = source != NONE
        np.maximum.at(rank, into, ledger.custody[edges])
        np.maximum.at(rank, into[behind], rank[source[behind]])
        missing[into[own_missing[edges]]] = True
        missing[into[behind][missing[source[behind]]]] = True
    return rank, missing


def _after(level: Ints) -> int:
    return int(level.max(initial=NONE)) + 1
