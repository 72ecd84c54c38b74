r"""One step of shrunken SGD, effective stepsize at most 1/L.

Label: O2
Statement: $\text{for all } k\colon \mathbb{E}\bigl[F(w_{k+1}) \mid \mathcal{F}_k\bigr] \le F(w_k) -
    \frac{\mu_k q_k}{2} \lVert \nabla F(w_k) \rVert^2 + \frac{L}{2} \bigl((\mu_k q_k)^2 \sigma^2 +
    \mu_k^2 \tau^2\bigr)$
Assumptions: As O1, with effective stepsizes between 0 and 1/L.
Tightness: exact: equality for F = (L/2) norm(w)^2 at mu_k q_k = 1/L.
Uses: one-step
Source: Bottou, Curtis, Nocedal (2018), Section 4, without shrinkage.
Needs: mu_k q_k <= 1/L: beyond it, O1 on F = (L/2) norm(w)^2 is an equality with a smaller decrease.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, generalise, specialise
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import E, forall, past
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import one_step
from shrinkproof.theorems.one_step import alpha, noise
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import L_POSITIVE, F, L, gradient_norm2, k, w

NONNEGATIVE = Hypothesis(
    "alpha_nonnegative", forall(k, alpha >= 0), "effective stepsizes are not negative"
)
SMALL = Hypothesis("alpha_small", forall(k, alpha <= 1 / L), "effective stepsizes are at most 1/L")

STATEMENT = Statement(
    id="one-step-small-stepsize",
    label="O2",
    title="One step of shrunken SGD, effective stepsize at most 1/L",
    hypotheses=(*one_step.STATEMENT.hypotheses, NONNEGATIVE, SMALL),
    conclusions=(
        forall(k, E(F(w[k + 1]), past(k)) <= F(w[k]) - alpha / 2 * gradient_norm2(k) + noise),
    ),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    step = linear(
        STATEMENT.conclusion[2],
        using=[(1, specialise(one_step.prove()[0], k))],
        products=[L * alpha * (1 / L - alpha) * gradient_norm2(k) / 2],
        facts=[
            given(L_POSITIVE),
            specialise(given(NONNEGATIVE), k),
            specialise(given(SMALL), k),
        ],
    )
    return generalise(step, k)
