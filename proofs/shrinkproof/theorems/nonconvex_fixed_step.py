r"""Nonconvex SGD with a fixed stepsize.

Label: T1
Statement: $\frac{\sum_{k=0}^{K-1} \mathbb{E}\bigl[\lVert \nabla F(w_k) \rVert^2\bigr]}{K} \le
    \frac{2 \Delta}{K \mu q_{\min}} + \frac{L \mu (q_{\max}^2 \sigma^2 + \tau^2)}{q_{\min}}$
Assumptions: F has an L-Lipschitz gradient and is bounded below; q_k is a function of the past
    between q_min > 0 and q_max; mu q_max <= 1/L. Nothing needs q_max <= 1.
Tightness: upper: attained for every K without noise, for F = (L/2) norm(w)^2 at mu q_k = 1/L; with
    noise, the average hides what the last step adds.
Uses: one-step-small-stepsize
Source: Yun, arXiv:2508.07142 (2025); Ghadimi and Lan, SIAM J. Optim. 23 (2013), Theorem 2.1,
    without shrinkage.
Needs: mu q_max <= 1/L (a test has an instance beyond it); the proof needs a predictable q_k.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem
from shrinkproof.language.statement import Statement
from shrinkproof.theorems import fixed_stepsize
from shrinkproof.theorems.convergence import average, averaged
from shrinkproof.theorems.proving import proof_of
from shrinkproof.theorems.setting import BOUNDED_BELOW, K_POSITIVE, mu, q, q_min

floor = fixed_stepsize.worst_case_noise / q_min

STATEMENT = Statement(
    id="nonconvex-fixed-step",
    label="T1",
    title="Nonconvex SGD with a fixed stepsize",
    hypotheses=(*fixed_stepsize.hypotheses(q), BOUNDED_BELOW, K_POSITIVE),
    conclusions=(average(floor, mu * q_min),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    return averaged(fixed_stepsize.worst_case_step())
