import pytest

from landproof.layers.grids import GRIDS, Box


@pytest.mark.parametrize(
    ("grid", "box", "names"),
    [
        ("10deg_top_left", (-15, 5, -14, 6), ["10N_020W"]),
        ("10deg_top_left", (1, -1, 2, -0.5), ["00N_000E"]),  # south of the equator: its top is the equator
        ("10deg_top_left", (1, -12, 2, -11), ["10S_000E"]),
        ("10deg_top_left", (-0.1, -0.1, 0.1, 0.1), ["00N_010W", "00N_000E", "10N_010W", "10N_000E"]),
        ("10deg_top_left", (10, 0, 20, 10), ["10N_010E"]),  # its edges reach no neighbour
        ("10deg_sides", (-75, -5, -74, -4), ["080W_10S_070W_00N"]),
        ("10deg_sides", (-5, 5, -4, 6), ["010W_00N_000E_10N"]),
        ("3deg_bottom_left", (-2, 7, -1, 8), ["N06W003"]),
        ("3deg_bottom_left", (1, -1, 2, -0.5), ["S03E000"]),
        ("utm_zone", (-63, -5, -62, -4), ["20M"]),
        ("utm_zone", (3, 51, 4, 52), ["31U"]),
        ("utm_zone", (3, 75, 4, 83), ["31X"]),
        ("utm_zone", (-180, -80, -179, -79), ["01C"]),
    ],
)
def test_tiles_of_a_place(grid: str, box: Box, names: list[str]):
    assert list(GRIDS[grid].names(box)) == names


@pytest.mark.parametrize(
    ("grid", "name", "box"),
    [
        ("10deg_top_left", "10N_020W", (-20, 0, -10, 10)),
        ("10deg_top_left", "00N_000E", (0, -10, 10, 0)),
        ("10deg_sides", "080W_10S_070W_00N", (-80, -10, -70, 0)),
        ("3deg_bottom_left", "S03E000", (0, -3, 3, 0)),
        ("utm_zone", "20M", (-66, -8, -60, 0)),
        ("utm_zone", "31X", (0, 72, 6, 84)),
        ("utm_zone", "61M", None),
        ("utm_zone", "20I", None),
        ("10deg_top_left", "10N-020W", None),
    ],
)
def test_the_land_of_a_tile(grid: str, name: str, box: Box | None):
    assert GRIDS[grid].box(name) == box


@pytest.mark.parametrize("grid", GRIDS)
def test_a_tile_holds_the_place_that_asks_for_it(grid: str):
    for longitude in range(-179, 180, 7):
        for latitude in range(-79, 83, 5):
            place = (longitude + 0.3, latitude + 0.3, longitude + 0.31, latitude + 0.31)
            [name] = GRIDS[grid].names(place)
            west, south, east, north = GRIDS[grid].box(name) or (0, 0, 0, 0)
            assert west <= place[0] < east
            assert south <= place[1] < north
