"""Terms and propositions in Coq, over the definitions of proofs/coq (Process.v, Smooth.v, Sums.v).

``forall k`` over what is random at time k is ``always h``, w_{k+1} is then ``w (after h xi zeta)``,
and k is ``time h``.  An expectation binds what it averages over: E[. | past_k] is
``E_past h (fun xi zeta => .)``, and an E of what is known at step k is ``E_run k (fun h => .)``.

What does not fit is refused: terms of times that are more than one step apart, and random terms
outside every expectation at a time that no quantifier gives.
"""

from __future__ import annotations

from dataclasses import replace

from shrinkproof.export.coq.pretty import BREAK, Doc, flat, group
from shrinkproof.export.coq.scope import (
    DEPTHS,
    Moment,
    NotExpressible,
    Scope,
    averaged,
    called,
    shown,
    step_of,
    time_of,
)
from shrinkproof.kernel.normal import START
from shrinkproof.kernel.term import INDEX, SCALAR, VECTOR, Term, free_names, make

ONE = make("rat", 1, 1)
Rendered = tuple[Doc, int]  # what is written, and Coq's level of it

ATOM, APPLIED, POWER, SIGN, PRODUCT, SUM, RELATION, AND, BINDER = 0, 10, 30, 35, 40, 50, 70, 80, 200


def proposition(t: Term, scope: Scope) -> Doc:
    """A proposition, after all the variables that it is quantified over."""
    binders: list[tuple[str, str]] = []  # names and type; the type "" for a moment
    while t.op == "forall":
        variable, t = t.args
        scope, names, kind = _binder(variable, t, scope)
        if binders and kind and binders[-1][1] == kind:
            names = f"{binders.pop()[0]} {names}"
        binders.append((names, kind))
    sign = {"le": "<=", "lt": "<"}.get(t.op, "=")
    left, right = (argument(x, scope, RELATION - 1) for x in t.args)
    relation = group(left, BREAK, f"{sign} ", right)
    for names, kind in reversed(binders):
        head = f"forall {names} : {kind}," if kind else f"always {names},"
        relation = group(head, BREAK, relation, indent=2)
    return relation


def _binder(variable: Term, body: Term, scope: Scope) -> tuple[Scope, str, str]:
    """A quantifier: the scope inside, the names that it binds, and their type."""
    name = str(variable[1])
    if variable.sort != INDEX:
        if averaged(body, name):
            inside = replace(scope, variables=scope.variables | {name})
            return inside, called(name), scope.names.type(variable.sort, "never")
        return scope, called(name), scope.names.type(variable.sort, "")
    step = step_of(body, name)
    if step is None:
        return scope, called(name), "nat"
    if step[0][1] != 0:
        raise NotExpressible(f"all that is random at time {name} is of a later time")
    if scope.moments:
        raise NotExpressible("random terms of two times in one proposition")
    drawn = scope.drawn_at(variable, step[1])
    inside = replace(scope, numbers={**scope.numbers, name: f"time {drawn.history}"})
    names = " ".join(x for x in drawn.known() if x)
    return replace(inside.knowing(variable, drawn), moment=None), names, ""


def argument(t: Term, scope: Scope, level: int) -> Doc:
    """A term where reals are expected: a vector that is more than a name says its scope."""
    written, own = term(t, scope)
    if _needs_scope(t, own):
        return group(fenced((written, own), ATOM), "%V")
    return fenced((written, own), level)


def _needs_scope(t: Term, level: int) -> bool:
    return t.sort == VECTOR and (level > APPLIED or t.op == "zero")


def fenced(rendered: Rendered, level: int) -> Doc:
    written, own = rendered
    return written if own <= level else group("(", written, ")", indent=1)


def term(t: Term, scope: Scope) -> Rendered:
    """A scalar, or a vector for the scope of vectors."""
    return _Writing(scope).render(t)


class _Writing:
    """One method for each operator."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def render(self, t: Term) -> Rendered:
        if t.op in ("add", "vadd"):
            return self._added(t)
        if t.op in ("mul", "scale", "rat", "recip"):
            return self._signed(t)
        return getattr(self, f"_{t.op}")(t)  # type: ignore[no-any-return]

    def at(self, t: Term, level: int) -> Doc:
        return fenced(self.render(t), level)

    def _applied(self, head: str, *arguments: Term) -> Rendered:
        parts: list[Doc] = [head]
        for x in arguments:
            parts += [" ", self.at(x, APPLIED - 1)]
        return group(*parts), APPLIED

    def _called(self, name: str, arguments: tuple[str, ...]) -> Rendered:
        return (" ".join((called(name), *arguments)), APPLIED if arguments else ATOM)

    # sums and products

    def _added(self, t: Term) -> Rendered:
        parts: list[Doc] = []
        for i, x in enumerate(_addends(t)):
            negative, body = self._split_sign(x)
            if i == 0:
                first = self._signed(x) if negative else body
                parts.append(fenced(first, SUM))
            else:
                parts += [BREAK, "- " if negative else "+ ", fenced(body, SUM - 1)]
        if not parts:
            return "0", ATOM
        return (group(*parts), SUM) if len(parts) > 1 else (parts[0], SUM)

    def _split_sign(self, t: Term) -> tuple[bool, Rendered]:
        """Whether a product has a minus sign in front, and what stands after it."""
        first, *rest = list(_factors(t)) if t.op in ("mul", "scale") else [t]
        negative = first.op == "rat" and first[1] < 0
        factors = _divided([make("rat", -first[1], first[2]) if negative else first, *rest])
        kept = [x for x in factors if x != ONE]
        if not kept or (kept[0].op == "recip" and factors[0] == ONE):
            kept.insert(0, ONE)  # 1 / x
        return negative, self._product(kept)

    def _signed(self, t: Term) -> Rendered:
        negative, body = self._split_sign(t)
        if not negative:
            return body
        if t.sort == VECTOR:
            return group("-1 * ", fenced(body, PRODUCT - 1)), PRODUCT
        return group("- ", fenced(body, PRODUCT)), max(SIGN, min(body[1], PRODUCT))

    def _product(self, factors: list[Term]) -> Rendered:
        if len(factors) == 1:
            return self._factor(factors[0])
        if factors[0].sort == SCALAR and factors[-1].sort == VECTOR:
            divisors = [x[1] for x in factors[:-1] if x.op == "recip"]
            if len(divisors) == len(factors) - 1 == 1:
                over = self.at(divisors[0], PRODUCT - 1)
                return group(self.at(factors[-1], PRODUCT), " / ", over), PRODUCT
        parts: list[Doc] = [fenced(self._factor(factors[0]), PRODUCT)]
        for x in factors[1:]:
            divided = x.op == "recip"
            body = x[1] if divided else x
            short = divided and self.render(body)[1] == ATOM
            parts += [" " if short else BREAK, "/ " if divided else "* "]
            parts.append(fenced(self._factor(body), PRODUCT - 1))
        return group(*parts, indent=2), PRODUCT

    def _factor(self, t: Term) -> Rendered:
        if t.op == "rat":
            whole = str(t[1]) if t[1] >= 0 else f"({t[1]})"
            return (whole, ATOM) if t[2] == 1 else (f"{whole} / {t[2]}", PRODUCT)
        if t.op == "recip":
            return group("/ ", self.at(t[1], SIGN)), SIGN
        return self.render(t)

    def _pow(self, t: Term) -> Rendered:
        return group(self.at(t[1], POWER - 1), f" ^ {t[2]}"), POWER

    def _power(self, t: Term) -> Rendered:
        exponent = self.scope.number(t[2]).removesuffix("%nat")
        return group(self.at(t[1], POWER - 1), f" ^ {exponent}"), POWER

    def _max(self, t: Term) -> Rendered:
        left, right = (self.at(x, APPLIED - 1) for x in t.args)
        return group("Rmax ", left, BREAK, right, indent=5), APPLIED

    def _sqrt(self, t: Term) -> Rendered:
        return self._applied("sqrt", t[1])

    # names

    def _sym(self, t: Term) -> Rendered:
        if t[1] not in self.scope.variables:
            return called(t[1]), ATOM
        moment = self.scope.moment
        if moment is None or not moment.noise:
            raise NotExpressible(f"{t[1]!r} is random, and stands outside every expectation")
        return self._called(t[1], moment.known())

    def _named(self, t: Term) -> Rendered:
        return called(t[1]), ATOM

    def _at(self, t: Term) -> Rendered:
        if t[3] == "start":
            return self._called(t[1], (self.scope.number(t[4]),))
        return self._called(t[1], self.scope.at(t[4], DEPTHS[t[3]]))

    def _num(self, t: Term) -> Rendered:
        if not t[1][1]:
            return str(t[1][2]), ATOM
        return f"INR {self.scope.number(t[1])}", APPLIED

    def _zero(self, _: Term) -> Rendered:
        return "0", ATOM

    # functions

    def _value(self, t: Term) -> Rendered:
        in_scope = "%V" if _needs_scope(t[2], self.render(t[2])[1]) else ""
        return group(f"{called(t[1])} ", self.at(t[2], APPLIED - 1), in_scope), APPLIED

    def _grad(self, t: Term) -> Rendered:
        return self._applied(f"grad {called(t[1])}", t[2])

    def _inner(self, t: Term) -> Rendered:
        return self._applied("norm2", t[1]) if t[1] == t[2] else self._applied("inner", *t.args)

    def _oracle(self, t: Term) -> Rendered:
        head, _ = self._called(t[1], self.scope.at(t[2], 1))
        return self._applied(flat(head), t[3])

    # expectations, sums over steps

    def _mean(self, t: Term) -> Rendered:
        if t[1] == START:
            return self._over_the_run(t)
        (_, i, given), body = t[1], t[2]
        known = self.scope.at(i, given)
        draws = self.scope.drawn_at(i, 2).known()[given + 1 :]
        depth = 2 if free_names(body) & self.scope.variables else _depth(body, i)
        names = [x if n <= depth else "_" for n, x in enumerate(draws, given + 1)]
        head = f"{'M' if t.op == 'vmean' else 'E'}_{'sample' if given else 'past'}"
        scope = self.scope.knowing(i, Moment(*known, *draws))
        return self._bound(" ".join((head, *known)), " ".join(names), body, scope)

    _vmean = _mean

    def _over_the_run(self, t: Term) -> Rendered:
        if t.op == "vmean":
            raise NotExpressible("the mean of a vector over the whole run")
        step = step_of(t[2])
        if step is None:
            return self._bound("E_run 0", "_", t[2], self.scope)
        (variable, offset), depth = step
        i = make("ix", variable, offset)
        drawn = self.scope.drawn_at(i, 0)
        # What the step draws is averaged first.
        body = make("mean", make("stage", i, 0), t[2]) if depth else t[2]
        scope = self.scope.knowing(i, drawn)
        return self._bound(f"E_run {self.scope.number(i)}", drawn.history, body, scope)

    def _bound(self, head: str, names: str, body: Term, scope: Scope) -> Rendered:
        inside = argument(body, scope, BINDER) if body.sort == VECTOR else term(body, scope)[0]
        return group(f"{head} ", group(f"(fun {names} =>", BREAK, inside, ")", indent=2)), APPLIED

    def _prod(self, t: Term) -> Rendered:
        _, variable, length, body = t
        numbers = {**self.scope.numbers, variable: called(variable)}
        head = f"{t.op} {self.scope.number(length)}"
        return self._bound(head, called(variable), body, replace(self.scope, numbers=numbers))

    _sum = _prod


def _depth(body: Term, i: Term) -> int:
    """How much of the step from time i an average over its draws needs."""
    step = step_of(body)
    if step is None:
        return 0
    if step[0] == time_of(i):
        return step[1]
    if step == ((i[1], i[2] + 1), 0):
        return 2
    raise NotExpressible(f"an average over the step from time {shown(i)} of what another one draws")


def _addends(t: Term) -> list[Term]:
    if t.op not in ("add", "vadd"):
        return [t]
    return [y for x in t.args for y in _addends(x)]


def _factors(t: Term) -> list[Term]:
    """The factors of a product; a vector that is a multiple itself stays as it is."""
    if t.op == "mul":
        return [y for x in t.args for y in _factors(x)]
    return [*_factors(t[1]), t[2]] if t.op == "scale" else [t]


def _divided(factors: list[Term]) -> list[Term]:
    """a / b / c as a / (b c): divisors that follow each other are one product."""
    found: list[Term] = []
    for x in factors:
        if x.op == "recip" and found and found[-1].op == "recip":
            x = make("recip", make("mul", *_factors(found.pop()[1]), *_factors(x[1])))
        found.append(x)
    return found
