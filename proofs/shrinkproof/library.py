"""The library: every result by its id or its label, with what its module says of it."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from shrinkproof.kernel import Theorem
from shrinkproof.language.statement import Statement

# In the order in which a reader meets them: each uses earlier ones only.
MODULES = (
    "descent_lemma",
    "gradient_bound",
    "strong_convexity_implies_pl",
    "convex_smooth",
    "interpolation",
    "cocoercivity",
    "gradient_step",
    "bias_variance",
    "bernoulli",
    "round_to_nearest",
    "round_toward_zero",
    "stochastic_rounding",
    "subnormal_rounding",
    "effective_stepsize",
    "shrunken_moments",
    "one_step",
    "one_step_small",
    "noise_decouples",
    "one_step_distance",
    "one_step_values",
    "nonconvex_fixed_step",
    "nonconvex_weighted",
    "nonconvex_diminishing",
    "nonconvex_scheduled",
    "nonconvex_convergence",
    "nonconvex_square_root_stepsizes",
    "pl_scheduled",
    "pl_predictable",
    "pl_diminishing",
    "convex_weighted_sum",
    "convex_average",
    "distance_scheduled",
    "distance_closed_form",
    "values_scheduled",
    "distance_predictable",
    "values_predictable",
    "quadratic_lower_bound",
    "additive_noise_raises_the_floor",
    "pure_shrinkage_lowers_the_floor",
    "matched_effective_stepsize",
    "nonconvex_complexity",
    "nonconvex_best_stepsize",
    "pl_complexity",
    "one_step_unbiased",
    "nonconvex_unbiased",
    "pl_unbiased",
    "reduction",
    "sector_from_coordinates",
    "one_step_relative_absolute",
    "one_step_relative",
    "nonconvex_relative",
    "pl_relative",
    "nonconvex_sample_dependent",
    "pl_sample_dependent",
    "nonconvex_relative_absolute",
    "pl_relative_absolute",
    "nearest_nonconvex",
    "nearest_pl",
    "toward_zero_nonconvex",
    "toward_zero_pl",
    "stochastic_nonconvex",
    "stochastic_pl",
)


class UnknownResult(KeyError):
    """No result of that name."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Result:
    """A proved result: its statement, and the module that states and proves it."""

    module: ModuleType
    statement: Statement

    @property
    def id(self) -> str:
        return self.statement.id

    @property
    def label(self) -> str:
        return self.statement.label

    @property
    def title(self) -> str:
        return self.statement.title

    @property
    def notes(self) -> dict[str, str]:
        """The fields of the module's docstring: Statement, Assumptions, Tightness, ..."""
        return fields(self.module.__doc__ or "")

    @property
    def tightness(self) -> str:
        """The first word of the docstring's field: identity, exact or upper."""
        return self.notes["Tightness"].split()[0].rstrip(":;,.")

    @property
    def kind(self) -> str:
        return "theorem" if self.label.startswith(("T", "E", "LB")) else "lemma"

    def prove(self) -> tuple[Theorem, ...]:
        """Run the proof; once per process."""
        theorems: tuple[Theorem, ...] = self.module.prove()
        return theorems

    def uses(self) -> tuple[str, ...]:
        """The ids of the results that its proof cites, read off the derivation."""
        known = {t: r.id for r in results() if r.id != self.id for t in r.prove()}
        found: dict[str, None] = {}
        seen: set[Theorem] = set()

        def walk(theorem: Theorem) -> None:
            if theorem in seen:
                return
            seen.add(theorem)
            if theorem in known:
                found[known[theorem]] = None
                return
            for premise in theorem.step.premises:
                walk(premise)

        for theorem in self.prove():
            walk(theorem)
        order = [r.id for r in results()]
        return tuple(sorted(found, key=order.index))


def fields(docstring: str) -> dict[str, str]:
    """The ``Name: text`` fields of a theorem module's docstring; text may go on, indented."""
    found: dict[str, str] = {}
    name = ""
    for line in docstring.splitlines()[1:]:
        head, colon, rest = line.partition(":")
        if colon and head.isalpha() and head[0].isupper():
            name = head
            found[name] = rest.strip()
        elif name and line.strip():
            found[name] = f"{found[name]} {line.strip()}".strip()
    return found


@cache
def results() -> tuple[Result, ...]:
    """All results, in the order of MODULES."""
    modules = [importlib.import_module(f"shrinkproof.theorems.{name}") for name in MODULES]
    return tuple(Result(m, m.STATEMENT) for m in modules)


def result(name: str) -> Result:
    """The result with this id or label (labels in any case).  Raises UnknownResult."""
    for r in results():
        if name == r.id or name.lower() == r.label.lower():
            return r
    known = ", ".join(f"{r.label} ({r.id})" for r in results())
    raise UnknownResult(f"no result {name!r}; the library has {known}")


def select(names: Iterable[str]) -> tuple[Result, ...]:
    """The named results, all of them where none is named."""
    chosen = tuple(dict.fromkeys(result(name) for name in names))
    return chosen or results()
