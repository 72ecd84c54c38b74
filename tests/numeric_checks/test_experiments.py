from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq

from shrinkproof.breast_cancer import MinibatchLogistic
from shrinkproof.exact import fraction
from shrinkproof.experiments import (
    LOSS_SCALES,
    PLAIN,
    RECORDED,
    RIDGE,
    STEPSIZE,
    SYNTHETIC,
    measure,
    rounded_rules,
)
from shrinkproof.formats import FORMATS
from shrinkproof.quantizers import Rounding
from shrinkproof.training import Claim, Outside, Scheduled

SETTING = {"mu": fmpq(1, 16), "recorded": (1, 4, 16), "trajectories": 32, "seed": 0}


class Boast(Scheduled):
    """Plain SGD that claims to start at its minimum, without noise."""

    def claim(self, problem, mu):
        honest = super().claim(problem, mu)
        claimed = {"sigma2": Fraction(0), "gap": Fraction(1, 10**6)}
        return replace(honest, constants={**honest.constants, **claimed})


@pytest.fixture(scope="module")
def outcomes():
    rng = np.random.default_rng(0)
    problem = MinibatchLogistic(
        features=rng.standard_normal((20, 3)),
        labels=tuple(rng.choice([-1, 1], 20).tolist()),
        ridge=fmpq(1, 2),
        batch=4,
    )
    rules = {**SYNTHETIC, **rounded_rules(), "boast": Boast(factors=(fmpq(1),))}
    return {outcome.name: outcome for outcome in measure(problem, rules, **SETTING)}


def test_every_format_and_rounding_is_trained(outcomes):
    assert LOSS_SCALES.keys() == FORMATS.keys()
    names = [f"{name}, {rounding.value}" for name in FORMATS for rounding in Rounding]
    assert list(rounded_rules()) == names
    assert set(names) | set(SYNTHETIC) <= set(outcomes)


def test_bounds_exist_exactly_where_a_theorem_applies(outcomes):
    for outcome in outcomes.values():
        assert (outcome.bounds != ()) is isinstance(outcome.claim, Claim)
        assert len(outcome.bounds) == len(outcome.e_values) in (0, 3)
    for name in rounded_rules():
        assert isinstance(outcomes[name].claim, Outside) is name.startswith("e2m1")


def test_only_stochastic_rounding_is_in_the_papers_model(outcomes):
    for name in rounded_rules():
        saturates = name.startswith("e2m1")
        expected = name.endswith("stochastic") and not saturates
        assert outcomes[name].in_the_papers_model is expected
    assert not outcomes[PLAIN].in_the_papers_model  # nothing was rounded


def test_proved_bounds_are_not_refuted_and_a_boast_is(outcomes):
    assert [name for name, outcome in outcomes.items() if outcome.refuted] == ["boast"]
    assert outcomes["boast"].refuted_divisor() == 1
    assert outcomes[PLAIN].refuted_divisor() > 1


def test_rows_say_what_was_measured(outcomes):
    rows = list(outcomes[PLAIN].curve())
    assert [row["step"] for row in rows] == [1, 4, 16]
    assert all(row["quantile_10"] <= row["mean"] <= float(row["bound"]) for row in rows)
    toward_zero = outcomes["e4m3fn, toward-zero"].factors()
    assert toward_zero["share_above_1"] == 0
    assert (toward_zero["theorem"], toward_zero["no_bound"]) == ("E2p", "")
    e2m1 = outcomes["e2m1, toward-zero"].factors()
    assert e2m1["theorem"] == ""
    assert "saturation" in e2m1["no_bound"]


def test_models_agree_with_what_the_run_measured(outcomes):
    """A factor 0 excludes Q5, u >= 1 excludes Q4, and no draw leaves the range of the outcomes."""
    for name in rounded_rules():
        outcome, row = outcomes[name], outcomes[name].factors()
        holding = row["models"].split()
        assert ("Q5" in holding) == (outcome.constants["q_min"] > 0)
        assert ("Q4" in holding) == (outcome.constants["u2"] < 1)
        assert outcome.run.zeros == 0 or row["factor_least"] == 0
        assert row["factor_least"] <= row["q_least"] + 1e-12
        assert row["q_greatest"] <= row["factor_greatest"] + 1e-12
        if not name.endswith("stochastic"):
            assert outcome.run.relative_error.max() ** 2 == pytest.approx(
                float(fraction(outcome.constants["u2"]))
            )


def test_the_chosen_setting_satisfies_the_theorems_and_reaches_the_floor():
    assert STEPSIZE * 5 <= 1  # L is below 5 at this ridge, see the report
    assert RIDGE * STEPSIZE * RECORDED[-1] >= 8
