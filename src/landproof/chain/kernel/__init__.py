"""The compiled loops over the graph of lots: each edge is looked at once, however deep the chain."""
