"""Tightness: each word of a docstring is held to witnesses, and each witness is checked again."""

from dataclasses import replace
from fractions import Fraction

import pytest
from flint import fmpq

from shrinkproof import library
from shrinkproof.evaluation import Instance, OnInstance
from shrinkproof.language.rewriting import put
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import parameter
from shrinkproof.theorems import nonconvex_fixed_step, one_step, pl_scheduled
from shrinkproof.tightness import HORIZONS, Witness, tightness
from shrinkproof.verdicts import unestablished_hypotheses

RESULTS = library.results()
EVERY_STEP = ("T3d", "T3e", "T3s", "T3")


@pytest.mark.parametrize("result", RESULTS, ids=[r.id for r in RESULTS])
def test_the_docstring_says_what_was_found(result):
    found = tightness(result.statement)
    assert found.kind == result.tightness
    if found.kind == "upper":
        assert all(w.ratio is not None and 0 < w.ratio <= 1 for w in found.witnesses)
        said = "attained for every k without noise" in result.notes["Tightness"].lower()
        assert said == (found.quiet == HORIZONS)


@pytest.mark.parametrize(
    "result", [r for r in RESULTS if r.tightness in ("exact", "identity")], ids=lambda r: r.label
)
def test_witnesses_have_equal_sides_and_satisfy_every_hypothesis(result):
    found = tightness(result.statement)
    assert found.witnesses
    assert {w.conclusion for w in found.witnesses} <= set(result.statement.conclusions)
    for witness in found.witnesses:
        assert witness.instance.is_exact
        assert unestablished_hypotheses(result.statement, witness.instance) == []
        differences = list(OnInstance(witness.instance).differences(witness.conclusion))
        assert any(d.value == 0 for d in differences)
        assert all(d.value >= 0 for d in differences)


@pytest.mark.parametrize("label", EVERY_STEP)
def test_k_step_theorems_are_attained_at_every_number_of_steps(label):
    found = tightness(library.result(label).statement)
    assert found.steps == HORIZONS
    for witness in found.witnesses:
        assert witness.instance.constants["K"] == witness.instance.process.horizon == witness.steps
        assert witness.instance.constants["sigma2"] + witness.instance.constants["tau2"] > 0


def test_the_lower_bound_is_an_identity_and_one_step_is_exact():
    lower = tightness(library.result("LB").statement)
    assert lower.kind == "identity"
    assert [w.steps for w in lower.witnesses] == [*HORIZONS, *HORIZONS]  # values, and distances
    for witness in lower.witnesses:
        assert witness.instance.constants["sigma2"] + witness.instance.constants["tau2"] > 0
    (witness,) = tightness(one_step.STATEMENT).witnesses
    assert witness.ratio == 1


def test_averages_are_attained_without_noise_alone():
    found = tightness(nonconvex_fixed_step.STATEMENT)
    assert (found.steps, found.quiet) == ((), HORIZONS)


@pytest.mark.parametrize("factor", [2, Fraction(10001, 10000)])
def test_a_looser_theorem_is_no_longer_exact(factor):
    """The word can be wrong: then the test above fails."""
    floor = pl_scheduled.floor
    loose = put(pl_scheduled.STATEMENT.conclusion, floor, factor * floor)
    found = tightness(pl_scheduled.STATEMENT.concluding(loose))
    assert (found.kind, found.steps) == ("upper", ())
    assert 1 / fmpq(2) <= found.witnesses[0].ratio < 1


def test_better_witnesses():
    a = parameter("a")
    half, one, zeros = (Witness(a <= 1, Instance({}), r, None) for r in (fmpq(1, 2), fmpq(1), None))
    assert one.better_than(half) and zeros.better_than(half) and one.better_than(zeros)
    assert not half.better_than(zeros) and not zeros.better_than(one)
    assert not any(w.better_than(w) for w in (half, one, zeros))


def test_a_strict_inequality_has_no_equality():
    a = parameter("a")
    strict = Statement("id", "X", "title", (), (a < a + 1,))
    assert tightness(strict).kind == "upper"
    assert tightness(replace(strict, conclusions=(a <= a,))).kind == "exact"
