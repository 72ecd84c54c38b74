"""What a reader expects a formula to look like after values were put in or a mean was taken.

x + (y - x) is y, 0 times anything goes, E[F(w_0)] is F(w_0), E[E[X | past_k]] is E[X], and a mean
is taken term by term, what it determines in front.  The laws are those of ``kernel.normal``, used
where they make a formula shorter; nothing here is trusted, and no proof rests on it.
"""

from __future__ import annotations

from shrinkproof.kernel import normal as nf
from shrinkproof.kernel.term import INDEX, STAGE, VECTOR, Term, lift, make

_SCALAR_ZERO, _ONE, _VECTOR_ZERO = lift(0), lift(1), make("zero")
_ZEROS = (_SCALAR_ZERO, _VECTOR_ZERO)


def tidy(term: Term) -> Term:
    """An equal term, tidied throughout; abbreviations stay as they are."""
    return _Tidying().term(term)


def pulled_out(term: Term, stage: Term) -> tuple[Term, ...]:
    """The random factors that tidying takes out of the term's expectations given that stage."""
    tidying = _Tidying(stage)
    tidying.term(term)
    return tuple(tidying.pulled)


class _Tidying:
    def __init__(self, stage: Term | None = None) -> None:
        self.stage = stage
        self.pulled: dict[Term, None] = {}

    def term(self, t: Term) -> Term:
        if t.op == "named" or t.sort in (INDEX, STAGE):
            return t
        if t.op == "num" and not t[1][1]:
            return lift(t[1][2])
        t = make(t[0], *(self.term(x) if isinstance(x, Term) else x for x in t.args))
        if t.op in ("add", "vadd"):
            return _added(t)
        if t.op in ("mul", "scale"):
            return _multiplied(t)
        if t.op == "inner" and _VECTOR_ZERO in t.args:
            return _SCALAR_ZERO
        if t.op in ("mean", "vmean"):
            return self._mean(t[1], t[2])
        return t

    def _mean(self, stage: Term, x: Term) -> Term:
        """E[x | stage] of a tidy x."""
        if nf.determined(x, stage):
            return x
        if x.op == "add":
            return _added(make("add", *(self._mean(stage, y) for y in x.args)))
        if x.op in ("mul", "scale"):
            known = [y for y in x.args if nf.determined(y, stage)]
            if known:
                self._note(known, stage)
                rest = [y for y in x.args if y not in known]
                inner = rest[0] if len(rest) == 1 else make("mul", *rest)
                return _multiplied(make(x.op, *known, self._mean(stage, inner)))
        if x.op in ("mean", "vmean") and nf.before(stage, x[1]):
            return self._mean(stage, x[2])
        if x.op == "inner":
            for u, v in ((x[1], x[2]), (x[2], x[1])):
                if nf.determined(u, stage):
                    self._note([u], stage)
                    return make("inner", u, self._mean(stage, v))
        return make("vmean" if x.sort == VECTOR else "mean", stage, x)

    def _note(self, terms: list[Term], stage: Term) -> None:
        if stage == self.stage:
            self.pulled |= {t: None for t in terms if not nf.determined(t, nf.START)}


def _added(t: Term) -> Term:
    """A sum without zeros and without terms that cancel."""
    addends: list[Term] = []
    for x in t.args:
        addends += x.args if x.op == t.op else (x,)
    kept: list[Term] = []
    for x in addends:
        opposite = nf.canonical(-x)
        match = next((y for y in kept if nf.canonical(y) == opposite), None)
        if match is not None:
            kept.remove(match)
        elif x not in _ZEROS:
            kept.append(x)
    if not kept:
        return _VECTOR_ZERO if t.op == "vadd" else _SCALAR_ZERO
    return kept[0] if len(kept) == 1 else make(t.op, *kept)


def _multiplied(t: Term) -> Term:
    """A product without ones, and 0 where a factor is."""
    if any(x in _ZEROS for x in t.args):
        return _VECTOR_ZERO if t.op == "scale" else _SCALAR_ZERO
    if t.op == "scale":
        return t[2] if t[1] == _ONE else t
    kept = [x for x in t.args if x != _ONE]
    return kept[0] if len(kept) == 1 else make("mul", *kept) if kept else _ONE
