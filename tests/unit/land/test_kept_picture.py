"""Pictures as a case keeps them: what is read is what was written, and nothing else is read."""

import json
from typing import Any

import numpy as np
import pytest

from landproof.land.decode import Role
from landproof.land.kept_picture import (
    MOST_CELLS,
    DecidingMap,
    Held,
    KeptPicture,
    LayerMap,
    kept_from,
    plain_of,
)
from landproof.land.picture import BLANK, Mark, Panel, Picture

RING = np.array([[0.5, 0.5], [1.5, 0.5], [1.5001, 0.5], [1.5, 1.5], [0.5, 0.5]])


def kept() -> KeptPicture:
    """Two rows of four cells: in the first one proved, two in doubt."""
    cells = np.array([[0, 1, 1, BLANK], [BLANK] * 4], dtype=np.uint8)
    says = np.array([[0, 0, 0, 0], [0, 0, 0, 1]], dtype=np.uint8)
    picture = Picture(
        rows=2, columns=4, cell_m=(30.0004, 29.9996), step=1,
        rings={"plot": (RING,), "core": (), "fringe": (RING,)},
        deciding=(Panel("deforestation, conversion", (Mark.PROVED, Mark.DOUBT), cells),),
        layers=(Panel("loss", (Mark.AFTER, Mark.SILENT), says),),
        bare=False, partly=True, closer=True,
    )  # fmt: skip
    return KeptPicture(
        picture,
        (
            DecidingMap(
                ("deforestation", "conversion"), {Mark.PROVED: Held(900, ("C-FOREST",)), Mark.DOUBT: Held(9)}
            ),
        ),
        (LayerMap("loss", Role.CHANGE, "Loss", {Mark.AFTER: Held(1800)}),),
        {"core": 700, "edge": 200, "fringe": 90},
    )


def plain() -> dict[str, Any]:
    return json.loads(json.dumps(plain_of(kept())))


def test_cells_are_written_in_runs_and_outlines_in_thousandths_of_the_longer_side():
    written = plain()

    assert written["deciding"][0]["cells"] == "1a2b5."
    assert written["layers"][0]["cells"] == "7a1b"
    # Four cells are a thousand parts; the third point is a fortieth of a part from the second.
    assert written["rings"]["plot"] == [[[125, 125], [375, 125], [375, 375], [125, 125]]]
    assert written["cell_mm"] == [30000, 30000]


def test_what_is_read_is_what_was_written():
    found, made = kept_from(plain()), kept()

    assert plain_of(found) == plain()
    assert (found.deciding, found.layers, found.zones_m2) == (made.deciding, made.layers, made.zones_m2)
    assert np.array_equal(found.picture.deciding[0].cells, made.picture.deciding[0].cells)
    assert (found.picture.partly, found.picture.bare, found.picture.closer) == (True, False, True)
    assert found.picture.rings["core"] == ()


def test_an_outline_smaller_than_a_part_keeps_its_ends():
    made = kept()
    speck = np.array([[1.0, 1.0], [1.0001, 1.0], [1.0, 1.0]])
    made.picture.rings["plot"] = (speck,)  # type: ignore[index]

    assert plain_of(made)["rings"]["plot"] == [[[250, 250], [250, 250]]]


def _of(*path: Any) -> Any:
    """Changes the value at ``path`` to its last element."""

    def change(written: Any) -> None:
        *way, name, value = path
        for step in way:
            written = written[step]
        written[name] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        _of("format", "landproof picture 2"),
        _of("rows", 0),
        _of("rows", MOST_CELLS + 1),
        _of("rows", True),
        _of("rows", "2"),
        _of("cell_mm", [30000, 0]),
        _of("cell_mm", [30000]),
        _of("cell_mm", [1.5, 1]),
        _of("deciding", []),
        _of("deciding", 0, "cells", "1a2b4."),
        _of("deciding", 0, "cells", "1a2b6."),
        _of("deciding", 0, "cells", "1a2b99999999999999999999."),
        _of("deciding", 0, "cells", "1a2c5."),
        _of("deciding", 0, "cells", "0a1a2b5."),
        _of("deciding", 0, "cells", "1a2b5. "),
        _of("deciding", 0, "marks", 0, "mark", "harm"),
        _of("deciding", 0, "marks", 0, "area_m2", "900"),
        _of("deciding", 0, "harms", 0, 7),
        _of("layers", 0, "role", "soil"),
        _of("layers", 0, "title", None),
        _of("rings", "plot", [[[1, 1]]]),
        _of("rings", "plot", [[[1, 1, 1], [2, 2, 2]]]),
        _of("rings", "plot", [[[1, 1.5], [2, 2]]]),
        _of("zones_m2", {"core": 1, "edge": 2}),
    ],
)  # fmt: skip
def test_anything_else_is_refused(change: Any):
    written = plain()
    change(written)

    with pytest.raises((ValueError, KeyError, TypeError)):
        kept_from(written)


@pytest.mark.parametrize("written", [[], "picture", 7, None])
def test_what_is_no_table_of_names_is_refused(written: Any):
    with pytest.raises((ValueError, KeyError, TypeError)):
        kept_from(written)


def test_the_largest_picture_is_read():
    written = plain() | {"rows": MOST_CELLS, "columns": MOST_CELLS}
    written["deciding"][0]["cells"] = f"{MOST_CELLS * MOST_CELLS}a"
    written["layers"][0]["cells"] = f"{MOST_CELLS * MOST_CELLS}b"

    assert kept_from(written).picture.rows == MOST_CELLS
