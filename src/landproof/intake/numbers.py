"""Numbers as people write them: which mark is the decimal one, and what stands around the digits."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from landproof.intake.cells import fail

# Digits are 0 to 9: \d would also match those of other scripts, which nothing here can add up.
_PLAIN: Final = r"^[+-]?[0-9]+(\.[0-9]+)?$"
_POINT_AND_THREE: Final = r"^[+-]?[1-9][0-9]{0,2}\.[0-9]{3}$"
_SHORTENED: Final = r"^[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+$"
_DIGITS: Final = r"([0-9][0-9.,'’ \u00a0\u202f]*[0-9]|[0-9]|[.,][0-9]+)"
_WORD: Final = r"([^0-9.,()+\-−]*)"
_AROUND: Final = rf"^{_WORD}([(+\-−]?)\s*{_WORD}{_DIGITS}([-−)]?)(|[^0-9\s.,)].*|\s+\S.*)$"
_SPACED: Final = r"^[0-9]{1,3}([ '’\u00a0\u202f][0-9]{3})+([.,][0-9]*)?$"
_SPACES: Final = r"[ '’\u00a0\u202f]"
_POINT: Final = (
    r"^[0-9]{1,3}(,[0-9]{2,3})*,[0-9]{3}\.[0-9]*$",  # 1,234.5 and 1,23,456.7
    r"^[0-9]{1,3}(,[0-9]{3}){2,}$",  # 1,234,567
    r"^[0-9]{1,2}(,[0-9]{2})+,[0-9]{3}$",  # 1,23,456
    r"^[0-9]*\.[0-9]+$",
)
_COMMA: Final = (r"^[0-9]{1,3}(\.[0-9]{3})+,[0-9]*$", r"^[0-9]{1,3}(\.[0-9]{3}){2,}$", r"^[0-9]*,[0-9]+$")


@dataclass(frozen=True, slots=True)
class Numbers:
    """What stands in the cells of a column of numbers.

    ``digits`` holds the number's own characters; ``mark`` its decimal mark where the cell itself tells
    ("." or ","), "" for a whole number, "?." or "?," where a mark before three digits may be either.
    ``before`` and ``after`` is what stands around the digits. ``failure`` names what is no number.
    """

    digits: pl.Series
    negative: pl.Series
    mark: pl.Series
    before: pl.Series
    after: pl.Series
    failure: pl.Series


def split(text: pl.Series, stored: pl.Series) -> Numbers:
    """Cut every cell into digits and surroundings. ``stored``: the cell was a number, so its point is decimal."""
    frame = pl.DataFrame({"text": text, "stored": stored}).with_row_index("at")
    quick = pl.col("text").str.contains(_PLAIN) & (
        pl.col("stored") | ~pl.col("text").str.contains(_POINT_AND_THREE)
    )
    is_quick = frame.select(quick.fill_null(value=True)).to_series()
    parts = [_quick(frame.filter(is_quick))]
    if not is_quick.all():
        parts.append(_slow(frame.filter(~is_quick)))
    found = pl.concat(parts) if len(parts) == 1 else pl.concat(parts).sort("at")
    return Numbers(*(found[name] for name in ("digits", "negative", "mark", "before", "after", "failure")))


def _quick(frame: pl.DataFrame) -> pl.DataFrame:
    text = pl.col("text")
    return frame.select(
        "at",
        digits=text.str.strip_chars_start("+-"),
        negative=text.str.starts_with("-"),
        mark=pl.when(text.str.contains(".", literal=True)).then(pl.lit(".")).otherwise(pl.lit("")),
        before=pl.lit(""),
        after=pl.lit(""),
        failure=pl.lit(None, dtype=pl.String),
    )


def _slow(frame: pl.DataFrame) -> pl.DataFrame:
    parts = pl.col("text").str.extract_groups(_AROUND).struct
    frame = frame.with_columns(
        lead=parts.field("1"), sign=parts.field("2"), lead2=parts.field("3"), number=parts.field("4"),
        close=parts.field("5"), after=parts.field("6").str.strip_chars(),
    ).with_columns(spaced=pl.col("number").str.contains(_SPACED))  # fmt: skip
    tight = (
        pl.when(pl.col("spaced")).then(pl.col("number").str.replace_all(_SPACES, "")).otherwise(pl.col("number"))
    )
    frame = frame.with_columns(number=tight)
    frame = frame.with_columns(mark=_mark())
    open_bracket = (pl.col("sign") == "(") != (pl.col("close") == ")")
    shortened = pl.col("text").str.contains(_SHORTENED) & ~pl.col("stored")
    return frame.select(
        "at",
        digits=pl.col("number"),
        negative=pl.col("sign").is_in(["-", "−", "("]) | pl.col("close").is_in(["-", "−"]),
        mark=pl.col("mark"),
        before=(pl.col("lead") + pl.col("lead2")).str.strip_chars(),
        after=pl.col("after"),
        failure=pl.when(shortened)
        .then(pl.lit("shortened-number"))
        .when(pl.col("mark").is_null() | open_bracket)
        .then(pl.lit("not-a-number")),
    )


def _mark() -> pl.Expr:
    number = pl.col("number")
    matches_point = pl.any_horizontal([number.str.contains(pattern) for pattern in _POINT])
    matches_comma = pl.any_horizontal([number.str.contains(pattern) for pattern in _COMMA])
    unsure = ~pl.col("spaced") & ~pl.col("stored")
    return (
        pl.when(number.str.contains(r"^[0-9]+$"))
        .then(pl.lit(""))
        .when(unsure & number.str.contains(r"^[1-9][0-9]{0,2}\.[0-9]{3}$"))
        .then(pl.lit("?."))
        .when(unsure & number.str.contains(r"^[1-9][0-9]{0,2},[0-9]{3}$"))
        .then(pl.lit("?,"))
        .when(matches_point)
        .then(pl.lit("."))
        .when(matches_comma)
        .then(pl.lit(","))
    )


def decided(mark: pl.Series) -> str | None:
    """The one decimal mark that the sure cells of a column use; None when none or both do."""
    sure = set(mark.unique().to_list()) & {".", ","}
    return sure.pop() if len(sure) == 1 else None


def canonical(numbers: Numbers, decimal: str | None) -> tuple[pl.Series, pl.Series]:
    """Digits with a decimal point and a leading minus, and the failures.

    ``decimal`` settles cells whose mark may be either; without it they are refused.
    """
    frame = pl.DataFrame({"digits": numbers.digits, "mark": numbers.mark, "negative": numbers.negative})
    if decimal is not None:
        sure = pl.when(pl.col("mark").str.starts_with("?")).then(pl.lit(decimal)).otherwise(pl.col("mark"))
        frame = frame.with_columns(mark=sure)
    marks = set(frame["mark"].unique().drop_nulls().to_list())
    digits = pl.col("digits")
    if marks - {"", "."} or frame["digits"].str.contains(",", literal=True).any():
        digits = (
            pl.when(pl.col("mark") == ",")
            .then(digits.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True))
            .otherwise(digits.str.replace_all(",", "", literal=True))
        )
    unsure = frame["mark"].str.starts_with("?")
    signed = pl.when(pl.col("negative")).then(pl.lit("-") + digits).otherwise(digits)
    values = frame.select(signed).to_series()
    return values, fail(numbers.failure, unsure, "ambiguous-number")
