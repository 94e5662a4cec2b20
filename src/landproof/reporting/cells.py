"""What a sentence or a table is filled with: exact values that are not yet in any language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from landproof.criteria.edition import Bilingual
from landproof.domain.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English sentence marked with `text`, and the cells that fill its ``%(name)s`` placeholders."""

    sentence: str
    values: Mapping[str, "Cell"] = field(default_factory=dict[str, "Cell"])


def say(sentence: str, /, **values: "Cell") -> Sentence:
    """A sentence with its values."""
    return Sentence(sentence, values)


@dataclass(frozen=True, slots=True)
class Id:
    """An identifier, shown as its owner wrote it."""

    value: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key of ours, made of several identifiers ("S-1|soy|BR|annex1|before-2030"); pages show it small."""

    value: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a closed list (a custody model, a depth, a commodity); translated when known."""

    value: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in the criteria as the edition writes it, "3.3; Summary 2 row 3"."""

    clause: str


@dataclass(frozen=True, slots=True)
class Country:
    """ISO 3166-1 alpha-2 code."""

    code: str


@dataclass(frozen=True, slots=True)
class ListName:
    """The id of a published origin-risk list, shown by its title."""

    id: str


@dataclass(frozen=True, slots=True)
class Amount:
    """Money, exact. ``currency`` is ISO 4217, or None when the application does not say."""

    value: Decimal
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Exact:
    """An amount with all its decimals; ``unit`` is ISO 4217, a word of a closed list, or None."""

    value: Decimal
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """``part / whole``, kept apart so that nothing is rounded before it is read. ``whole`` is above 0."""

    part: Decimal
    whole: Decimal


@dataclass(frozen=True, slots=True)
class Mass:
    """Grams."""

    grams: Decimal


@dataclass(frozen=True, slots=True)
class Area:
    """Hectares."""

    hectares: Decimal


@dataclass(frozen=True, slots=True)
class Quantity:
    """A bare decimal."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell that opens another place of the report: the anchor of a rule, a finding or a table."""

    target: str
    cell: "Cell"


@dataclass(frozen=True, slots=True)
class Many:
    """Several cells, read as a list; ``between`` is ", ", or "; " between clauses, or a new line."""

    cells: tuple["Cell", ...]
    between: str = ", "


# None is "unknown", and is shown as that word.
Cell: TypeAlias = (
    str
    | int
    | date
    | Sentence
    | Id
    | Key
    | Word
    | Citation
    | Country
    | ListName
    | Amount
    | Exact
    | Share
    | Mass
    | Area
    | Quantity
    | Reference
    | Many
    | Bilingual
    | Outcome
    | None
)
