"""Colours, signs and shapes of the report. Each colour stands 4.5:1 or better on white (WCAG 2.2 AA).

Status is always colour, sign and word together. The signs exist in the report's own font.
"""

from collections.abc import Mapping

from landproof.domain.outcome import Outcome

INK = "#17212b"
QUIET = "#52606d"
LINE = "#d5dbe1"
GROUND = "#f4f6f8"
ACCENT = "#0b5c4a"

OUTCOME_COLOURS: Mapping[Outcome, str] = {
    Outcome.MET: "#146c43",
    Outcome.NOT_MET: "#b02a1c",
    Outcome.INSUFFICIENT: "#8a5300",
    Outcome.NOT_APPLICABLE: "#52606d",
    Outcome.INFORMATION: "#1f5c99",
}
OUTCOME_GROUNDS: Mapping[Outcome, str] = {
    Outcome.MET: "#e6f4ec",
    Outcome.NOT_MET: "#fdebe8",
    Outcome.INSUFFICIENT: "#fdf1dc",
    Outcome.NOT_APPLICABLE: "#eef1f4",
    Outcome.INFORMATION: "#e8f1fa",
}
OUTCOME_SIGNS: Mapping[Outcome, str] = {
    Outcome.MET: "✓",
    Outcome.NOT_MET: "×",
    Outcome.INSUFFICIENT: "?",
    Outcome.NOT_APPLICABLE: "–",
    Outcome.INFORMATION: "i",
}
OUTCOME_CLASSES: Mapping[Outcome, str] = {
    Outcome.MET: "met",
    Outcome.NOT_MET: "not-met",
    Outcome.INSUFFICIENT: "insufficient",
    Outcome.NOT_APPLICABLE: "not-applicable",
    Outcome.INFORMATION: "information",
}
STATE_COLOURS: Mapping[str, str] = {
    "provable": "#1a7f5a",
    "not provable": "#c4501b",
    "below threshold": "#7b8794",
}
