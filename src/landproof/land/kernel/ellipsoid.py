"""Areas between parallels of the WGS 84 ellipsoid in plain arithmetic, which has the same bits everywhere."""

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_A = 6378137.0  # metres
_F = 1 / 298.257223563
E2 = _F * (2 - _F)
B2 = (_A * (1 - _F)) * (_A * (1 - _F))
DEGREE = math.pi / 180
SINE = tuple((-1.0) ** k / math.factorial(2 * k + 1) for k in range(13))  # to 1e-23 up to a right angle
ATANH = tuple(1 / (2 * k + 1) for k in range(9))


def band_areas(latitudes: Floats) -> Floats:
    """Square metres between neighbouring ``latitudes`` (degrees, n), for one degree of longitude (n - 1, signed).

    Closed form of the surface of an ellipsoid of revolution: b² (atanh(e s) / 2e + s / 2(1 - e² s²)), s the sine.
    """
    angle = np.clip(latitudes, -90.0, 90.0) * DEGREE
    sine = angle * _polynomial(SINE, angle * angle)
    squared = sine * sine * E2
    surface = sine * (_polynomial(ATANH, squared) + 1 / (1 - squared)) / 2
    return np.diff(surface) * (B2 * DEGREE)


def cosine(latitudes: Floats) -> Floats:
    """Cosine of latitudes in degrees."""
    angle = (90.0 - np.abs(latitudes)) * DEGREE
    return angle * _polynomial(SINE, angle * angle)


def _polynomial(coefficients: tuple[float, ...], x: Floats) -> Floats:
    total = np.full_like(x, coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        total = total * x + coefficient
    return total
