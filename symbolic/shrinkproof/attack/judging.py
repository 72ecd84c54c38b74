"""What becomes of a mutant: refused, or a correct proof of a statement that is no news.

Both checkers must say the same.  What both accept is compared with the original, by the kernel:

    same       the same hypotheses and conclusions by the laws of the language, in any order, and up
               to the new name of a symbol
    weaker     the original gives it: put terms for symbols (``instantiate``), then each hypothesis
               of the original follows from one of the mutant's, and each conclusion of the mutant
               from one of the original's, by specialising, one premise, and generalising
    stronger   it gives the original in that very way: the proof needs less than was declared
    survivor   none of these
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from shrinkproof import checker, kernel
from shrinkproof.attack.mutants import Mutant, everywhere
from shrinkproof.attack.places import Data
from shrinkproof.export.certificate import CertificateError, compact, decode, parse, to_bytes
from shrinkproof.export.replay import Known, replay
from shrinkproof.kernel import ProofError, Term, Theorem
from shrinkproof.kernel.normal import canonical_prop, same
from shrinkproof.kernel.term import free, make

REFUSED, SAME, WEAKER, STRONGER, SURVIVOR = VERDICTS = (
    *("refused", "same", "weaker", "stronger", "survivor"),
)


@dataclass
class Judges:
    """The two checkers, each with its memory of steps that it has accepted."""

    known: Known = field(default_factory=dict)
    remembered: dict[Any, Any] = field(default_factory=dict)

    def kernel(self, data: Data) -> tuple[Theorem, ...] | str:
        """The theorems, or why not."""
        try:
            return replay(parse(to_bytes(data)), self.known)
        except (CertificateError, ProofError) as error:
            return str(error)
        except UnicodeEncodeError as error:  # not even bytes
            return f"not text: {error}"

    def standalone(self, data: Data) -> str:
        """Why not; nothing if checker.py accepts it."""
        try:
            checker.check(checker.load(to_bytes(data)), self.remembered)  # type: ignore[no-untyped-call]
        except (checker.Refused, UnicodeEncodeError) as error:
            return str(error) or "refused"
        return ""


class Disagreement(Exception):
    """One checker accepts what the other refuses."""


def judge(judges: Judges, original: Data, mutant: Mutant) -> str:
    """What becomes of a mutant.  Raises Disagreement where the checkers do not agree."""
    found, why = judges.kernel(mutant.data), judges.standalone(mutant.data)
    if isinstance(found, str) != bool(why):
        raise Disagreement(
            f"{original['label']}, {mutant.words}\n  kernel: {found if why == '' else 'accepts'}"
            f"\n  checker.py: {why or 'accepts'}"
        )
    if isinstance(found, str):
        return REFUSED
    before = judges.kernel(original)
    if isinstance(before, str):
        raise ValueError(f"the original is refused: {before}")
    old, new = Claim.of(original, before), Claim.of(mutant.data, found)
    if old.says_the_same_as(new) or _renamed_back(original, mutant):
        return SAME
    if old.gives(new, mutant.renamed):
        return WEAKER
    return STRONGER if new.gives(old, mutant.renamed and mutant.renamed[::-1]) else SURVIVOR


def _renamed_back(original: Data, mutant: Mutant) -> bool:
    """Whether the mutant is the original with a name put throughout that it did not have."""
    if mutant.renamed is None:
        return False
    a, b = mutant.renamed
    new = f'"{b}"' not in compact(original)
    back = everywhere(mutant.data, lambda t: [t[0], a, *t[2:]] if t[1:2] == [b] else None)
    return new and _said(back) == _said(original)


def _said(data: Data) -> str:
    return compact([[row["prop"] for row in data[part]] for part in ("hypotheses", "conclusions")])


@dataclass(frozen=True)
class Claim:
    """What a certificate says, with the theorems that show it."""

    hypotheses: tuple[Term, ...]
    conclusions: tuple[Term, ...]
    theorems: tuple[Theorem, ...]

    @classmethod
    def of(cls, data: Data, theorems: tuple[Theorem, ...]) -> Claim:
        parts = [[decode(x["prop"], p) for x in data[p]] for p in ("hypotheses", "conclusions")]
        return cls(tuple(parts[0]), tuple(parts[1]), theorems)

    def says_the_same_as(self, other: Claim) -> bool:
        return all(
            {canonical_prop(p) for p in mine} == {canonical_prop(p) for p in its}
            for mine, its in (
                (self.hypotheses, other.hypotheses),
                (self.conclusions, other.conclusions),
            )
        )

    def gives(self, other: Claim, renamed: tuple[str, str] | None) -> bool:
        """Whether every conclusion of the other follows, from its hypotheses, by the kernel."""
        values = _values(self, other, renamed)
        return all(
            any(_derived(t, values, other.hypotheses, goal) for t in self.theorems)
            for goal in other.conclusions
        )


def _declarations(claim: Claim) -> dict[str, tuple[str, ...]]:
    return {d[0]: d for p in (*claim.hypotheses, *claim.conclusions) for d in free(p)}


def _values(source: Claim, target: Claim, renamed: tuple[str, str] | None) -> dict[str, Any]:
    """For each symbol that is declared otherwise in the target, or has another name there, it."""
    here, there = _declarations(source), _declarations(target)
    found = {}
    for name, declaration in here.items():
        new = renamed[1] if renamed and name == renamed[0] else name
        if new in there and there[new] != declaration:
            found[name] = _symbol(there[new])
    return found


def _symbol(declaration: tuple[str, ...]) -> Any:
    name, kind, sort, known = declaration
    if kind == "index":
        return make("ix", name, 0)
    if kind == "at":
        return "i", make("at", name, sort, known, make("ix", "i", 0))
    return make("sym", name, sort, known) if kind == "sym" else None


def _derived(
    theorem: Theorem, values: Mapping[str, Any], hypotheses: Sequence[Term], goal: Term
) -> bool:
    """Whether the kernel derives the goal from the hypotheses by way of the theorem."""
    with suppress(ProofError):
        used = {d[0] for p in (theorem.conclusion, *theorem.hypotheses) for d in free(p)}
        theorem = kernel.instantiate(theorem, {n: v for n, v in values.items() if n in used})
        for h in theorem.hypotheses - set(hypotheses):
            lemma = next(_lemmas(hypotheses, h), None)
            if lemma is None:
                return False
            theorem = kernel.cut(lemma, theorem)
        return bool(_consequence(theorem, goal).hypotheses <= set(hypotheses))
    return False


def _lemmas(hypotheses: Iterable[Term], goal: Term) -> Iterator[Theorem]:
    for h in hypotheses:
        with suppress(ProofError):
            yield _consequence(kernel.assume(h), goal)


def _consequence(theorem: Theorem, goal: Term) -> Theorem:
    """The goal from the theorem alone; ProofError where this way does not lead to it."""
    if same(theorem.conclusion, goal):
        return theorem
    if goal.op == "forall":
        variable = goal[1]
        return kernel.generalise(
            _consequence(kernel.specialise(theorem, variable), goal[2]), variable
        )
    factor = (
        ("gap", 0) if theorem.conclusion.op in ("le", "lt") else ("times", 0, make("rat", 1, 1))
    )
    return kernel.combine(goal, [theorem], [(1, [factor])])
