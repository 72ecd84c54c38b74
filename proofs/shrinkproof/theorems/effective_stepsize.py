"""Shrunken SGD is SGD with the effective stepsize.

Label: S1
Statement: $v_K = w_K$
Assumptions: Both run on the same samples and the same stepsizes; q_k > 0 may depend on anything,
    the sample included.
Tightness: identity.
Uses: nothing else of the library
Source: Yun, arXiv:2508.07142 (2025), the effective stepsize; here with quantization noise.
Needs: q_k > 0: at q_k = 0 plain SGD stands still while the noise still moves w.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, assume, induct, rewrite, specialise
from shrinkproof.kernel.term import VECTOR, Term
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import Oracle, Sequence, equal, forall
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import K, eps, k, w
from shrinkproof.theorems.setting import q_of_sample as q
from shrinkproof.theorems.setting import stepsize as mu

g = Oracle("g")
v = Sequence("v", VECTOR, "past")

SHRUNKEN = Hypothesis(
    "shrunken",
    forall(k, equal(w[k + 1], w[k] - mu[k] * (q[k] * g(k, w[k]) + eps[k]))),
    "w follows SGD with stepsizes mu_k and shrunken, perturbed gradients",
)
PLAIN = Hypothesis(
    "plain",
    forall(k, equal(v[k + 1], v[k] - (mu[k] * q[k]) * (g(k, v[k]) + eps[k] / q[k]))),
    "v follows SGD with stepsizes mu_k q_k, on the same samples, with noise eps_k/q_k",
)
SAME_START = Hypothesis("same_start", equal(v[0], w[0]), "both start at the same point")
Q_POSITIVE = Hypothesis("q_positive", forall(k, q[k] > 0), "every q_k is positive")

STATEMENT = Statement(
    id="effective-stepsize",
    label="S1",
    title="Shrunken SGD is SGD with the effective stepsize",
    hypotheses=(SHRUNKEN, PLAIN, SAME_START, Q_POSITIVE),
    conclusions=(equal(v[K], w[K]),),
)


def claim(i: Term) -> Term:
    return equal(v[i], w[i])


@proof_of(STATEMENT)
def prove() -> Theorem:
    same_so_far = assume(claim(k))
    plain = rewrite(
        specialise(given(PLAIN), k),
        same_so_far,
        equal(v[k + 1], w[k] - (mu[k] * q[k]) * (g(k, w[k]) + eps[k] / q[k])),
    )
    step = linear(
        claim(k + 1),
        using=[(1, plain), (-1, specialise(given(SHRUNKEN), k))],
        facts=[specialise(given(Q_POSITIVE), k)],
    )
    return specialise(induct(given(SAME_START), step, forall(k, claim(k))), K)
