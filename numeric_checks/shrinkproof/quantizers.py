"""Rounding to a low-precision format: the exact law, and a vectorised twin.

`Quantizer.law` is the reference: the exact distribution of the rounded number, derived from
the numbers of the `Format` alone.  `Quantizer.law_array` does the same to float64 arrays, and
`round_array` draws from it.  One parametrised test suite holds the two to each other, and both to
other libraries.

Sources: IEEE 754-2019, sections 4.3 (rounding) and 7.4 (overflow); OCP 8-bit floating point
specification (saturating conversion); Croci et al., Stochastic rounding: implementation, error
analysis and applications, R. Soc. Open Sci. 9 (2022).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import prod
from typing import NamedTuple, TypeAlias

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from shrinkproof.exact import Vector, floor_log2, from_float, power_of_two, rational
from shrinkproof.formats import Format

Law: TypeAlias = "tuple[tuple[fmpq, fmpq], ...]"
VectorLaw: TypeAlias = "tuple[tuple[fmpq, Vector], ...]"
FloatArray: TypeAlias = NDArray[np.float64]

_HALF = fmpq(1, 2)
_CHUNK = 1 << 15  # elements; temporaries then stay in the cache
_MAX_SCALE_EXPONENT = 500  # format values times 2^+-500 are still exact float64 numbers


class ArrayLaw(NamedTuple):
    """The law of every rounded entry: `upper` with probability `chance`, otherwise `lower`.

    `lower` is the one nearer zero; where the result is certain both are the same and the chance 0.
    Every entry is exact (see `Quantizer.law_array`), and so is the mean.
    """

    lower: FloatArray
    upper: FloatArray
    chance: FloatArray

    def mean(self) -> FloatArray:
        """E Q(x): no step of this rounds, since a chance is a short fraction of a spacing."""
        mean: FloatArray = self.lower + self.chance * (self.upper - self.lower)
        return mean


class Rounding(Enum):
    """How a number between two neighbours of the format is rounded."""

    NEAREST = "nearest"  # ties to the neighbour with even significand
    TOWARD_ZERO = "toward-zero"
    STOCHASTIC = "stochastic"  # up or down with probabilities that keep the mean


@dataclass(frozen=True)
class Quantizer:
    """x -> round(scale * x) / scale in the given format.

    scale: a loss scale, any positive rational.  saturate: numbers beyond the largest finite
    value become that value, in every rounding mode.  Otherwise they raise OverflowError, where
    overflow is IEEE 754's: the number rounded with unbounded exponent range exceeds the largest
    finite one (for stochastic rounding: could exceed it).

    Raises ValueError if scale is not a positive rational.
    """

    format: Format
    rounding: Rounding
    scale: fmpq = field(default=fmpq(1), kw_only=True)
    saturate: bool = field(default=True, kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "scale", rational(self.scale))
        if not self.scale > 0:
            raise ValueError(f"scale = {self.scale}: expected a positive rational")

    def law(self, x: fmpq | Fraction | int) -> Law:
        """The exact law of the rounded number, as (probability, value) pairs.

        One pair in the deterministic modes and for representable numbers; at most two, the one
        nearer zero first, for stochastic rounding, whose mean is exactly x inside the range.
        Raises OverflowError when the result overflows and `saturate` is off.
        """
        scaled = self.scale * rational(x)
        magnitude, largest = abs(scaled), self.format.largest
        if magnitude > largest:
            if not self.saturate and self._overflows(magnitude):
                raise OverflowError(
                    f"{x} times scale {self.scale} rounds beyond {largest}, the largest "
                    f"{self.format.name} value: lower the scale or let the quantizer saturate"
                )
            magnitude = largest
        unit = self.format.spacing(magnitude)
        steps = magnitude / unit
        below = int(steps.floor())
        above = steps - below  # the part of a spacing beyond the lower neighbour
        if scaled < 0:
            unit = -unit
        unit /= self.scale
        if self.rounding is Rounding.STOCHASTIC and above != 0:
            return (1 - above, below * unit), (above, (below + 1) * unit)
        if self.rounding is Rounding.NEAREST:
            below += above > _HALF or (above == _HALF and below % 2 == 1)
        return ((fmpq(1), below * unit),)

    @cached_property
    def overflow(self) -> tuple[fmpq, bool]:
        """The scaled magnitude beyond which numbers overflow, and whether it does itself."""
        largest = self.format.largest
        spacing = self.format.spacing(largest)
        if self.rounding is Rounding.NEAREST:
            tie_goes_up = int((largest / spacing).floor()) % 2 == 1
            return largest + spacing / 2, tie_goes_up
        if self.rounding is Rounding.TOWARD_ZERO:
            return largest + spacing, True
        return largest, False

    def _overflows(self, magnitude: fmpq) -> bool:
        threshold, itself = self.overflow
        return bool(magnitude > threshold or (magnitude == threshold and itself))

    def law_vector(self, v: Vector) -> VectorLaw:
        """The exact law of a rounded vector whose coordinates are rounded independently.

        Up to 2^d pairs (probability, vector) for stochastic rounding in dimension d.
        """
        laws = [self.law(entry) for entry in v]
        return tuple(
            (prod((p for p, _ in pairs), start=fmpq(1)), tuple(value for _, value in pairs))
            for pairs in product(*laws)
        )

    def round(self, x: fmpq | Fraction | int) -> fmpq:
        """The rounded number.  Raises ValueError for stochastic rounding, which has a law."""
        if self.rounding is Rounding.STOCHASTIC:
            raise ValueError("stochastic rounding has no single result: use law or round_array")
        return self.law(x)[0][1]

    def round_vector(self, v: Vector) -> Vector:
        """The vector rounded coordinate by coordinate; errors as in `round`."""
        return tuple(self.round(entry) for entry in v)

    def mean(self, x: fmpq | Fraction | int) -> fmpq:
        """E Q(x), exactly."""
        return sum((p * value for p, value in self.law(x)), fmpq(0))

    def variance(self, x: fmpq | Fraction | int) -> fmpq:
        """E (Q(x) - E Q(x))^2, exactly; zero in the deterministic modes."""
        mean = self.mean(x)
        return sum((p * (value - mean) ** 2 for p, value in self.law(x)), fmpq(0))

    def law_array(self, x: FloatArray) -> ArrayLaw:
        """The laws of a float64 array of any shape: those of `law`, entry by entry.

        Exact, except that the chance of an entry whose product with the scale is below float64's
        normal range is off by less than 2^-53.

        Raises ValueError for another dtype, for nan or infinite entries, and for a scale that is no
        power of two in [2^-500, 2^500] (its product would be rounded twice); OverflowError as
        `law` does.
        """
        if not isinstance(x, np.ndarray) or x.dtype != np.float64:
            raise ValueError(f"rounding of {getattr(x, 'dtype', type(x))}: expected float64")
        if not np.isfinite(x).all():
            index = tuple(int(i) for i in np.argwhere(~np.isfinite(x))[0])
            raise ValueError(f"entry {index} is {x[index]}: expected finite numbers")
        shift = self._scale_exponent()
        if not self.saturate and x.size:
            self.law(from_float(float(np.abs(x).max())))  # overflow is monotone in |x|
        flat = x.ravel()
        law = ArrayLaw(*(np.empty_like(flat) for _ in range(3)))
        for start in range(0, flat.size, _CHUNK):
            part = slice(start, start + _CHUNK)
            for whole, entries in zip(law, self._law_chunk(flat[part], shift), strict=True):
                whole[part] = entries
        return ArrayLaw(*(entries.reshape(x.shape) for entries in law))

    def round_array(self, x: FloatArray, rng: np.random.Generator | None = None) -> FloatArray:
        """Rounds a float64 array of any shape; the same values as `law`.

        Stochastic rounding compares a 53-bit uniform with the chance, so it is exactly unbiased for
        chances that are multiples of 2^-53, which holds for every float64 number in the normal
        range of the format, and elsewhere rounds away from zero with a probability too large by
        less than 2^-53.

        Raises ValueError and OverflowError as `law_array` does, and if stochastic rounding has no
        rng.
        """
        if self.rounding is not Rounding.STOCHASTIC:
            return self.law_array(x).lower
        if rng is None:
            raise ValueError("stochastic rounding needs a source of randomness: pass rng")
        law = self.law_array(x)
        rounded: FloatArray = np.where(rng.random(x.shape) < law.chance, law.upper, law.lower)
        return rounded

    def _scale_exponent(self) -> int:
        exponent = floor_log2(self.scale)
        if self.scale != power_of_two(exponent) or abs(exponent) > _MAX_SCALE_EXPONENT:
            raise ValueError(
                f"scale = {self.scale}: rounding arrays expects a power of two in [2^-500, 2^500]"
            )
        return exponent

    def _law_chunk(self, x: FloatArray, shift: int) -> ArrayLaw:
        # Every mode is odd in x, so magnitudes suffice; and clipping first is saturation, since
        # the largest value is representable.  A product that leaves float64 is far outside or
        # far below the format, where its exact value does not matter.
        fmt = self.format
        with np.errstate(over="ignore", under="ignore"):
            magnitude = np.minimum(np.ldexp(np.abs(x), shift), float(fmt.largest))
        least = floor_log2(fmt.subnormal_spacing)
        spacing = np.maximum(np.frexp(magnitude)[1] - fmt.precision, least)  # its power of two
        steps = np.ldexp(magnitude, -spacing)
        lower = np.floor(steps)
        chance = steps - lower  # exact, as all of this is

        def rounded(steps: FloatArray) -> FloatArray:
            signed: FloatArray = np.copysign(np.ldexp(steps, spacing - shift), x)
            return signed

        if self.rounding is Rounding.STOCHASTIC:
            return ArrayLaw(rounded(lower), rounded(lower + (chance > 0)), chance)
        if self.rounding is Rounding.NEAREST:
            lower += (chance > 0.5) | ((chance == 0.5) & (lower % 2 == 1))
        return ArrayLaw(rounded(lower), rounded(lower), np.zeros_like(x))
