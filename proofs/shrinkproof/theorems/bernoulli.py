r"""Bernoulli's inequality for a decay.

Label: F8
Statement: $(1 - r)^K \Bigl(1 + \frac{K r}{s}\Bigr)^s \le 1$
Assumptions: 0 <= r <= 1; s >= 1 and K are natural numbers.
Tightness: exact: equality at r = 0 and at K = 0. As s grows, it tends to (1 - r)^K <= exp(-K r).
Uses: nothing else of the library
Source: Bernoulli's inequality; s = 1 is its usual form, for 1/(1 - r).
Needs: r <= 1: at r = 3, K = 2, s = 1 the left side is 28; and r >= 0: at r = -10, K = 1, s = 2 it
    is 176.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, assume, cut, instantiate, specialise, unfold
from shrinkproof.kernel.term import Term, lift
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import index, number, parameter
from shrinkproof.tactics.induction import inductively
from shrinkproof.tactics.linear import linear
from shrinkproof.tactics.powers import power_nonnegative
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import K, k

r, s = parameter("r"), index("s")

R_NONNEGATIVE = Hypothesis("r_nonnegative", r >= 0, "r is not negative")
R_AT_MOST_1 = Hypothesis("r_at_most_1", r <= 1, "r is at most 1")
S_POSITIVE = Hypothesis("s_positive", number(s) > 0, "s is positive")


def claim(length: Term) -> Term:
    return (1 - r) ** length * (1 + number(length) * r / number(s)) ** s <= 1


STATEMENT = Statement(
    id="bernoulli",
    label="F8",
    title="Bernoulli's inequality for a decay",
    hypotheses=(R_NONNEGATIVE, R_AT_MOST_1, S_POSITIVE),
    conclusions=(claim(K),),
)


def powers(x: Term, nonnegative: Theorem) -> tuple[Theorem, ...]:
    """For x >= 0, with B = (1 + k x)^s: B >= 0, (1 + x)^s (1 - s x) <= 1, and
    (1 + (k + 1) x)^s <= B (1 + x)^s."""
    j, n = index("j"), number(k)
    first, now, following = 1 + x, 1 + n * x, 1 + (n + 1) * x
    facts = [nonnegative, unfold(n), unfold(number(j))]
    facts += [
        linear(base >= 0, products=[1, *rest], facts=facts)
        for base, rest in ((first, [x]), (now, [n * x]), (following, [n * x, x]))
    ]
    raised = [power_nonnegative(facts[3], j), power_nonnegative(facts[4], j)]

    def one(goal: Term, so_far: Theorem) -> Theorem:
        lost = [number(j) * x**2 * first**j, x**2 * first**j]
        return linear(goal, using=[(1, so_far)], products=lost, facts=[*facts, *raised])

    def two(goal: Term, so_far: Theorem) -> Theorem:
        kept = now**j * first**j * n * x**2
        return linear(goal, using=[(following, so_far)], products=[kept], facts=[*facts, *raised])

    return (
        power_nonnegative(facts[4], s),
        specialise(inductively(j, lambda j: first**j * (1 - number(j) * x) <= 1, one), s),
        specialise(inductively(j, lambda j: following**j <= now**j * first**j, two), s),
    )


@proof_of(STATEMENT)
def prove() -> Theorem:
    x, s_positive = parameter("x"), given(S_POSITIVE)
    share = r / number(s)
    condition = linear(share >= 0, products=[share], facts=[given(R_NONNEGATIVE), s_positive])
    nonnegative, first, product = (
        cut(condition, instantiate(t, {"x": share})) for t in powers(x, assume(x >= 0))
    )
    first = linear((1 - r) * (1 + share) ** s <= 1, using=[(1, first)], facts=[s_positive])
    rate = linear(1 - r >= 0, using=[(1, given(R_AT_MOST_1))])
    rates = power_nonnegative(rate, k)
    now = (1 + number(k) * share) ** s

    def step(goal: Term, so_far: Theorem) -> Theorem:
        return linear(
            goal,
            using=[
                ((1 - r) ** k * (1 - r), product),
                ((1 - r) ** k * now, first),
                (1, so_far),
            ],
            facts=[rate, rates, nonnegative],
        )

    def base(goal: Term) -> Theorem:
        ones = inductively(
            k, lambda n: lift(1) ** n <= 1, lambda goal, t: linear(goal, using=[(1, t)])
        )
        return linear(goal, using=[(1, specialise(ones, s))])

    return specialise(inductively(k, claim, step, base=base), K)
