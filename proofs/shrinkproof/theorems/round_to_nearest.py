r"""Rounding to nearest.

Label: R1
Statement: $(Q - x)^2 \le \Bigl(\frac{u}{1 + u} x\Bigr)^2$
Assumptions: x > 0 lies at or above a number b > 0 of the format, beyond which the spacing is
    2 u b: with p significant bits, b is the power of two at or below x and u = 2^(-p). Q is
    nearest to x: within half a spacing of it, and as near as b. For x < 0 read -x and -Q. No
    underflow (there is R4 for that) and no overflow.
Tightness: exact: equality at x = (1 + u) b, halfway between b and the next number.
Uses: nothing else of the library
Source: Knuth, The Art of Computer Programming 2, Section 4.2.2; Jeannerod and Rump, On relative
    errors of floating-point operations, Math. Comp. 87 (2018).
Needs: b to be a number of the format; the spacing alone gives u, not u/(1 + u).
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import quantity
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import u

b, x, Q = quantity("b"), quantity("x"), quantity("Q")
relative_error = u / (1 + u)

U_POSITIVE = Hypothesis("u_positive", u > 0, "u is positive")
B_POSITIVE = Hypothesis("b_positive", b > 0, "b is positive")
FROM_B = Hypothesis("at_least_b", b <= x, "x is at least b, a number of the format")
HALF_SPACING = Hypothesis(
    "half_spacing", (Q - x) ** 2 <= (u * b) ** 2, "Q is within half a spacing of x"
)
AS_NEAR_AS_B = Hypothesis(
    "as_near_as_b", (Q - x) ** 2 <= (x - b) ** 2, "Q is no farther from x than b is"
)

STATEMENT = Statement(
    id="round-to-nearest",
    label="R1",
    title="Rounding to nearest",
    hypotheses=(U_POSITIVE, B_POSITIVE, FROM_B, HALF_SPACING, AS_NEAR_AS_B),
    conclusions=((Q - x) ** 2 <= (relative_error * x) ** 2,),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    u_positive, b_positive, from_b, half_spacing, as_near = map(given, STATEMENT.hypotheses)
    half, rest = u * b, x - b
    facts = [u_positive, b_positive, from_b]
    facts += [
        linear(x > 0, using=[(1, from_b), (1, b_positive)]),
        linear(1 + u > 0, products=[1, u], facts=facts),
        linear(rest + u * half > 0, products=[x - b, u * half], facts=facts),
    ]
    weight = 1 / (rest + u * half)
    multiplied = linear(
        ((1 + u) * (Q - x)) ** 2 <= (u * x) ** 2,
        using=[
            ((1 + u) ** 2 * rest * weight, half_spacing),
            ((1 + u) ** 2 * u * half * weight, as_near),
        ],
        squares=[(u * u * x * weight, half - rest)],
        facts=facts,
    )
    return linear(STATEMENT.conclusion, using=[((1 / (1 + u)) ** 2, multiplied)], facts=facts)
