"""Quantized gradients: a changed constant is refused, and what is called exact is attained."""

from dataclasses import replace
from fractions import Fraction

import pytest

from shrinkproof.kernel import ProofError
from shrinkproof.kernel.term import lift
from shrinkproof.language.evaluate import Evaluator
from shrinkproof.language.rewriting import put
from shrinkproof.theorems import (
    nonconvex_relative,
    nonconvex_relative_absolute,
    nonconvex_sample_dependent,
    nonconvex_unbiased,
    one_step_relative,
    one_step_relative_absolute,
    one_step_unbiased,
    pl_relative,
    pl_relative_absolute,
    pl_unbiased,
    reduction,
)
from shrinkproof.theorems.bias_variance import t
from shrinkproof.theorems.setting import L, eta2, omega, sigma2, tau2, u

CHANGES = {
    "sigma2 halved": (sigma2, sigma2 / 2),
    "tau2 dropped": (tau2, lift(0)),
    "eta2 halved": (eta2, eta2 / 2),
    "omega dropped": (omega, lift(0)),
    "u dropped": (u, lift(0)),
    "the weight doubled": (t, 2 * t),
    "L halved": (L, L / 2),
}
ONE_STEP = [one_step_unbiased, one_step_relative_absolute, one_step_relative, reduction]
MANY_STEPS = [
    nonconvex_unbiased,
    pl_unbiased,
    nonconvex_relative,
    pl_relative,
    nonconvex_relative_absolute,
    pl_relative_absolute,
]


def changes(term):
    """The changes that change this term."""
    return [change for change in CHANGES.values() if put(term, *change) != term]


@pytest.mark.parametrize("module", ONE_STEP)
def test_a_changed_constant_makes_one_step_fail(module, monkeypatch):
    statement = module.STATEMENT
    wrong = [put(statement.conclusion, *change) for change in changes(statement.conclusion)]
    if module is reduction:
        wrong = [put(statement.conclusion, reduction.error, reduction.error / 2)]
    assert wrong
    for conclusion in wrong:
        monkeypatch.setattr(module, "STATEMENT", statement.concluding(conclusion))
        with pytest.raises(ProofError, match="combine: the identity does not hold"):
            module.prove.__wrapped__()


@pytest.mark.parametrize("module", MANY_STEPS)
def test_a_changed_constant_makes_many_steps_fail(module, monkeypatch):
    """With another theta or noise, the one-step bound is not the one that is asked for."""
    step = module.step()
    for name in ("theta", "noise"):
        for change in changes(getattr(step, name)):
            wrong = replace(step, **{name: put(getattr(step, name), *change)})
            monkeypatch.setattr(module, "step", lambda wrong=wrong: wrong)
            with pytest.raises(ProofError, match="cut: the lemma's conclusion is not a hypothesis"):
                module.prove.__wrapped__()


@pytest.mark.parametrize("name", ["error", "alpha"])
def test_scaled_gradients_need_their_own_error_and_stepsize(name, monkeypatch):
    term = getattr(nonconvex_sample_dependent, name)
    monkeypatch.setattr(nonconvex_sample_dependent, name, term / 2)
    with pytest.raises(ProofError, match=r"^(combine|cut): "):
        nonconvex_sample_dependent.prove.__wrapped__()


def bound(module, **values):
    """F(w) - (mu/2) decrease + (mu/2) noise for F = (L/2) norm(w)^2 at w = (1, 0)."""
    mu, lipschitz = values["mu"], values["L"]
    known = {**values, "mu": lambda _: mu, "k": 0}
    arguments = (module.mu, u) if module is one_step_relative else (module.mu,)
    decrease, noise = (
        Evaluator(known).scalar(f(*arguments)) for f in (module.decrease, module.noise)
    )
    return lipschitz / 2 - mu / 2 * decrease * lipschitz**2 + mu / 2 * noise


def after(points, lipschitz):
    """The mean of F = (L/2) norm(w)^2 over points that are equally likely."""
    return lipschitz / 2 * sum(x * x + y * y for x, y in points) / len(points)


@pytest.mark.parametrize("lipschitz", [Fraction(1), Fraction(3, 2)])
@pytest.mark.parametrize("mu", [Fraction(1, 10), Fraction(1, 2), Fraction(2)])
@pytest.mark.parametrize("weight", [Fraction(1, 3), Fraction(1), Fraction(5)])
def test_one_step_with_rounding_errors_is_attained(lipschitz, mu, weight):
    """Noise orthogonal to the gradient; the error (L mu g - gradient)/t, as large as is allowed."""
    sigma, a = Fraction(2, 3), lipschitz * mu
    square = ((1 - a) ** 2 * lipschitz**2 + a**2 * sigma**2) / weight**2  # of the error
    error = Fraction(1, 8)
    absolute = square - error**2 * (lipschitz**2 + sigma**2)
    points = []
    for noise in (sigma, -sigma):
        rounding = ((a - 1) * lipschitz / weight, a * noise / weight)
        points.append((1 - mu * (lipschitz + rounding[0]), -mu * (noise + rounding[1])))
    values = {"L": lipschitz, "mu": mu, "t": weight, "u": error, "sigma2": sigma**2}
    assert after(points, lipschitz) == bound(one_step_relative_absolute, eta2=absolute, **values)


@pytest.mark.parametrize("error", [Fraction(1, 4), Fraction(1, 2), Fraction(9, 10)])
def test_one_step_with_relative_errors_is_attained(error):
    """Each gradient shrunk by 1 - u, at mu = (1 - u)/L; at another stepsize there is slack."""
    lipschitz = Fraction(3)
    for scale, attained in ((Fraction(1), True), (Fraction(1, 2), False)):
        mu = scale * (1 - error) / lipschitz
        values = {"L": lipschitz, "mu": mu, "u": error, "sigma2": Fraction(0)}
        reached = after([(1 - mu * (1 - error) * lipschitz, 0)], lipschitz)
        assert reached <= bound(one_step_relative, **values)
        assert (reached == bound(one_step_relative, **values)) is attained
