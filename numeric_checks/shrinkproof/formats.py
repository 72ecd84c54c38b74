"""Low-precision floating-point formats as exact data.

The definitions come from gfloat (`FormatInfo`); here every number of a format is an exact
rational, so that a rounding error bound can be an equality test.  In a format with p
significant bits the binade [2^e, 2^(e+1)) has spacing 2^(e-p+1), and below the smallest normal
number the spacing stays that of the lowest binade (gradual underflow).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

from flint import fmpq
from gfloat import FormatInfo
from gfloat.formats import (
    format_info_bfloat16,
    format_info_binary16,
    format_info_ocp_e2m1,
    format_info_ocp_e4m3,
    format_info_ocp_e5m2,
)

from shrinkproof.exact import floor_log2, from_float, power_of_two, rational


@dataclass(frozen=True, kw_only=True)
class Format:
    """A signed binary floating-point format with subnormals.

    name: key in FORMATS.  precision: significant bits p, the implicit one included.
    smallest_normal, largest: least normal and greatest finite value.  has_infinity: whether
    overflow has an encoding.  info: gfloat's definition, for the vectorised routines.
    """

    name: str
    precision: int
    smallest_normal: fmpq
    largest: fmpq
    has_infinity: bool
    info: FormatInfo = field(compare=False, repr=False)  # mutable, hence without a hash

    @classmethod
    def from_gfloat(cls, name: str, info: FormatInfo) -> Format:
        """Reads a gfloat definition.

        Raises ValueError for an unsigned or two's-complement format, one without subnormals,
        or one of precision 1, whose ties-to-even rule is a different one.
        """
        if not info.is_signed or info.is_twos_complement or not info.has_subnormals:
            raise ValueError(f"format {info}: expected signed magnitude with subnormals")
        if info.precision < 2 or info.is_all_subnormal:
            raise ValueError(f"format {info}: expected at least 2 significant bits and an exponent")
        return cls(
            name=name,
            precision=info.precision,
            smallest_normal=from_float(info.smallest_normal),
            largest=from_float(info.max),
            has_infinity=info.num_infs > 0,
            info=info,
        )

    @property
    def unit_roundoff(self) -> fmpq:
        """u = 2^-p: bounds the relative error of round to nearest in the normal range."""
        return power_of_two(-self.precision)

    @property
    def subnormal_spacing(self) -> fmpq:
        """Distance between neighbours below `smallest_normal`; also the least positive value."""
        return self.smallest_normal * power_of_two(1 - self.precision)

    def spacing(self, x: fmpq | Fraction | int) -> fmpq:
        """Distance between neighbours in the binade that contains |x|.

        Below `smallest_normal` (zero included) it is the subnormal spacing; above `largest` it
        goes on as if the exponent range had no end.
        """
        magnitude = abs(rational(x))
        if magnitude < self.smallest_normal:
            return self.subnormal_spacing
        return power_of_two(floor_log2(magnitude) - self.precision + 1)

    def values(self) -> tuple[fmpq, ...]:
        """All finite nonnegative values, ascending.

        Raises ValueError for formats wider than 16 bits, which have too many.
        """
        if self.info.k > 16:
            raise ValueError(f"{self.name} has {self.info.k} bits: values() lists at most 16")
        return _values(self)


@cache
def _values(fmt: Format) -> tuple[fmpq, ...]:
    binade, spacing = 2 ** (fmt.precision - 1), fmt.subnormal_spacing
    found = [n * spacing for n in range(binade)]
    while spacing * binade <= fmt.largest:
        found += [n * spacing for n in range(binade, 2 * binade)]
        spacing *= 2
    return tuple(value for value in found if value <= fmt.largest)


FORMATS: dict[str, Format] = {
    name: Format.from_gfloat(name, info)
    for name, info in {
        "e4m3fn": format_info_ocp_e4m3,
        "e5m2": format_info_ocp_e5m2,
        "bfloat16": format_info_bfloat16,
        "float16": format_info_binary16,
        "e2m1": format_info_ocp_e2m1,
    }.items()
}


def format_named(name: str) -> Format:
    """The format with this name.  Raises ValueError that lists the known names."""
    if name not in FORMATS:
        raise ValueError(f"unknown format {name!r}: expected one of {', '.join(FORMATS)}")
    return FORMATS[name]
