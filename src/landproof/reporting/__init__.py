"""Reports as trees that are not yet in any language. Pure."""

from landproof.reporting.assessment import Assessment
from landproof.reporting.build import build_report
from landproof.reporting.nodes import Report

__all__ = ["Assessment", "Report", "build_report"]
