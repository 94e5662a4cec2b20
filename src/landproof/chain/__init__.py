"""Who sold what to whom: lots traced back to plots and countries, exactly, with unknown kept."""

from landproof.chain.trace import trace_lots

__all__ = ["trace_lots"]
