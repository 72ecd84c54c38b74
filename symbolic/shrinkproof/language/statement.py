"""A statement: named hypotheses and what follows from them, written down once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from shrinkproof.kernel.normal import same
from shrinkproof.kernel.rules import ProofError, Theorem, assumptions
from shrinkproof.kernel.term import Term, subterms
from shrinkproof.language.evaluate import Recursion


@dataclass(frozen=True)
class Hypothesis:
    """A hypothesis with the name by which messages and certificates call it.

    ``words`` says it in prose, as a paper's assumption would.  ``defines``: the sequence that it
    defines by recursion, if it assumes nothing else: r_0 = start, or for all k: r_{k+1} = step.
    """

    name: str
    prop: Term
    words: str
    defines: str = ""


@dataclass(frozen=True)
class Statement:
    """From the hypotheses, each of the conclusions.  Free symbols are universally quantified."""

    id: str
    label: str
    title: str
    hypotheses: tuple[Hypothesis, ...]
    conclusions: tuple[Term, ...]

    @property
    def conclusion(self) -> Term:
        """The main conclusion: the last one."""
        return self.conclusions[-1]

    def _repr_markdown_(self) -> str:
        from shrinkproof.export.document import render_statement

        return render_statement(self, "markdown")

    @property
    def recursions(self) -> dict[str, Recursion]:
        """The sequences that hypotheses define, by name."""
        found: dict[str, dict[str, Term]] = {}
        for h in self.hypotheses:
            if h.defines:
                kind = "step" if h.prop.op == "forall" else "start"
                found.setdefault(h.defines, {})[kind] = h.prop
        return {
            name: Recursion(p["start"][2], p["step"][1][1], p["step"][2][2])
            for name, p in found.items()
        }

    def hypothesis(self, name: str) -> Hypothesis:
        for h in self.hypotheses:
            if h.name == name:
                return h
        known = ", ".join(h.name for h in self.hypotheses)
        raise KeyError(f"{self.id} has no hypothesis {name!r}; it has {known}")

    def without(self, name: str) -> Statement:
        """The same statement with one hypothesis left out."""
        dropped = self.hypothesis(name)
        return replace(self, hypotheses=tuple(h for h in self.hypotheses if h != dropped))

    def concluding(self, *conclusions: Term) -> Statement:
        """The same hypotheses with other conclusions."""
        return replace(self, conclusions=conclusions)

    def require(self, theorems: Iterable[Theorem]) -> None:
        """Refuse theorems that are not exactly this statement.

        Each conclusion must be proved, from hypotheses listed here, and every hypothesis
        listed must have been used by one of the proofs.
        """
        theorems = tuple(theorems)
        if len(theorems) != len(self.conclusions):
            raise ProofError(
                f"{self.id}: {len(self.conclusions)} conclusions, {len(theorems)} proofs"
            )
        bodies: dict[str, Term] = {}
        for prop in (*self.conclusions, *(h.prop for h in self.hypotheses)):
            for t in subterms(prop):
                if t.op == "named" and bodies.setdefault(t[1], t[2]) != t[2]:
                    raise ProofError(f"{self.id}: {t[1]!r} abbreviates two different terms")
        listed = {h.prop: h.name for h in self.hypotheses}
        used: set[Term] = set()
        for theorem, wanted in zip(theorems, self.conclusions, strict=True):
            if not same(theorem.conclusion, wanted):
                raise ProofError(
                    f"{self.id}: the proof concludes {theorem!r}, which is not the claim"
                )
            for prop in assumptions(theorem):
                if prop not in listed:
                    raise ProofError(f"{self.id}: the proof rests on {prop!r}, which is not listed")
                used.add(prop)
        if idle := [name for prop, name in listed.items() if prop not in used]:
            raise ProofError(f"{self.id}: no proof uses the hypothesis {', '.join(idle)}")
