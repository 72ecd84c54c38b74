"""Rounding each coordinate of the gradient to a format: what the format's parameters give.

A format has p significant bits, hence the unit roundoff u = 2^(-p), and h, the spacing of its
subnormal numbers, which is also its smallest positive one.  The gradient is multiplied by the loss
scale S, its coordinates in an orthonormal basis are rounded, and the result is divided by S.  A
coordinate whose S-fold is in the range of normal numbers obeys R1, R2 or R3; below that range it
obeys R4, with the spacing h/S.  The hypotheses here hold in both; beyond the largest number of the
format, where coordinates overflow, they do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import Any

from shrinkproof.kernel import Theorem, cut, expect, generalise, instantiate, specialise
from shrinkproof.kernel.term import Term, lift
from shrinkproof.language.statement import Hypothesis
from shrinkproof.language.symbols import (
    E,
    Sum,
    forall,
    index,
    named,
    norm2,
    number,
    parameter,
    sample,
)
from shrinkproof.tactics.induction import by_induction
from shrinkproof.tactics.linear import linear
from shrinkproof.tactics.powers import power_nonnegative
from shrinkproof.theorems.coordinates import ORTHONORMAL, coordinate, d, i
from shrinkproof.theorems.proving import given
from shrinkproof.theorems.setting import Q3, L, Q, g, k, sigma2

p, h, S = index("p"), parameter("h"), parameter("S")
half = lift(Fraction(1, 2))
u = named("u", half**p)
rho = named("rho", u / (1 + u))
m = named("m", (1 + u) / (1 + 2 * u))
omega = named("omega", u**2 / (1 + 2 * u))
smallest = 1 / (1 + 2 * u)
before, after = coordinate(g[k]), coordinate(Q[k])

IN_RANGE = "while S times it does not exceed the largest number of the format"
NEAREST = Hypothesis(
    "round_to_nearest",
    forall(k, i, (after - before) ** 2 <= (rho * before) ** 2 + (h / (2 * S)) ** 2),
    f"each coordinate is rounded to nearest (R1 and R4 hold {IN_RANGE})",
)
TOWARD_ZERO = Hypothesis(
    "round_toward_zero",
    forall(k, i, (after - smallest * before) * (before - after) + smallest * (h / S) ** 2 >= 0),
    f"each coordinate is rounded toward zero (R2 and R4 hold {IN_RANGE})",
)
STOCHASTIC = (
    Hypothesis(
        "stochastic_rounding",
        forall(k, i, E((after - before) ** 2, sample(k)) <= omega * before**2 + (h / (2 * S)) ** 2),
        f"each coordinate is rounded stochastically (R3 and R4 hold {IN_RANGE})",
    ),
    Q3.hypotheses[0],
)


def biased_noise(alpha: Term, eta2: Term) -> Term:
    """The noise in T7g at t = 1, for the effective stepsize alpha and the relative error rho."""
    return (1 + L * alpha) * ((rho**2 + L * alpha) * sigma2 + eta2)


def with_weight_1(
    theorem: Theorem, eta2: Term, values: Mapping[str, Any] = MappingProxyType({})
) -> Theorem:
    """T7g or T7h at t = 1, for the relative error rho, the absolute error eta2 and other values."""
    found = instantiate(theorem, {"t": lift(1), "u": rho, "eta2": eta2, **values})
    return cut(linear(lift(1) > 0, products=[1]), found)


def summed_up(error: Term, share: Term, absolute: Term, each: Theorem) -> Theorem:
    """E[norm(error)^2 | sample] <= share norm(g_k)^2 + d absolute, given that for each coordinate.

    ``each``: for all i, E[<e_i, error>^2 | sample] <= share <e_i, g_k>^2 + absolute.
    """

    def claim(n: Term) -> Term:
        squares = Sum(i, n, before**2)
        left = E(Sum(i, n, coordinate(error) ** 2), sample(k))
        return left <= share * squares + number(n) * absolute

    of_error, of_gradient = (specialise(given(ORTHONORMAL), v, v) for v in (error, g[k]))
    return linear(
        E(norm2(error), sample(k)) <= share * norm2(g[k]) + number(d) * absolute,
        using=[
            (1, specialise(by_induction(index("n"), claim, each), d)),
            (1, expect(of_error, sample(k))),
            (-share, of_gradient),
        ],
    )


def expected(each: Theorem) -> Theorem:
    """For all i, from a_i <= b_i: E[a_i | sample] <= E[b_i | sample]."""
    return generalise(expect(specialise(each, i), sample(k)), i)


@cache
def u_nonnegative() -> Theorem:
    base = linear(half >= 0, products=[half])
    return power_nonnegative(base, p)


@cache
def positive() -> tuple[Theorem, Theorem, Theorem]:
    """0 < 1 + u, 0 < 1 + 2 u and 0 < m."""
    facts = [u_nonnegative()]
    facts += [linear(1 + n * u > 0, products=[1, n * u], facts=facts) for n in (1, 2)]
    return facts[1], facts[2], linear(m > 0, products=[(1 + u) / (1 + 2 * u)], facts=facts)
