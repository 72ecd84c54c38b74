"""Formats against two independent libraries, on every code."""

from itertools import pairwise

import ml_dtypes
import numpy as np
import pytest
from flint import fmpq
from gfloat import decode_ndarray
from gfloat.formats import (
    format_info_binary32,
    format_info_ocp_e3m2,
    format_info_ocp_e8m0,
    format_info_ocp_int8,
)

from shrinkproof.exact import from_float, power_of_two
from shrinkproof.formats import FORMATS, Format, format_named

DTYPES = {
    "e4m3fn": ml_dtypes.float8_e4m3fn,
    "e5m2": ml_dtypes.float8_e5m2,
    "bfloat16": ml_dtypes.bfloat16,
    "float16": np.float16,
    "e2m1": ml_dtypes.float4_e2m1fn,
}
every_format = pytest.mark.parametrize("name", FORMATS)


def finite_nonnegative(decoded):
    kept = decoded[np.isfinite(decoded) & ~np.signbit(decoded)]
    return tuple(from_float(float(x)) for x in np.sort(kept))


@every_format
def test_values_are_those_gfloat_decodes(name):
    info = FORMATS[name].info
    decoded = decode_ndarray(info, np.arange(2**info.k))
    assert FORMATS[name].values() == finite_nonnegative(decoded)


@every_format
def test_values_are_those_of_the_storage_type(name):
    bits = FORMATS[name].info.k
    codes = np.arange(2**bits, dtype=np.uint16 if bits == 16 else np.uint8)
    with np.errstate(invalid="ignore"):  # signalling nans
        decoded = codes.view(DTYPES[name]).astype(np.float64)
    assert FORMATS[name].values() == finite_nonnegative(decoded)


@every_format
def test_constants_are_those_of_the_storage_type(name):
    fmt, info = FORMATS[name], ml_dtypes.finfo(DTYPES[name])
    assert fmt.largest == from_float(float(info.max))
    assert fmt.smallest_normal == from_float(float(info.smallest_normal))
    assert fmt.subnormal_spacing == from_float(float(info.smallest_subnormal))
    assert fmt.unit_roundoff == from_float(float(info.eps)) / 2
    assert fmt.precision == info.nmant + 1
    assert fmt.has_infinity == (name in ("e5m2", "bfloat16", "float16"))


@every_format
def test_spacing_is_the_distance_between_neighbours(name):
    fmt = FORMATS[name]
    values = fmt.values()
    for lower, upper in pairwise(values):
        assert fmt.spacing(lower) == fmt.spacing(-(lower + upper) / 2) == upper - lower
    assert fmt.spacing(values[-1]) == values[-1] - values[-2]
    assert fmt.spacing(4 * values[-1]) == 4 * fmt.spacing(values[-1])


def test_known_values():
    e4m3 = format_named("e4m3fn")
    assert (e4m3.precision, e4m3.largest) == (4, 448)
    assert e4m3.unit_roundoff == fmpq(1, 16)
    assert e4m3.subnormal_spacing == power_of_two(-9)
    assert format_named("e2m1").values() == tuple(fmpq(n, 2) for n in (0, 1, 2, 3, 4, 6, 8, 12))


def test_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match="'fp8': expected one of e4m3fn, e5m2"):
        format_named("fp8")


@pytest.mark.parametrize("info", [format_info_ocp_e8m0, format_info_ocp_int8], ids=str)
def test_unsuitable_formats_are_refused(info):
    with pytest.raises(ValueError, match="expected"):
        Format.from_gfloat("unsuitable", info)


def test_other_gfloat_formats_work():
    assert Format.from_gfloat("e3m2", format_info_ocp_e3m2).largest == 28
    wide = Format.from_gfloat("binary32", format_info_binary32)
    assert wide.unit_roundoff == power_of_two(-24)
    with pytest.raises(ValueError, match="at most 16"):
        wide.values()


def test_formats_are_values():
    again = Format.from_gfloat("e5m2", FORMATS["e5m2"].info)
    assert again == FORMATS["e5m2"] and hash(again) == hash(FORMATS["e5m2"])
    assert again != FORMATS["e4m3fn"]
