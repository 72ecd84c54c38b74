"""Statements and their derivations as a paper would print them, in every format.

Nothing is written twice: the formulas are the statement's and the kernel's own terms, and the
reasons are read off the steps of the derivation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from shrinkproof.export.formats import FORMATS, Block, Display, Format, Item
from shrinkproof.export.looks import GREEK
from shrinkproof.export.outline import Outline, plain, spoken
from shrinkproof.export.printer import SQUARES, abbreviations, quantifiers, text
from shrinkproof.export.reasons import reason
from shrinkproof.export.wording import Reason, Words, listed
from shrinkproof.kernel.rules import Theorem
from shrinkproof.kernel.term import SCALAR, Term, free, lift, make, subterms
from shrinkproof.language.statement import Hypothesis, Statement

INLINE = 40  # characters of a formula that stays within its line
Segment = tuple[Words, Term | None, str]  # words, then a formula, then punctuation
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_ZERO = lift(0)


def render_statement(statement: Statement, fmt: str) -> str:
    """Title, hypotheses, conclusions and abbreviations, as "text", "latex" or "markdown"."""
    form = _format(fmt)
    signs = [h.prop for h in statement.hypotheses if _bare_sign(h.prop)]
    others = [h for h in statement.hypotheses if not _bare_sign(h.prop)]
    items = [Item("", ((*listed([(p,) for p in signs]), "."),))] if signs else []
    items += [Item("", _hypothesis(h)) for h in others]
    then: list[Block] = []
    where = _where([*statement.conclusions, *(h.prop for h in statement.hypotheses)])
    for i, conclusion in enumerate(statement.conclusions):
        last = i == len(statement.conclusions) - 1 and not where
        variables, prop = quantifiers(conclusion)
        every = (*_for_all(variables, ", "), ",") if variables else ()
        opening = "and" if i else "Then" if items else "We have"
        then += [(opening, *every), Display(prop, "." if last else ",")]
    then += _laid_out(_introduced("where ", where))
    parts = [form.paragraph([("Assume",)]), form.listed(items)] if items else []
    parts += [form.paragraph(then), *(form.paragraph([w]) for w in _conventions(statement))]
    return form.statement(statement.label, statement.title, statement.id, _joined(parts))


def render_derivation(
    statement: Statement,
    theorems: Sequence[Theorem],
    fmt: str,
    *,
    known: Mapping[Theorem, str] | None = None,
) -> str:
    """The proofs of a statement's conclusions, in numbered steps, as text, latex or markdown.

    ``known``: theorems to cite by a name, such as "the descent lemma (F1)", and not to derive.
    """
    form = _format(fmt)
    outline = Outline(theorems, statement.hypotheses, known or {})
    reasons = {n: reason(outline, t) for t, n in outline.numbers.items()}
    own = [*statement.conclusions, *(h.prop for h in statement.hypotheses)]
    foreign = _foreign(outline.shown.values(), own)
    claims = {
        outline.references[t].word: "claim" if len(outline.roots) == 1 else f"{_ordinal(i)} claim"
        for i, t in enumerate(outline.roots)
    }
    items = []
    for n, shown in outline.shown.items():
        blocks = _step(reasons[n], shown, claims.get(str(n)))
        items.append(Item(f"({n})", tuple(_spelled_out(b, foreign) for b in blocks)))
    preface = _preface(items)
    parts = [form.paragraph(preface)] if preface else []
    return form.proof(statement.label, statement.title, _joined([*parts, form.listed(items)]))


def _ordinal(i: int) -> str:
    return ORDINALS[i] if i < len(ORDINALS) else f"{i + 1}th"


def _format(fmt: str) -> Format:
    try:
        return FORMATS[fmt]
    except KeyError:
        raise ValueError(f"no format {fmt!r}; there are {', '.join(FORMATS)}") from None


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(parts)


# statements


def _bare_sign(prop: Term) -> bool:
    """0 < x or 0 <= x for a symbol x, which needs no words."""
    return prop.op in ("lt", "le") and prop[1] == _ZERO and prop[2].op in ("sym", "num")


def _hypothesis(hypothesis: Hypothesis) -> tuple[Block, ...]:
    variables, prop = quantifiers(hypothesis.prop)
    name = "" if plain(hypothesis.prop) else f"({spoken(hypothesis.name)}) "
    said: Words = (name, *symbols(hypothesis.words, hypothesis.prop))
    every = (*_for_all(variables, ": "), ", ") if variables else (": ",)
    return _laid_out([((*said, *every), prop, ".")])


def _for_all(variables: Sequence[Term], before: str) -> Words:
    if not variables:
        return ()
    return (f"{before}for all ", *listed([(x,) for x in variables]))


def symbols(words: str, prop: Term) -> Words:
    """Words with the symbols among them set as such: "q_k is at most q_max"."""
    known = {d[0] for t in subterms(prop) for d in free(t)} - {"a"}
    found: list[str | Term] = []
    for part in re.split(r"([A-Za-z]+\d*(?:_[A-Za-z0-9]+)*)", words):
        symbol = part in known or part in GREEK or part in SQUARES or "_" in part
        found.append(make("sym", part, SCALAR, "start") if symbol else part)
    return tuple(x for x in found if x != "")


def _where(terms: Iterable[Term]) -> list[Term]:
    """Each abbreviation, as the equation that explains it."""
    pairs = dict.fromkeys(pair for t in terms for pair in abbreviations(t))
    return [make("eq", make("named", name, body), body) for name, body in pairs]


def _introduced(words: str, equations: Sequence[Term]) -> list[Segment]:
    ends = [*[","] * (len(equations) - 1), "."]
    starts = [words, *["and "] * (len(equations) - 1)]
    return [((w,), e, end) for w, e, end in zip(starts, equations, ends, strict=False)]


def _conventions(statement: Statement) -> list[Words]:
    """What is known when: the stages, and the stage that determines each sequence."""
    props = [h.prop for h in statement.hypotheses] + list(statement.conclusions)
    declared = {d[0]: d for p in props for t in subterms(p) for d in free(t) if d[1] == "at"}
    k = make("ix", "k", 0)
    past, sample = make("stage", k, 0), make("stage", k, 1)
    stages = {t[1][2] for p in props for t in subterms(p) if t.op in ("mean", "vmean")}
    known = {d[3] for d in declared.values()}
    if not stages and known <= {"start"}:
        return []
    words: Words = ("Here ", past, " is all that is known before step ", k, " draws its sample")
    if "sample" in known or 1 in stages:
        words = (*words, ", and ", sample, " is that and the sample")
    words = (*words, ". Of the sequences, ") if known else (*words, ".")
    joint = ""
    for when, stage in (
        ("start", None),
        ("past", past),
        ("sample", sample),
        ("next", make("stage", k + 1, 0)),
    ):
        names = sorted(name for name, d in declared.items() if d[3] == when)
        if not names:
            continue
        told = listed([(make("at", *_declared(declared[name]), k),) for name in names])
        be = " is" if len(names) == 1 else " are"
        by: Words = (
            (be + " fixed in advance",) if stage is None else (be + " determined by ", stage)
        )
        words = (*words, joint, *told, *by)
        joint = "; "
    return [(*words, ".")] if known else [words]


def _declared(declaration: tuple[str, ...]) -> tuple[str, str, str]:
    name, _, sort, known = declaration
    return name, sort, known


# derivations


def _step(why: Reason, shown: Term, claim: str | None) -> tuple[Block, ...]:
    """A numbered step: its reason, its formula, its certificate and what is to be said of it."""
    variables, prop = quantifiers(shown)
    complete = not str(why.lead[-1]).endswith(("that", "have"))
    joint = "we have " if complete and len(text(prop)) <= INLINE else ""
    comma = ", " if complete or variables else " "
    lead = (*why.lead, *_for_all(variables, ", "), comma + joint)
    certified = why.certificate is not None
    segments: list[Segment] = [(lead, prop, "," if certified or why.tail else ".")]
    if why.certificate is not None:
        segments.append((*_certificate(prop, why.certificate, why.scale), "," if why.tail else "."))
    if why.tail:
        segments.append((why.tail, None, "."))
    if claim:
        segments.append(((f"This is the {claim}",), None, "."))
    return _laid_out(segments)


def _certificate(prop: Term, total: Term, scale: Term | None) -> tuple[Words, Term]:
    """The difference of the two sides as a sum of products, in words and a formula."""
    if prop[1] == _ZERO and scale is None:
        return ("since ",), make("eq", prop[2], total)
    times: Words = (scale, " times ") if scale is not None else ()
    return ("since ", *times, "the right side minus the left side equals "), total


def _laid_out(segments: Iterable[Segment]) -> tuple[Block, ...]:
    """Words and formulas in turn; a formula that is long gets a line of its own."""
    blocks: list[Block] = []
    line: Words = ()
    for words, term, end in segments:
        line = (*line, *((" ",) if line else ()), *words)
        if term is None or len(text(term)) <= INLINE:
            line = (*line, *((term,) if term is not None else ()), end)
        else:
            blocks += [line, Display(term, end)]
            line = ()
    return (*blocks, line) if line else tuple(blocks)


def _preface(items: Iterable[Item]) -> tuple[Block, ...]:
    """What the brackets and the abbreviations stand for, where there are any."""
    terms = [t for i in items for b in i.blocks for t in _terms(b)]
    segments: list[Segment] = []
    if any(x.op == "sym" and x[1].startswith("[") for t in terms for x in subterms(t)):
        bracket = make("sym", "[n]", SCALAR, "never")
        words = ("Here ", bracket, " stands for the right side minus the left side of (n)")
        segments.append((words, None, "."))
    return _laid_out([*segments, *_introduced("Write ", _where(terms))])


def _terms(block: Block) -> list[Term]:
    if isinstance(block, Display):
        return [block.term]
    return [
        t for w in block if not isinstance(w, str) for t in ((w,) if isinstance(w, Term) else w)
    ]


def _foreign(shown: Iterable[Term], own: Iterable[Term]) -> frozenset[Term]:
    """Abbreviations by names that stand for several terms, except the one the statement means."""
    meant = _bodies(own)
    found = _bodies(shown)
    foreign: set[Term] = set()
    for name, bodies in found.items():
        own_bodies = meant.get(name, set())
        if len(bodies | own_bodies) > 1:
            kept = own_bodies if len(own_bodies) == 1 else set()
            foreign |= {make("named", name, body) for body in bodies - kept}
    return frozenset(foreign)


def _bodies(terms: Iterable[Term]) -> dict[str, set[Term]]:
    """What each abbreviation stands for."""
    found: dict[str, set[Term]] = {}
    for t in terms:
        for name, body in abbreviations(t):
            found.setdefault(name, set()).add(body)
    return found


def _spelled_out(block: Block, foreign: frozenset[Term]) -> Block:
    def out(t: Term) -> Term:
        if t in foreign:
            return out(t[2])
        return make(t[0], *(out(x) if isinstance(x, Term) else x for x in t.args))

    if isinstance(block, Display):
        return Display(out(block.term), block.end)
    return tuple(
        w if isinstance(w, str) else out(w) if isinstance(w, Term) else (out(w[0]), out(w[1]))
        for w in block
    )
