"""Every midpoint between neighbours of a 16-bit format, and the numbers right beside it.

There rounding to nearest changes its mind, and the errors of R1 to R4 are largest.  The statements
themselves are evaluated, as everywhere; here for nearly 100,000 numbers of each format.
"""

from itertools import pairwise

import pytest
from flint import fmpq

from shrinkproof.exact import floor_log2, power_of_two
from shrinkproof.formats import FORMATS
from shrinkproof.language.evaluate import Evaluator
from shrinkproof.quantizers import Quantizer, Rounding
from shrinkproof.theorems import (
    round_to_nearest,
    round_toward_zero,
    stochastic_rounding,
    subnormal_rounding,
)

BESIDE = (fmpq(-1, 2**30), fmpq(0), fmpq(1, 2**30))  # spacings from the midpoint


class AtNumber(Evaluator):
    """One number, what it is rounded to, and the law of what it is rounded to at random."""

    def __init__(self):
        super().__init__({"k": 0}, fmpq)
        self.law = ()

    def _at(self, t):
        return self.values[t[1]]

    def _mean(self, t):
        total = fmpq(0)
        for p, q in self.law:
            self.values["Q"] = q
            total += p * self.scalar(t[2])
        return total


def body(prop):
    return body(prop[2]) if prop.op == "forall" else prop


def sides(module):
    return [(c.op, c[1], c[2]) for c in map(body, module.STATEMENT.conclusions)]


NORMAL = [(m, sides(m)) for m in (round_to_nearest, round_toward_zero)]
STOCHASTIC, SUBNORMAL = sides(stochastic_rounding), sides(subnormal_rounding)


def failing(at, conclusions):
    """The number of the first conclusion that fails at a number, or None."""
    for i, (op, left, right) in enumerate(conclusions):
        slack = at.scalar(right) - at.scalar(left)
        if slack < 0 or (slack == 0 and op == "lt") or (slack != 0 and op == "eq"):
            return i
    return None


@pytest.mark.parametrize("name", ["bfloat16", "float16"])
def test_every_midpoint_and_its_neighbours_obey_r1_to_r4(name):
    fmt = FORMATS[name]
    u, at = fmt.unit_roundoff, AtNumber()
    nearest, zero, stochastic = (Quantizer(fmt, mode) for mode in Rounding)
    ties, count = 0, 0
    for low, high in pairwise(fmt.values()):
        h = high - low
        for share in BESIDE:
            x = (low + high) / 2 + share * h
            near, down = nearest.round(x), zero.round(x)
            at.law = stochastic.law(x)
            at.values |= {"u": u, "x": x, "a": low, "h": h, "N": near, "Z": down}
            if x < fmt.smallest_normal:
                at.values["q_min"] = fmpq(1, 2)
                assert failing(at, SUBNORMAL) is None, x
            else:
                at.values["b"] = power_of_two(floor_log2(x))
                for rounded, (_, conclusions) in zip((near, down), NORMAL, strict=True):
                    at.values["Q"] = rounded
                    assert failing(at, conclusions) is None, x
                if share == 0:  # the variance changes smoothly, and is largest here
                    assert failing(at, STOCHASTIC) is None, x
            ties += share == 0 and near != down
            count += 1
    assert count == 3 * (len(fmt.values()) - 1)
    # Half of the ties go up, to the even neighbour: the rounding seen is the one that is meant.
    assert abs(ties - count // 6) <= 1


@pytest.mark.parametrize("module", [round_to_nearest, round_toward_zero, stochastic_rounding])
def test_a_smaller_unit_roundoff_is_found_out(module):
    fmt = FORMATS["float16"]
    at = AtNumber()
    x = 1 + fmt.unit_roundoff  # the midpoint above 1
    at.law = Quantizer(fmt, Rounding.STOCHASTIC).law(x)
    at.values |= {"x": x, "Q": fmpq(1), "a": fmpq(1), "h": 2 * fmt.unit_roundoff, "b": fmpq(1)}
    for factor, expected in ((fmpq(1), False), (fmpq(1, 2), True)):
        at.values["u"] = fmt.unit_roundoff * factor
        at.values["Q"] = fmpq(1)
        assert (failing(at, sides(module)) is not None) == expected
