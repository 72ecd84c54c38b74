r"""One step of SGD with relative rounding errors.

Label: O5
Statement: $\text{for all } k\colon \mathbb{E}\bigl[F(w_{k+1}) \mid \mathcal{F}_k\bigr] \le F(w_k) -
    \frac{\mu_k}{2} \bigl((1 + L \mu_k) (1 - u^2) - (L \mu_k)^2\bigr) \lVert \nabla F(w_k) \rVert^2
    + \frac{\mu_k}{2} (1 + L \mu_k) (u^2 + L \mu_k) \sigma^2$
Assumptions: As O5a, with no absolute error: given the sample, the mean square of the rounding error
    is at most u^2 norm(g)^2, whatever its bias.
Tightness: exact: equality for F = (L/2) norm(w)^2 at mu = (1 - u)/L, without sampling noise, when
    each gradient is shrunk by 1 - u.
Uses: one-step-relative-absolute
Source: for errors of this kind, with other constants, Ajalloeian and Stich, On the convergence of
    SGD with biased gradients (2020).
Needs: the term u^2 sigma2, which no stepsize removes: a rounding error may undo the gradient's
    mean.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, cut, generalise, instantiate, specialise
from shrinkproof.kernel.term import Term, lift
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import E, forall, past
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import one_step_relative_absolute, quantized
from shrinkproof.theorems.one_step_relative_absolute import MU_NONNEGATIVE, mu
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import (
    L_POSITIVE,
    Q4_RELATIVE,
    SMOOTHNESS,
    UNBIASED,
    VARIANCE,
    F,
    L,
    gradient_norm2,
    k,
    sigma2,
    u,
    w,
)


def decrease(step: Term, error: Term) -> Term:
    """The decrease is step/2 times this times the squared gradient."""
    return (1 + L * step) * (1 - error**2) - (L * step) ** 2


def noise(step: Term, error: Term) -> Term:
    """The noise of the step is step/2 times this."""
    return (1 + L * step) * (error**2 + L * step) * sigma2


STATEMENT = Statement(
    id="one-step-relative",
    label="O5",
    title="One step of SGD with relative rounding errors",
    hypotheses=(
        L_POSITIVE,
        SMOOTHNESS,
        quantized.UPDATE,
        UNBIASED,
        VARIANCE,
        *Q4_RELATIVE.hypotheses,
        MU_NONNEGATIVE,
    ),
    conclusions=(
        forall(
            k,
            E(F(w[k + 1]), past(k))
            <= F(w[k]) - mu / 2 * decrease(mu, u) * gradient_norm2(k) + mu / 2 * noise(mu, u),
        ),
    ),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    """O5a with the weight 1 and no absolute error."""
    (rounding,) = Q4_RELATIVE.hypotheses
    step = instantiate(one_step_relative_absolute.prove()[0], {"t": lift(1), "eta2": lift(0)})
    for condition in (linear(lift(1) > 0, products=[1]), given(rounding)):
        step = cut(condition, step)
    return generalise(linear(STATEMENT.conclusion[2], using=[(1, specialise(step, k))]), k)
