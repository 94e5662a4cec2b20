"""What was taken out of a lot before it was made came from elsewhere."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from landproof.chain.arrays import NONE, Flags, Ints
from landproof.chain.graph import Edges, Places

_LATE = np.iinfo(np.int64).max
_NEVER = np.iinfo(np.int64).min  # not known


@dataclass(frozen=True, slots=True)
class Times:
    """By fact, the days (since 1970) on which it may have been, and its moment in microseconds; or `_NEVER`.

    A moment without a day may be any day that some place on Earth had then.
    """

    first: Ints
    last: Ints
    at: Ints

    @classmethod
    def of(cls, deliveries: pl.DataFrame, events: pl.DataFrame) -> "Times":
        """Those of all deliveries, then of all events, as facts are numbered."""
        moments = events.select(
            first=pl.coalesce("on", (pl.col("at") - pl.duration(hours=12)).dt.date()),
            last=pl.coalesce("on", (pl.col("at") + pl.duration(hours=14)).dt.date()),
            at="at",
        )
        days = _numbers(deliveries["received_on"])
        return cls(
            np.concatenate([days, _numbers(moments["first"])]),
            np.concatenate([days, _numbers(moments["last"])]),
            np.concatenate([np.full(days.size, _NEVER), _numbers(moments["at"])]),
        )


def in_time(edges: Edges, times: Times, places: Places) -> Edges:
    """The same mass in all; what left a lot surely before anything went into it may be of it, and is of nobody.

    Moments decide where both have one, days otherwise. A lot into which something went on a day that nobody knows
    may have been there at any time.
    """
    early = _too_early(edges, times, places)
    if not early.any():
        return edges
    rest = edges.where(early)
    nobody = Edges.of(places.unknown, rest.into, rest.mass, NONE, rest.fact)
    return Edges.together(replace(edges, mass=np.where(early, 0, edges.mass)), nobody.where(nobody.mass > 0))


def _too_early(edges: Edges, times: Times, places: Places) -> Flags:
    told = edges.fact != NONE
    fact = np.where(told, edges.fact, 0)
    if (times.first == _NEVER).all():
        return np.zeros(edges.fact.size, dtype=np.bool_)
    first, last, at = (np.where(told, known[fact], _NEVER) for known in (times.first, times.last, times.at))
    making = edges.into < places.lots
    into, timed = edges.into[making], at[making] != _NEVER
    by_moment, by_day_timed, by_day = (np.full(places.lots, _LATE) for _ in range(3))
    np.minimum.at(by_moment, into[timed], at[making][timed])
    np.minimum.at(by_day_timed, into[timed], first[making][timed])
    np.minimum.at(by_day, into, np.where(timed, _LATE, first[making]))  # one without a day makes it `_NEVER`
    made = np.zeros(places.lots, dtype=np.bool_)
    made[into] = True
    source = np.where(edges.source < places.lots, edges.source, 0)
    used = (edges.source < places.lots) & made[source] & (last != _NEVER)
    before_timed = np.where(at != _NEVER, at < by_moment[source], last < by_day_timed[source])
    return used & before_timed & (last < by_day[source])


def _numbers(moments: pl.Series) -> Ints:
    """Days or microseconds since 1970."""
    return moments.to_physical().cast(pl.Int64).fill_null(_NEVER).to_numpy().astype(np.int64)
