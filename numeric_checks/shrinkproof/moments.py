"""Exact expectations over any number of steps, for quadratics: two moments at linear cost.

On F(w) = 1/2 (w - m)^T A (w - m) + f, with additive noise of any law and scheduled q_k, the mean
and the covariance of w_k follow

    E[w_{k+1} - m] = (I - a A) E[w_k - m],        a = mu_k q_k,
    Cov w_{k+1} = (I - a A) Cov w_k (I - a A) + a^2 Cov g + mu_k^2 Cov eps,

and E F(w_k), E norm(grad F(w_k))^2 and E norm(w_k - w_star)^2 are functions of the two.
Enumeration gives the same numbers where it can reach (a test compares them); this reaches any K.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from flint import fmpq, fmpq_mat

from shrinkproof.evaluation import Instance, OnInstance
from shrinkproof.exact import Vector, add, dot, norm2, subtract
from shrinkproof.kernel.normal import START as AT_START
from shrinkproof.kernel.normal import determined, normal
from shrinkproof.kernel.term import Term
from shrinkproof.language.evaluate import EvaluationError
from shrinkproof.objectives import Quadratic
from shrinkproof.oracles import AdditiveNoise, ExactGradient, Outcomes
from shrinkproof.outcomes import START
from shrinkproof.process import Additive, Process, Scheduled, Silent


class ByMoments(OnInstance):
    """The evaluator with total expectations by moments.

    Raises ValueError unless the objective is quadratic, the sampling noise additive (or none), the
    quantization noise of a fixed law (or none) and q_k scheduled.
    """

    def __init__(self, instance: Instance) -> None:
        super().__init__(instance)
        self.moments = Moments(self.process)

    def _mean(self, t: Term) -> Any:
        if self._stage(t[1]) != START:
            return super()._mean(t)
        total = fmpq(0)
        for monomial, c in normal(t[2]).items():
            random = [(a, e) for a, e in monomial if a[0] in ("value", "inner")]
            random = [(a, e) for a, e in random if not determined(a, AT_START)]
            value = fmpq(c.numerator, c.denominator)
            for a, e in monomial:
                value *= 1 if (a, e) in random else self.scalar(a) ** e
            if random:
                if len(random) != 1 or random[0][1] != 1:
                    raise EvaluationError("moments give no expectation of products")
                value *= self._expected(random[0][0])
            total += value
        return total

    def _at(self, t: Term) -> Any:
        if t[1] == "q":  # scheduled here, also where the statement would allow more
            return self.process.shrinkage.factor(self.index(t[4]), self.process.start, None)
        return super()._at(t)

    def _expected(self, atom: Term) -> fmpq:
        if atom[0] == "value" and atom[2][:2] == ("at", "w"):
            return self.moments.value(self.index(atom[2][4]))
        if atom[0] == "inner" and atom[1] == atom[2] and atom[1][0] == "grad":
            return self.moments.gradient_norm2(self.index(atom[1][2][4]))
        if atom[0] == "inner":
            iterates = [x for x in atom.args if x[:2] == ("at", "w")]
            if len(set(iterates)) == 1:
                k = self.index(iterates[0][4])
                if len(iterates) == 2:
                    return self.moments.norm2(k)
                (other,) = (x for x in atom.args if x != iterates[0])
                if determined(other, AT_START):
                    return dot(self.moments.mean(k), self.vector(other))
        raise EvaluationError(f"moments give no expectation of {atom[0]}")


class Moments:
    """Mean and covariance of w_k - m, for every k up to the horizon."""

    def __init__(self, process: Process) -> None:
        oracle, noise = process.oracle, process.noise
        objective = oracle.objective
        if not isinstance(objective, Quadratic):
            raise ValueError("moments: the objective is not quadratic")
        if not isinstance(oracle, (AdditiveNoise, ExactGradient)):
            raise ValueError("moments: the sampling noise is not additive")
        if not isinstance(noise, (Additive, Silent)) or not isinstance(
            process.shrinkage, Scheduled
        ):
            raise ValueError("moments: wants quantization noise of a fixed law, and scheduled q_k")
        self.process, self.objective = process, objective
        self.sampling = oracle.support if isinstance(oracle, AdditiveNoise) else ()
        self.rounding = noise.support if isinstance(noise, Additive) else ()

    @cached_property
    def hessian(self) -> fmpq_mat:
        return fmpq_mat([list(row) for row in self.objective.hessian])

    def _covariance(self, law: Outcomes) -> fmpq_mat:
        d = self.objective.dimension
        total = fmpq_mat(d, d)
        for p, z in law:
            column = fmpq_mat(d, 1, list(z))
            total = total + column * column.transpose() * p
        return total

    @cached_property
    def states(self) -> list[tuple[fmpq_mat, fmpq_mat]]:
        d, process = self.objective.dimension, self.process
        identity = fmpq_mat(d, d, [fmpq(int(i == j)) for i in range(d) for j in range(d)])
        mean = fmpq_mat(d, 1, list(subtract(process.start, self.objective.minimiser)))
        covariance = fmpq_mat(d, d)
        sampling, rounding = self._covariance(self.sampling), self._covariance(self.rounding)
        found = [(mean, covariance)]
        for k, mu in enumerate(process.stepsizes):
            a = mu * process.shrinkage.factor(k, process.start, None)
            contraction = identity - self.hessian * a
            mean = contraction * mean
            covariance = contraction * covariance * contraction
            covariance = covariance + sampling * (a * a) + rounding * (mu * mu)
            found.append((mean, covariance))
        return found

    def _second(self, k: int, form: fmpq_mat) -> fmpq:
        """E[(w_k - m)^T form (w_k - m)]."""
        mean, covariance = self.states[k]
        spread = form * (covariance + mean * mean.transpose())
        return sum((spread[i, i] for i in range(self.objective.dimension)), fmpq(0))

    def mean(self, k: int) -> Vector:
        """E w_k."""
        d = self.objective.dimension
        return add(self.objective.minimiser, tuple(self.states[k][0][i, 0] for i in range(d)))

    def norm2(self, k: int) -> fmpq:
        """E norm(w_k)^2, about the origin: the trace of the covariance, and norm(E w_k)^2."""
        covariance, mean = self.states[k][1], self.mean(k)
        spread = (covariance[i, i] for i in range(self.objective.dimension))
        return sum(spread, norm2(mean))

    def value(self, k: int) -> fmpq:
        """E F(w_k)."""
        return self._second(k, self.hessian) / 2 + self.objective.minimum

    def gradient_norm2(self, k: int) -> fmpq:
        """E norm(grad F(w_k))^2."""
        return self._second(k, self.hessian * self.hessian)
