"""What rounding costs: known values, and agreement with the real formats."""

from fractions import Fraction as Q

import pytest

from shrinkproof import library
from shrinkproof.exact import fraction
from shrinkproof.formats import FORMATS
from shrinkproof.guarantees import MODES, Guarantee, guarantees
from shrinkproof.planning import Decay
from shrinkproof.quantizers import Quantizer, Rounding

NEAREST, TOWARD_ZERO, STOCHASTIC = Rounding
ALL = guarantees()
every_guarantee = pytest.mark.parametrize(
    "guarantee", ALL, ids=lambda g: f"{g.format.name}-{g.rounding.value}"
)


def test_overflow_thresholds_of_ieee_754():
    found = {(g.format.name, g.rounding): g.overflow for g in ALL}
    assert [found["e4m3fn", r] for r in Rounding] == [464, 480, 448]
    assert [found["float16", r] for r in Rounding] == [65520, 65536, 65504]


def test_every_format_and_rounding_has_one():
    assert [(g.format.name, g.rounding) for g in ALL] == [(f, r) for f in FORMATS for r in Rounding]


def test_known_values_of_e4m3():
    """u = 1/16: nearest errs by 1/17, truncation leaves at least 8/9, E (Q-x)^2 <= x^2/288."""
    nearest, toward_zero, stochastic = (Guarantee(FORMATS["e4m3fn"], r) for r in Rounding)
    assert nearest.constants == {"u": Q(1, 17)}
    assert toward_zero.constants == {"q_min": Q(8, 9), "q_max": 1}
    assert stochastic.constants == {"omega": Q(1, 288)}
    assert nearest.bias_floor == toward_zero.bias_floor == Q(1, 288)
    assert (stochastic.bias_floor, stochastic.noise_factor) == (0, Q(289, 288))
    assert nearest.noise_factor is toward_zero.noise_factor is None
    assert nearest.stepsize_factor == Q(288, 289)
    assert toward_zero.stepsize_factor == Q(17, 18) * Q(288, 289)
    assert stochastic.stepsize_factor == 1
    assert stochastic.steps_factor == Q(289, 288)
    # At mu = 1/(L m) the factor is 1 - 2/289, nearly the best.
    assert 1 < nearest.steps_factor <= Q(289, 287)
    assert abs(toward_zero.steps_factor - nearest.steps_factor) < Q(1, 10**5)


@every_guarantee
def test_more_precision_costs_less(guarantee):
    finer = Guarantee(FORMATS["float16"], guarantee.rounding)
    assert guarantee.steps_factor >= finer.steps_factor > 1
    assert guarantee.bias_floor >= finer.bias_floor
    assert guarantee.stepsize_factor <= finer.stepsize_factor <= 1


@every_guarantee
def test_the_model_holds_for_the_format_and_hardly_any_better_one(guarantee):
    """On one binade, with exact laws: values, midpoints, points just below values, and between
    neighbours a < b also 2ab/(a + b), where stochastic rounding errs most."""
    fmt, u = guarantee.format, guarantee.unit_roundoff
    quantizer = Quantizer(fmt, guarantee.rounding)
    low, high = fmt.smallest_normal, min(fmt.largest, 2 * fmt.smallest_normal)
    spacing = fmt.spacing(low)
    near = spacing / 10**6
    steps = range(min(int((high - low) / spacing), 300))
    values = [low + n * spacing for n in steps]
    points = [a + x for a in values for x in (0, near, spacing / 2, spacing - near)]
    points += [2 * a * (a + spacing) / (2 * a + spacing) for a in values]
    errors = [(quantizer.mean(x) - x) ** 2 + quantizer.variance(x) for x in points]
    worst = fraction(max(e / x**2 for e, x in zip(errors, points, strict=True)))
    constants = guarantee.constants
    if guarantee.rounding is TOWARD_ZERO:
        least = fraction(min(quantizer.round(x) / x for x in points))
        assert constants["q_min"] < least < constants["q_min"] + u / 10**4
    else:
        claimed = constants["omega"] if guarantee.rounding is STOCHASTIC else constants["u"] ** 2
        assert worst == claimed


@every_guarantee
def test_the_models_constants_and_the_end_to_end_theorem_agree(guarantee):
    """R1 to R3 with T7, and E1 to E3 without underflow, are two ways to the same numbers."""
    name = {NEAREST: "T7c", TOWARD_ZERO: "T7e", STOCHASTIC: "T7a"}[guarantee.rounding]
    given = dict(L=Q(3), mu=Q(1, 7), sigma2=Q(5, 3), Delta=Q(2))
    more = {"tau2": Q(0)} if guarantee.rounding is STOCHASTIC else {}
    one = Decay(name, {**given, **guarantee.constants, **more})
    other = Decay(guarantee.mode.nonconvex, {**guarantee._given(), **given})
    assert (one.floor, one.initial) == (other.floor, other.initial)


def test_the_named_results_exist():
    for mode in MODES.values():
        for label in (mode.lemma, mode.nonconvex, mode.pl):
            assert library.result(label).prove()
