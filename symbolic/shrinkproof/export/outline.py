"""What of a derivation is worth a numbered line, and how its other steps are cited.

The kernel's steps are many and small.  A reader wants a line for each inference, and wants the
bookkeeping folded into the reasons: a hypothesis is cited by its name or by its formula, "for all
x" is added to the line that it is about, and a known theorem with values put in is one citation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from shrinkproof.export.printer import text
from shrinkproof.export.tidy import tidy
from shrinkproof.export.wording import Words, listed
from shrinkproof.kernel.rules import Theorem
from shrinkproof.kernel.term import Term, make, subterms
from shrinkproof.language.statement import Hypothesis

SHORT = 30  # characters of a formula that is cited by itself
ADAPTERS = ("specialise", "generalise", "instantiate", "cut")  # the same theorem, put differently
SPOKEN = {"polyak_lojasiewicz": "Polyak-Łojasiewicz"}


@dataclass(frozen=True)
class Reference:
    """How a theorem is cited: by a word in parentheses, or, with no word, by its formula.

    A formula may need a ``source``: the hypothesis that it is an instance of.
    """

    word: str
    formula: Term
    source: str = ""

    @property
    def order(self) -> float:
        """Numbered lines come in their order, and before everything else."""
        return int(self.word) if self.word.isdigit() else inf

    @property
    def words(self) -> Words:
        if self.word:
            return (f"({self.word})",)
        return (self.formula, f" ({self.source})") if self.source else (self.formula,)


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


def instance(hypothesis: Hypothesis, prop: Term) -> Reference:
    """The citation of an instance by its formula; bounds on scalars need no name beside it."""
    obvious = not any(t.op in ("value", "grad", "inner", "veq") for t in subterms(prop))
    return Reference("", prop, "" if obvious else spoken(hypothesis.name))


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
        if not cited:
            self._prepare(theorem)
        premises = () if cited else tuple(self._visit(p) for p in theorem.step.premises)
        rule = "known" if cited else theorem.step.rule
        what = (rule, theorem.conclusion, theorem.hypotheses, premises)
        first = self._first.setdefault(what, theorem)
        if first is theorem:
            self.steps.append(theorem)
        self._same[theorem] = first
        return first

    def _prepare(self, theorem: Theorem) -> None:
        """Lemmas come before an induction begins, and a supposition where it is first used."""
        rule, premises = theorem.step.rule, theorem.step.premises
        if rule == "induct":
            supposed = theorem.conclusion[2]
            lemmas = [premises[1]]
            while lemmas:
                lemma = lemmas.pop(0)
                if supposed not in lemma.hypotheses:
                    self._visit(lemma)
                else:
                    lemmas = [*lemma.step.premises, *lemmas]
        for p in premises:
            if rule == "combine" and p.step.rule != "assume":
                self._visit(p)

    # who is cited how

    def _place(self, theorem: Theorem) -> None:
        found = self._folded(theorem)
        if found is not None:
            self.references[theorem] = found
        elif theorem in self.roots or not self._absorbed(theorem):
            self._number(theorem)

    def _number(self, theorem: Theorem) -> None:
        number = len(self.shown) + 1
        shown = theorem.conclusion if theorem in self.roots else tidy(theorem.conclusion)
        self.numbers[theorem] = number
        self.shown[number] = shown
        self.references[theorem] = Reference(str(number), shown)

    def rule(self, theorem: Theorem) -> str:
        cited = theorem in self.known and theorem not in self.roots
        return "known" if cited else theorem.step.rule

    def _folded(self, theorem: Theorem) -> Reference | None:
        """A citation that needs no line of its own."""
        rule, prop = self.rule(theorem), theorem.conclusion
        first = next(iter(self.premises(theorem)), None)
        cited = self.references.get(first) if first is not None else None
        if rule == "assume":
            if prop in self.hypotheses:
                return reference(self.hypotheses[prop])
            return Reference("", prop) if plain(prop) and prop not in self.supposed else None
        square = rule == "combine" and first is None and dict(theorem.step.data)["products"]
        if rule == "unfold" or square:
            return Reference("", prop) if plain(prop) and theorem not in self.roots else None
        if rule == "specialise" and first is not None:
            listed = self.hypotheses.get(first.conclusion) if self.rule(first) == "assume" else None
            if listed is not None and plain(prop):
                return instance(listed, prop)
            return cited if trivial(theorem) else None
        if cited is not None and cited.word.isdigit() and self._repeats(theorem, cited):
            self.shown[int(cited.word)] = prop if theorem in self.roots else tidy(prop)
            return cited
        return None

    def _repeats(self, theorem: Theorem, cited: Reference) -> bool:
        """Whether a step says only what its premise says, of all x or tidied."""
        if self.rule(theorem) == "generalise":
            return self.shown[int(cited.word)].op != "forall"
        if self.rule(theorem) != "combine" or len(theorem.step.premises) > 1:
            return False
        return text(tidy(theorem.conclusion)) == text(cited.formula)

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
        if by == ["rewrite"]:
            defining = self.rule(self.premises(users[0])[1]) == "unfold"
            return rule == "rewrite" or (rule == "combine" and defining)
        return rule in ADAPTERS and by[0] in ADAPTERS

    def inputs(self, theorem: Theorem) -> tuple[Theorem, ...]:
        """The steps that the reason for a line cites: premises, or in turn theirs."""
        found: dict[Theorem, None] = {}
        for p in self.premises(theorem):
            for q in (p,) if p in self.references else self.inputs(p):
                found[q] = None
        return tuple(found)

    def cited(self, steps: Iterable[Theorem]) -> Words:
        """The citations of some steps: numbers first, then names, then formulas."""
        references = [self.references[t] for t in steps]
        references.sort(key=lambda r: (r.order, not r.word))
        return listed(r.words for r in references)

    def local(self, theorem: Theorem) -> tuple[Term, ...]:
        """The assumptions that the reason for a line uses and that a later step discharges."""
        return tuple(
            p.conclusion
            for p in self.inputs(theorem)
            if self.rule(p) == "assume"
            and not self.references[p].word
            and p.conclusion not in self.hypotheses
        )


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
