"""The evidence record of a plot in words: what is printed, and what stands on its picture."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

import polars as pl

from landproof.domain.derived import PLOT_STATUS
from landproof.domain.messages import text
from landproof.land.decode import Meaning, Role
from landproof.land.next_evidence import EVIDENCE
from landproof.reference.editions import load_edition
from landproof.render.wording import Wording
from landproof.reporting.cells import Cell, Many, Quantity, Sentence, Word, say
from landproof.reporting.land_reasons import LandReasons
from landproof.reporting.pictures import ROLES, verdict_line

Record: TypeAlias = Mapping[str, Any]
MOST_PATCHES = 12
MEANINGS: Mapping[Meaning, str] = {
    Meaning.NATURAL: text("natural"),
    Meaning.NOT_NATURAL: text("not natural"),
    Meaning.CHANGE: text("change"),
    Meaning.SILENT: text("no change"),
    Meaning.AGRICULTURE: text("agriculture"),
    Meaning.OTHER_USE: text("other use"),
    Meaning.NO_USE: text("no use"),
    Meaning.NOT_AGRICULTURE: text("not agriculture"),
    Meaning.PEAT: text("peat"),
    Meaning.NOT_PEAT: text("not peat"),
    Meaning.OFTEN: text("seen often enough"),
    Meaning.SELDOM: text("seen too seldom"),
    Meaning.ABSTAINS: text("no opinion"),
    Meaning.UNKNOWN: text("unknown"),
    Meaning.NO_DATA: text("no data"),
}
_ZONES = {
    "core": text("core"),
    "edge": text("edge"),
    "fringe": text("fringe"),
    "plot": text("whole plot"),
}
_MEANS = {
    "proved": text("proves it: %(why)s"),
    "in doubt": text("in doubt: %(why)s"),
    "not seen": text("not seen: %(why)s"),
    "excused": text("no harm: %(why)s"),
    "nothing": text("nothing found"),
}
_LOCATED = {
    "gnss": text("walked with a GNSS receiver"),
    "image": text("drawn on an image"),
    "unknown": text("nobody says how it was taken"),
}
_NOT_HERE = text("not here")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table to be printed."""

    headers: Sequence[str]
    rows: Sequence[Sequence[str]]


Part: TypeAlias = str | Grid


class Words:
    """Puts a record into one language."""

    def __init__(self, record: Record, language: str) -> None:
        self._record = record
        self.wording = Wording(language)
        self._reasons = LandReasons(pl.DataFrame(schema=PLOT_STATUS.schema), load_edition())

    def parts(self) -> Iterator[Part]:
        """All that is printed, in its order."""
        yield from self._head()
        differing = bool(self._record["kept"] and self._record["kept"]["differing"])
        if differing:
            yield from self._kept()
        for verdict in self._record["verdicts"]:
            yield ""
            yield from self._verdict(verdict)
        yield from self._next()
        yield from self._patches()
        yield ""
        yield self._say(text("The layers, with square metres inside the plot and in its fringe:"))
        for layer in self._record["layers"]:
            yield ""
            yield from self._layer(layer)
        if not differing:
            yield from self._kept()

    def headlines(self) -> list[str]:
        """The verdict on each harm in a line, those that hold the plot back first.

        Where the case keeps other verdicts than were found now, those of now, as the picture shows them.
        """
        order = ("converted", "inconclusive", "not assessed", "not converted")
        kept = self._record["kept"]
        differing = bool(kept and kept["differing"])
        standing = [(each["harm"], each if differing else _standing(each)) for each in self._record["verdicts"]]
        first = [self._of(text("As measured again now; the case keeps other verdicts."))] if differing else []
        return first + [
            self.wording(verdict_line(harm, said["verdict"], self._why(said["reasons"], said)))
            for harm, said in sorted(standing, key=lambda each: order.index(each[1]["verdict"]))
        ]

    def _say(self, sentence: str, **values: Cell) -> str:
        return self.wording(say(sentence, **values))

    def _of(self, word: str) -> str:
        return self.wording.say(word)

    def _why(self, codes: Sequence[str], said: Record) -> Cell:
        """Codes as sentences, with the area and the days of what gave them."""
        row = {
            "area_m2": said["area_m2"],
            "earliest": _day(said.get("earliest")),
            "latest": _day(said.get("latest")),
        }
        return self._reasons.of_verdict(codes, row) if codes else ""

    def _head(self) -> Iterator[Part]:
        record = self._record
        yield self._say(text("Plot %(plot)s"), plot=record["plot"])
        zones = record["zones_m2"]
        if zones is None:
            yield self._say(text("Its geometry cannot be measured."))
            return
        yield self._say(
            text(
                "Position good to %(metres)s m (%(way)s). Core %(core)s m², edge %(edge)s m², fringe around it "
                "%(fringe)s m²."
            ),
            metres=Quantity(Decimal(record["sigma_mm"]) / 1000),
            way=self._of(_LOCATED[record["located_by"] or "unknown"]),
            **{name: Quantity(Decimal(area)) for name, area in zones.items()},
        )

    def _verdict(self, verdict: Record) -> Iterator[Part]:
        standing = _standing(verdict)
        yield self._say(
            text("%(harm)s: %(verdict)s (%(rules)s; readings %(readings)s)"),
            harm=Word(verdict["harm"]), verdict=Word(standing["verdict"]), rules=", ".join(verdict["rules"]),
            readings=", ".join(verdict["readings"]),
        )  # fmt: skip
        for code in standing["reasons"]:
            yield "  " + self.wording(self._why([code], standing))
        facts = list(self._facts(standing))
        if facts:
            yield "  " + self.wording(Many(tuple(facts), between="; "))
        yield from self._settled(verdict)

    def _facts(self, said: Record) -> Iterator[Cell]:
        if said["area_m2"]:
            yield say(text("%(m2)s m² bear on it"), m2=Quantity(Decimal(said["area_m2"])))
        if said["earliest"] and said["latest"]:
            yield say(text("from %(lo)s to %(hi)s"), lo=_day(said["earliest"]), hi=_day(said["latest"]))
        if said["use_after"]:
            yield say(text("use afterwards: %(use)s"), use=Word(said["use_after"]))
        if said["residual_ppm"]:
            yield say(
                text("chance that a clearing was missed: %(ppm)s in a million at most"),
                ppm=Quantity(Decimal(said["residual_ppm"])),
            )
        if said["seen_until"]:
            yield say(text("seen until %(day)s"), day=_day(said["seen_until"]))

    def _settled(self, verdict: Record) -> Iterator[Part]:
        """What was settled after measuring: by a signed review, or since the data grew old."""
        assessed, measured = verdict["assessed"], verdict["measured"]
        if measured is not None and (measured["verdict"], measured["reasons"]) != (
            verdict["verdict"], verdict["reasons"],
        ):  # fmt: skip
            yield "  " + self._say(
                text("Measured again now: %(verdict)s. %(why)s"),
                verdict=Word(verdict["verdict"]), why=self._why(verdict["reasons"], verdict),
            )  # fmt: skip
        if assessed is None or measured is None:
            return
        review = assessed["review"]
        if review is not None:
            yield "  " + self._say(
                text(
                    "Settled by review %(review)s (%(kind)s, signed on %(day)s). The layers alone say: "
                    "%(verdict)s."
                ),
                review=review["review"], kind=self._of(review["looked_at"]), day=_day(review["signed_on"]),
                verdict=Word(measured["verdict"]),
            )  # fmt: skip
        elif assessed["verdict"] != measured["verdict"]:
            yield "  " + self._say(
                text("As assessed on %(day)s. When it was measured the verdict was: %(verdict)s."),
                day=_day(assessed["as_of"]), verdict=Word(measured["verdict"]),
            )  # fmt: skip

    def _next(self) -> Iterator[Part]:
        asked: dict[str, list[str]] = {}
        for verdict in self._record["verdicts"]:
            for name in verdict["next_evidence"]:
                asked.setdefault(name, []).append(verdict["harm"])
        if not asked:
            return
        yield ""
        yield self._say(text("The cheapest evidence that would settle it:"))
        for name, harms in asked.items():
            yield "  " + self._say(
                text("%(ask)s (%(harms)s)"),
                ask=Sentence(EVIDENCE[name].ask),
                harms=Many(tuple(map(Word, harms))),
            )

    def _patches(self) -> Iterator[Part]:
        patches: Sequence[Record] = self._record["patches"]
        if not patches:
            return
        yield ""
        yield self._say(text("The patches, land on which every layer says one thing; what decided stands first:"))
        for number, patch in enumerate(patches[:MOST_PATCHES], start=1):
            yield from self._patch(number, patch)
        if len(patches) > MOST_PATCHES:
            rest = sum(each["area_m2"] for each in patches[MOST_PATCHES:])
            yield self._say(
                text("and %(count)s more with %(m2)s m² together (--json has all)"),
                count=len(patches) - MOST_PATCHES, m2=Quantity(Decimal(rest)),
            )  # fmt: skip

    def _patch(self, number: int, patch: Record) -> Iterator[Part]:
        marks = [self._of(_ZONES[patch["zone"]])]
        if patch["small_change"]:
            marks.append(self._of(text("its change is below half a hectare on the landscape")))
        if patch["small_forest"]:
            marks.append(self._of(text("its trees are a grove, no forest")))
        yield self._say(
            text("  %(number)s. %(m2)s m², %(where)s"),
            number=number, m2=Quantity(Decimal(patch["area_m2"])), where=Many(tuple(marks), between="; "),
        )  # fmt: skip
        said = [
            self._say(text("%(layer)s: %(state)s"), layer=layer, state=self._state(state))
            for layer, state in ((each["id"], patch["states"][each["id"]]) for each in self._record["layers"])
        ]
        yield "     " + self.wording(Many(tuple(said), between="; "))
        alike: dict[tuple[str, tuple[str, ...], bool], list[str]] = {}
        for harm, means in patch["means"].items():
            alike.setdefault((means["is"], tuple(means["codes"]), means["decided"]), []).append(harm)
        days = {name: patch["view"][name] for name in ("earliest", "latest")}
        for (kind, codes, decided), harms in alike.items():
            meaning = self._say(_MEANS[kind], why=self._why(codes, {**patch, **days}))
            sentence = text("%(harm)s: %(meaning)s [decided]") if decided else text("%(harm)s: %(meaning)s")
            yield "     " + self._say(sentence, harm=Many(tuple(map(Word, harms))), meaning=meaning)

    def _state(self, state: Record) -> str:
        meaning = self._of(MEANINGS[Meaning(state["meaning"])])
        if state["earliest"] is None:
            return meaning
        return self._say(
            text("%(meaning)s from %(lo)s to %(hi)s"),
            meaning=meaning, lo=_day(state["earliest"]), hi=_day(state["latest"]),
        )  # fmt: skip

    def _layer(self, layer: Record) -> Iterator[Part]:
        said = [
            self._of(ROLES[Role(layer["role"])]),
            self._say(text("version %(version)s"), version=layer["version"]),
        ]
        if layer["family"]:
            said.append(self._say(text("family %(family)s"), family=layer["family"]))
        if layer["fails_date_check"]:
            said.append(self._of(text("fails its date check")))
        yield self._say(
            text("%(layer)s: %(title)s (%(facts)s)"),
            layer=layer["id"], title=layer["title"], facts=Many(tuple(said)),
        )  # fmt: skip
        for file in layer["files"]:
            yield f"  {file['file']}  SHA-256 {file['sha256'] or self._of(text('unknown'))}"
        for name in layer["missing"]:
            yield f"  {name}: {self._of(_NOT_HERE)}"
        headers = (text("Value"), text("Meaning"), text("Plot, m²"), text("Fringe, m²"))
        rows = [
            [
                row["class"],
                self._state(row),
                *(self.wording(Quantity(Decimal(row[name]))) for name in ("plot_m2", "fringe_m2")),
            ]
            for row in layer["classes"]
        ]
        if rows:
            yield Grid([self._of(header) for header in headers], rows)

    def _kept(self) -> Iterator[Part]:
        for problem in self._record["problems"]:
            yield problem["why"]
        kept = self._record["kept"]
        if kept is None:
            return
        yield ""
        if not kept["differing"]:
            yield self._of(text("Measured again now, the plot gets the verdicts that the case keeps."))
        else:
            yield self._say(
                text(
                    "Measured again now, the plot gets other verdicts than the case keeps: %(harms)s. Patches, "
                    "layers and picture show what was found now. Run `landproof measure` again."
                ),
                harms=Many(tuple(map(Word, kept["differing"]))),
            )
        for file in kept["files_changed"]:
            yield self._say(
                text("%(layer)s: %(file)s is not the file that was measured on."),
                layer=file["layer"], file=file["file"],
            )  # fmt: skip
        if kept["catalogue_changed"]:
            yield self._of(text("The catalogue of layers is not the one that was measured with."))
        if kept["procedure_changed"]:
            yield self._of(text("It was measured by another version of landproof."))
        if kept["plot_changed"]:
            yield self._of(text("The plot was imported anew since it was measured; shown is what was measured."))


def _standing(verdict: Record) -> Record:
    """The verdict as it stands: as last assessed, else as the case keeps it, else as found now."""
    return verdict["assessed"] or verdict["measured"] or verdict


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)
