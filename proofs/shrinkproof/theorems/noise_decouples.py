r"""One step of shrunken SGD is an exact step, then noise.

Label: O3
Statement: $\text{for all } k\colon \mathbb{E}\bigl[F(w_{k+1}) \mid \mathcal{F}_k\bigr] \le
    F\bigl(w_k - \mu_k q_k \nabla F(w_k)\bigr) + \frac{L}{2} \bigl((\mu_k q_k)^2 \sigma^2 + \mu_k^2
    \tau^2\bigr)$
Assumptions: As O1. No sign or size of the effective stepsize mu_k q_k is assumed.
Tightness: exact: equality for F = (L/2) norm(w)^2.
Uses: descent-lemma, shrunken-moments
Source: folklore; the form that separates what a stepsize contracts from what noise adds.
Needs: a predictable q_k: with one that sees the sample the noise need not have mean zero.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, expect, generalise, rewrite, specialise
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import E, forall, inner, norm2, past
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import descent_lemma, one_step, shrunken_moments
from shrinkproof.theorems.one_step import UPDATE, alpha, grad, mu, noise
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import L_POSITIVE, F, L, k, w

exact_step = w[k] - alpha * grad

STATEMENT = Statement(
    id="noise-decouples",
    label="O3",
    title="One step of shrunken SGD is an exact step, then noise",
    hypotheses=one_step.STATEMENT.hypotheses,
    conclusions=(forall(k, E(F(w[k + 1]), past(k)) <= F(exact_step) + noise),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    direction = shrunken_moments.direction
    mean, moment = (specialise(t, k) for t in shrunken_moments.prove())
    slope, deviation = F.grad(exact_step), alpha * grad - mu * direction
    descent = rewrite(
        specialise(descent_lemma.prove()[0], exact_step, w[k + 1]),
        specialise(given(UPDATE), k),
        F(w[k + 1]) <= F(exact_step) + inner(slope, deviation) + L / 2 * norm2(deviation),
    )
    step = linear(
        STATEMENT.conclusion[2],
        using=[
            (1, expect(descent, past(k))),
            (-mu * (slope + L * alpha * grad), mean),
            (L * mu**2 / 2, moment),
        ],
        facts=[given(L_POSITIVE)],
    )
    return generalise(step, k)
