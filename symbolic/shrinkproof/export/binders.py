"""Letters for bound variables: the kernel's names for them are not for readers."""

from __future__ import annotations

from shrinkproof.kernel.term import (
    INDEX,
    SCALAR,
    VECTOR,
    Term,
    bound,
    free_names,
    make,
    substitute,
    subterms,
)

LETTERS = {INDEX: "ijlmnpr", VECTOR: "xyzuv", SCALAR: "strab"}


def legible(term: Term) -> Term:
    """The term with a letter of its own for each bound variable that has none.

    The kernel calls some #1 and @0; and in a_k + sum_{k<K} b_k one letter has two meanings.
    """
    return _legible(term, free_names(term))


def _legible(t: Term, taken: frozenset[str]) -> Term:
    name = bound(t)
    if name is None:
        return make(t[0], *(_legible(x, taken) if isinstance(x, Term) else x for x in t.args))
    variable = t[1] if t.op == "forall" else make("ix", name, 0)
    body = t[-1]
    if not name[0].isalpha() or (name in taken and t.op != "forall"):
        inside = {str(a) for x in subterms(t) for a in x.args if isinstance(a, str)}
        letters = LETTERS[variable.sort]
        spare = (*letters, *(f"{letters[0]}{n}" for n in range(len(inside | taken))))
        name = next(x for x in spare if x not in inside | taken)
        fresh = make(variable.op, name, *variable[2:])
        body = substitute(body, {variable[1]: fresh})
        variable = fresh
    body = _legible(body, taken | {name})
    if t.op == "forall":
        return make("forall", variable, body)
    return make(t.op, name, t[2], body)
