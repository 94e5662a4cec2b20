"""Steps that narrow the work; importing this package registers all of them.

A step that cannot tell takes the careful side: in scope, assessed, high risk, traced to the plot.
"""

from landproof.criteria.steps import depth, feeding, materiality, origins, scope, traces, units

__all__ = ["depth", "feeding", "materiality", "origins", "scope", "traces", "units"]
