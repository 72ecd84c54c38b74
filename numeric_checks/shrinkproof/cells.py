"""Single numbers being rounded: what the scalar sequences of a rounding theorem stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flint import fmpq

from shrinkproof.exact import Vector
from shrinkproof.language.evaluate import EvaluationError
from shrinkproof.quantizers import Quantizer, Rounding


@dataclass(frozen=True)
class Cell:
    """The numbers around the rounding of the first coordinate of g, in units of the format.

    Two fields are for instances that are no rounding: ``affine``, (s, m) for the numbers s x + m
    in place of x, spacings times s, and ``replaced``, numbers that stand for a name, whatever g is.
    """

    quantizer: Quantizer
    affine: tuple[fmpq, fmpq] = (fmpq(1), fmpq(0))
    replaced: Mapping[str, fmpq] = field(default_factory=dict)

    def number(self, name: str, g: Vector, eps: Sequence[Vector]) -> fmpq:
        """The number of that name.

        ``x``: the size of the coordinate.  ``a``: the largest number of the format up to x.  ``h``:
        the spacing there.  ``N``, ``Z``: x rounded to nearest and toward zero.  ``Q``: x rounded as
        the quantizer does, if eps, the rounding error of g, is drawn; ``B``: how many spacings Q
        lies above a.
        """
        if name in self.replaced:
            return self.replaced[name]
        found, (stretch, shift) = self._number(name, g, eps), self.affine
        if name == "B":
            return found
        return stretch * found + (0 if name == "h" else shift)

    def _number(self, name: str, g: Vector, eps: Sequence[Vector]) -> fmpq:
        quantizer = self.quantizer
        x = abs(quantizer.scale * g[0])
        h = quantizer.format.spacing(x)
        a = int((x / h).floor()) * h
        if name in ("x", "a", "h"):
            return {"x": x, "a": a, "h": h}[name]
        if name in ("N", "Z"):
            rounding = Rounding.NEAREST if name == "N" else Rounding.TOWARD_ZERO
            return replace(quantizer, rounding=rounding, scale=fmpq(1)).round(x)
        if name in ("Q", "B") and eps:
            rounded = abs(quantizer.scale * (g[0] + eps[0][0]))
            return rounded if name == "Q" else (rounded - a) / h
        raise EvaluationError(f"no value for {name}")
