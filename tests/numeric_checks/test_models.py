"""Which models hold on a run: instances built to satisfy or break each one."""

import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from shrinkproof.evaluation import Instance
from shrinkproof.exact import norm2, scale, subtract, vector
from shrinkproof.formats import FORMATS
from shrinkproof.language.statement import Statement
from shrinkproof.models import Sample, measure, models, samples
from shrinkproof.objectives import Quadratic
from shrinkproof.oracles import AdditiveNoise
from shrinkproof.process import Process, RoundingError, Scheduled
from shrinkproof.quantizers import Quantizer, Rounding
from shrinkproof.strategies import quantizers, vectors
from shrinkproof.theorems.setting import MODELS as MODELS_OF_THEOREMS
from shrinkproof.verdicts import violated_hypotheses

NEAREST, TOWARD_ZERO, STOCHASTIC = Rounding
MODELS = ("Q1", "Q2", "Q3", "Q4", "Q5")


def sure(g, quantized, where="here"):
    return Sample(vector(g), tuple(((fmpq(1), x),) for x in vector(quantized)), where)


def either(g, *values):
    """A number that is rounded to one of two values, each with probability 1/2."""
    return Sample(vector([g]), (tuple((fmpq(1, 2), x) for x in vector(values)),), "there")


def with_noise(g):
    """g plus or minus 1."""
    return either(g, g + 1, g - 1)


def constants(report, model):
    return dict(report[model].constants)


def test_scaling_by_a_factor_of_the_step_is_the_papers_model():
    """q = 1/2 at the first past, 1 at the second; the samples of one past share it."""
    run = [
        [sure([4, 2], [2, 1]), sure([-2, 6], [-1, 3]), sure([0, 0], [0, 0])],
        [sure([1, 1], [1, 1])],
    ]
    report = models(run)
    assert report.holding == ("Q1", "Q2", "Q4", "Q5")
    factors = {"q_min": fmpq(1, 2), "q_max": fmpq(1)}
    assert constants(report, "Q1") == constants(report, "Q5") == factors
    assert constants(report, "Q2") == factors | {"tau2": 0}
    assert constants(report, "Q4") == {"u2": fmpq(1, 4), "eta2": 10}
    assert report["Q3"].reason == "here: E Q(g) is not g"


def test_the_counterexample_q5_is_not_q1():
    """theorems.md: q(3) = 1/4 and q(-1) = 1 at one past."""
    one_past = [[sure([3], ["3/4"]), sure([-1], [-1])]]
    report = models(one_past)
    assert report.holding == ("Q4", "Q5")
    assert "depends on the sample: 1/4, 1" in report["Q1"].reason
    assert constants(report, "Q5") == {"q_min": fmpq(1, 4), "q_max": fmpq(1)}
    # The same data at two pasts would be the paper's model.
    assert "Q1" in models([[one_past[0][0]], [one_past[0][1]]]).holding


def test_additive_noise_is_q2_and_its_second_moment_is_measured():
    half = fmpq(1, 2)
    report = models([[either(2, 3, -1)], [sure([5], [4])]])
    assert report.holding == ("Q2",)
    assert constants(report, "Q2") == {"q_min": half, "q_max": fmpq(4, 5), "tau2": 4}
    assert constants(report, "Q4") == {"u2": fmpq(5, 4), "eta2": 5}
    assert report["Q4"].reason == "there: u >= 1, but the theorems need u < 1"
    assert "random" in report["Q1"].reason
    assert "coordinate 0: factor -1/2" in report["Q5"].reason


@pytest.mark.parametrize(
    ("quantized", "complaint"),
    [([2], "q = 2 is outside"), ([0], "q = 0 is outside"), ([-1], "q = -1 is outside")],
)
def test_factors_outside_the_unit_interval_break_q1_and_q2(quantized, complaint):
    report = models([[sure([1], quantized)]])
    assert not report["Q1"].holds and not report["Q2"].holds
    assert complaint in report["Q1"].reason


def test_direction_changes_break_q1_but_not_q5():
    report = models([[sure([1, 1], [1, "1/2"])]])
    assert "no multiple" in report["Q1"].reason
    assert constants(report, "Q5") == {"q_min": fmpq(1, 2), "q_max": fmpq(1)}


def test_zero_must_stay_zero():
    report = models([[sure([0, 1], ["1/8", 1])]])
    assert "0 is rounded to 1/8" in report["Q5"].reason
    assert report["Q4"].holds and constants(report, "Q4")["u2"] == fmpq(1, 64)
    report = models([[sure([0], ["1/8"])]])
    assert report.holding == ()
    assert constants(report, "Q4") == {"eta2": fmpq(1, 64)}


def test_unbiased_noise_at_zero_has_no_omega():
    report = models([[with_noise(0)]])
    assert report.holding == ("Q2", "Q3")
    assert constants(report, "Q3") == {"tau2": 1}
    report = models([[with_noise(0), with_noise(2)]])
    assert constants(report, "Q3") == {"tau2": 1}
    assert constants(models([[with_noise(2)]]), "Q3") == {"tau2": 1, "omega": fmpq(1, 4)}


def test_rounding_everything_to_zero_is_no_useful_model():
    report = models([[sure([3, 4], [0, 0])]])
    assert report.holding == ()
    assert constants(report, "Q4") == {"u2": 1, "eta2": 25}
    assert constants(report, "Q5") == {"q_min": 0, "q_max": 0}


def test_only_zero_gradients_constrain_no_factor():
    report = models([[sure([0], [0])]])
    assert report.holding == MODELS
    assert constants(report, "Q5") == {} and constants(report, "Q2") == {"tau2": 0}


# --- real formats -----------------------------------------------------------------------------

NORMAL_RANGE = [vector(["3/7", "-11/5", 2]), vector(["17/3", "1/3", "-9/10"])]
E4M3 = FORMATS["e4m3fn"]
UNIT = E4M3.unit_roundoff


def on(rounding, gradients, **options):
    return models([samples(Quantizer(E4M3, rounding, **options), gradients)])


def test_stochastic_rounding_is_q3_with_omega_at_most_u_squared():
    report = on(STOCHASTIC, NORMAL_RANGE)
    assert report.holding == ("Q2", "Q3", "Q4", "Q5")
    assert 0 < report["Q3"].constants["omega"] <= UNIT**2
    assert constants(report, "Q2")["q_min"] == constants(report, "Q2")["q_max"] == 1


def test_truncation_is_sample_dependent_shrinkage():
    report = on(TOWARD_ZERO, NORMAL_RANGE)
    assert report.holding == ("Q4", "Q5")
    assert 1 - 2 * UNIT <= report["Q5"].constants["q_min"] < report["Q5"].constants["q_max"] <= 1


def test_nearest_has_relative_error_u_and_factors_above_one():
    report = on(NEAREST, NORMAL_RANGE)
    assert report.holding == ("Q4", "Q5")
    assert report["Q4"].constants["u2"] <= (UNIT / (1 + UNIT)) ** 2
    assert report["Q5"].constants["q_max"] > 1


def test_underflow_breaks_shrinkage_and_a_loss_scale_mends_it():
    tiny = [scale(fmpq(1, 10**4), g) for g in NORMAL_RANGE]
    report = on(NEAREST, tiny)
    assert not report["Q5"].holds and report["Q5"].constants["q_min"] == 0
    assert not report["Q4"].holds and report["Q4"].constants["u2"] == 1
    assert on(NEAREST, tiny, scale=2**14)["Q5"].holds


# --- what the constants promise ---------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(quantizers(), st.data())
def test_constants_are_valid_and_smallest(quantizer, data):
    gradients = data.draw(st.tuples(vectors(2), vectors(2)))
    step = samples(quantizer, gradients)
    report = models([step])
    laws = [(g, quantizer.law_vector(g)) for g in gradients]  # of whole vectors, a second way
    outcomes = [(g, value) for g, law in laws for _, value in law]
    errors = [(sum(p * norm2(subtract(v, g)) for p, v in law), norm2(g)) for g, law in laws]
    assert report["Q4"].constants["eta2"] == max(e for e, _ in errors)
    u2 = report["Q4"].constants["u2"]
    assert report["Q4"].holds == (u2 < 1)
    assert all(e <= u2 * square for e, square in errors)
    assert u2 == 0 or any(e == u2 * square for e, square in errors if square)
    if report["Q5"].holds and report["Q5"].constants:
        low, high = report["Q5"].constants["q_min"], report["Q5"].constants["q_max"]
        middle, u = (low + high) / 2, (high - low) / (high + low)
        for g, value in outcomes:  # the reduction lemma: Q5 is Q4 around m g
            centre = scale(middle, g)
            assert norm2(subtract(value, centre)) <= u**2 * norm2(centre)
    if report["Q1"].holds:
        assert report["Q2"].holds and report["Q2"].constants["tau2"] == 0
    if quantizer.rounding is STOCHASTIC and all(
        abs(x) * quantizer.scale <= quantizer.format.largest for g in gradients for x in g
    ):
        assert report["Q2"].holds and report["Q3"].holds


@given(vectors(2), vectors(2))
def test_measure_decomposes_the_error(g, quantized):
    """norm(Q - g)^2 = norm(Q)^2 - 2 <Q, g> + norm(g)^2."""
    if any(g):
        shrinkage, relative_error2 = measure(g, quantized)
        assert relative_error2 == norm2(quantized) / norm2(g) - 2 * shrinkage + 1


def test_measure_known_value_and_refusal():
    assert measure(vector([3, 4]), vector([3, 0])) == (fmpq(9, 25), fmpq(16, 25))
    with pytest.raises(ValueError, match="g = 0"):
        measure(vector([0, 0]), vector([1, 0]))


@pytest.mark.parametrize(
    ("run", "complaint"),
    [
        ([], "no samples"),
        ([[], []], "no samples"),
        ([[sure([1], [1, 2])]], "here: Q\\(g\\) and g differ"),
        ([[sure([1], [1]), Sample(vector([1]), (((fmpq(1, 2), fmpq(1)),),), "x")]], "x.*sum to 1"),
        ([[Sample(vector([1]), (((fmpq(2), fmpq(1)), (fmpq(-1), fmpq(1))),))]], "positive"),
    ],
)
def test_bad_runs_are_refused(run, complaint):
    with pytest.raises(ValueError, match=complaint):
        models(run)


def test_unknown_model():
    with pytest.raises(KeyError, match="expected Q1"):
        models([[sure([1], [1])]])["Q6"]


# --- the verdicts are those of the theorems' hypotheses -----------------------------------------


def broken(model, quantizer, gradients, **constants):
    """The hypotheses of a model in `theorems.setting` that fail for one step with these samples."""
    mean = tuple(sum(entries) / len(gradients) for entries in zip(*gradients, strict=True))
    d, weight = len(mean), fmpq(1, len(gradients))
    bowl = Quadratic(eigenvalues=(1,) * d, minimiser=(0,) * d)
    oracle = AdditiveNoise(bowl, tuple((weight, subtract(g, mean)) for g in gradients))
    process = Process(oracle, mean, (fmpq(1),), Scheduled((fmpq(1),)), RoundingError(quantizer))
    instance = Instance(constants, bowl, process)
    statement = Statement("id", "label", "title", MODELS_OF_THEOREMS[model].hypotheses, ())
    return violated_hypotheses(statement, instance)


@settings(max_examples=60, deadline=None)
@given(quantizers(), st.data())
def test_a_verdict_is_that_of_the_theorems_hypotheses(quantizer, data):
    gradients = data.draw(st.tuples(vectors(2), vectors(2), vectors(2)))
    report = models([samples(quantizer, gradients)])
    unbiased, relative, sector = (report[model] for model in ("Q3", "Q4", "Q5"))
    absolute = {"omega": fmpq(0), "tau2": relative.constants["eta2"]}
    assert ("quantization_unbiased" not in broken("Q3", quantizer, gradients, **absolute)) is (
        unbiased.holds
    )
    if unbiased.holds and unbiased.constants.get("omega"):
        omega = unbiased.constants["omega"]
        for factor, failing in ((1, []), (fmpq(99, 100), ["quantization_error"])):
            constants = {"omega": omega * factor, "tau2": fmpq(0)}
            assert broken("Q3", quantizer, gradients, **constants) == failing
    if u2 := relative.constants.get("u2"):
        root = arb(u2).sqrt()
        constants = {"eta2": fmpq(0)}
        assert broken("Q4", quantizer, gradients, u=root * 1.01, **constants) == []
        assert broken("Q4", quantizer, gradients, u=root * 0.99, **constants) != []
    if sector.holds and sector.constants:
        assert broken("Q5", quantizer, gradients, **sector.constants) == []
        high = sector.constants["q_max"]
        narrow = {"q_min": high * fmpq(1001, 1000), "q_max": high * fmpq(1002, 1000)}
        assert broken("Q5", quantizer, gradients, **narrow) == ["sector"]
