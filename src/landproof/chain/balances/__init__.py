"""Whether all documents of a chain can be true together."""

from landproof.chain.balances.check import Checked, check_chain
from landproof.chain.balances.found import ranked
from landproof.chain.balances.sentences import sentence_of

__all__ = ["Checked", "check_chain", "ranked", "sentence_of"]
