"""Constants that are known before a process runs: proved for its ingredients, or declared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flint import fmpq

from shrinkproof.exact import norm2
from shrinkproof.process import (
    Additive,
    Both,
    Coordinatewise,
    Dropped,
    Noise,
    Relative,
    RoundingError,
    Scheduled,
    Silent,
)
from shrinkproof.quantizers import Quantizer, Rounding
from shrinkproof.solving import root_bounds

if TYPE_CHECKING:
    from shrinkproof.reading import Reading
    from shrinkproof.recipes import Recipe

ONE, ZERO = fmpq(1), fmpq(0)
Range = tuple[fmpq, fmpq]


@dataclass(frozen=True)
class Distortion:
    """What a noise does to the vector v = q_k g_k that it is added to.

    relative2 and absolute: E norm(eps)^2 <= relative2 norm(v)^2 + absolute (None: not known).
    factors: between which multiples of it every coordinate of v + eps lies.  unbiased: E eps = 0.
    """

    relative2: fmpq = ZERO
    absolute: fmpq | None = ZERO
    factors: Range | None = (ONE, ONE)
    unbiased: bool = True


def distortion(noise: Noise) -> Distortion:
    match noise:
        case Silent():
            return Distortion()
        case Additive(support):
            mean = [sum((p * e[i] for p, e in support), ZERO) for i in range(len(support[0][1]))]
            second = sum((p * norm2(e) for p, e in support), ZERO)
            return Distortion(ZERO, second, None, not any(mean))
        case Relative(size):
            return Distortion(size**2, ZERO, (1 - size, 1 + size))
        case Dropped(kept):
            return Distortion(1 / kept - 1, ZERO, (ZERO, 1 / kept))
        case Coordinatewise(above, below):
            ends = min(above, below), max(above, below)
            return Distortion(max((f - 1) ** 2 for f in ends), ZERO, ends, False)
        case RoundingError(quantizer):
            u = quantizer.format.unit_roundoff
            low, high = 1 / (1 + 2 * u), 1 + 2 * u
            return {
                Rounding.NEAREST: Distortion(
                    (u / (1 + u)) ** 2, None, (1 / (1 + u), (1 + 2 * u) / (1 + u)), False
                ),
                Rounding.TOWARD_ZERO: Distortion((1 - low) ** 2, None, (low, ONE), False),
                Rounding.STOCHASTIC: Distortion(u**2 / high, None, (low, high)),
            }[quantizer.rounding]
        case Both(one, other):
            a, b = distortion(one), distortion(other)
            absolute = None
            if a.absolute is not None and b.absolute is not None:
                absolute = a.absolute + b.absolute
            relative2 = a.relative2 + b.relative2
            return Distortion(relative2, absolute, None, a.unbiased and b.unbiased)
    raise TypeError(f"what {type(noise).__name__} does to a gradient is not known")


@dataclass(frozen=True)
class Known:
    """The constants of a statement that a recipe's ingredients give."""

    reading: Reading
    recipe: Recipe

    def constants(self) -> dict[str, Any] | None:
        """Values of the constants that the statement ties to something, and of its indices.

        None where the objective has no such constant: it speaks of all points, of which a run
        reaches but a few, so that it cannot be measured there.
        """
        of_objective = self._of_objective()
        if any(x is None for n, x in of_objective.items() if n in self.reading.tied):
            return None
        found = {**of_objective, **self._of_gradients()}
        if "q" in self.reading.tied and "q" not in found:
            return None
        known = {n: x for n, x in found.items() if n in self.reading.tied and x is not None}
        dimension = 1 if self.recipe.objective is None else self.recipe.objective.dimension
        counts = dict.fromkeys(self.reading.indices, self.recipe.horizon) | {"d": dimension}
        if self._quantizer is not None:
            counts["p"] = self._quantizer.format.precision
        return known | {n: counts[n] for n in self.reading.indices}

    @property
    def _quantizer(self) -> Quantizer | None:
        """The real format that rounds, if one does."""
        noise = self.recipe.noise
        return noise.quantizer if isinstance(noise, RoundingError) else self.recipe.cell

    def _of_objective(self) -> dict[str, Any]:
        f = self.recipe.objective
        if f is None:
            return {}
        loose_L, loose_c = self.recipe.loose
        curvature = getattr(f, self.recipe.curvature)
        return {
            "L": f.smoothness * loose_L,
            "c": None if curvature is None else curvature * loose_c,
            "F_inf": f.lower_bound,
            "F_star": f.minimum,
        }

    def _of_gradients(self) -> dict[str, Any]:
        recipe, (low, high) = self.recipe, self.recipe.q_range
        found: dict[str, Any] = {"q_min": low, "q_max": high}
        if (quantizer := self._quantizer) is not None:
            found |= {"h": quantizer.format.subnormal_spacing, "S": quantizer.scale}
        if isinstance(recipe.shrinkage, Scheduled) and len(recipe.shrinkage.values) == 1:
            (found["q"],) = recipe.shrinkage.values
        if recipe.oracle is not None:
            found["sigma2"] = recipe.oracle.variance_bound
        noise = distortion(recipe.noise)
        if recipe.cell is not None:
            found |= {
                "u": recipe.cell.format.unit_roundoff,
                "h": recipe.cell.format.subnormal_spacing,
            }
            return found | {"S": recipe.cell.scale}
        if "Q" not in self.reading.symbols:  # then eps_k has a second moment alone
            return found | {"tau2": noise.absolute if noise.relative2 == 0 else None}
        found |= {"tau2": noise.absolute, "omega": noise.relative2}
        found["u"] = max(_relative_error(q, noise) for q in (low, high))
        if noise.factors is not None:
            ends = [q * f for q in (low, high) for f in noise.factors]
            found |= {"q_min": min(ends), "q_max": max(ends)}
        return found


def _relative_error(q: fmpq, noise: Distortion) -> fmpq:
    """u with E norm(Q - g)^2 <= u^2 norm(g)^2, up to what is absolute: as small as is rational."""
    bias = abs(q - 1)
    if noise.unbiased:
        return root_bounds(bias**2 + q**2 * noise.relative2)[1]
    return bias + q * root_bounds(noise.relative2)[1]
