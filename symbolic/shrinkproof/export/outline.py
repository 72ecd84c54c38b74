"""What of a derivation is worth a numbered line, and how its other steps are cited.

The kernel's steps are many and small.  A reader wants a line for each inference, and wants the
bookkeeping folded into the reasons: a hypothesis is cited by its name or by its formula, "for all
x" is added to the line that it is about, and a known theorem with values put in is one citation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shrinkproof.export.printer import text
from shrinkproof.kernel.rules import Theorem
from shrinkproof.kernel.term import Term, make, subterms
from shrinkproof.language.statement import Hypothesis

Span = str | Term | tuple[Term, Term]  # words, a formula, or a value for a symbol
Words = tuple[Span, ...]

SHORT = 30  # characters of a formula that is cited by itself
ADAPTERS = ("specialise", "generalise", "instantiate", "cut")  # the same theorem, put differently
SPOKEN = {"polyak_lojasiewicz": "Polyak-Łojasiewicz"}


@dataclass(frozen=True)
class Reference:
    """How a theorem is cited: by a word in parentheses, or, with no word, by its formula."""

    word: str
    formula: Term

    @property
    def words(self) -> Words:
        return (f"({self.word})",) if self.word else (self.formula,)


def spoken(name: str) -> str:
    """A hypothesis's name as it is read out."""
    return SPOKEN.get(name, name.replace("_", " "))


def plain(prop: Term) -> bool:
    """A condition that says itself as well as its name would."""
    hidden = ("forall", "mean", "vmean")
    return not any(t.op in hidden for t in subterms(prop)) and len(text(prop)) <= SHORT


def reference(hypothesis: Hypothesis) -> Reference:
    word = "" if plain(hypothesis.prop) else spoken(hypothesis.name)
    return Reference(word, hypothesis.prop)


class Outline:
    """The steps of some theorems, each once, in an order in which each follows its premises.

    ``numbers``: which of them have lines; ``shown``: the formula of each line; ``references``: how
    each step that others may cite is cited; ``supposed``: assumptions that are discharged later,
    with what for.
    """

    def __init__(
        self,
        theorems: Sequence[Theorem],
        hypotheses: Sequence[Hypothesis],
        known: Mapping[Theorem, str],
    ) -> None:
        self.known = known
        self.hypotheses = {h.prop: h for h in hypotheses}
        self._same: dict[Theorem, Theorem] = {}
        self._first: dict[object, Theorem] = {}
        self.steps: list[Theorem] = []
        self.roots = [self._visit(t, root=True) for t in theorems]
        self.users: dict[Theorem, list[Theorem]] = {t: [] for t in self.steps}
        for t in self.steps:
            for p in self.premises(t):
                self.users[p].append(t)
        self.supposed = {
            t.conclusion[2]: t.conclusion[1] for t in self.steps if t.step.rule == "induct"
        }
        self.numbers: dict[Theorem, int] = {}
        self.shown: dict[int, Term] = {}
        self.references: dict[Theorem, Reference] = {}
        for t in self.steps:
            self._place(t)

    def premises(self, theorem: Theorem) -> tuple[Theorem, ...]:
        if theorem in self.known and theorem not in self.roots:
            return ()
        return tuple(self._same[p] for p in theorem.step.premises)

    def _visit(self, theorem: Theorem, root: bool = False) -> Theorem:
        """The first step that proves the same from the same premises by the same rule."""
        if theorem in self._same:
            return self._same[theorem]
        cited = theorem in self.known and not root
        premises = () if cited else tuple(self._visit(p) for p in theorem.step.premises)
        rule = "known" if cited else theorem.step.rule
        what = (rule, theorem.conclusion, theorem.hypotheses, premises)
        first = self._first.setdefault(what, theorem)
        if first is theorem:
            self.steps.append(theorem)
        self._same[theorem] = first
        return first

    # who is cited how

    def _place(self, theorem: Theorem) -> None:
        found = self._folded(theorem)
        if found is not None:
            self.references[theorem] = found
        elif theorem in self.roots or not self._absorbed(theorem):
            self._number(theorem)

    def _number(self, theorem: Theorem) -> None:
        number = len(self.shown) + 1
        self.numbers[theorem] = number
        self.shown[number] = theorem.conclusion
        self.references[theorem] = Reference(str(number), theorem.conclusion)

    def rule(self, theorem: Theorem) -> str:
        cited = theorem in self.known and theorem not in self.roots
        return "known" if cited else theorem.step.rule

    def _folded(self, theorem: Theorem) -> Reference | None:
        """A citation that needs no line of its own."""
        rule, prop = self.rule(theorem), theorem.conclusion
        if rule == "assume":
            if prop in self.hypotheses:
                return reference(self.hypotheses[prop])
            return Reference("", prop) if plain(prop) and prop not in self.supposed else None
        if rule == "unfold":
            return Reference("", prop) if plain(prop) else None
        if rule == "specialise":
            (premise,) = self.premises(theorem)
            if plain(prop) and self.rule(premise) == "assume":
                return Reference("", prop)
            return self.references.get(premise) if trivial(theorem) else None
        if rule == "generalise":
            cited = self.references.get(self.premises(theorem)[0])
            if cited is not None and cited.word.isdigit():
                self.shown[int(cited.word)] = prop
                return cited
        return None

    def _absorbed(self, theorem: Theorem) -> bool:
        """Whether the reasons of the steps that use the theorem say all of it."""
        rule, users = self.rule(theorem), self.users[theorem]
        by = [u.step.rule for u in users]
        if rule == "known":
            return all(x in ADAPTERS for x in by)
        if rule == "unfold":
            return all(x == "rewrite" for x in by)
        if len(users) != 1 or self.premises(users[0])[-1 if by == ["cut"] else 0] is not theorem:
            return False
        return (rule in ADAPTERS and by[0] in ADAPTERS) or (rule == by[0] == "rewrite")

    def local(self, theorem: Theorem) -> Iterable[Term]:
        """The assumptions among a step's premises that some later step discharges."""
        for p in self.premises(theorem):
            listed = p.conclusion in self.hypotheses
            if self.rule(p) == "assume" and not self.references[p].word and not listed:
                yield p.conclusion


def trivial(theorem: Theorem) -> bool:
    """Whether a specialisation puts in nothing but the variables themselves."""
    prop = theorem.step.premises[0].conclusion
    for value in dict(theorem.step.data)["values"]:
        if prop[1] != value:
            return False
        prop = prop[2]
    return True


def bracketed(reference: Reference, sort: str) -> Term:
    """A symbol for the right side minus the left side of what is cited."""
    return make("sym", f"[{reference.word}]", sort, "never")
