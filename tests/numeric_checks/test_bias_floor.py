"""The bias floor: its proof, step by step, and exact runs that respect it."""

from dataclasses import replace
from itertools import islice

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from shrinkproof.bias_floor import TRAPS, Attained, Trap
from shrinkproof.evaluation import OnInstance
from shrinkproof.exact import fraction, power_of_two
from shrinkproof.language.symbols import E
from shrinkproof.quantizers import Rounding
from shrinkproof.theorems.setting import gradient_norm2

STEPSIZES = [fmpq(1), fmpq(1, 2), fmpq(1, 7), *(power_of_two(-j) for j in (4, 6, 8, 10, 14, 20))]
every_trap = pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)


def gradients(instance, steps):
    """E norm(grad F(w_k))^2 by enumeration."""
    evaluator = OnInstance(instance)
    return [evaluator.scalar(E(gradient_norm2(k))) for k in range(steps + 1)]


@every_trap
def test_the_floor_is_of_the_order_of_u2_sigma2(trap: Trap):
    assert trap.share > fmpq(1, 72)
    assert trap.stuck**2 > trap.quantizer.format.unit_roundoff**2 * trap.variance * fmpq(2, 5)
    assert trap.quantizer.rounding is not Rounding.STOCHASTIC


@every_trap
@pytest.mark.parametrize("mu", STEPSIZES, ids=str)
def test_exact_runs_stay_above_the_floor(trap: Trap, mu):
    assert min(gradients(trap.instance(mu, 7), 7)) >= trap.floor


@every_trap
def test_stochastic_rounding_of_the_same_problem_gets_below_the_floor(trap: Trap):
    found = trap.escape()
    assert found.limit == 0
    assert found.target < fraction(trap.floor) / 2  # of F, which is half the squared gradient
    assert found.steps > 0
    with pytest.raises(ValueError, match="may overflow"):
        replace(trap, reach=trap.level).escape()


@every_trap
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_the_inequalities_of_the_proof_hold_at_any_iterate(trap: Trap, data):
    """Directly from the quantizer, without cells."""
    near = st.fractions(-1, 1, max_denominator=512).map(lambda x: fmpq(x.numerator, x.denominator))
    jumps = st.sampled_from([cell.low for cell in trap.cells])
    w = data.draw(near.map(lambda x: x * trap.reach) | near.map(lambda x: x / 8) | jumps)
    rounded = [(p, trap.quantizer.round(w + z[0])) for p, z in trap.oracle.support]
    h = sum(p * x for p, x in rounded)
    away = w - trap.stuck
    assert away * h >= trap.kappa * away**2 > 0 or away == 0
    assert all(abs(w - x) <= trap.reach for _, x in rounded)
    (cell,) = {c[2:] for c in trap.cells if c.low == c.high == w} or {
        c[2:] for c in trap.cells if c.low < w < c.high
    }
    assert cell == (h, sum(p * x**2 for p, x in rounded))


@every_trap
def test_where_there_is_no_trap_no_floor_is_claimed(trap: Trap):
    assert replace(trap, stuck=fmpq(0)).floor == 0
    assert replace(trap, stuck=trap.stuck * 2).floor == 0  # beyond half a spacing
    assert replace(trap, level=trap.level + trap.stuck / 3).floor == 0  # no jump there
    assert replace(trap, radius=fmpq(0)).floor == 0
    assert replace(trap, radius=trap.stuck).floor == 0
    assert replace(trap, reach=trap.level).floor == 0  # runs leave it
    assert replace(trap, alpha=fmpq(1, 2)).floor < trap.floor


@pytest.mark.parametrize("u", [fmpq(1, 4), fmpq(1, 16), fmpq(9, 10)], ids=str)
@pytest.mark.parametrize("share", [fmpq(1), fmpq(1, 3), fmpq(1, 1000)], ids=str)
def test_the_limit_of_the_floor_of_t7c_is_attained(u, share):
    one = Attained(u)
    mu = share / (1 + u)
    found = list(islice(one.gradient_norm2(mu), 8))
    assert found == gradients(one.instance(mu, 7), 7)
    limit = u**2 * one.oracle.variance_bound / (1 - u**2)
    assert found[0] == limit == min(found)


@pytest.mark.parametrize("mu", [fmpq(0), fmpq(1)])
def test_a_stepsize_that_lets_gradients_change_sign_is_refused(mu):
    with pytest.raises(ValueError, match=r"expected 0 < mu <= 1/\(1 \+ u\) = 4/5"):
        next(Attained(fmpq(1, 4)).gradient_norm2(mu))
