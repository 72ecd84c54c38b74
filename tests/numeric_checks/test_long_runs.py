"""Bounds against exact expectations over long horizons."""

import pytest
from flint import fmpq

from shrinkproof import library
from shrinkproof.evaluation import OnInstance
from shrinkproof.language.rewriting import put
from shrinkproof.long_runs import CURVATURES, HORIZONS, THEOREMS, comparisons, instance, ratio
from shrinkproof.moments import ByMoments
from shrinkproof.theorems.setting import sigma2


@pytest.mark.parametrize("curvature", CURVATURES, ids=str)
@pytest.mark.parametrize("theorem", THEOREMS)
def test_moments_agree_with_enumeration_on_the_problems(theorem, curvature):
    conclusion = library.result(theorem).statement.conclusion
    few = instance(curvature, 2)
    assert ByMoments(few).slack(conclusion) == OnInstance(few).slack(conclusion)


def test_no_bound_is_exceeded_and_two_are_attained_at_every_horizon():
    found = {(c.theorem, c.curvature): c.ratios for c in comparisons()}
    assert len(found) == len(THEOREMS) * len(CURVATURES)
    for (theorem, curvature), ratios in found.items():
        assert len(ratios) == len(HORIZONS)
        assert all(x >= 1 for x in ratios)
        attained = curvature == 1 and theorem in ("T3s", "T3e")
        assert all((x == 1) is attained for x in ratios), (theorem, curvature)


@pytest.mark.parametrize("theorem", ["T3s", "T3e"])
def test_a_floor_that_is_too_small_is_exceeded(theorem):
    conclusion = library.result(theorem).statement.conclusion
    smaller = put(conclusion, sigma2, sigma2 * 99 / 100)
    assert ByMoments(instance(fmpq(1), 100)).slack(smaller).value < 0
    assert ratio(theorem, fmpq(1), 100) == 1
