r"""One step of shrunken SGD under strong convexity: values.

Label: O7
Statement: $\text{for all } k\colon \mathbb{E}\bigl[F(w_{k+1}) \mid \mathcal{F}_k\bigr] - F^\star
    \le (1 - c \mu_k q_k)^2 \bigl(F(w_k) - F^\star\bigr) + \frac{L}{2} \bigl((\mu_k q_k)^2 \sigma^2
    + \mu_k^2 \tau^2\bigr)$
Assumptions: As O6, with c > 0 and F_star the minimum.
Tightness: exact: equality for F = (L/2) norm(w)^2, c = L.
Uses: gradient-step, noise-decouples
Source: the exact step is Taylor, Hendrickx, Glineur (2018); with noise and shrinkage, new.
Needs: mu_k q_k <= 2/(L + c): beyond it, F = (L/2) norm(w)^2 contracts more slowly.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, generalise, specialise
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import E, forall, past
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import gradient_step, noise_decouples, one_step_distance
from shrinkproof.theorems.one_step import noise
from shrinkproof.theorems.one_step_distance import exact_step, rate
from shrinkproof.theorems.proving import proof_of
from shrinkproof.theorems.setting import ATTAINED, C_POSITIVE, F, F_star, k, w

STATEMENT = Statement(
    id="one-step-values",
    label="O7",
    title="One step of shrunken SGD under strong convexity: values",
    hypotheses=(*one_step_distance.STATEMENT.hypotheses, C_POSITIVE, ATTAINED),
    conclusions=(forall(k, E(F(w[k + 1]), past(k)) - F_star <= rate * (F(w[k]) - F_star) + noise),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    step = linear(
        STATEMENT.conclusion[2],
        using=[
            (1, specialise(noise_decouples.prove()[0], k)),
            (1, exact_step(gradient_step.prove()[1])),
        ],
    )
    return generalise(step, k)
