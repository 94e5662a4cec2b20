"""What a finding says, and what to do about it."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from landproof.chain.balances.plots import plain
from landproof.domain.messages import Message, text

_SHOWN = 5  # ids in a sentence; the table has all
_M2 = Decimal(10_000)

TITLES: Mapping[str, str] = {
    "outputs above inputs": text("Outputs above inputs"),
    "yield out of range": text("Yield out of range"),
    "lot over-used": text("More taken out of a lot than it weighs"),
    "used before made": text("Lot used before it was made"),
    "used by another": text("Lot used by one who did not hold it"),
    "stock below zero": text("Stock of a site below zero"),
    "vessel below zero": text("Contents of a tank or silo below zero"),
    "plot over capacity": text("Plot delivers more than its land can give"),
    "overlapping plots over capacity": text("Overlapping plots deliver more than their land can give"),
    "overlapping plots of several parties": text("Overlapping plots of several parties"),
    "certificate over volume": text("Claims above the volume of a certificate"),
    "claim document used again": text("One claim document for several lots"),
    "vessel shared": text("Goods kept apart out of a shared tank or silo"),
    "claim before made": text("Claim dated before its lot was made"),
    "claimed above inputs": text("More claimed than went in claimed"),
    "class steps up": text("Claim stronger than those on what went in"),
    "constant claim ratio": text("Claimed share that never moves"),
    "spend without mass": text("Spend without a lot that has a mass"),
    "spend not traced": text("Spend of which nothing is traced"),
    "day and moment differ": text("Day and moment of an event differ"),
}
SENTENCES: Mapping[str, str] = {
    "outputs above inputs": text(
        "Event %(subject)s gives out %(measured)s with its declared loss, and %(limit)s went in: %(excess)s "
        "(%(excess_share)s) come from nowhere. Correct the masses, or add the input that is missing."
    ),
    "yield out of range": text(
        "Event %(subject)s made %(measured)s of %(commodity)s from %(of)s of %(from)s; %(low)s to %(high)s "
        "would be in range (%(basis)s). Correct the masses, add what else went in or came out, or give a factor "
        "of your own with its document."
    ),
    "lot over-used": text(
        "%(measured)s were taken out of lot %(subject)s, which weighs %(limit)s: %(excess)s too much "
        "(%(facts)s). Correct the masses, name the lot that the rest came from, or say who received it."
    ),
    "used before made": text(
        "Lot %(subject)s was used on %(on)s (%(use)s), before it was made on %(not_before)s (%(making)s). "
        "Correct the days, or name the lot that was used."
    ),
    "used by another": text(
        "%(user)s used lot %(subject)s on %(on)s (%(use)s), which %(holder)s held by then (%(making)s). Add the "
        "transfer that is missing, or the day on which it was accepted, or correct the names."
    ),
    "stock below zero": text(
        "By %(on)s, %(limit)s of %(commodity)s had come to %(subject)s or been made there, and %(measured)s had "
        "gone out: %(excess)s too much. Correct the days and masses, or add what came in."
    ),
    "vessel below zero": text(
        "By %(on)s, %(limit)s had gone into %(subject)s, and %(measured)s had come out: %(excess)s too much. "
        "Correct the days and masses, or add what went in."
    ),
    "plot over capacity": text(
        "In the crop year from %(year)s plot %(subject)s delivered %(measured)s of %(commodity)s; its %(area)s "
        "ha can give %(limit)s (%(yield)s kg per ha, %(basis)s). It is over by %(excess)s (%(excess_share)s) "
        "since delivery number %(number)s (%(crossing)s). Ask where the rest was grown, or correct the area."
    ),
    "overlapping plots over capacity": text(
        "Plots %(plots)s have %(overlap)s ha in common and delivered %(measured)s of %(commodity)s in the crop "
        "year from %(year)s; their land together can give %(limit)s (%(yield)s kg per ha, %(basis)s). The same "
        "land may be sold twice: settle whose it is."
    ),
    "overlapping plots of several parties": text(
        "Plots %(plots)s have %(overlap)s ha in common, and different parties deliver from them (%(parties)s). "
        "The same land may be sold twice: settle whose it is."
    ),
    "certificate over volume": text(
        "Claims under certificate %(subject)s (step %(step)s) add up to %(measured)s, and it certifies "
        "%(limit)s: %(excess)s too much (%(facts)s). Ask the scheme which claims stand."
    ),
    "claim document used again": text(
        "Document %(basis)s stands behind claims under certificate %(subject)s on several lots (%(lots)s). "
        "Check that its volume covers all of them."
    ),
    "vessel shared": text(
        "Lot %(lot)s left %(subject)s on %(on)s as %(claimed)s, and other goods may be in it (lots %(others)s). "
        "Document that it was emptied between them, or claim the class of what it held."
    ),
    "claim before made": text(
        "Claim %(use)s on lot %(subject)s is dated %(on)s, before the lot was made on %(not_before)s "
        "(%(making)s). Correct the day, or ask what the claim was for."
    ),
    "claimed above inputs": text(
        "%(measured)s are claimed as kept apart out of %(subject)s, and %(limit)s went in claimed so: "
        "%(excess)s too much. Add the claims on the other inputs, or claim less."
    ),
    "class steps up": text(
        "Lot %(subject)s is claimed as %(claimed)s, and lot %(other)s that went into it only as %(weaker)s. "
        "Correct the claim: no step makes goods better kept apart."
    ),
    "constant claim ratio": text(
        "%(subject)s claims the same share of what it makes (%(measured)s of %(of)s) in each of %(months)s "
        "months from %(from)s to %(to)s, though the amounts differ. Ask how claims are tied to goods."
    ),
    "spend without mass": text(
        "%(lines)s purchase lines of product %(subject)s have spend and no lot with a mass (%(facts)s). Name "
        "their lots, and say what these weigh."
    ),
    "spend not traced": text(
        "Product %(subject)s has spend on %(lines)s lines, and no gram of its lots is traced to a plot or a "
        "country. Add the deliveries or events behind its lots."
    ),
    "day and moment differ": text(
        "Event %(subject)s is dated %(on)s, and its moment is %(moment)s: no place on Earth had that day then. "
        "Correct one of them."
    ),
}


def sentence_of(row: Mapping[str, Any]) -> Message:
    """The sentence of a row of ``chain_findings``. Masses are exact; shares are rounded here and nowhere else."""
    measured, limit = row["measured_g"], row["limit_g"]
    over = None if measured is None or limit is None else abs(measured - limit)
    of, low, high = row["of_g"], row["low_share"], row["high_share"]
    values = {
        "subject": row["subject"],
        "commodity": row["commodity"] or "-",
        "lots": _some(row["lots"]),
        "plots": _some(row["plots"]),
        "facts": _some(row["facts"]),
        "on": _day(row["on"]),
        "not_before": _day(row["not_before"]),
        "measured": weight(measured),
        "limit": weight(limit),
        "excess": weight(over),
        "excess_share": f"{Decimal(over * 100) / Decimal(limit):.2f} %" if over is not None and limit else "-",
        "of": weight(of),
        "low": "0 g" if low is None else _share(low, of),
        "high": "-" if high is None else _share(high, of),
        "overlap": "-" if row["overlap_m2"] is None else plain(row["overlap_m2"] / _M2),
        "basis": _some(row["basis"]),
    } | json.loads(row["values"] or "{}")
    return Message(SENTENCES[row["check"]], values)


def weight(grams: int | None) -> str:
    """Grams in the unit that people would choose, to the gram."""
    if grams is None:
        return "-"
    for unit, size in (("t", 1_000_000), ("kg", 1000)):
        if abs(grams) >= size // (10 if unit == "t" else 1):
            return f"{plain(Decimal(grams) / size)} {unit}"
    return f"{grams} g"


def _share(share: Decimal, of: int | None) -> str:
    shown = f"{plain(share * 100)} %"
    return shown if of is None else f"{weight(int(share * of))} ({shown})"


def _some(ids: Sequence[str]) -> str:
    shown = ", ".join(ids[:_SHOWN])
    return f"{shown} … ({len(ids)})" if len(ids) > _SHOWN else shown or "-"


def _day(day: date | None) -> str:
    return day.isoformat() if day else "-"
