r"""One step of shrunken SGD.

Label: O1
Statement: $\text{for all } k\colon \mathbb{E}\bigl[F(w_{k+1}) \mid \mathcal{F}_k\bigr] \le F(w_k) -
    \mu_k q_k \Bigl(1 - \frac{L \mu_k q_k}{2}\Bigr) \lVert \nabla F(w_k) \rVert^2 + \frac{L}{2}
    \bigl((\mu_k q_k)^2 \sigma^2 + \mu_k^2 \tau^2\bigr)$
Assumptions: F has an L-Lipschitz gradient; sampling and quantization as in S2. No sign or size of
    the effective stepsize mu_k q_k is assumed.
Tightness: exact: equality for F = (L/2) norm(w)^2.
Uses: descent-lemma, shrunken-moments
Source: Bottou, Curtis, Nocedal, Optimization Methods for Large-Scale Machine Learning (2018), Lemma
    4.4, without shrinkage.
Needs: a predictable q_k (counterexample C1).
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, expect, generalise, rewrite, specialise
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import E, forall, inner, norm2, past
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import descent_lemma, shrunken_moments
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    L_POSITIVE,
    SAMPLING,
    SMOOTHNESS,
    F,
    L,
    gradient_norm2,
    k,
    q,
    sigma2,
    stepsize,
    tau2,
    update,
    w,
)

mu = stepsize[k]
alpha = mu * q[k]
grad = F.grad(w[k])
UPDATE = update(lambda i: stepsize[i], q)
noise = L / 2 * (alpha**2 * sigma2 + mu**2 * tau2)

STATEMENT = Statement(
    id="one-step",
    label="O1",
    title="One step of shrunken SGD",
    hypotheses=(L_POSITIVE, SMOOTHNESS, UPDATE, *SAMPLING),
    conclusions=(
        forall(
            k,
            E(F(w[k + 1]), past(k))
            <= F(w[k]) - alpha * (1 - L * alpha / 2) * gradient_norm2(k) + noise,
        ),
    ),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    mean, moment = (specialise(t, k) for t in shrunken_moments.prove())
    direction = shrunken_moments.direction
    descent = rewrite(
        specialise(descent_lemma.prove()[0], w[k], w[k + 1]),
        specialise(given(UPDATE), k),
        F(w[k + 1]) <= F(w[k]) - mu * inner(grad, direction) + L * mu**2 / 2 * norm2(direction),
    )
    step = linear(
        STATEMENT.conclusion[2],
        using=[
            (1, expect(descent, past(k))),
            (-mu * grad, mean),
            (L * mu**2 / 2, moment),
        ],
        facts=[given(L_POSITIVE)],
    )
    return generalise(step, k)
