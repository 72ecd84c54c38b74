"""One suite for the exact quantizer and its vectorised twin.

The reference is a third implementation: a search in the list of all values of the format.
Points are every value, every midpoint, the float64 neighbours of the midpoints and the edge of
the range; all of them for formats of up to 8 bits, a stride of them for 16.
"""

from bisect import bisect_right
from functools import cache
from itertools import pairwise

import ml_dtypes
import numpy as np
import pytest
from flint import fmpq
from gfloat import RoundMode, round_float
from hypothesis import given, settings
from hypothesis import strategies as st

from shrinkproof.exact import from_float, norm2, power_of_two, subtract, vector
from shrinkproof.formats import FORMATS, format_named
from shrinkproof.quantizers import Quantizer, Rounding
from shrinkproof.strategies import quantizers, rationals, vectors

NEAREST, TOWARD_ZERO, STOCHASTIC = Rounding
DETERMINISTIC = (NEAREST, TOWARD_ZERO)
HALF = fmpq(1, 2)

every_format = pytest.mark.parametrize("name", FORMATS)
every_rounding = pytest.mark.parametrize("rounding", Rounding, ids=lambda r: r.value)
deterministic = pytest.mark.parametrize("rounding", DETERMINISTIC, ids=lambda r: r.value)


@cache
def points(name):
    """Float64 test points of one sign-symmetric family, ascending."""
    fmt = FORMATS[name]
    values = [float(v) for v in fmt.values()]
    top, gap = float(fmt.largest), float(fmt.spacing(fmt.largest))
    stride = 1 if fmt.info.k <= 8 else 101  # odd, so both parities of significands occur
    middles = [(a + b) / 2 for a, b in pairwise(values)]
    edge = [top + gap * t for t in (-0.5, -0.25, 0.25, 0.5, 0.75, 1.0, 1.5, 10.0)]
    near = middles[:9] + middles[9:-9:stride] + middles[-9:] + edge
    near += [5e-324, 1e-300, 1e300, 1.7976931348623157e308]
    near += [np.nextafter(x, side) for x in near[:-1] for side in (-np.inf, np.inf)]
    positive = values[:9] + values[9:-9:stride] + values[-9:] + near
    return np.array(sorted({s * float(x) for x in positive for s in (-1, 1)}))


def reference_law(name, rounding, x):
    """The saturated law by search, as a dict from values to probabilities."""
    values = FORMATS[name].values()
    sign, magnitude = (-1 if x < 0 else 1), min(abs(x), values[-1])
    i = bisect_right(values, magnitude) - 1
    lower = values[i]
    if lower == magnitude or rounding is TOWARD_ZERO:
        return {sign * lower: 1}
    upper = values[i + 1]
    position = (magnitude - lower) / (upper - lower)
    if rounding is STOCHASTIC:
        return {sign * lower: 1 - position, sign * upper: position}
    # The values are listed in code order, so an even significand has an even index.
    up = position > HALF or (position == HALF and i % 2 == 1)
    return {sign * (upper if up else lower): 1}


class ConstantUniform:
    """A random generator whose every uniform is the same, to see thresholds exactly."""

    def __init__(self, r):
        self.r = r

    def random(self, shape):
        return np.broadcast_to(self.r, shape)


@every_rounding
@every_format
def test_law_agrees_with_search(name, rounding):
    quantizer = Quantizer(FORMATS[name], rounding)
    for x in map(from_float, points(name).tolist()):
        law = {value: p for p, value in quantizer.law(x)}
        assert law == reference_law(name, rounding, x), x


@deterministic
@every_format
def test_array_agrees_with_law(name, rounding):
    quantizer = Quantizer(FORMATS[name], rounding)
    x = points(name)
    for before, after in zip(x.tolist(), quantizer.round_array(x).tolist(), strict=True):
        assert from_float(after) == quantizer.round(from_float(before)), before


@every_rounding
@every_format
def test_array_law_agrees_with_law(name, rounding):
    quantizer = Quantizer(FORMATS[name], rounding)
    x = points(name)
    law = quantizer.law_array(x)
    columns = zip(x.tolist(), *(a.tolist() for a in (*law, law.mean())), strict=True)
    for before, *found in columns:
        lower, upper, chance, mean = map(from_float, found)
        exact = quantizer.law(from_float(before))
        assert (lower, upper) == (exact[0][1], exact[-1][1]), before
        assert chance == (exact[-1][0] if len(exact) == 2 else 0)
        assert mean == quantizer.mean(from_float(before))


@every_format
def test_array_between_all_neighbours(name):
    """No stride: every gap of the format, at its middle and one float64 number to either side."""
    values = np.array([float(v) for v in FORMATS[name].values()])
    lower, upper = values[:-1], values[1:]
    middle = (lower + upper) / 2
    nearest, toward_zero = (Quantizer(FORMATS[name], rounding) for rounding in DETERMINISTIC)
    even = np.where(np.arange(len(middle)) % 2 == 0, lower, upper)
    for sign in (-1, 1):
        for x, expected in (
            (np.nextafter(middle, 0), lower),
            (middle, even),
            (np.nextafter(middle, np.inf), upper),
        ):
            assert np.array_equal(nearest.round_array(sign * x), sign * expected)
            assert np.array_equal(toward_zero.round_array(sign * x), sign * lower)


@every_format
def test_stochastic_array_has_the_probabilities_of_the_law(name):
    """Of the 2^53 uniforms exactly ceil(2^53 p) round away from zero; in the normal range 2^53 p
    is an integer, so there the array version is exactly unbiased."""
    fmt = FORMATS[name]
    quantizer = Quantizer(fmt, STOCHASTIC)
    x = points(name)
    laws = [quantizer.law(from_float(a)) for a in x.tolist()]
    scaled = [law[1][0] * 2**53 if len(law) == 2 else fmpq(0) for law in laws]
    counts = np.array([int(s.ceil()) for s in scaled])
    first_down = quantizer.round_array(x, ConstantUniform(counts * 2.0**-53)).tolist()
    last_up = quantizer.round_array(x, ConstantUniform((counts - 1) * 2.0**-53)).tolist()
    for i, law in enumerate(laws):
        assert from_float(first_down[i]) == law[0][1]
        assert from_float(last_up[i]) == law[-1][1]
        assert scaled[i] == counts[i] or abs(from_float(x[i])) < fmt.smallest_normal


@every_format
@pytest.mark.parametrize(
    ("rounding", "mode"),
    [(NEAREST, RoundMode.TiesToEven), (TOWARD_ZERO, RoundMode.TowardZero)],
    ids=lambda v: v.name,
)
def test_law_agrees_with_scalar_gfloat(name, rounding, mode):
    quantizer = Quantizer(FORMATS[name], rounding)
    for x in points(name)[::7].tolist():
        if abs(x) < 1e300:
            expected = round_float(FORMATS[name].info, x, mode, sat=True)
            assert quantizer.round(from_float(x)) == from_float(expected), x


@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        ("e4m3fn", ml_dtypes.float8_e4m3fn),
        ("e5m2", ml_dtypes.float8_e5m2),
        ("bfloat16", ml_dtypes.bfloat16),
        ("float16", np.float16),
        ("e2m1", ml_dtypes.float4_e2m1fn),
    ],
)
def test_nearest_agrees_with_the_storage_type(name, dtype):
    fmt = FORMATS[name]
    x = points(name)
    # ml_dtypes rounds correctly from float32 only; beyond the range it has its own rules.
    x = x[(np.abs(x) <= float(fmt.largest)) & (np.abs(x) > 1e-30)]
    x = x[x.astype(np.float32) == x]
    assert len(x) > 10
    expected = x.astype(np.float32).astype(dtype).astype(np.float64)
    assert np.array_equal(Quantizer(fmt, NEAREST).round_array(x), expected)


@every_format
def test_every_value_is_kept(name):
    fmt = FORMATS[name]
    x = np.array([float(v) for v in fmt.values()])
    for rounding in Rounding:
        quantizer = Quantizer(fmt, rounding)
        assert np.array_equal(quantizer.round_array(-x, np.random.default_rng(0)), -x)
        assert all(
            quantizer.law(v) == ((1, v),) for v in fmt.values()[:: 1 if len(x) < 200 else 97]
        )


# --- R1 to R4 of theorems.md, exactly ---------------------------------------------------------


@every_format
def test_error_bounds_of_every_mode(name):
    fmt = FORMATS[name]
    u, h = fmt.unit_roundoff, fmt.subnormal_spacing
    nearest, toward_zero, stochastic = (Quantizer(fmt, rounding) for rounding in Rounding)
    for x in map(from_float, points(name).tolist()):
        if not 0 < abs(x) <= fmt.largest:
            continue
        variance = stochastic.variance(x)
        assert stochastic.mean(x) == x
        assert variance <= fmt.spacing(x) ** 2 / 4
        if abs(x) >= fmt.smallest_normal:
            assert abs(nearest.round(x) - x) <= u / (1 + u) * abs(x)
            assert 1 - 2 * u <= toward_zero.round(x) / x <= 1
            assert variance <= u**2 * x**2
        else:
            assert abs(nearest.round(x) - x) <= h / 2
            assert abs(toward_zero.round(x) - x) < h
            assert variance <= h**2 / 4


@pytest.mark.parametrize("name", ["e4m3fn", "e5m2", "bfloat16", "float16"])
def test_error_bounds_are_attained(name):
    """So no smaller constant would pass the test above."""
    fmt = FORMATS[name]
    u = fmt.unit_roundoff
    assert abs(Quantizer(fmt, NEAREST).round(1 + u) - (1 + u)) == u / (1 + u) * (1 + u)
    just_below = 1 + 2 * u - power_of_two(-60)
    assert Quantizer(fmt, TOWARD_ZERO).round(just_below) == 1  # factor near 1 / (1 + 2u)
    assert Quantizer(fmt, STOCHASTIC).variance(1 + u) == fmt.spacing(1) ** 2 / 4
    assert Quantizer(fmt, STOCHASTIC).variance(fmt.subnormal_spacing / 2) == (
        fmt.subnormal_spacing**2 / 4
    )


@given(quantizers(roundings=[STOCHASTIC]), rationals())
def test_stochastic_rounding_is_unbiased_in_range(quantizer, x):
    if abs(x) * quantizer.scale <= quantizer.format.largest:
        assert quantizer.mean(x) == x
        assert quantizer.variance(x) == sum(p * (v - x) ** 2 for p, v in quantizer.law(x))
    assert sum(p for p, _ in quantizer.law(x)) == 1


@given(quantizers(), rationals(), rationals())
def test_laws_are_odd_and_monotone(quantizer, x, y):
    assert quantizer.law(-x) == tuple((p, -v) for p, v in quantizer.law(x))
    if x < y and quantizer.rounding is not STOCHASTIC:
        assert quantizer.round(x) <= quantizer.round(y)


# --- overflow ---------------------------------------------------------------------------------


def overflow_threshold(name, rounding):
    """The least magnitude that overflows and whether it does so itself, from IEEE 754, 7.4."""
    fmt = FORMATS[name]
    gap = fmt.spacing(fmt.largest)
    if rounding is NEAREST:
        tie_goes_up = len(fmt.values()) % 2 == 0  # the largest value has odd index
        return fmt.largest + gap / 2, tie_goes_up
    return (fmt.largest + gap, True) if rounding is TOWARD_ZERO else (fmt.largest, False)


@every_rounding
@every_format
def test_overflow_edge_without_saturation(name, rounding):
    quantizer = Quantizer(FORMATS[name], rounding, saturate=False)
    saturating = Quantizer(FORMATS[name], rounding)
    threshold, itself = overflow_threshold(name, rounding)
    edge = float(threshold)
    beyond = [np.nextafter(edge, np.inf), 2 * edge, 1e300] + [edge] * itself
    within = [np.nextafter(edge, 0)] + [edge] * (not itself)
    for x in [s * float(a) for a in beyond for s in (-1, 1)]:
        with pytest.raises(OverflowError, match="largest"):
            quantizer.law(from_float(x))
        with pytest.raises(OverflowError, match="largest"):
            quantizer.round_array(np.array([0.0, x, 1.0]), np.random.default_rng(0))
    for x in [s * float(a) for a in within for s in (-1, 1)]:
        assert quantizer.law(from_float(x)) == saturating.law(from_float(x))
        rounded = quantizer.round_array(np.array([x]), np.random.default_rng(0))
        assert from_float(float(rounded[0])) in [v for _, v in quantizer.law(from_float(x))]


def test_overflow_edges_known_values():
    """E4M3 has no infinity and stops at an even significand, so its tie 464 still rounds down."""
    assert overflow_threshold("e4m3fn", NEAREST) == (464, False)
    assert overflow_threshold("e5m2", NEAREST) == (61440, True)
    assert overflow_threshold("float16", NEAREST) == (65520, True)


# --- loss scale -------------------------------------------------------------------------------


def test_loss_scale_moves_the_range():
    plain, scaled = (Quantizer(FORMATS["e4m3fn"], NEAREST, scale=s) for s in (1, 1024))
    tiny = power_of_two(-12)
    assert plain.round(tiny) == 0 and scaled.round(tiny) == tiny
    assert scaled.round(1) == fmpq(448, 1024)


@deterministic
@pytest.mark.parametrize("scale", [1024, fmpq(1, 8), power_of_two(500), power_of_two(-500)])
def test_scaled_array_agrees_with_law(rounding, scale):
    for name in ("e4m3fn", "bfloat16"):
        quantizer = Quantizer(FORMATS[name], rounding, scale=scale)
        x = points(name)[::11]
        for before, after in zip(x.tolist(), quantizer.round_array(x).tolist(), strict=True):
            assert from_float(after) == quantizer.round(from_float(before)), before


def test_any_positive_rational_scale_is_exact():
    quantizer = Quantizer(FORMATS["e2m1"], STOCHASTIC, scale=3)
    assert quantizer.law(fmpq(5, 12)) == ((HALF, fmpq(1, 3)), (HALF, fmpq(1, 2)))
    for scale in (3, power_of_two(501), power_of_two(-501)):
        with pytest.raises(ValueError, match="power of two"):
            Quantizer(FORMATS["e2m1"], NEAREST, scale=scale).round_array(np.ones(1))


@pytest.mark.parametrize("scale", [0, -1, 0.5])
def test_bad_scale_is_refused(scale):
    with pytest.raises(ValueError, match=r"scale|float"):
        Quantizer(FORMATS["e2m1"], NEAREST, scale=scale)


# --- vectors and arrays -----------------------------------------------------------------------


@settings(max_examples=50)
@given(quantizers(), vectors(3))
def test_law_vector_is_the_product(quantizer, v):
    law = quantizer.law_vector(v)
    assert sum(p for p, _ in law) == 1
    mean = tuple(sum(p * value[i] for p, value in law) for i in range(3))
    assert mean == tuple(quantizer.mean(x) for x in v)
    spread = sum(p * norm2(subtract(value, mean)) for p, value in law)
    assert spread == sum(quantizer.variance(x) for x in v)
    if quantizer.rounding is not STOCHASTIC:
        assert law == ((1, quantizer.round_vector(v)),)


def test_independent_coordinates_known_value():
    law = Quantizer(FORMATS["e2m1"], STOCHASTIC).law_vector(vector(["1/4", "5/2"]))
    quarter = fmpq(1, 4)
    assert set(law) == {(quarter, (x, y)) for x in (fmpq(0), HALF) for y in (fmpq(2), fmpq(3))}


def test_stochastic_has_no_single_result():
    with pytest.raises(ValueError, match="no single result"):
        Quantizer(FORMATS["e2m1"], STOCHASTIC).round(1)
    with pytest.raises(ValueError, match="pass rng"):
        Quantizer(FORMATS["e2m1"], STOCHASTIC).round_array(np.ones(1))


@every_rounding
def test_array_shape_order_and_signs(rounding):
    quantizer = Quantizer(FORMATS["e4m3fn"], rounding)
    x = np.random.default_rng(1).standard_normal((300, 250))  # several chunks, a partial last one
    whole = quantizer.round_array(x, np.random.default_rng(2))
    assert whole.shape == x.shape and whole.dtype == np.float64
    assert np.array_equal(quantizer.round_array(x, np.random.default_rng(2)), whole)
    assert np.all((whole == 0) | (np.sign(whole) == np.sign(x)))
    assert np.all(np.abs(whole - x) <= np.maximum(np.abs(x) / 8, 2.0**-9))
    assert quantizer.round_array(np.empty((0, 3)), np.random.default_rng(2)).shape == (0, 3)
    assert quantizer.round_array(np.array(0.3), np.random.default_rng(2)).shape == ()
    turned = quantizer.round_array(x.T, np.random.default_rng(2))
    assert turned.shape == x.T.shape
    if rounding is not STOCHASTIC:
        assert np.array_equal(turned.T, whole)


def test_stochastic_array_mean_is_near():
    """A smoke test of the generator: 7 standard deviations, fixed seed."""
    x = np.full(100_000, 1.03)
    rounded = Quantizer(FORMATS["e4m3fn"], STOCHASTIC).round_array(x, np.random.default_rng(0))
    assert set(np.unique(rounded)) == {1.0, 1.125}
    assert abs(rounded.mean() - 1.03) < 7 * 0.0625 / np.sqrt(len(x))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_non_finite_entries_are_named(bad):
    with pytest.raises(ValueError, match=r"entry \(1, 0\) is"):
        Quantizer(FORMATS["e4m3fn"], NEAREST).round_array(np.array([[0.0], [bad]]))


@pytest.mark.parametrize("bad", [np.ones(2, np.float32), np.ones(2, int), [1.0], 1.0])
def test_other_arrays_are_refused(bad):
    with pytest.raises(ValueError, match="expected float64"):
        Quantizer(FORMATS["e4m3fn"], NEAREST).round_array(bad)


def test_rounding_names():
    assert [r.value for r in Rounding] == ["nearest", "toward-zero", "stochastic"]
    assert Quantizer(format_named("e2m1"), Rounding("nearest")) == Quantizer(
        FORMATS["e2m1"], NEAREST
    )


@settings(max_examples=50)
@given(quantizers(roundings=DETERMINISTIC), st.floats(allow_nan=False, allow_infinity=False))
def test_both_versions_agree_on_any_float(quantizer, x):
    rounded = quantizer.round_array(np.array([x]))
    assert from_float(float(rounded[0])) == quantizer.round(from_float(x))
