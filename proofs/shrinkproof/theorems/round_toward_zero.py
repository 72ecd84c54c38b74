r"""Rounding toward zero.

Label: R2
Statement: $\frac{Q}{x} \le 1$ and $\Bigl(Q - \frac{1}{1 + 2 u} x\Bigr) (x - Q) \ge 0$ and
    $\frac{1}{1 + 2 u} < \frac{Q}{x}$
Assumptions: x > 0 lies at or above a number b > 0 of the format, beyond which the spacing is
    2 u b: with p significant bits, b is the power of two at or below x and u = 2^(-p). Q is the
    largest number of the format that does not exceed x. For x < 0 read -x and -Q. No underflow
    (there is R4 for that) and no overflow.
Tightness: exact: Q/x comes as near to 1/(1 + 2 u) as one likes, for Q = b and x below the next
    number, and is 1 for numbers of the format; there the second is an equality.
Uses: nothing else of the library
Source: Higham, Accuracy and Stability of Numerical Algorithms (2002), Section 2.1, for the
    factor 1 - 2 u; the larger 1/(1 + 2 u) cannot be improved.
Needs: no underflow: below the smallest number of the format Q = 0.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.round_to_nearest import U_POSITIVE, Q, b, x
from shrinkproof.theorems.setting import u

smallest = 1 / (1 + 2 * u)

X_POSITIVE = Hypothesis("x_positive", x > 0, "x is positive")
FROM_B = Hypothesis("at_least_b", b <= Q, "Q is at least b, a number of the format")
BELOW_X = Hypothesis("at_most_x", x >= Q, "Q does not exceed x")
NEXT = Hypothesis("next_exceeds_x", x < Q + 2 * u * b, "the number after Q exceeds x")

STATEMENT = Statement(
    id="round-toward-zero",
    label="R2",
    title="Rounding toward zero",
    hypotheses=(X_POSITIVE, U_POSITIVE, FROM_B, BELOW_X, NEXT),
    conclusions=(
        Q / x <= 1,
        (Q - smallest * x) * (x - Q) >= 0,
        smallest < Q / x,
    ),
)


@proof_of(STATEMENT)
def prove() -> tuple[Theorem, ...]:
    at_most_1, sector, at_least = STATEMENT.conclusions
    x_positive, u_positive, from_b, below_x, next_exceeds = map(given, STATEMENT.hypotheses)
    divisor = linear(1 + 2 * u > 0, products=[1, 2 * u], facts=[u_positive])
    facts = [x_positive, u_positive, divisor]
    lower = linear(
        smallest * x < Q,
        using=[(smallest, next_exceeds), (2 * u * smallest, from_b)],
        facts=facts,
    )
    return (
        linear(at_most_1, using=[(1 / x, below_x)], facts=facts),
        linear(sector, products=[(Q - smallest * x) * (x - Q)], facts=[lower, below_x]),
        linear(at_least, using=[(1 / x, lower)], facts=facts),
    )
