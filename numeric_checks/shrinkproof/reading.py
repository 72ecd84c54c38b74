"""What a statement asks of an instance, read off its symbols and hypotheses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

from shrinkproof.beside import vector_recursions
from shrinkproof.kernel.term import SCALAR, VECTOR, Term, free, make, subterms
from shrinkproof.language.evaluate import Recursion
from shrinkproof.language.statement import Hypothesis, Statement

# What ties a constant to an instance: an operator, or a sequence.  A constant that no hypothesis
# ties to anything is free: it may take whatever value the hypotheses about constants allow.
TIES: dict[str, frozenset[str]] = {
    **{name: frozenset(("value", "grad")) for name in ("L", "c", "F_inf", "F_star")},
    **{name: frozenset("Q") for name in ("omega", "u", "eta2", "h", "S")},
    **{name: frozenset("qQ") for name in ("q_min", "q_max")},
    "q": frozenset("g"),
    "sigma2": frozenset("g"),
    "tau2": frozenset(("eps", "Q")),
}


@dataclass(frozen=True)
class Reading:
    """A statement, with what an instance of it needs."""

    statement: Statement

    def __repr__(self) -> str:
        return f"read({self.statement.id})"

    @cached_property
    def symbols(self) -> dict[str, tuple[str, ...]]:
        """Every free symbol's declaration: (name, kind, sort, known)."""
        found = {d for prop in self.props for d in free(prop)}
        return {d[0]: d for d in found}

    @property
    def props(self) -> tuple[Term, ...]:
        return (*(h.prop for h in self.statement.hypotheses), *self.statement.conclusions)

    @cached_property
    def operators(self) -> frozenset[str]:
        return frozenset(t[0] for prop in self.props for t in subterms(prop))

    @cached_property
    def constants(self) -> tuple[str, ...]:
        """The scalar parameters, in order of appearance."""
        names = [
            t[1]
            for prop in self.props
            for t in subterms(prop)
            if t[:1] == ("sym",) and t[2] == SCALAR
        ]
        return tuple(dict.fromkeys(n for n in names if n in self.symbols))

    @cached_property
    def indices(self) -> tuple[str, ...]:
        return tuple(n for n, d in self.symbols.items() if d[1] == "index")

    @cached_property
    def quantifies_points(self) -> bool:
        return any(
            t[0] == "forall" and t[1][0] == "sym" and t[1][2] == VECTOR
            for prop in self.props
            for t in subterms(prop)
        )

    @property
    def has_process(self) -> bool:
        random = any(d[1] == "at" and d[3] != "start" for d in self.symbols.values())
        return random or bool(self.operators & {"mean", "vmean"})

    @property
    def has_objective(self) -> bool:
        return self.has_process or bool(self.operators & {"value", "grad", "inner"})

    @cached_property
    def recursions(self) -> dict[str, Recursion]:
        """The scalar sequences that it defines."""
        vectors = self.vector_recursions
        return {n: r for n, r in self.statement.recursions.items() if n not in vectors}

    @cached_property
    def vector_recursions(self) -> dict[str, Recursion]:
        return vector_recursions(self.statement)

    @property
    def shrinkage_known(self) -> str:
        """How well q_k must be known: "start", "past" or "sample"."""
        if "q" in self.symbols and self.symbols["q"][1] == "at":
            return self.symbols["q"][3]
        return "sample"

    @cached_property
    def stepsize(self) -> tuple[str, Term] | None:
        """(k, mu_k): the stepsize in the update of w, as a term; None if w has no such update."""
        props = [h.prop for h in self.statement.hypotheses]
        found = next((s for s in map(stepsize_of_update, props) if s is not None), None)
        for prop in props:
            # Where a hypothesis says what mu_k is, that is it.
            if found and prop[0] == "forall" and prop[1][0] == "ix" and prop[2][0] == "eq":
                own = make("at", "mu", SCALAR, "start", prop[1])
                if found[1][:2] == ("at", "mu") and prop[2][1] == own:
                    return prop[1][1], prop[2][2]
        return found

    @cached_property
    def tied(self) -> frozenset[str]:
        """The constants that hypotheses tie to the objective or the process."""
        found: set[str] = set()
        for h in self.statement.hypotheses:
            marks = {t[0] for t in subterms(h.prop)}
            marks |= {t[1] for t in subterms(h.prop) if t[0] == "at"}
            names = {d[0] for d in free(h.prop)}
            found |= {n for n in names if TIES.get(n, frozenset()) & marks}
        return frozenset(found) & frozenset(self.constants)

    @cached_property
    def about_constants(self) -> tuple[Hypothesis, ...]:
        """The hypotheses that say nothing about random things or about all points."""
        return tuple(h for h in self.statement.hypotheses if _is_about_constants(h.prop))


def _is_about_constants(prop: Term) -> bool:
    for t in subterms(prop):
        if t[0] == "forall" and t[1][0] == "sym":
            return False
        if t[0] in ("mean", "vmean", "veq") or (
            t[0] == "at" and t[3] != "start" and not _initial(t)
        ):
            return False
    return True


def _initial(t: Term) -> bool:
    return bool(t[4] == ("ix", "", 0) and t[3] == "past")


def stepsize_of_update(prop: Term) -> tuple[str, Term] | None:
    """mu_k, if the proposition is: for all k, w_{k+1} = w_k - mu_k (...)."""
    if prop[0] != "forall" or prop[2][0] != "veq" or prop[1][0] != "ix":
        return None
    k, left, right = prop[1][1], prop[2][1], prop[2][2]
    if left[:2] != ("at", "w") or left[4][1:] != (k, 1) or right[0] != "vadd" or len(right) != 3:
        return None
    step = right[2]
    if step[0] == "scale" and step[1] == ("rat", -1, 1) and step[2][0] == "scale":
        return k, step[2][1]
    return None


@cache
def read(statement: Statement) -> Reading:
    return Reading(statement)
