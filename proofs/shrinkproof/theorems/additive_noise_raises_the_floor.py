r"""When low precision raises the steady error: additive noise against shrinkage.

Label: A1
Statement: $\frac{\mu}{c q (2 - c \mu q) (2 - c \mu)} > 0$ and $B_d - B_1 = \frac{\mu}{c q (2 - c
    \mu q) (2 - c \mu)} \bigl(\tau^2 (2 - c \mu) - 2 q (1 - q) \sigma^2\bigr)$
Assumptions: B_d is the floor of LB, with shrinkage factor q and quantization noise tau2, and B_1
    that of full precision, q = 1 and tau2 = 0, at the same stepsize. The factor of the identity is
    positive: so the floor rises exactly where tau2 (2 - c mu) > 2 q (1 - q) sigma2, and falls
    exactly where tau2 (2 - c mu) < 2 q (1 - q) sigma2.
Tightness: identity.
Uses: nothing else of the library
Source: new; it corrects "a higher steady error level due to quantization" of arXiv:2508.07142.
Needs: q > 0; c mu < 2 and c mu q < 2, without which there is no floor.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem
from shrinkproof.kernel.term import lift
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import equal, named
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems.noise_floor import distance_floor
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.quadratic_lower_bound import Q_POSITIVE, STABLE, floor, q
from shrinkproof.theorems.setting import C_POSITIVE, MU_POSITIVE, c, mu, sigma2, tau2

full_precision = named("B_1", distance_floor(lift(1), None))
STABLE_AT_1 = Hypothesis("stable_at_1", c * mu < 2, "c mu is less than 2")
factor = mu / (c * q) / (2 - c * mu * q) / (2 - c * mu)
excess = tau2 * (2 - c * mu) - 2 * q * (1 - q) * sigma2

STATEMENT = Statement(
    id="additive-noise-raises-the-floor",
    label="A1",
    title="When low precision raises the steady error: additive noise against shrinkage",
    hypotheses=(C_POSITIVE, MU_POSITIVE, Q_POSITIVE, STABLE, STABLE_AT_1),
    conclusions=(factor > 0, equal(floor - full_precision, factor * excess)),
)


@proof_of(STATEMENT)
def prove() -> tuple[Theorem, Theorem]:
    positive, identity = STATEMENT.conclusions
    facts = [given(h) for h in STATEMENT.hypotheses]
    return linear(positive, products=[factor], facts=facts), linear(identity, facts=facts)
