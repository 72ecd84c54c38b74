"""Statements in Coq: ``Definition one_step : Prop := forall ..., hypotheses, conclusion.``

From the same object that is typeset and tested.  What is quantified comes first, with a type that
says how random it is; then abbreviations; then each hypothesis by its name, under its words.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

from shrinkproof.export.binders import legible
from shrinkproof.export.coq.pretty import BREAK, WIDTH, Doc, group, lines
from shrinkproof.export.coq.scope import Names, NotExpressible, Scope, averaged, called, step_of
from shrinkproof.export.coq.terms import AND, BINDER, RELATION, fenced, proposition, term
from shrinkproof.kernel.term import BINDERS, INDEX, VECTOR, Term, free, free_names, make, subterms
from shrinkproof.language.rewriting import exchange
from shrinkproof.language.statement import Statement

KINDS = ("function", "sym", "index", "at", "oracle")
TIMES = ("start", "past", "sample", "next")
# What a statement may call its space, process, history, sample and noise.
CHOICES = ("V U X Space_", "P Process_", "h history past_", "xi sample", "zeta noise")


def name_of(statement: Statement) -> str:
    """What a statement is called in Coq."""
    return statement.id.replace("-", "_")


def definition(statement: Statement) -> str:
    """The statement as a Coq definition.  Raises NotExpressible where it has no counterpart."""
    try:
        return _Definition(statement).text()
    except NotExpressible as error:
        raise NotExpressible(f"{statement.id}: {error}") from None


def comment(words: str, margin: str = "", mark: str = "(*") -> list[str]:
    """Words as a comment, on as many lines as they need."""
    # They must neither open a comment nor end one, nor a string; and no line is "*)" alone.
    words = re.sub(r"\((?=\*)|\*(?=\))", r"\g<0> ", words).replace('"', "''")
    rows = textwrap.wrap(
        f"{mark} {words}\u00a0*)",
        WIDTH,
        initial_indent=margin,
        subsequent_indent=margin + " " * (len(mark) + 1),
        break_on_hyphens=False,
    )
    return [row.replace("\u00a0", " ") for row in rows]


class _Definition:
    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        given = [h.prop for h in statement.hypotheses]
        self.abbreviations = _abbreviations([*given, *statement.conclusions])
        self.hypotheses = [self._legible(p) for p in given]
        self.conclusions = [self._legible(p) for p in statement.conclusions]
        self._generalise()
        self.props = [*self.hypotheses, *self.conclusions]
        self.declared = _declarations([*self.props, *self.abbreviations.values()])
        self.names = {d[0] for d in self.declared}
        random = [
            d[0]
            for d in self.declared
            if d[3] == "never" and any(averaged(p, d[0]) for p in self.props)
        ]
        self.random = frozenset(random)
        self._check_names()
        taken = {word for p in self.props for t in subterms(p) for word in _words(t)}
        taken |= {*self.abbreviations, *(h.name for h in statement.hypotheses)}
        chosen = (next(x for x in names.split() if x not in taken) for names in CHOICES)
        self.scope = Scope(Names(*chosen), variables=self.random)

    def _legible(self, prop: Term) -> Term:
        """Bound variables with letters, abbreviations of what is not fixed written out."""

        def spelled(t: Term) -> Term | None:
            keep = t.op != "named" or t[1] in self.abbreviations
            return None if keep else exchange(t[2], spelled)

        return legible(exchange(prop, spelled))

    def _generalise(self) -> None:
        """A conclusion at a free time, where nothing is assumed of it, holds at all times."""
        assumed = frozenset().union(*map(free_names, self.hypotheses))
        for n, prop in enumerate(self.conclusions):
            for name, kind, *_ in sorted(free(prop)):
                if kind == "index" and name not in assumed and step_of(prop, name):
                    self.conclusions[n] = make("forall", make("ix", name, 0), prop)

    def _check_names(self) -> None:
        hypotheses = [h.name for h in self.statement.hypotheses]
        for name in (*self.names, *self.abbreviations, *hypotheses):
            if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
                raise NotExpressible(f"{name!r} cannot be a name in Coq")
        for name in (*self.abbreviations, *hypotheses):
            if name in self.names or hypotheses.count(name) > (name in hypotheses):
                raise NotExpressible(f"{name!r} names two things")

    def text(self) -> str:
        s = self.statement
        rows = [*comment(f"{s.label}. {s.title}", mark="(**"), f"Definition {name_of(s)} : Prop :="]
        binders = [*self._spaces(), *self._variables()]
        if binders:
            rows += _listed("  forall ", binders)
        for name, body in self.abbreviations.items():
            written = term(body, self.scope)[0]
            rows += lines(group(f"({called(name)} :=", BREAK, written, ")", indent=3), 4)
        for h, prop in zip(s.hypotheses, self.hypotheses, strict=True):
            rows += comment(h.words, "    ")
            written = proposition(prop, self.scope)
            end = ")," if h == s.hypotheses[-1] else ")"
            rows += lines(group(f"({called(h.name)} :", BREAK, written, end, indent=3), 4)
        if binders and not s.hypotheses:
            rows[-1] += ","
        ends: list[Doc] = []
        for prop in self.conclusions:
            level = BINDER if len(self.conclusions) == 1 else AND - 1
            own = BINDER if prop.op == "forall" else RELATION
            written = fenced((proposition(prop, self.scope), own), level)
            ends += [BREAK, "/\\ ", written] if ends else [written]
        rows += lines(group(*ends, "."), 2)
        return "\n".join(rows) + "\n"

    def _spaces(self) -> list[tuple[str, str]]:
        declared, props = self.declared, self.props
        vectors = any(d[1] in ("function", "oracle") or d[2] == "vector" for d in declared)
        vectors |= any(t.sort == "vector" for p in props for t in subterms(p))
        random = any(d[1] == "oracle" or d[3] in ("past", "sample", "next") for d in declared)
        random |= any(t.op in ("mean", "vmean") for p in props for t in subterms(p))
        names = self.scope.names
        return [(names.space, "Space")] * vectors + [(names.process, "Process")] * random

    def _variables(self) -> list[tuple[str, str]]:
        """Names, with types; those of one type together."""
        found: dict[str, list[str]] = {}
        names = self.scope.names
        for name, kind, sort, known in sorted(self.declared, key=_order):
            if kind == "function":
                written = f"Objective {names.space}"
            elif kind == "oracle":
                written = f"{names.type(VECTOR, 'sample')} -> {names.space}"
            elif kind == "sym":
                written = names.type(sort, "never" if name in self.random else "")
            else:
                written = names.type(sort or INDEX, known)
            found.setdefault(written, []).append(called(name))
        return [(" ".join(names), kind) for kind, names in found.items()]


def _order(declaration: tuple[str, ...]) -> tuple[int, int, str]:
    """Objectives, reals, vectors, numbers of steps, then sequences, those known first first."""
    _, kind, sort, known = declaration
    return KINDS.index(kind), TIMES.index(known) if kind == "at" else 0, sort


def _declarations(props: Iterable[Term]) -> list[tuple[str, ...]]:
    """The declarations of the free symbols, in the order in which a reader meets them."""
    found: dict[tuple[str, ...], None] = {}
    for p in props:
        own = free(p)
        for t in subterms(p):
            words = {str(x) for x in t.args if isinstance(x, str)}
            found.update(dict.fromkeys(sorted(d for d in own if d[0] in words)))
    return list(found)


def _words(t: Term) -> Iterable[str]:
    return (x for x in t.args if isinstance(x, str))


def _abbreviations(props: Iterable[Term]) -> dict[str, Term]:
    """What is abbreviated and fixed at the start, each after those in its body."""
    found: dict[str, Term] = {}

    spelled: set[str] = set()

    def visit(t: Term, bound: frozenset[str]) -> None:
        own = bound | ({t[1][1]} if t.op == "forall" else {t[1]} if t.op in BINDERS else set())
        for x in t.args:
            if isinstance(x, Term):
                visit(x, own)
        if t.op == "named":
            found.setdefault(t[1], t[2])
            if free_names(t) & bound or step_of(t[2]) is not None:
                spelled.add(t[1])

    for p in props:
        visit(p, frozenset())
    return {name: body for name, body in found.items() if name not in spelled}


def _listed(head: str, binders: Sequence[tuple[str, str]]) -> list[str]:
    """(x y : R) (F : Objective V) ..., filled into lines."""
    rows, margin = [head], "    "
    for names, kind in binders:
        piece = f"({names} : {kind})"
        if len(rows[-1]) + 1 + len(piece) > WIDTH:
            rows.append(margin)
        rows[-1] += piece if rows[-1] in (head, margin) else f" {piece}"
    return rows


HEAD = """(** * The statements, as the Python library states them

    Generated by [shrinkproof derive] from the statements that are derived, tested and typeset.
    Correspondence.v closes each of them by the theorem of this development.

    Reading aid.  [always h, A]: A at every history h of positive probability, of any length
    [time h]; [always h xi, A] and [always h xi zeta, A]: also for the sample and the quantization
    noise of the next step; [after h xi zeta]: the history one step later.  A function of nat is
    fixed in advance, one of h is known from the past (predictable), one of h and xi with the
    sample, one of h, xi and zeta after the step.  [E_run K]: the mean over histories of length K;
    [E_past h]: the mean given the past h; [E_sample h xi]: given the past and the sample; M for
    vectors.  [sum K f]: f(0) + ... + f(K-1).  [a / 0] is 0, and [sqrt a] is 0 for a < 0. *)

From Coq Require Import Reals.
From Shrinkproof Require Import Sums Vectors Probability Process Smooth.
Open Scope R_scope.
"""


def statements(all_of_them: Iterable[Statement]) -> str:
    """The file Statements.v."""
    return "\n".join([HEAD, *map(definition, all_of_them)])
