"""What a URI of a document is called in the case: as the case's identifiers say, or by the URI itself."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from landproof.exchange.found import Gathering, Known
from landproof.exchange.gs1_keys import DOMAIN, key_of
from landproof.exchange.own import id_of

_SCHEMES: Final[Mapping[str, str]] = {
    "GLN": "GLN", "GTIN": "GTIN", "GTIN+lot": "GTIN and lot", "SSCC": "SSCC",
}  # fmt: skip


class Names:
    """The case's own names, and which identifiers of others the document brings."""

    def __init__(self, known: Known) -> None:
        rows = known.rows("identifiers").select("kind", "scheme", "value", "id").unique()
        # An identifier that names several things names none of them.
        rows = rows.filter(pl.col("id").n_unique().over("kind", "scheme", "value") == 1)
        self._named = {(kind, scheme, value): name for kind, scheme, value, name in rows.iter_rows()}
        self._plots = known.plots
        self._met: dict[tuple[str, str, str, str], int] = {}

    def __call__(self, kind: str, uri: str, row: int) -> str:
        """The id of a ``kind`` of thing that ``uri`` names at place ``row`` of the document."""
        name = id_of(uri)
        found = key_of(name)
        scheme = _SCHEMES.get(found[0]) if found is not None else None
        if found is None or scheme is None:
            return name
        value = found[1]
        if scheme == "GTIN and lot":
            gtin, _, lot = value.partition("+")
            value = f"(01){gtin}(10){lot}"
        if (kind, scheme, value) in self._named:
            return self._named[kind, scheme, value]
        self._met.setdefault((kind, scheme, value, name), row)
        return name

    def plot(self, uri: str) -> str | None:
        """The plot on file that ``uri`` names."""
        name = id_of(uri)
        found = key_of(name)
        own = None if found is None else self._named.get(("plot", "GLN", found[1]))
        return own or self._plots.get(name)

    def write(self, gathering: Gathering, document: str) -> None:
        """The identifiers that the document brings, beside those on file."""
        for (kind, scheme, value, name), row in sorted(self._met.items()):
            cells = {"kind": kind, "scheme": scheme, "value": value, "id": name, "document": document}
            gathering.add("identifiers", row, **cells)


def location(gln: str) -> str:
    """The URI of a place by its bare number."""
    return f"{DOMAIN}/414/{gln}"


def party(gln: str) -> str:
    """The URI of a party by its bare number."""
    return f"{DOMAIN}/417/{gln}"
